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
        terms = {t for w in words for f in w.forms[:_MOST_FORMS] for t in f.form.terms}
        ordered = sorted(terms)
        raw = hashes(ordered)
        self._wanted = np.unique(raw)
        column = dict(zip(ordered, np.searchsorted(self._wanted, raw).tolist(), strict=True))
        self._columns = [
            [[column[term] for term in form.form.terms] for form in word.forms[:_MOST_FORMS]]
            for word in words
        ]
        self._held = passages.holding(self._wanted)

    def shares(self) -> NDArray[np.float64]:
        """Each passage's coverage, 0 to 1, shape (n,)."""
        total = sum(word.word.share * word.weight for word in self._words)
        covered = np.zeros(len(self._rows))
        if not total:
            return covered
        for word, forms in zip(self._words, self._columns, strict=True):
            if word.weight:
                best = np.zeros(len(covered))
                for valued, columns in zip(word.forms, forms, strict=False):
                    held = self._held[:, columns[0]]
                    for column in columns[1:]:
                        held = held & self._held[:, column]
                    np.maximum(best, valued.value * held, out=best)
                covered += word.word.share * best
        return covered / total

    def literal(self, excerpt_id: str) -> float:
        """Share of the question's words, 0 to 1, that a passage holds as they are.

        Numbers and single Latin letters say nothing: they stand anywhere.
        """
        total = sum(word.word.share * word.weight for word in self._words)
        held = sum(
            word.word.share * word.weight
            for word, valued in zip(self._words, self.forms_in(excerpt_id), strict=True)
            if valued is not None
            and valued.form.origin is not Origin.DICTIONARY
            and not _anywhere(word.word.text)
        )
        return held / total if total else 0.0

    def forms_in(self, excerpt_id: str) -> list[WeightedForm | None]:
        """For each word the most telling form that this passage holds, None where it has none."""
        held = self._held[self._rows[excerpt_id]].tolist()
        return [
            next(
                (
                    valued
                    for valued, columns in zip(word.forms, forms, strict=False)
                    if all(held[column] for column in columns)
                ),
                None,
            )
            for word, forms in zip(self._words, self._columns, strict=True)
        ]


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
