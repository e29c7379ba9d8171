"""Feeds: RSS, Atom and JSON Feed, over as many of their pages as the owner allows.

address -> page -> text -> `xmlfeed` or `jsonfeed` -> drafts, newest first
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from retrieval.article import Draft
from retrieval.errors import SourceError
from retrieval.sources.feeds.entries import Feed, address, identity
from retrieval.sources.feeds.envelope import is_html
from retrieval.sources.feeds.jsonfeed import parse_json
from retrieval.sources.feeds.xmlfeed import parse_xml
from retrieval.sources.reading import Fetch, Page, Reading
from retrieval.web.decoding import decoded, without_controls

#: Media types under which feeds are announced in the head of a web page.
FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
)


@dataclass(frozen=True, slots=True)
class FeedReader:
    """Reads a feed and up to `pages` of its pages.

    `encoding` is for feeds that lie about theirs, and wins over whatever they say.
    """

    name: str
    url: str
    pages: int = 1
    encoding: str | None = None
    kind: str = "feed"

    def read(self, fetch: Fetch) -> Reading:
        """Fetch and parse, page after page, while pages bring what is new.

        robots.txt is not asked: it is for pages that are crawled, and feeds are made to be
        fetched. Raises `SourceError` when any page cannot be fetched or read.
        """
        drafts: dict[tuple[str | None, ...], Draft] = {}
        visited: set[str] = set()
        following: str | None = self.url
        for _ in range(max(self.pages, 1)):
            if following is None or following in visited:
                break
            page = fetch(following, crawled=False, older=bool(visited))
            visited |= {following, page.url}
            feed = parse_feed(page, self.encoding)
            known = len(drafts)
            for draft in feed.drafts:
                drafts.setdefault(identity(draft), draft)
            if len(drafts) == known:
                break
            following = feed.next_page
        return Reading(drafts=newest_first(tuple(drafts.values())))


def parse_feed(page: Page, encoding: str | None = None, now: datetime | None = None) -> Feed:
    """The feed on a page. `now` is what dates such as `3 天前` count from.

    Raises `SourceError`, which says what was found instead and what to do.
    """
    text = without_controls(_text(page, encoding)).strip()
    if not text:
        raise SourceError(f"{page.url} is empty; open it in a browser and check `url`")
    if text[0] in "{[":
        return parse_json(text, page.url, now)
    if is_html(text):
        raise SourceError(_instead_of_html(text, page.url))
    return parse_xml(text, page.url, now)


def newest_first(drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """The drafts in their order, turned round where their dates say that the oldest comes first."""
    moments = [draft.published for draft in drafts if draft.published is not None]
    if len(moments) < len(drafts) or len(set(moments)) < 2:
        return drafts
    return drafts[::-1] if moments == sorted(moments) else drafts


def _text(page: Page, encoding: str | None) -> str:
    if encoding is None:
        return decoded(page.body, page.charset, "xml")
    try:
        # Whoever writes GB 2312 means what Windows made of it.
        name = "gb18030" if encoding.lower() in ("gb2312", "gbk") else encoding
        return page.body.decode(name, "replace").removeprefix("\ufeff")
    except (LookupError, UnicodeError) as error:
        raise SourceError(
            f"`encoding` of this source is {encoding}, which is none; "
            "name one such as gbk, or leave it out"
        ) from error


def _instead_of_html(text: str, url: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    announced = (
        address(link.attributes.get("href"), url)
        for link in LexborHTMLParser(text).css("link[rel~=alternate][href]")
        if (link.attributes.get("type") or "").lower() in FEED_TYPES
    )
    feed = next(filter(None, announced), None)
    advice = f"it announces {feed}" if feed else "look for its feed"
    return f"{url} is a web page, not a feed; {advice}, and set `url` of this source to that"
