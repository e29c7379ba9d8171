"""The exact score of a candidate: cosine, coverage, and what stands in it word for word.

Coverage is the share of the question's inverse-document-frequency mass whose words a passage
holds, as they are or, for a part of their weight, in another spelling or language. A sum keeps
working where the question's language is not the passage's: coverage is then low for all passages
alike, and the cosine decides. Reciprocal rank fusion would let the few chance words decide
(measured: hit@1 0.72 down to 0.23).
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lexical import WeightedForm, WeightedWord
from retrieval.index.questions import Origin
from retrieval.index.sketch import Sketches, hashes

#: What full coverage is worth in cosine. e5's cosines crowd into about 0.15.
COVERAGE_WEIGHT = 0.12
#: What a question that stands word for word in a passage gains.
VERBATIM_WEIGHT = 0.04
#: What full coverage by the article's title and first words gains: they name its subject.
OPENING_WEIGHT = 0.02
#: Forms of one word that are looked for, the most telling first.
_MOST_FORMS = 32


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate passage with its evidence.

    `cosine` is without what the passage gains by its language alone; the others are shares, 0 to
    1. `verbatim` and `opening` are looked at for the best candidates only.
    """

    excerpt_id: str
    cosine: float
    coverage: float
    verbatim: float = 0.0
    opening: float = 0.0
    unit: float = 1.0  # what one of the model's cosines counts for: see `Calibration.unit`

    @property
    def score(self) -> float:
        """The sum that orders candidates, 0 to about 1.2."""
        return (
            self.unit * self.cosine
            + COVERAGE_WEIGHT * self.coverage
            + VERBATIM_WEIGHT * self.verbatim
            + OPENING_WEIGHT * self.opening
        )


class Coverage:
    """Which of these passages hold what of a question's words."""

    def __init__(self, words: Sequence[WeightedWord], passages: Sketches) -> None:
        self._words = words
        self._rows = {own: row for row, own in enumerate(passages.ids)}
        self._best = _best_forms([word.forms[:_MOST_FORMS] for word in words], passages)
        self._weights = np.array([word.word.share * word.weight for word in words])
        self._total = float(self._weights.sum())
        self._literal: NDArray[np.float64] | None = None

    def shares(self) -> NDArray[np.float64]:
        """Each passage's coverage, 0 to 1, shape (n,)."""
        covered = np.zeros(len(self._rows))
        for word, best in zip(self._words, self._best, strict=True):
            if word.weight and word.forms:
                values = [form.value for form in word.forms[:_MOST_FORMS]]
                covered += word.word.share * np.array([*values, 0.0])[best]
        return covered / self._total if self._total else covered

    def values(self) -> NDArray[np.float64]:
        """What each word is worth in each passage: that of its best form there, (n, words)."""
        table = np.zeros((len(self._rows), len(self._words)))
        for place, (word, best) in enumerate(zip(self._words, self._best, strict=True)):
            if word.weight and word.forms:
                worth = [form.value for form in word.forms[:_MOST_FORMS]]
                table[:, place] = np.array([*worth, 0.0])[best]
        return table

    def literal(self, excerpt_id: str) -> float:
        """Share of the question's words, 0 to 1, that a passage holds as they are.

        Numbers and single Latin letters say nothing: they stand anywhere.
        """
        if self._literal is None:
            held = np.zeros(len(self._rows))
            for word, weight, best in zip(self._words, self._weights, self._best, strict=True):
                if not _anywhere(word.word.text):
                    forms = word.forms[:_MOST_FORMS]
                    own = [form.form.origin is not Origin.DICTIONARY for form in forms]
                    held += weight * np.array([*own, False])[best]
            self._literal = held / self._total if self._total else held
        return float(self._literal[self._rows[excerpt_id]])

    def forms_in(self, excerpt_id: str) -> list[WeightedForm | None]:
        """For each word the most telling form that this passage holds, None where it has none."""
        row = self._rows[excerpt_id]
        return [
            word.forms[best[row]] if best[row] >= 0 else None
            for word, best in zip(self._words, self._best, strict=True)
        ]


def _best_forms(
    words: Sequence[Sequence[WeightedForm]], passages: Sketches
) -> list[NDArray[np.intp]]:
    """For each word the place of the first form that each passage holds, -1 for none: (n,) each."""
    forms = [form.form.terms for word in words for form in word]
    ordered = sorted(frozenset().union(*forms))
    raw = hashes(ordered)
    wanted = np.unique(raw)
    column = dict(zip(ordered, np.searchsorted(wanted, raw).tolist(), strict=True))
    terms = passages.holding(wanted)
    columns = [[column[term] for term in form] for form in forms]
    held = terms[:, [first for first, *_ in columns]]
    for place, (_, *others) in enumerate(columns):
        for other in others:
            held[:, place] &= terms[:, other]
    found, start = [], 0
    for word in words:
        own = held[:, start : start + len(word)]
        start += len(word)
        if len(word):
            found.append(np.where(own.any(axis=1), own.argmax(axis=1), -1))
        else:
            found.append(np.full(len(passages), -1))
    return found


def _anywhere(text: str) -> bool:
    return text.isascii() and (len(text) == 1 or text.isdecimal())


def score(
    query: NDArray[np.float32],
    passages: Sketches,
    bonus: NDArray[np.float64],
    coverage: NDArray[np.float64],
    unit: float = 1.0,
) -> list[Scored]:
    """All candidates, best first; ties by id, so that order is stable.

    `query` is L2-normalised, shape (dimension,); `bonus` is what is taken off the cosine of each.
    """
    cosines = passages.vectors @ query - bonus
    scored = [
        Scored(own, float(cosine), float(share), unit=unit)
        for own, cosine, share in zip(passages.ids, cosines, coverage, strict=True)
    ]
    return best_first(scored)


def best_first(scored: Sequence[Scored]) -> list[Scored]:
    """By score; ties by id, so that order is stable."""
    return sorted(scored, key=lambda s: (-s.score, s.excerpt_id))


def within(words: Sequence[WeightedWord], terms: Set[str]) -> list[WeightedWord]:
    """The words with those forms only that stand among these terms.

    For texts of these terms, `covered` then tells the same, and sooner.
    """
    return [
        replace(word, forms=tuple(form for form in word.forms if form.form.terms <= terms))
        for word in words
    ]


def covered(words: Sequence[WeightedWord], terms: Set[str]) -> float:
    """Share of the words' weight, 0 to 1, that a text with these terms covers."""
    total = sum(word.word.share * word.weight for word in words)
    if not total:
        return 0.0
    held = 0.0
    for word in words:
        best = next((form.value for form in word.forms if form.form.terms <= terms), 0.0)
        held += word.word.share * min(best, word.weight)
    return held / total
