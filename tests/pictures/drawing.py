"""What happened in a chat, as a page that looks as Telegram does on a phone. Pure.

Only what one person sees in one chat: the one who comes first in the script, where its last step is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from zlib import crc32

from babel.dates import format_skeleton

from bot.telegram_html import Entity, Parsed
from tests.bot.bot_api import ME
from tests.conversations.chat import (
    Button,
    Event,
    Message,
    Offered,
    Pressed,
    Record,
    Room,
    Rows,
    Shown,
    Typed,
)
from tests.conversations.script import Script

#: CSS pixels, as of many phones.
WIDTH = 390
THEMES = ("light", "dark")
BOT = str(ME["first_name"])
#: What the bot is called is for its owner to choose.
_NAME, _YOURS = str(ME["username"]), "your_bot"

_LOCALES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
_WORDS = {
    "en": {"bot": "bot", "group": "group", "via": "via"},
    "zh": {"bot": "机器人", "group": "群组", "via": "来自"},
}
_TAGS = {"bold": "b", "italic": "i", "code": "code", "text_link": "a"}
_QUOTES = {"blockquote": "quote", "expandable_blockquote": "quote folded"}
_LITERAL = {"text_link", "code", "pre"}
#: What Telegram makes a link of by itself.
_TOUCHED = re.compile(r"(?<![\w/@#&;])(?:/[A-Za-z0-9_]{1,32}|@\w{3,32}|#[^\W\d]\w*)")
_COLOURS = ("red", "orange", "violet", "green", "cyan", "blue", "pink")
_TICKS = '<svg class="ticks" viewBox="0 0 18 11"><path d="M1 6l3.6 3.6L11.6 1.2M8 9.2l.5.4L16.6 1.2"/></svg>'
_OUT = '<svg class="out" viewBox="0 0 8 8"><path d="M1.4 6.6L6.4 1.6M2.2 1.6h4.2v4.2"/></svg>'
_FOLD = '<svg class="fold" viewBox="0 0 12 7"><path d="M1.5 1.2L6 5.6l4.5-4.4"/></svg>'
_BACK = '<svg class="back" viewBox="0 0 11 19"><path d="M9.5 1.5l-8 8 8 8"/></svg>'
_SEND = '<svg class="send" viewBox="0 0 24 24"><path d="M2 21l21-9L2 3v7l15 2-15 2z"/></svg>'
_MEASURE = "document.documentElement.dataset.height = document.body.firstElementChild.offsetHeight"


@dataclass(frozen=True, slots=True)
class Page:
    """What a phone shows, in any theme."""

    title: str
    language: str
    body: str

    def html(self, theme: str) -> str:
        """The page, whole in itself; it writes its height into `data-height` of its root."""
        style = Path(__file__).with_name("phone.css").read_text("utf-8")
        return (
            f'<!doctype html>\n<html lang="{self.language}"><head><meta charset="utf-8">'
            f"<title>{escape(self.title)}</title><style>{style}</style></head>\n"
            f'<body><main class="{theme}" style="width: {WIDTH}px">\n{self.body}\n</main>'
            f"<script>{_MEASURE}</script></body></html>\n"
        )


def page(script: Script, record: Record) -> Page:
    """The chat as the script's first person sees it."""
    viewer = next(iter(script.people.values()))
    language = _LOCALES.get(viewer.language, viewer.language)
    room = _room_of(record)
    body = _Phone(viewer.name, language, room).body(record.events)
    return Page(script.title, language.replace("_", "-"), body)


def _room_of(record: Record) -> Room:
    rooms = [each.room for each in record.events if isinstance(each, Message | Pressed)]
    shown = [room for room in rooms if room.title != "any chat"]
    return shown[-1]


