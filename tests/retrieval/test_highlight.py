"""The highlighted sentence: verbatim, telling, never empty."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.identity import columns
from retrieval.index.questions import Form, Origin, Word
from retrieval.search.highlight import most_telling
from tests.retrieval.weighing import question as words
from tests.retrieval.weighing import weighed

unhurried = settings(deadline=None)

RING = "环形缓冲区用一个定长数组首尾相接。写指针追上读指针时要么覆盖旧数据,要么等待。元素大小固定的时候,它比链表快得多。"
ENGLISH = (
    "A bloom filter answers whether a key may be in a set. It never misses a member but may lie. "
    "Its size follows from the error you can bear, see version 2.0 of the tables."
)


@pytest.mark.parametrize(
    ("excerpt", "question", "sentence"),
    [
        (RING, "写指针追上了怎么办", "写指针追上读指针时要么覆盖旧数据,要么等待。"),
        (RING, "定长数组", "环形缓冲区用一个定长数组首尾相接。"),
        (ENGLISH, "can it miss a member?", "It never misses a member but may lie."),
        (
            ENGLISH,
            "error size",
            "Its size follows from the error you can bear, see version 2.0 of the tables.",
        ),
        (ENGLISH, "完全无关的话", "A bloom filter answers whether a key may be in a set."),
        (ENGLISH, "", "A bloom filter answers whether a key may be in a set."),
        ("短", "长", "短"),
        ("简介。" + RING, "什么", "简介。环形缓冲区用一个定长数组首尾相接。"),
    ],
)
def test_the_sentence_that_covers_most_is_highlighted(
    excerpt: str, question: str, sentence: str
) -> None:
    assert most_telling(excerpt, words(question)) == sentence


def test_a_rarer_word_counts_for_more() -> None:
    common, rare = words("指针 数组")[0], words("指针 数组")[-1]
    both = [weighed(common.word, 0.1), weighed(rare.word, 5.0)]
    assert most_telling(RING, both) == "环形缓冲区用一个定长数组首尾相接。"


def test_a_translation_leads_to_the_sentence_too() -> None:
    """As the dictionary tells of it."""
    array = Word(
        "array", (Form(frozenset({"array"})), Form(frozenset({"数组"}), Origin.DICTIONARY))
    )
    assert most_telling("写指针会追上读指针的位置。" + RING, [weighed(array)]) == (
        "环形缓冲区用一个定长数组首尾相接。"
    )


def test_a_sentence_that_runs_on_is_cut_at_a_pause() -> None:
    clauses = [f"第{n}点说的是第{n}个环节里最容易出错的那个地方" for n in range(40)]
    found = most_telling(",".join(clauses), words("第23个环节"))
    assert "第23点" in found
    assert columns(found) < 300


hostile = st.one_of(
    st.text(min_size=1, max_size=300),
    st.lists(
        st.sampled_from(
            [
                "环形缓冲区",
                "。",
                ",",
                " ",
                "\n",
                "word ",
                "...",
                "\u3000" * 130,
                " " * 130,
                "x" * 130,
                "!?",
            ]
        ),
        min_size=1,
        max_size=30,
    ).map("".join),
).filter(lambda text: text.strip())


@given(hostile, st.sampled_from(["", "环形缓冲区", "word x", "什么", "😀"]))
@unhurried
def test_a_highlight_is_a_part_of_its_excerpt(excerpt: str, question: str) -> None:
    found = most_telling(excerpt, words(question))
    assert found in excerpt
    assert found == found.strip() != ""


HEADED = (
    "Gradient checkpointing › What it costs\nIt trades time for memory, no more. "
    "Each layer is computed twice in the backward pass.\n\n"
    "```python\nmodel.gradient_checkpointing_enable(steps=4)\n```\n\nThat is really all there is."
)


@pytest.mark.parametrize("question", ["gradient checkpointing cost", "python", "what", ""])
def test_neither_a_heading_nor_a_fence_is_highlighted_alone(question: str) -> None:
    found = most_telling(HEADED, words(question))
    assert found in HEADED
    assert found != "Gradient checkpointing › What it costs"
    assert not found.startswith("```")
    assert not found.endswith("```")


def test_a_line_of_code_is_highlighted_without_its_fence() -> None:
    found = most_telling(HEADED, words("gradient_checkpointing_enable steps"))
    assert found == "model.gradient_checkpointing_enable(steps=4)"


def test_where_there_is_nothing_but_a_heading_it_is_highlighted() -> None:
    assert most_telling("Gradient checkpointing and its costs", words("x")) == (
        "Gradient checkpointing and its costs"
    )
