"""What the screens of /admin have in common: text and buttons that fit into one message. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.buttons import ADMIN, button
from bot.cards import one_line
from bot.cutting import blank, fits, shortened, split
from bot.markup import Text, text
from bot.notices import clock
from bot.wording import Wording

T = TypeVar("T")

#: Characters of a source's name, of a title, and of a reason, which may quote a server.
_LONGEST_NAME, LONGEST_TITLE, _LONGEST_REASON = 64, 100, 200

#: What the buttons of `ADMIN` lead to, and which values follow.
MAIN = "main"
STATISTICS = "stats"
SOURCES = "sources"  # page from 0
GATHER = "gather"  # page from 0
GATHER_ALL = "all"
GATHER_ONE = "one"  # `sources.mark_of` the source
FAILED = "failed"  # page from 0
AGAIN = "again"  # delivery id, page from 0
AGAIN_ALL = "againall"
ANNOUNCE = "announce"
WRITE = "write"
SEND = "send"  # bulletin id
CANCEL = "cancel"  # bulletin id
SPREAD = "spread"  # bulletin id


@dataclass(frozen=True, slots=True)
class Screen:
    """One message of /admin."""

    said: Text
    keyboard: InlineKeyboardMarkup


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at it: in which language, and by which clock."""

    wording: Wording
    zone: tzinfo

    def say(self, sentence: str, /, **values: str | int) -> str:
        """As the wording says it."""
        return self.wording.say(sentence, **values)

    def moment(self, moment: datetime) -> str:
        """A day and the time, such as `14 Mar 2026 07:30`."""
        local = moment.astimezone(self.zone)
        return f"{self.wording.day(moment, self.zone)} {clock(60 * local.hour + local.minute)}"


def pages_of(count: int, size: int) -> int:
    """How many pages so many take, at least one."""
    return max(1, (count - 1) // size + 1)


def page_of(items: Sequence[T], page: int, size: int) -> tuple[int, int, Sequence[T]]:
    pages = pages_of(len(items), size)
    page = max(0, min(page, pages - 1))
    return page, pages, items[page * size : (page + 1) * size]


def turning(screen: str, page: int, pages: int) -> list[InlineKeyboardButton]:
    turning = []
    if page > 0:
        turning.append(to("‹", screen, page - 1))
    if pages > 1:
        turning.append(to(f"{page + 1}/{pages}", screen, page))
    if page + 1 < pages:
        turning.append(to("›", screen, page + 1))
    return turning


def keyboard(
    rows: Sequence[Sequence[InlineKeyboardButton]], wording: Wording
) -> InlineKeyboardMarkup:
    """The rows, and the way back."""
    back = [to(wording.say("button-back"), MAIN)]
    return InlineKeyboardMarkup([*(row for row in rows if row), back])


def to(label: str, screen: str, *values: int | str) -> InlineKeyboardButton:
    return button(label, ADMIN, screen, *values)


def apart(*blocks: Text) -> Text:
    """The blocks with a blank line between them, as far as one message holds them."""
    there = [each for each in blocks if each.plain.strip()]
    whole = text(*(piece for each in there for piece in (each, "\n\n"))).stripped()
    return whole if fits(whole) else split(whole)[0]


def name_of(source: str) -> str:
    name = shortened(one_line(source), _LONGEST_NAME)
    return "?" if blank(name) else name


def reason_of(told: str) -> str:
    return shortened(one_line(told), _LONGEST_REASON)
