"""A card -> a draft: its title, link, date, tags and excerpt, found or selected."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from retrieval.article import Draft
from retrieval.identity import columns
from retrieval.sources.listings.anchors import HEADINGS, Anchors, is_read_more, main_link
from retrieval.sources.listings.card_lines import (
    ENDS,
    SHORTEST_LINE,
    Parts,
    draft_of,
    drop_authors,
    drop_boilerplate,
    is_card,
    lines_of,
    lone_are_excerpts,
    says_nothing,
)
from retrieval.sources.listings.card_tags import (
    LONGEST_TAG,
    TAG_PATH,
    TAG_WORDS,
    distinct,
    tag_texts,
)
from retrieval.sources.listings.cards import Card
from retrieval.sources.listings.datelines import best_date, is_only_date, tells_date, years_above
from retrieval.sources.listings.elements import Document, Element

Part = Literal["title", "link", "date", "tags", "excerpt"]

_EXCERPT_WORDS = frozenset(
    "abstract dek description excerpt intro lead preview snippet subtitle summary teaser".split()
)
_EXCERPT_CLASSES = frozenset(
    "entry-content post-content post-body article-content article-body e-content p-summary "
    "post-entry__content entry-body content".split()
)
_EXCERPT_ITEMPROPS = frozenset({"description", "articlebody", "text", "abstract"})
_AUTHOR_WORDS = frozenset("author byline avatar vcard username".split())
_UNREAD = frozenset(
    {"button", "form", "figcaption", "iframe", "noscript", "style", "nav", "select"}
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cards of a list are read: what is selected, and whether a lone line is an excerpt.

    `selected` holds, for each setting that has a selector, the elements it matches on the page.
    """

    selected: Mapping[Part, Sequence[Element]] = field(default_factory=dict)
    lone_excerpts: bool | None = None


def read_cards(
    document: Document, anchors: Anchors, cards: Sequence[Card], manner: Manner
) -> tuple[list[Draft], Manner]:
    """The drafts of a page's cards in their order, and the manner in which to read further pages.

    A draft's link is None where its card has none. Cards that say nothing at all are left out.
    """
    reading = _Reading(document, anchors, manner)
    found = [reading.parts(card) for card in cards]
    drop_boilerplate(found)
    drop_authors(found)
    lone = manner.lone_excerpts
    if lone is None:
        lone = lone_are_excerpts(found)
    drafts = [draft for parts in found if (draft := draft_of(parts, lone)) is not None]
    return drafts, Manner(lone_excerpts=lone)


