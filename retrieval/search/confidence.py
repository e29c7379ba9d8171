"""How sure a hit answers the question, as a probability, whatever the archive's size."""

from __future__ import annotations

import math
from dataclasses import dataclass

from retrieval.search.fusion import Scored

#: Logistic regression on how far a first hit's cosine stands above chance, in spreads, and on
#: its coverage; see benchmarks/README.md for what it was fitted on.
_INTERCEPT = -4.0
_STANDING = 1.35
_COVERAGE = 5.6
#: How many passages the calibration's own chance cosine counts for: it steadies the mean of an
#: archive of a few articles.
_PRIOR_PASSAGES = 4


@dataclass(frozen=True, slots=True)
class Calibration:
    """What cosines of unrelated texts look like for a family of models.

    `chance` is their mean, `spread` their standard deviation over passages of one language.
    """

    chance: float
    spread: float


#: Measured on Chinese and English questions over unrelated passages. e5's cosines all crowd
#: between 0.75 and 0.90; most other models' lie around zero.
E5 = Calibration(chance=0.80, spread=0.02)
OTHERS = Calibration(chance=0.05, spread=0.10)


def calibration_of(model: str) -> Calibration:
    """The calibration for a model, by what the settings call it."""
    name = model.rstrip("/").rpartition("/")[2].lower()
    return E5 if model == "bundled" or "e5" in name.replace("_", "-").split("-") else OTHERS


def standing(cosine: float, mean: float, passages: int, calibration: Calibration) -> float:
    """How many spreads a cosine stands above what chance gives this question in this archive.

    `mean` is that of the question's cosines to all `passages` passages, the one judged among them,
    which is taken out again: in an archive of three it would raise the bar for itself.
    """
    others = passages * mean - cosine + _PRIOR_PASSAGES * calibration.chance
    expected = others / (passages - 1 + _PRIOR_PASSAGES)
    return (cosine - expected) / calibration.spread


def confidence(hit: Scored, mean: float, passages: int, calibration: Calibration) -> float:
    """Probability, 0 to 1, that this hit answers; `mean` and the others as for `standing`."""
    if passages < 1:
        return 0.0
    evidence = (
        _INTERCEPT
        + _STANDING * standing(hit.cosine, mean, passages, calibration)
        + _COVERAGE * hit.coverage
    )
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, evidence))))
