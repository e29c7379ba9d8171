"""What may be a name, and which names may be of the same thing, by their form alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import rjieba

from retrieval.index.around_names import (
    ASIDE_WORDS,
    ASIDES,
    NOT_ALONE,
    NOT_FIRST,
    NOT_LAST,
    NOT_OPENING,
    UNITS,
)
from retrieval.index.short_forms import abbreviates, content_words, is_short_form

#: Longest name, in characters: beyond are sentences.
LONGEST = 80
#: Most words of a Latin name.
MOST_WORDS = 9
#: Chinese characters of a name: fewer tell too little, more are a clause.
SHORTEST_CHINESE, LONGEST_CHINESE, LONGEST_PERSON = 2, 10, 16
#: Letters of a Latin name.
_SHORTEST_LATIN = 2

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
#: Scripts of which no Latin name is made: kana and Hangul are read as such elsewhere.
EAST = rf"{HAN}\u3040-\u30ff\uac00-\ud7af"
_WORD = r"[^\W\d_][^\W_]*"
LATIN = re.compile(rf"[^\W_{EAST}]+(?:(?:[-'’]| & | )[^\W_{EAST}]+)*")
CHINESE = re.compile(rf"[{HAN}]+(?:[·・‧-][{HAN}]+)*")


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it stands in the text, and whether it is Chinese rather than Latin."""

    text: str
    chinese: bool


def name_of(text: str, *, said: bool) -> Name | None:
    """The name that is all of a text, if it is one.

    `said`: the text calls it a name, so that places and units may be meant.
    """
    if len(text) > LONGEST:
        return None
    if CHINESE.fullmatch(text):
        words = rjieba.cut(text)
        longest = LONGEST_PERSON if re.search(r"[·・‧]", text) else LONGEST_CHINESE
        if (
            not SHORTEST_CHINESE <= len(text) <= longest
            or text in ASIDES
            or text.startswith(NOT_OPENING)
            or text.endswith(NOT_LAST)
            or any(word in ASIDE_WORDS for word in words)
            or (not said and is_place(text))
        ):
            return None
        return Name(text, True)
    if not LATIN.fullmatch(text):
        return None
    words = text.split(" ")
    lower = [word.casefold().strip("-'’&") for word in words]
    if (
        len(text) < _SHORTEST_LATIN
        or len(words) > MOST_WORDS
        or any(word.isdigit() for word in lower)
        or (text[0].isdigit() and not re.match("[2-4][A-Z]{2}", text))
        or (len(text) == _SHORTEST_LATIN and text.islower())
        or (not text.isupper() and {lower[0], lower[-1]} & NOT_FIRST)
        or text.casefold() in NOT_ALONE
        or {"et", "al"} <= set(lower)
        or (not said and text.casefold() in UNITS)
        or not re.search(_WORD, text)
    ):
        return None
    return Name(text, False)


def agree(names: Sequence[Name], *, said: bool) -> bool:
    """Whether names may mean one thing.

    Of two Latin ones one must be the short form of the other; two Chinese ones must be `said` to be
    the same; one of each must be about equally long.
    """
    for one, other in combinations(names, 2):
        if one.chinese and other.chinese:
            if not said:
                return False
        elif not one.chinese and not other.chinese:
            if not (abbreviates(one.text, other.text) or abbreviates(other.text, one.text)):
                return False
        else:
            chinese, latin = (one, other) if one.chinese else (other, one)
            if not _alike_long(chinese.text, latin.text):
                return False
    return True


def _alike_long(chinese: str, latin: str) -> bool:
    """Whether a Chinese name is about as long as a Latin one makes it."""
    if re.search(r"[·・‧]", chinese):
        return True
    if is_short_form(latin):
        return len(chinese) <= 2 * sum(char.isalpha() for char in latin) + 2
    words = content_words(latin)
    return len(words) <= len(chinese) <= 3 * len(words) + 3


def is_place(word: str) -> bool:
    """Whether jieba knows a word as the name of a place."""
    tagged = rjieba.tag(word)
    return len(tagged) == 1 and tagged[0][1] == "ns"
