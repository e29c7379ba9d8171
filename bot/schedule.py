"""What goes on beside the chats: gathering and following, each never twice at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

from bot.asking import LocalLibrary
from bot.preparing import Preparation
from bot.rounds import Rounds
from retrieval.errors import EmbeddingError, RetrievalError
from retrieval.gathering import Gatherer
from retrieval.index.following import Follower

logger = logging.getLogger(__name__)

#: Seconds after which failing work is tried again at the latest, unless it is rarer anyway.
_LONGEST_PAUSE = 60.0


async def every(seconds: float, work: Callable[[], object], thread: ThreadPoolExecutor) -> None:
    """Do the work in the thread again and again, `seconds` apart, whatever it raises.

    While it fails it is tried less and less often, at the least every minute.
    """
    loop = asyncio.get_running_loop()
    said = ""
    pause = seconds
    while True:
        try:
            await loop.run_in_executor(thread, work)
            said = ""
            pause = seconds
        except RetrievalError as error:
            pause = max(seconds, min(2 * pause, _LONGEST_PAUSE))
            if str(error) != said:  # the same trouble is told once, not every two seconds
                logger.error("%s", error)
            said = str(error)
        except Exception:  # a loop that ends would stop the bot's work in silence
            pause = max(seconds, min(2 * pause, _LONGEST_PAUSE))
            logger.exception("work beside the chats failed; it is tried again")
        await asyncio.sleep(pause)


@contextlib.asynccontextmanager
async def beside(
    library: LocalLibrary,
    follower: Follower,
    gatherer: Gatherer | None,
    preparation: Preparation,
    *,
    follow_interval: float,
) -> AsyncIterator[None]:
    """Keep the index equal to the archive, and gather if there is a gatherer, until left.

    Questions are answered once the index is caught up and all that they need is loaded.
    """
    loop = asyncio.get_running_loop()

    def follow() -> None:
        try:
            follower.catch_up()
        except RetrievalError as error:
            if isinstance(error, EmbeddingError) or not follower.is_open:
                loop.call_soon_threadsafe(library.fail, error)
            raise
        preparation.finish()
        loop.call_soon_threadsafe(library.ready)

    preparation.begin()
    following = ThreadPoolExecutor(1, thread_name_prefix="follow")
    tasks = [asyncio.create_task(every(follow_interval, follow, following), name="follow")]
    rounds = None if gatherer is None else Rounds(gatherer)
    if rounds is not None:
        tasks.append(asyncio.create_task(rounds.run(), name="gather"))
    try:
        yield
    finally:
        follower.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if rounds is not None:
            await rounds.close()
        await asyncio.to_thread(following.shutdown, wait=True, cancel_futures=True)