class _Phone:
    def __init__(self, viewer: str, language: str, room: Room) -> None:
        self._viewer = viewer
        self._language = language
        self._words = _WORDS["zh" if language.startswith("zh") else "en"]
        self._room = room
        self._authors: dict[str, str] = {}  # of what was said, by its words

    def body(self, events: Sequence[Event]) -> str:
        """Header, chat, and what is being typed."""
        drawn: dict[int, str] = {}  # an edited message stays where it was
        field = panel = toast = ""
        for place, event in enumerate(events):
            match event:
                case Message(via=None) if event.room == self._room:
                    drawn[event.number] = self._message(event)
                case Message(via=str()):
                    drawn[-place] = self._message(event)
                    field = panel = ""
                case Typed(query=query):
                    field = self._field(query)
                case Offered():
                    panel = _panel(event)
                case Shown(words):
                    toast = f'<div class="toast">{escape(words)}</div>'
                case _:
                    pass
        first = next(each.at for each in events if isinstance(each, Message))
        chat = "\n".join([self._day(first), *drawn.values(), toast])
        return f'{self._header()}\n<section class="chat">{chat}</section>\n{panel}{field}'

    def _header(self) -> str:
        private = self._room.kind == "private"
        title = BOT if private else self._room.title
        kind = self._words["bot" if private else "group"]
        told = f"<b>{escape(title)}</b><small>{escape(kind)}</small>"
        return f"<header>{_BACK}{_face(title)}<div>{told}</div></header>"

    def _day(self, at: datetime) -> str:
        day = format_skeleton("MMMMd", at, locale=self._language)
        return f'<div class="day"><span>{escape(day)}</span></div>'

    def _message(self, message: Message) -> str:
        author = message.via or message.author or BOT
        own = author == self._viewer
        others = self._room.kind != "private" and not own
        self._authors[message.html] = author
        above = f'<div class="author {_colour(author)}">{escape(author)}</div>' if others else ""
        if message.via is not None:
            via = f"{escape(self._words['via'])} <b>@{_YOURS}</b>"
            above += f'<div class="via">{via}</div>'
        if message.quotes is not None:
            who = self._authors.get(message.quotes, "")
            line = escape(" ".join(_yours(message.quotes).split()))
            above += f'<div class="answered"><b>{escape(who)}</b>{line}</div>'
        stamp = f'<span class="stamp">{message.at:%H:%M}{_TICKS if own else ""}</span>'
        text = f'<div class="text">{marked_up(message.parsed)}{stamp}</div>'
        bubble = f'<div class="bubble">{_face(author) if others else ""}{above}{text}</div>'
        return (
            f'<div class="message{" own" if own else ""}{" another" if others else ""}">'
            f'<div class="column">{bubble}{_keyboard(message.rows)}</div></div>'
        )

    def _field(self, query: str) -> str:
        typed = f'<b>@{_YOURS}</b> {escape(query)}<i class="caret"></i>'
        return f'<footer><div class="field">{typed}</div>{_SEND}</footer>'


def _panel(offered: Offered) -> str:
    """As much of the results as a phone has room for; the rest is scrolled to."""
    cards = "".join(
        f'<div class="card"><div class="thumb {_colour(each.title)}">{_initial(each.title)}</div>'
        f"<div><b>{escape(each.title)}</b><p>{escape(each.description)}</p></div></div>"
        for each in offered.cards
    )
    return f'<section class="panel">{cards}</section>'


def _keyboard(rows: Rows) -> str:
    if not rows:
        return ""
    drawn = "".join(f'<div class="row">{"".join(map(_button, row))}</div>' for row in rows)
    return f'<div class="keyboard">{drawn}</div>'


def _button(button: Button) -> str:
    return f'<span class="button">{escape(button.label)}{_OUT if button.url else ""}</span>'


def marked_up(parsed: Parsed) -> str:
    """A text with its entities as HTML, its lines kept by `white-space: pre-wrap`.

    A quote is a block of its own, so the line breaks at its edges are left out.
    """
    opening: dict[int, list[Entity]] = {}
    closing: dict[int, list[Entity]] = {}
    # Where a quote is all of it one stretch, it stands round the stretch.
    for entity in sorted(parsed.entities, key=lambda each: each.type not in _QUOTES):
        opening.setdefault(entity.offset, []).append(entity)
        closing.setdefault(entity.offset + entity.length, []).insert(0, entity)
    pieces: list[str] = []
    now, at = "", 0
    literal = 0  # how many links and pieces of code stand open, in which nothing is made a link
    for character in [*parsed.text, ""]:
        ending, beginning = closing.get(at, []), opening.get(at, [])
        if any(each.type in _QUOTES for each in beginning):
            now = now.removesuffix("\n")
        if ending or beginning or not character:
            pieces.append(escape(now, quote=False) if literal else _words(now))
            now = ""
        pieces += [*map(_closed, ending), *map(_opened, beginning)]
        literal += sum(each.type in _LITERAL for each in beginning)
        literal -= sum(each.type in _LITERAL for each in ending)
        behind_quote = any(each.type in _QUOTES for each in ending)
        if not (behind_quote and character == "\n"):
            now += character
        at += 1 + (character > "\uffff")
    return "".join(pieces)


def _opened(entity: Entity) -> str:
    if entity.type in _QUOTES:
        return f'<blockquote class="{_QUOTES[entity.type]}"><div>'
    return f"<{_TAGS.get(entity.type, 'span')}>"


def _closed(entity: Entity) -> str:
    if entity.type in _QUOTES:
        fold = _FOLD if entity.type == "expandable_blockquote" else ""
        return f"</div>{fold}</blockquote>"
    return f"</{_TAGS.get(entity.type, 'span')}>"


def _words(words: str) -> str:
    """Plain words, with what Telegram finds in them made links."""
    return _TOUCHED.sub(r"<a>\g<0></a>", escape(_yours(words), quote=False))


def _yours(words: str) -> str:
    return words.replace(_NAME, _YOURS)


def _face(name: str) -> str:
    return f'<div class="face {_colour(name)}">{_initial(name)}</div>'


def _initial(name: str) -> str:
    return escape(next((each for each in name if each.isalnum()), "·").upper())


def _colour(name: str) -> str:
    """One for each name, always the same."""
    return _COLOURS[crc32(name.encode()) % len(_COLOURS)]
