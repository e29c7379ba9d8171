"""Gathering: every source read and committed on its own; one that fails stops no other.

due sources -> a reading each -> drafts, completed by their pages -> one commit -> a report
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from retrieval.archive.fetches import Begun, Fared
from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.archive.responses import StoredResponse
from retrieval.article import Draft
from retrieval.completion import Completion, Trouble
from retrieval.errors import ArchiveError, FetchError, RetrievalError, SourceError, UnreadableSource
from retrieval.parallel import in_parallel
from retrieval.progress import Progress, silent
from retrieval.sources.reading import Reader
from retrieval.timing import next_look, retry_after
from retrieval.visiting import Client, Visit

logger = logging.getLogger(__name__)

#: Sources read at the same time; most of their time is waiting.
WORKERS = 8


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is gathered.

    `interval` is how many seconds pass between two looks at it. With `follow` each article's own
    page is fetched. `settings` names the settings it is read with, to notice a change of them.
    `client` is None for files.
    """

    reader: Reader
    client: Client | None = None
    interval: float = 900
    follow: bool = False
    settings: str = ""
    batch: int = 50

    @property
    def name(self) -> str:
        """The name people see."""
        return self.reader.name


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How one source fared in `seconds`: an intake, or a failure, or neither.

    Neither where its server asked to be left alone until `waits_until`, and where the source was
    gathered by someone else meanwhile or the work was stopped (`cut`).
    """

    source: str
    intake: IntakeReport | None = None
    failure: SourceError | None = None
    seconds: float = field(default=0.0, compare=False)
    waits_until: datetime | None = None
    cut: str | None = None


@dataclass(frozen=True, slots=True)
class GatherReport:
    """How all sources fared."""

    sources: tuple[SourceReport, ...]

    @property
    def failures(self) -> tuple[SourceError, ...]:
        """Each place that could not be read."""
        return tuple(
            problem
            for report in self.sources
            if report.failure is not None
            for problem in (
                report.failure.problems
                if isinstance(report.failure, UnreadableSource)
                else (report.failure,)
            )
        )

    def total(self) -> IntakeReport:
        """The sum over the sources that could be read."""
        taken = [report.intake for report in self.sources if report.intake is not None]
        return IntakeReport(
            new=sum(intake.new for intake in taken),
            changed=sum(intake.changed for intake in taken),
            unchanged=sum(intake.unchanged for intake in taken),
            withdrawn=sum(intake.withdrawn for intake in taken),
        )


class Gatherer:
    """Reads sources and commits what they hold. Thread-safe, but for one source at a time."""

    def __init__(
        self,
        archive: Archive,
        sources: Sequence[Source],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        progress: Progress = silent,
    ) -> None:
        self._archive = archive
        self.sources = tuple(sources)
        self._names = [source.name for source in sources]
        self._clock = clock
        self._chance = chance
        self._progress = progress
        self._stop = threading.Event()

    def stop(self) -> None:
        """End the work under way at its next request; what was committed is kept."""
        self._stop.set()

    def close(self) -> None:
        """Stop, and give all connections back."""
        self.stop()
        for client in {id(s.client): s.client for s in self.sources if s.client}.values():
            client.close()

    def due(self, now: datetime) -> list[Source]:
        """The sources that are to be looked at now, by what the archive knows of them.

        Raises `ArchiveError`.
        """
        fared = self._archive.fetches.fared()
        return [
            source
            for source in self.sources
            if now >= next_look(fared.get(source.name), source.interval, source.settings, now)
        ]

    def gather(self, *, force: bool = False) -> GatherReport:
        """Gather all sources, several at a time.

        A server's wish to be left alone is respected unless `force`. Raises `ArchiveError`; an
        unreadable source is reported instead.
        """
        return GatherReport(
            tuple(
                in_parallel(
                    lambda source: self.gather_one(source, force=force), self.sources, WORKERS
                )
            )
        )

    def gather_one(self, source: Source, *, force: bool = False) -> SourceReport:
        """Gather one source. Raises `ArchiveError`."""
        started = time.monotonic()
        self._progress(source.name, 0, 1)
        try:
            report = self._gather(source, force=force)
        finally:
            self._progress(source.name, 1, 1)
        return replace(report, seconds=time.monotonic() - started)

    def _gather(self, source: Source, *, force: bool) -> SourceReport:
        now = self._clock()
        state = self._archive.fetches.fared().get(source.name)
        if state and state.wait_until and state.wait_until > now and not force:
            return SourceReport(source.name, waits_until=state.wait_until)
        begun = self._archive.fetches.begin(source.name, source.reader.kind)
        visit = Visit(source.client, begun.responses, now, force=force, stop=self._stop)
        try:
            drafts = source.reader.read(visit).drafts
        except ArchiveError:
            raise
        except SourceError as error:
            if self._stop.is_set():  # it was cut off by us, and is no failure of the source
                return SourceReport(source.name, cut=str(error))
            return self._failed(source, state, error, now)
        except Exception as error:  # a reader that stumbles over one source must not stop the rest
            logger.exception("source %r could not be read", source.name)
            reason = SourceError(f"could not be understood ({error!r}); please report this")
            return self._failed(source, state, reason, now)
        try:
            return self._commit(source, begun, visit, drafts, now)
        except FetchError as error:
            return self._failed(source, state, error, now)

    def _commit(
        self, source: Source, begun: Begun, visit: Visit, drafts: Sequence[Draft], now: datetime
    ) -> SourceReport:
        taken: IntakeReport | None = None
        if source.client is None:
            taken = self._take(source, begun, drafts, (), now)
            return self._report(source, taken)
        pages = Completion(
            self._archive.pages,
            source.client,
            now,
            stop=self._stop,
            progress=self._progress,
            source=source.name,
        )
        same = begun.baselined_at is not None and begun.settings == source.settings
        if visit.answers and not visit.changed and same and not source.follow:
            taken = self._archive.fetches.touch(begun, visit.answers, now)
        elif not source.follow:
            pages.listed_again(draft.link for draft in drafts if draft.link is not None)
            taken = self._take(source, begun, drafts, visit.answers, now)
        else:
            taken = self._follow(source, begun, visit, drafts, pages, now)
        if taken is not None:
            gone = pages.gone(self._archive.pages.dropped(source.name, self._names))
            withdrawn = self._archive.articles.withdraw(gone, now)
            taken = replace(taken, withdrawn=taken.withdrawn + withdrawn)
        return self._report(source, taken)

    def _follow(
        self,
        source: Source,
        begun: Begun,
        visit: Visit,
        drafts: Sequence[Draft],
        pages: Completion,
        now: datetime,
    ) -> IntakeReport | None:
        """Commit as pages come in, so that a long first gather keeps what it has."""
        taken: IntakeReport | None = None
        for _ in range(len(drafts) + 1):  # each round tries at least one page
            round_ = pages.complete(drafts, source.batch, begun.baselined_at)
            if not round_.drafts and not round_.pending and pages.trouble.failures:
                raise _nothing_read(pages.trouble)
            report = self._take(
                source,
                begun,
                round_.drafts,
                visit.answers,
                now,
                whole=not round_.pending,
                familiar=round_.familiar,
            )
            if report is None:
                return taken
            taken = report if taken is None else taken + report
            if not round_.pending or self._stop.is_set():
                break
            begun = self._archive.fetches.begin(source.name, source.reader.kind)
        if trouble := pages.trouble.failures:
            logger.warning(
                "%s: %d pages of articles could not be read, the first because %s",
                source.name,
                len(trouble),
                trouble[0],
            )
        return taken

    def _take(
        self,
        source: Source,
        begun: Begun,
        drafts: Sequence[Draft],
        answers: Sequence[StoredResponse],
        now: datetime,
        *,
        whole: bool = True,
        familiar: Collection[str] = (),
    ) -> IntakeReport | None:
        return self._archive.fetches.commit(
            begun,
            drafts,
            answers,
            now,
            whole=whole,
            settings=source.settings,
            active=self._names,
            familiar=familiar,
        )

    def _report(self, source: Source, taken: IntakeReport | None) -> SourceReport:
        if taken is None:
            cut = "someone else gathered it at the same time"
            logger.info("%s: %s", source.name, cut)
            return SourceReport(source.name, cut=cut)
        if taken.new or taken.changed or taken.withdrawn:
            logger.debug(
                "%s: %d new, %d changed, %d withdrawn",
                source.name,
                taken.new,
                taken.changed,
                taken.withdrawn,
            )
        return SourceReport(source.name, taken)

    def _failed(
        self, source: Source, state: Fared | None, error: SourceError, now: datetime
    ) -> SourceReport:
        asked = error.retry_after if isinstance(error, FetchError) else None
        failures = state.failures if state else 0
        pause = retry_after(failures + 1, source.interval, self._chance())
        self._archive.fetches.record_failure(
            source.name,
            source.reader.kind,
            str(error),
            now,
            retry_at=now + pause,
            wait_until=now + timedelta(seconds=asked) if asked else None,
        )
        return SourceReport(source.name, failure=error)


def _nothing_read(trouble: Trouble) -> FetchError:
    first = trouble.failures[0]
    return FetchError(
        f"none of its articles' pages could be read, the first because {first}",
        status=first.status,
        retry_after=first.retry_after,
        unreachable=first.unreachable,
    )


__all__ = ["GatherReport", "Gatherer", "RetrievalError", "Source", "SourceReport"]
