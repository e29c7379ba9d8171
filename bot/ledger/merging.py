"""A chat that got another number, and two places that became one by it: in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from bot.ledger.readiness import work_out
from bot.ledger.records import MOST_UNKNOWN, State
from bot.ledger.schema import (
    answers,
    chats,
    deliveries,
    merged,
    people,
    places,
    subscriptions,
    threads,
)
from retrieval.archive.chunks import chunked

Kind = Literal["chat", "place", "subscription"]

#: Of two rows for one pair the one that tells more of what became of it.
_TELLING = {
    state.value: place
    for place, state in enumerate(
        [
            State.SENT,
            State.SENDING,
            State.WAITING,
            State.DEAD,
            State.STOPPED,
            State.WITHDRAWN,
        ]
    )
}


def current_ids(connection: Connection, kind: Kind, numbers: Iterable[int]) -> dict[int, int]:
    """By each number that became part of another, that other; the rest is not in it."""
    found: dict[int, int] = {}
    for some in chunked(set(numbers)):
        rows = connection.execute(
            select(merged.c.old_id, merged.c.new_id).where(
                merged.c.kind == kind, merged.c.old_id.in_(some)
            )
        )
        found |= {row.old_id: row.new_id for row in rows}
    return found


def current_id(connection: Connection, kind: Kind, number: int) -> int:
    """The number that it goes by now."""
    return current_ids(connection, kind, [number]).get(number, number)


def move_chat(connection: Connection, old_chat_id: int, new_chat_id: int) -> None:
    """Write the new number wherever the old one stands; see `Subscribers.move`."""
    if old_chat_id != new_chat_id:
        # Their buttons name them by a number of their own; the messages' numbers are of no use.
        connection.execute(
            update(answers)
            .where(answers.c.chat_id == old_chat_id)
            .values(chat_id=new_chat_id, message_id=None, asked_id=None)
        )
        _move_admission(connection, old_chat_id, new_chat_id)
    old = connection.execute(select(chats).where(chats.c.chat_id == old_chat_id)).first()
    if old is None or old_chat_id == new_chat_id:
        return
    goes_over = _take_over_chat(connection, old, new_chat_id)
    moving = select(places).where(places.c.chat_id == old_chat_id).order_by(places.c.id)
    for place in connection.execute(moving).all():
        # The new chat counts its messages anew: the old numbers would name other messages there.
        connection.execute(
            update(deliveries)
            .where(deliveries.c.place_id == place.id, deliveries.c.message_id.is_not(None))
            .values(message_id=None, edit_at=None, wanted=None)
        )
        twin = connection.execute(
            select(places).where(places.c.chat_id == new_chat_id, places.c.topic == place.topic)
        ).first()
        if twin is None:
            kind = "supergroup" if place.kind == "group" else place.kind
            connection.execute(
                update(places).where(places.c.id == place.id).values(chat_id=new_chat_id, kind=kind)
            )
            work_out(connection, [place.id])
        else:
            _merge(connection, place, twin)
    connection.execute(delete(threads).where(threads.c.chat_id == old_chat_id))
    connection.execute(delete(chats).where(chats.c.chat_id == old_chat_id))
    if goes_over:
        _note(connection, "chat", old_chat_id, new_chat_id)


def _move_admission(connection: Connection, old_chat_id: int, new_chat_id: int) -> None:
    """The new chat may use the bot for the reason of the old one, unless it has one of its own."""
    mine, theirs = people.c.person_id == old_chat_id, people.c.person_id == new_chat_id
    old = connection.execute(select(people).where(mine)).first()
    if old is None:
        return
    new = connection.execute(select(people).where(theirs)).first()
    if new is None:
        connection.execute(update(people).where(mine).values(person_id=new_chat_id))
        return
    if new.invited_by is None:
        reason = {"invited_by": old.invited_by, "allowed": old.allowed}
        connection.execute(update(people).where(theirs).values(**reason))
    connection.execute(delete(people).where(mine))


def _take_over_chat(connection: Connection, old: Row[Any], new_chat_id: int) -> bool:
    """The new chat waits as long as the old one, and belongs to whoever is sending to that.

    It speaks the same language, unless one was chosen for it.

    Whether the lease goes over: then whoever has it gives it back by the old number. It does not
    where the new chat is leased already: that lease has somebody else to give it back.
    """
    new = connection.execute(select(chats).where(chats.c.chat_id == new_chat_id)).first()
    free = new is None or new.leased_by is None
    goes_over = free and old.leased_by is not None
    if new is None:
        connection.execute(insert(chats).values(chat_id=new_chat_id))
    values: dict[str, Any] = {}
    if old.wait_until and (new is None or (new.wait_until or old.wait_until) <= old.wait_until):
        values["wait_until"] = old.wait_until
    if old.language and (new is None or new.language is None):
        values["language"] = old.language
    if goes_over:
        values |= {"leased_by": old.leased_by, "leased_until": old.leased_until}
    if values:
        connection.execute(update(chats).where(chats.c.chat_id == new_chat_id).values(**values))
    stale: ColumnElement[bool] = merged.c.old_id.in_((old.chat_id, new_chat_id))
    if free:
        stale |= merged.c.new_id == new_chat_id
    if not goes_over:
        stale |= merged.c.new_id == old.chat_id
    connection.execute(delete(merged).where(merged.c.kind == "chat", stale))
    return goes_over


def _merge(connection: Connection, old: Row[Any], kept: Row[Any]) -> None:
    reasons = _merge_subscriptions(connection, old.id, kept.id)
    _merge_deliveries(connection, old.id, kept.id, reasons)
    if old.asleep is None and kept.asleep is not None:
        awake = update(places).where(places.c.id == kept.id)
        connection.execute(awake.values(asleep=None, asleep_since=None))
    connection.execute(delete(places).where(places.c.id == old.id))
    _note(connection, "place", old.id, kept.id)
    if kept.paused:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.place_id == kept.id, deliveries.c.state == State.WAITING.value)
            .values(state=State.STOPPED.value)
        )
    work_out(connection, [kept.id])


def _merge_subscriptions(connection: Connection, old_id: int, kept_id: int) -> dict[int, int]:
    """By the number of each subscription that there was twice, the one that is left."""
    own = select(subscriptions).where(subscriptions.c.place_id == kept_id)
    kept = {row.key: row for row in connection.execute(own).all()}
    united = {}
    moving = select(subscriptions).where(subscriptions.c.place_id == old_id)
    for row in connection.execute(moving).all():
        twin = kept.get(row.key)
        mine = subscriptions.c.id == row.id
        if twin is None:
            connection.execute(update(subscriptions).where(mine).values(place_id=kept_id))
            continue
        connection.execute(delete(subscriptions).where(mine))
        if row.since < twin.since:
            connection.execute(
                update(subscriptions).where(subscriptions.c.id == twin.id).values(since=row.since)
            )
        _note(connection, "subscription", row.id, twin.id)
        united[row.id] = twin.id
    return united


def _merge_deliveries(
    connection: Connection, old_id: int, kept_id: int, reasons: dict[int, int]
) -> None:
    def of(place_id: int) -> dict[str, Row[Any]]:
        rows = connection.execute(select(deliveries).where(deliveries.c.place_id == place_id))
        return {row.article_id: row for row in rows}

    def wished(row: Row[Any]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(reasons.get(own, own) for own in row.reasons))

    twins = of(kept_id)
    for article_id, row in of(old_id).items():
        twin = twins.get(article_id)
        values: dict[str, Any] = {"place_id": kept_id, "reasons": wished(row)}
        stays = row
        if twin is not None:
            stays, goes = sorted((row, twin), key=lambda each: _TELLING[each.state])
            connection.execute(delete(deliveries).where(deliveries.c.id == goes.id))
            values["reasons"] = tuple(dict.fromkeys((*wished(row), *wished(twin))))
            values["unknown"] = max(row.unknown, twin.unknown)
            if stays.state in (State.WAITING.value, State.SENDING.value):
                # One that was given up is wished once more: it may have come already.
                values["unknown"] = min(values["unknown"], MOST_UNKNOWN - 1)
        connection.execute(update(deliveries).where(deliveries.c.id == stays.id).values(**values))


def _note(connection: Connection, kind: Kind, old_id: int, new_id: int) -> None:
    """Remember what the old number became, through more than one such change."""
    mine = merged.c.kind == kind
    connection.execute(update(merged).where(mine, merged.c.new_id == old_id).values(new_id=new_id))
    connection.execute(delete(merged).where(mine, merged.c.old_id == old_id))
    connection.execute(insert(merged).values(kind=kind, old_id=old_id, new_id=new_id))
