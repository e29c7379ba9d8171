"""Places and what they wish."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from bot.errors import LedgerError
from bot.ledger.merging import current_id, move_chat
from bot.ledger.readiness import TELLS_BULLETIN, in_state, work_out
from bot.ledger.reading import place_of, subscription_of
from bot.ledger.records import ChatFacts, Place, Rhythm, State, Subscription
from bot.ledger.schema import chats, deliveries, places, subscriptions
from bot.wishes import Wish
from retrieval.archive.chunks import chunked
from retrieval.database import Database

#: A place that has heard nothing for so long has no deliveries kept for it any more.
KEEP_ASLEEP = timedelta(days=7)

#: What `set` may change, and of these what decides when a delivery is due.
_TIMING = frozenset({"zone", "rhythm", "hour", "weekday", "quiet_from", "quiet_to"})
_PREFERENCES = _TIMING | {"language", "silent", "preview", "paused"}

Due = Callable[[Place, datetime], datetime]


class Subscribers:
    """Reads and writes places and subscriptions. Everything raises `LedgerError`; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def place(self, chat_id: int, topic: int = 0) -> Place | None:
        """The place, None where nobody ever asked for anything there."""
        query = select(places).where(places.c.chat_id == chat_id, places.c.topic == topic)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else place_of(row)

    def by_id(self, place_ids: Iterable[int]) -> dict[int, Place]:
        """Those of the places that there are, by number."""
        found: dict[int, Place] = {}
        with self._database.read() as connection:
            for some in chunked(set(place_ids)):
                rows = connection.execute(select(places).where(places.c.id.in_(some)))
                found |= {row.id: place_of(row) for row in rows}
        return found

    def ensure(
        self,
        chat: ChatFacts,
        topic: int,
        now: datetime,
        *,
        zone: str,
        language: str,
        preview: bool = True,
    ) -> Place:
        """The place, made if need be; `zone`, `language` and `preview` are for a new one.

        What Telegram says of the chat is brought up to date. A person's language is, too; a group
        keeps the one it began with, whoever speaks there.
        """
        facts = {"kind": chat.kind, "title": chat.title}
        with self._database.write() as connection:
            known = connection.execute(
                update(places).where(places.c.chat_id == chat.chat_id).values(**facts)
            ).rowcount
            if not known and not _has_chat(connection, chat.chat_id):
                connection.execute(insert(chats).values(chat_id=chat.chat_id))
            mine = (places.c.chat_id == chat.chat_id) & (places.c.topic == topic)
            row = connection.execute(select(places).where(mine)).first()
            if row is None:
                connection.execute(
                    insert(places).values(
                        chat_id=chat.chat_id,
                        topic=topic,
                        **facts,
                        language=language,
                        zone=zone,
                        rhythm=Rhythm.AT_ONCE.value,
                        hour=9,
                        weekday=0,
                        silent=False,
                        preview=preview,
                        paused=False,
                        created_at=now,
                    )
                )
            elif chat.kind == "private" and row.language != language:
                connection.execute(update(places).where(mine).values(language=language))
            return place_of(connection.execute(select(places).where(mine)).one())

    def set(
        self,
        place_id: int,
        now: datetime,
        *,
        due: Due | None = None,
        since: int | None = None,
        **changes: object,
    ) -> Place:
        """Change preferences of a place, by the names of `Place`'s fields.

        Where they decide about time, what waits becomes due when `due` says. Pausing stops what
        waits: what comes until the place is resumed is not sent. To resume, give the number of the
        newest change as `since`, from which on its subscriptions count again. Raises `LedgerError`
        if there is no such place, `TypeError` for what is no preference.
        """
        if wrong := changes.keys() - _PREFERENCES:
            raise TypeError(f"no preferences of a place: {', '.join(sorted(wrong))}")
        if isinstance(rhythm := changes.get("rhythm"), Rhythm):
            changes["rhythm"] = rhythm.value
        with self._database.write() as connection:
            place_id = _known(connection, place_id).id
            mine = places.c.id == place_id
            if changes:
                connection.execute(update(places).where(mine).values(**changes))
            if since is not None:
                connection.execute(
                    update(subscriptions)
                    .where(subscriptions.c.place_id == place_id)
                    .values(since=since)
                )
            place = place_of(connection.execute(select(places).where(mine)).one())
            waiting = (deliveries.c.place_id == place_id) & in_state(State.WAITING)
            if place.paused:
                connection.execute(
                    update(deliveries).where(waiting).values(state=State.STOPPED.value)
                )
            elif due is not None and changes.keys() & _TIMING:
                at_once = replace(place, rhythm=Rhythm.AT_ONCE)  # no digest holds a bulletin
                for which, where in ((~TELLS_BULLETIN, place), (TELLS_BULLETIN, at_once)):
                    moved = update(deliveries).where(waiting, which)
                    connection.execute(moved.values(due_at=due(where, now)))
            work_out(connection, [place_id])
        return place

    def subscriptions(self, place_id: int) -> list[Subscription]:
        """What the place wishes, oldest first."""
        query = select(subscriptions).where(subscriptions.c.place_id == place_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(subscriptions.c.id)).all()
        return [subscription_of(row) for row in rows]

    def subscription(self, subscription_id: int) -> Subscription | None:
        """One wish, None where it was removed."""
        with self._database.read() as connection:
            row = _subscription(connection, current_id(connection, "subscription", subscription_id))
        return None if row is None else subscription_of(row)

    def all_subscriptions(self, now: datetime) -> list[tuple[Subscription, Place]]:
        """Every wish for which deliveries are made, oldest first.

        Not those of paused places, nor of places asleep for longer than `KEEP_ASLEEP`.
        """
        with self._database.read() as connection:
            rows = connection.execute(
                select(places).where(
                    places.c.paused.is_(False),
                    or_(places.c.asleep.is_(None), places.c.asleep_since > now - KEEP_ASLEEP),
                )
            )
            hearing = {row.id: place_of(row) for row in rows}
            wished = connection.execute(select(subscriptions).order_by(subscriptions.c.id)).all()
        return [
            (subscription_of(row), hearing[row.place_id])
            for row in wished
            if row.place_id in hearing
        ]

    def add(
        self, place_id: int, wish: Wish, since: int, now: datetime
    ) -> tuple[Subscription, bool]:
        """Subscribe the place; whether it did not wish the same already.

        `since` is the number of the newest change: what comes after it is announced.
        """
        with self._database.write() as connection:
            place_id = _known(connection, place_id).id
            same = (subscriptions.c.place_id == place_id) & (subscriptions.c.key == wish.key)
            row = connection.execute(select(subscriptions).where(same)).first()
            if row is not None:
                return subscription_of(row), False
            connection.execute(
                insert(subscriptions).values(
                    place_id=place_id,
                    key=wish.key,
                    wish=wish.to_json(),
                    since=since,
                    created_at=now,
                )
            )
            return subscription_of(
                connection.execute(select(subscriptions).where(same)).one()
            ), True

    def since_at_most(self, end: int) -> None:
        """Where the newest change has a lower number than when they were made, they count from it.

        Then the archive is another one, or an older copy of it.
        """
        with self._database.write() as connection:
            ahead = subscriptions.c.since > end
            connection.execute(update(subscriptions).where(ahead).values(since=end))

    def change(self, subscription_id: int, wish: Wish) -> Subscription | None:
        """Make it another wish, stricter or looser; None where there is no such subscription.

        Where the place wishes exactly that already, that one takes the wish over and is given back.
        """
        with self._database.write() as connection:
            subscription_id = current_id(connection, "subscription", subscription_id)
            row = _subscription(connection, subscription_id)
            if row is None:
                return None
            twin = connection.scalar(
                select(subscriptions.c.id).where(
                    subscriptions.c.place_id == row.place_id, subscriptions.c.key == wish.key
                )
            )
            kept = subscription_id if twin is None else twin
            connection.execute(
                update(subscriptions)
                .where(subscriptions.c.id == kept)
                .values(key=wish.key, wish=wish.to_json())
            )
            changed = _subscription(connection, kept)
            return None if changed is None else subscription_of(changed)

    def remove(self, subscription_ids: Collection[int]) -> list[Subscription]:
        """Unsubscribe; those that there were. What waits for no other reason is stopped."""
        with self._database.write() as connection:
            return _remove(connection, subscription_ids)

    def stop(self, delivery_id: int) -> list[Subscription]:
        """Unsubscribe what a notice came for, as `remove` does, so that it can be brought back."""
        mine = deliveries.c.id == delivery_id
        with self._database.write() as connection:
            reasons = connection.scalar(select(deliveries.c.reasons).where(mine))
            removed = _remove(connection, reasons or ())
            if removed:
                kept = json.dumps([[each.id, each.wish.to_json()] for each in removed])
                connection.execute(update(deliveries).where(mine).values(stopped=kept))
        return removed

    def stopped_at(self, delivery_id: int) -> tuple[int, bool] | None:
        """The place that a notice came to, and whether `stop` ended something that is not back."""
        query = select(deliveries.c.place_id, deliveries.c.stopped)
        with self._database.read() as connection:
            row = connection.execute(query.where(deliveries.c.id == delivery_id)).first()
        return None if row is None else (row.place_id, row.stopped is not None)

    def bring_back(self, delivery_id: int, since: int, now: datetime) -> list[Subscription]:
        """What `stop` ended, under the numbers that it had; nothing where it is back already.

        What comes after the change `since` is announced, and nothing older.
        """
        mine = deliveries.c.id == delivery_id
        with self._database.write() as connection:
            row = connection.execute(select(deliveries).where(mine)).first()
            if row is None or row.stopped is None:
                return []
            connection.execute(update(deliveries).where(mine).values(stopped=None))
            back = []
            for number, written in json.loads(row.stopped):
                key = Wish.from_json(written).key
                same = (subscriptions.c.place_id == row.place_id) & (subscriptions.c.key == key)
                # Somebody may have subscribed to the same again.
                if connection.execute(select(subscriptions).where(same)).first() is None:
                    connection.execute(
                        insert(subscriptions).values(
                            id=number,
                            place_id=row.place_id,
                            key=key,
                            wish=written,
                            since=since,
                            created_at=now,
                        )
                    )
                back.append(connection.execute(select(subscriptions).where(same)).one())
            return [subscription_of(each) for each in back]

    def asleep(self, chat_id: int, reason: str, now: datetime, topic: int | None = None) -> None:
        """The chat, or one topic of it, hears nothing, says Telegram: keep all, send nothing."""
        which = (places.c.chat_id == chat_id) & places.c.asleep.is_(None)
        if topic is not None:
            which &= places.c.topic == topic
        with self._database.write() as connection:
            connection.execute(
                update(places).where(which).values(asleep=reason, asleep_since=now, ready_at=None)
            )

    def awake(self, chat_id: int, now: datetime) -> list[Place]:
        """The chat hears again, and what waited is due; the places that slept, as they are now."""
        slept = (places.c.chat_id == chat_id) & places.c.asleep.is_not(None)
        with self._database.write() as connection:
            ids = list(connection.scalars(select(places.c.id).where(slept).order_by(places.c.id)))
            if not ids:
                return []
            these = places.c.id.in_(ids)
            connection.execute(update(places).where(these).values(asleep=None, asleep_since=None))
            work_out(connection, ids)
            rows = connection.execute(select(places).where(these).order_by(places.c.id))
            return [place_of(row) for row in rows]

    def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """The chat has another number now: all that is kept of it goes over, and only once.

        Where the new chat has the same place already, the two become one with its preferences:
        subscriptions and deliveries are united, and what was sent to either is not sent again.
        """
        with self._database.write() as connection:
            move_chat(connection, old_chat_id, new_chat_id)

    def counts(self) -> dict[str, int]:
        """How many `places`, `paused` and `asleep` ones among them, and `subscriptions`."""
        query = select(
            select(func.count()).select_from(places).scalar_subquery().label("places"),
            select(func.count()).where(places.c.paused).scalar_subquery().label("paused"),
            select(func.count())
            .where(places.c.asleep.is_not(None))
            .scalar_subquery()
            .label("asleep"),
            select(func.count())
            .select_from(subscriptions)
            .scalar_subquery()
            .label("subscriptions"),
        )
        with self._database.read() as connection:
            return dict(connection.execute(query).one()._mapping)


