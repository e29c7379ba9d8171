"""What a question gets back: ranked hits, or honestly nothing."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.article import Article


@dataclass(frozen=True, slots=True)
class Hit:
    """The best excerpt of one article for one question.

    `excerpt` is the passage as stored; `highlight` is the part of it (verbatim, one sentence or
    so) that tells most; `score` orders hits of one answer and means nothing across answers.
    `relevant` tells whether this hit alone would make an answer: below a right first one there
    is often only noise.
    """

    article: Article
    excerpt: str
    highlight: str
    score: float
    relevant: bool = True


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock seconds spent on one question."""

    embed: float
    search: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The ranked hits for one question, best first, at most one an article.

    `confidence` (0 to 1) estimates that the first hit answers the question; `relevant` tells
    whether it reaches the threshold. Hits are ranked also where `relevant` is False: a caller that
    shows them must not call them answers.
    """

    question: str
    relevant: bool
    confidence: float
    hits: tuple[Hit, ...]
    seconds: Seconds

    def shown(self, most: int) -> tuple[Hit, ...]:
        """The hits that a person is shown, at most so many: none where none is relevant."""
        return tuple(hit for hit in self.hits if hit.relevant)[:most] if self.relevant else ()
