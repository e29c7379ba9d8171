"""Questions that were shared and do not fit into a link, which names them by a digest instead."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, select

from bot.ledger.schema import shared
from retrieval.database import Database

#: How many are kept, those shared last.
_MOST = 10_000


class SharedQuestions:
    """Remembers them, and nobody who shared one. Raises `LedgerError`; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, digest: str, question: str, now: datetime) -> None:
        """Whoever opens a link with this digest asks it; the oldest beyond the bound is forgotten.

        The digest has at most 64 characters.
        """
        with self._database.write() as connection:
            connection.execute(delete(shared).where(shared.c.digest == digest))
            connection.execute(insert(shared).values(digest=digest, question=question, at=now))
            newest = select(func.max(shared.c.id)).scalar_subquery()
            connection.execute(delete(shared).where(shared.c.id <= newest - _MOST))

    def question(self, digest: str) -> str | None:
        """What was shared under it."""
        with self._database.read() as connection:
            return connection.scalar(select(shared.c.question).where(shared.c.digest == digest))
