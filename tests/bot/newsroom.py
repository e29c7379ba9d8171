"""An archive that publishes, a ledger of places, and a clock: what announcements are made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.admission import Admission
from bot.ledger import Ledger
from bot.ledger.records import ChatFacts, Place
from bot.notifications import Notifier
from bot.timing import due
from bot.wishes import Wish, parse_wish
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.errors import IndexNotReady

START = datetime(2026, 8, 3, 12, tzinfo=UTC)  # a Monday


class Judge:
    """Knows of each topic which titles are about it; has no index of its own to wait for."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.about: dict[str, dict[str, float]] = {}  # topic -> title -> probability
        self.ready = True

    def judge(self, topics: Sequence[str], article_ids: Sequence[str]) -> list[dict[str, float]]:
        if not self.ready:
            raise IndexNotReady("still embedding")
        articles = self._archive.articles.by_id(article_ids)
        return [
            {own: self.about.get(topic, {}).get(a.title, 0.0) for own, a in articles.items()}
            for topic in topics
        ]


class Newsroom:
    """Everything in `home`; `now` goes on by `later` alone. `admission` tells who is told news."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.now = START
        self.admission = Admission()
        self.shelf: list[Draft] = []
        self._gathers = 0
        self._open()
        self.publish("the first of all")
        self.notifier.begin()

    def _open(self) -> None:
        self.archive = Archive.open(f"sqlite:///{self.home / 'archive.sqlite3'}")
        self.ledger = Ledger.open(f"sqlite:///{self.home / 'ledger.sqlite3'}")
        self.judge = Judge(self.archive)
        self.notifier = self.new_notifier()

    def restart(self) -> None:
        """As a new process begins."""
        self.close()
        self._open()
        self.notifier.begin()

    def new_notifier(self) -> Notifier:
        return Notifier(
            self.archive,
            self.ledger,
            self.judge,
            lambda probability, strictness: probability >= 0.5 + 0.2 * strictness,
            edited=timedelta(hours=48),
            clock=lambda: self.now,
            serves=lambda chat_id: self.admission.serves(chat_id),
        )

    def close(self) -> None:
        self.ledger.close()
        self.archive.close()

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def publish(self, *titles: str, text: str = "", tags: tuple[str, ...] = ()) -> None:
        """New articles, the last title the newest, as one gather brings them."""
        for title in titles:
            number = len(self.shelf)
            draft = Draft(
                text=text or f"{title}. All that article {number} has to say.",
                title=title,
                link=f"https://blog.example/{number}",
                guid=f"urn:{number}",
                tags=tags,
            )
            self.shelf.insert(0, draft)
        self.gather()

    def edit(self, named: str, **changes: Any) -> None:
        self.shelf = [
            dataclasses.replace(draft, **changes) if draft.title == named else draft
            for draft in self.shelf
        ]
        self.gather()

    def gather(self) -> None:
        self._gathers += 1  # no two at the same moment
        at = self.now + timedelta(microseconds=self._gathers)
        self.archive.articles.commit("blog", "feed", self.shelf, at)

    def withdraw(self, title: str) -> None:
        self.archive.articles.withdraw([self.id(title)], self.now)

    def id(self, title: str) -> str:
        return next(a.id for a in self.archive.articles.latest(999) if a.title == title)

    def place(self, chat_id: int = 1, topic: int = 0, **preferences: Any) -> Place:
        kind = "private" if chat_id > 0 else "supergroup"
        facts = ChatFacts(chat_id, kind, "Readers")
        place = self.ledger.subscribers.ensure(facts, topic, self.now, zone="UTC", language="en")
        if preferences:
            place = self.ledger.subscribers.set(place.id, self.now, due=due, **preferences)
        return place

    def subscribe(self, place: Place, words: str = "", strictness: int = 0) -> int:
        wish = parse_wish(words)
        assert isinstance(wish, Wish), wish
        wish = dataclasses.replace(wish, strictness=strictness)
        end = self.archive.changes.end()
        return self.ledger.subscribers.add(place.id, wish, end, self.now)[0].id

    def notify(self) -> int:
        """How many rows that made."""
        return self.notifier.follow_words() + self.notifier.follow_topics()

    def rows(self, place: Place) -> list[str]:
        """The titles that wait for a place, in their order, whenever they are due."""
        far = self.now + timedelta(days=400)
        articles = {a.id: a.title for a in self.archive.articles.latest(9_999)}
        return [
            articles[row.article_id] for row in self.ledger.outbox.due(place.id, far, limit=9_999)
        ]