def _has_chat(connection: Connection, chat_id: int) -> bool:
    query = select(chats.c.chat_id).where(chats.c.chat_id == chat_id)
    return connection.execute(query).first() is not None


def _known(connection: Connection, place_id: int) -> Row[Any]:
    place_id = current_id(connection, "place", place_id)
    row = connection.execute(select(places).where(places.c.id == place_id)).first()
    if row is None:
        raise LedgerError(f"the ledger has no place number {place_id}")
    return row


def _subscription(connection: Connection, subscription_id: int) -> Row[Any] | None:
    query = select(subscriptions).where(subscriptions.c.id == subscription_id)
    return connection.execute(query).first()


def _remove(connection: Connection, subscription_ids: Collection[int]) -> list[Subscription]:
    ids = {current_id(connection, "subscription", own) for own in subscription_ids}
    removed = []
    for some in chunked(ids):
        which = subscriptions.c.id.in_(some)
        rows = connection.execute(select(subscriptions).where(which)).all()
        removed += [subscription_of(row) for row in rows]
        connection.execute(delete(subscriptions).where(which))
    concerned = {subscription.place_id for subscription in removed}
    for place_id in concerned:
        _take_reasons(connection, place_id, ids)
    work_out(connection, concerned)
    return sorted(removed, key=lambda subscription: subscription.id)


def _take_reasons(connection: Connection, place_id: int, gone: Collection[int]) -> None:
    """Nobody wishes it for these reasons any more.

    What is being sent goes on, and what is dead stays listed; neither is sent again then.
    """
    for state in (State.WAITING, State.SENDING, State.DEAD):
        rows = connection.execute(
            select(deliveries.c.id, deliveries.c.reasons).where(
                deliveries.c.place_id == place_id, in_state(state)
            )
        ).all()
        for row in rows:
            left = tuple(own for own in row.reasons if own not in gone)
            if left == row.reasons:
                continue
            stopped = state is State.WAITING and not left
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == row.id)
                .values(reasons=left, **({"state": State.STOPPED.value} if stopped else {}))
            )
