"""What goes on beside the chats: gather, follow, notify, deliver, each never twice at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

from bot.asking import LocalLibrary
from bot.deliveries import Deliverer
from bot.errors import BotError
from bot.notifications import Notifier
from bot.preparing import Preparation
from bot.rounds import Rounds
from retrieval.errors import EmbeddingError, IndexNotReady, RetrievalError
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
        except (RetrievalError, BotError) as error:
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
) -> AsyncIterator[Rounds | None]:
    """Keep the index equal to the archive, and gather if there is a gatherer, until left.

    The rounds, by which more can be gathered than is due, are given where there is a gatherer.
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
        yield rounds
    finally:
        follower.stop()
        preparation.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if rounds is not None:
            await rounds.close()
        await asyncio.to_thread(following.shutdown, wait=True, cancel_futures=True)


@contextlib.asynccontextmanager
async def notifying(
    notifier: Notifier, wake: Callable[[], object], *, interval: float
) -> AsyncIterator[None]:
    """Turn news into rows of the outbox until left; `wake` is called when there are new ones.

    Topics wait for the index; tags and words do not wait for topics.
    """
    loop = asyncio.get_running_loop()

    def words() -> None:
        if notifier.follow_words():
            loop.call_soon_threadsafe(wake)

    def topics() -> None:
        try:
            if notifier.follow_topics():
                loop.call_soon_threadsafe(wake)
        except IndexNotReady as waiting:  # the index tells itself what it lacks
            logger.debug("topics wait: %s", waiting)

    threads = [ThreadPoolExecutor(1, thread_name_prefix=name) for name in ("words", "topics")]
    tasks = [
        asyncio.create_task(every(interval, work, thread), name=f"notify {work.__name__}")
        for work, thread in zip((words, topics), threads, strict=True)
    ]
    try:
        yield
    finally:
        notifier.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for thread in threads:
            await asyncio.to_thread(thread.shutdown, wait=True, cancel_futures=True)


@contextlib.asynccontextmanager
async def delivering(deliverer: Deliverer) -> AsyncIterator[None]:
    """Send what is due until left; what is being sent then gets a few seconds to be answered."""
    task = asyncio.create_task(deliverer.run(), name="deliver")
    try:
        yield
    finally:
        await deliverer.stop()
        await task
