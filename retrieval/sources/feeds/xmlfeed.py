"""RSS 0.9x, 1.0 and 2.0 and Atom 0.3 and 1.0, through feedparser -> drafts.

feedparser neither sanitises nor resolves here: its sanitiser drops formulas, and what reaches a
chat is plain text anyhow. It is told no address either, so that a GUID stays what the feed says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from retrieval.article import Draft
from retrieval.dates import parse_moment
from retrieval.errors import SourceError
from retrieval.sources.feeds.entries import (
    Feed,
    Markup,
    address,
    distinct,
    draft_from,
    one_line,
    tags_from,
    text_from,
)
from retrieval.sources.feeds.envelope import MOST_ENTRIES, root_of

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_TAG = re.compile(r"<[^<>]*>")
#: feedparser writes an XHTML `<br/>` as `<br></br>`, which browsers read as two.
_ENDS_OF_VOID = re.compile(r"</(?:area|br|col|embed|hr|img|input|source|track|wbr)>")


def parse_xml(text: str, url: str, now: datetime | None = None) -> Feed:
    """The feed that an XML text holds; relative links start at `url`, which errors name.

    Raises `SourceError` when it is no feed, is cut off, or declares entities.
    """
    parsed = _parsed(_DECLARATION + root_of(text, url), url)
    feed = parsed["feed"]
    links = _links(feed)
    return Feed(
        title=_title(feed, str(parsed["version"])),
        home=_first(links, ("alternate",), url),
        next_page=_first(links, ("next", "prev-archive"), url),
        drafts=distinct(
            _draft(entry, str(parsed["version"]), url, now)
            for entry in parsed["entries"][:MOST_ENTRIES]
        ),
    )


def _parsed(document: str, url: str) -> Mapping[str, Any]:
    import feedparser

    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            BytesIO(document.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:
        # It is made for broken feeds, and still some break it, each with an error of its own.
        raise SourceError(
            f"{url} is so malformed that it cannot be read ({type(error).__name__}); "
            "its publisher must mend it"
        ) from error
    if not parsed["version"] and not parsed["entries"]:
        raise SourceError(f"{url} is XML of another kind; set `url` of this source to its feed")
    return parsed


def _value(item: Mapping[str, Any], key: str) -> Any:
    """What is stored under just this name: feedparser's own `get` answers with another's."""
    return dict.get(item, key) if isinstance(item, dict) else None


def _string(item: Mapping[str, Any], key: str) -> str:
    value = _value(item, key)
    return value if isinstance(value, str) else ""


def _markup(detail: Mapping[str, Any], version: str) -> Markup:
    """Atom says what a text is; what RSS says means little."""
    kind = _string(detail, "type").lower()
    if version.startswith("atom"):
        return "html" if kind in ("text/html", "application/xhtml+xml") else "text"
    return "html" if kind == "application/xhtml+xml" else "either"


def _title(item: Mapping[str, Any], version: str) -> str | None:
    detail = _value(item, "title_detail") or {}
    return one_line(_string(item, "title"), _markup(detail, version))


def _draft(entry: Mapping[str, Any], version: str, url: str, now: datetime | None) -> Draft | None:
    updated = _moment(entry, "updated", now)
    published = _moment(entry, "published", now)
    return draft_from(
        text=_text(entry, version),
        title=_title(entry, version),
        link=_link(entry, url),
        guid=_string(entry, "id"),
        published=published or _moment(entry, "created", now) or updated,
        updated=updated,
        tags=tags_from(
            _string(tag, "label") or _string(tag, "term") for tag in _value(entry, "tags") or ()
        ),
    )


def _text(entry: Mapping[str, Any], version: str) -> str:
    """The fullest of content and summary.

    The longest, not the first: feedparser takes a second description, such as that of a picture,
    for the content.
    """
    details = [*(_value(entry, "content") or ()), _value(entry, "summary_detail")]
    candidates = [
        (_string(detail, "value"), _markup(detail, version))
        for detail in details
        if detail and _is_text(_string(detail, "type"))
    ]
    if not candidates:
        candidates = [(_string(entry, "summary"), "either")]
    value, markup = max(candidates, key=lambda candidate: len(_TAG.sub("", candidate[0]).strip()))
    return text_from(_ENDS_OF_VOID.sub("", value) if markup == "html" else value, markup)


def _is_text(kind: str) -> bool:
    return not kind or kind.startswith("text/") or kind.endswith(("+xml", "/xml"))


def _links(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    links = _value(item, "links")
    return [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []


def _first(links: list[Mapping[str, Any]], relations: tuple[str, ...], url: str) -> str | None:
    found = (address(_value(link, "href"), url) for link in links if link.get("rel") in relations)
    return next(filter(None, found), None)


def _link(entry: Mapping[str, Any], url: str) -> str | None:
    """Where the article is: what the feed links to, else its permanent id, else its enclosure."""
    return next(filter(None, _possible_links(entry, url)), None)


def _possible_links(entry: Mapping[str, Any], url: str) -> Iterator[str | None]:
    yield address(_value(entry, "feedburner_origlink"), url)
    links = _links(entry)
    pages = [link for link in links if _string(link, "type") in ("", "text/html")]
    yield _first(pages, ("alternate",), url)
    yield _first(links, ("alternate",), url)
    # feedparser takes any GUID not said to be none for a link; a bare number is no address.
    if _value(entry, "link") == _value(entry, "id"):
        guid = _string(entry, "id")
        yield address(guid, url) if guid.startswith(("http://", "https://", "/", "?")) else None
    else:
        yield address(_value(entry, "link"), url)
    yield _first(links, ("enclosure",), url)


def _moment(entry: Mapping[str, Any], name: str, now: datetime | None) -> datetime | None:
    """A date of an entry in UTC, from what was written.

    feedparser's own reading makes a day of this month of 2026年3月5日, and UTC of the zone HKT.
    """
    written = _string(entry, name)
    return parse_moment(written, now) if written else None
