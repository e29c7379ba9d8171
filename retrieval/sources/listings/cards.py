"""A listing page -> the elements that are its cards: what repeats, and each time links one article.

page -> groups of like elements -> the group that looks most like articles -> its cards
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from urllib.parse import urlsplit

from retrieval.sources.listings.anchors import HEADINGS, Anchors, main_link
from retrieval.sources.listings.datelines import tells_date
from retrieval.sources.listings.elements import INLINE, Document, Element

#: Cards of one page. More are no list that a person could read.
MOST_CARDS = 5_000
#: Points of a mean card (see `_points`); a bare link with a title of its own has two.
LEAST_POINTS = 1.5
#: Share of a group that must be cards: between them stand advertisements and separators.
LEAST_SHARE = 0.6
#: Share of a group's links that must differ: a card's link is its own.
LEAST_DIFFERENT = 0.8
#: Articles above the list.
MOST_ABOVE = 3
_MOST_CLASSES = 8

_CHROME_TAGS = frozenset({"nav", "aside", "footer", "form", "dialog", "button"})
_CHROME_WORDS = frozenset(
    "aside blogroll breadcrumb breadcrumbs comment comments cookie footer menu nav navbar "
    "navigation offcanvas pager pagination paginator popular related share sharing sidebar social "
    "tagcloud toc widget widgets".split()
)
#: Class names that hold a word of chrome and yet wrap a blog's own list.
_NO_CHROME = frozenset({"blog", "feed", "hfeed"})
_PREFIXES = ("has-", "with-", "no-", "is-", "without-", "not-")
_FAINT_WORDS = frozenset({"recent", "recommended", "trending", "links", "friends", "archive-list"})
_CARD_WORDS = frozenset({"post", "entry", "article", "card", "hentry", "story", "teaser"})
_NEVER_CARDS = (
    (INLINE - {"a"}) | HEADINGS | {"html", "head", "body", "main", "img", "option", "svg"}
)
_STARTS_CARD = HEADINGS - {"h5", "h6"} | {"dt"}
_ENDS_CARD = frozenset({"nav", "footer", "aside", "hr"})


@dataclass(frozen=True, slots=True)
class Card:
    """One card: an element, or the siblings from a heading to the next."""

    parts: tuple[Element, ...]

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def end(self) -> int:
        return self.parts[-1].end


@dataclass(frozen=True, slots=True)
class Shape:
    """What the cards of a list have in common: the tags around and above them, and a class.

    `flat` is the tag of the heading that begins each card where nothing wraps them.
    """

    path: tuple[str, ...]
    name: str | None = None
    flat: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What one element has of a card."""

    address: str | None
    points: float

    @property
    def good(self) -> bool:
        return self.points > float("-inf")


@dataclass(frozen=True, slots=True)
class Found:
    """The cards of a page in its order, and the shape by which further pages have theirs."""

    cards: tuple[Card, ...]
    shape: Shape


_NO_CARD = Look(None, float("-inf"))


def find_cards(document: Document, anchors: Anchors, known: Shape | None = None) -> Found | None:
    """The cards of a page; None where nothing on it looks like a list of articles.

    `known` is the shape that an earlier page of the same list had: what has it here is a card,
    even where it stands alone.
    """
    finder = _Finder(document, anchors)
    if known is not None:
        found = finder.best(known)
        if found is not None:
            return found
    return finder.best(None)


