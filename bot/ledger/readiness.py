"""When each place has something to be sent next: kept beside it, worked out from its rows.

Nothing may overtake an older row of its place. So the oldest waiting row says when the place is
ready, and a place with a row whose outcome is still open is not ready at all. But where notices are
held for a digest, they hold no bulletin: there the oldest of these may be ready before.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    null,
    or_,
    select,
    update,
)

from bot.ledger.records import TOLD, Rhythm, State
from bot.ledger.schema import deliveries, places
from retrieval.archive.chunks import chunked


def in_state(state: State) -> ColumnElement[bool]:
    """Whether a delivery is in it.

    The state is written into the statement: SQLite uses no partial index for a value it is not
    told yet, https://www.sqlite.org/partialindex.html
    """
    return deliveries.c.state == literal_column(f"'{state.value}'")


#: Whether a delivery tells a bulletin, not an article.
TELLS_BULLETIN: ColumnElement[bool] = deliveries.c.article_id.startswith(TOLD)
#: Whether a place has its notices held for a digest.
HOLDS_DIGESTS: ColumnElement[bool] = places.c.rhythm != Rhythm.AT_ONCE.value


def work_out(connection: Connection, place_ids: Iterable[int]) -> None:
    """Work out anew when these places are ready. After everything that changes rows or places."""
    for some in chunked(set(place_ids)):
        connection.execute(_WORK_OUT, {"ids": some})


_own = deliveries.c.place_id == places.c.id
_open = exists().where(_own, in_state(State.SENDING))
_waiting = (
    select(deliveries.c.due_at)
    .where(_own, in_state(State.WAITING))
    .order_by(deliveries.c.id)
    .limit(1)
)
_first = _waiting.scalar_subquery()
_first_bulletin = _waiting.where(TELLS_BULLETIN).scalar_subquery()
_oldest = case((and_(HOLDS_DIGESTS, _first_bulletin < _first), _first_bulletin), else_=_first)
_edit = (
    select(deliveries.c.edit_at)
    .where(_own, deliveries.c.edit_at.is_not(None))
    .order_by(deliveries.c.edit_at)
    .limit(1)
    .scalar_subquery()
)
_WORK_OUT = (
    update(places)
    .where(places.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        ready_at=case(
            (or_(places.c.paused, places.c.asleep.is_not(None), _open), null()),
            (_edit.is_(None), _oldest),
            (_oldest < _edit, _oldest),
            else_=_edit,
        )
    )
)
