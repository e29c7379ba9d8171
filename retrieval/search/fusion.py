"""The exact score: cosine plus coverage, over the union of dense and lexical candidates.

Coverage is the share of the question's inverse-document-frequency mass whose words a passage
holds. A sum of the two keeps working where the question's language is not the passage's: coverage
is then near zero for all passages alike, and the cosine decides. Reciprocal rank fusion would let
the few chance words decide (measured: hit@1 0.72 down to 0.23).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lexical import WeightedWord

#: What full coverage is worth in cosine. e5's cosines crowd into about 0.15.
COVERAGE_WEIGHT = 0.12


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate passage with its evidence.

    `cosine` is without what the passage gains by its language alone.
    """

    excerpt_id: str
    cosine: float
    coverage: float

    @property
    def score(self) -> float:
        """Cosine + COVERAGE_WEIGHT x coverage: 0 to about 1.1."""
        return self.cosine + COVERAGE_WEIGHT * self.coverage


def coverage(words: Sequence[WeightedWord], terms: Set[str]) -> float:
    """Share of the words' weight that a passage with these terms covers, 0 to 1."""
    total = sum(weighed.weight for weighed in words)
    if not total:
        return 0.0
    return sum(w.weight for w in words if w.word.covered_by(terms)) / total


def score(
    query: NDArray[np.float32],
    words: Sequence[WeightedWord],
    vectors: Mapping[str, NDArray[np.float32]],
    terms: Mapping[str, Set[str]],
    bonus: Mapping[str, float],
) -> list[Scored]:
    """All candidates that have a vector, best first; ties by id, so that order is stable.

    `query` and each of `vectors`, by excerpt id, are L2-normalised, shape (dimension,); `bonus`
    is what is taken off the cosine of each.
    """
    scored = [
        Scored(
            own,
            float(query @ vector) - bonus.get(own, 0.0),
            coverage(words, terms.get(own, frozenset())),
        )
        for own, vector in vectors.items()
    ]
    return sorted(scored, key=lambda s: (-s.score, s.excerpt_id))
