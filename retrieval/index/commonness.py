"""How common words are in general, which an archive of a few articles cannot tell by itself.

In thirty passages 下午 and 分布式锁 may both stand once; in the languages at large the one is on
every page and the other hardly anywhere. The frequencies are wordfreq's small lists of Chinese and
English (Robyn Speer, https://github.com/rspeer/wordfreq).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

from retrieval.index.tokens import term_of

#: Passages of general language that stand beside the archive's own when a word's rarity is told:
#: they decide in a small archive and are lost in a large one.
_BACKGROUND = 1_000
#: Words of a passage, about.
_PASSAGE = 200
_COMMONEST = 0.5


@cache
def _frequencies() -> dict[str, float]:
    """How often each term stands among all words, 0 to 1; 65,000 of them, read in 0.3 s."""
    from wordfreq import get_frequency_dict

    frequencies: dict[str, float] = {}
    for word, frequency in get_frequency_dict("en", wordlist="small").items():
        term = term_of(word)
        frequencies[term] = frequencies.get(term, 0.0) + frequency
    for word, frequency in get_frequency_dict("zh", wordlist="small").items():
        frequencies[word] = frequencies.get(word, 0.0) + frequency
    return frequencies


def load() -> None:
    """Read the lists now, so that the first question need not wait for them."""
    _frequencies()


def expected(terms: Iterable[str]) -> float:
    """Share of passages of general language, 0 to 1, that hold the rarest of these terms."""
    known = _frequencies()
    rarest = min((known.get(term, 0.0) for term in terms), default=0.0)
    return float(1 - (1 - min(rarest, _COMMONEST)) ** _PASSAGE)


def rarity(passages: int, having: int, common: float) -> float:
    """ln(1 + (N - n + 0.5) / (n + 0.5)): BM25's weight (Robertson 2009) of a word.

    `having` of the archive's `passages` have it, and `common`, 0 to 1, of the background's.
    """
    total = passages + _BACKGROUND
    frequency = having + _BACKGROUND * common
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
