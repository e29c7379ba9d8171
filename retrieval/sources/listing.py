"""A listing page, such as a blog's home or archive page, with the pages that follow it.

address -> page -> cards -> drafts -> next page ... -> the articles of all pages, each once
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import cast, get_args
from urllib.parse import parse_qsl, urldefrag

from retrieval.article import Draft
from retrieval.errors import FetchError, SourceError
from retrieval.sources.fragment import link_to_passage
from retrieval.sources.links import related_hosts
from retrieval.sources.listings.anchors import Anchors
from retrieval.sources.listings.card_reading import Manner, Part, inside, read_cards
from retrieval.sources.listings.cards import MOST_CARDS, Card, Shape, find_cards
from retrieval.sources.listings.elements import Document, Element
from retrieval.sources.listings.paging import next_address, numbered_address, with_query
from retrieval.sources.merging import merge_pages
from retrieval.sources.reading import Fetch, Page, Reading
from retrieval.web.decoding import decoded

#: Names of query filters whose value is a tag of the articles that they leave.
_TAG_FILTERS = frozenset({"tag", "tags", "category", "label", "topic", "cat"})


@dataclass(frozen=True, slots=True)
class ListingReader:
    """Reads pages of cards. One page that cannot be read fails the reading.

    `pages` is how many are read at most for each of `filters`, which are queries such as
    `tag=LLM`. They follow by their next links, or by `page_pattern`, an address or a query with
    `{page}`, whose second page has the number `first_page`. `card` is the CSS selector of a card;
    `title`, `link`, `date`, `tags` and `excerpt` those of its parts. What is not selected is found.
    """

    name: str
    url: str
    pages: int = 10
    page_pattern: str | None = None
    first_page: int = 2
    next_selector: str | None = None
    filters: tuple[str, ...] = ()
    card: str | None = None
    title: str | None = None
    link: str | None = None
    date: str | None = None
    tags: str | None = None
    excerpt: str | None = None
    encoding: str | None = None
    kind: str = "listing"

    def read(self, fetch: Fetch) -> Reading:
        """Read all pages and merge them.

        Raises `SourceError` naming the address that cannot be read, and the setting where one
        is at fault.
        """
        self._check()
        pages: list[list[Draft]] = []
        tags_of: dict[str, list[str]] = {}
        listing = _Listing(self)
        waiting = list(self.filters or ("",))
        put_off: set[str] = set()
        while waiting:
            query = waiting.pop(0)
            try:
                read = list(self._pages(fetch, listing, query))
            except _NoList as error:
                if query in put_off or not waiting:
                    if not pages:
                        raise
                    raise SourceError(
                        f"{error.reason}, or take its filter {query!r} out if it is misspelt or "
                        "empty: the others have articles"
                    ) from error
                put_off.add(query)  # a lone card is known by the shape that the others have
                waiting.append(query)
                continue
            pages.extend(read)
            tags = [v for n, v in parse_qsl(query.lstrip("?&")) if n.lower() in _TAG_FILTERS]
            for draft in chain.from_iterable(read):
                known = tags_of.setdefault(_key(draft), [])
                known.extend(tag for tag in tags if tag not in known)
        listing.require_matches()
        merged = merge_pages(pages, lambda draft: draft.link)
        return Reading(drafts=tuple(self._finished(draft, tags_of) for draft in merged))

    def _finished(self, draft: Draft, tags_of: dict[str, list[str]]) -> Draft:
        tags = draft.tags or tuple(tags_of.get(_key(draft), ()))
        link = draft.link or link_to_passage(self.url, draft.text)
        return replace(draft, tags=tags, link=link)

    def selectors(self) -> Iterator[tuple[str, str]]:
        """The settings that are CSS selectors of parts of a card, by name."""
        for part in get_args(Part):
            if getattr(self, part) is not None:
                yield part, getattr(self, part)

    def _check(self) -> None:
        part = next((name for name, _ in self.selectors()), None)
        if part is not None and self.card is None:
            raise SourceError(
                f"`{part}` of source {self.name!r} selects within cards, but `card` is not set; "
                "set `card` to the CSS selector of one card, or take the other out"
            )
        if self.page_pattern is not None and "{page}" not in self.page_pattern:
            raise SourceError(
                f"`page_pattern` {self.page_pattern} of source {self.name!r} lacks {{page}}, "
                "which stands for the number; write it like /page/{page}/ or ?page={page}"
            )

    def _pages(self, fetch: Fetch, listing: _Listing, query: str) -> Iterator[list[Draft]]:
        """The drafts of each page with one filter, until nothing new comes."""
        address: str | None = with_query(self.url, query) if query else self.url
        seen: set[str] = set()
        known: set[str] = set()
        for number in range(1, self.pages + 1):
            if address is None or urldefrag(address).url in seen:
                return
            seen.add(urldefrag(address).url)
            try:
                page = fetch(address, older=number > 1)
            except FetchError as error:
                if number > 1 and error.gone:
                    return
                raise
            drafts, following = listing.parse(page, address, number)
            keys = {_key(draft) for draft in drafts}
            if number > 1 and keys <= known:
                return
            known |= keys
            yield drafts
            address = self._following(following, number, query)

    def _following(self, following: str | None, number: int, query: str) -> str | None:
        if self.page_pattern is not None:
            base = with_query(self.url, query) if query else self.url
            following = numbered_address(self.page_pattern, base, self.first_page + number - 1)
            if following is not None and not related_hosts(following, self.url):
                return None
        return with_query(following, query) if following and query else following


#: What begins as XML of these kinds is read by others.
_NO_LISTING = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


class _NoList(SourceError):
    """A first page holds no list that can be found."""


@dataclass(slots=True)
class _Listing:
    """What one reading learns of its listing on the way."""

    reader: ListingReader
    shape: Shape | None = None
    lone_excerpts: bool | None = None
    first: str = ""
    unmatched: dict[str, str] = field(default_factory=dict)

    def parse(self, page: Page, address: str, number: int) -> tuple[list[Draft], str | None]:
        """The drafts of a page and the address of the next."""
        charset = self.reader.encoding or page.charset
        text = decoded(page.body, charset, "html")
        if found := _NO_LISTING.match(text):
            kind = "sitemap" if found[1].lower() in ("urlset", "sitemapindex") else "feed"
            raise SourceError(f"{address} is a {kind}; set `kind` of this source to {kind}")
        try:
            document = Document(text)
        except SourceError as error:
            raise SourceError(f"{address} {error.reason}") from error
        anchors = Anchors(document, page.url)
        cards = self._cards(document, anchors, address, number)
        selected: dict[Part, Sequence[Element]] = {}
        for part, selector in self.reader.selectors():
            selected[cast(Part, part)] = self._select(document, part, selector, address)
        if number == 1:
            self._note_matches(cards, selected, address)
        drafts, manner = read_cards(document, anchors, cards, Manner(selected, self.lone_excerpts))
        self.lone_excerpts = manner.lone_excerpts
        if number == 1 and not drafts:
            raise self._no_card(address)
        chosen = None
        if self.reader.next_selector is not None:
            chosen = self._select(document, "next_selector", self.reader.next_selector, address)
        return drafts, next_address(document, page.url, number, cards, chosen, anchors.base)

    def _cards(
        self, document: Document, anchors: Anchors, address: str, number: int
    ) -> Sequence[Card]:
        if self.reader.card is not None:
            elements = self._select(document, "card", self.reader.card, address)
            if not elements and number == 1:
                raise self._unmatched("card", self.reader.card, address)
            return [Card((element,)) for element in elements[:MOST_CARDS]]
        found = find_cards(document, anchors, self.shape)
        if found is None and number == 1:
            raise self._no_card(address)
        if found is None:
            return []
        self.shape = found.shape
        return found.cards

    def _select(
        self, document: Document, setting: str, selector: str, address: str
    ) -> Sequence[Element]:
        try:
            return document.select(selector)
        except ValueError as error:
            raise SourceError(
                f"`{setting}` of source {self.reader.name!r} is {selector!r}, which is no CSS "
                f"selector, so {address} cannot be read with it; correct it"
            ) from error

    def _note_matches(
        self, cards: Sequence[Card], selected: dict[Part, Sequence[Element]], address: str
    ) -> None:
        """Remember which selectors have matched no card on the first page of any filter."""
        self.first = self.first or address
        for part, elements in selected.items():
            if any(inside(elements, card) for card in cards):
                self.unmatched[part] = ""
            else:
                self.unmatched.setdefault(part, getattr(self.reader, part))

    def require_matches(self) -> None:
        """Raises `SourceError` for a selector that has matched nothing."""
        for part, selector in self.unmatched.items():
            if selector:
                raise self._unmatched(part, selector, self.first)

    def _unmatched(self, setting: str, selector: str, address: str) -> SourceError:
        return SourceError(
            f"`{setting}` of source {self.reader.name!r} is {selector!r}, which matches nothing "
            f"on {address}; look at the page's HTML and correct it, or take it out"
        )

    def _no_card(self, address: str) -> SourceError:
        return _NoList(
            f"{address} holds no list of articles that can be found; set `card` of source "
            f"{self.reader.name!r} to the CSS selector of one of its cards"
        )


def _key(draft: Draft) -> str:
    return draft.link or f"text:{draft.text}"
