"""A library to test with: answers what it is told to, fails and dawdles on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.browsing import Browsing
from bot.wishes import Wish, wants
from retrieval.archive.tags import Tag, TagPage
from retrieval.article import Article
from retrieval.filter import Filter
from retrieval.index.questions import Origin
from retrieval.search.answer import Answer, CoveredWord, Evidence, Hit, Seconds
from retrieval.search.confidence import Signals


def article(
    number: int = 1,
    *,
    title: str | None = None,
    link: str | None = "https://blog.example/{number}",
    published: datetime | None = datetime(2026, 3, 14, 9, 30, tzinfo=UTC),
    tags: tuple[str, ...] = (),
    opening: str = "梯度检查点用计算换显存。反向传播时重新计算激活值。",
) -> Article:
    return Article(
        id=f"a{number}",
        title=f"Article {number}" if title is None else title,
        link=None if link is None else link.replace("{number}", str(number)),
        source="blog",
        published=published,
        tags=tags,
        opening=opening,
    )


def evidence(*words: CoveredWord, confidence: float = 0.9) -> Evidence:
    return Evidence(
        cosine=0.871,
        language=0.012,
        coverage=0.74,
        verbatim=0.5,
        opening=0.31,
        confidence=confidence,
        signals=Signals(lead=0.031, margin=0.052, above=0.071, told=2.5, missing=0.0, size=5.3),
        dense_rank=1,
        lexical_rank=2,
        words=words or (CoveredWord("检查点", 1.0, 0.74, "检查点", Origin.ITSELF),),
    )


def hit(
    of: Article | None = None,
    excerpt: str = "开头一句。梯度检查点用计算换显存。最后一句。",
    highlight: str = "梯度检查点用计算换显存。",
    *,
    more: tuple[str, ...] = (),
    told: Evidence | None = None,
    ordinal: int = 0,
) -> Hit:
    return Hit(
        article=of or article(),
        excerpt=excerpt,
        highlight=highlight,
        score=0.9,
        more=more,
        evidence=told or evidence(),
        ordinal=ordinal,
        more_ordinals=tuple(range(ordinal + 1, ordinal + 1 + len(more))),
    )


def newest(of: Article | None = None, excerpt: str = "开头一句。") -> Hit:
    """A hit where nothing was asked but filters."""
    return Hit(article=of or article(), excerpt=excerpt, highlight=excerpt, score=0.0)


def answer(*hits: Hit, relevant: bool = True, question: str = "?") -> Answer:
    return Answer(
        question=question,
        relevant=relevant,
        confidence=0.9 if relevant else 0.3,
        hits=hits,
        seconds=Seconds(embed=0.01, search=0.01, total=0.02),
    )


class FakeBrowsing:
    """Keeps to the `Browsing` protocol: the library's articles in a row, without tags."""

    def __init__(self, library: FakeLibrary) -> None:
        self._library = library

    async def newest(self, wanted: Filter, limit: int, offset: int = 0) -> Sequence[Article]:
        there = await self._library.latest(offset + limit)
        return [] if wanted else there[offset:]

    async def tags(self, limit: int, offset: int = 0) -> TagPage:
        return TagPage([], 0)

    async def tag(self, name: str) -> Tag | None:
        return None

    async def tag_of_key(self, beginning: str) -> Tag | None:
        return None

    async def tags_near(self, name: str, limit: int) -> Sequence[Tag]:
        return []

    async def sources(self) -> Sequence[str]:
        return sorted({each.source for each in self._library.articles})

    async def at(self, link: str) -> Article | None:
        return next((each for each in self._library.articles if each.link == link), None)

    async def random(self, chance: float) -> Article | None:
        there = await self._library.latest(10_000)
        return there[int(chance * len(there))] if there else None


class FakeLibrary:
    """Keeps to the `Library` protocol."""

    def __init__(self) -> None:
        self.browsing: Browsing = FakeBrowsing(self)
        self.questions: list[str] = []
        self.within: list[str | None] = []  # the article that each question was asked of
        self.answer = answer(hit())
        self.answers_within: Answer | None = None  # the same where one article was asked
        self.texts: dict[str, tuple[str, Article]] = {}  # of all that was ever found
        self.articles: Sequence[Article] = [article(number) for number in range(1, 31)]
        self.newest_change = 0
        self.error: Exception | None = None
        self.gate = asyncio.Event()  # closed, `ask` waits
        self.gate.set()

    async def ask(
        self, question: str, *, within: str | None = None, patience: float | None = None
    ) -> Answer:
        self.questions.append(question)
        self.within.append(within)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        told = self.answer
        if within is not None and self.answers_within is not None:
            told = self.answers_within
        for each in told.hits:
            self.texts[each.excerpt_id] = (each.excerpt, each.article)
            for own, words in zip(each.more_ids, each.more, strict=True):
                self.texts[own] = (words, each.article)
        return told

    async def latest(self, limit: int) -> Sequence[Article]:
        if self.error is not None:
            raise self.error
        return self.articles[:limit]

    async def article(self, article_id: str) -> Article | None:
        if self.error is not None:
            raise self.error
        return next((each for each in self.articles if each.id == article_id), None)

    async def excerpts(self, ids: Sequence[str]) -> Mapping[str, tuple[str, Article]]:
        if self.error is not None:
            raise self.error
        return {own: self.texts[own] for own in ids if own in self.texts}

    async def similar(self, article_id: str, limit: int) -> Sequence[Article]:
        if self.error is not None:
            raise self.error
        return [each for each in self.articles if each.id != article_id][:limit]

    async def about(self, topic: str, strictness: int, limit: int) -> Sequence[Article]:
        """The stricter, the fewer: those whose title holds the topic, and as many as are allowed."""
        if self.error is not None:
            raise self.error
        fitting = [each for each in self.articles if topic in each.title]
        return fitting[: max(0, min(limit, 3 - strictness))]

    async def with_words(self, wish: Wish, limit: int) -> Sequence[Article]:
        fitting = [e for e in self.articles if wants(wish, e.tags, (e.title, e.opening))]
        return fitting[:limit]

    async def end(self) -> int:
        return self.newest_change
