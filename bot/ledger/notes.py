"""What the bot must remember of itself, such as the profile that it set last: name -> value."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from bot.ledger.schema import notes
from retrieval.database import Database


class Notes:
    """Keeps them. Everything raises `LedgerError`; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, name: str) -> str | None:
        """The value that was written last."""
        with self._database.read() as connection:
            return connection.scalar(select(notes.c.value).where(notes.c.name == name))

    def write(self, name: str, value: str) -> None:
        """Keep it; the name has at most 64 characters."""
        mine = notes.c.name == name
        with self._database.write() as connection:
            if not connection.execute(update(notes).where(mine).values(value=value)).rowcount:
                connection.execute(insert(notes).values(name=name, value=value))
