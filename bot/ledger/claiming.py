"""Which chats a process may send to now, and what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from bot.ledger.readiness import HOLDS_DIGESTS, TELLS_BULLETIN, in_state
from bot.ledger.reading import delivery_of, place_of
from bot.ledger.records import Claim, Delivery, State
from bot.ledger.schema import chats, deliveries, places
from retrieval.archive.chunks import LARGEST, chunked

#: Rows of one claim: what a place missed while the bot was away is to be one message.
MOST_ROWS = 1_000


def claim(
    connection: Connection,
    now: datetime,
    by: str,
    lease: timedelta,
    limit: int,
    skip: Collection[int],
) -> list[Claim]:
    """Lease at most `limit` chats where something is due; see `Outbox.claim`."""
    until = now + lease
    chosen = _free_chats(connection, now, limit, set(skip))
    claims: list[Claim] = []
    for some in chunked(chosen):
        connection.execute(
            update(chats).where(chats.c.chat_id.in_(some)).values(leased_by=by, leased_until=until)
        )
        ready = connection.execute(
            select(places)
            .where(places.c.chat_id.in_(some), places.c.ready_at <= now)
            .order_by(places.c.ready_at, places.c.id)
        ).all()
        ids = [row.id for row in ready]
        rows = due_rows(connection, ids, now, MOST_ROWS)
        edits = _edits(connection, ids, now)
        claims += [
            Claim(place_of(row), tuple(rows.get(row.id, ())), tuple(edits.get(row.id, ())), until)
            for row in ready
        ]
    return claims


def due_rows(
    connection: Connection, place_ids: Sequence[int], now: datetime, limit: int
) -> dict[int, list[Delivery]]:
    """By place what is due, oldest first, at most `limit` each: up to the first that is not.

    Where that is held for a digest, bulletins are not: the same of those, apart.
    """
    waiting = and_(deliveries.c.place_id.in_(place_ids), in_state(State.WAITING))
    digests = select(places.c.id).where(places.c.id.in_(place_ids), HOLDS_DIGESTS)
    bulletins = and_(waiting, TELLS_BULLETIN, deliveries.c.place_id.in_(digests))
    due = _first_rows(connection, waiting, now, limit)
    for place_id, told in _first_rows(connection, bulletins, now, limit).items():
        both = {row.id: row for row in (*due[place_id], *told)}
        due[place_id] = sorted(both.values(), key=lambda row: row.id)
    return due


def _first_rows(
    connection: Connection, which: ColumnElement[bool], now: datetime, limit: int
) -> dict[int, list[Delivery]]:
    number = func.row_number().over(partition_by=deliveries.c.place_id, order_by=deliveries.c.id)
    some = select(deliveries, number.label("number")).where(which).subquery()
    rows = connection.execute(
        select(some).where(some.c.number <= limit).order_by(some.c.place_id, some.c.number)
    )
    return {
        place_id: list(_until_not_due(map(delivery_of, own), now))
        for place_id, own in groupby(rows, key=lambda row: int(row.place_id))
    }


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When a chat can be claimed next, None if nothing is left to send."""
    ready = select(func.min(places.c.ready_at)).join(chats, chats.c.chat_id == places.c.chat_id)
    moments = [connection.scalar(ready.where(_free(now)))]
    held = (
        select(places.c.ready_at, chats.c.wait_until, chats.c.leased_until)
        .join(chats, chats.c.chat_id == places.c.chat_id)
        .where(
            places.c.ready_at.is_not(None),
            or_(chats.c.wait_until > now, chats.c.leased_until > now),
        )
    )
    moments += [
        max(moment for moment in row if moment is not None) for row in connection.execute(held)
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def _free(now: datetime) -> ColumnElement[bool]:
    return and_(
        or_(chats.c.wait_until.is_(None), chats.c.wait_until <= now),
        or_(chats.c.leased_until.is_(None), chats.c.leased_until <= now),
    )


def _free_chats(connection: Connection, now: datetime, limit: int, skip: set[int]) -> list[int]:
    """Chats with something due, oldest first."""
    if limit <= 0:
        return []
    ready = connection.scalars(
        select(places.c.chat_id)
        .join(chats, chats.c.chat_id == places.c.chat_id)
        .where(places.c.ready_at <= now, _free(now))
        .order_by(places.c.ready_at, places.c.id)
        .limit(limit + len(skip))
    )
    return [chat_id for chat_id in dict.fromkeys(ready) if chat_id not in skip][:limit]


def _edits(
    connection: Connection, place_ids: Sequence[int], now: datetime
) -> dict[int, list[Delivery]]:
    rows = connection.execute(
        select(deliveries)
        .where(
            deliveries.c.place_id.in_(place_ids),
            deliveries.c.edit_at <= now,
        )
        .order_by(deliveries.c.place_id, deliveries.c.id)
        .limit(LARGEST)
    )
    return {
        place_id: [delivery_of(row) for row in own]
        for place_id, own in groupby(rows, key=lambda row: int(row.place_id))
    }


def _until_not_due(rows: Iterable[Delivery], now: datetime) -> Iterator[Delivery]:
    for row in rows:
        if row.due_at > now:
            return
        yield row
