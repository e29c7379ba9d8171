"""Short words for what the tests of the ledger do over and over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.ledger import Ledger
from bot.ledger.records import ChatFacts, Claim, Delivery, Edit, NewDelivery, Place, State
from bot.wishes import Wish

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
LOG = "the archive's log"


@dataclass
class World:
    """One ledger, and how far its log came."""

    ledger: Ledger
    cursor: int = 0

    def place(self, chat_id: int = 1, topic: int = 0, kind: str = "private") -> Place:
        facts = ChatFacts(chat_id, kind, f"chat {chat_id}")
        return self.ledger.subscribers.ensure(
            facts, topic, NOW, zone="Asia/Shanghai", language="en"
        )

    def subscribed(self, chat_id: int = 1, topic: int = 0, wish: Wish | None = None) -> Place:
        """The place, which wishes everything unless something is said."""
        place = self.place(chat_id, topic)
        self.ledger.subscribers.add(place.id, wish or Wish(), self.cursor, NOW)
        return place

    def record(
        self,
        *pairs: tuple[Place, str],
        due: datetime = NOW,
        edits: Sequence[Edit] = (),
        withdrawn: Sequence[str] = (),
        now: datetime = NOW,
        since: datetime | None = None,
        score: float = 0.5,
    ) -> int:
        """Announce articles to places, for all that these wish."""
        self.cursor += 1
        reasons = {place.id: self.reasons(place) for place in {place for place, _ in pairs}}
        rows = [
            NewDelivery(place.id, article, reasons[place.id], score, due)
            for place, article in pairs
        ]
        return self.ledger.outbox.record(
            "words", LOG, self.cursor, rows, edits, withdrawn, now, edited_since=since
        )

    def reasons(self, place: Place) -> tuple[int, ...]:
        return tuple(own.id for own in self.ledger.subscribers.subscriptions(place.id))

    def claim(
        self, by: str = "us", now: datetime = NOW, limit: int = 100, skip: Sequence[int] = ()
    ) -> list[Claim]:
        return self.ledger.outbox.claim(now, by, LEASE, limit, skip)

    def claimed(self, by: str = "us", now: datetime = NOW) -> list[Delivery]:
        """The rows of a claim that concerns one place."""
        (claim,) = self.claim(by, now)
        return list(claim.rows)

    def begin(self, ids: Sequence[int], by: str = "us", now: datetime = NOW) -> bool:
        return self.ledger.do(self.ledger.outbox.sending(ids, now, by, LEASE))

    def send(
        self,
        row: Delivery,
        message_id: int | None = 100,
        shown: str | None = "looks",
        by: str = "us",
    ) -> None:
        assert self.begin([row.id], by)
        self.ledger.do(self.ledger.outbox.sent([row.id], message_id, shown, NOW))

    def articles(self, place: Place, now: datetime = NOW) -> list[str]:
        """What is due at the place."""
        return [row.article_id for row in self.ledger.outbox.due(place.id, now, 1000)]

    def states(self) -> dict[str, int]:
        """How many rows there are in which state, those states left out that have none."""
        return {state: count for state, count in self.ledger.outbox.counts().items() if count}

    def release(self, chat_id: int = 1, by: str = "us") -> None:
        self.ledger.outbox.release(chat_id, by)


def counted(**states: int) -> dict[str, int]:
    """As `World.states` tells it."""
    return {State[name.upper()].value: count for name, count in states.items()}
