"""The words of a question: which there are, what each counts for, how a passage may hold it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.questions import Form, Origin, Word, question_words, whole_words
from retrieval.index.tokens import passage_terms

unhurried = settings(deadline=None)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("什么是梯度累积?", {"梯度", "累积", "度累"}),
        ("How does the WAL work?", {"wal", "work"}),
        ("请介绍一下 BLIP", {"blip"}),
        ("显存 显存 显存", {"显存"}),
        ("Kimi kimi KIMI", {"kimi"}),
    ],
)
def test_words_that_only_ask_are_left_out_and_each_word_counts_once(
    question: str, words: set[str]
) -> None:
    assert {word.text for word in question_words(question)} == words
    assert len(question_words(question)) == len(words)


@pytest.mark.parametrize("question", ["什么", "的", "what is the", "how", "是什么"])
def test_where_only_asking_words_are_there_they_find_but_tell_nothing(question: str) -> None:
    words = question_words(question)
    assert words
    assert not any(word.telling for word in words)
    assert all(word.telling for word in question_words(f"{question} BLIP"))


@pytest.mark.parametrize(
    "query",
    [
        '"exact phrase"',
        "-wal +log",
        "title:wal AND (log OR page)",
        "wal* log~2 [a TO z]",
        "wal^3 \\log",
    ],
)
def test_query_syntax_is_plain_text(query: str) -> None:
    """FAILURES 21"""
    plain = re.sub(r"\W+", " ", query)
    assert {w.text for w in question_words(query)} == {w.text for w in question_words(plain)}


@pytest.mark.parametrize(
    ("question", "half"),
    [
        ("什么是梯度累积?", {"度累"}),
        ("环形缓冲区", {"形缓", "冲区"}),
        ("gradient accumulation", set()),
        ("北土城站", {"北土", "城站"}),
    ],
)
def test_pairs_that_are_no_words_count_for_less(question: str, half: set[str]) -> None:
    """They are mostly the end of one word and the beginning of the next."""
    shares = {word.text: word.share for word in question_words(question)}
    assert {text for text, share in shares.items() if share < 1} >= half
    assert all(0 < share <= 1 for share in shares.values())
    assert all(shares[text] == 1 for text in whole_words(question) if text in shares)


def test_a_pair_never_reaches_over_an_asking_word() -> None:
    texts = {word.text for word in question_words("显存和带宽")}
    assert {"显存", "带宽"} <= texts
    assert not texts & {"存和", "和带", "存带"}


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("KV-cache", {"kv": [{"kv"}, {"kvcach"}], "cach": [{"cach"}, {"kvcach"}]}),
        ("kvCache", {"kvcach": [{"kvcach"}, {"kv", "cach"}]}),
        ("état", {"etat": [{"etat"}]}),
        ("环", {"环": [{"环"}]}),
    ],
)
def test_the_forms_in_which_a_passage_may_hold_a_word(
    question: str, forms: dict[str, list[set[str]]]
) -> None:
    found = {
        word.text: [set(form.terms) for form in word.forms] for word in question_words(question)
    }
    assert found == forms
    for word in question_words(question):
        assert {form.origin for form in word.forms} == {Origin.ITSELF}
        assert {form.credit for form in word.forms} == {1}


def test_of_two_ways_to_the_same_terms_the_better_one_counts() -> None:
    (word,) = question_words("log")
    weak = Form(frozenset({"日志"}), Origin.DICTIONARY, 0.4, "日志")
    strong = Form(frozenset({"日志"}), Origin.SPELLING, 0.9, "日志")
    for more in ((weak, strong), (strong, weak)):
        assert word.also(*more).forms == (*word.forms, strong)
    assert word.also(weak).also(strong) == word.also(strong)
    assert word.also() == word
    assert word.also(Form(frozenset({"log"}), Origin.SPELLING, 0.5)) == word
    asking = Word("x", (), telling=False, share=0.5)
    told = asking.also(weak)
    assert (told.text, told.telling, told.share) == ("x", False, 0.5)


@given(st.text(st.sampled_from("环形缓冲区的 是 什么 wal KV-cache 的"), max_size=20))
@unhurried
def test_every_word_stands_in_a_passage_that_is_the_question(text: str) -> None:
    """But for long Chinese words: among others, jieba may cut them otherwise."""
    terms = set(passage_terms(text))
    for word in question_words(text):
        assert (len(word.text) > 2 and not word.text.isascii()) or any(
            form.terms <= terms for form in word.forms
        )
