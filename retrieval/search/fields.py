"""What the subjects of computing comprise: which of them a topic names, what tells of them. Pure.

A passage about databases need not say `database`: it speaks of indexes, of PostgreSQL, of isolation
levels. `fields.tsv` lists for some two hundred subjects what belongs to them; `terms.tsv` adds the
names in the other language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.index.questions import Form, Origin, Word, pieces
from retrieval.index.tokens import latin_terms, normalise, runs
from retrieval.search.phrases import folded
from retrieval.search.terms import terms

#: What a term tells of a subject that it belongs to by way of another one.
_BY_ANOTHER = 0.25
#: Words of the longest Latin name of a subject.
_LONGEST_NAME = 5
#: What parts the subjects of a topic of several.
_BETWEEN = re.compile(r"和|与|及|或|以及|[、,，;；/&]|\band\b|\bor\b")
_CHINESE = re.compile("[\u3400-\u9fff]")
_MARK = re.compile(r"\x01(\d+)\x01")

#: For each of the subjects that a topic of several parts is about: the subjects that it must touch
#: at once, each with all that bear its name.
Named: TypeAlias = tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """The subjects of `fields.tsv`.

    `words` are all terms that tell of any of them, with all their names as forms; `credits`, shape
    (subjects, words), is what each term tells of each subject, 0 to 1.
    """

    subjects: tuple[str, ...]
    words: tuple[Word, ...]
    credits: NDArray[np.float64]
    _chinese: Mapping[str, tuple[int, ...]]  # folded names, the longest first
    _latin: Mapping[tuple[str, ...], tuple[int, ...]]

    def named(self, topic: str) -> Named:
        """The subjects that a topic names, the longest names first; none for one unknown."""
        text = folded(topic)
        marks: list[tuple[int, ...]] = []
        for name, subjects in self._chinese.items():
            if name in text:
                text = text.replace(name, f"\x01{len(marks)}\x01")
                marks.append(subjects)
        parts = []
        for part in _BETWEEN.split(text):
            found = [marks[int(mark)] for mark in _MARK.findall(part)]
            found.extend(self._latin_in(latin_terms(_MARK.sub(" ", part))))
            if found:
                parts.append(tuple(dict.fromkeys(found)))
        return tuple(parts)

    def _latin_in(self, words: Sequence[str]) -> Iterator[tuple[int, ...]]:
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
                if subjects := self._latin.get(tuple(words[start:end])):
                    yield subjects
                    start = end - 1
                    break
            start += 1


@cache  # it is the same for all
def fields() -> Fields:
    """The subjects, read once."""
    synonyms = _synonyms()
    rows = list(_rows())
    places: dict[frozenset[str], int] = {}
    words: list[Word] = []

    def place(names: Iterable[str]) -> int:
        known = frozenset(name for one in names for name in (one, *synonyms.get(folded(one), ())))
        forms = dict.fromkeys(form for name in sorted(known) if (form := _form(name)))
        if known not in places:
            places[known] = len(words)
            # In brackets it is no word of any language: it is as rare as its forms are.
            words.append(Word(f"[{min(known)}]", tuple(Form(f, Origin.DICTIONARY) for f in forms)))
        return places[known]

    own = [{place(names), *(place(group) for group in groups)} for names, groups in rows]
    bearing: dict[str, list[int]] = defaultdict(list)
    for subject, (names, _) in enumerate(rows):
        for name in names:
            for known in (name, *synonyms.get(folded(name), ())):
                if subject not in bearing[folded(known)]:
                    bearing[folded(known)].append(subject)
    credits = np.zeros((len(rows), len(words)))
    for subject, (_, groups) in enumerate(rows):
        for group in groups:
            for name in group:
                for other in bearing.get(folded(name), ()):
                    credits[subject, list(own[other])] = _BY_ANOTHER
    for subject, members in enumerate(own):
        credits[subject, list(members)] = 1.0
    chinese = [name for name in bearing if _CHINESE.search(name)]
    return Fields(
        subjects=tuple(names[0] for names, _ in rows),
        words=tuple(words),
        credits=credits,
        _chinese={name: tuple(bearing[name]) for name in sorted(chinese, key=lambda n: -len(n))},
        _latin={
            tuple(latin_terms(name)): tuple(subjects)
            for name, subjects in bearing.items()
            if not _CHINESE.search(name)
        },
    )


def _rows() -> Iterator[tuple[list[str], list[list[str]]]]:
    """Each subject's names, and the names of each term that belongs to it."""
    text = resources.files(__package__).joinpath("fields.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            names, _, members = line.partition("\t")
            yield _names(names), [_names(member) for member in members.split(";")]


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split("/")]


def _synonyms() -> dict[str, list[str]]:
    """The field's terms by each of their names in either language."""
    known: dict[str, list[str]] = defaultdict(list)
    for chinese, english in terms():
        for name in (chinese, *english):
            known[folded(name)].extend((chinese, *english))
    return known


def _form(name: str) -> frozenset[str]:
    """The terms that a passage with this name has."""
    found: set[str] = set()
    for kind, run in runs(normalise(name)):
        if kind == "cjk":
            found |= pieces(run)
        elif kind == "other":
            found |= set(run)
        else:
            found |= set(latin_terms(run))
    return frozenset(found)
