"""Gathering: every source read and committed on its own; one that fails stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.errors import SourceError, UnreadableSource
from retrieval.progress import Progress, silent
from retrieval.sources.reading import Reader

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How one source fared; exactly one of the two is there."""

    source: str
    intake: IntakeReport | None
    failure: SourceError | None


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
    """Reads sources and commits what they hold. `gather` from one thread at a time."""

    def __init__(
        self,
        archive: Archive,
        readers: Sequence[Reader],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        progress: Progress = silent,
    ) -> None:
        self._archive = archive
        self._readers = tuple(readers)
        self._clock = clock
        self._progress = progress

    def gather(self) -> GatherReport:
        """Gather all sources. Raises `ArchiveError`; an unreadable source is reported instead."""
        reports = []
        for number, reader in enumerate(self._readers):
            self._progress("gathering", number, len(self._readers))
            reports.append(self._gather(reader))
        self._progress("gathering", len(self._readers), len(self._readers))
        return GatherReport(tuple(reports))

    def _gather(self, reader: Reader) -> SourceReport:
        try:
            reading = reader.read()
        except SourceError as error:
            self._archive.fetches.record_failure(
                reader.name, reader.kind, str(error), self._clock()
            )
            return SourceReport(reader.name, None, error)
        intake = self._archive.articles.commit(
            reader.name, reader.kind, reading.drafts, self._clock()
        )
        if intake.new or intake.changed:
            logger.debug("%s: %d new, %d changed", reader.name, intake.new, intake.changed)
        return SourceReport(reader.name, intake, None)
