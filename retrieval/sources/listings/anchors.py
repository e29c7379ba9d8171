"""What a page links to, and which of a card's links is the one to its article."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag

from retrieval.identity import columns
from retrieval.sources.links import absolute, may_be_article, related_hosts
from retrieval.sources.listings.elements import Document, Element

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Anchors of one card that are looked at. A card that shows a whole article may hold hundreds.
MOST_IN_CARD = 300

_TITLE_WORDS = frozenset({"title", "headline", "heading"})
_READ_MORE = re.compile(
    r"[\s\[(（【«<…._-]*(?:read|read (?:more|on|full|post|article|the .{1,20})|more"
    r"|full (?:text|post)|view(?: post| article| more)?|learn more|see more"
    r"|continue(?: reading\b.*)?"
    r"|阅读(?:全文|更多|原文|文章|正文)?|继续阅读.*|查看(?:全文|更多|详情)|全文|更多|详情|展开"
    r"|閱讀(?:全文|更多)?|繼續閱讀.*|続きを読む)?[\s\])）】»>›→…._⟶➔-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link of a page; `address` is absolute, `article` whether an article can stand there.

    `heading` is the heading it stands in or around, if any; `width` that of its text in columns.
    """

    element: Element
    address: str
    article: bool
    same_site: bool
    heading: Element | None
    text: str
    width: int


@dataclass(frozen=True, slots=True)
class MainLink:
    """A card's link; `rivals` counts the other links that could as well be it."""

    anchor: Anchor
    rivals: int


class Anchors:
    """All links of a document in its order."""

    def __init__(self, document: Document, url: str) -> None:
        self.base = _base(document, url)
        self.page = urldefrag(url).url
        self._all = [
            anchor
            for element in document.elements
            if element.tag == "a" and (anchor := self._anchor(document, element)) is not None
        ]
        self._starts = [anchor.element.start for anchor in self._all]

    def within(self, start: int, end: int) -> Sequence[Anchor]:
        """The links whose elements begin in a part of the document, the first of them."""
        first = bisect_left(self._starts, start)
        last = bisect_right(self._starts, end)
        return self._all[first : min(last, first + MOST_IN_CARD)]

    def of(self, parts: Sequence[Element]) -> list[Anchor]:
        """The links of a card, with the one that the whole card stands in."""
        around = [element for element in parts[0].ancestors() if element.tag == "a"]
        outer = [a for element in around[:1] for a in self.within(element.start, element.start)]
        inner = [a for a in self.within(parts[0].start, parts[-1].end) if a not in outer]
        return [*outer, *inner]

    def _anchor(self, document: Document, element: Element) -> Anchor | None:
        href = element.attributes.get("href", "").strip()
        address = absolute(href, self.base) if href and href != "#" else None
        if address is None:
            return None
        same_page = urldefrag(address).url == self.page
        if not same_page:
            address = urldefrag(address).url
        # `#/post/1`: sites that are one page for browsers route by what follows the sign.
        routed = urldefrag(address).fragment.startswith(("/", "!/"))
        text = element.text()
        relations = element.attributes.get("rel", "").lower().split()
        return Anchor(
            element=element,
            address=address,
            article=(routed or (may_be_article(address) and not same_page))
            and not {"tag", "author", "category", "nofollow", "me"} & set(relations),
            same_site=related_hosts(address, self.page),
            heading=_heading(document, element),
            text=text,
            width=columns(text),
        )


def _base(document: Document, url: str) -> str:
    for element in document.elements:
        if element.tag == "base" and element.attributes.get("href"):
            return absolute(element.attributes["href"], url) or url
        if element.tag == "body":
            break
    return url


def _heading(document: Document, element: Element) -> Element | None:
    for depth, outer in enumerate(element.ancestors()):
        if outer.tag in HEADINGS or not _TITLE_WORDS.isdisjoint(outer.words):
            return outer
        if depth == 3:
            break
    inside = document.within(element)[1:50]
    return next((inner for inner in inside if inner.tag in HEADINGS), None)


def is_read_more(text: str) -> bool:
    """Whether a link's text only says that there is more to read; an empty one does not."""
    return bool(text.strip()) and len(text) < 200 and _READ_MORE.fullmatch(text) is not None


def main_link(anchors: Sequence[Anchor]) -> MainLink | None:
    """The link of a card to its article: that of its heading, else the only or the widest one."""
    usable = [anchor for anchor in anchors if anchor.article]
    headed = [anchor for anchor in usable if anchor.heading is not None]
    if headed:
        look = _look(headed[0])
        alike = {anchor.address for anchor in headed if _look(anchor) == look}
        return MainLink(headed[0], len(alike) - 1)
    more = [anchor for anchor in usable if is_read_more(anchor.text)]
    if len({anchor.address for anchor in more}) == 1:
        return MainLink(more[0], 0)
    near = [anchor for anchor in usable if anchor.same_site] or usable
    width_of: dict[str, int] = {}
    for anchor in near:
        width_of[anchor.address] = width_of.get(anchor.address, 0) + anchor.width
    if not width_of:
        return None
    widest, *others = sorted(width_of, key=lambda address: -width_of[address])
    rivals = [address for address in others if 2 * width_of[address] >= width_of[widest]]
    same = [anchor for anchor in near if anchor.address == widest]
    worded = [anchor for anchor in same if anchor.width and not is_read_more(anchor.text)]
    return MainLink((worded or same)[0], len(rivals))


def _look(anchor: Anchor) -> tuple[str, tuple[str, ...]]:
    heading = anchor.heading or anchor.element
    return heading.tag, heading.classes
