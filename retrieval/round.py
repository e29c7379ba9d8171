"""One gather of one source: a reading -> drafts, whole by their pages -> a commit -> a report."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from retrieval.archive.fetches import Begun
from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.completion import Completion, Trouble
from retrieval.errors import ArchiveError, FetchError, SourceError
from retrieval.progress import Progress, silent
from retrieval.sources.reading import Reader
from retrieval.timing import retry_after
from retrieval.visiting import Client, Visit

logger = logging.getLogger(__name__)


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


class Round:
    """Looks at one source once. `run` it once, in one thread.

    `active` are the names of all sources that are gathered, `failures` how often this one failed
    in a row before, `chance` (0 to 1) spreads when it is tried again.
    """

    def __init__(
        self,
        archive: Archive,
        source: Source,
        now: datetime,
        *,
        active: Collection[str],
        failures: int = 0,
        force: bool = False,
        stop: threading.Event,
        progress: Progress = silent,
        chance: float = 0.5,
    ) -> None:
        self._archive = archive
        self._source = source
        self._now = now
        self._active = active
        self._failures = failures
        self._force = force
        self._stop = stop
        self._progress = progress
        self._chance = chance

    def run(self, waits_until: datetime | None = None) -> SourceReport:
        """Read and commit, unless the server asked to be left alone until `waits_until`.

        Raises `ArchiveError`.
        """
        source = self._source
        if waits_until is not None and waits_until > self._now:
            return SourceReport(source.name, waits_until=waits_until)
        begun = self._archive.fetches.begin(source.name, source.reader.kind)
        visit = Visit(source.client, begun.responses, self._now, force=self._force, stop=self._stop)
        try:
            drafts = source.reader.read(visit).drafts
        except SourceError as error:
            if self._stop.is_set():  # it was cut off by us, and is no failure of the source
                return SourceReport(source.name, cut=str(error))
            return self._failed(error)
        except ArchiveError:
            raise
        except Exception as error:  # a reader that stumbles over one source must not stop the rest
            logger.exception("source %r could not be read", source.name)
            reason = f"could not be understood ({error!r}); please report this"
            return self._failed(SourceError(reason))
        try:
            taken = self._taken(begun, visit, drafts)
        except FetchError as error:
            return self._failed(error)
        if taken is None:
            cut = "someone else gathered it at the same time"
            logger.info("%s: %s", source.name, cut)
            return SourceReport(source.name, cut=cut)
        return SourceReport(source.name, taken)

    def _taken(self, begun: Begun, visit: Visit, drafts: Sequence[Draft]) -> IntakeReport | None:
        source = self._source
        if source.client is None:
            return self._commit(begun, drafts)
        pages = Completion(
            self._archive.pages,
            source.client,
            self._now,
            stop=self._stop,
            progress=self._progress,
            source=source.name,
            force=self._force,
        )
        known = begun.baselined_at is not None and begun.settings == source.settings
        if source.follow:
            taken = self._follow(begun, visit, drafts, pages)
        elif known and visit.answers and not visit.changed:
            taken = self._archive.fetches.touch(begun, visit.answers, self._now)
        else:
            pages.listed_again(draft.link for draft in drafts if draft.link is not None)
            taken = self._commit(begun, drafts, visit)
        if taken is None:
            return None
        gone = pages.gone(self._archive.pages.dropped(source.name, self._active))
        withdrawn = self._archive.articles.withdraw(gone, self._now)
        return replace(taken, withdrawn=taken.withdrawn + withdrawn)

    def _follow(
        self, begun: Begun, visit: Visit, drafts: Sequence[Draft], pages: Completion
    ) -> IntakeReport | None:
        """Commit as pages come in, so that a long first gather keeps what it has."""
        source = self._source
        taken: IntakeReport | None = None
        for _ in range(len(drafts) + 1):  # each turn tries at least one page
            done = pages.complete(drafts, source.batch, begun.baselined_at)
            if not done.drafts and not done.pending and pages.trouble.failures:
                raise _nothing_read(pages.trouble)
            report = self._commit(
                begun, done.drafts, visit, whole=not done.pending, familiar=done.familiar
            )
            if report is None:
                return taken
            taken = report if taken is None else taken + report
            if not done.pending or self._stop.is_set():
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

    def _commit(
        self,
        begun: Begun,
        drafts: Sequence[Draft],
        visit: Visit | None = None,
        *,
        whole: bool = True,
        familiar: Collection[str] = (),
    ) -> IntakeReport | None:
        return self._archive.fetches.commit(
            begun,
            drafts,
            () if visit is None else visit.answers,
            self._now,
            whole=whole,
            settings=self._source.settings,
            active=self._active,
            familiar=familiar,
        )

    def _failed(self, error: SourceError) -> SourceReport:
        source = self._source
        asked = error.retry_after if isinstance(error, FetchError) else None
        pause = retry_after(self._failures + 1, source.interval, self._chance)
        self._archive.fetches.record_failure(
            source.name,
            source.reader.kind,
            str(error),
            self._now,
            retry_at=self._now + pause,
            wait_until=self._now + timedelta(seconds=asked) if asked else None,
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
