"""What a stretch of the change log means for the outbox: rows, edits, withdrawals, the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, or_, select, update

from bot.ledger.merging import current_ids
from bot.ledger.readiness import in_state, work_out
from bot.ledger.records import Edit, NewDelivery, State
from bot.ledger.schema import cursors, deliveries, places, subscriptions
from bot.ledger.settling import BACK
from retrieval.archive.chunks import chunked

Pair = tuple[str, int]


class _Wished(NamedTuple):
    reasons: tuple[int, ...]
    score: float
    due_at: datetime


def set_cursor(connection: Connection, name: str, log: str, cursor: int) -> None:
    """Note how far the log was followed."""
    mine = (cursors.c.name == name) & (cursors.c.log == log)
    if not connection.execute(update(cursors).where(mine).values(cursor=cursor)).rowcount:
        connection.execute(insert(cursors).values(name=name, log=log, cursor=cursor))


def add_rows(connection: Connection, rows: Sequence[NewDelivery], now: datetime) -> int:
    """Put rows into the outbox, in their order; how many are new.

    A pair that is there already only gains reasons. Nothing is made for a place that is paused or
    for a reason that is no more: somebody said so after the rows were made up. Whoever writes is
    alone (`Database.write`), so what is looked up here stays true.
    """
    pairs = _still_wished(connection, rows)
    known = _known(connection, pairs)
    new = [
        {
            "article_id": article_id,
            "place_id": place_id,
            "reasons": wished.reasons,
            "score": wished.score,
            "state": State.WAITING.value,
            "due_at": wished.due_at,
            "created_at": now,
            "unknown": 0,
            "plain": False,
        }
        for (article_id, place_id), wished in pairs.items()
        if (article_id, place_id) not in known
    ]
    if new:
        connection.execute(insert(deliveries), new)
    for pair, row in known.items():
        _wish_again(connection, row, pairs[pair])
    work_out(connection, {place_id for _, place_id in pairs})
    return len(new)


def withdraw(connection: Connection, article_ids: Iterable[str]) -> None:
    """What waits of these articles is not sent."""
    concerned: set[int] = set()
    for some in chunked(set(article_ids)):
        concerned.update(
            connection.scalars(
                update(deliveries)
                .where(deliveries.c.article_id.in_(some), in_state(State.WAITING))
                .values(state=State.WITHDRAWN.value)
                .returning(deliveries.c.place_id)
            )
        )
    work_out(connection, concerned)


def mark_edits(
    connection: Connection, edits: Sequence[Edit], now: datetime, since: datetime | None
) -> None:
    """Notices sent at `since` or later that show something else are to be edited.

    What is being sent may show something else too, and so may what waits: it may have been read for
    a message whose turn is yet to come. And what changed is there: what waited for an article that
    had been withdrawn waits again.
    """
    concerned: set[int] = set()
    sent = [deliveries.c.state == State.SENT.value, deliveries.c.message_id.is_not(None)]
    if since is not None:
        sent.append(deliveries.c.sent_at >= since)
    for edit in edits:
        mine = deliveries.c.article_id == edit.article_id
        connection.execute(
            update(deliveries)
            .where(mine, deliveries.c.state.in_((State.SENDING.value, State.WAITING.value)))
            .values(wanted=edit.shown)
        )
        behind = (
            update(deliveries)
            .where(mine, *sent)
            .where(or_(deliveries.c.shown != edit.shown, deliveries.c.wanted.is_not(None)))
            .values(wanted=edit.shown, edit_at=now)
        )
        back = (
            update(deliveries)
            .where(mine, deliveries.c.state == State.WITHDRAWN.value)
            .values(state=BACK)
        )
        for statement in (behind, back):
            concerned.update(connection.scalars(statement.returning(deliveries.c.place_id)))
    work_out(connection, concerned)


def _still_wished(connection: Connection, rows: Sequence[NewDelivery]) -> dict[Pair, _Wished]:
    """By pair what there is of each row, places and reasons by the numbers they have now."""
    moved = current_ids(connection, "place", (row.place_id for row in rows))
    united = current_ids(
        connection, "subscription", (reason for row in rows for reason in row.reasons)
    )
    hearing = set(connection.scalars(select(places.c.id).where(places.c.paused.is_(False))))
    there = set(connection.scalars(select(subscriptions.c.id)))
    pairs: dict[Pair, _Wished] = {}
    for row in rows:
        place_id = moved.get(row.place_id, row.place_id)
        reasons = [united.get(reason, reason) for reason in row.reasons]
        reasons = [reason for reason in reasons if reason in there]
        if place_id not in hearing or not reasons:
            continue
        pair = (row.article_id, place_id)
        if earlier := pairs.get(pair):
            reasons = [*earlier.reasons, *reasons]
            score, due_at = max(earlier.score, row.score), min(earlier.due_at, row.due_at)
        else:
            score, due_at = row.score, row.due_at
        pairs[pair] = _Wished(tuple(dict.fromkeys(reasons)), score, due_at)
    return pairs


def _known(connection: Connection, pairs: dict[Pair, _Wished]) -> dict[Pair, Row[Any]]:
    """Those of the pairs that are in the outbox."""
    known: dict[Pair, Row[*tuple[Any, ...]]] = {}
    for some in chunked({article_id for article_id, _ in pairs}):
        rows = connection.execute(
            select(
                deliveries.c.id,
                deliveries.c.article_id,
                deliveries.c.place_id,
                deliveries.c.reasons,
                deliveries.c.score,
                deliveries.c.state,
            ).where(deliveries.c.article_id.in_(some))
        )
        known |= {pair: row for row in rows if (pair := (row.article_id, row.place_id)) in pairs}
    return known


def _wish_again(connection: Connection, row: Row[Any], wished: _Wished) -> None:
    """One more reason keeps a row that the first one would stop, or brings a stopped one back."""
    if row.state == State.SENT.value or not set(wished.reasons) - set(row.reasons):
        return
    values: dict[str, Any] = {
        "reasons": tuple(dict.fromkeys((*row.reasons, *wished.reasons))),
        "score": max(row.score, wished.score),
    }
    # Stopped with its reasons left: the place was paused, and what came before stays unsent.
    if row.state == State.STOPPED.value and not row.reasons:
        values |= {"state": State.WAITING.value, "due_at": wished.due_at}
    connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(**values))
