"""Words of a question that stand nowhere in an index: which of its terms they may misspell.

A typing error often changes what the stemmer takes off (`quantizaton` keeps its ending, which
`quantization` loses), so two ways lead to a term: the word with one error undone, then stemmed,
and, for long words, the stem itself compared with the index's terms.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, compress
from string import ascii_lowercase

import numpy as np
import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.index.tokens import term_of

#: Letters of the shortest word and of the shortest term that may be one another's misspelling:
#: below, nearly every word is one letter away from another.
SHORTEST = 4
#: From so many letters on a word may hold two errors.
LONG = 8
#: Longest word looked at, in characters: beyond are identifiers and data.
LONGEST = 32
#: An archive of more passages has so many typing errors of its own that a term of one passage
#: only is no word to lead to.
LARGE = 10_000

#: What one error in a word of n letters takes off its credit, times n.
_COST = 0.8
#: What is left of the credit if the error is in the first letter, which people rarely miss.
_FIRST_LETTER = 0.9


class Vocabulary:
    """The Latin terms of an index, to find those spelt nearly like a word that stands nowhere.

    Nothing changes after construction: any thread may ask.
    """

    def __init__(
        self,
        terms: Iterable[tuple[str, int]],
        passages: int = 0,
        known: Callable[[str], bool] | None = None,
    ) -> None:
        """Take each term with the number of passages that have it, of `passages` in all.

        Terms with other characters than ASCII letters and digits are left out. `known` tells of a
        term whether it is a word anyway: such a word is absent, not misspelt. Without it every
        eighth English word that 64 articles lack is taken for another, with CC-CEDICT's every 70th.
        """
        least = 2 if passages > LARGE else 1
        self._known = known
        buckets: dict[tuple[str, int], tuple[list[str], list[int]]] = {}
        for term, count in terms:
            size = len(term)
            if (
                SHORTEST <= size <= LONGEST
                and count >= least
                and term.isascii()
                and (term.isalpha() or _comparable(term))
            ):
                words, counts = buckets.get((term[0], size)) or buckets.setdefault(
                    (term[0], size), ([], [])
                )
                words.append(term)
                counts.append(count)
        # One text a bucket, not a string a term: 13 MB for 500,000 terms, not 60.
        self._buckets = {
            key: ("\n".join(["", *words, ""]), array("I", counts))
            for key, (words, counts) in buckets.items()
        }
        taken = chain.from_iterable(words for words, _ in buckets.values())
        self._hashes = np.sort(np.fromiter(map(hash, taken), np.int64))

    def near(self, term: str, limit: int = 3, surface: str = "") -> list[tuple[str, float]]:
        """Terms that a word may misspell, each with credit, 0 to 1, best first.

        `surface` is the word as it was typed, `term` as the index would keep it. One error, that
        is a letter too many, missing, wrong, or two neighbours exchanged (optimal string
        alignment), is allowed from `SHORTEST` letters on; from `LONG` on two are, where nothing is
        one away. Digits must agree. Of terms with as many errors those with the same first letter
        come first, then the more frequent ones.
        """
        surface = surface.casefold()
        surface = surface if _comparable(surface) else ""
        word = surface or term
        if limit < 1 or not _comparable(word) or (self._known is not None and self._known(term)):
            return []
        own = {term, surface, term_of(word)}
        errors = dict.fromkeys(self._one_error(term, surface) - own, 1)
        if not errors and letters(term) >= LONG:
            errors.update(item for item in self._scanned(term) if item[0] not in own)

        def order(item: tuple[str, int]) -> tuple[int, bool, int, str]:
            found, distance = item
            return distance, found[0] != word[0], -self._count(found), found

        ranked = sorted(errors.items(), key=order)[:limit]
        return [(found, _credit(word, found, distance)) for found, distance in ranked]

    def _one_error(self, term: str, surface: str) -> set[str]:
        """The terms that `term`, or the word as typed, then stemmed, is but for one error."""
        stems = _undone(term) if _comparable(term) else []
        if surface.isalpha():
            # A stemmer of its own, without the memory that the shared one would lose to these.
            stems += Stemmer.Stemmer("english", 0).stemWords(_undone(surface))
        wanted = np.fromiter(map(hash, stems), np.int64, len(stems))
        places = np.searchsorted(self._hashes, wanted)
        there = self._hashes.take(places, mode="clip") == wanted if len(self._hashes) else []
        return {stem for stem in compress(stems, there) if self._count(stem)}

    def _scanned(self, term: str) -> Iterator[tuple[str, int]]:
        """Terms with the same first letter, at most two errors away, and how many."""
        digits = _digits(term)
        for length in range(max(SHORTEST, len(term) - 2), len(term) + 3):
            text, _ = self._buckets.get((term[0], length), ("", None))
            if text:
                for found, distance, _ in process.extract(
                    term, text[1:-1].split("\n"), scorer=OSA.distance, score_cutoff=2, limit=None
                ):
                    if _digits(found) == digits:
                        yield found, int(distance)

    def _count(self, term: str) -> int:
        """In how many passages a term stands, 0 if it is none of these."""
        text, counts = self._buckets.get((term[:1], len(term)), ("", array("I")))
        place = text.find(f"\n{term}\n")
        return counts[place // (len(term) + 1)] if place >= 0 else 0


def letters(word: str) -> int:
    """How many letters a word has, digits not counted."""
    return sum(map(str.isalpha, word))


def _comparable(word: str) -> bool:
    plain = word.isascii() and word.isalnum() and len(word) <= LONGEST
    return plain and letters(word) >= SHORTEST


def _digits(word: str) -> str:
    return "" if word.isalpha() else "".join(filter(str.isdigit, word))


def _undone(word: str) -> list[str]:
    """The word with one typing error undone, in every way; digits stay, and stay in order.

    The first letter of a word that is not long is never wrong, missing or too many, and no letter
    of the shortest ones is wrong: most such neighbours are words of their own (kong, long).
    """
    size = letters(word)
    made = []
    for place, char in enumerate(word):
        before, after = word[:place], word[place + 1 :]
        if after and not (char.isdigit() and after[0].isdigit()):
            made.append(before + after[0] + char + after[1:])
        if size < LONG and not place:
            continue
        made.extend(before + letter + char + after for letter in ascii_lowercase)
        if not char.isdigit():
            made.append(before + after)
            if size > SHORTEST:
                made.extend(before + letter + after for letter in ascii_lowercase)
    made.extend(word + letter for letter in ascii_lowercase)
    return made


def _credit(word: str, found: str, distance: int) -> float:
    credit = 1 - _COST * distance / len(word)
    return credit if found[0] == word[0] else credit * _FIRST_LETTER
