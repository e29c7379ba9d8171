"""Text to terms, the same way for passages and questions, so that spellings meet.

Width, case and hyphens are folded, Traditional becomes Simplified. Chinese gives words (jieba's
search mode), pairs of neighbouring characters, and, in passages, single characters. Latin words are
stemmed as English; a name gives itself without hyphens and its parts: `Kimi-VL`, `kimi vl` and
`KimiVL` all give `kimivl`, `kimi`, `vl`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import rjieba
import Stemmer

#: Stamped on every lexical index: an index of another version is built anew.
VERSION = "3"

#: Most words that one hyphenated name may have.
LONGEST_CHAIN = 6
#: Longest Latin term kept, in characters: beyond are data, not words.
LONGEST_TERM = 64

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3134F))
#: Changed in phrases only, never alone: one character of each such phrase.
_TRADITIONAL_IN_PHRASES = "衹藉沈覆瞭牴"
_KANA_HANGUL = "\u3040-\u30ff\uac00-\ud7af"
#: A run of one script, or a Latin word.
RUN = re.compile(
    rf"(?P<cjk>[{_CJK}]+)|(?P<other>[{_KANA_HANGUL}]+)|(?P<latin>[^\W_{_CJK}{_KANA_HANGUL}]+)"
)
#: What may stand between the parts of one Latin name.
_JOINT = re.compile(r"[-\u2010-\u2015\u2212_./' ]?$")
_CHINESE = re.compile(rf"[{_CJK}]+")
_LATIN = re.compile(rf"[^\W_{_CJK}{_KANA_HANGUL}]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\WA-Za-z\d_]+")

#: Words that ask, join or point, and tell nothing of what is asked for.
ASKING = frozenset(
    """
    a an and are as at be been but by can could did do does for from had has have he her him his how
    i if in into is it its just me my no not of ok on onto or our please she should so some such
    than that the their them then there these they this to too us via was we were what when where
    whether which while who whom whose why will with would you your about any tell explain
    的 了 吗 呢 吧 啊 呀 嘛 是 在 和 与 或 及 把 被 对 从 到 这 那 哪 个 么 之 也 都 就 还 又 很
    更 最 请 什么 什么样 怎么 怎样 怎么样 怎么办 如何 为什么 为何 为啥 啥 咋 哪些 哪个 哪位 哪里
    哪家 哪种 哪一 多少 是否 是不是 有没有 能不能 可不可以 可以 应该 该 请问 一下 一个 这个 那个
    这些 那些 以及 关于 介绍 讲讲 说说 我 你 他 她 它 我们 你们 他们 有 没 没有 能 会 要
    """.split()
)
#: Letters that no decomposition makes plain.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
    | {"Ł": "L", "Ø": "O", "Đ": "D", "Æ": "AE", "Œ": "OE"}
)


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@cache
def _changed() -> dict[str, str]:
    every = [chr(code) for first, last in _HAN for code in range(first, last + 1)]
    simplified = _converter().convert("\n".join(every)).split("\n")
    return {one: other for one, other in zip(every, simplified, strict=True) if one != other}


@cache
def _traditional() -> frozenset[str]:
    """Characters of which every text has one that the conversion to Simplified changes.

    It takes longer than all else that is done to a passage, and few passages need it.
    """
    return frozenset(_changed()).union(_TRADITIONAL_IN_PHRASES)


@cache
def _simplified_alone() -> frozenset[str]:
    return frozenset(_changed().values())


def normalise(text: str) -> str:
    """Width folded and Traditional characters made Simplified; case is kept for camelCase."""
    return _simplified(unicodedata.normalize("NFKC", text))


def has_traditional(text: str) -> bool:
    """Whether folding to Simplified changes anything."""
    return normalise(text) != unicodedata.normalize("NFKC", text)


def may_be_traditional(text: str) -> bool:
    """Whether there is Chinese, and nothing that only Simplified texts are sure to write so.

    Characters that stand for others in Simplified alone, as 后 for 後, count as such.
    """
    if not _CHINESE.search(text):
        return False
    return has_traditional(text) or _simplified_alone().isdisjoint(text)


@lru_cache(maxsize=4096)
def _simplified(text: str) -> str:
    changed = _traditional()
    if changed.isdisjoint(text):
        return text
    # No phrase of the conversion reaches beyond a run, and most runs need none.
    return _CHINESE.sub(
        lambda run: run[0] if changed.isdisjoint(run[0]) else _converted(run[0]), text
    )


@lru_cache(maxsize=4096)
def _converted(run: str) -> str:
    return str(_converter().convert(run))


def latin_share(text: str) -> float:
    """How much of a text's letters is Latin, 0 to 1; a Chinese character counts as two letters."""
    latin = chinese = 0
    for match in RUN.finditer(text):
        if match.lastgroup == "latin":
            latin += len(match[0])
        else:
            chinese += 2 * len(match[0])
    return latin / (latin + chinese) if latin or chinese else 0.0


