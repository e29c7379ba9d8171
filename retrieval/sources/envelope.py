"""The envelope of an XML feed: what stands before its root, and whether the root is closed.

text -> the root element alone, whole and bounded, without declaration, DOCTYPE and what servers
put before or behind it. What feedparser is given begins with the root, so no document type can
reach it, whatever a parser makes of the prolog.
"""

from __future__ import annotations

import re

from retrieval.errors import SourceError

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
_HTML = re.compile(r"<!DOCTYPE\s+html\b|<(?:html|head|body)[\s>]", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
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
    return _without_forbidden_references(_closed(text, start, name, url))


def is_html(text: str) -> bool:
    """Whether a body looks like a web page."""
    return _HTML.search(text[:LONGEST_CHATTER]) is not None and not _FEED_ROOT.search(
        text[:LONGEST_CHATTER]
    )


def _root(text: str, url: str) -> tuple[int, str]:
    """Where the root element begins, and its name as written."""
    position = 0
    while piece := _PROLOG.match(text, position):
        position = piece.end()
    found = _ELEMENT.match(text, position)
    if found and _FEED_ROOT.match(text, position):
        return position, found[1]
    # PHP warnings, a stray byte or a blank line of a template before the document.
    behind_chatter = _FEED_ROOT.search(text, position, position + LONGEST_CHATTER)
    if behind_chatter and not _HTML.search(text, 0, behind_chatter.start()):
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
        r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
        rf"|(?P<end></{re.escape(name)}\s*>)"
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


def _without_forbidden_references(text: str) -> str:
    """Without `&#0;` and its like, which name no character and end every XML parser."""

    def kept(reference: re.Match[str]) -> str:
        digits = (reference[1] or reference[2]).lstrip("0")
        if len(digits) > 7:
            return ""
        code = int(digits or "0", 16 if reference[1] else 10)
        allowed = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0x10FFFF
        return reference[0] if allowed and code not in (0xFFFE, 0xFFFF) else ""

    return _REFERENCE.sub(kept, text)