class _Finder:
    """One search on one page."""

    def __init__(self, document: Document, anchors: Anchors) -> None:
        self._document = document
        self._anchors = anchors
        self._chrome = _chrome(document)
        self._dates = [e.start for e in document.elements if tells_date(e)]
        self._headings = [e.start for e in document.elements if e.tag in HEADINGS]
        self._chromes = [start for start, chrome in enumerate(self._chrome) if chrome]
        self._looks: dict[tuple[int, int], Look] = {}

    def best(self, known: Shape | None) -> Found | None:
        ranked: list[tuple[float, int, Shape, list[Card]]] = []
        for shape, cards in self._groups(known):
            if known is not None and shape != known:
                continue
            score = self._score(cards, known is not None)
            if score > 0:
                ranked.append((score, -len(shape.path), shape, cards))
        if not ranked:
            return None
        _, _, shape, cards = max(ranked, key=lambda entry: entry[:2])
        good = [card for card in cards if self._look(card).good]
        return Found((*self._above(good), *good[:MOST_CARDS]), shape)

    def _above(self, cards: Sequence[Card]) -> list[Card]:
        """The newest article where it stands large above the list, in markup of its own.

        It has a heading that links where the cards link to, or is dated as they are.
        """
        first = cards[0].start
        addresses = {self._look(card).address for card in cards}
        folders = {folder for address in addresses if (folder := _folder(address))}
        dated = all(self._dates_in(card.start, card.end) for card in cards)
        found: list[Card] = []
        for anchor in self._anchors.within(0, first - 1):
            if (
                anchor.heading is None
                or not anchor.article
                or not anchor.same_site
                or anchor.address in addresses
                or self._chrome[anchor.element.start]
            ):
                continue
            card = Card((self._largest(anchor.element, first),))
            alike = folders == {_folder(anchor.address)}
            dated_alike = dated and self._dates_in(card.start, card.end) > 0
            if (alike or dated_alike) and self._look(card).good:
                addresses.add(anchor.address)
                found.append(card)
        return found[:MOST_ABOVE]

    def _largest(self, element: Element, before: int) -> Element:
        """The largest element around one that ends before a place and holds no other article."""
        largest = element
        for outer in element.ancestors():
            if outer.end >= before or _count(self._chromes, outer.start, outer.end):
                break
            if not self._look(Card((outer,))).good:
                break
            largest = outer
        return largest

    def _groups(self, known: Shape | None) -> Iterator[tuple[Shape, list[Card]]]:
        """Cousins (the same tags above them) and siblings, by tag and by each class; flat lists."""
        cousins: dict[tuple[int, str | None], list[Card]] = {}
        siblings: dict[tuple[int, int, str | None], list[Card]] = {}
        paths = _Paths()
        for element in self._document.elements:
            path = paths.of(element)
            if self._chrome[element.start]:
                continue
            for tag, runs in self._flat(element):
                yield Shape(paths.tags(path), flat=tag), runs
            if element.tag in _NEVER_CARDS or not self._may_be_card(element):
                continue
            card = Card((element,))
            parent = element.parent.start if element.parent is not None else -1
            for name in (None, *element.classes[:_MOST_CLASSES]):
                cousins.setdefault((path, name), []).append(card)
                siblings.setdefault((parent, path, name), []).append(card)
        groups = [(path, name, cards) for (path, name), cards in cousins.items()]
        for (_, path, name), cards in siblings.items():
            if len(cards) != len(cousins[path, name]):
                groups.append((path, name, cards))
        for path, name, cards in groups:
            alone = len(cards) == 1 and known is None and not self._stands_alone(cards[0])
            if not alone and (known is None or name == known.name):
                yield Shape(paths.tags(path), name), cards

    def _flat(self, parent: Element) -> Iterator[tuple[str, list[Card]]]:
        children = parent.elements
        tags = [child.tag for child in children]
        for tag in sorted(_STARTS_CARD.intersection(tags)):
            runs: list[list[Element]] = []
            open_run = False
            for child in children:
                if child.tag == tag:
                    runs.append([child])
                    open_run = True
                elif child.tag in _ENDS_CARD or self._chrome[child.start]:
                    open_run = False
                elif open_run:
                    runs[-1].append(child)
            yield tag, [Card(tuple(run)) for run in runs]

    def _may_be_card(self, element: Element) -> bool:
        return bool(
            self._anchors.within(element.start, element.end)
            or self._dates_in(element.start, element.end)
            or (element.parent is not None and element.parent.tag == "a")
        )

    def _dates_in(self, start: int, end: int) -> int:
        return _count(self._dates, start, end)

    def _score(self, cards: Sequence[Card], known: bool) -> float:
        looks = [self._look(card) for card in cards]
        good = [look for look in looks if look.good]
        alone = known or (len(cards) == 1 and self._stands_alone(cards[0]))
        if len(good) < (1 if alone else 2) or len(good) < LEAST_SHARE * len(looks):
            return 0
        addresses = [look.address for look in good if look.address is not None]
        if len(set(addresses)) < LEAST_DIFFERENT * len(addresses):
            return 0
        points = sum(look.points for look in good) / len(good)
        if points < LEAST_POINTS and not known:
            return 0
        around = self._around(cards[0].parts[0])
        return points * log2(1 + len(good)) * len(good) / len(looks) * around

    def _stands_alone(self, card: Card) -> bool:
        """Whether a single element says of itself that it is a post, as that of a new blog does."""
        element = card.parts[0]
        if element.tag != "article" and "hentry" not in element.words:
            return False
        dated = self._dates_in(card.start, card.end) > 0
        return dated and self._look(card).points >= 2 * LEAST_POINTS

    def _around(self, element: Element) -> float:
        worth = 1.0
        for outer in element.ancestors():
            if outer.tag == "main" or outer.attributes.get("role") == "main":
                worth *= 1.2
            if outer is not element and not _FAINT_WORDS.isdisjoint(outer.words):
                worth *= 0.7
        return max(worth, 0.3)

    def _look(self, card: Card) -> Look:
        key = (card.start, card.end)
        if key not in self._looks:
            self._looks[key] = self._judge(card)
        return self._looks[key]

    def _judge(self, card: Card) -> Look:
        anchors = self._anchors.of(card.parts)
        found = main_link(anchors)
        dates = self._dates_in(card.start, card.end)
        if found is not None and found.rivals:
            return _NO_CARD
        width = self._document.width(card.start, card.end)
        if found is None:
            # Without a link, only what is dated once and says something counts.
            if dates == 1 and width >= 24:
                return Look(None, 3.0 + (width >= 60))
            return _NO_CARD
        anchor = found.anchor
        heading = anchor.heading is not None or _count(self._headings, card.start, card.end) > 0
        points = 2.0 * heading + 3.0 * (dates > 0) + (1.0 if anchor.same_site else -1.0)
        if width - anchor.width >= 40 or (anchor.width >= 80 and width >= 80):
            points += 2.0
        points += 1.0 if width >= 10 else -1.5 if width < 6 else 0.0
        first = card.parts[0]
        points += first.tag == "article" or not _CARD_WORDS.isdisjoint(first.words)
        return Look(anchor.address, points)


