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
from retrieval.index.tokens import latin_terms, normalise, runs, term_of
from retrieval.search.phrases import folded
from retrieval.search.terms import terms

#: What a term tells of a subject that it belongs to by way of another one.
_BY_ANOTHER = 0.25
#: What a passage that does not hold a term tells of it by telling of what it belongs to.
_NOT_THERE = 0.4
#: Words of the longest Latin name of a subject.
_LONGEST_NAME = 5
#: What parts the subjects of a topic of several.
_BETWEEN = re.compile(r"和|与|及|或|以及|[、,，;；/&]|\band\b|\bor\b")
_CHINESE = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile(r"[^\W_\u3400-\u9fff]+")
_MARK = re.compile(r"\x01(\d+)\x01")

#: Subjects and terms, as columns of `Fields.told`: each with all that bear its name, which a topic,
#: or a part of it, touches at once.
Together: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What a topic names: of several parts, each what it touches at once.

    `rest` is what it says beside their names.
    """

    parts: tuple[Together, ...]
    rest: str


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

    def told(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much passages tell of each subject, then of each term: (passages, both).

        `values`, shape (passages, words), is what each term is worth in each passage. A passage
        that holds a term tells of it as much as of what the term belongs to, any other of a part.
        """
        subjects = values @ self.credits.T
        around = np.zeros(values.shape)
        for own, credits in zip(subjects.T, self.credits, strict=True):
            around[:, credits == 1] = np.maximum(around[:, credits == 1], own[:, np.newaxis])
        return np.hstack([subjects, np.where(values > 0, 1.0, _NOT_THERE) * around])

    def named(self, topic: str) -> Named:
        """What a topic names, the longest names first; no parts for one unknown.

        Whatever the field has a longer name for, it is no subject by a part of that: a graph
        database is no database.
        """
        text = folded(topic)
        marks: list[tuple[int, ...]] = []
        kept: list[str] = []
        for name, subjects in self._chinese.items():
            if name in text:
                text = text.replace(name, f"\x01{len(marks)}\x01")
                marks.append(subjects)
                kept.append(name)
        parts: list[Together] = []
        rest: list[str] = []
        for part in _BETWEEN.split(text):
            found = [marks[int(mark)] for mark in _MARK.findall(part)]
            rest.extend(kept[int(mark)] for mark in _MARK.findall(part) if not marks[int(mark)])
            plain = _MARK.sub(" ", part)
            latin, others = self._latin_in(_LATIN.findall(plain))
            rest.append(_LATIN.sub(" ", plain))
            rest.extend(others)
            if together := tuple(dict.fromkeys(one for one in (*found, *latin) if one)):
                parts.append(together)
        return Named(tuple(parts), " ".join(" ".join(rest).split()))

    def _latin_in(self, words: Sequence[str]) -> tuple[list[tuple[int, ...]], list[str]]:
        """What Latin words name, and the words that name nothing."""
        found: list[tuple[int, ...]] = []
        others: list[str] = []
        stems = [term_of(word) for word in words]
        start = 0
        while start < len(words):
            longest = min(len(words), start + _LONGEST_NAME)
            ends = range(longest, start, -1)
            end = next((e for e in ends if tuple(stems[start:e]) in self._latin), start + 1)
            if subjects := self._latin.get(tuple(stems[start:end])):
                found.append(subjects)
            else:
                others.extend(words[start:end])
            start = end
        return found, others


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
        for known in sorted(_all_names(names, synonyms)):
            bearing[known].append(subject)
    credits = np.zeros((len(rows), len(words)))
    for subject, (_, groups) in enumerate(rows):
        for group in groups:
            for name in group:
                for other in bearing.get(folded(name), ()):
                    credits[subject, list(own[other])] = _BY_ANOTHER
    for subject, members in enumerate(own):
        credits[subject, list(members)] = 1.0
    # A term is no subject, but what it belongs to tells of it; one that belongs to none has but a
    # name, by which no shorter one is meant.
    subjects = frozenset(bearing)
    for forms_of, number in places.items():
        for known in sorted({folded(name) for name in forms_of} - subjects):
            bearing[known].append(len(rows) + number)
    for known in synonyms:
        bearing.setdefault(known, [])
    chinese = [name for name in bearing if _CHINESE.search(name)]
    return Fields(
        subjects=tuple(names[0] for names, _ in rows),
        words=tuple(words),
        credits=credits,
        _chinese={name: tuple(bearing[name]) for name in sorted(chinese, key=lambda n: -len(n))},
        _latin=_by_terms(
            {name: own for name, own in bearing.items() if not _CHINESE.search(name)}, len(rows)
        ),
    )


def _all_names(names: Sequence[str], synonyms: Mapping[str, Sequence[str]]) -> set[str]:
    """The names, folded, with those in the other language."""
    return {folded(known) for name in names for known in (name, *synonyms.get(folded(name), ()))}


def _by_terms(
    bearing: Mapping[str, list[int]], subjects: int
) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Columns by the terms of their Latin names; those of subjects alone where there are any."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for name, columns in bearing.items():
        found[tuple(latin_terms(name))].extend(columns)
    return {
        name: tuple(dict.fromkeys([c for c in columns if c < subjects] or columns))
        for name, columns in found.items()
    }


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
