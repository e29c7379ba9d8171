"""Updates, each handled once: queue -> processor -> first sight? -> handlers -> handled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

from telegram import Update
from telegram.ext import (
    ApplicationHandlerStop,
    BaseUpdateProcessor,
    ContextTypes,
    TypeHandler,
)

logger = logging.getLogger(__name__)

# All that the handlers answer; the one list of it.
ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
REMEMBERED = 4096


class Remembered:
    """The last `most` values seen. Those of `known` were seen before, the oldest first."""

    def __init__(self, most: int = REMEMBERED, known: Iterable[Hashable] = ()) -> None:
        self._most = most
        self._seen: dict[Hashable, None] = {}
        for value in known:
            self.is_new(value)

    def is_new(self, value: Hashable) -> bool:
        """Whether the value was not seen before; from now on it was.

        Awaits nothing, so of two concurrent callers with one value exactly one is told yes.
        """
        if value in self._seen:
            return False
        self._seen[value] = None
        if len(self._seen) > self._most:
            del self._seen[next(iter(self._seen))]
        return True


class UpdateStore(Protocol):
    """Where the numbers of handled updates outlive the process (`bot.ledger.SeenUpdates`)."""

    def add(self, update_ids: Iterable[int], now: datetime) -> None:
        """Keep them, and forget the oldest beyond what is kept. Called in a thread; may raise."""


def once_only(remembered: Remembered) -> TypeHandler[Update, ContextTypes.DEFAULT_TYPE, None]:
    """A handler, to stand in a group before all others, that ends a repeated update there.

    Telegram sends an update again when the confirmation of the first delivery was lost, be it
    because this process or the one before it was killed.
    """

    async def stop_repeated(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if not remembered.is_new(update.update_id):
            logger.info("update %d came again and is ignored", update.update_id)
            raise ApplicationHandlerStop

    return TypeHandler(Update, stop_repeated)


def when_handled(
    store: UpdateStore, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> TypeHandler[Update, ContextTypes.DEFAULT_TYPE, None]:
    """A handler, to stand in a group after all others, that keeps an update's number for good.

    Only then: a person whose question was cut off by a crash is answered after it, and one whose
    answer went out in the same moment gets it twice rather than never.
    """
    waiting: list[int] = []
    writing = asyncio.Lock()

    async def keep(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        waiting.append(update.update_id)
        async with writing:  # those that come while others are written are written together
            batch = tuple(waiting)
            waiting.clear()
            if not batch:
                return
            try:
                await asyncio.to_thread(store.add, batch, clock())
            except Exception:  # nobody goes without an answer for this
                logger.exception("the updates %s are not remembered", batch)

    return TypeHandler(Update, keep)


class Processor(BaseUpdateProcessor):
    """Lets updates run side by side, and can end those that outlive the bot's patience."""

    __slots__ = ("_running",)

    def __init__(self, max_concurrent_updates: int) -> None:
        super().__init__(max_concurrent_updates)
        self._running: set[asyncio.Task[Any]] = set()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await coroutine
        finally:
            self._running.discard(task)

    async def cancel_all(self) -> int:
        """End what still runs; how many updates that were."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        return len(running)
