"""A library to test with: answers what it is told to, fails and dawdles on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from retrieval.article import Article
from retrieval.search.answer import Answer, Hit, Seconds


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


def hit(
    of: Article | None = None,
    excerpt: str = "开头一句。梯度检查点用计算换显存。最后一句。",
    highlight: str = "梯度检查点用计算换显存。",
) -> Hit:
    return Hit(article=of or article(), excerpt=excerpt, highlight=highlight, score=0.9)


def answer(*hits: Hit, relevant: bool = True, question: str = "?") -> Answer:
    return Answer(
        question=question,
        relevant=relevant,
        confidence=0.9 if relevant else 0.1,
        hits=hits,
        seconds=Seconds(embed=0.01, search=0.01, total=0.02),
    )


class FakeLibrary:
    """Keeps to the `Library` protocol."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.answer = answer(hit())
        self.articles: Sequence[Article] = [article(number) for number in range(1, 31)]
        self.error: Exception | None = None
        self.gate = asyncio.Event()  # closed, `ask` waits
        self.gate.set()

    async def ask(self, question: str) -> Answer:
        self.questions.append(question)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.answer

    async def latest(self, limit: int) -> Sequence[Article]:
        if self.error is not None:
            raise self.error
        return self.articles[:limit]
