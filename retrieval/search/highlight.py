"""The sentence of an excerpt that tells most about a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import rjieba

from retrieval.excerpts import formula_around, formulas_of, sentences
from retrieval.identity import columns
from retrieval.index.lexical import WeightedWord
from retrieval.index.tokens import latin_words, normalise, parts_of, term_of
from retrieval.sections import WIDEST_HEADING

#: Columns (a Chinese character takes two). Shorter sentences are taken with the next one: a
#: heading or a numeral alone tells nothing.
_SHORTEST = 24
#: A sentence of more columns is cut where it pauses, into parts of at least half as many.
_LONGEST = 240
#: Excerpts that are kept taken apart: the best of an archive are answers again and again; 8 MB.
_KEPT = 512

_ASKS = ("?", "？")
_ASKING = 0.5

_FIRST_CHINESE = "\u2e80"
_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
#: How an excerpt gives its heading: a line that opens it, or a paragraph, and ends without a mark.
_HEADING = re.compile(rf"(?![-|`]|\d+\. )[^\n]{{0,{WIDEST_HEADING}}}[^\n。.!?！？;；,，:：…]\n")
_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,40})[^`\n]*\n(?P<inside>.*?)(?:\n|(?<=\n)) {0,3}(?P=fence)`*[ \t]*$\n?",
    re.DOTALL | re.MULTILINE,
)
_FENCES = re.compile(r"\A(?:\s*`{3,}[^`\s]*[ \t]*(?:\n|\Z))+|(?:\n`{3,}[ \t]*)+\Z")
#: What may stand between the parts of one name.
_JOINTS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212_./'")
_MARK_IN_WORD = re.compile(r"[!?;][\w/=&%+-]", re.ASCII)
#: Where a sentence pauses: not in a number, a time or an address (1,000, 3:15, https://).
_PAUSE = re.compile(rf"[，、；：]\s*|[,;:](?:\s+|(?=[{_CHINESE}]|\Z))")
_WORD = re.compile(rf"(?P<chinese>[{_CHINESE}]+)|[^\s{_CHINESE}]+\s*|\s+")


def most_telling(excerpt: str, words: Sequence[WeightedWord]) -> str:
    """The sentence that tells most of the question, verbatim; the first if none tells anything.

    A word counts for what the best form of it that a sentence holds is worth, and for the less the
    more sentences hold it: what the whole excerpt is about tells none from the others (CMRC 2018:
    the answer stands in 0.79 of the highlights, in 0.71 without). A sentence that asks tells half.
    Code is given without its fences. Never empty for an excerpt that is not.
    """
    read = _read(excerpt)
    best = max(enumerate(_told(read, words)), key=lambda told: (round(told[1], 6), -told[0]))
    return read.parts[best[0]].text


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence or so, with what words are looked up in."""

    text: str
    plain: str
    latin: tuple[str, ...]
    glued: str
    terms: frozenset[str]

    @classmethod
    def of(cls, text: str, above: str = "") -> _Part:
        """This text, found also by the heading above it."""
        plain = normalise(f"{above}{text}")
        latin, between = latin_words(plain)
        terms = {*map(term_of, latin)}
        for word in latin:
            terms.update(parts_of(word))
        if not _JOINTS.isdisjoint(between):
            terms.update(_names(latin, between))
        return cls(text, plain, tuple(latin), "".join(latin).casefold(), frozenset(terms))

    @classmethod
    def together(cls, parts: Sequence[_Part]) -> _Part:
        """All of them as one."""
        return cls(
            "\n".join(part.text for part in parts),
            "\n".join(part.plain for part in parts),
            tuple(word for part in parts for word in part.latin),
            "".join(part.glued for part in parts),
            frozenset().union(*(part.terms for part in parts)),
        )

    def holds(self, terms: Iterable[str]) -> bool:
        """Whether all these terms stand there."""
        for term in terms:  # no generator: this is asked thousands of times a question
            if term >= _FIRST_CHINESE:
                if term not in self.plain:
                    return False
            elif term not in self.terms and not self._apart(term):
                return False
        return True

    def _apart(self, term: str) -> bool:
        """Whether two words that a space parts make this term, as KV cache makes kvcache."""
        return term in self.glued and any(
            term_of(one + other) == term for one, other in pairwise(self.latin)
        )


@dataclass(frozen=True, slots=True)
class _Read:
    whole: _Part
    parts: tuple[_Part, ...]


def _names(words: Sequence[str], between: Sequence[str]) -> Iterator[str]:
    """Hyphenated names, whole and two parts at a time."""
    name = words[0]
    for (one, other), joint in zip(pairwise(words), between, strict=True):
        name = name + other if joint in _JOINTS else other
        if joint in _JOINTS:
            yield term_of(one + other)
            yield term_of(name)


