"""What the owner tells all who are subscribed: a draft, then a row of the outbox for each place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Row,
    Select,
    String,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from bot.ledger.outbox import Work
from bot.ledger.readiness import work_out
from bot.ledger.reading import place_of
from bot.ledger.records import Bulletin, Place, Rhythm, Spread, State, told_id
from bot.ledger.schema import bulletins, deliveries, places, subscriptions
from bot.ledger.subscribers import Due
from retrieval.archive.chunks import chunked
from retrieval.archive.schema import Moment
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
        digest, and stops with the subscriptions that there are now, as a notice does. `due` is
        asked once for all places of one zone with the same quiet hours. Whoever else writes waits:
        about a second for twenty thousand places.
        """

        def work(connection: Connection) -> int | None:
            mine = (bulletins.c.id == bulletin_id) & bulletins.c.told_at.is_(None)
            if not connection.execute(update(bulletins).where(mine).values(told_at=now)).rowcount:
                return None
            told = 0
            for sample, ids in _alike(connection, serves):
                moment = due(replace(sample, rhythm=Rhythm.AT_ONCE), now)
                for some in chunked(ids):
                    connection.execute(_rows(told_id(bulletin_id), some, moment, now))
                work_out(connection, ids)
                told += len(ids)
            known = update(bulletins).where(bulletins.c.id == bulletin_id)
            connection.execute(known.values(places=told))
            return told

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


def _alike(connection: Connection, serves: Serves) -> list[tuple[Place, list[int]]]:
    """The places that hear, by their numbers: those for which the same moment is due together.

    One of each stands for the others.
    """
    alike: dict[tuple[Any, ...], list[int]] = {}
    when = (places.c.zone, places.c.quiet_from, places.c.quiet_to)
    query = select(places.c.id, places.c.chat_id, *when).where(_HEARING).order_by(places.c.id)
    for own, chat_id, *told in connection.execute(query).all():
        if serves(chat_id):
            alike.setdefault(tuple(told), []).append(own)
    samples = {ids[0]: ids for ids in alike.values()}
    found: list[tuple[Place, list[int]]] = []
    for some in chunked(samples):
        rows = connection.execute(select(places).where(places.c.id.in_(some)))
        found += [(place_of(row), samples[row.id]) for row in rows]
    return found


def _rows(told: str, place_ids: Collection[int], due_at: datetime, now: datetime) -> Insert:
    """A row of the outbox for each place, made within the database: a statement each takes long.

    Its reasons are the place's subscriptions, as `schema.Numbers` writes them.
    """
    reasons = (
        select(func.aggregate_strings(cast(subscriptions.c.id, String), ","))
        .where(subscriptions.c.place_id == places.c.id)
        .scalar_subquery()
    )
    values = {
        deliveries.c.article_id: literal(told),
        deliveries.c.place_id: places.c.id,
        deliveries.c.reasons: reasons,
        deliveries.c.score: literal(1.0),
        deliveries.c.state: literal(State.WAITING.value),
        deliveries.c.due_at: literal(due_at, Moment),
        deliveries.c.created_at: literal(now, Moment),
        deliveries.c.unknown: literal(0),
        deliveries.c.plain: literal(False),
    }
    query = select(*values.values()).where(places.c.id.in_(place_ids)).order_by(places.c.id)
    return insert(deliveries).from_select([*values], query)


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
