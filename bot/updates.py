"""Updates, each handled once: update queue -> processor -> first sight? -> handlers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Hashable
from typing import Any

from telegram import Update
from telegram.ext import (
    ApplicationHandlerStop,
    BaseUpdateProcessor,
    ContextTypes,
    TypeHandler,
)

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = (Update.MESSAGE,)  # all that the handlers answer; the one list of it
REMEMBERED = 4096


class Remembered:
    """The last `most` values seen."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._seen: dict[Hashable, None] = {}

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


def once_only(most: int = REMEMBERED) -> TypeHandler[Update, ContextTypes.DEFAULT_TYPE, None]:
    """A handler, to stand in a group before all others, that ends a repeated update there.

    Telegram sends an update again when the confirmation of the first delivery was lost.
    """
    remembered = Remembered(most)

    async def stop_repeated(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if not remembered.is_new(update.update_id):
            logger.info("update %d came again and is ignored", update.update_id)
            raise ApplicationHandlerStop

    return TypeHandler(Update, stop_repeated)


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
