"""Text to terms, the same way for passages and questions, so that spellings meet.

Width, case and hyphens are folded, Traditional becomes Simplified. Chinese gives words (jieba's
search mode), pairs of neighbouring characters, and, in passages, single characters. Latin words are
stemmed as English; a name gives itself without hyphens and its parts: `Kimi-VL`, `kimi vl` and
`KimiVL` all give `kimivl`, `kimi`, `vl`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import rjieba
import Stemmer

#: Stamped on every lexical index: an index of another version is built anew.
VERSION = "1"

#: Most words that one hyphenated name may have.
_LONGEST_CHAIN = 6
#: Most words of a question, spaces between them, that a passage may have as one (`state of the
#: art`).
_LONGEST_PHRASE = 4
#: Longest Latin term kept, in characters: beyond are data, not words.
LONGEST_TERM = 64

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_KANA_HANGUL = "\u3040-\u30ff\uac00-\ud7af"
_RUN = re.compile(
    rf"(?P<cjk>[{_CJK}]+)|(?P<other>[{_KANA_HANGUL}]+)|(?P<latin>[^\W_{_CJK}{_KANA_HANGUL}]+)"
)
#: What may stand between the parts of one Latin name.
_JOINT = re.compile(r"[-\u2010-\u2015\u2212_./' ]?$")
_LATIN = re.compile(rf"[^\W_{_CJK}{_KANA_HANGUL}]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\WA-Za-z\d_]+")

_STOP = frozenset(
    """
    a an and are as at be been but by can could did do does for from had has have how i if in
    into is it its me my of on or our should so some than that the their them then there these
    they this to us was we were what when where which while who whom whose why will with would
    you your about any tell explain 的 了 吗 呢 吧 啊 是 在 和 与 或 及 把 被 对 从 到 这 那 哪
    个 么 之 也 都 就 还 又 很 更 最 请 什么 怎么 怎样 如何 为什么 为何 哪些 哪个 哪里 哪家 多少
    是否 有没有 能不能 可以 请问 一下 一个 这个 那个 这些 那些 以及 关于 介绍 讲讲 说说 我 你 他
    她 它 我们 你们 他们 有 没 没有 能 会 要
    """.split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question.

    A passage covers it if it holds all terms of any one of `forms`. A word that is not `telling`
    may find passages, but says nothing of whether they answer.
    """

    text: str
    forms: tuple[frozenset[str], ...]
    telling: bool = True

    def covered_by(self, terms: Set[str]) -> bool:
        """Whether a passage with these terms covers the word."""
        return any(form <= terms for form in self.forms)


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Width folded and Traditional characters made Simplified; case is kept for camelCase."""
    return _simplified(unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def _simplified(text: str) -> str:
    if not re.search(rf"[{_CJK}]", text):
        return text
    return str(_converter().convert(text))


def latin_share(text: str) -> float:
    """How much of a text's letters is Latin, 0 to 1; a Chinese character counts as two letters."""
    latin = chinese = 0
    for match in _RUN.finditer(text):
        if match.lastgroup == "latin":
            latin += len(match[0])
        else:
            chinese += 2 * len(match[0])
    return latin / (latin + chinese) if latin or chinese else 0.0


def passage_terms(text: str) -> list[str]:
    """All terms of a passage, as often as they stand there: BM25 counts them."""
    terms: list[str] = []
    for kind, run in _runs(normalise(text)):
        if kind == "cjk":
            terms.extend(_chinese(run))
            terms.extend(run)
        elif kind == "other":
            terms.extend(run)
        else:
            terms.extend(_latin_passage(run))
    return terms


def question_words(text: str) -> list[Word]:
    """The words of a question, each once, without those that ask rather than tell.

    Where nothing else is left, the asking words are kept, as not telling: someone may look for
    just them.
    """
    plain = normalise(text)
    words = list(_question_words(plain, _STOP)) or [
        replace(word, telling=False) for word in _question_words(plain, frozenset())
    ]
    return list({word.text: word for word in words}.values())


def _question_words(text: str, stop: frozenset[str]) -> Iterator[Word]:
    for kind, run in _runs(text):
        if kind == "cjk":
            for telling in _without(run, stop):
                terms = [t for t in _chinese(telling) if t not in stop] or [telling]
                yield from (Word(term, (frozenset((term,)),)) for term in terms)
        elif kind == "other":
            yield from (Word(char, (frozenset((char,)),)) for char in run)
        else:
            yield from _latin_question(run, stop)


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


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Runs of one script; Latin words that a joint separates come as one run, joints kept."""
    start: int | None = None
    end = 0
    for match in _RUN.finditer(text):
        if match.lastgroup == "latin":
            if start is not None and not _JOINT.fullmatch(text[end : match.start()]):
                yield "latin", text[start:end]
                start = None
            start = match.start() if start is None else start
            end = match.end()
            continue
        if start is not None:
            yield "latin", text[start:end]
            start = None
        yield str(match.lastgroup), match[0]
    if start is not None:
        yield "latin", text[start:end]


def _chinese(run: str) -> Iterator[str]:
    """Words of a run of Chinese, then its pairs of neighbours that are not words already."""
    words = [word for word in rjieba.cut_for_search(run) if len(word) > 1]
    yield from words
    seen = set(words)
    for one, other in pairwise(run):
        if one + other not in seen:
            yield one + other


@cache
def _stemmer() -> Any:
    return Stemmer.Stemmer("english")


def _term(word: str) -> str:
    """A Latin word as it stands in the index: case folded, English endings off."""
    folded = word.casefold()[:LONGEST_TERM]
    return str(_stemmer().stemWord(folded)) if folded.isascii() and folded.isalpha() else folded


def _parts(word: str) -> list[str]:
    """The parts of a camelCase or letters-and-digits name, none for a plain word."""
    parts = [_term(part) for part in _CAMEL.findall(word)]
    return parts if len(parts) > 1 else []


def _latin_passage(run: str) -> Iterator[str]:
    words, joints = _latin_words(run)
    for word in words:
        yield _term(word)
        yield from (part for part in _parts(word) if len(part) > 1)
    for (one, other), joint in zip(pairwise(words), joints, strict=True):
        if joint != " " or not {one.casefold(), other.casefold()} & _STOP:
            yield _term(one + other)
    start = 0
    for end in range(1, len(words) + 1):  # names of three and more parts: end-to-end, x/y/z
        if end == len(words) or joints[end - 1] == " ":
            if 2 < end - start <= _LONGEST_CHAIN:
                yield _term("".join(words[start:end]))
            start = end


def _latin_question(run: str, stop: frozenset[str]) -> Iterator[Word]:
    """For each word, what covers it: itself, all its parts, or a name it is joined into."""
    words, joints = _latin_words(run)
    joined: list[list[frozenset[str]]] = [[] for _ in words]
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + _LONGEST_CHAIN)):
            if last - first < _LONGEST_PHRASE or " " not in joints[first:last]:
                form = frozenset((_term("".join(words[first : last + 1])),))
                for position in range(first, last + 1):
                    joined[position].append(form)
    for position, word in enumerate(words):
        if word.casefold() in stop:
            continue
        forms = [frozenset((_term(word),))]
        if parts := _parts(word):
            forms.append(frozenset(part for part in parts if len(part) > 1) or forms[0])
        yield Word(_term(word), tuple(dict.fromkeys(forms + joined[position])))


def _latin_words(run: str) -> tuple[list[str], list[str]]:
    """The words of a run and the joint after each but the last."""
    pieces = _LATIN.split(run)
    return _LATIN.findall(run), pieces[1:-1]
