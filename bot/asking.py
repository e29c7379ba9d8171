"""The archive for handlers: questions wait in a queue, one worker answers them in batches.

questions -> queue -> one thread (embed together, search) -> answers
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.admin.office import Office
from bot.browsing import ArchiveBrowsing, Browsing
from bot.wishes import Wish, wants
from retrieval.archive.opening import Archive
from retrieval.article import Article
from retrieval.errors import EmbeddingError, IndexNotReady, RetrievalError
from retrieval.index.following import Follower
from retrieval.search.answer import Answer
from retrieval.search.answering import Answerer
from retrieval.search.similar import Similar
from retrieval.search.topics import TopicJudge

logger = logging.getLogger(__name__)

#: Questions that may wait; more are told to come back.
_LONGEST_QUEUE = 512
#: Questions embedded together: more would make the first of them wait for the last.
_BATCH = 16
#: Seconds one question may take altogether, once the index is there.
_PATIENCE = 60.0

#: Articles, the newest, among which a subscription shows what it would have announced.
_LOOKED_BACK = 200


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A question, the article that alone may answer it if one is named, and who waits."""

    question: str
    within: str | None
    future: asyncio.Future[Answer]


class LocalLibrary:
    """Answers from the index that this process owns, off the event loop.

    `patience` is how many seconds a question waits for an index that is not there yet, before
    its asker is told so. Use as an async context manager: the worker lives as long. `office` is
    what whoever looks after the bot sees of it, once there is one.
    """

    def __init__(
        self,
        archive: Archive,
        follower: Follower,
        answerer: Answerer,
        topics: TopicJudge,
        similar: Similar,
        *,
        patience: float,
    ) -> None:
        self._archive = archive
        self.browsing: Browsing = ArchiveBrowsing(archive)
        self._follower = follower
        self._answerer = answerer
        self._topics = topics
        self._similar = similar
        self._patience = patience
        self.office: Office | None = None
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(_LONGEST_QUEUE)
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
            self._queue.get_nowait().future.cancel()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def ready(self) -> None:
        """The index is caught up and the model loaded: questions can be answered."""
        self._failure = None
        self._ready.set()

    def fail(self, error: RetrievalError) -> None:
        """The index cannot be had now: whoever asks is told at once."""
        self._failure = error
        self._ready.set()

    async def ask(
        self, question: str, *, within: str | None = None, patience: float | None = None
    ) -> Answer:
        """Answer one question. See `bot.context.Library`."""
        await self._until_ready(patience)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(_Waiting(question, within, future))
            async with asyncio.timeout(_PATIENCE):
                return await future
        except (asyncio.QueueFull, TimeoutError):
            raise IndexNotReady("too many questions at once") from None

    async def latest(self, limit: int) -> Sequence[Article]:
        """The newest articles. See `bot.context.Library`."""
        return await asyncio.to_thread(self._archive.articles.latest, limit)

    async def article(self, article_id: str) -> Article | None:
        """One article. See `bot.context.Library`."""
        found = await asyncio.to_thread(self._archive.articles.by_id, [article_id])
        return found.get(article_id)

    async def excerpts(self, ids: Sequence[str]) -> Mapping[str, tuple[str, Article]]:
        """Excerpts as they are now. See `bot.context.Library`."""
        found = await asyncio.to_thread(self._archive.articles.excerpts, ids)
        return {own: (passage.excerpt.text, article) for own, (passage, article) in found.items()}

    async def similar(self, article_id: str, limit: int) -> Sequence[Article]:
        """The articles nearest to one. See `bot.context.Library`."""
        return await asyncio.to_thread(self._similar.to, article_id, limit)

    async def about(self, topic: str, strictness: int, limit: int) -> Sequence[Article]:
        """What a subscription about this would have announced. See `bot.context.Library`."""
        await self._until_ready()
        return await asyncio.to_thread(
            self._topics.recent, topic, strictness, limit, over=_LOOKED_BACK
        )

    async def with_words(self, wish: Wish, limit: int) -> Sequence[Article]:
        """What a wish of tags and words would have announced. See `bot.context.Library`."""
        return await asyncio.to_thread(self._with_words, wish, limit)

    def _with_words(self, wish: Wish, limit: int) -> list[Article]:
        newest = self._archive.articles.latest(_LOOKED_BACK)
        texts = self._archive.articles.texts(article.id for article in newest)
        fitting = (
            article
            for article in newest
            if article.id in texts and wants(wish, article.tags, (article.title, texts[article.id]))
        )
        return list(itertools.islice(fitting, limit))

    async def end(self) -> int:
        """The number of the newest change. See `bot.context.Library`."""
        return await asyncio.to_thread(self._archive.changes.end)

    async def _until_ready(self, patience: float | None = None) -> None:
        """Wait for the index. Raises `IndexNotReady`, or why there will be none."""
        try:
            async with asyncio.timeout(self._patience if patience is None else patience):
                await self._ready.wait()
        except TimeoutError:
            raise self._not_ready() from None
        if self._failure is not None:
            raise self._failure

    def _not_ready(self) -> IndexNotReady:
        return IndexNotReady("the index is still being built", progress=self._follower.share)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._queue.get()]
            while len(batch) < _BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            batch = [waiting for waiting in batch if not waiting.future.done()]
            questions = [waiting.question for waiting in batch]
            within = [waiting.within for waiting in batch]
            try:
                answers = await loop.run_in_executor(
                    self._thread, self._answerer.answer, questions, within
                )
            except asyncio.CancelledError:
                for waiting in batch:
                    waiting.future.cancel()
                raise
            except Exception as error:  # the asker is told, the worker lives on
                if not isinstance(error, RetrievalError):
                    logger.exception("a question could not be answered")
                    error = EmbeddingError(f"a question could not be answered: {error!r}")
                for waiting in batch:
                    if not waiting.future.done():
                        waiting.future.set_exception(error)
            else:
                for waiting, answer in zip(batch, answers, strict=True):
                    if not waiting.future.done():
                        waiting.future.set_result(answer)
