"""Addresses: which two are the same page's, and which lead to a passage of a page only."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from retrieval.identity import digest

#: What Chinese platforms add for tracking; courlan knows those of the rest of the world.
_TRACKERS = frozenset(
    "spm scm chksm scene sharer_shareid vd_source share_token isappinstalled".split()
)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_TEXT_FRAGMENT = "#:~:text="


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
    from courlan import normalize_url  # costs a tenth of a second to import

    try:
        parts = urlsplit(normalize_url(link.strip(), strict=False))
        host, port = parts.hostname, parts.port
    except (ValueError, TypeError):
        return None
    if parts.scheme not in ("http", "https") or not host or is_passage(link):
        return None
    path = _INDEX.sub("/", quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._")).rstrip("/")
    query = "&".join(
        part for part in parts.query.split("&") if part and part.split("=")[0] not in _TRACKERS
    )
    known = {"http": 80, "https": 443}
    where = host.removeprefix("www.") + (f":{port}" if port not in (None, *known.values()) else "")
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    if not (path or query or fragment):
        return None
    return f"{where}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def address_key(link: str) -> str | None:
    """32 hexadecimal digits that all addresses of one page share; None where there is no page."""
    same = canonical(link)
    return None if same is None else digest(same)