def passage_terms(text: str) -> list[str]:
    """All terms of a passage, as often as they stand there: BM25 counts them."""
    terms: list[str] = []
    for kind, run in runs(normalise(text)):
        if kind == "cjk":
            terms.extend(chinese_words(run))
            terms.extend(run)
        elif kind == "other":
            terms.extend(run)
        else:
            terms.extend(_latin_passage(run))
    return terms


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Runs of one script; Latin words that a joint separates come as one run, joints kept."""
    start: int | None = None
    end = 0
    for match in RUN.finditer(text):
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


def chinese_words(run: str) -> Iterator[str]:
    """Words of a run of Chinese, then its pairs of neighbours that are not words already."""
    words = [word for word in rjieba.cut_for_search(run) if len(word) > 1]
    yield from words
    seen = set(words)
    for one, other in pairwise(run):
        if one + other not in seen:
            yield one + other


def latin_terms(text: str) -> list[str]:
    """The Latin words of a text as terms, in order, without their parts and joined names."""
    return [term_of(word) for word in _LATIN.findall(normalise(text))]


@cache
def _stemmer() -> Any:
    return Stemmer.Stemmer("english")


@lru_cache(maxsize=1 << 15)
def term_of(word: str) -> str:
    """A Latin word as it stands in the index: case folded, English endings off."""
    folded = word.casefold()[:LONGEST_TERM]
    if not folded.isascii():
        folded = _unaccented(folded)
    return str(_stemmer().stemWord(folded)) if folded.isascii() and folded.isalpha() else folded


def parts_of(word: str) -> list[str]:
    """The parts of a camelCase or letters-and-digits name, none for a plain word."""
    if word.isascii() and word.isalpha() and word[1:].islower():
        return []
    plain = word if word.isascii() else _unaccented(word)
    parts = [term_of(part) for part in _CAMEL.findall(plain)]
    return parts if len(parts) > 1 else []


def _unaccented(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word).translate(_PLAIN)
    return "".join(char for char in letters if not unicodedata.combining(char))


def _latin_passage(run: str) -> Iterator[str]:
    words, joints = latin_words(run)
    for word in words:
        yield term_of(word)
        yield from (part for part in parts_of(word) if len(part) > 1)
    for (one, other), joint in zip(pairwise(words), joints, strict=True):
        if joint != " " or not {one.casefold(), other.casefold()} & ASKING:
            yield term_of(one + other)
    start = 0
    for end in range(1, len(words) + 1):  # names of three and more parts: end-to-end, x/y/z
        if end == len(words) or joints[end - 1] == " ":
            if 2 < end - start <= LONGEST_CHAIN:
                yield term_of("".join(words[start:end]))
            start = end


def latin_words(run: str) -> tuple[list[str], list[str]]:
    """The words of a run and the joint after each but the last."""
    pieces = _LATIN.split(run)
    return _LATIN.findall(run), pieces[1:-1]
