"""Messages of ours that stand for an article: a reply to one is a question about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from bot.ledger.schema import threads
from retrieval.database import Database

#: How many are kept, newest first.
_MOST = 10_000


class Threads:
    """Remembers them. Everything raises `LedgerError`; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, chat_id: int, message_id: int, article_id: str, now: datetime) -> None:
        """The message stands for the article; the oldest beyond the bound is forgotten."""
        mine = (threads.c.chat_id == chat_id) & (threads.c.message_id == message_id)
        values = {"article_id": article_id, "at": now}
        with self._database.write() as connection:
            if connection.execute(update(threads).where(mine).values(**values)).rowcount:
                return
            connection.execute(
                insert(threads).values(chat_id=chat_id, message_id=message_id, **values)
            )
            newest = select(func.max(threads.c.id)).scalar_subquery()
            connection.execute(delete(threads).where(threads.c.id <= newest - _MOST))

    def article(self, chat_id: int, message_id: int) -> str | None:
        """The article that the message stands for."""
        mine = (threads.c.chat_id == chat_id) & (threads.c.message_id == message_id)
        with self._database.read() as connection:
            return connection.scalar(select(threads.c.article_id).where(mine))

    def forget(self, chat_id: int) -> int:
        """Forget the messages of a chat; how many those were."""
        with self._database.write() as connection:
            mine = threads.c.chat_id == chat_id
            return connection.execute(delete(threads).where(mine)).rowcount