def _count(places: Sequence[int], start: int, end: int) -> int:
    return bisect_right(places, end) - bisect_left(places, start)


class _Paths:
    """The tags above each element, numbered, because a deep page has long ones."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}
        self._tags: list[tuple[int, str]] = []
        self._of: dict[int, int] = {}

    def of(self, element: Element) -> int:
        """The number of an element's path, once its parent has been asked for."""
        above = self._of[element.parent.start] if element.parent is not None else -1
        number = self._numbers.setdefault((above, element.tag), len(self._tags))
        if number == len(self._tags):
            self._tags.append((above, element.tag))
        self._of[element.start] = number
        return number

    def tags(self, number: int) -> tuple[str, ...]:
        """The tags of a numbered path, from the root down."""
        tags: list[str] = []
        while number >= 0:
            number, tag = self._tags[number]
            tags.append(tag)
        return tuple(reversed(tags))


def _folder(address: str | None) -> str:
    """An address up to its last name; empty where there is only one, as every page may have."""
    parts = urlsplit(address or "")
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return f"{parts.netloc}{folder}" if folder else ""


def _chrome(document: Document) -> list[bool]:
    """For each element whether it stands in navigation, a sidebar, comments and the like."""
    chrome = [False] * len(document.elements)
    for element in document.elements:
        above = element.parent is not None and chrome[element.parent.start]
        chrome[element.start] = above or _is_chrome(document, element)
    return chrome


def _is_chrome(document: Document, element: Element) -> bool:
    if element.tag in ("html", "body", "main", "article"):
        return False
    if element.attributes.get("role") in ("navigation", "complementary", "contentinfo", "search"):
        return True
    if element.tag in _CHROME_TAGS:
        return not any(inner.tag == "main" for inner in document.within(element))
    names = [name.lower() for name in (*element.classes, element.attributes.get("id", ""))]
    if _CHROME_WORDS.isdisjoint(element.words) or not _NO_CHROME.isdisjoint(names):
        return False
    telling = {
        word
        for name in names
        if not name.startswith(_PREFIXES)
        for word in name.replace("_", "-").split("-")
    }
    if _CHROME_WORDS.isdisjoint(telling):
        return False
    return not any(inner.tag == "main" for inner in document.within(element))
