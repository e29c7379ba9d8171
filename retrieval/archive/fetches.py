"""How each source fares: what it was read with, when, how it failed, how long to leave it alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from retrieval.archive.connect import Database
from retrieval.archive.intaking import IntakeReport, commit_drafts, source_row
from retrieval.archive.responses import StoredResponse, load_responses, store_responses
from retrieval.archive.schema import articles, responses, sightings, sources
from retrieval.article import Draft


@dataclass(frozen=True, slots=True)
class Fared:
    """How a source fared; `failure` is None where the last gather went well.

    `failing_since` is the first of `failures` failures in a row; `reported_at` when its owner was
    told of them. `wait_until` is what the server asked for, `retry_at` what we wait after a
    failure.
    """

    name: str
    kind: str
    gathered_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str | None = None
    settings: str | None = None
    baselined_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None
    wait_until: datetime | None = None
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceState(Fared):
    """A source as the archive knows it.

    `articles` are those it holds now, `dropped` those it held once, and `brought_at` is when it
    had the last of them first. `moved_to` is where its address leads for good.
    """

    articles: int = 0
    dropped: int = 0
    brought_at: datetime | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """What a reading starts from; `readings` tells later whether another one came in between."""

    source_id: int
    name: str
    readings: int
    settings: str | None
    baselined_at: datetime | None
    responses: Mapping[str, StoredResponse] = field(default_factory=dict)


class FetchLog:
    """Reads and writes the sources' states. Every method raises `ArchiveError`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, name: str, kind: str) -> Begun:
        """Start a reading of a source."""
        with self._database.write() as connection:
            row = source_row(connection, name, kind)
            return Begun(
                source_id=row.id,
                name=name,
                readings=row.readings,
                settings=row.settings,
                baselined_at=row.baselined_at,
                responses=load_responses(connection, row.id),
            )

    def commit(
        self,
        begun: Begun,
        drafts: Sequence[Draft],
        answers: Iterable[StoredResponse],
        now: datetime,
        *,
        whole: bool = True,
        settings: str = "",
        active: Collection[str] | None = None,
        familiar: Collection[str] = (),
    ) -> IntakeReport | None:
        """Take in what a reading brought, with the responses it came from, all or nothing.

        None, and nothing is taken, where another reading of the source was committed since this
        one began: what this one saw may be older. See `commit_drafts` for the rest.
        """
        with self._database.write() as connection:
            if not _still(connection, begun):
                return None
            report = commit_drafts(
                connection,
                begun.source_id,
                begun.name,
                drafts,
                now,
                whole=whole,
                settings=settings,
                active=active,
                familiar=familiar,
            )
            store_responses(connection, begun.source_id, begun.responses, answers)
            mark_gathered(connection, begun.source_id, now)
            return report

    def touch(
        self, begun: Begun, answers: Iterable[StoredResponse], now: datetime
    ) -> IntakeReport | None:
        """A reading found that nothing changed. None as for `commit`."""
        with self._database.write() as connection:
            if not _still(connection, begun):
                return None
            store_responses(connection, begun.source_id, begun.responses, answers)
            mark_gathered(connection, begun.source_id, now)
            held = (
                select(func.count())
                .select_from(sightings)
                .where(sightings.c.source_id == begun.source_id, sightings.c.dropped_at.is_(None))
            )
            return IntakeReport(0, 0, connection.scalar(held) or 0)

    def record_failure(
        self,
        name: str,
        kind: str,
        reason: str,
        now: datetime,
        *,
        retry_at: datetime | None = None,
        wait_until: datetime | None = None,
    ) -> None:
        """Remember that a source could not be gathered, why, and when to try again."""
        with self._database.write() as connection:
            row = source_row(connection, name, kind)
            connection.execute(
                update(sources)
                .where(sources.c.id == row.id)
                .values(
                    failed_at=now,
                    failure=reason,
                    failing_since=row.failing_since or now,
                    failures=row.failures + 1,
                    retry_at=retry_at,
                    wait_until=wait_until,
                )
            )

    def record_report(self, name: str, at: datetime | None) -> None:
        """Remember that the owner was told that a source fails, or (None) that it recovered."""
        with self._database.write() as connection:
            connection.execute(update(sources).where(sources.c.name == name).values(reported_at=at))

    def fared(self) -> dict[str, Fared]:
        """How every source fared that was ever gathered, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(sources)).all()
        names = [each.name for each in fields(Fared)]
        return {row.name: Fared(**{n: row._mapping[n] for n in names}) for row in rows}

    def states(self) -> list[SourceState]:
        """Every source ever gathered, with what it holds, by name."""
        present = func.count().filter(sightings.c.dropped_at.is_(None))
        held = (
            select(
                sightings.c.source_id,
                present.label("articles"),
                (func.count() - present).label("dropped"),
                func.max(sightings.c.first_seen).label("brought_at"),
            )
            .join(articles, articles.c.id == sightings.c.article_id)
            .where(articles.c.withdrawn_at.is_(None))
            .group_by(sightings.c.source_id)
            .subquery()
        )
        moved = (
            select(responses.c.source_id, func.min(responses.c.moved_to).label("moved_to"))
            .group_by(responses.c.source_id)
            .subquery()
        )
        query = (
            select(
                sources,
                func.coalesce(held.c.articles, 0).label("articles"),
                func.coalesce(held.c.dropped, 0).label("dropped"),
                held.c.brought_at,
                moved.c.moved_to,
            )
            .outerjoin(held, held.c.source_id == sources.c.id)
            .outerjoin(moved, moved.c.source_id == sources.c.id)
            .order_by(sources.c.name)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        names = [each.name for each in fields(SourceState)]
        return [SourceState(**{n: row._mapping[n] for n in names}) for row in rows]


def mark_gathered(connection: Connection, source_id: int, now: datetime) -> None:
    """A gather of the source went well: whatever failed before is over."""
    connection.execute(
        update(sources)
        .where(sources.c.id == source_id)
        .values(
            gathered_at=now,
            readings=sources.c.readings + 1,
            failed_at=None,
            failure=None,
            failing_since=None,
            failures=0,
            retry_at=None,
            wait_until=None,
        )
    )


def _still(connection: Connection, begun: Begun) -> bool:
    query = select(sources.c.readings).where(sources.c.id == begun.source_id)
    return connection.scalar(query) == begun.readings
