"""New articles and what places wish -> rows of the outbox, one for each article and place.

change log --(a cursor each: words, topics)--> who wishes what --> rows + cursor, one transaction

Tags and words are judged by an article's text alone; topics wait until the index has embedded it,
so they have a cursor of their own and hold nothing else up. Both put their rows on the same pairs:
an article that a place wishes for two reasons comes once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.ledger import Ledger
from bot.ledger.records import Edit, NewDelivery, Place, Subscription
from bot.notices import shown
from bot.timing import due
from bot.wishes import Wish, wants
from retrieval.archive.changes import Change
from retrieval.archive.opening import Archive
from retrieval.article import Article

logger = logging.getLogger(__name__)

WORDS, TOPICS = "words", "topics"
#: Changes read at a time, at the most.
_MOST_CHANGES = 2_000
#: Pairs of an article and a place that one transaction may take in: half a second of SQLite's
#: time, for which whoever else writes waits, and answers to people may wait for those.
_MOST_PAIRS = 10_000
#: What one gather brings comes within this time, and is told together. What takes more than one
#: transaction settles later, within limits.
SETTLE, _LONGEST_SETTLE = timedelta(seconds=1), timedelta(seconds=30)
_PAIRS_A_SECOND = 10_000
#: What a wish of each kind tells of how welcome an article is; a topic tells by its probability.
_EVERYTHING, _TAGS, _WORDS = 0.5, 0.7, 0.8

Wished = tuple[Subscription, Place]


class TopicJudge(Protocol):
    """Part of `retrieval.search.topics.TopicJudge`."""

    def judge(self, topics: Sequence[str], article_ids: Sequence[str]) -> list[dict[str, float]]:
        """For each topic how probably each article is about it, 0 to 1.

        Raises `IndexNotReady` until the index has all of these articles.
        """


@dataclass(frozen=True, slots=True)
class News:
    """Articles of one stretch of the log: `fresh` by the number of their change, oldest first."""

    fresh: Mapping[str, int]
    articles: Mapping[str, Article]
    texts: Mapping[str, str]


def by_words(news: News, wished: Sequence[Wished], told_at: datetime) -> list[NewDelivery]:
    """The rows for wishes of tags and words, due at `told_at` or later. Pure."""
    by_wish: dict[Wish, list[Wished]] = {}
    for subscription, place in wished:
        if not subscription.wish.about:
            by_wish.setdefault(subscription.wish, []).append((subscription, place))
    found = []
    for own, seq in news.fresh.items():
        article, text = news.articles[own], news.texts[own]
        for wish, who in by_wish.items():
            if wants(wish, article.tags, (article.title, text)):
                score = _WORDS if wish.phrases else _TAGS if wish.tags else _EVERYTHING
                found += [(own, score, each) for each in who if each[0].since < seq]
    return _rows(found, told_at)


def by_topics(
    news: News,
    wished: Sequence[Wished],
    probabilities: Mapping[str, Mapping[str, float]],
    passes: Callable[[float, int], bool],
    told_at: datetime,
) -> list[NewDelivery]:
    """The same for wishes of topics, of which `probabilities` tells by topic and article. Pure."""
    found = []
    for own, seq in news.fresh.items():
        article, text = news.articles[own], news.texts[own]
        for each in wished:
            wish = each[0].wish
            if not wish.about or each[0].since >= seq:
                continue
            probability = probabilities[wish.about].get(own, 0.0)
            if passes(probability, wish.strictness) and wants(
                wish, article.tags, (article.title, text)
            ):
                found.append((own, probability, each))
    return _rows(found, told_at)


def _rows(found: Sequence[tuple[str, float, Wished]], told_at: datetime) -> list[NewDelivery]:
    """One row for each article and place, in the articles' order."""
    pairs: dict[tuple[str, int], tuple[float, list[int], Place]] = {}
    for own, score, (subscription, place) in found:
        best, reasons, _ = pairs.get((own, place.id), (0.0, [], place))
        pairs[own, place.id] = max(best, score), [*reasons, subscription.id], place
    moments = {place.id: due(place, told_at) for _, _, place in pairs.values()}
    return [
        NewDelivery(place_id, own, tuple(reasons), score, moments[place_id])
        for (own, place_id), (score, reasons, _) in pairs.items()
    ]


