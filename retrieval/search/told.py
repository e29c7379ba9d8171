"""What texts tell of subjects and their terms: values of words -> how much of each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

#: What a passage that does not hold a term tells of it by telling of what it belongs to.
_NOT_THERE = 0.4


@dataclass(frozen=True, slots=True)
class Told:
    """What some texts tell of the subjects.

    `own`, shape (texts, subjects), is what they tell of each by what belongs to it, `whole` the
    same with its parts: an article about one of them is about the subject, too. `values`, shape
    (texts, terms that stand somewhere), is what each of those terms, at its place in `places`, is
    worth in each text.
    """

    own: NDArray[np.float64]
    whole: NDArray[np.float64]
    values: NDArray[np.float64]
    places: Mapping[int, int]
    owners: Sequence[tuple[int, ...]]  # of each term the subjects that it belongs to

    def of(self, columns: Sequence[int]) -> NDArray[np.float64]:
        """How much each text tells of what it tells most of among these: (texts,).

        A text that holds a term tells of it as much as of what the term belongs to, any other of
        a part.
        """
        subjects = self.own.shape[1]
        found = np.zeros(len(self.own))
        for column in columns:
            if column < subjects:
                told = self.whole[:, column]
            else:
                word = column - subjects
                around = self.own[:, list(self.owners[word])].max(axis=1, initial=0.0)
                held = self.values[:, self.places[word]] > 0 if word in self.places else False
                told = np.where(held, 1.0, _NOT_THERE) * around
            found = np.maximum(found, told)
        return found

    def most_beside(self, subjects: Iterable[int]) -> NDArray[np.float64]:
        """How much each text tells of what it tells most of but for these: (texts,)."""
        own = self.own.copy()
        own[:, list(subjects)] = 0.0
        most: NDArray[np.float64] = own.max(axis=1, initial=0.0)
        return most

    def parted(self, at: int) -> tuple[Told, Told]:
        """The first texts, and the others."""
        return self._taken(slice(None, at)), self._taken(slice(at, None))

    def _taken(self, rows: slice) -> Told:
        own, whole, values = self.own[rows], self.whole[rows], self.values[rows]
        return replace(self, own=own, whole=whole, values=values)
