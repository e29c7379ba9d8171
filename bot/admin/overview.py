"""The first screen of /admin, and its statistics: counts -> text and buttons. Pure."""

from __future__ import annotations

from datetime import datetime

from telegram import InlineKeyboardMarkup

from bot.admin.office import Holdings
from bot.admin.screens import (
    ANNOUNCE,
    FAILED,
    GATHER,
    MAIN,
    SOURCES,
    STATISTICS,
    Reader,
    Screen,
    apart,
    keyboard,
    to,
)
from bot.cards import lines
from bot.ledger.census import Census
from bot.markup import bold, text
from bot.wording import Wording


def main_screen(
    holdings: Holdings | None, failing: int, dead: int, reader: Reader, now: datetime
) -> Screen:
    """Where to go, and what needs somebody's eyes."""
    troubles = []
    if holdings is not None and holdings.share is not None:
        troubles.append(text(_index(holdings.share, reader.wording)))
    if failing:
        troubles.append(text(reader.say("admin-sources-fail", count=failing)))
    if dead:
        troubles.append(text(reader.say("admin-letters-wait", count=dead)))
    said = apart(
        bold(reader.say("admin-heading")),
        lines(*troubles) if troubles else text(reader.say("admin-all-well")),
        text(reader.say("admin-as-of", moment=reader.moment(now))),
    )
    rows = [
        [
            to(reader.say("button-statistics"), STATISTICS),
            to(reader.say("button-sources"), SOURCES, 0),
        ],
        [to(reader.say("button-gather"), GATHER, 0), to(reader.say("button-failed"), FAILED, 0)],
        [to(reader.say("button-announce"), ANNOUNCE), to(reader.say("button-refresh"), MAIN)],
    ]
    return Screen(said, InlineKeyboardMarkup(rows))


def statistics_screen(holdings: Holdings | None, census: Census, reader: Reader) -> Screen:
    """Everything that can be counted."""
    c = census
    archive = []
    if holdings is not None:
        articles, excerpts = holdings.articles, holdings.excerpts
        archive.append(text(reader.say("admin-archive", articles=articles, excerpts=excerpts)))
        archive.append(text(_index(holdings.share, reader.wording)))
    said = apart(
        bold(reader.say("admin-statistics")),
        lines(*archive),
        lines(
            text(
                reader.say("admin-places", private=c.private, groups=c.groups, channels=c.channels)
            ),
            text(reader.say("admin-deaf", asleep=c.asleep, paused=c.paused)),
        ),
        text(
            reader.say(
                "admin-wishes",
                everything=c.everything,
                tags=c.tags,
                words=c.words,
                topics=c.topics,
            )
        ),
        text(reader.say("admin-deliveries", waiting=c.waiting, sent=c.sent, dead=c.dead)),
        lines(
            text(reader.say("admin-answered", day=c.answered, week=c.answered_week)),
            text(reader.say("admin-votes", good=c.good, bad=c.bad)),
        ),
    )
    return Screen(said, keyboard([[to(reader.say("button-refresh"), STATISTICS)]], reader.wording))


def _index(share: float | None, wording: Wording) -> str:
    if share is None:
        return wording.say("admin-index-ready")
    return wording.say("admin-index-share", percent=int(min(max(share, 0), 1) * 100))
