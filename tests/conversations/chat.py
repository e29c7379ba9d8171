"""What happens in chats, as plain values in their order: who wrote, pressed and saw what, and when.

Whoever plays a conversation (`tests.conversations.stage`) records it so; transcripts and pictures
are drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.telegram_html import Parsed, parse_html


@dataclass(frozen=True, slots=True)
class Button:
    """A button; `url` is what it opens, None where it tells the bot that it was pressed."""

    label: str
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Room:
    """A chat, or a topic of one.

    `kind` is one of the Bot API: private, group, supergroup, channel; `topic` is the topic's name.
    """

    title: str
    kind: str = "private"
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came, or, where it is `edited`, as it looks since `at`.

    `html` is in the Bot API's HTML if the bot wrote it, and plain words if a person did. `author`
    is None for the bot, `via` who chose it from what the bot had offered. `quotes` are the words of
    the message that it replies to, `preview` is the address whose page is shown below it, `field`
    what stands in the field of the reply that it asks for.
    """

    room: Room
    number: int
    author: str | None
    at: datetime
    html: str
    rows: Rows = ()
    quotes: str | None = None
    edited: bool = False
    silent: bool = False
    preview: str | None = None
    field: str | None = None
    via: str | None = None

    @property
    def parsed(self) -> Parsed:
        """Its text, and what is formatted in it."""
        return parse_html(self.html) if self.author is None else Parsed(self.html, ())


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button below this message."""

    room: Room
    author: str
    at: datetime
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What whoever pressed sees over the chat; an `alert` stays until it is closed."""

    words: str
    alert: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody typed the bot's name and this in any chat."""

    author: str
    at: datetime
    query: str
    offset: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A result of what was typed; `html` and `rows` are the message that it becomes."""

    title: str
    description: str
    html: str
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """The results; `further` says that there are more, `button` what stands above them."""

    cards: tuple[Card, ...]
    further: bool
    button: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that nobody wrote: time passes, an article appears, a group moves."""

    at: datetime
    words: str


Event = Message | Pressed | Shown | Typed | Offered | Happened


@dataclass
class Record:
    """A conversation, from its first event to its last."""

    title: str
    events: list[Event] = field(default_factory=list)

    def shown(self, room: Room) -> list[Message]:
        """The messages of a chat as they look now, oldest first."""
        found: dict[int, Message] = {}
        for event in self.events:
            if isinstance(event, Message) and event.room == room:
                found[event.number] = event
        return list(found.values())


def rows_of(markup: Any) -> Rows:
    """The buttons of a `reply_markup` as the bot sent it; none where it has none."""
    keyboard = (markup or {}).get("inline_keyboard", [])
    return tuple(tuple(Button(each["text"], each.get("url")) for each in row) for row in keyboard)
