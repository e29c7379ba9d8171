"""What the owner tells all who are subscribed: a draft, then a row of the outbox for each place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.ledger.outbox import Work
from bot.ledger.readiness import work_out
from bot.ledger.reading import place_of
from bot.ledger.records import Bulletin, Rhythm, Spread, State, told_id
from bot.ledger.schema import bulletins, deliveries, places, subscriptions
from bot.ledger.subscribers import Due
from retrieval.archive.chunks import chunked
from retrieval.database import Database

#: Drafts that nobody sent are kept for so long.
_KEEP_DRAFTS = timedelta(days=7)

#: Who hears: whoever wishes anything, is not paused, and does not sleep.
_HEARING: ColumnElement[bool] = (
    places.c.paused.is_(False)
    & places.c.asleep.is_(None)
    & places.c.id.in_(select(subscriptions.c.place_id))
)


#: Whether this chat is sent anything: `bot.admission.Admission.serves`.
Serves = Callable[[int], bool]


def _everybody(_: int) -> bool:
    return True


class Bulletins:
    """Keeps them. Everything raises `LedgerError`; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def draft(self, html: str, now: datetime) -> Work[int]:
        """Its number; old drafts are thrown away."""

        def work(connection: Connection) -> int:
            old = bulletins.c.told_at.is_(None) & (bulletins.c.made_at < now - _KEEP_DRAFTS)
            connection.execute(delete(bulletins).where(old))
            row = insert(bulletins).values(html=html, made_at=now).returning(bulletins.c.id)
            number: int = connection.execute(row).scalar_one()
            return number

        return work

    def drop(self, bulletin_id: int) -> Work[bool]:
        """Throw a draft away; whether it was one."""

        def work(connection: Connection) -> bool:
            mine = (bulletins.c.id == bulletin_id) & bulletins.c.told_at.is_(None)
            return connection.execute(delete(bulletins).where(mine)).rowcount > 0

        return work

    def tell(
        self, bulletin_id: int, now: datetime, due: Due, serves: Serves = _everybody
    ) -> Work[int | None]:
        """Tell it at every place that hears now, all or nothing; how many those are.

        None, and nothing done, where it was told before or thrown away. It is not held for a
        digest, and stops with the subscriptions that there are now, as a notice does. A hundred
        thousand places take some seconds, for which whoever else writes waits.
        """

        def work(connection: Connection) -> int | None:
            mine = (bulletins.c.id == bulletin_id) & bulletins.c.told_at.is_(None)
            if not connection.execute(update(bulletins).where(mine).values(told_at=now)).rowcount:
                return None
            query = select(places).where(_HEARING).order_by(places.c.id)
            hearing = [row for row in connection.execute(query).all() if serves(row.chat_id)]
            reasons = _reasons(connection)
            for some in chunked(hearing):
                rows = [
                    {
                        "article_id": told_id(bulletin_id),
                        "place_id": row.id,
                        "reasons": tuple(reasons[row.id]),
                        "score": 1.0,
                        "state": State.WAITING.value,
                        "due_at": due(replace(place_of(row), rhythm=Rhythm.AT_ONCE), now),
                        "created_at": now,
                        "unknown": 0,
                        "plain": False,
                    }
                    for row in some
                ]
                connection.execute(insert(deliveries), rows)
            work_out(connection, [row.id for row in hearing])
            told = update(bulletins).where(bulletins.c.id == bulletin_id)
            connection.execute(told.values(places=len(hearing)))
            return len(hearing)

        return work

    def reach(self, serves: Serves = _everybody) -> int:
        """At how many places a bulletin would be heard now."""
        with self._database.read() as connection:
            chats = connection.scalars(select(places.c.chat_id).where(_HEARING)).all()
        return sum(map(serves, chats))

    def by_id(self, ids: Collection[int]) -> dict[int, Bulletin]:
        """Those of them that there are, by number."""
        found: dict[int, Bulletin] = {}
        with self._database.read() as connection:
            for some in chunked(set(ids)):
                rows = connection.execute(select(bulletins).where(bulletins.c.id.in_(some)))
                found |= {row.id: _bulletin(row) for row in rows}
        return found

    def told(self, limit: int) -> list[Bulletin]:
        """Those that were told, the newest first."""
        query: Select[Any] = select(bulletins).where(bulletins.c.told_at.is_not(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(bulletins.c.id.desc()).limit(limit))
            return [_bulletin(row) for row in rows]

    def spread(self, ids: Iterable[int]) -> dict[int, Spread]:
        """How far each of these has come."""
        names = {told_id(own): own for own in ids}
        counted: dict[int, dict[str, int]] = {own: {} for own in names.values()}
        query = (
            select(deliveries.c.article_id, deliveries.c.state, func.count())
            .where(deliveries.c.article_id.in_(names))
            .group_by(deliveries.c.article_id, deliveries.c.state)
        )
        with self._database.read() as connection:
            for told, state, count in connection.execute(query):
                counted[names[told]][state] = count
        return {own: _spread(counts) for own, counts in counted.items()}


def _reasons(connection: Connection) -> dict[int, list[int]]:
    """By place its subscriptions."""
    found: dict[int, list[int]] = {}
    query = select(subscriptions.c.place_id, subscriptions.c.id).order_by(subscriptions.c.id)
    for row in connection.execute(query):
        found.setdefault(row.place_id, []).append(row.id)
    return found


def _bulletin(row: Row[Any]) -> Bulletin:
    return Bulletin(row.id, row.html, row.made_at, row.told_at, row.places)


def _spread(counts: dict[str, int]) -> Spread:
    def of(*states: State) -> int:
        return sum(counts.get(state.value, 0) for state in states)

    return Spread(
        sent=of(State.SENT),
        waiting=of(State.WAITING, State.SENDING),
        dead=of(State.DEAD),
        stopped=of(State.STOPPED, State.WITHDRAWN),
    )
