"""What the subjects of computing comprise: which of them a topic names, what tells of them. Pure.

A passage about databases need not say `database`: it speaks of indexes, of PostgreSQL, of isolation
levels. `fields.tsv` lists for some five hundred subjects what belongs to them; `terms.tsv` adds the
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
#: What follows the parts of an English topic and holds for each of them.
_OF = re.compile(r"\b(?:in|of|for|with|on|under)\b")
#: What of a subject a topic may ask for: an article about that need not say it.
_ASPECT = re.compile(
    "性能|性能优化|性能分析|性能调优|优化|可靠性|安全|安全性|效率|成本|内存占用|显存占用"
    "|系统|模型|算法|框架|工具|performance|optimi[sz]ation|tuning|reliability|security|efficiency"
    "|scalability|memory|memory (?:use|usage|footprint|consumption)"
    "|(?:system|model|algorithm|framework|tool)s?"
)
#: What topics say of no subject, and articles need not say.
_SAYS_LITTLE = re.compile(
    "技术|问题|原理|方法|结构|入门|实践|教程|指南|基础|优化|设计|怎样|怎么|如何|关于|有关|相关|的"
    r"|\b(?:based|basics|introduction|internals|techniques?|tips|tricks|guide|tutorials?|problems?"
    r"|issues?|practices?|best|better|faster|smaller|less|how|what|why|about|us(?:e|es|ed|ing|age)"
    r"|are|is|the|across|versus|vs|to|that|in|of|for|with|on|under|without)\b"
)

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
class Touched:
    """A name as it stands in a topic, with the columns of all that bear it, none for no subject."""

    name: str
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """The subjects of `fields.tsv`.

    `words` are all terms that tell of any of them, with all their names as forms; `credits`, shape
    (subjects, words), is what each term tells of each subject, 0 to 1; `belongs`, shape (subjects,
    both), whether each column of `told` is a part of each subject.
    """

    subjects: tuple[str, ...]
    words: tuple[Word, ...]
    credits: NDArray[np.float64]
    belongs: NDArray[np.bool_]
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
        marks: list[Touched] = []
        for name, columns in self._chinese.items():
            if name in text:
                text = text.replace(name, f"\x01{len(marks)}\x01")
                marks.append(Touched(name, columns))
        texts = _BETWEEN.split(text)
        parts: list[list[Touched]] = []
        rest: list[str] = []
        for part in texts:
            found, others = self._in_part(part, marks)
            told, beside = self._telling(found, bool("".join(others).strip(" -+")))
            rest.extend(others + beside)
            parts.append(told)
        shared = self._shared(texts, marks) if all(parts) else ([], [])
        whole = [
            [*(shared[0] if number else ()), *part, *(shared[1] if number < len(parts) - 1 else ())]
            for number, part in enumerate(parts)
        ]
        narrowest = tuple(self._narrowest(part) for part in whole if part)
        return Named(narrowest, " ".join(" ".join(rest).split()))

    def _in_part(self, part: str, marks: Sequence[Touched]) -> tuple[list[Touched], list[str]]:
        """What a part of a topic names, and what it says beside."""
        held = [marks[int(mark)] for mark in _MARK.findall(part)]
        plain = _MARK.sub(" ", part)
        latin, words = self._latin_in(_LATIN.findall(plain))
        others = [_SAYS_LITTLE.sub(" ", other) for other in (*words, _LATIN.sub(" ", plain))]
        others.extend(one.name for one in held if not one.columns)
        return [*(one for one in held if one.columns), *latin], others

    def _telling(self, found: Sequence[Touched], more: bool) -> tuple[list[Touched], list[str]]:
        """Of what a part names what it is about, and names that tell only by standing there.

        A plain word that is but a term says which, beside a subject or beside `more` words that
        name nothing: a git rebase is not whatever else is told of git.
        """
        found = [one for one in found if not _ASPECT.fullmatch(one.name)] or found
        subjects = [any(column < len(self.subjects) for column in one.columns) for one in found]
        plain = [
            not subject and one.name.isascii() and " " not in one.name and (more or any(subjects))
            for one, subject in zip(found, subjects, strict=True)
        ]
        told = [one for one, only in zip(found, plain, strict=True) if not only]
        return told, [one.name for one, only in zip(found, plain, strict=True) if only]

    def _shared(
        self, texts: Sequence[str], marks: Sequence[Touched]
    ) -> tuple[list[Touched], list[Touched]]:
        """What the first part says for those behind it, and the last for those before it."""
        head, of, _ = texts[0].partition("的")
        tail = _OF.split(texts[-1])[1:]
        first = self._in_part(head, marks)[0] if of and len(texts) > 1 else []
        last = self._in_part(" ".join(tail), marks)[0] if tail and len(texts) > 1 else []
        return first, last

    def _narrowest(self, part: Sequence[Touched]) -> Together:
        """The columns of what is named, without what something else named belongs to.

        An article about the narrower is about the broader too, and need not say so; but what has a
        Latin name first is mostly a product, which has its own of what belongs to it.
        """
        every = list(dict.fromkeys(one.columns for one in part))
        narrow = [
            one
            for one in every
            if not any(
                self.belongs[broad, other].any()
                for broad in one
                if broad < len(self.subjects) and not self.subjects[broad].isascii()
                for other in (list(two) for two in every if two != one)
            )
        ]
        return tuple(narrow or every)

    def _latin_in(self, words: Sequence[str]) -> tuple[list[Touched], list[str]]:
        """What Latin words name, and the words that name nothing."""
        found: list[Touched] = []
        others: list[str] = []
        start = 0
        while start < len(words):
            longest = min(len(words), start + _LONGEST_NAME)
            ends = range(longest, start, -1)
            keys = ((end, _key(words[start:end])) for end in ends)
            end, key = next((one for one in keys if one[1] in self._latin), (start + 1, ()))
            if columns := self._latin.get(key):
                found.append(Touched(" ".join(words[start:end]), columns))
            else:
                others.extend(words[start:end])
            start = end
        return found, others


def _key(words: Sequence[str]) -> tuple[str, ...]:
    """By what a Latin name is looked up: the stems of its words, a single word but its singular.

    What is signed is no sign, but databases are a database.
    """
    if len(words) != 1:
        return tuple(term_of(word) for word in words)
    word = words[0].casefold()
    plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return (word[:-1] if plural else word,)


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
    parts = np.zeros((len(rows), len(rows)), np.bool_)
    for subject, (_, groups) in enumerate(rows):
        for group in groups:
            for name in group:
                for other in bearing.get(folded(name), ()):
                    credits[subject, list(own[other])] = _BY_ANOTHER
                    parts[subject, other] = other != subject
    for subject, members in enumerate(own):
        credits[subject, list(members)] = 1.0
    # A name that the subject lists too is that of a part of it: who asks for one product does not
    # ask for all of its kind.
    for subject, (names, groups) in enumerate(rows):
        listed = {folded(name) for group in groups for name in group}
        narrower = [name for name in names[1:] if folded(name) in listed]
        for known in _all_names(narrower, synonyms) - _all_names(names[:1], synonyms):
            bearing[known].remove(subject)
    bearing = defaultdict(list, {name: own for name, own in bearing.items() if own})
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
        # Two that each list the other are neither's part.
        belongs=np.hstack([parts & ~parts.T, credits == 1]),
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
        found[_key(_LATIN.findall(name))].extend(columns)
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
