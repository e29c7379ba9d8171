"""The words of a question, each with the forms in which a passage may hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

import rjieba

from retrieval.index.tokens import (
    ASKING,
    LONGEST_CHAIN,
    chinese_words,
    latin_words,
    normalise,
    parts_of,
    runs,
    term_of,
)

#: Most words of a question, spaces between them, that a passage may have as one (`state of the
#: art`).
_LONGEST_PHRASE = 4
#: What a pair of neighbouring characters counts for beside a word: some are words that the
#: dictionary does not know, most are the end of one word and the beginning of the next.
_PAIR_SHARE = 0.75
#: The longest piece of Chinese, in characters, that an index has as a term wherever it stands.
PAIR = 2


class Origin(Enum):
    """Where a form of a word comes from."""

    ITSELF = "itself"
    BEGINNING = "beginning"  # of a longer word
    SPELLING = "spelling"  # a word of the archive spelt nearly so
    REGION = "region"  # what the same is called elsewhere
    DICTIONARY = "dictionary"  # a translation


@dataclass(frozen=True, slots=True)
class Form:
    """Terms that all must stand in a passage, and the share of the word they then cover."""

    terms: frozenset[str]
    origin: Origin = Origin.ITSELF
    credit: float = 1.0
    text: str = ""  # as a person reads it, where the terms do not tell


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question.

    A word that is not `telling` may find passages, but says nothing of whether they answer;
    `share` is what it counts for beside a whole word; `surface` is a Latin word as it was typed.
    """

    text: str
    forms: tuple[Form, ...]
    telling: bool = True
    share: float = 1.0
    surface: str = ""

    def also(self, *forms: Form) -> Word:
        """The word with more forms; of those with the same terms, the one of most credit stays."""
        best: dict[frozenset[str], Form] = {}
        for form in (*self.forms, *forms):
            if form.terms not in best or form.credit > best[form.terms].credit:
                best[form.terms] = form
        return replace(self, forms=tuple(best.values()))


def question_words(text: str) -> list[Word]:
    """The words of a question, each once, without those that ask rather than tell.

    Where nothing else is left, the asking words are kept, as not telling: someone may look for
    just them.
    """
    plain = normalise(text)
    words = list(_words(plain, ASKING)) or [
        replace(word, telling=False) for word in _words(plain, frozenset())
    ]
    return list({word.text: word for word in words}.values())


def pieces(chinese: str) -> frozenset[str]:
    """What a passage with this word has among its terms, however it was cut into words."""
    if len(chinese) <= PAIR:
        return frozenset((chinese,))
    return frozenset(one + other for one, other in pairwise(chinese))


def whole_words(run: str) -> set[str]:
    """The words of a run of Chinese as jieba knows them, long ones and those inside them."""
    return {*rjieba.cut(run), *rjieba.cut_for_search(run)}


def _words(text: str, stop: frozenset[str]) -> Iterator[Word]:
    for kind, run in runs(text):
        if kind == "cjk":
            for telling in _without(run, stop):
                whole = whole_words(telling)
                terms = [t for t in chinese_words(telling) if t not in stop] or [telling]
                for term in terms:
                    yield _word(term, 1.0 if term in whole else _PAIR_SHARE)
        elif kind == "other":
            yield from (_word(char, 1.0) for char in run)
        else:
            yield from _latin(run, stop)


def _word(term: str, share: float) -> Word:
    """A word of Chinese; one of three and more characters also as pairs, however it was cut."""
    forms = [Form(frozenset((term,)))]
    if len(term) > PAIR:
        forms.append(Form(pieces(term)))
    return Word(term, tuple(forms), share=share)


def _without(run: str, stop: frozenset[str]) -> Iterator[str]:
    """The stretches of a run of Chinese between words that only ask."""
    stretch = ""
    for word in rjieba.cut(run):
        if word in stop:
            if stretch:
                yield stretch
            stretch = ""
        else:
            stretch += word
    if stretch:
        yield stretch


def _latin(run: str, stop: frozenset[str]) -> Iterator[Word]:
    """For each word, what covers it: itself, all its parts, or a name it is joined into."""
    words, joints = latin_words(run)
    joined: list[list[frozenset[str]]] = [[] for _ in words]
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + LONGEST_CHAIN)):
            if last - first < _LONGEST_PHRASE or " " not in joints[first:last]:
                form = frozenset((term_of("".join(words[first : last + 1])),))
                for position in range(first, last + 1):
                    joined[position].append(form)
    for position, word in enumerate(words):
        if word.casefold() in stop:
            continue
        forms = [frozenset((term_of(word),))]
        parts = parts_of(word)
        if all(len(part) > 1 for part in parts):  # passages have no shorter ones: gpt4 is not gpt
            forms.append(frozenset(parts) or forms[0])
        yield Word(
            term_of(word),
            tuple(Form(f) for f in dict.fromkeys(forms + joined[position])),
            surface=word,
        )
