"""Many small writes as few transactions: what waits while one commits is the next one.

works -> waiting -> one thread: one transaction, a savepoint each -> results, after the commit
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from bot.errors import LedgerError
from bot.ledger import Ledger, Work

T = TypeVar("T")

#: Works of one transaction: others wait no longer than these take.
_MOST = 500

Waiting = tuple[Work[Any], "asyncio.Future[Any]"]


class Writer:
    """Does works in the order in which they came. An async context manager, used from one loop.

    Each commit waits for the disk; this way a hundred works wait together.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._database = ledger.database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._waiting: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None
        self._closed = False

    async def __aenter__(self) -> Writer:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing more is taken; what waits is done first."""
        self._closed = True
        try:
            if self._writing is not None:
                await asyncio.shield(self._writing)
        finally:
            self._thread.shutdown(wait=False)

    async def do(self, work: Work[T]) -> T:
        """What the work gives, once it is committed.

        Raises what it raises, which spoils no other, or `LedgerError` where nothing could be
        committed. It is done too if whoever asked for it is cancelled: what it tells has happened.
        """
        if self._closed:
            raise LedgerError("the bot is stopping: nothing more is written to the ledger")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._waiting.append((work, done))
        if self._writing is None:
            self._writing = loop.create_task(self._write(), name="ledger writer")
        return await done

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                works = [work for work, _ in batch]
                try:
                    outcomes = await loop.run_in_executor(self._thread, self._commit, works)
                except BaseException as error:
                    batch, self._waiting = batch + self._waiting, []
                    _answer(batch, [(None, _lost(error))] * len(batch))
                    raise
                _answer(batch, outcomes)
        finally:
            self._writing = None

    def _commit(self, works: Sequence[Work[Any]]) -> list[tuple[Any, Exception | None]]:
        """Results and errors, one for each work."""
        outcomes: list[tuple[Any, Exception | None]] = []
        try:
            with self._database.write() as connection:
                for work in works:
                    try:
                        with self._database.translated(), connection.begin_nested():
                            result = work(connection)
                        outcomes.append((result, None))
                    except Exception as error:
                        outcomes.append((None, error))
        except Exception as error:
            return [(None, error)] * len(works)
        return outcomes


def _answer(batch: Sequence[Waiting], outcomes: Sequence[tuple[Any, Exception | None]]) -> None:
    for (_, done), (result, error) in zip(batch, outcomes, strict=True):
        if done.done():  # who asked was cancelled
            continue
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)


def _lost(error: BaseException) -> LedgerError:
    return LedgerError(f"the ledger's writer ended before it was told the outcome: {error!r}")
