"""What becomes of deliveries, each step as a function of an open connection.

waiting -> sending -> sent | waiting again (late, refused, unknown once) | dead (unknown twice)

A row is `SENDING` between `sending` and one of the others alone: a process that is killed leaves
it so, and `recover` takes its outcome for unknown. All may be repeated: what is settled stays so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    String,
    and_,
    bindparam,
    case,
    literal,
    null,
    or_,
    select,
    true,
    update,
)

from bot.ledger.readiness import in_state, work_out
from bot.ledger.records import MOST_UNKNOWN, Recovered, State
from bot.ledger.schema import chats, deliveries, merged, places
from retrieval.archive.chunks import chunked
from retrieval.archive.schema import Moment

# Statements that every message needs are put together once: that costs more than to run them.

_these = deliveries.c.id.in_(bindparam("ids", expanding=True))
_paused = select(places.c.paused).where(places.c.id == deliveries.c.place_id).scalar_subquery()
#: Where a row goes that was not sent: back in line, if anybody there still wishes it.
BACK = case(
    (or_(deliveries.c.reasons == (), _paused), State.STOPPED.value), else_=State.WAITING.value
)
_OPEN = (State.SENDING.value, State.WAITING.value)

_MAY_BE_SENT = (
    select(deliveries.c.id, places.c.id.label("place_id"), places.c.chat_id)
    .join(places, places.c.id == deliveries.c.place_id)
    .join(chats, chats.c.chat_id == places.c.chat_id)
    .where(
        _these,
        in_state(State.WAITING),
        places.c.asleep.is_(None),
        places.c.paused.is_(False),
        chats.c.leased_by == bindparam("by"),
    )
)
_SENDING = update(deliveries).where(_these).values(state=State.SENDING.value)
_LONGER = (
    update(chats)
    .where(chats.c.chat_id.in_(bindparam("ids", expanding=True)))
    .values(leased_until=bindparam("until"))
)
_NOT_READY = (
    update(places).where(places.c.id.in_(bindparam("ids", expanding=True))).values(ready_at=None)
)
_looks = bindparam("looks", type_=String)
_at = bindparam("at", type_=Moment)
_SENT = (
    update(deliveries)
    .where(_these, deliveries.c.state != State.SENT.value)
    .values(
        state=State.SENT.value,
        message_id=bindparam("message"),
        shown=_looks,
        sent_at=_at,
        error=None,
        wanted=None,
        # A listing shows NULL, which differs from nothing.
        edit_at=case((deliveries.c.wanted != _looks, _at), else_=null()),
    )
    .returning(deliveries.c.id, deliveries.c.state, deliveries.c.place_id)
)
_RELEASE = (
    update(chats)
    .where(
        or_(
            chats.c.chat_id == bindparam("chat"),
            chats.c.chat_id
            == select(merged.c.new_id)
            .where(merged.c.kind == "chat", merged.c.old_id == bindparam("chat"))
            .scalar_subquery(),
        ),
        chats.c.leased_by == bindparam("by"),
    )
    .values(leased_by=None, leased_until=None)
)


def sending(
    connection: Connection, ids: Collection[int], now: datetime, by: str, lease: timedelta
) -> bool:
    """They are written to Telegram any moment now, and the chat belongs to `by` for longer.

    False, and nothing done, unless all of them wait, may be sent, and their chat belongs to `by`:
    somebody may have unsubscribed or taken the chat over since they were claimed.
    """
    wanted = set(ids)
    rows = connection.execute(_MAY_BE_SENT, {"ids": wanted, "by": by}).all()
    if len(rows) < len(wanted):
        return False
    connection.execute(_SENDING, {"ids": wanted})
    connection.execute(_LONGER, {"ids": {row.chat_id for row in rows}, "until": now + lease})
    connection.execute(_NOT_READY, {"ids": {row.place_id for row in rows}})
    return True


def sent(
    connection: Connection,
    ids: Collection[int],
    message_id: int | None,
    shown: str | None,
    now: datetime,
) -> None:
    """Telegram has them, whatever else was believed of them since.

    `shown` is what the notice shows; None for `message_id` and `shown` if it was a listing. If the
    article changed meanwhile the notice is to be edited.
    """
    values = {"ids": ids, "message": message_id, "looks": shown, "at": now}
    _run(connection, _SENT, values)


def put_back(connection: Connection, ids: Collection[int]) -> None:
    """They were not sent and are due as before."""
    _settle(connection, _open(ids), state=BACK)


def put_off(connection: Connection, ids: Collection[int], until: datetime) -> None:
    """They were not sent and are due at `until`."""
    _settle(connection, _open(ids), state=BACK, due_at=until)


def plainly(connection: Connection, ids: Collection[int]) -> None:
    """Telegram refused their looks: they are due as before, as plain text."""
    _settle(connection, _open(ids), state=BACK, plain=True)


def unknowing(
    connection: Connection, ids: Collection[int], again_at: datetime, error: str
) -> list[int]:
    """Nobody knows whether they arrived: due once more at `again_at`; those given up instead."""
    which = deliveries.c.id.in_(ids) & in_state(State.SENDING)
    return _unknown(connection, which, error, due_at=again_at)[1]


def dying(connection: Connection, ids: Collection[int], error: str) -> None:
    """They are given up, and listed."""
    _settle(connection, _open(ids), state=State.DEAD.value, error=error)


def withdrawing(connection: Connection, ids: Collection[int]) -> None:
    """Their article is no more."""
    _settle(connection, _open(ids), state=State.WITHDRAWN.value)


def stop_chat(connection: Connection, chat_id: int) -> None:
    """Nothing of what waits goes there, nor of the edits."""
    here = deliveries.c.place_id.in_(select(places.c.id).where(places.c.chat_id == chat_id))
    _settle(connection, here & in_state(State.WAITING), state=State.STOPPED.value)
    _settle(connection, here & deliveries.c.edit_at.is_not(None), edit_at=None, wanted=None)


def edited(connection: Connection, delivery_id: int, shown: str | None) -> None:
    """The notice shows this now, or can be edited no more.

    Where its article changed again while it was edited, it is edited once more. Only once: if we
    are ahead of the change log, that will bring the rest.
    """
    wanted = deliveries.c.wanted
    done = or_(wanted.is_(None), wanted == literal(shown)) if shown else true()
    _settle(
        connection,
        deliveries.c.id == delivery_id,
        shown=shown,
        wanted=None,
        edit_at=case((done, null()), else_=deliveries.c.edit_at),
    )


def edit_later(connection: Connection, delivery_id: int, until: datetime) -> None:
    """Nobody knows whether its edit arrived: it is edited once more at `until`."""
    still = (deliveries.c.id == delivery_id) & deliveries.c.edit_at.is_not(None)
    _settle(connection, still, edit_at=until)


def hold(connection: Connection, chat_id: int, until: datetime) -> None:
    """Nothing is sent to the chat before `until`. One that is not known (any more) stays so."""
    longer = or_(chats.c.wait_until.is_(None), chats.c.wait_until < until)
    connection.execute(
        update(chats).where(chats.c.chat_id == chat_id, longer).values(wait_until=until)
    )


def recover(
    connection: Connection, now: datetime, by: str, error: str, *, everything: bool
) -> Recovered:
    """Take the outcome of what others left in `SENDING` for unknown, and their chats from them.

    Others are processes whose lease has ended; `everything`: whoever there was.
    """
    left = true() if everything else and_(chats.c.leased_until <= now, chats.c.leased_by != by)
    connection.execute(
        update(chats)
        .where(chats.c.leased_until.is_not(None), left)
        .values(leased_by=None, leased_until=None)
    )
    free = (
        select(places.c.id)
        .join(chats, chats.c.chat_id == places.c.chat_id)
        .where(chats.c.leased_until.is_(None))
    )
    which = in_state(State.SENDING) & deliveries.c.place_id.in_(free)
    again, dead = _unknown(connection, which, error)
    return Recovered(len(again), len(dead))


def release(connection: Connection, chat_id: int, by: str) -> None:
    """The chat is anybody's, under the number that it may have got meanwhile too."""
    connection.execute(_RELEASE, {"chat": chat_id, "by": by})


