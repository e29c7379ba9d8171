"""The "typing ..." that a person sees while an answer is being looked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

logger = logging.getLogger(__name__)

# https://core.telegram.org/bots/api#sendchataction: "The status is set for 5 seconds or less".
PERIOD = 4.5
LONGEST = 120.0  # beyond that, "typing" is no longer believed
LAST_RESPITE = 1.0


@asynccontextmanager
async def typing(
    send: Callable[[], Awaitable[object]],
    *,
    period: float = PERIOD,
    longest: float = LONGEST,
    respite: float = LAST_RESPITE,
) -> AsyncIterator[None]:
    """Call `send` at once and every `period` seconds until the block ends or `longest` is over.

    Whatever `send` raises, the block goes on. A request under way at the end may take `respite`
    seconds to land: cancelling it would cost its connection, and overtaking it would show "typing"
    after the answer.
    """
    done = asyncio.Event()

    async def keep_sending() -> None:
        try:
            async with asyncio.timeout(longest):
                while True:
                    try:
                        await send()
                    except Exception as error:
                        logger.debug("typing could not be shown: %r", error)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(done.wait(), period)
                        return
        except TimeoutError:
            logger.debug("typing was shown for %g s, and no longer", longest)

    task = asyncio.create_task(keep_sending(), name="typing")
    try:
        yield
    finally:
        done.set()
        _, late = await asyncio.wait((task,), timeout=respite)
        for each in late:
            each.cancel()
            await asyncio.gather(each, return_exceptions=True)