class Notifier:
    """Follows the change log for subscribers. Each step may be called from a thread of its own.

    Notices sent within `edited` before an article's title or link changed are edited. Chats that
    `serves` does not name are told nothing, and of nothing that comes meanwhile. Steps raise
    `ArchiveError` and `LedgerError`; nothing is half done then.
    """

    def __init__(
        self,
        archive: Archive,
        ledger: Ledger,
        judge: TopicJudge,
        passes: Callable[[float, int], bool],
        *,
        edited: timedelta,
        clock: Callable[[], datetime],
        serves: Callable[[int], bool] = lambda _: True,
    ) -> None:
        self._archive = archive
        self._ledger = ledger
        self._judge = judge
        self._passes = passes
        self._edited = edited
        self._clock = clock
        self._serves = serves
        self._log: str | None = None
        self._stopped = threading.Event()

    def begin(self) -> None:
        """Note where the log ends, if it was never followed: what was there before is no news.

        The numbers of another archive, or of an older copy of this one that was put back, may be
        lower than what was noted of the one before: nobody waits for those to come again.
        """
        end = self._archive.changes.end()
        self._ledger.subscribers.since_at_most(end)
        for name in (WORDS, TOPICS):
            cursor = self._cursor(name)
            if cursor is None or cursor > end:
                self._record(name, end, [], [], [])

    def stop(self) -> None:
        """End the step under way soon, and begin none; what it took in is kept. From any thread."""
        self._stopped.set()

    def follow_words(self) -> int:
        """Take in what the log has for wishes of tags and words; how many rows that made."""
        return self._follow(WORDS)

    def follow_topics(self) -> int:
        """The same for topics. Raises `IndexNotReady` while the index lacks what is new."""
        return self._follow(TOPICS)

    def _follow(self, name: str) -> int:
        made = 0
        while not self._stopped.is_set():
            changes = self._archive.changes.since(self._cursor(name) or 0, _MOST_CHANGES)
            if not changes:
                break
            wished = [
                each
                for each in self._ledger.subscribers.all_subscriptions(self._clock())
                if bool(each[0].wish.about) == (name == TOPICS) and self._serves(each[1].chat_id)
            ]
            places = len({place.id for _, place in wished})
            told_at = self._clock() + _settling(len(changes) * places)
            for few in _sliced(changes, max(1, _MOST_PAIRS // max(1, places))):
                if self._stopped.is_set():
                    break
                made += self._take_in(name, few, wished, told_at)
        return made

    def _take_in(
        self, name: str, changes: Sequence[Change], wished: Sequence[Wished], told_at: datetime
    ) -> int:
        news = self._news(changes)
        cursor = changes[-1].seq
        if name == TOPICS:
            topics = sorted({subscription.wish.about for subscription, _ in wished})
            told: dict[str, dict[str, float]] = {}
            if topics and news.fresh:
                told = dict(zip(topics, self._judge.judge(topics, list(news.fresh)), strict=True))
            rows = by_topics(news, wished, told, self._passes, told_at) if told else []
            return self._record(name, cursor, rows, [], [])
        edits = [
            Edit(change.article_id, shown(news.articles[change.article_id]))
            for change in changes
            if change.kind == "changed" and change.article_id in news.articles
        ]
        withdrawn = [change.article_id for change in changes if change.kind == "withdrawn"]
        # Withdrawn and back again within one stretch: the archive has the last word.
        withdrawn = [own for own in withdrawn if own not in news.articles]
        return self._record(name, cursor, by_words(news, wished, told_at), edits, withdrawn)

    def _news(self, changes: Sequence[Change]) -> News:
        """What the archive has now of what the log tells; a gather's rows come newest first."""
        ids = [change.article_id for change in changes]
        articles = self._archive.articles.by_id(ids)
        fresh = sorted(
            (c for c in changes if c.kind == "new" and c.article_id in articles),
            key=lambda change: (change.at, -change.seq),
        )
        texts = self._archive.articles.texts(change.article_id for change in fresh)
        return News({c.article_id: c.seq for c in fresh if c.article_id in texts}, articles, texts)

    def _cursor(self, name: str) -> int | None:
        if self._log is None:
            self._log = self._archive.changes.identity()
        return self._ledger.outbox.cursor(name, self._log)

    def _record(
        self,
        name: str,
        cursor: int,
        rows: Sequence[NewDelivery],
        edits: Sequence[Edit],
        withdrawn: Sequence[str],
    ) -> int:
        assert self._log is not None
        now = self._clock()
        return self._ledger.outbox.record(
            name,
            self._log,
            cursor,
            rows,
            edits,
            withdrawn,
            now,
            edited_since=now - self._edited,
        )


def _settling(pairs: int) -> timedelta:
    """How long after the first look all of so many pairs are there."""
    if pairs <= _MOST_PAIRS:
        return SETTLE
    return min(SETTLE + timedelta(seconds=pairs / _PAIRS_A_SECOND), _LONGEST_SETTLE)


def _sliced(changes: Sequence[Change], size: int) -> list[Sequence[Change]]:
    return [changes[start : start + size] for start in range(0, len(changes), size)]
