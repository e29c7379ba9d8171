"""The highlighted sentence: verbatim, telling, never empty."""

from __future__ import annotations

import re

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


def test_the_sentence_that_alone_tells_something_goes_before_one_about_the_subject() -> None:
    """That an excerpt is about the ring buffer, every sentence of it tells."""
    text = "环形缓冲区的首尾是相接的。环形缓冲区又叫循环队列。环形缓冲区在驱动里很多。它写满以后会覆盖旧数据。"
    assert most_telling(text, words("环形缓冲区写满")) == "它写满以后会覆盖旧数据。"


def test_a_sentence_that_answers_goes_before_one_that_asks() -> None:
    text = "Why does the write pointer wait for it? Because the write pointer would overwrite data."
    assert most_telling(text, words("write pointer")).startswith("Because")
    assert most_telling("Why does the pointer wait?", words("pointer")).startswith("Why")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("KVCache", "Every layer keeps a KV cache of its own."),
        ("kv cache", "Every layer keeps a KV cache of its own."),
        ("pixelshuffle", "A Pixel-Shuffle moves channels into space."),
        ("async io", "With AsyncIO the whole loop may freeze."),
        ("編碼", "位置编码加在查询和键上面,不加在值上。"),
    ],
)
def test_a_name_leads_to_its_sentence_however_it_is_spelled(question: str, sentence: str) -> None:
    text = (
        "The models of today are all large. Every layer keeps a KV cache of its own. "
        "A Pixel-Shuffle moves channels into space. With AsyncIO the whole loop may freeze. "
        "位置编码加在查询和键上面,不加在值上。"
    )
    assert most_telling(text, words(question)) == sentence


LATIN_WORD = re.compile(r"[^\W\u3400-\u9fff]+")


@pytest.mark.parametrize(
    "text",
    [
        "a sentence of words that pauses nowhere and never comes to any end at all " * 8,
        "一句话里面没有任何停顿的地方所以只能在词和词之间把它切开来" * 12,
        "见 https://example.org/a,b:c;d/" + "long-address/" * 30 + " 其余的部分在下面说明" * 20,
        "价格是 1,000,000 元:" + "时间从 12:30 到 13:45,共 75 分钟左右 " * 12,
        "损失 $L = a, b: c; d$ 加上 " * 20,
        "公式 $" + "x_i, " * 90 + "z$ 之后" + "还有许多别的东西要说明" * 20,
    ],
)
def test_nothing_is_cut_within_a_word_an_address_a_number_or_a_formula(text: str) -> None:
    for wanted in ("words end", "停顿 切开", "其余 部分", "13:45", "损失", "公式 z", "说明"):
        found = most_telling(text, words(wanted))
        assert found in text
        start = text.index(found)
        if LATIN_WORD.match(found) and start:
            assert not LATIN_WORD.match(text[start - 1])
        end = start + len(found)
        if LATIN_WORD.match(found[-1]):
            assert not LATIN_WORD.match(text[end : end + 1])
        assert found.count("$") % 2 == 0
        assert "https" not in found or "long-address/ " in f"{found} "
        assert not re.search(r"\A(?:00|30|45)\b|12:\Z|\b1,\Z|000,\Z", found)


CODE = "```python\nfor step in range(3):\n    loss = model(batch)\n\n    loss.backward()\n```"


def test_code_is_highlighted_whole_and_found_by_the_heading_above_it() -> None:
    text = f"Intro text that says nothing of it.\n\nGradient accumulation\n{CODE}\n\nThe end of it."
    inside = CODE.removeprefix("```python\n").removesuffix("\n```")
    assert most_telling(text, words("loss backward")) == inside
    assert most_telling(text, words("gradient accumulation")) == inside


def test_long_code_is_highlighted_by_the_line() -> None:
    lines = "\n".join(f"value_{n} = compute(argument_{n}, other_{n})" for n in range(30))
    assert most_telling(f"Some code:\n\n```\n{lines}\n```", words("argument_17")) == (
        "value_17 = compute(argument_17, other_17)"
    )


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
                "```\n",
                "\n```",
                "$a, b$",
                "字" * 130,
                "\u0301",
                "ﬁ",
                "?",
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
