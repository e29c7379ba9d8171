"""Whoever wrote to the bot, by their number alone: no names are kept.

Groups and channels that may use the bot are here too, by their negative numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.ledger.outbox import Work
from bot.ledger.schema import people
from retrieval.database import Database

#: Being seen again within this writes nothing.
_FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What is kept of a person. `language` and `zone` are what they chose, None where nothing.

    `invited_by` is why they may use the bot, as `bot.admission` tells it.
    """

    person_id: int
    first_seen: datetime
    last_seen: datetime
    language: str | None = None
    zone: str | None = None
    invited_by: str | None = None
    allowed: bool = False


class People:
    """Remembers them. Everything raises `LedgerError`; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, person_id: int) -> KnownPerson | None:
        """What is kept of this person."""
        query = select(people).where(people.c.person_id == person_id)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return KnownPerson(
            row.person_id,
            row.first_seen,
            row.last_seen,
            row.language,
            row.zone,
            row.invited_by,
            row.allowed,
        )

    def language(self, person_id: int) -> str | None:
        """The language that they chose."""
        with self._database.read() as connection:
            query = select(people.c.language).where(people.c.person_id == person_id)
            return connection.scalar(query)

    def seen(self, person_id: int, now: datetime) -> Work[None]:
        """They wrote or pressed something."""

        def work(connection: Connection) -> None:
            _ensure(connection, person_id, now)

        return work

    def choose_language(self, person_id: int, language: str | None, now: datetime) -> Work[None]:
        """What they read is in this language from now on; None: in their client's."""

        def work(connection: Connection) -> None:
            _ensure(connection, person_id, now)
            mine = people.c.person_id == person_id
            connection.execute(update(people).where(mine).values(language=language))

        return work

    def origin(self, number: int) -> str | None:
        """Why this person or chat may use the bot; None where nothing is kept of that."""
        with self._database.read() as connection:
            return connection.scalar(
                select(people.c.invited_by).where(people.c.person_id == number)
            )

    def origins(self, limit: int) -> dict[int, str]:
        """The same of all of them; where they are more than the limit, of those seen last.

        Whoever was seen last is the last one.
        """
        query = (
            select(people.c.person_id, people.c.invited_by)
            .where(people.c.invited_by.is_not(None))
            .order_by(people.c.last_seen.desc(), people.c.person_id)
            .limit(limit)
        )
        with self._database.read() as connection:
            found = [tuple(row) for row in connection.execute(query)]
        return dict(reversed(found))

    def letting_in(
        self, number: int, origin: str, now: datetime, *, allowed: bool = True
    ) -> Work[None]:
        """This person or chat may use the bot for this reason; not `allowed`, only be told news."""

        def work(connection: Connection) -> None:
            _ensure(connection, number, now)
            mine = people.c.person_id == number
            connection.execute(
                update(people).where(mine).values(invited_by=origin, allowed=allowed)
            )

        return work

    def let_in(self, number: int, origin: str, now: datetime) -> None:
        """The same, in a transaction of its own."""
        with self._database.write() as connection:
            self.letting_in(number, origin, now)(connection)

    def count(self) -> int:
        """How many people there are."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).where(people.c.person_id > 0)) or 0

    def invited(self) -> tuple[int, int]:
        """How many people, and how many chats, came by a code."""
        query = select(
            func.count().filter(people.c.person_id > 0),
            func.count().filter(people.c.person_id < 0),
        ).where(people.c.allowed)
        with self._database.read() as connection:
            of_people, of_chats = connection.execute(query).one()
        return of_people, of_chats

    def forget(self, person_id: int) -> bool:
        """Forget a person; whether there was anything to forget."""
        with self._database.write() as connection:
            mine = people.c.person_id == person_id
            return connection.execute(delete(people).where(mine)).rowcount > 0


def _ensure(connection: Connection, person_id: int, now: datetime) -> None:
    mine = people.c.person_id == person_id
    last = connection.scalar(select(people.c.last_seen).where(mine))
    if last is None:
        connection.execute(
            insert(people).values(
                person_id=person_id, first_seen=now, last_seen=now, allowed=False, asked=0
            )
        )
    elif now - last >= _FRESH:
        connection.execute(update(people).where(mine).values(last_seen=now))
