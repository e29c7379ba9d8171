"""Excerpts: nothing of an article is lost, none is too long to embed, none says nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.excerpts import LONGEST, SHORTEST, sentences, split_into_excerpts
from retrieval.identity import columns

unhurried = settings(deadline=None)

anything = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(
            [
                "梯度累积。",
                "One sentence. ",
                "word ",
                "字" * 700,
                "x" * 1300,
                "\n\n",
                "\n",
                "...",
                " ",
                "a b " * 200,
                "\r\n\r\n",
                "“引用。”",
                "!?)",
                "\u3000",
                "没有标点的一段",
                "3.14",
                "v" * 599,
            ]
        ),
        max_size=14,
    ).map("".join),
)


def bare(text: str) -> str:
    return "".join(text.split())


@given(anything)
@unhurried
def test_nothing_is_lost_none_is_too_long_and_none_is_empty(text: str) -> None:
    excerpts = split_into_excerpts(text)
    assert bare("".join(excerpts)) == bare(text)
    assert all(columns(excerpt) <= LONGEST for excerpt in excerpts)
    assert all(excerpt == excerpt.strip() != "" for excerpt in excerpts)
    assert bool(excerpts) == bool(text.strip())


@given(anything)
@unhurried
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text
    assert all(sentences(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("先算梯度。再更新!真的?", ["先算梯度。", "再更新!", "真的?"]),
        ("He said “stop.” Then v2.0 came.", ["He said “stop.” ", "Then v2.0 came."]),
        ("它说“好。”然后走了。", ["它说“好。”", "然后走了。"]),
        ("Wait... what? Yes.", ["Wait... ", "what? ", "Yes."]),
        ("一行\n又一行", ["一行\n", "又一行"]),
        ("显存 3.5 GB,共 1,000 块", ["显存 3.5 GB,共 1,000 块"]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_short_article_is_one_excerpt_as_it_stands() -> None:
    text = "第一段。\n\n第二段。\n第三行"
    assert split_into_excerpts(f"\n {text} \n") == [text]


def test_it_is_cut_between_sentences_where_it_can_be() -> None:
    text = "".join(f"这是第{n:03}句,说的是同一件事的另一面。" for n in range(100))
    excerpts = split_into_excerpts(text)
    assert len(excerpts) > 2
    assert all(excerpt.endswith("。") for excerpt in excerpts)
    assert all(excerpt.startswith("这是第") for excerpt in excerpts)


def test_a_sentence_without_end_is_cut_between_words() -> None:
    words = [f"word{n}" for n in range(1000)]
    excerpts = split_into_excerpts(" ".join(words))
    assert [word for excerpt in excerpts for word in excerpt.split()] == words


@pytest.mark.parametrize(
    "unit", ["这是一句话,不长也不短,刚好够用。", "A sentence of a usual length, no more. "]
)
@pytest.mark.parametrize("count", range(60, 76))
def test_the_last_excerpt_is_no_mere_remainder(unit: str, count: int) -> None:
    assert columns(split_into_excerpts(unit * count)[-1]) >= SHORTEST


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "字" * 1_000_000,
        "a\n" * 200_000,
        "." * 300_000,
        "a. " * 200_000,
        "\n " * 200_000,
        ".!" * 150_000,
        ".)" * 150_000,
        "!" * 300_000,
    ],
)
def test_a_huge_text_is_cut_soon(text: str) -> None:
    started = time.process_time()
    excerpts = split_into_excerpts(text)
    assert bare("".join(excerpts)) == bare(text)
    assert time.process_time() - started < 8
