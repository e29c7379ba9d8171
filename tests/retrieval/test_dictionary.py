"""CC-CEDICT, both ways, as questions look words up in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.tokens import latin_terms
from retrieval.search.dictionary import LONGEST_PHRASE, Dictionary
from retrieval.search.terms import terms

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
    plate = {sense.words: sense.rank for sense in DICTIONARY.chinese(("plate",))}
    assert plate[("平板",)] > plate[("盘",)], "a dish first, then what is flat"


def test_terms_of_the_field_come_first_whatever_the_general_dictionary_says() -> None:
    log = {sense.words: sense.rank for sense in DICTIONARY.chinese(("log",))}
    assert log[("日志",)] == 0, "of a computer; of wood and of a ship as well"
    assert english("显存")[0] == "gpu memori", "which the general dictionary lacks"
    assert DICTIONARY.special("显存")
    assert not DICTIONARY.special("弹簧")


def test_every_term_of_the_field_is_two_to_eight_characters_with_english_phrases() -> None:
    listed = list(terms())
    assert len(listed) > 1_000
    assert len({chinese for chinese, _ in listed}) == len(listed)
    for chinese, phrases in listed:
        assert 2 <= len(chinese) <= 8, chinese
        assert all("\u3400" <= char <= "\u9fff" for char in chinese), chinese
        assert all(phrase.strip() == phrase != "" for phrase in phrases or [""]), chinese


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
