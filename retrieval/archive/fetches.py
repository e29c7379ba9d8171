"""How each source fared when it was last gathered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from retrieval.archive.connect import Database
from retrieval.archive.schema import sightings, sources


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source as the archive knows it; `failure` is None where the last gather went well."""

    name: str
    kind: str
    articles: int
    gathered_at: datetime | None
    failed_at: datetime | None
    failure: str | None


class FetchLog:
    """Reads and writes the sources' states. Every method raises `ArchiveError`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record_failure(self, name: str, kind: str, reason: str, now: datetime) -> None:
        """Remember that a source could not be gathered, and why."""
        with self._database.write() as connection:
            found = connection.scalar(select(sources.c.id).where(sources.c.name == name))
            values = {"failed_at": now, "failure": reason}
            if found is None:
                connection.execute(insert(sources).values(name=name, kind=kind, **values))
            else:
                connection.execute(update(sources).where(sources.c.id == found).values(**values))

    def states(self) -> list[SourceState]:
        """Every source ever gathered, by name."""
        held = (
            select(sightings.c.source_id, func.count().label("articles"))
            .where(sightings.c.dropped_at.is_(None))
            .group_by(sightings.c.source_id)
            .subquery()
        )
        query = (
            select(sources, func.coalesce(held.c.articles, 0).label("articles"))
            .outerjoin(held, held.c.source_id == sources.c.id)
            .order_by(sources.c.name)
        )
        with self._database.read() as connection:
            return [
                SourceState(r.name, r.kind, r.articles, r.gathered_at, r.failed_at, r.failure)
                for r in connection.execute(query)
            ]
