"""The updates that were handled: Telegram sends one again whose confirmation was lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from bot.ledger.schema import seen_updates
from retrieval.archive.chunks import chunked
from retrieval.database import Database

#: How many are kept, newest first: Telegram hands out at most 100 at a time.
_MOST = 4096


class SeenUpdates:
    """Remembers their numbers. Everything raises `LedgerError`; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[int]:
        """Those that are kept, in the order in which they were added."""
        query = select(seen_updates.c.update_id).order_by(seen_updates.c.id)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def add(self, update_ids: Iterable[int], now: datetime) -> None:
        """Keep these too, and forget the oldest beyond the bound."""
        wanted = dict.fromkeys(update_ids)
        if not wanted:
            return
        column = seen_updates.c.update_id
        with self._database.write() as connection:
            for some in chunked(wanted):
                there = set(connection.scalars(select(column).where(column.in_(some))))
                new = [{"update_id": own, "at": now} for own in some if own not in there]
                if new:
                    connection.execute(insert(seen_updates), new)
            newest = select(func.max(seen_updates.c.id)).scalar_subquery()
            connection.execute(delete(seen_updates).where(seen_updates.c.id <= newest - _MOST))
