"""What happened in chats, drawn in plain text as a phone shows it. Pure.

An indented bubble for each message of the bot, its buttons below: **bold**, _italic_, `code`,
links as words (address), quotes behind a thick bar, with ⌄ at the end of what is folded until somebody
touches it. ✎ marks a message that was edited.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bot.telegram_html import Entity, Parsed
from tests.conversations.chat import (
    Button,
    Event,
    Happened,
    Message,
    Offered,
    Room,
    Rows,
    Shown,
)

BOT = "Archive"
SILENCE = "  (silence)"
#: Columns of a bubble's text; a Chinese character takes two.
_WIDTH = 76
_MARKS = {"bold": "**", "italic": "_", "code": "`"}
#: Their ends until a text is wrapped: no line begins with one. Of Unicode's private area.
_ENDS = {"**": "\ue000", "_": "\ue001", "`": "\ue002"}
_SPELLED = str.maketrans({end: mark for mark, end in _ENDS.items()})
_QUOTES = {"blockquote", "expandable_blockquote"}
#: What says nothing to a reader: what a link to the bot carries, and words marked in a page.
_HIDDEN = re.compile(r"(?<=\?start=)[\w-]{8,}|(?<=#):~:text=.+")
#: What a line may be parted between: white space, Chinese characters and punctuation, other words.
_TOKENS = re.compile(
    r"\s+|[\ue000-\ue002\u2e80-\u9fff\uff00-\uffef]"
    r"|[^\s\ue000-\ue002\u2e80-\u9fff\uff00-\uffef]+"
)
#: What no line begins with.
_CLOSING = "\ue000\ue001\ue002，。、；：？！）》」』”’…,.;:?!)]}"


def drawn(events: Sequence[Event], here: Room | None) -> list[str]:
    """The lines for what happened, where the reader is in `here`."""
    lines: list[str] = []
    for event in events:
        if lines:
            lines.append("")
        lines += _drawn(event, here)
    return lines


def _drawn(event: Event, here: Room | None) -> Iterator[str]:
    match event:
        case Message():
            yield from _message(event, here)
        case Shown(words, alert):
            yield f"  {'An alert' if alert else 'Over the chat'}: {words}"
        case Offered():
            yield from _offered(event)
        case Happened(_, words):
            yield f"  ({words})"
        case _:
            raise ValueError(f"the script itself tells of {event!r}")


def _message(message: Message, here: Room | None) -> Iterator[str]:
    who = BOT if message.via is None else f"{message.via}, via {BOT}"
    told = [f"{who} ✎" if message.edited else who]
    if message.room != here and message.via is None:
        told.append(f"in {name_of(message.room)}")
    if message.quotes is not None:
        told.append(f"to “{_clipped(message.quotes)}”")
    if message.silent:
        told.append("without a sound")
    yield f"  {', '.join(told)}:"
    yield from bubble(message.parsed)
    yield from _buttons(message.rows)
    if message.preview is not None:
        yield f"  (with a preview of {_HIDDEN.sub('…', message.preview)})"
    if message.field is not None:
        yield f"  (a reply is begun: {message.field})"


def name_of(room: Room) -> str:
    """A chat, or a topic in it."""
    return f"{room.title}, {room.topic}" if room.topic else room.title


def bubble(parsed: Parsed) -> Iterator[str]:
    """The lines of a text, wrapped as a phone would."""
    quotes = [each for each in parsed.entities if each.type in _QUOTES]
    begin = 0
    for line in parsed.text.split("\n"):
        end = begin + _units(line)
        around = [each for each in quotes if each.offset <= begin < each.offset + each.length]
        marked = _marked(parsed, line, begin, end)
        if any(_is_folded(each) and _is_last(each, end) for each in around):
            marked += " ⌄"
        for piece in wrapped(marked, _WIDTH):
            yield f"  │ {'▌ ' if around else ''}{piece}".rstrip().translate(_SPELLED)
        begin = end + 1


def _is_folded(quote: Entity) -> bool:
    return quote.type == "expandable_blockquote"


def _marked(parsed: Parsed, line: str, begin: int, end: int) -> str:
    """A line with what is formatted in it spelled out."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in parsed.entities:
        first = max(entity.offset, begin)
        last = min(entity.offset + entity.length, end)
        if first >= last:
            continue
        mark = _MARKS.get(entity.type)
        if mark is not None:
            opening.setdefault(first, []).append(mark)
            closing.setdefault(last, []).insert(0, _ENDS[mark])
        elif entity.url is not None and _is_last(entity, end):
            closing.setdefault(last, []).append(f" ({_HIDDEN.sub('…', entity.url)})")
    found, at = "", begin
    for character in line:
        found += "".join(closing.get(at, [])) + "".join(opening.get(at, [])) + character
        at += _units(character)
    return found + "".join(closing.get(at, []))


def _is_last(entity: Entity, end: int) -> bool:
    return entity.offset + entity.length <= end


def _buttons(rows: Rows) -> Iterator[str]:
    for row in rows:
        yield "  " + " ".join(f"[ {_label(each)} ]" for each in row)


def _label(button: Button) -> str:
    return button.label if button.url is None else f"{button.label} ↗"


def _offered(offered: Offered) -> Iterator[str]:
    if offered.button is not None:
        yield f"  [ {offered.button} ]"
    for card in offered.cards:
        yield f"  ▭ {card.title}"
        first, *more = wrapped(card.description, _WIDTH)
        yield f"    {first}{' …' if more else ''}".rstrip()
    if offered.further:
        yield "  ⋮"
    if not offered.cards and offered.button is None:
        yield "  (no results)"


def wrapped(line: str, width: int) -> list[str]:
    """A line in pieces of at most so many columns; an address is never parted."""
    pieces, now = [], ""
    for token in _TOKENS.findall(line):
        full = columns(now) + columns(token.rstrip()) > width
        if full and now.strip() and token[0] not in _CLOSING:
            pieces.append(now.rstrip())
            now = token.lstrip()
        else:
            now += token
    return [*pieces, now.rstrip()]


def columns(words: str) -> int:
    """Columns that words take in a terminal."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in words)
    return len(words) + wide


def _clipped(words: str, longest: int = 40) -> str:
    line = " ".join(words.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _units(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