class _Reading:
    """One page being read."""

    def __init__(self, document: Document, anchors: Anchors, manner: Manner) -> None:
        self._document = document
        self._anchors = anchors
        self._selected = manner.selected
        self._years = years_above(document)

    def parts(self, card: Card) -> Parts:
        parts = Parts(card)
        parts.without.update(e for e in self._within(card) if _unseen(e))
        self._find_title_and_link(parts)
        self._find_date(parts)
        self._find_tags(parts)
        self._find_excerpt(parts)
        return parts

    def _within(self, card: Card) -> list[Element]:
        return self._document.elements[card.start : card.end + 1]

    def _chosen(self, part: Part, card: Card) -> list[Element] | None:
        """The elements that the settings select in a card; None where they select nothing."""
        if part not in self._selected:
            return None
        return inside(self._selected[part], card)

    def _find_title_and_link(self, parts: Parts) -> None:
        card = parts.card
        anchors = self._anchors.of(card.parts)
        links = self._chosen("link", card)
        if links is not None:
            inner = [a for link in links for a in self._anchors.within(link.start, link.end)]
            around = [a for link in links for a in self._anchors.of((link,))]
            main = next((anchor for anchor in [*inner, *around]), None)
        else:
            found = main_link(anchors)
            main = found.anchor if found is not None else None
        parts.link = main.address if main is not None else None
        parts.without.update(a.element for a in anchors if is_read_more(a.text))
        titles = self._chosen("title", card)
        if titles is not None:
            parts.title = titles[0] if titles else None
        elif main is not None and main.heading is not None and _inside(main.heading, card):
            parts.title = main.heading
        else:
            parts.title = next((e for e in self._within(card) if e.tag in HEADINGS), None)
        if parts.title is not None:
            parts.title_text = parts.title.text(parts.without - {parts.title})
            if (
                main is not None
                and titles is None
                and parts.title.holds(main.element)
                and 2 * main.width >= columns(parts.title_text)
            ):  # beside the link, a heading may hold a badge such as `Pinned`
                parts.title_text = main.text
            parts.without.add(parts.title)
        elif (
            main is not None
            and titles is None
            and _inside(main.element, card)
            and not is_card(main.element, card)
            and main.element not in parts.without
        ):
            parts.anchor = main.element

    def _find_date(self, parts: Parts) -> None:
        chosen = self._chosen("date", parts.card)
        within = [e for e in self._within(parts.card) if e not in parts.without]
        above = bisect_left(self._years, (parts.card.start, 0))
        year = self._years[above - 1][1] if above else None
        telling = chosen
        if telling is None:
            telling = [e for e in within if tells_date(e, year is not None)]
        found = best_date(telling, year)
        if found is not None:
            parts.published = found[0]
        for element in telling:
            if len(element.text()) <= LONGEST_TAG * 2 and not is_card(element, parts.card):
                parts.without.add(element)

    def _find_tags(self, parts: Parts) -> None:
        card = parts.card
        chosen = self._chosen("tags", card)
        if chosen is not None:
            parts.tags = distinct([element.text().lstrip("#") for element in chosen])
            parts.without.update(chosen)
            return
        tags: list[str] = []
        for anchor in self._anchors.within(card.start, card.end):
            element = anchor.element
            relations = element.attributes.get("rel", "").lower().split()
            by_path = element is not parts.title and TAG_PATH.search(anchor.address) is not None
            if not by_path and "tag" not in relations:
                continue
            if anchor.address != parts.link and not is_card(element, card):
                tags.extend(tag_texts(element))
                parts.without.add(element)
        for element in self._within(card):
            named = not TAG_WORDS.isdisjoint(element.words) or element.attributes.get(
                "itemprop", ""
            ).lower() in ("keywords", "articlesection")
            if not named or is_card(element, card) or element.tag in HEADINGS:
                continue
            if any(outer in parts.without for outer in element.ancestors()):
                continue
            if any(e in parts.without for e in self._document.within(element)):
                parts.without.add(element)
                continue
            text = element.text(parts.without)
            if columns(text) <= 3 * LONGEST_TAG and not any(
                a.address == parts.link for a in self._anchors.within(element.start, element.end)
            ):
                inner = [e for e in element.elements if e.text(parts.without)]
                for item in inner if len(inner) > 1 else [element]:
                    tags.extend(tag_texts(item, parts.without))
                parts.without.add(element)
        parts.tags = distinct([tag for tag in tags if not says_nothing(tag)])

    def _find_excerpt(self, parts: Parts) -> None:
        chosen = self._chosen("excerpt", parts.card)
        if chosen is not None:
            parts.excerpt = chosen[0] if chosen else None
            parts.without.discard(parts.excerpt or parts.card.parts[0])
            parts.lines = [(parts.excerpt.text(), parts.excerpt)] if parts.excerpt else []
            return
        for element in self._within(parts.card):
            if is_card(element, parts.card) or element is parts.title:
                continue
            if _names_excerpt(element) and element.text(parts.without):
                if parts.title is not None and element.holds(parts.title):
                    continue
                parts.excerpt = element
                break
        lines = [line for part in parts.card.parts for line in lines_of(part, parts.without)]
        if parts.excerpt is None and not parts.tags:
            self._take_category(parts, lines)
        parts.lines = [
            (text, element)
            for text, element in lines
            if element not in parts.without and not says_nothing(text)
        ] or [line for line in lines if line[1] not in parts.without]
        if parts.anchor is not None and parts.title is None:
            self._part_with_link(parts, parts.anchor)

    def _part_with_link(self, parts: Parts, anchor: Element) -> None:
        """In a card without a heading its link is the title, where enough stands beside it."""
        if sum(anchor.holds(element) for _, element in parts.lines) > 1:
            return  # it is the card, in all but markup
        around = {*parts.without, anchor}
        beside = " ".join(part.text(around) for part in parts.card.parts)
        text = anchor.text(parts.without)
        if not text:
            return
        if parts.excerpt is not None or columns(beside) >= max(SHORTEST_LINE, columns(text)):
            parts.title = anchor
            parts.title_text = text
            parts.without.add(anchor)
            parts.lines = [line for line in parts.lines if line[1] is not anchor]
        elif columns(beside) < SHORTEST_LINE:
            parts.lines = [(text, anchor)]

    def _take_category(self, parts: Parts, lines: Sequence[tuple[str, Element]]) -> None:
        """A short line right before or after the date is the category, as long as others stay."""
        dates = [e for e in parts.without if tells_date(e) and _inside(e, parts.card)]
        others = [line for line in lines if line[1] is not parts.title]
        if not dates or (len(others) < 2 and parts.title is None):
            return
        date = min(dates, key=lambda element: element.start)
        before = [line for line in others if line[1].start < date.start]
        after = [line for line in others if line[1].start > date.end]
        for text, element in [*before[-1:], *after[:1]]:
            if (
                date.parent in (element, element.parent)
                and columns(text) <= LONGEST_TAG
                and not text.endswith(ENDS)
                and not says_nothing(text)
                and not is_only_date(text)
                and not _is_main_link(element, text, parts)
                and _AUTHOR_WORDS.isdisjoint(element.words)
                and not any(e.tag == "img" for e in self._document.within(date.parent or date))
            ):
                parts.tags = distinct(tag_texts(element, parts.without))
                parts.guessed = True
                parts.without.add(element)
                return


def _is_main_link(element: Element, text: str, parts: Parts) -> bool:
    """Whether a line is the card's main link and says nothing else: its title, no category."""
    anchor = parts.anchor
    if anchor is None or element is anchor:
        return anchor is not None
    return element.holds(anchor) and text == anchor.text(parts.without)


def inside(elements: Sequence[Element], card: Card) -> list[Element]:
    """Those of some elements, in the document's order, that stand in a card."""
    first = bisect_left(elements, card.start, key=lambda element: element.start)
    last = bisect_right(elements, card.end, key=lambda element: element.start)
    return list(elements[first:last])


def _unseen(element: Element) -> bool:
    return (
        element.tag in _UNREAD
        or element.attributes.get("hidden") is not None
        or "screen-reader-text" in element.classes
        or not {"sr-only", "visually-hidden"}.isdisjoint(element.classes)
        or not _AUTHOR_WORDS.isdisjoint(element.words)
        or element.attributes.get("rel") == "author"
    )


def _inside(element: Element, card: Card) -> bool:
    return card.start <= element.start <= card.end


def _names_excerpt(element: Element) -> bool:
    return (
        not _EXCERPT_WORDS.isdisjoint(element.words)
        or not _EXCERPT_CLASSES.isdisjoint(element.classes)
        or element.attributes.get("itemprop", "").lower() in _EXCERPT_ITEMPROPS
    )
