"""Candidates: what the dense and the lexical half of the search put forward, or filters leave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from retrieval.index.following import OpenIndex
from retrieval.index.lexical import WeightedWord
from retrieval.index.questions import PAIR, question_words

#: Articles of a filter from which on the whole index is searched and filtered afterwards: naming
#: them to the index takes longer then.
_NAMED_ARTICLES = 1_000
#: Passages of so few articles are all scored.
_MOST_FILTERED = 2_000
#: How many more are asked for where most will be filtered out.
_OVERFETCH = 20
#: Passages that may hold a quoted phrase, and are read to see.
_MOST_QUOTING = 500
#: Where Chinese, Japanese and Korean begin.
_FIRST_CHINESE = "\u2e80"


@dataclass(frozen=True, slots=True)
class Candidates:
    """Ids of passages, each once, with their places (from 1) in either half of the search.

    `sketches` are what the words' index has of them; what it has not is none any more.
    """

    dense: dict[str, int] = field(default_factory=dict)
    lexical: dict[str, int] = field(default_factory=dict)
    sketches: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """All of them."""
        return list(dict.fromkeys([*self.dense, *self.lexical]))


def article_of(excerpt_id: str) -> str:
    """The article that an excerpt's id names."""
    return excerpt_id.rpartition(":")[0]


def candidates(
    index: OpenIndex,
    query: NDArray[np.float32],
    words: Sequence[WeightedWord],
    limit: int,
    dense: Callable[[], Mapping[str, bytes]] | None = None,
) -> Candidates:
    """At most `limit` of each half; `query` is L2-normalised, shape (dimension,).

    `dense` gives what `nearest` finds, where another thread is asking already.
    """
    lexical = index.words.search(words, limit)
    near = dense() if dense else nearest(index, query, limit)
    return Candidates(_places(near), _places(lexical), {**near, **lexical})


def nearest(index: OpenIndex, query: NDArray[np.float32], limit: int) -> dict[str, bytes]:
    """The dense half: the passages nearest in meaning, in whatever language, nearest first."""
    ids = index.vectors.nearest(index.moments.neutral(query), limit)
    sketches = index.words.read(ids)
    return {own: sketches[own] for own in ids if own in sketches}


def filtered(
    index: OpenIndex,
    query: NDArray[np.float32],
    words: Sequence[WeightedWord],
    limit: int,
    articles: Collection[str],
) -> Candidates:
    """The same of these articles only: all their passages where they are few."""
    if not articles:
        return Candidates()
    if len(articles) <= _NAMED_ARTICLES:
        own = index.words.search(words, _MOST_FILTERED, list(articles))
        return Candidates({}, _places(own), own)
    wide = candidates(index, query, words, limit * _OVERFETCH)
    allowed = frozenset(articles)
    dense, lexical = (
        _places([own for own in half if article_of(own) in allowed])
        for half in (wide.dense, wide.lexical)
    )
    return Candidates(dense, lexical, wide.sketches)


def quoting(index: OpenIndex, phrases: Sequence[str]) -> Candidates:
    """Passages that hold all words of these phrases; whether as phrases, their text must tell.

    Longer Chinese words are left to the pairs that they are made of: among other characters,
    jieba may cut them otherwise.
    """
    words = [
        word
        for phrase in phrases
        for word in question_words(phrase)
        if len(word.text) <= PAIR or word.text[0] < _FIRST_CHINESE
    ]
    holding = index.words.holding(words, _MOST_QUOTING)
    return Candidates({}, _places(holding), holding)


def _places(ids: Iterable[str]) -> dict[str, int]:
    return {own: place for place, own in enumerate(ids, start=1)}
