"""Where a listing goes on: its next link, or the address that a pattern gives a page number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit, urlunsplit

from retrieval.sources.links import absolute, related_hosts
from retrieval.sources.listings.cards import Card
from retrieval.sources.listings.elements import Document, Element

_ARROWS = r"[\s«»‹›<>←→⟵⟶➔➜▶·|]*"
_NEXT_WORDS = re.compile(
    rf"{_ARROWS}(?:(?:go to |view )?(?:the )?(?:next|older)(?: (?:page|posts?|entries|articles?))?"
    r"|(?:下一?|后一?|次の?)(?:页|頁|ページ)|下一篇列表|较旧(?:的)?(?:文章|博文|帖子)?|更早(?:的)?(?:文章|博文|帖子)?"
    rf"|更多文章|older posts)(?:\s*\d+\s*/\s*\d+)?{_ARROWS}",
    re.IGNORECASE,
)
_NEXT_ARROW = re.compile(r"\s*[›>→⟶➔➜▶]\s*")
_LAST_ARROW = re.compile(r"\s*(?:»|>>)\s*")
_NEXT_CLASSES = frozenset({"next", "older"})
_NOT_NEXT = frozenset({"prev", "previous", "newer", "disabled", "carousel", "slider", "slide"})


def next_address(
    document: Document,
    url: str,
    number: int,
    cards: Sequence[Card] = (),
    chosen: Sequence[Element] | None = None,
    base: str | None = None,
) -> str | None:
    """The address of the page after page `number` (counted from 1) of a listing read at `url`.

    `chosen` are the elements that the settings select for it, `base` is what the page's links start
    at where that is not `url`. None where there is no such link,
    or only one to another site. Links in cards are none.
    """
    start = base or url

    def address_of(element: Element) -> str | None:
        address = absolute(element.attributes.get("href", ""), start)
        if address is None or not related_hosts(address, url):
            return None
        address = urldefrag(address).url
        return None if address == urldefrag(url).url else address

    if chosen is not None:
        links = [e for outer in chosen for e in document.within(outer) if e.attributes.get("href")]
        return next((a for e in links if (a := address_of(e)) is not None), None)
    in_card = bytearray(len(document.elements))
    for card in cards:
        in_card[card.start : card.end + 1] = b"\1" * (card.end + 1 - card.start)
    links = [e for e in document.elements if e.tag in ("a", "link") and not in_card[e.start]]
    for rule in (_says_relation, _says_class, _says_words, _is_arrow, _is_last_arrow):
        for element in links:
            if rule(element) and (address := address_of(element)) is not None:
                return address
    numbered = _numbered(links, number)
    return address_of(numbered) if numbered is not None else None


def _says_relation(element: Element) -> bool:
    return "next" in element.attributes.get("rel", "").lower().split()


def _says_class(element: Element) -> bool:
    around = [element, *([element.parent] if element.parent is not None else [])]
    if any(not _NOT_NEXT.isdisjoint(outer.words) for outer in around):
        return False
    if not _NEXT_CLASSES.isdisjoint(element.words):
        return True
    outer = element.parent
    return outer is not None and len(outer.elements) == 1 and "next" in outer.words


def _texts(element: Element) -> list[str]:
    named = (element.attributes.get("aria-label", ""), element.attributes.get("title", ""))
    return [text for text in (element.text(), *named) if text and len(text) <= 60]


def _says_words(element: Element) -> bool:
    return any(_NEXT_WORDS.fullmatch(text) for text in _texts(element))


def _is_arrow(element: Element) -> bool:
    return any(_NEXT_ARROW.fullmatch(text) for text in _texts(element))


def _is_last_arrow(element: Element) -> bool:
    return any(_LAST_ARROW.fullmatch(text) for text in _texts(element))


def _numbered(links: Sequence[Element], number: int) -> Element | None:
    """The link that is called by the next page's number, among other page numbers."""
    numbers = {text: link for link in reversed(links) if (text := link.text()).isdecimal()}
    link = numbers.get(str(number + 1))
    if link is None:
        return None
    for element in (link, link.parent):  # `1 <a>2</a>`, or each in an element of its own
        before, after = _neighbours(element) if element is not None else ("", "")
        if before == str(number) or after == str(number + 2):
            return link
    return None


def _neighbours(element: Element) -> tuple[str, str]:
    """What stands right before and right after an element: a word of text, or a whole element."""
    outer = element.parent.children if element.parent is not None else [element]
    place = next(i for i, child in enumerate(outer) if child is element)
    before = [text for child in outer[:place] if (text := _text(child, -1))]
    after = [text for child in outer[place + 1 :] if (text := _text(child, 0))]
    return (before or [""])[-1], (after or [""])[0]


def _text(child: Element | str, which: int) -> str:
    if isinstance(child, Element):
        return child.text()
    words = child.replace("|", " ").split()
    return words[which] if words else ""


def with_query(address: str, query: str) -> str:
    """An address whose query also says what `query` says, in place of what it said by that name."""
    added = parse_qsl(query.lstrip("?&"), keep_blank_values=True)
    names = {name for name, _ in added}
    parts = urlsplit(address)
    own = parse_qsl(parts.query, keep_blank_values=True)
    if all(pair in own for pair in added):
        return address
    kept = [pair for pair in own if pair[0] not in names]
    return urlunsplit(parts._replace(query=urlencode([*kept, *added])))


def numbered_address(pattern: str, url: str, number: int) -> str | None:
    """The address that `pattern` gives page `number` of the listing at `url`.

    A pattern that is a query (`?page={page}`) is merged with the query that `url` has.
    """
    filled = pattern.replace("{page}", str(number))
    if filled.startswith(("?", "&")):
        return with_query(url, filled)
    return absolute(filled, url)
