"""The archive for handlers: questions wait in a queue, one worker answers them in batches.

questions -> queue -> one thread (embed together, search) -> answers
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from retrieval.archive.opening import Archive
from retrieval.article import Article
from retrieval.errors import EmbeddingError, IndexNotReady, RetrievalError
from retrieval.index.following import Follower
from retrieval.search.answer import Answer
from retrieval.search.answering import Answerer

logger = logging.getLogger(__name__)

#: Questions that may wait; more are told to come back.
_LONGEST_QUEUE = 512
#: Questions embedded together: more would make the first of them wait for the last.
_BATCH = 16
#: Seconds one question may take altogether, once the index is there.
_PATIENCE = 60.0

Waiting = tuple[str, "asyncio.Future[Answer]"]


class LocalLibrary:
    """Answers from the index that this process owns, off the event loop.

    `patience` is how many seconds a question waits for an index that is not there yet, before
    its asker is told so. Use as an async context manager: the worker lives as long.
    """

    def __init__(
        self, archive: Archive, follower: Follower, answerer: Answerer, *, patience: float
    ) -> None:
        self._archive = archive
        self._follower = follower
        self._answerer = answerer
        self._patience = patience
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue(_LONGEST_QUEUE)
        self._ready = asyncio.Event()
        self._failure: RetrievalError | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answer")
        self._worker: asyncio.Task[None] | None = None

    async def __aenter__(self) -> LocalLibrary:
        self._worker = asyncio.create_task(self._work(), name="answers")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
        while not self._queue.empty():
            self._queue.get_nowait()[1].cancel()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def ready(self) -> None:
        """The index is caught up and the model loaded: questions can be answered."""
        self._failure = None
        self._ready.set()

    def fail(self, error: RetrievalError) -> None:
        """The index cannot be had now: whoever asks is told at once."""
        self._failure = error
        self._ready.set()

    async def ask(self, question: str) -> Answer:
        """Answer one question. See `bot.context.Library`."""
        try:
            async with asyncio.timeout(self._patience):
                await self._ready.wait()
        except TimeoutError:
            raise self._not_ready() from None
        if self._failure is not None:
            raise self._failure
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((question, future))
            async with asyncio.timeout(_PATIENCE):
                return await future
        except (asyncio.QueueFull, TimeoutError):
            raise IndexNotReady("too many questions at once") from None

    async def latest(self, limit: int) -> Sequence[Article]:
        """The newest articles. See `bot.context.Library`."""
        return await asyncio.to_thread(self._archive.articles.latest, limit)

    def _not_ready(self) -> IndexNotReady:
        return IndexNotReady("the index is still being built", progress=self._follower.share)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._queue.get()]
            while len(batch) < _BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            batch = [(question, future) for question, future in batch if not future.done()]
            questions = [question for question, _ in batch]
            try:
                answers = await loop.run_in_executor(self._thread, self._answerer.answer, questions)
            except asyncio.CancelledError:
                for _, future in batch:
                    future.cancel()
                raise
            except Exception as error:  # the asker is told, the worker lives on
                if not isinstance(error, RetrievalError):
                    logger.exception("a question could not be answered")
                    error = EmbeddingError(f"a question could not be answered: {error!r}")
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), answer in zip(batch, answers, strict=True):
                    if not future.done():
                        future.set_result(answer)
