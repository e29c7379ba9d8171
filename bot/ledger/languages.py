"""Which language people chose for themselves, and administrators for a group or a channel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.ledger.outbox import Work
from bot.ledger.people import People
from bot.ledger.schema import chats, people, places
from retrieval.database import Database


class ChosenLanguages:
    """By the number of a person or a chat, which are never the same but for a private chat.

    Everything raises `LedgerError`; thread-safe.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people = People(database)

    def lately(self, limit: int) -> dict[int, str]:
        """Those of all groups and channels, and of the people seen last, `limit` of each at most.

        Whoever was seen last is the last one.
        """
        of_chats = (
            select(chats.c.chat_id, chats.c.language)
            .where(chats.c.language.is_not(None))
            .limit(limit)
        )
        of_people = (
            select(people.c.person_id, people.c.language)
            .where(people.c.language.is_not(None))
            .order_by(people.c.last_seen.desc(), people.c.person_id)
            .limit(limit)
        )
        with self._database.read() as connection:
            written = [tuple(row) for row in connection.execute(of_people)]
            return {**dict(reversed(written)), **dict(map(tuple, connection.execute(of_chats)))}

    def of(self, number: int) -> str | None:
        """What was chosen by this person, or for this chat."""
        of_person = select(people.c.language).where(people.c.person_id == number)
        of_chat = select(chats.c.language).where(chats.c.chat_id == number)
        with self._database.read() as connection:
            return connection.scalar(of_person) or connection.scalar(of_chat)

    def choose(
        self, person_id: int, language: str | None, otherwise: str, now: datetime
    ) -> Work[None]:
        """A person reads this language from now on, in announcements too.

        With None, what their client tells; announcements are in `otherwise` then.
        """
        remember = self._people.choose_language(person_id, language, now)

        def work(connection: Connection) -> None:
            remember(connection)
            mine = places.c.chat_id == person_id
            connection.execute(update(places).where(mine).values(language=language or otherwise))

        return work

    def choose_for_chat(self, chat_id: int, language: str | None) -> Work[None]:
        """This chat reads it from now on, in all its topics; it has a place already.

        With None everybody there is answered in their own; announcements stay as they are.
        """

        def work(connection: Connection) -> None:
            chat = chats.c.chat_id == chat_id
            connection.execute(update(chats).where(chat).values(language=language))
            if language is not None:
                mine = places.c.chat_id == chat_id
                connection.execute(update(places).where(mine).values(language=language))

        return work
