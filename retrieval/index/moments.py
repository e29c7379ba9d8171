"""How an archive's vectors lie on the whole: what a chance cosine to a question looks like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, shape (d,), and covariance, shape (d, d), of an archive's vectors.

    For a question q the cosines to the whole archive have mean q·mean and variance q·covariance·q,
    whatever the archive's size: no need to score it all.
    """

    count: int
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: Matrix) -> Moments:
        """The moments of vectors of shape (n, d)."""
        if len(vectors) == 0:
            return cls(0, np.zeros(0), np.zeros((0, 0)))
        mean = vectors.mean(axis=0, dtype=np.float64)
        centred = vectors.astype(np.float64) - mean
        return cls(len(vectors), mean, centred.T @ centred / len(vectors))

    def chance(self, query: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of the cosines to a query of shape (d,)."""
        if not self.count:
            return 0.0, 0.0
        variance = float(query @ self.covariance @ query)
        return float(query @ self.mean), max(variance, 0.0) ** 0.5