def _told(read: _Read, words: Sequence[WeightedWord]) -> list[float]:
    """What each part tells of the question."""
    told = [0.0] * len(read.parts)
    for word in words:
        forms = [valued for valued in word.forms if read.whole.holds(valued.form.terms)]
        if not forms or not word.weight:
            continue
        held = {
            place: next((form.value for form in forms if part.holds(form.form.terms)), 0.0)
            for place, part in enumerate(read.parts)
        }
        having = sum(map(bool, held.values()))
        for place, value in held.items():
            if value:
                told[place] += word.word.share * min(value, word.weight) / having**2
    return [
        value * _ASKING if part.text.endswith(_ASKS) else value
        for value, part in zip(told, read.parts, strict=True)
    ]


@lru_cache(maxsize=_KEPT)
def _read(excerpt: str) -> _Read:
    parts: list[_Part] = []
    start = 0
    for code in _CODE.finditer(excerpt):
        inside = list(_lines(code["inside"]))
        if not inside:
            continue
        sentences_before, above = _joined(_sentences(excerpt[start : code.start()]))
        parts.extend(_Part.of(text) for text in _shown(sentences_before))
        parts.append(_Part.of(inside[0], above))
        parts.extend(map(_Part.of, inside[1:]))
        start = code.end()
    rest, last = _joined(_sentences(excerpt[start:]))
    if last.strip() and rest:
        rest[-1] += last
    elif last.strip() and not parts:
        rest = [last]
    parts.extend(_Part.of(text) for text in _shown(rest))
    return _Read(_Part.together(parts), tuple(parts))


def _shown(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        for clause in _clauses(part):
            if plain := clause.strip():
                yield _FENCES.sub("", plain).strip() or plain


def _sentences(text: str) -> list[str]:
    """The text cut after each sentence, but not after a mark inside a word: `/?page=2`."""
    whole: list[str] = []
    for part in sentences(text):
        if whole and _MARK_IN_WORD.search(f"{whole[-1][-1]}{part[0]}"):
            whole[-1] += part
        else:
            whole.append(part)
    return whole


def _joined(parts: Sequence[str]) -> tuple[list[str], str]:
    """Sentences, those too short to tell anything, headings among them, joined to the next.

    What is left has no next one: a heading above code, or all that there is.
    """
    joined: list[str] = []
    pending = ""
    heads = False
    begins = True  # a paragraph; before it, the excerpt or a blank line
    for part in parts:
        pending += part
        heads = begins and _HEADING.fullmatch(part) is not None
        begins = part.endswith("\n\n")
        if not heads and _wide(pending.strip(), _SHORTEST):
            joined.append(pending)
            pending = ""
    if pending and joined and not heads:
        joined[-1] += pending
        pending = ""
    return joined, pending


def _wide(text: str, least: int) -> bool:
    """Whether a text has so many columns."""
    return len(text) >= least or (2 * len(text) >= least and columns(text) >= least)


def _lines(code: str) -> Iterator[str]:
    """Code whole, or, where it is long, line by line."""
    lines = code.split("\n") if _wide(code, _LONGEST + 1) else [code]
    return (line.strip() for line in lines if line.strip())


def _clauses(sentence: str) -> Iterator[str]:
    """A sentence, cut into parts of readable length where it runs on and on."""
    if not _wide(sentence, _LONGEST + 1):
        yield sentence
        return
    clause = ""
    pieces = list(_pieces(sentence))
    for place, piece in enumerate(pieces):
        if _wide(clause, _LONGEST // 2) and _wide("".join(pieces[place:]).strip(), _SHORTEST):
            yield clause
            clause = ""
        clause += piece
    yield clause


def _pieces(sentence: str) -> Iterator[str]:
    """Between its pauses or, where one is far away, its words; a formula is one word."""
    whole = formulas_of(sentence)
    cuts = [m.end() for m in _PAUSE.finditer(sentence) if not formula_around(whole, m.end())]
    for start, end in pairwise([0, *cuts, len(sentence)]):
        if not _wide(sentence[start:end], _LONGEST + 1):
            yield sentence[start:end]
            continue
        begun = start
        for found in _WORD.finditer(sentence, start, end):
            place = found.start()
            for word in rjieba.cut(found[0]) if found["chinese"] else [found[0]]:
                if place > begun and word[0].isalnum() and not formula_around(whole, place):
                    yield sentence[begun:place]
                    begun = place
                place += len(word)
        yield sentence[begun:end]
