"""The change log: what happened to articles, in the order it was committed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from retrieval.archive.connect import Database
from retrieval.archive.schema import changes, facts


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the log.

    `kind` is `new` (published since: news), `baseline` (new to the archive, but there before),
    `changed` or `withdrawn`. An article has one row of the first two kinds, ever.
    """

    seq: int
    article_id: str
    kind: str
    at: datetime


class ChangeLog:
    """Reads the log. Every method raises `ArchiveError`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def identity(self) -> str:
        """The name of this very log: another archive's cursors mean nothing here."""
        with self._database.read() as connection:
            return str(connection.scalar(select(facts.c.value).filter_by(name="identity")))

    def since(self, cursor: int, limit: int) -> list[Change]:
        """The changes after `cursor`, oldest first, at most `limit`."""
        query = select(changes).where(changes.c.seq > cursor).order_by(changes.c.seq).limit(limit)
        with self._database.read() as connection:
            return [Change(r.seq, r.article_id, r.kind, r.at) for r in connection.execute(query)]

    def end(self) -> int:
        """The number of the newest change, 0 for none."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(changes.c.seq))) or 0
