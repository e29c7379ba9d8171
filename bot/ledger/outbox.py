"""Deliveries from the moment an article is news for a place until its outcome is known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection, func, select, update

from bot.ledger import claiming, recording, settling
from bot.ledger.readiness import in_state, work_out
from bot.ledger.reading import delivery_of, place_of
from bot.ledger.records import Claim, DeadLetter, Delivery, Edit, NewDelivery, Recovered, State
from bot.ledger.schema import chats, cursors, deliveries, places
from retrieval.database import Database

T = TypeVar("T")
#: Something to be done in a transaction that others open: `Writer.do` or `Ledger.do`.
Work: TypeAlias = Callable[[Connection], T]

_CUT_SHORT = "the bot ended while it was being sent"


class Outbox:
    """The rows, the leases and the cursors. Everything raises `LedgerError`; thread-safe.

    What the deliverer does many times a second comes as `Work`, to be put together with other
    such: `sending` and everything that ends it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- following the change log ----------------------------------------------------------

    def cursor(self, name: str, log: str) -> int | None:
        """How far this follower came in this log; None if it never followed it."""
        mine = (cursors.c.name == name) & (cursors.c.log == log)
        with self._database.read() as connection:
            return connection.scalar(select(cursors.c.cursor).where(mine))

    def record(
        self,
        name: str,
        log: str,
        cursor: int,
        rows: Sequence[NewDelivery],
        edits: Sequence[Edit],
        withdrawn: Collection[str],
        now: datetime,
        *,
        edited_since: datetime | None = None,
    ) -> int:
        """Take in a stretch of the log up to `cursor`, all or nothing; how many rows are new.

        A row for a pair that is there already only adds its reasons. `withdrawn` are articles whose
        waiting rows are not sent, `edits` those that look otherwise now: notices that were sent at
        `edited_since` or later are to be edited.
        """
        with self._database.write() as connection:
            new = recording.add_rows(connection, rows, now)
            recording.mark_edits(connection, edits, now, edited_since)
            recording.withdraw(connection, withdrawn)
            recording.set_cursor(connection, name, log, cursor)
        return new

    # --- sending ---------------------------------------------------------------------------

    def claim(
        self,
        now: datetime,
        by: str,
        lease: timedelta,
        limit: int,
        skip: Collection[int] = (),
    ) -> list[Claim]:
        """Lease at most `limit` chats where something is due, those first that wait longest.

        None that Telegram made wait, that another process has leased, or that `skip` names. Each
        place of such a chat has a claim of its own, with at most `claiming.MOST_ROWS` rows.
        """
        with self._database.write() as connection:
            return claiming.claim(connection, now, by, lease, limit, skip)

    def due(self, place_id: int, now: datetime, limit: int) -> list[Delivery]:
        """What is due at the place, oldest first, up to the first that is not."""
        with self._database.read() as connection:
            return claiming.due_rows(connection, [place_id], now, limit).get(place_id, [])

    def sending(self, ids: Collection[int], now: datetime, by: str, lease: timedelta) -> Work[bool]:
        """See `settling.sending`: nothing may be sent where it says False."""
        return partial(settling.sending, ids=ids, now=now, by=by, lease=lease)

    def sent(
        self, ids: Collection[int], message_id: int | None, shown: str | None, now: datetime
    ) -> Work[None]:
        """See `settling.sent`."""
        return partial(settling.sent, ids=ids, message_id=message_id, shown=shown, now=now)

    def putting_back(self, ids: Collection[int]) -> Work[None]:
        """See `settling.put_back`."""
        return partial(settling.put_back, ids=ids)

    def putting_off(self, ids: Collection[int], until: datetime) -> Work[None]:
        """See `settling.put_off`."""
        return partial(settling.put_off, ids=ids, until=until)

    def plainly(self, ids: Collection[int]) -> Work[None]:
        """See `settling.plainly`."""
        return partial(settling.plainly, ids=ids)

    def unknowing(
        self, ids: Collection[int], now: datetime, again_at: datetime, error: str
    ) -> Work[list[int]]:
        """See `settling.unknowing`."""
        return partial(settling.unknowing, ids=ids, again_at=again_at, error=error)

    def dying(self, ids: Collection[int], error: str) -> Work[None]:
        """See `settling.dying`."""
        return partial(settling.dying, ids=ids, error=error)

    def withdrawing(self, ids: Collection[int]) -> Work[None]:
        """See `settling.withdrawing`."""
        return partial(settling.withdrawing, ids=ids)

    def stopping(self, chat_id: int) -> Work[None]:
        """See `settling.stop_chat`."""
        return partial(settling.stop_chat, chat_id=chat_id)

    def edited(self, delivery_id: int, shown: str | None) -> Work[None]:
        """See `settling.edited`."""
        return partial(settling.edited, delivery_id=delivery_id, shown=shown)

    def editing_later(self, delivery_id: int, until: datetime) -> Work[None]:
        """See `settling.edit_later`."""
        return partial(settling.edit_later, delivery_id=delivery_id, until=until)

    def releasing(self, chat_id: int, by: str) -> Work[None]:
        """See `release`."""
        return partial(settling.release, chat_id=chat_id, by=by)

    def release(self, chat_id: int, by: str) -> None:
        """Give a leased chat back. What is still `SENDING` there has an unknown outcome."""
        with self._database.write() as connection:
            settling.release(connection, chat_id, by)

    def recover(self, now: datetime, by: str, *, everything: bool) -> Recovered:
        """Take for unknown what was being sent where no process holds the chat any more.

        A lease that ended is taken from its process unless that is `by`, which answers for its
        own until it releases them; with `everything` each lease is taken, for a process that
        just began and knows that there is no other.
        """
        with self._database.write() as connection:
            return settling.recover(connection, now, by, _CUT_SHORT, everything=everything)

    def wait_chat(self, chat_id: int, until: datetime) -> None:
        """Telegram wants nothing sent to the chat before `until`."""
        with self._database.write() as connection:
            settling.hold(connection, chat_id, until)

    def holding(self, chat_id: int, until: datetime) -> Work[None]:
        """See `wait_chat`."""
        return partial(settling.hold, chat_id=chat_id, until=until)

    def chat_waits(self, now: datetime) -> dict[int, datetime]:
        """The chats to which nothing may be sent now, and until when."""
        query = select(chats.c.chat_id, chats.c.wait_until).where(chats.c.wait_until > now)
        with self._database.read() as connection:
            return {row.chat_id: row.wait_until for row in connection.execute(query)}

    def next_due(self, now: datetime) -> datetime | None:
        """When something can be claimed next, in the past if now; None if nothing is to be sent."""
        with self._database.read() as connection:
            return claiming.next_due(connection, now)

    # --- what became of it -----------------------------------------------------------------

    def dead_letters(self, limit: int, offset: int = 0) -> list[DeadLetter]:
        """What was given up, newest first, but for the `offset` newest of it."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(deliveries)
                .where(in_state(State.DEAD))
                .order_by(deliveries.c.id.desc())
                .limit(limit)
                .offset(offset)
            ).all()
            ids = {row.place_id for row in rows}
            found = connection.execute(select(places).where(places.c.id.in_(ids)))
            where = {row.id: place_of(row) for row in found}
        return [DeadLetter(delivery_of(row), where[row.place_id]) for row in rows]

    def revive(self, ids: Collection[int] | None, now: datetime) -> int:
        """Send dead letters again, these or all; how many wait now.

        Those that nobody wishes any more are stopped instead.
        """
        with self._database.write() as connection:
            return settling.revive(connection, ids, now)

    def message(self, chat_id: int, message_id: int) -> Delivery | None:
        """The delivery whose notice this message is; None for a listing, and for a very old one."""
        query = (
            select(deliveries)
            .join(places, places.c.id == deliveries.c.place_id)
            .where(places.c.chat_id == chat_id, deliveries.c.message_id == message_id)
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else delivery_of(row)

    def has(self, delivery_id: int) -> bool:
        """Whether the row is there (still): its place may have been forgotten."""
        query = select(deliveries.c.id).where(deliveries.c.id == delivery_id)
        with self._database.read() as connection:
            return connection.scalar(query) is not None

    def counts(self) -> dict[str, int]:
        """How many rows there are in each state, by its value."""
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        with self._database.read() as connection:
            found = {state: int(count) for state, count in connection.execute(query)}
        return {state.value: found.get(state.value, 0) for state in State}

    def purge(self, before: datetime) -> int:
        """Forget which messages were sent before then, and that they might be edited; how many.

        The rows stay: without them an article would be announced again.
        """
        with self._database.write() as connection:
            purged = connection.scalars(
                update(deliveries)
                .where(deliveries.c.message_id.is_not(None), deliveries.c.sent_at < before)
                .values(message_id=None, shown=None, wanted=None, edit_at=None, stopped=None)
                .returning(deliveries.c.place_id)
            ).all()
            work_out(connection, purged)
        return len(purged)
