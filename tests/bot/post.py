"""The real deliverer between a newsroom's ledger and the tests' Telegram, ended as one likes."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

from sqlalchemy import func, select
from telegram.ext import ExtBot

from bot.deliveries import Deliverer
from bot.ledger.claiming import next_due
from bot.ledger.schema import chats
from bot.ledger.writing import Writer
from bot.pace import Pace
from bot.retrying import Retrying
from bot.told import telling
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.newsroom import Newsroom

#: Seconds after which a test has waited long enough.
PATIENCE = 20.0


class Post:
    """Delivers what a newsroom has due. `burst` is as in the settings."""

    def __init__(self, room: Newsroom, telegram: FakeTelegram, *, burst: int = 5) -> None:
        self.room = room
        self.telegram = telegram
        self.burst = burst
        self.pace: Pace | None = None
        self._starts = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Deliverer]:
        """The deliverer at work, stopped as `archive-bot run` stops it."""
        os.environ.setdefault("PTB_TIMEDELTA", "1")
        self._starts += 1
        # A second between two messages to one chat would make every test slow; the pace has tests
        # of its own.
        pace = self.pace = Pace(1000, clock=_hurried(), burst=1)
        bot: ExtBot[None] = ExtBot(
            TOKEN,
            request=self.telegram.request(),
            get_updates_request=self.telegram.request(),
            rate_limiter=Retrying(pace),
        )

        async with bot, Writer(self.room.ledger) as writer:
            deliverer = Deliverer(
                bot,
                self.room.ledger,
                writer,
                pace,
                telling(self.room.archive, self.room.ledger),
                by=f"process {self._starts}",
                alone=True,
                burst=self.burst,
                rate=1000,
                clock=lambda: self.room.now,
                served=self.room.admission,
            )
            task = asyncio.create_task(deliverer.run())
            try:
                yield deliverer
            finally:
                await deliverer.stop()
                await task

    async def deliver(self, until: Callable[[], bool] | None = None) -> None:
        """Run until nothing that is due waits any more, or until a condition holds."""
        async with self.running():
            await self.wait_for(until or self.is_done)

    async def wait_for(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(condition):  # noqa: ASYNC110  the ledger tells nobody
                await asyncio.sleep(0.01)

    def is_done(self) -> bool:
        """Whether nothing is due now, and no chat is being served."""
        ledger, now = self.room.ledger, self.room.now
        leased = select(func.count()).where(chats.c.leased_by.is_not(None))
        with ledger.database.read() as connection:  # one state for both questions
            if connection.scalar(leased):
                return False
            due = next_due(connection, now)
        return due is None or due > now

    async def goes_on(self, **span: float) -> None:
        """Time passes, news is noted, and what is due is delivered."""
        self.room.now += timedelta(**span)
        self.room.notify()
        self.room.now += timedelta(seconds=1)  # what one gather brings settles
        await self.deliver()


def _hurried() -> Callable[[], float]:
    """A clock of which each look is most of a second later, so that no turn has to be awaited."""
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.9
        return now

    return clock
