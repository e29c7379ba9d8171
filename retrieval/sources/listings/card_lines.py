"""The lines of a card: which are its title, which its excerpt, which say nothing of the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from retrieval.article import Draft
from retrieval.html.readable import text_of
from retrieval.identity import columns
from retrieval.sources.listings.anchors import HEADINGS, is_read_more
from retrieval.sources.listings.cards import Card
from retrieval.sources.listings.elements import INLINE, Element

#: Columns. Shorter lines beside an excerpt tell its author, how long it takes to read and so on.
SHORTEST_LINE = 40
#: Columns. Above, the one line of a card is rather its excerpt than its title.
LONGEST_TITLE = 80
#: Share of a page's cards in which a line must stand to be no part of any of them.
BOILERPLATE = 0.6

_PROSE = HEADINGS | {"p", "li", "pre", "code", "blockquote", "td", "dd", "math"}
ENDS = tuple("。.…!?！？;；")
_META = re.compile(
    r"^(?:(?-i:[Bb]y (?=[A-Z@]))|posted by\b"
    r"|(?:作者|文|阅读|评论|views?)\b|(?:本文)?字数|阅读时长).*"
    r"|.*\b\d+\s*(?:min(?:ute)?s?\b.*|words?|views?|comments?|likes?|reads?)$"
    r"|.*\d+\s*(?:分钟.*|字|次阅读|阅读|评论|条评论|浏览|赞)$|(?:no|leave a) comments?$|comments?$"
    r"|share.*|posted on.*|发表于.*|更新于.*|updated.*|published.*|[\W\d_]*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Parts:
    """What has been found of one card so far.

    `guessed` tells that its tag is one by its place alone; `without` is what its text leaves out.
    """

    card: Card
    link: str | None = None
    title: Element | None = None
    title_text: str = ""
    anchor: Element | None = None
    published: datetime | None = None
    tags: tuple[str, ...] = ()
    guessed: bool = False
    excerpt: Element | None = None
    without: set[Element] = field(default_factory=set)
    lines: list[tuple[str, Element]] = field(default_factory=list)


def says_nothing(text: str) -> bool:
    """Whether a line tells no more than its author, its date, its length or a link's purpose."""
    short = columns(text) < SHORTEST_LINE
    return short and (_META.match(text) is not None or is_read_more(text))


def is_card(element: Element, card: Card) -> bool:
    """Whether an element is the card itself, or wraps all of it."""
    return element.start <= card.start and element.end >= card.end


def lines_of(part: Element, without: set[Element]) -> Iterator[tuple[str, Element]]:
    """The texts of a card that stand on lines of their own, each with the element it fills."""
    waiting = [part]
    while waiting:
        element = waiting.pop()
        if element in without:
            continue
        inner = element.elements
        blocks = [child for child in inner if not _flows(child)]
        bare = any(isinstance(child, str) and child.strip() for child in element.children)
        items = element.tag != "p" and len(inner) > 1 and not bare
        if blocks or items or (len(inner) == 1 and not bare):
            if bare:
                text = " ".join("".join(c for c in element.children if isinstance(c, str)).split())
                yield text, element
            waiting.extend(reversed(inner))
            continue
        text = element.text(without)
        if text:
            yield text, element


def _flows(element: Element) -> bool:
    return element.tag in INLINE or element.tag in ("br", "img", "svg", "i")


def drop_boilerplate(found: Sequence[Parts]) -> None:
    """Take out of the cards the lines that most share: `Read →`, an author, no comments."""
    if len(found) < 3:
        return
    counts: dict[str, int] = {}
    for parts in found:
        for text in {text for text, _ in parts.lines}:
            counts[text] = counts.get(text, 0) + 1
    shared = {
        text
        for text, count in counts.items()
        if count >= BOILERPLATE * len(found) and columns(text) < SHORTEST_LINE
    }
    for parts in found:
        if parts.excerpt is not None or len(parts.lines) == 1:
            continue
        parts.without.update(element for text, element in parts.lines if text in shared)
        parts.lines = [line for line in parts.lines if line[0] not in shared]


def drop_authors(found: Sequence[Parts]) -> None:
    """Take back what was guessed to be a category where all cards with titles have the same.

    It is the author then. Cards without titles have none, but a filter may have chosen them.
    """
    guesses = {parts.tags for parts in found if parts.guessed}
    titled = all(parts.title_text for parts in found)
    if len(found) >= 3 and titled and len(guesses) == 1:
        for parts in found:
            parts.tags = () if parts.guessed else parts.tags


def lone_are_excerpts(found: Sequence[Parts]) -> bool | None:
    """Whether cards of one line show their excerpts; None where no card is of one line."""
    lone = [p.lines[0][0] for p in found if not p.title_text and len(p.lines) == 1]
    if not lone:
        return None
    ended = sum(text.endswith(ENDS) for text in lone)
    return median(map(columns, lone)) > LONGEST_TITLE or 2 * ended > len(lone)


def draft_of(parts: Parts, lone_excerpts: bool | None) -> Draft | None:
    """What a card says as a draft; None where it says nothing."""
    lines = parts.lines
    if not parts.title_text and lines:
        others = [text for text, _ in lines[1:]]
        if _is_title(lines[0][0], others) if others else not lone_excerpts:
            parts.title_text = lines[0][0]
            parts.without.add(lines[0][1])
    title = " ".join(parts.title_text.split()) or None
    text = _excerpt(parts) or title or ""
    if not text:
        return None
    return Draft(
        text=text, title=title, link=parts.link, published=parts.published, tags=parts.tags
    )


def _html(card: Card, without: set[Element]) -> str:
    if len(card.parts) == 1:
        return card.parts[0].inner_html(without)
    return "".join(part.html(without) for part in card.parts)


def _is_title(first: str, others: Sequence[str]) -> bool:
    longest = max(map(columns, others))
    return columns(first) <= 2 * LONGEST_TITLE and longest >= max(SHORTEST_LINE, columns(first))


def _excerpt(parts: Parts) -> str:
    if parts.excerpt is not None:
        return text_of(parts.excerpt.inner_html(parts.without))
    lines = [line for line in parts.lines if line[1] not in parts.without]
    sentences = [columns(t) >= SHORTEST_LINE or t.endswith(ENDS) for t, _ in lines]
    if any(sentences):
        prose = [
            place
            for place, (_, element) in enumerate(lines)
            if sentences[place] or element.tag in _PROSE
        ]
        lines = lines[prose[0] : prose[-1] + 1]
    elif parts.title_text:
        return ""
    if not lines:
        return ""
    kept = {element for _, element in lines}
    shed = set(parts.without)
    for part in parts.card.parts:
        lost = (element for _, element in lines_of(part, parts.without) if element not in kept)
        shed.update(
            e
            for e in lost
            if not any(outer in kept for outer in e.ancestors())
            and not any(e.holds(inner) for inner in kept)
        )
    if any(is_card(element, parts.card) for element in shed):
        return " ".join(text for text, _ in lines)
    return text_of(_html(parts.card, shed))
