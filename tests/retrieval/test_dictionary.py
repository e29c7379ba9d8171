"""CC-CEDICT, both ways, as questions look words up in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.tokens import latin_terms
from retrieval.search.dictionary import LONGEST_PHRASE, Dictionary

#: Read in two seconds, once for all tests.
DICTIONARY = Dictionary()


def chinese(phrase: str) -> list[str]:
    """The Chinese words for an English phrase, as a question would look it up."""
    return [
        word for sense in DICTIONARY.chinese(tuple(latin_terms(phrase))) for word in sense.words
    ]


def english(word: str) -> list[str]:
    return [" ".join(sense.words) for sense in DICTIONARY.english(word)]


@pytest.mark.parametrize(
    ("phrase", "word"),
    [
        ("gradient", "梯度"),
        ("Gradients", "梯度"),
        ("neural network", "神经网络"),
        ("buffers", "缓冲"),
        ("log", "日志"),
        ("databases", "数据库"),
        ("water", "水"),
        ("attention", "注意力"),
        ("aspirin", "阿司匹林"),
    ],
)
def test_an_english_word_in_any_form_has_chinese_ones(phrase: str, word: str) -> None:
    assert word in chinese(phrase)


@pytest.mark.parametrize(
    ("word", "phrase"),
    [
        ("梯度", "gradient"),
        ("神经网络", "neural network"),
        ("日志", "log"),
        ("数据库", "databas"),
        ("水", "water"),
        ("采样", "sampl"),
    ],
)
def test_a_chinese_word_has_english_ones_as_the_index_keeps_them(word: str, phrase: str) -> None:
    assert phrase in english(word)


def test_the_first_meaning_comes_first() -> None:
    ranks = [sense.rank for sense in DICTIONARY.english("水")]
    assert ranks == sorted(ranks)
    assert english("水")[0] == "water"
    log = {sense.words: sense.rank for sense in DICTIONARY.chinese(("log",))}
    assert log[("日志",)] > log[("原木",)], "of wood first, then of a ship, then of a computer"


@pytest.mark.parametrize("phrase", ["", "zzzz", "the", "of", "😀", "a b c d e f"])
def test_what_is_in_no_dictionary_has_no_translation(phrase: str) -> None:
    assert chinese(phrase) == []
    assert english(phrase) == []


@pytest.mark.parametrize("word", ["王", "北京", "一见钟情", "个"])
def test_neither_surnames_nor_notes_are_meanings(word: str) -> None:
    found = english(word)
    assert not [sense for sense in found if sense.startswith(("surnam", "variant", "see", "cl"))]


@given(st.text(st.characters(), max_size=10))
@settings(deadline=None)
def test_any_text_may_be_looked_up(text: str) -> None:
    for sense in (*DICTIONARY.english(text), *DICTIONARY.chinese(tuple(text))):
        assert sense.rank >= 0
        assert all(sense.words)


def test_phrases_of_more_words_than_are_looked_up_lead_nowhere_from_english() -> None:
    for sense in DICTIONARY.english("缓冲"):
        if len(sense.words) > LONGEST_PHRASE:
            assert "缓冲" not in [w for s in DICTIONARY.chinese(sense.words) for w in s.words]


def test_threads_that_ask_first_get_the_same() -> None:
    fresh = Dictionary()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(fresh.english, ["梯度"] * 8))
    assert found == [DICTIONARY.english("梯度")] * 8
