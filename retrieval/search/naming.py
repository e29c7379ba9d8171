"""Which subjects a topic names, and what tells of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.index.questions import Word
from retrieval.index.tokens import term_of
from retrieval.search.asides import ASPECT, SAYS_LITTLE, subject_of
from retrieval.search.phrases import folded
from retrieval.search.told import Told

#: What an article that tells of a part of a subject, however far down, tells of the whole.
_OF_PART = 0.7
#: Words of the longest Latin name of a subject.
_LONGEST_NAME = 5
#: What parts the subjects of a topic of several.
_BETWEEN = re.compile(r"和|与|及|或|以及|[、,，;；/&]|\b(?:and|or|versus|vs)\b")
#: Two parts of a topic, the first of which may lack its last word (*keyword and semantic search*).
_TWO = re.compile(r"(.+?)( *(?:和|与|及|或|以及|、| and | or | versus | vs ) *)(.+)")
#: What stands between two names, or within one (*HTTP/3*).
_SLASH = re.compile(r"(?<=[a-z0-9])/(?=[a-z0-9])")
#: Parts of an area of which a quality (*performance*) is no mere aspect.
_WIDE = 60
#: Parts of an area of which other words of a topic tell which are meant.
_AREA = 20
#: The most characters at the end of a Chinese name that another shares.
_LONGEST_END = 4
CHINESE = re.compile("[\u3400-\u9fff]")
LATIN = re.compile(r"(?:\b[cf](?:\+\+|#)|[^\W_\u3400-\u9fff]+)")
_PLAIN = re.compile(r"[!-~]+")
_MARK = re.compile(r"\x01(\d+)\x01")
#: What follows the parts of an English topic and holds for each of them.
_OF = re.compile(r"\b(?:in|of|for|with|on|under)\b")
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

    `words` are all terms that tell of any of them, with all their names as forms; `credits` is
    what each of them tells of each subject, 0 to 1, where that is something; `parts` are of each
    subject the columns of what is a part of it: subjects, then terms. `broader` are the subjects
    that each is wholly a part of, `below` all that are wholly a part of it, however far down,
    `upwards` all subjects, none before its parts.
    """

    subjects: tuple[str, ...]
    words: tuple[Word, ...]
    credits: Mapping[tuple[int, int], float]
    owners: tuple[tuple[int, ...], ...]
    parts: tuple[frozenset[int], ...]
    broader: tuple[tuple[int, ...], ...]
    below: tuple[frozenset[int], ...]
    upwards: tuple[int, ...]
    _chinese: Mapping[str, tuple[int, ...]]  # by folded names
    _latin: Mapping[tuple[str, ...], tuple[int, ...]]
    _longest: int  # characters of a Chinese name

    def told(self, values: NDArray[np.float64], words: Sequence[int]) -> Told:
        """What texts tell of each subject.

        `values`, shape (texts, these words), is what each of these is worth in each text; the
        others stand nowhere.
        """
        places = {word: place for place, word in enumerate(words)}
        credits = np.zeros((len(words), len(self.subjects)))
        for (subject, word), credit in self.credits.items():
            if (place := places.get(word)) is not None:
                credits[place, subject] = credit
        own = values @ credits
        most = own.copy()
        for subject in self.upwards:
            for broad in self.broader[subject]:
                most[:, broad] = np.maximum(most[:, broad], most[:, subject])
        whole = np.maximum(own, _OF_PART * most)
        return Told(own, whole, values, places, self.owners)

    def above(self, column: int) -> frozenset[int]:
        """The subjects that a subject is a part of, however far up; of a term none."""
        found: set[int] = set()
        todo = [column] if column < len(self.subjects) else []
        while todo:  # bounded: `upwards` is an order, so there is no circle
            for broad in self.broader[todo.pop()]:
                if broad not in found:
                    found.add(broad)
                    todo.append(broad)
        return frozenset(found)

    def kin(self, column: int) -> frozenset[int]:
        """A subject with all that it is a part of, and all that is a part of it; of a term none."""
        if column >= len(self.subjects):
            return frozenset()
        return self.above(column) | self.below[column] | {column}

    def subject_of(self, topic: str) -> str:
        """A topic without what people say around a subject (*stuff about*, 相关的都推给我)."""
        plain = subject_of(topic, self._listed)
        return topic if plain == folded(topic) else plain

    def named(self, topic: str) -> Named:
        """What a topic names, the longest names first; no parts for one unknown.

        Whatever the field has a longer name for, it is no subject by a part of that: a graph
        database is no database.
        """
        text = self._written_out(folded(topic))
        marks: list[Touched] = []
        ends = range(1, self._longest + 1)
        there = {text[at : at + end] for at in range(len(text)) for end in ends}
        there &= self._chinese.keys()
        # Of names equally long that overlap, a subject's, then the first.
        for name in sorted(there, key=lambda name: (*self._order(name), text.index(name))):
            if name in text:
                text = text.replace(name, f"\x01{len(marks)}\x01")
                marks.append(Touched(name, self._chinese[name]))
        head, colon, tail = text.partition(":")
        texts = _BETWEEN.split(text)
        rest: list[str] = []
        area: list[Touched] = []
        if colon and not _BETWEEN.search(head):  # an area, and which parts of it are meant
            area, others = self._in_part(head, marks)
            if area and any(self._in_part(part, marks)[0] for part in _BETWEEN.split(tail)):
                texts = _BETWEEN.split(tail)
                rest.extend(others)
            else:
                area = []
        parts: list[list[Touched]] = []
        for part in texts:
            found, others = self._in_part(part, marks)
            told, beside = self._telling(found, bool("".join(others).strip(" -+")))
            rest.extend(others + beside)
            parts.append(told)
        parts = [part for part in parts if not _only_aspects(part)] or parts
        shared = self._shared(texts, marks) if all(parts) else ([], [])
        whole = [
            [
                *area,
                *(shared[0] if number else ()),
                *part,
                *(shared[1] if number < len(parts) - 1 else ()),
            ]
            for number, part in enumerate(parts)
        ]
        narrowest = tuple(self._narrowest(part) for part in whole if part != area)
        return Named(narrowest, " ".join(" ".join(rest).split()))

    def _written_out(self, text: str) -> str:
        """A topic with the end that its first part shares with the second, and with no slash that
        is of a name.
        """
        text = _SLASH.sub(lambda found: self._joint(text, found.start()), text)
        two = _TWO.fullmatch(text)
        if not two or self._known(two[1]):
            return text
        first, between, second = two.groups()
        ends = [f" {second.split()[-1]}", *(second[-n:] for n in range(1, _LONGEST_END + 1))]
        end = next((end for end in ends if self._known(first + end)), "")
        return f"{first}{end}{between}{second}"

    def _order(self, name: str) -> tuple[int, bool]:
        columns = self._chinese[name]
        return -len(name), min(columns, default=len(self.subjects)) >= len(self.subjects)

    def _joint(self, text: str, at: int) -> str:
        before, after = LATIN.findall(text[:at])[-1], LATIN.findall(text[at:])[0]
        if len(before) == len(after) == 1:
            return ""  # input/output, A/B tests
        return " " if key_of((before, after)) in self._latin else "/"

    def _listed(self, name: str) -> bool:
        """Whether a name is one of something listed, or of nothing but in the other table."""
        if CHINESE.search(name):
            return name in self._chinese
        words = LATIN.findall(name)
        return bool(words) and key_of(words) in self._latin

    def _known(self, name: str) -> bool:
        """Whether a name is one of something listed."""
        if CHINESE.search(name):
            return bool(self._chinese.get(name))
        return bool(self._latin.get(key_of(LATIN.findall(name))))

    def _in_part(self, part: str, marks: Sequence[Touched]) -> tuple[list[Touched], list[str]]:
        """What a part of a topic names, and what it says beside."""
        held = [marks[int(mark)] for mark in _MARK.findall(part)]
        plain = _MARK.sub(" ", part)
        latin, words = self._latin_in(LATIN.findall(plain))
        others = [SAYS_LITTLE.sub(" ", other) for other in (*words, LATIN.sub(" ", plain))]
        unlisted = (one.name for one in held if not one.columns)
        others.extend(name for name in unlisted if not SAYS_LITTLE.fullmatch(name))
        return [*(one for one in held if one.columns), *latin], others

    def is_wide(self, named: Named) -> bool:
        """Whether a part of it names but wide areas: other words say which part of them."""
        return any(all(self._all_wide(columns, _AREA) for columns in part) for part in named.parts)

    def _all_wide(self, columns: Sequence[int], least: int = _WIDE) -> bool:
        return all(c < len(self.subjects) and len(self.below[c]) >= least for c in columns)

    def _wide(self, one: Touched) -> bool:
        """Whether a name is that of an area so wide that another such tells which part of it."""
        return bool(one.columns) and self._all_wide(one.columns)

    def _telling(self, found: Sequence[Touched], more: bool) -> tuple[list[Touched], list[str]]:
        """Of what a part names what it is about, and names that tell only by standing there.

        What is but a term says which, beside a subject; so does a plain word beside `more` words
        that name nothing: a git stash is not whatever else is told of git.
        """
        others = [one for one in found if not ASPECT.fullmatch(one.name)]
        if any(self._wide(one) for one in others):
            others = [one for one in found if one in others or self._wide(one)]
        found = others or found
        subjects = [any(column < len(self.subjects) for column in one.columns) for one in found]
        plain = [
            not subject and (any(subjects) or (more and _PLAIN.fullmatch(one.name) is not None))
            for one, subject in zip(found, subjects, strict=True)
        ]
        told = [one for one, only in zip(found, plain, strict=True) if not only]
        beside = [one.name for one, only in zip(found, plain, strict=True) if only]
        return told, [name for name in beside if not SAYS_LITTLE.fullmatch(name)]

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
                any(c in self.parts[broad] for c in other if c < len(self.subjects))
                for broad in one
                if broad < len(self.subjects) and not self.subjects[broad].isascii()
                for other in every
                if other != one
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
            keys = ((end, key_of(words[start:end])) for end in ends)
            end, key = next((one for one in keys if one[1] in self._latin), (start + 1, ()))
            if columns := self._latin.get(key):
                found.append(Touched(" ".join(words[start:end]), columns))
            else:
                others.extend(words[start:end])
            start = end
        return found, others


def _only_aspects(part: Sequence[Touched]) -> bool:
    """Whether a part names but qualities of what another one is about (*TCP and tuning*)."""
    return bool(part) and all(ASPECT.fullmatch(one.name) for one in part)


def key_of(words: Sequence[str]) -> tuple[str, ...]:
    """By what a Latin name is looked up: the stems of its words, a single word but its singular.

    What is signed is no sign, but databases are a database.
    """
    if len(words) != 1:
        return tuple(term_of(word) for word in words)
    word = words[0].casefold()
    plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return (word[:-1] if plural else word,)
