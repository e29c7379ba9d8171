"""Addresses: which two are the same page's, and which lead to a passage of a page only."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urldefrag, urlsplit

from retrieval.identity import digest

#: Parameters that tell who sent a reader and never what is read, by their whole names: lists of
#: patterns, as there are, take ordinary ones such as `cid` or `source` along.
_TRACKERS = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh mc_cid
    mc_eid mkt_tok _hsenc _hsmi hsctatracking vero_id oly_anon_id oly_enc_id _openstat wickedid
    srsltid spm scm chksm vd_source sharer_shareid share_token isappinstalled
    """.split()
)
_TRACKER_PREFIXES = ("utm_", "pk_campaign", "pk_kwd", "mtm_", "at_campaign")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_TEXT_FRAGMENT = "#:~:text="
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def is_passage(link: str) -> bool:
    """Whether a link leads to a passage of a page that holds others too."""
    return _TEXT_FRAGMENT in link


@lru_cache(maxsize=16_384)
def canonical(link: str) -> str | None:
    """What all addresses of one page have in common, or None for what is no article's address.

    Scheme, `www.`, port, case of the host, trailing slash, `index.html`, tracking parameters, the
    order of parameters, percent-encoding and fragment do not matter; a fragment that routes inside
    a page's script (`#/`, `#!`) does. A site's front page is no article's.
    """
    parts = _split(link)
    if parts is None or is_passage(link):
        return None
    path = _INDEX.sub("/", _escaped(parts.path)).rstrip("/")
    query = "&".join(sorted(part for part in _escaped(parts.query).split("&") if _tells(part)))
    known = {"http": 80, "https": 443}
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    where = host + (f":{parts.port}" if parts.port not in (None, *known.values()) else "")
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    if not (path or query or fragment):
        return None
    return f"{where}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def address_key(link: str) -> str | None:
    """32 hexadecimal digits that all addresses of one page share; None where there is no page."""
    same = canonical(link)
    return None if same is None else digest(same)


def page_key(link: str) -> str | None:
    """32 hexadecimal digits of just this address without its fragment; None for no article's.

    Far stricter than `address_key`: what is read at one address must not end up at another.
    """
    return None if canonical(link) is None else digest(urldefrag(link.strip()).url)


def _split(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link.strip())
        port = parts.port
    except ValueError:
        return None
    web = parts.scheme in ("http", "https") and parts.hostname and port != 0
    return parts if web else None


def _escaped(text: str) -> str:
    """Percent-encoded in one way: only what must be, digits in capitals; `%2F` is no slash."""

    def one(found: re.Match[str]) -> str:
        char = chr(int(found[0][1:], 16))
        return char if _UNRESERVED.match(char) else found[0].upper()

    quoted = quote(text, safe="/%:@!$&'()*+,;=?~-._[]|", errors="replace")
    return _ESCAPE.sub(one, quoted)


def _tells(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return bool(parameter) and name not in _TRACKERS and not name.startswith(_TRACKER_PREFIXES)