def revive(connection: Connection, ids: Collection[int] | None, now: datetime) -> int:
    """Send dead letters again, these or all; how many wait now. Nobody may wish some any more."""
    revived = 0
    which = [in_state(State.DEAD)]
    every = connection.scalars(select(deliveries.c.id).where(*which)).all()
    for some in chunked(every if ids is None else set(ids) & set(every)):
        states = _settle(
            connection,
            deliveries.c.id.in_(some) & in_state(State.DEAD),
            state=BACK,
            due_at=now,
            unknown=0,
            error=None,
        )
        revived += sum(state is State.WAITING for _, state in states)
    return revived


def _open(ids: Collection[int]) -> ColumnElement[bool]:
    return deliveries.c.id.in_(ids) & deliveries.c.state.in_(_OPEN)


def _unknown(
    connection: Connection, which: ColumnElement[bool], error: str, **values: Any
) -> tuple[list[int], list[int]]:
    """The numbers of those that wait again, and of those that are dead."""
    twice = deliveries.c.unknown + 1 >= MOST_UNKNOWN
    states = _settle(
        connection,
        which,
        state=case((twice, State.DEAD.value), else_=BACK),
        unknown=deliveries.c.unknown + 1,
        error=error,
        **values,
    )
    again, dead = (
        sorted(own for own, state in states if state is wanted)
        for wanted in (State.WAITING, State.DEAD)
    )
    return again, dead


def _settle(
    connection: Connection, which: ColumnElement[bool], **values: Any
) -> list[tuple[int, State]]:
    """Change rows, and when their places are ready; their numbers and where they stand now."""
    statement = (
        update(deliveries)
        .where(which)
        .values(**values)
        .returning(deliveries.c.id, deliveries.c.state, deliveries.c.place_id)
    )
    return _run(connection, statement, {})


def _run(
    connection: Connection, statement: Executable, values: dict[str, Any]
) -> list[tuple[int, State]]:
    rows = connection.execute(statement, values).all()
    work_out(connection, {row.place_id for row in rows})
    return [(row.id, State(row.state)) for row in rows]
