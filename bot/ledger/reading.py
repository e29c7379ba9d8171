"""Rows of the ledger -> what `bot.ledger.records` calls them. Pure."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from bot.errors import LedgerError
from bot.ledger.records import Delivery, Place, Rhythm, State, Subscription
from bot.wishes import Wish


def place_of(row: Row[Any]) -> Place:
    """A row of `places`."""
    return Place(
        id=row.id,
        chat_id=row.chat_id,
        topic=row.topic,
        kind=row.kind,
        title=row.title,
        language=row.language,
        zone=row.zone,
        rhythm=Rhythm(row.rhythm),
        hour=row.hour,
        weekday=row.weekday,
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        silent=row.silent,
        preview=row.preview,
        paused=row.paused,
        asleep=row.asleep,
        asleep_since=row.asleep_since,
    )


def subscription_of(row: Row[Any]) -> Subscription:
    """A row of `subscriptions`. Raises `LedgerError` where its wish cannot be read."""
    try:
        wish = Wish.from_json(row.wish)
    except ValueError as error:
        raise LedgerError(
            f"subscription {row.id} cannot be read ({error}); delete it from the ledger"
        ) from error
    return Subscription(row.id, row.place_id, wish, row.since)


def delivery_of(row: Row[Any]) -> Delivery:
    """A row of `deliveries`."""
    return Delivery(
        id=row.id,
        place_id=row.place_id,
        article_id=row.article_id,
        reasons=row.reasons,
        score=row.score,
        state=State(row.state),
        due_at=row.due_at,
        created_at=row.created_at,
        unknown=row.unknown,
        plain=row.plain,
        message_id=row.message_id,
        shown=row.shown,
        sent_at=row.sent_at,
        error=row.error,
    )
