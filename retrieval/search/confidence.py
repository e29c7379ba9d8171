"""How sure the first hit answers the question, as a probability, whatever the archive's size."""

from __future__ import annotations

import math
from collections.abc import Sequence

from retrieval.search.fusion import Scored

#: Logistic regression over the standing of the best cosine and the best coverage; see
#: `confidence`. benchmarks/README.md tells what it was fitted on.
_INTERCEPT = -9.0
_STANDING = 1.6
_COVERAGE = 6.0
#: The spread that a very small archive's cosines are taken to have at least: e5's in practice.
_LEAST_SPREAD = 0.012


def standing(cosine: float, mean: float, deviation: float) -> float:
    """How many standard deviations a cosine stands above what chance gives in this archive.

    Cosines of e5 crowd between 0.75 and 0.90, elsewhere for every question: only the distance
    from what all other passages get tells anything.
    """
    return (cosine - mean) / max(deviation, _LEAST_SPREAD)


def confidence(ranked: Sequence[Scored], mean: float, deviation: float) -> float:
    """Probability, 0 to 1, that the first of the ranked hits answers; 0 for none.

    `mean` and `deviation` are those of the question's cosines to the whole archive.
    """
    if not ranked:
        return 0.0
    best_cosine = max(scored.cosine for scored in ranked)
    best_coverage = max(scored.coverage for scored in ranked)
    evidence = (
        _INTERCEPT
        + _STANDING * standing(best_cosine, mean, deviation)
        + _COVERAGE * best_coverage
    )
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, evidence))))
