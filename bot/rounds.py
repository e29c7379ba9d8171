"""Gathering beside the chats: sources that are due, each never twice at once, until left.

due sources, and those that somebody asks for -> a daemon thread each -> the archive; the log tells
of failures and recoveries
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from retrieval.errors import RetrievalError
from retrieval.gathering import WORKERS, Gatherer, Source, SourceReport

logger = logging.getLogger(__name__)

#: Seconds between two looks at which sources are due, at the most.
LONGEST_TICK = 5.0
#: Seconds after which a source is tried again at the earliest when the archive itself failed.
ARCHIVE_PAUSE = 30.0
#: Seconds that a gather under way gets to end when the bot stops; what it had committed is kept.
GRACE = 2.0


class Rounds:
    """Looks at sources when they are due. `run` until cancelled; then `close`."""

    def __init__(
        self,
        gatherer: Gatherer,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._gatherer = gatherer
        self._clock = clock
        self._busy: dict[str, asyncio.Future[SourceReport]] = {}
        self._resting: dict[str, float] = {}
        self._said: dict[str, str] = {}
        self._turns: dict[str, int] = {}
        self._closed = False
        soonest = min((source.interval for source in gatherer.sources), default=LONGEST_TICK)
        self._tick = min(LONGEST_TICK, max(soonest / 4, 0.05))

    async def run(self) -> None:
        """Never returns."""
        while True:
            # What is under way may end while we look: then it was due, but is so no longer.
            under_way = set(self._busy)
            for source in await self._due():
                if source.name not in under_way:
                    self._start(source)
            await asyncio.sleep(self._tick)

    async def _due(self) -> list[Source]:
        """What is due; first what had its turn longest ago, so that none is left out for ever."""
        try:
            due = await asyncio.to_thread(self._gatherer.due, self._clock())
        except Exception as error:  # a loop that ends would stop the gathering in silence
            self._tell("", error)
            return []
        if self._said.pop("", None) is not None:
            logger.info("the archive can be read again")
        return sorted(due, key=lambda source: self._turns.get(source.name, 0))

    @property
    def under_way(self) -> list[str]:
        """The names of the sources that are being gathered."""
        return sorted(self._busy)

    async def gather(self, name: str) -> SourceReport | None:
        """Gather the source of this name now, due or not; where it is under way, wait for that.

        Its server's wish to be left alone is respected. None where it did not end: the archive
        failed, as the log says, or the bot stops. Raises `KeyError` for a name of no source.
        """
        source = {source.name: source for source in self._gatherer.sources}[name]
        while not self._closed:
            if name not in self._busy and len(self._busy) < WORKERS:
                self._begin(source)
            mine = self._busy.get(name)
            if mine is not None:
                await asyncio.wait([mine])  # being cancelled ends no work that others wait for
                return None if mine.cancelled() else mine.result()
            await asyncio.wait(self._busy.values(), return_when=asyncio.FIRST_COMPLETED)
        return None

    async def close(self) -> None:
        """Stop what is under way, giving it a few seconds; nobody waits for it any longer."""
        self._closed = True
        self._gatherer.stop()
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=GRACE)
        for future in self._busy.values():
            future.cancel()
        self._gatherer.close()

    def _start(self, source: Source) -> None:
        resting = asyncio.get_running_loop().time() < self._resting.get(source.name, 0.0)
        if source.name not in self._busy and not resting and len(self._busy) < WORKERS:
            self._begin(source)

    def _begin(self, source: Source) -> None:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[SourceReport] = loop.create_future()
        self._busy[source.name] = future
        self._turns[source.name] = max(self._turns.values(), default=0) + 1

        def finish(report: SourceReport | None, error: Exception | None) -> None:
            del self._busy[source.name]
            if future.cancelled():
                return
            if error is not None:
                self._resting[source.name] = loop.time() + ARCHIVE_PAUSE
                self._tell(source.name, error)
                future.cancel()
            elif report is not None:
                self._ended(report)
                future.set_result(report)

        def work() -> None:
            report, failed = None, None
            try:
                report = self._gatherer.gather_one(source)
            except Exception as error:  # whatever it was, the next round tries again
                failed = error
            if not loop.is_closed():
                loop.call_soon_threadsafe(finish, report, failed)

        # A daemon: a server that does not answer must not hold up the end of the bot.
        threading.Thread(target=work, name=f"gather-{source.name}", daemon=True).start()

    def _ended(self, report: SourceReport) -> None:
        if report.failure is not None:
            self._tell(report.source, report.failure)
            return
        if report.intake is None:
            return
        if self._said.pop(report.source, None) is not None:
            logger.info("source %s can be read again", report.source)
        taken = report.intake
        if taken.new or taken.changed or taken.withdrawn:
            logger.info(
                "gathered %s: %d new, %d changed, %d withdrawn",
                report.source,
                taken.new,
                taken.changed,
                taken.withdrawn,
            )

    def _tell(self, source: str, error: Exception) -> None:
        """The same trouble once, not every round; with its traceback where nobody foresaw it."""
        foreseen = isinstance(error, RetrievalError)
        trouble = str(error) if foreseen else repr(error)
        if self._said.get(source) != trouble:
            self._said[source] = trouble
            for line in trouble.splitlines():
                prefix = f"source {source}: " if source else ""
                logger.error("%s%s", prefix, line, exc_info=None if foreseen else error)
