"""The envelope of an XML feed: what stands before its root, and whether the root is closed.

text -> the root element alone, whole and bounded, its references mended, without declaration,
DOCTYPE and what servers put before or behind it. What feedparser is given begins with the root, so
no document type can reach it, whatever a parser makes of the prolog.
"""

from __future__ import annotations

import logging
import re
from html import entities
from xml.sax.saxutils import escape

from retrieval.errors import SourceError

logger = logging.getLogger(__name__)

#: A blog's feed lists tens of entries, a whole archive in one feed some thousands. What is listed
#: beyond that is left out: every entry is parsed, compared and kept at each gather.
MOST_ENTRIES = 5_000
#: feedparser compares each category of an entry with all before it; people give a dozen.
MOST_CATEGORIES = 1_000
#: Characters between the start of a body and the root that may be a server's chatter.
LONGEST_CHATTER = 8_192

_PROLOG = re.compile(
    r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\b[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE
)
_ELEMENT = re.compile(r"<([A-Za-z_][\w.-]*(?::[\w.-]+)?)(?=[\s/>])")
_FEED_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF))(?=[\s/>])", re.IGNORECASE)
_HTML_TYPE = re.compile(r"<!DOCTYPE\s+html\b", re.IGNORECASE)
_HTML_ROOTS = frozenset(
    "html head body title meta link script style div p br b center h1 h2 main table".split()
)
_OPAQUE = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_REFERENCE = re.compile(
    _OPAQUE
    + r"|&(?:#(?P<hex>[xX][0-9a-fA-F]+)|#(?P<decimal>[0-9]+)|(?P<name>[A-Za-z][A-Za-z0-9]*))?"
    + r"(?P<end>;?)",
    re.DOTALL,
)
#: A heading of unescaped HTML; its length is bounded so that the search stays linear.
_DETAILS = re.compile(
    r"(<(?:[\w.-]+:)?details\b[^<>]*>\s*)<((?:[\w.-]+:)?)summary\b([^<>]*)>"
    r"(.{0,300}?)</(?:[\w.-]+:)?summary\s*>",
    re.DOTALL,
)
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
#: Elements other than feeds, by local name in lower case, and what to do about them.
_NO_FEEDS = {
    "urlset": "a sitemap; set `kind` of this source to sitemap",
    "sitemapindex": "an index of sitemaps; set `kind` of this source to sitemap",
    "opml": "a list of feeds (OPML); import it, or set `url` to one of the feeds it lists",
}


def root_of(text: str, url: str) -> str:
    """The feed's root element with at most `MOST_ENTRIES` entries; `url` is named in errors.

    Raises `SourceError` when the document declares entities, when its root is no feed's or is
    never closed, or when one entry has more than `MOST_CATEGORIES` categories.
    """
    start, name = _root(text, url)
    if "<!entity" in text[:start].lower():
        raise SourceError(
            f"{url} declares XML entities of its own, which can blow a feed up without end and "
            "no feed needs; ask its publisher to leave `<!ENTITY` out"
        )
    return _mended(_closed(text, start, name, url))


def is_html(text: str) -> bool:
    """Whether a body is a web page, and no feed with a web server's warnings before it."""
    position = _after_prolog(text)
    found = _ELEMENT.match(text, position)
    return (
        _HTML_TYPE.search(text, 0, position) is not None
        or (found is not None and found[1].lower() in _HTML_ROOTS)
    ) and not _FEED_ROOT.search(text, position, position + LONGEST_CHATTER)


def _after_prolog(text: str) -> int:
    position = 0
    while piece := _PROLOG.match(text, position):
        position = piece.end()
    return position


def _root(text: str, url: str) -> tuple[int, str]:
    """Where the root element begins, and its name as written."""
    position = _after_prolog(text)
    found = _ELEMENT.match(text, position)
    if found and _FEED_ROOT.match(text, position):
        return position, found[1]
    # PHP warnings, a stray byte or a blank line of a template before the document.
    behind_chatter = _FEED_ROOT.search(text, position, position + LONGEST_CHATTER)
    if behind_chatter:
        return behind_chatter.start(), behind_chatter[1]
    if text.startswith(("<?", "<!"), position):
        raise _cut(url)
    if found:
        local = found[1].rpartition(":")[2]
        what = _NO_FEEDS.get(local.lower(), f"XML with the root <{local[:40]}>, which is no feed's")
        raise SourceError(f"{url} is {what}")
    opening = " ".join(text[position : position + 200].split())[:40]
    raise SourceError(
        f"{url} is no feed: it begins with “{opening}”; set `url` of this source to its feed"
    )


def _closed(text: str, start: int, name: str, url: str) -> str:
    """The root element to its end tag, cut to the bound. An end tag within CDATA is none."""
    local = name.rpartition(":")[2].lower()
    head = text.find(">", start)
    if head > start and text[head - 1] == "/":
        return text[start : head + 1]
    pieces = re.compile(
        rf"{_OPAQUE}|(?P<end></{re.escape(name)}\s*>)"
        r"|<(?:[\w.-]+:)?(?:(?P<entry>item|entry)|(?P<category>category|subject|keywords))(?=[\s/>])",
        re.DOTALL | re.IGNORECASE,
    )
    end = beyond = None
    entries = categories = 0
    for piece in pieces.finditer(text, start):
        if piece["end"]:
            end = piece.end()
        elif piece["entry"]:
            entries += 1
            categories = 0
            if entries == MOST_ENTRIES + 1:
                beyond = piece.start()
                logger.warning("%s lists more than %d entries; the rest is left", url, MOST_ENTRIES)
        elif piece["category"]:
            categories += 1
            if categories > MOST_CATEGORIES:
                raise SourceError(
                    f"an entry of {url} has more than {MOST_CATEGORIES} categories, so it is no "
                    "feed for people; set `url` of this source to another"
                )
    if end is None:
        raise _cut(url)
    if beyond is None:
        return text[start:end]
    channel = "</channel>" if local == "rss" else ""
    return f"{text[start:beyond]}{channel}</{name}>"


def _cut(url: str) -> SourceError:
    return SourceError(
        f"{url} ends in the middle, so nothing of it was taken; it is fetched again next time"
    )


def _mended(text: str) -> str:
    """With references that XML knows: everyday feeds have `AT&T`, `&nbsp;` and `&#0;`.

    feedparser reads such feeds too, but makes `AT&T;` of the first. CDATA is left as it is. The
    `<summary>` of HTML's `<details>` becomes a paragraph: feedparser takes its end for the end of
    the entry's own summary and drops the text behind it.
    """
    return _DETAILS.sub(r"\1<\2p\3>\4</\2p>", _REFERENCE.sub(_mended_reference, text))


def _mended_reference(found: re.Match[str]) -> str:
    if found["hex"] or found["decimal"]:
        code = _code(found["hex"][1:], 16) if found["hex"] else _code(found["decimal"], 10)
        return f"&#{code};" if _is_character(code) else ""
    name = found["name"]
    if name is None:
        return f"&amp;{found['end']}" if found[0].startswith("&") else found[0]
    if not found["end"]:
        return f"&amp;{name}"
    if name in _XML_NAMES:
        return found[0]
    known = entities.html5.get(f"{name};")
    return escape(known) if known else f"&amp;{name};"


def _code(digits: str, base: int) -> int:
    digits = digits.lstrip("0")
    return int(digits or "0", base) if len(digits) <= 7 else -1


def _is_character(code: int) -> bool:
    """Whether XML 1.0 has a character of this number (https://www.w3.org/TR/xml/#charsets)."""
    return (
        code in (9, 10, 13)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )
