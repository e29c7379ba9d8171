"""Words of questions are kept no longer than a setting says: clock -> ledger, every hour."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.errors import LedgerError
from bot.ledger import Ledger

logger = logging.getLogger(__name__)

#: Seconds between two looks.
PAUSE = 3600.0


@asynccontextmanager
async def forgetting(
    ledger: Ledger,
    days: int,
    clock: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> AsyncIterator[None]:
    """Beside the block, forget the words of questions asked more than so many days ago.

    With 0 days all that an earlier setting had kept; what came with somebody's vote stays.
    """
    task = asyncio.create_task(_forget(ledger, days, clock, sleep), name="retention")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _forget(
    ledger: Ledger,
    days: int,
    clock: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[object]],
) -> None:
    while True:
        try:
            before = clock() - timedelta(days=days)
            count = await asyncio.to_thread(ledger.answers.purge_questions, before)
            if count:
                logger.info("the words of %d questions are forgotten", count)
        except LedgerError as error:
            logger.error("questions are kept longer than they should: %s", error)
        await sleep(PAUSE)
