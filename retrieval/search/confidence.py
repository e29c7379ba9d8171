"""How sure a hit answers the question, as a probability, whatever the archive's size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lexical import WeightedWord
from retrieval.search.fusion import Scored

#: One, or many at once.
Cosine = TypeVar("Cosine", float, NDArray[np.float64])

#: How many passages the calibration's own chance cosine counts for: it steadies the mean of an
#: archive of a few articles.
_PRIOR_PASSAGES = 4
#: How many articles behind a hit it is compared with: the best of what does not answer.
FIELD = 4


@dataclass(frozen=True, slots=True)
class Calibration:
    """What cosines of unrelated texts look like for a family of models.

    `chance` is their mean, `spread` their standard deviation over passages of one language.
    """

    chance: float
    spread: float

    @property
    def unit(self) -> float:
        """What one of its cosines counts for, beside those that the weights were tuned on."""
        return _TUNED_SPREAD / self.spread


_TUNED_SPREAD = 0.02
#: Measured on Chinese and English questions over unrelated passages. e5's cosines all crowd
#: between 0.75 and 0.90; most other models' lie around zero.
E5 = Calibration(chance=0.80, spread=_TUNED_SPREAD)
OTHERS = Calibration(chance=0.05, spread=0.10)


def calibration_of(model: str) -> Calibration:
    """The calibration for a model, by what the settings call it."""
    name = model.rstrip("/").rpartition("/")[2].lower()
    return E5 if model == "bundled" or "e5" in name.replace("_", "-").split("-") else OTHERS


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells whether a hit answers.

    `lead` is how far its score stands above that of the next article, `margin` above that of the
    fourth behind it: whatever is asked, some article stands first, but what answers stands apart.
    `above` is how far its cosine stands above what chance gives this question in this archive; all
    three in e5's cosines. `told` is how much of the question it covers, in words that are rare and
    stand nowhere else: unlike a share it tells one word from ten. `missing` is the share of the
    question's words, by rarity, that no passage has in any form, 0 to 1. `size` is the natural
    logarithm of the number of passages: among many, one is near whatever is asked.
    """

    lead: float
    margin: float
    above: float
    told: float
    missing: float
    size: float


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression on signals."""

    intercept: float
    lead: float
    margin: float
    above: float
    told: float
    missing: float
    size: float

    def probability(self, signals: Signals) -> float:
        """0 to 1."""
        evidence = (
            self.intercept
            + self.lead * signals.lead
            + self.margin * signals.margin
            + self.above * signals.above
            + self.told * math.sqrt(signals.told)
            + self.missing * signals.missing
            + self.size * signals.size
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, evidence))))


#: `python -m benchmarks.calibration` fits it; see benchmarks/README.md for on what.
FITTED = Model(
    intercept=-2.582,
    lead=33.1,
    margin=17.6,
    above=27.3,
    told=2.16,
    missing=-2.30,
    size=-0.35,
)


def above_chance(cosine: Cosine, mean: Cosine, passages: int, calibration: Calibration) -> Cosine:
    """How far a cosine stands above what chance gives this question in this archive.

    `mean` is that of the question's cosines to all `passages` passages, the one judged among them,
    which is taken out again: in an archive of three it would raise the bar for itself.
    """
    others = passages * mean - cosine + _PRIOR_PASSAGES * calibration.chance
    return cosine - others / (passages - 1 + _PRIOR_PASSAGES)


class Judge:
    """Judges the hits of one question; `words` are the question's, weighed in this archive.

    `mean` and `passages` as for `above_chance`, `rarest` is the weight of a word that stands
    nowhere (`LexicalIndex.rarest`).
    """

    def __init__(
        self,
        words: Sequence[WeightedWord],
        *,
        mean: float,
        passages: int,
        rarest: float,
        calibration: Calibration,
    ) -> None:
        self._mean = mean
        self._passages = passages
        self._calibration = calibration
        self._whole = sum(w.word.share * w.weight for w in words) / rarest
        telling = [word for word in words if word.word.share == 1 and word.rarity]
        rarity = sum(word.rarity for word in telling)
        nowhere = sum(word.rarity for word in telling if not word.forms)
        self._missing = nowhere / rarity if rarity else 0.0

    def signals(self, hit: Scored, behind: Sequence[float]) -> Signals:
        """`behind` holds the scores of the articles behind, best first, as many as there are."""
        # An archive of a few articles is filled up with articles of chance.
        chance = self._calibration.chance * self._calibration.unit
        field = [*behind[:FIELD], *[min([chance, *behind])] * FIELD][:FIELD]
        return Signals(
            lead=max(0.0, hit.score - field[0]),
            margin=max(0.0, hit.score - field[-1]),
            above=self._calibration.unit
            * above_chance(hit.cosine, self._mean, self._passages, self._calibration),
            told=self._whole * hit.coverage,
            missing=self._missing,
            size=math.log(max(1, self._passages)),
        )

    def confidence(self, signals: Signals) -> float:
        """Probability, 0 to 1, that a hit of these signals answers."""
        return FITTED.probability(signals) if self._passages else 0.0
