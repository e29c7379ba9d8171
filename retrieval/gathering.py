"""Gathering: every source read and committed on its own; one that fails stops no other.

due sources -> a round each, several at a time -> a report
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.errors import SourceError, UnreadableSource
from retrieval.parallel import in_parallel
from retrieval.progress import Progress, silent
from retrieval.round import Round, Source, SourceReport
from retrieval.timing import next_look

__all__ = ["GatherReport", "Gatherer", "Source", "SourceReport"]

#: Sources read at the same time; most of their time is waiting.
WORKERS = 8


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
        state = self._archive.fetches.fared().get(source.name)
        round_ = Round(
            self._archive,
            source,
            self._clock(),
            active=self._names,
            failures=state.failures if state else 0,
            force=force,
            stop=self._stop,
            progress=self._progress,
            chance=self._chance(),
        )
        try:
            waits_until = state.wait_until if state and not force else None
            report = round_.run(waits_until)
        finally:
            self._progress(source.name, 1, 1)
        return replace(report, seconds=time.monotonic() - started)
