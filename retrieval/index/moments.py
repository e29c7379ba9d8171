"""How an archive's vectors lie on the whole: what a chance cosine to a question looks like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Moments:
    """How many vectors an archive has, and their mean, shape (dimension,).

    For a question q the cosines to the whole archive have the mean q·mean, whatever the archive's
    size: no need to score it all.
    """

    count: int
    mean: NDArray[np.float64]

    @classmethod
    def of(cls, sample: Matrix, count: int) -> Moments:
        """The moments of `count` vectors, as far as a sample of shape (n, dimension) tells."""
        return cls(count, sample.mean(axis=0, dtype=np.float64) if len(sample) else np.zeros(0))

    def chance(self, query: NDArray[np.float32]) -> float:
        """Mean of the cosines to a query of shape (dimension,)."""
        return float(query @ self.mean) if len(self.mean) else 0.0
