"""What a question gets back: ranked hits with their evidence, or honestly nothing."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.article import Article
from retrieval.index.questions import Origin
from retrieval.search.confidence import Signals


@dataclass(frozen=True, slots=True)
class CoveredWord:
    """One word of the question and what of it a passage holds.

    `weight` is the word's share of the question, `covered` the part of that which the passage
    covers, both 0 to 1; `form` is how it stands there, None where it does not.
    """

    text: str
    weight: float
    covered: float
    form: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a hit stands where it stands.

    `cosine` is without `language`, what the passage gained by its language alone; ranks count from
    1 and are None where that half of the search did not put the passage forward; `signals` are what
    the confidence was told from; `reranked` is the reranker's score, None without one.
    """

    cosine: float
    language: float
    coverage: float
    verbatim: float
    opening: float
    confidence: float
    signals: Signals
    dense_rank: int | None
    lexical_rank: int | None
    words: tuple[CoveredWord, ...]
    reranked: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """The best excerpt of one article for one question.

    `excerpt` is the passage as stored; `highlight` is the part of it (verbatim, one sentence or
    so) that tells most, or just the first where a hit is neither relevant nor among the first
    three; `score` orders hits of one answer and means nothing across answers. `relevant` tells
    whether this hit alone would make an answer: below a right first one there is often only noise.
    `more` are further excerpts of the article that answer too, best first. `ordinal` and
    `more_ordinals` are their places in the article.
    `evidence` is None where nothing was asked but filters.
    """

    article: Article
    excerpt: str
    highlight: str
    score: float
    relevant: bool = True
    more: tuple[str, ...] = ()
    evidence: Evidence | None = None
    ordinal: int = 0
    more_ordinals: tuple[int, ...] = ()

    @property
    def excerpt_id(self) -> str:
        """What the excerpt goes by in the archive; see `retrieval.article.Excerpt`."""
        return f"{self.article.id}:{self.ordinal}"

    @property
    def more_ids(self) -> tuple[str, ...]:
        """The same of the further excerpts."""
        return tuple(f"{self.article.id}:{ordinal}" for ordinal in self.more_ordinals)


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

    @property
    def newest(self) -> bool:
        """Whether nothing was asked but filters: the hits are the newest that pass, no answers."""
        return bool(self.hits) and all(hit.evidence is None for hit in self.hits)

    def shown(self, most: int) -> tuple[Hit, ...]:
        """The hits that a person is shown, at most so many: none where none is relevant."""
        return tuple(hit for hit in self.hits if hit.relevant)[:most] if self.relevant else ()
