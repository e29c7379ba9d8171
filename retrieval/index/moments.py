"""How an archive's vectors lie on the whole: what a chance cosine to a question looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

#: Ridge on the sum of squared deviations of the Latin shares: an archive of one language, with a
#: stray text of another, tells little of how languages tilt the vectors.
_RIDGE = 0.3
#: Length of the tilt from which on an archive counts as one of two languages.
_MIXED = 0.05


@dataclass(frozen=True, slots=True)
class Moments:
    """How many vectors an archive has, their mean, and how the language of a text moves them.

    `mean` and `tilt` have the shape (dimension,): a text of which the share s is Latin has, by
    chance, the vector mean + tilt x (s - latin), a linear regression over the archive. For a
    question q the cosines to the whole archive have the mean q·mean, whatever the archive's size.
    """

    count: int
    mean: NDArray[np.float64]
    tilt: NDArray[np.float64]
    latin: float

    @classmethod
    def of(cls, sample: Matrix, shares: Sequence[float], count: int) -> Moments:
        """The moments of `count` vectors, as far as a sample of shape (n, dimension) tells.

        `shares` holds the Latin share of each text of the sample, 0 to 1.
        """
        if not len(sample):
            return cls(count, np.zeros(0), np.zeros(0), 0.0)
        latin = float(np.mean(shares))
        apart = np.asarray(shares, np.float64) - latin
        return cls(
            count=count,
            mean=sample.mean(axis=0, dtype=np.float64),
            tilt=apart @ sample / (apart @ apart + _RIDGE),
            latin=latin,
        )

    def chance(self, query: NDArray[np.float32]) -> float:
        """Mean of the cosines to a query of shape (dimension,)."""
        return float(query @ self.mean) if len(self.mean) else 0.0

    def language_bonus(
        self, query: NDArray[np.float32], shares: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """What texts of these Latin shares gain in cosine to a query by their language alone.

        Shape as `shares`. Without taking it off, whatever is in the question's language stands
        above everything that is in another: in an archive of two languages no question reaches
        across.
        """
        if not len(self.tilt):
            return np.zeros(len(shares))
        return float(query @ self.tilt) * (shares.astype(np.float64) - self.latin)

    def neutral(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """The query without its part along the languages' direction, L2-normalised.

        What is nearest to it is so in either language: the candidates of an archive of two.
        """
        length = float(np.linalg.norm(self.tilt)) if len(self.tilt) else 0.0
        if length < _MIXED:
            return query
        along = self.tilt / length
        plain = query - float(query @ along) * along
        norm = float(np.linalg.norm(plain))
        return (plain / norm).astype(np.float32) if norm else query
