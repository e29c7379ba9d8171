"""What is told to all: a draft's buttons, and how far the last ones have come. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from telegram import InlineKeyboardMarkup

from bot.admin.screens import (
    ANNOUNCE,
    CANCEL,
    LONGEST_TITLE,
    SEND,
    SPREAD,
    WRITE,
    Reader,
    Screen,
    apart,
    keyboard,
    to,
)
from bot.cards import lines, one_line
from bot.cutting import shortened
from bot.ledger.records import Bulletin, Spread
from bot.markup import bold, text
from bot.telegram_html import parse_html
from bot.wording import Wording

#: Of those told last.
BULLETINS_SHOWN = 5


def announce_screen(
    told: Sequence[Bulletin], spread: Mapping[int, Spread], places: int, reader: Reader
) -> Screen:
    """What was told to all of late, and how to tell more; `places` would hear it now."""
    blocks = [
        bold(reader.say("admin-announce")),
        text(reader.say("admin-announce-how", places=places)),
    ]
    for each in told:
        moment = "" if each.told_at is None else reader.moment(each.told_at)
        head = text(f"{moment} · {opening_of(each)}")
        blocks.append(lines(head, text(spread_text(spread[each.id], reader.wording))))
    rows = [[to(reader.say("button-write"), WRITE), to(reader.say("button-refresh"), ANNOUNCE)]]
    return Screen(apart(*blocks), keyboard(rows, reader.wording))


def draft_keyboard(bulletin_id: int, places: int, wording: Wording) -> InlineKeyboardMarkup:
    """Below what is to be told, as people will see it."""
    return InlineKeyboardMarkup(
        [
            [to(wording.say("button-send-to", places=places), SEND, bulletin_id)],
            [to(wording.say("button-cancel"), CANCEL, bulletin_id)],
        ]
    )


def told_keyboard(bulletin_id: int, wording: Wording) -> InlineKeyboardMarkup:
    """The same once it was told."""
    return InlineKeyboardMarkup([[to(wording.say("button-spread"), SPREAD, bulletin_id)]])


def spread_text(spread: Spread, wording: Wording) -> str:
    """How far a bulletin has come, in one line."""
    said = wording.say("admin-spread", sent=spread.sent, waiting=spread.waiting, dead=spread.dead)
    if spread.stopped:
        said += " " + wording.say("admin-spread-stopped", count=spread.stopped)
    return said


def opening_of(bulletin: Bulletin) -> str:
    """Its first words, in one line."""
    return shortened(one_line(parse_html(bulletin.html).text), LONGEST_TITLE)
