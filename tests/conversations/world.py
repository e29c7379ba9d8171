"""One bot over the example archive, as `archive-bot run` assembles it, in a time that stands still.

Over polling or a webhook, with an archive and a ledger of its own.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Literal

from sqlalchemy import func, select

from bot import assembly
from bot.access import Limiter, Limits, Wait
from bot.ledger.claiming import next_due
from bot.ledger.schema import chats
from bot.ledger.writing import Writer
from bot.pace import Pace
from bot.serving import Webhook, serve
from bot.sources.assembly import gatherer_of
from tests.conversations.embedders import Held
from tests.conversations.studio import NEVER, Clock, Studio, assembled_with
from tests.telegram_server import TOKEN

Transport = Literal["polling", "webhook"]

#: Seconds that a question waits for an archive that is being read.
_PATIENCE, _IMPATIENCE = 20.0, 0.05


class _StandingLimiter(Limiter):
    """Counts by the world's clock."""

    def __init__(self, limiter: Limiter, clock: Clock) -> None:
        super().__init__(Limits())
        self._limiter = limiter
        self._clock = clock

    def ask(self, person_id: int, chat_id: int, now: float) -> Wait | None:
        return self._limiter.ask(person_id, chat_id, self._clock().timestamp())


class World:
    """A bot at work. Everything here is called from the test's thread."""

    def __init__(
        self,
        studio: Studio,
        transport: Transport,
        sections: Mapping[str, Mapping[str, Any]],
        *,
        still_read: bool = False,
    ) -> None:
        self.studio = studio
        self.transport = transport
        self.clock = Clock()
        self._held = Held(studio.embedder) if still_read else None
        self.folder = studio.home / f"world-{next(studio.numbers)}"
        shutil.copytree(studio.gathered if still_read else studio.read, self.folder)
        self.settings = studio.settings(self.folder, sections)
        self._chances = count()

    def start(self) -> None:
        """Begin, and return once people are answered."""
        self._ready = threading.Event()
        self._life = self.studio.loop.begin(self._live())
        deadline = time.monotonic() + NEVER
        while not self._ready.wait(0.02):
            if self._life.done():
                self._life.result()
            assert time.monotonic() < deadline, "the bot never began"
        if self._held is not None and not self._held.free.is_set():
            assert self._held.reached.wait(NEVER)
        else:
            self.studio.loop.call(self._library.ask("ready?"))

    def stop(self) -> None:
        """End as `archive-bot run` ends."""
        if self._held is not None:
            self._held.free.set()
        self.studio.loop.call(self._set(self._stop))
        self._life.result(NEVER)

    def read_on(self) -> None:
        """The archive that was still being read is read to its end."""
        assert self._held is not None
        self._held.free.set()
        deadline = time.monotonic() + NEVER
        while time.monotonic() < deadline:
            try:
                self.studio.loop.call(self._library.ask("ready?"))
            except Exception:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the archive was never read")

    def settle(self, update_id: int) -> None:
        """Return when all is done that follows from the updates up to this one."""
        deadline = time.monotonic() + NEVER
        while self.studio.server.telegram.control("numbers")["confirmed"] < update_id:
            assert time.monotonic() < deadline, f"the bot never took update {update_id}"
            time.sleep(0.005)
        self.studio.loop.call(self._quiet())

    def publish(self, text: str, tag: str) -> None:
        """A new article stands at the top of the first page, and is gathered and announced."""
        page = self.folder / "pages" / "page-01.txt"
        mark = "LATEST UPDATES\n"
        new = f"{mark}{text}\n{tag}\n{self.clock.now:%Y-%m-%d}\n"
        page.write_text(page.read_text("utf-8").replace(mark, new, 1), "utf-8")
        with gatherer_of(self.settings, self._archive, clock=self.clock) as gatherer:
            assert gatherer.gather().total().new == 1
        self._index.follower.catch_up()
        self._notifier.follow_words()
        self._notifier.follow_topics()
        self.clock.now += timedelta(seconds=1)  # what one gather brings settles
        self.studio.loop.call(self._quiet())

    def pass_to(self, moment: datetime) -> None:
        """The clock is set, and what is due by then is done."""
        self.clock.now = moment
        self.studio.loop.call(self._quiet())

    def _chance(self) -> float:
        """Each time another of the articles, and always the same ones."""
        return (next(self._chances) * 0.618 + 0.3) % 1

    async def _live(self) -> None:
        settings, clock = self.settings, self.clock
        self._stop = asyncio.Event()
        embedder = self._held or self.studio.embedder
        with (
            assembly.opened_archive(settings) as self._archive,
            assembly.opened_ledger(settings) as self._ledger,
            assembled_with(embedder, clock),
            assembly.owned_index(settings, self._archive, "the tests") as self._index,
        ):
            admission = assembly.admission_of(settings, self._ledger)
            self._notifier = assembly.notifier_of(
                settings, self._archive, self._ledger, self._index, clock, admission
            )
            await asyncio.to_thread(self._notifier.begin)
            patience = _PATIENCE if self._held is None else _IMPATIENCE
            async with (
                Writer(self._ledger) as writer,
                assembly.living_library(
                    settings, self._archive, self._index, gathers=True, patience=patience
                ) as self._library,
            ):
                desk = assembly.desk_of(settings, self._library, self._ledger, writer, admission)
                desk = replace(
                    desk,
                    clock=clock,
                    chance=self._chance,
                    limiter=_StandingLimiter(desk.limiter, clock),
                )
                pace = Pace(1000, clock=_hurried(), burst=1)
                self._application = assembly.telegram_application(
                    settings, self._library, desk, pace, TOKEN
                )
                self._deliverer = assembly.deliverer_of(
                    settings, self._archive, desk, pace, self._application
                )
                await serve(
                    self._application,
                    self._stop,
                    webhook=self._webhook(),
                    on_ready=self._ready.set,
                    alongside=partial(
                        assembly.working, settings, desk, self._application, self._deliverer
                    ),
                )

    def _webhook(self) -> Webhook | None:
        if self.transport == "polling":
            return None
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        return Webhook.of(f"http://127.0.0.1:{port}/telegram", "127.0.0.1", port, TOKEN)

    async def _quiet(self) -> None:
        """Until no update is being handled, and nothing that is due waits to be sent."""
        async with asyncio.timeout(NEVER):
            await self._application.update_queue.join()
            errands = [task for task in asyncio.all_tasks() if task.get_name() == "errand"]
            if errands:  # what an admin began, and need not wait for
                await asyncio.wait(errands)
            self._deliverer.wake()
            while not await asyncio.to_thread(self._is_delivered):  # noqa: ASYNC110  as it tells nobody
                await asyncio.sleep(0.01)

    def _is_delivered(self) -> bool:
        leased = select(func.count()).where(chats.c.leased_by.is_not(None))
        with self._ledger.database.read() as connection:  # one state for both questions
            if connection.scalar(leased):
                return False
            due = next_due(connection, self.clock.now)
        return due is None or due > self.clock.now

    async def _set(self, event: asyncio.Event) -> None:
        event.set()


def _hurried() -> Callable[[], float]:
    """A clock of which each look is most of a second later, so that no turn has to be awaited."""
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.9
        return now

    return clock
