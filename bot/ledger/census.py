"""How much of everything there is, without a name or a number of anybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.ledger.readiness import in_state
from bot.ledger.records import State
from bot.ledger.schema import answers, deliveries, feedback, places, subscriptions
from bot.wishes import Wish
from retrieval.database import Database

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Census:
    """Counts at one moment.

    `private`, `groups` and `channels` are places with subscriptions; `asleep` and `paused` are
    some of them. `everything`, `tags`, `words` and `topics` are subscriptions, each counted by the
    closest thing that it says. `sent` and `answered` are those of the last day, `answered_week`
    those of the last seven.
    """

    private: int = 0
    groups: int = 0
    channels: int = 0
    asleep: int = 0
    paused: int = 0
    everything: int = 0
    tags: int = 0
    words: int = 0
    topics: int = 0
    waiting: int = 0
    sent: int = 0
    dead: int = 0
    answered: int = 0
    answered_week: int = 0
    good: int = 0
    bad: int = 0


def take_census(database: Database, now: datetime) -> Census:
    """Count. Raises `LedgerError`."""
    with database.read() as connection:
        return Census(
            **_places(connection),
            **_wishes(connection),
            waiting=_deliveries(connection, State.WAITING) + _deliveries(connection, State.SENDING),
            sent=_sent_since(connection, now - DAY),
            dead=_deliveries(connection, State.DEAD),
            answered=_answered_since(connection, now - DAY),
            answered_week=_answered_since(connection, now - WEEK),
            **_votes(connection),
        )


def _places(connection: Connection) -> dict[str, int]:
    subscribed = places.c.id.in_(select(subscriptions.c.place_id))
    query = select(
        func.count().filter(places.c.kind == "private").label("private"),
        func.count().filter(places.c.kind.in_(("group", "supergroup"))).label("groups"),
        func.count().filter(places.c.kind == "channel").label("channels"),
        func.count().filter(places.c.asleep.is_not(None)).label("asleep"),
        func.count().filter(places.c.paused).label("paused"),
    ).where(subscribed)
    return dict(connection.execute(query).one()._mapping)


def _wishes(connection: Connection) -> dict[str, int]:
    counted: Counter[str] = Counter()
    query = select(subscriptions.c.wish, func.count()).group_by(subscriptions.c.wish)
    for told, count in connection.execute(query):
        counted[_kind(told)] += count
    return {kind: counted[kind] for kind in ("everything", "tags", "words", "topics")}


def _kind(told: str) -> str:
    try:
        wish = Wish.from_json(told)
    except ValueError:  # whoever reads it for its sake tells what is wrong
        return ""
    if wish.about:
        return "topics"
    return "words" if wish.phrases else "tags" if wish.tags else "everything"


def _deliveries(connection: Connection, state: State) -> int:
    query = select(func.count()).select_from(deliveries).where(in_state(state))
    return connection.scalar(query) or 0


def _sent_since(connection: Connection, since: datetime) -> int:
    query = select(func.count()).select_from(deliveries).where(deliveries.c.sent_at >= since)
    return connection.scalar(query) or 0


def _answered_since(connection: Connection, since: datetime) -> int:
    query = select(func.count()).select_from(answers).where(answers.c.at >= since)
    return connection.scalar(query) or 0


def _votes(connection: Connection) -> dict[str, int]:
    query = select(
        func.count().filter(feedback.c.vote > 0).label("good"),
        func.count().filter(feedback.c.vote < 0).label("bad"),
    )
    return dict(connection.execute(query).one()._mapping)
