"""The bridge: what a question's words may be in the other language, and what that counts for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.questions import Form, Origin, question_words
from retrieval.index.tokens import passage_terms
from retrieval.search.bridge import bridged
from retrieval.search.dictionary import Dictionary

DICTIONARY = Dictionary()
#: The Latin share of an archive where either language is at home.
MIXED = 0.5


def translations(question: str, latin: float = MIXED) -> dict[str, dict[str, float]]:
    """For each word of the question what it may be in the other language, with its credit."""
    return {
        word.text: {
            form.text: form.credit for form in word.forms if form.origin is Origin.DICTIONARY
        }
        for word in bridged(question_words(question), question, DICTIONARY, latin)
    }


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("梯度", "the gradient of the loss"),
        ("神经网络", "a neural network"),
        ("冰川与山谷", "glaciers and their valleys"),
        ("gradients", "梯度很小"),
        ("neural networks", "这个神经网络有三层"),
        ("sampling", "蓄水池采样"),
        ("database", "数据库"),
    ],
)
def test_a_passage_in_the_other_language_holds_the_word(question: str, passage: str) -> None:
    terms = set(passage_terms(passage))
    words = bridged(question_words(question), question, DICTIONARY, MIXED)
    held = [form for word in words for form in word.forms if form.terms <= terms]
    assert held
    assert {form.origin for form in held} == {Origin.DICTIONARY}
    assert max(form.credit for form in held) >= 0.8


def test_a_phrase_of_several_words_covers_each_of_them() -> None:
    found = translations("a neural network learns")
    assert "神经网络" in found["neural"]
    assert "神经网络" in found["network"]
    assert "神经网络" not in found["learn"]


def test_the_first_meaning_counts_for_most() -> None:
    found = translations("plate")["plate"]
    assert found["满盘"] > found["平板"] > 0.3
    assert translations("水")["水"]["water"] == 1


def test_a_single_character_and_a_word_of_a_definition_are_weaker_evidence() -> None:
    assert translations("water")["water"]["水"] < 1
    network = translations("神经网络")["神经网络"]
    assert network["neural network"] == 1
    assert 0 < network["neural"] < 0.5
    assert 0 < network["network"] < 0.5


def test_a_word_keeps_its_own_form_at_full_credit() -> None:
    question = "gradient 显存"
    for word in bridged(question_words(question), question, DICTIONARY, MIXED):
        assert word.forms[0].terms == {word.text}
        assert word.forms[0].origin is Origin.ITSELF
        assert word.forms[0].credit == 1


def test_what_other_sources_said_is_kept_where_it_is_the_better() -> None:
    (word,) = question_words("梯度")
    misspelt = Form(frozenset({"gradient"}), Origin.SPELLING, 1.0, "gradient")
    (found,) = bridged([word.also(misspelt)], "梯度", DICTIONARY, 0.1)
    assert [form.origin for form in found.forms if form.terms == {"gradient"}] == [Origin.SPELLING]


@pytest.mark.parametrize(
    ("question", "word", "translation"), [("梯度", "梯度", "gradient"), ("yeast", "yeast", "酵母")]
)
def test_a_language_that_is_hardly_there_counts_for_less(
    question: str, word: str, translation: str
) -> None:
    """In an archive of Chinese alone, an English word is a name, or chance; and the reverse."""
    shares = [0.0, 0.1, 0.5, 0.9, 1.0]
    credits = [translations(question, latin)[word][translation] for latin in shares]
    if question.isascii():
        credits.reverse()
    assert credits == sorted(credits)
    assert credits[0] == 0
    assert credits[-1] == credits[-2] == credits[-3] == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize("question", ["", "zzzz", "😀", "Kimi-VL", "the of"])
def test_what_no_dictionary_has_stays_as_it_is(question: str) -> None:
    words = question_words(question)
    assert bridged(words, question, DICTIONARY, MIXED) == words


@given(st.text(st.characters(), max_size=40), st.floats(0, 1))
@settings(deadline=None)
def test_any_question_keeps_its_words_in_order(text: str, latin: float) -> None:
    words = question_words(text)
    found = bridged(words, text, DICTIONARY, latin)
    assert [word.text for word in found] == [word.text for word in words]
    for word, before in zip(found, words, strict=True):
        assert set(before.forms) <= set(word.forms)
        assert all(0 <= form.credit <= 1 and form.terms for form in word.forms)
