"""Rich text from which broken HTML cannot be built: words -> spans -> Telegram's HTML.

Pure. A `Text` is a row of flat spans; tags are opened and closed only while rendering, so they are
always balanced and properly nested, wherever a text was cut.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import urlsplit

_LINE_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# What Telegram refuses or drops (controls, lone surrogates, noncharacters), and the bidirectional
# embeddings, overrides and isolates: an unclosed one turns around all that follows on the line.
# They are removed even when balanced, for a cut may part the two halves of a pair.
_UNWANTED = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_UNFIT_FOR_URL = re.compile(r"[\s\0-\x20\x7f-\x9f\ud800-\udfff]")
LONGEST_URL = 2048  # what browsers agree on; a longer one is not worth a message's room


def clean(text: str) -> str:
    """The text without what Telegram refuses or what would disturb its surroundings."""
    return _UNWANTED.sub("", _LINE_BREAK.sub("\n", text))


def web_url(url: str | None) -> str | None:
    """The URL as it may stand in a link, or None unless it is an http or https one with a host."""
    candidate = (url or "").strip().replace(" ", "%20")
    if len(candidate) > LONGEST_URL or _UNFIT_FOR_URL.search(candidate):
        return None
    try:
        split = urlsplit(candidate)
        fit = split.scheme in ("http", "https") and bool(split.hostname)
    except ValueError:
        return None
    return candidate if fit else None


class Quote(Enum):
    """How a quoted passage is shown; an expandable one is folded to three lines until touched."""

    PLAIN = "<blockquote>"
    EXPANDABLE = "<blockquote expandable>"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters with one look. Text and link are made safe where they enter."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    quote: Quote | None = None
    code: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))
        object.__setattr__(self, "link", web_url(self.link))

    def tags(self) -> Iterator[tuple[str, str]]:
        """Opening and closing tags, outermost first."""
        if self.quote is not None:
            yield self.quote.value, "</blockquote>"
        if self.code:  # Telegram allows nothing inside
            yield "<pre>", "</pre>"
            return
        if self.link is not None:
            yield f'<a href="{html.escape(self.link)}">', "</a>"
        if self.bold:
            yield "<b>", "</b>"
        if self.italic:
            yield "<i>", "</i>"


@dataclass(frozen=True, slots=True)
class Text:
    """A row of spans; positions count code points of `plain`."""

    spans: tuple[Span, ...] = ()

    @property
    def plain(self) -> str:
        return "".join(span.text for span in self.spans)

    @property
    def units(self) -> int:
        """Length as Telegram counts it: UTF-16 code units after entity parsing."""
        return len(self.plain.encode("utf-16-le")) // 2

    @property
    def html(self) -> str:
        return "".join(self._pieces())

    @property
    def entities(self) -> int:
        """How many entities Telegram will find: the opened tags."""
        return sum(piece.startswith("<") and piece[1] != "/" for piece in self._pieces())

    def _pieces(self) -> Iterator[str]:
        """Tags and escaped text in turn; a tag is the only piece that holds a bare `<`."""
        opened: list[tuple[str, str]] = []
        for span in self.spans:
            if not span.text:
                continue
            wanted = list(span.tags())
            common = 0
            while common < min(len(opened), len(wanted)) and opened[common] == wanted[common]:
                common += 1
            yield from (closing for _, closing in reversed(opened[common:]))
            yield from (opening for opening, _ in wanted[common:])
            opened = wanted
            yield html.escape(span.text, quote=False)
        yield from (closing for _, closing in reversed(opened))

    def __add__(self, other: Text) -> Text:
        return Text(self.spans + other.spans)

    def between(self, start: int, end: int) -> Text:
        """The part from `start` to before `end`, each piece keeping its look."""
        kept = []
        position = 0
        for span in self.spans:
            first, last = max(start - position, 0), min(end - position, len(span.text))
            if first < last:
                kept.append(replace(span, text=span.text[first:last]))
            position += len(span.text)
        return Text(tuple(kept))

    def stripped(self) -> Text:
        """Without white space at both ends, as Telegram shows it."""
        plain = self.plain
        start = len(plain) - len(plain.lstrip())
        return self.between(start, max(start, len(plain.rstrip())))


def text(*parts: str | Text) -> Text:
    """The parts in a row, strings as plain spans."""
    spans: list[Span] = []
    for part in parts:
        spans.extend(part.spans if isinstance(part, Text) else (Span(part),))
    return Text(tuple(spans))


def bold(*parts: str | Text) -> Text:
    return Text(tuple(replace(span, bold=True) for span in text(*parts).spans))


def italic(*parts: str | Text) -> Text:
    return Text(tuple(replace(span, italic=True) for span in text(*parts).spans))


def link(url: str | None, *parts: str | Text) -> Text:
    """The parts as a link, or as they are where `url` is not a web address."""
    return Text(tuple(replace(span, link=url) for span in text(*parts).spans))


def code(*parts: str | Text) -> Text:
    """The parts as a block of code, with no other look."""
    return Text(tuple(replace(span, code=True) for span in text(*parts).spans))


def quote(*parts: str | Text, expandable: bool = False) -> Text:
    """The parts as one quoted passage. Telegram nests no quotes: an inner one is absorbed."""
    look = Quote.EXPANDABLE if expandable else Quote.PLAIN
    return Text(tuple(replace(span, quote=look) for span in text(*parts).spans))
