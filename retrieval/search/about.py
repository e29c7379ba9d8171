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
    cosines; `opening` how much of the topic's words the title, tags and first words hold: in words
    that are rare and stand nowhere else. `covered` and `headed` are the shares of those words that
    the text, and the title, tags and first words, hold. `field` is how much the text holds of the
    terms that belong to what the topic names, `begun` that in the title, tags and first words,
    `share` how much it is beside the subject that the article tells most of, 0 to 1. `missing` is
    the share of the topic's words that stand beside its names and not in the article; `unlike` is 1
    where there is such a word and the topic names but a wide area otherwise. `known` is
    whether the topic names anything.
    """

    known: bool
    above: Signal
    covered: Signal
    headed: Signal
    opening: Signal
    field: Signal
    begun: Signal
    share: Signal
    missing: Signal
    unlike: Signal

    @property
    def foremost(self) -> Signal:
        """How much the title, tags and first words tell of what the article tells most of."""
        both: Signal = self.share * np.sqrt(self.begun)
        return both


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression on signals."""

    intercept: float
    above: float
    opening: float = 0.0
    covered: float = 0.0
    headed: float = 0.0
    field: float = 0.0
    share: float = 0.0
    foremost: float = 0.0
    missing: float = 0.0
    unlike: float = 0.0

    def probability(self, signals: Signals) -> Signal:
        """0 to 1 each, shape (articles,)."""
        evidence = (
            self.intercept
            + self.above * signals.above
            + self.covered * signals.covered
            + self.headed * signals.headed
            + self.opening * np.sqrt(signals.opening)
            + self.field * np.sqrt(signals.field)
            + self.share * signals.share
            + self.foremost * signals.foremost
            + self.missing * signals.missing
            + self.unlike * signals.unlike
        )
        return 1 / (1 + np.exp(-np.clip(evidence, -60.0, 60.0)))


#: `python -m benchmarks.topics --fit` fits both; see benchmarks/README.md for on what.
KNOWN = Model(
    intercept=-8.27,
    above=41.4,
    opening=1.11,
    field=1.51,
    share=5.28,
    foremost=2.25,
    missing=-10,
    unlike=-4,
)
#: For topics that name no subject of `fields.tsv`.
UNKNOWN = Model(intercept=-4.42, above=82, covered=0.82, headed=4.16)


def probability(signals: Signals) -> Signal:
    """That each article is about the topic, 0 to 1, shape (articles,)."""
    return (KNOWN if signals.known else UNKNOWN).probability(signals)


#: From which probability on an article is announced, from the loosest wish to the strictest.
THRESHOLDS = {-2: 0.10, -1: 0.20, 0: 0.37, 1: 0.60, 2: 0.80}


def passes(probability: float, strictness: int) -> bool:
    """Whether a wish of this strictness, -2 to 2, asks for an article this surely about it."""
    return probability >= THRESHOLDS[max(-2, min(2, strictness))]
