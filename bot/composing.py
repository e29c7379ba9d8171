"""Which messages become of what is due at a place: rows -> planned messages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.ledger.records import Delivery, Place, Rhythm, bulletin_of

#: Rows that stood due for longer were held up by our absence, or by a chat that could not hear.
LATE = timedelta(hours=1)

Kind = Literal["burst", "digest", "backlog"]


@dataclass(frozen=True, slots=True)
class Single:
    """A notice of one article, or a bulletin."""

    row: Delivery

    @property
    def rows(self) -> tuple[Delivery, ...]:
        return (self.row,)

    @property
    def again(self) -> bool:
        """Whether it may have come already."""
        return self.row.unknown > 0

    @property
    def plain(self) -> bool:
        """Whether Telegram refused its looks."""
        return self.row.plain


@dataclass(frozen=True, slots=True)
class Listing:
    """One message for several articles, best first.

    A `burst` has more than are sent singly, a `digest` what gathered until its hour, a `backlog`
    what should have come long ago.
    """

    rows: tuple[Delivery, ...]
    kind: Kind

    @property
    def again(self) -> bool:
        """Whether it may have come already."""
        return any(row.unknown for row in self.rows)

    @property
    def plain(self) -> bool:
        """Whether Telegram refused its looks."""
        return any(row.plain for row in self.rows)


Planned = Single | Listing


def compose(place: Place, rows: Sequence[Delivery], *, burst: int, now: datetime) -> list[Planned]:
    """The messages for a place's due rows, given oldest first, in the order to send them.

    What may have come already and what Telegram refused stand in messages of their own, so that
    nothing else is marked, or loses its looks, or waits for their sake: a listing whose outcome
    nobody knows is sent again as a listing. The rest is one listing in a place of digests. In
    others it is a backlog if its oldest row is late, a burst if there are more rows than `burst`,
    and else single notices; one row alone is always a notice. A bulletin is always a message of its
    own.
    """
    order = {row.id: index for index, row in enumerate(rows)}
    bulletins = [row for row in rows if bulletin_of(row.article_id) is not None]
    rows = [row for row in rows if bulletin_of(row.article_id) is None]
    again = [row for row in rows if row.unknown]
    plain = [row for row in rows if row.plain and not row.unknown]
    fresh = [row for row in rows if not row.plain and not row.unknown]
    many = max(burst, 1)
    planned: list[Planned] = [Single(row) for row in bulletins]
    if place.rhythm is not Rhythm.AT_ONCE:
        planned += [_listing(some, "digest") for some in (again, plain, fresh) if some]
    else:
        late = any(now - row.due_at > LATE for row in fresh)
        # Only a listing leaves several rows at a time of which nobody knows.
        planned += _planned(again, "burst" if len(again) > many else "backlog", most=1)
        planned += _planned(plain, "burst", most=many)
        planned += _planned(fresh, "backlog" if late else "burst", most=1 if late else many)
    return sorted(planned, key=lambda message: min(order[row.id] for row in message.rows))


def _planned(rows: Sequence[Delivery], kind: Kind, *, most: int) -> Iterable[Planned]:
    """Single notices, or one listing where there are more than `most` rows."""
    return [_listing(rows, kind)] if len(rows) > most else map(Single, rows)


def _listing(rows: Iterable[Delivery], kind: Kind) -> Listing:
    best = sorted(rows, key=lambda row: (row.score, row.created_at, row.id), reverse=True)
    return Listing(tuple(best), kind)
