"""How surely an article is about a topic, as a probability, whatever the archive. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells whether each of some articles is about a topic; each of shape (articles,).

    `above` is how far the cosine stands above what chance gives this topic in this archive, in e5's
    cosines; `told` and `opening` how much of the topic's words the text, and the title, tags and
    first words, hold: in words that are rare and stand nowhere else. `field` is the same of the
    terms that belong to the subject which the topic names, `share` how much that is beside the
    subject that the article tells most of, 0 to 1; `lacking` how much it lacks of what the topic
    says beside that subject's name. `known` is whether the topic names any.
    """

    known: bool
    above: Signal
    told: Signal
    opening: Signal
    field: Signal
    share: Signal
    lacking: Signal


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression on signals."""

    intercept: float
    above: float
    told: float
    opening: float
    field: float = 0.0
    share: float = 0.0
    lacking: float = 0.0

    def probability(self, signals: Signals) -> Signal:
        """0 to 1 each, shape (articles,)."""
        evidence = (
            self.intercept
            + self.above * signals.above
            + self.told * np.sqrt(signals.told)
            + self.opening * np.sqrt(signals.opening)
            + self.field * np.sqrt(signals.field)
            + self.share * signals.share
            + self.lacking * signals.lacking
        )
        return 1 / (1 + np.exp(-np.clip(evidence, -60.0, 60.0)))


#: `python -m benchmarks.topics --fit` fits both; see benchmarks/README.md for on what.
KNOWN = Model(
    intercept=-6.82, above=47.0, told=0.403, opening=0.977, field=1.26, share=7.63, lacking=-1.5
)
#: For topics that name no subject of `fields.tsv`.
UNKNOWN = Model(intercept=-5.44, above=88.8, told=1.04, opening=2.13)


def probability(signals: Signals) -> Signal:
    """That each article is about the topic, 0 to 1, shape (articles,)."""
    return (KNOWN if signals.known else UNKNOWN).probability(signals)


#: From which probability on an article is announced, from the loosest wish to the strictest.
THRESHOLDS = {-2: 0.10, -1: 0.22, 0: 0.4, 1: 0.6, 2: 0.8}


def passes(probability: float, strictness: int) -> bool:
    """Whether a wish of this strictness, -2 to 2, asks for an article this surely about it."""
    return probability >= THRESHOLDS[max(-2, min(2, strictness))]
