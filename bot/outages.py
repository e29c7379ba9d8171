"""Telling the owner of a source that fails for a day, once, and once more when it recovers.

source states -> outages to tell of -> the admin's chat -> the archive remembers what was told
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from telegram import Bot
from telegram.error import TelegramError

from bot.cards import sentence
from bot.outcomes import Wait, outcome_of
from bot.wording import Wording
from retrieval.archive.fetches import Fared
from retrieval.archive.opening import Archive
from retrieval.errors import ArchiveError

logger = logging.getLogger(__name__)

#: A source that fails for less may just be redeployed; nobody wants to hear of that.
WORTH_TELLING = timedelta(days=1)
#: Seconds between two looks.
PAUSE = 60.0
#: Characters of a failure that are shown: it may quote a server.
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Outage:
    """Something to tell the owner; `over` where the source recovered."""

    state: Fared
    over: bool


def outages(states: Sequence[Fared], names: Collection[str], now: datetime) -> list[Outage]:
    """What the owner does not know yet of the sources of these names. Pure."""
    found = []
    for state in states:
        if state.name not in names:
            continue
        since = state.failing_since
        if since is None and state.reported_at is not None:
            found.append(Outage(state, over=True))
        elif since is not None and state.reported_at is None and now - since >= WORTH_TELLING:
            found.append(Outage(state, over=False))
    return found


async def report_outages(
    bot: Bot,
    archive: Archive,
    names: Collection[str],
    chat_id: int,
    wording: Wording,
    *,
    told: set[tuple[str, bool]] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Tell the owner's chat whatever is to be told now.

    What Telegram took is remembered at once, in `told` for as long as the archive refuses to; a
    message whose outcome is not known is sent again. Raises `TelegramError` and `ArchiveError`.
    """
    now = clock()
    told = set() if told is None else told
    fared = await asyncio.to_thread(archive.fetches.fared)
    for outage in outages(list(fared.values()), names, now):
        name = outage.state.name
        if (name, outage.over) not in told:
            for part in sentence(_said(outage, wording)):
                await bot.send_message(chat_id, part.html, parse_mode="HTML")
            told.add((name, outage.over))
        await asyncio.to_thread(archive.fetches.record_report, name, None if outage.over else now)
        told.discard((name, outage.over))


async def keep_reporting(
    bot: Bot, archive: Archive, names: Collection[str], chat_id: int, wording: Wording
) -> None:
    """Look for outages every minute. Never returns, whatever fails."""
    said = ""
    told: set[tuple[str, bool]] = set()
    pause = PAUSE
    while True:
        # First the pause: the application is still starting when this does.
        await asyncio.sleep(pause)
        pause = PAUSE
        try:
            await report_outages(bot, archive, names, chat_id, wording, told=told)
            said = ""
        except Exception as error:  # a loop that ends would keep the owner in the dark
            if isinstance(error, TelegramError) and isinstance(wait := outcome_of(error), Wait):
                pause = max(PAUSE, wait.seconds)
            foreseen = isinstance(error, TelegramError | ArchiveError)
            if str(error) != said:
                logger.error(
                    "the admin chat %d could not be told of a source: %s",
                    chat_id,
                    error,
                    exc_info=None if foreseen else error,
                )
            said = str(error)


def _said(outage: Outage, wording: Wording) -> str:
    state = outage.state
    if outage.over:
        return wording.say("source-recovered", source=state.name)
    since = f"{state.failing_since:%Y-%m-%d %H:%M} UTC" if state.failing_since else ""
    reason = (state.failure or "").splitlines()[0][:_LONGEST_REASON] if state.failure else ""
    return wording.say("source-fails", source=state.name, since=since, reason=reason)
