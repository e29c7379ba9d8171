"""The first sentences of an article, as a notice shows them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.beginning import LONGEST, MOST_LINES, USUAL, beginning
from retrieval.titles import derive_title
from tests.bot.fakes import article
from tests.bot.hostile import HOSTILE, words

SENTENCE = "这句话刚好有二十个字所以很容易数得清楚。"


def begins(opening: str, title: str = "T") -> str:
    return beginning(article(title=title, opening=opening))


def test_whole_sentences_of_about_300_characters() -> None:
    assert begins(SENTENCE * 40) == SENTENCE * (300 // len(SENTENCE))
    english = "A sentence has some words. " * 40
    assert begins(english) == ("A sentence has some words. " * (300 // 27)).rstrip()


def test_what_is_short_is_shown_whole() -> None:
    assert begins("短") == "短"
    assert begins("no full stop at the end") == "no full stop at the end"
    assert begins("") == ""


def test_a_sentence_too_long_to_be_whole_is_cut_between_two_words() -> None:
    shown = begins("word " * 400)
    assert shown.endswith("word…")
    assert USUAL * 0.8 < len(shown) <= USUAL + 1


def test_a_sentence_a_little_longer_is_whole() -> None:
    long = "字" * 380 + "。"
    assert begins(long + SENTENCE) == long
    assert begins("短。" + long + SENTENCE) == "短。" + long, "two characters say too little"


@pytest.mark.parametrize("opening", ["$x" + " + y" * 60 + "$ ends.", "`f(" + "a, " * 90 + "b)`."])
def test_formulas_and_code_are_never_cut_through(opening: str) -> None:
    shown = begins("In the beginning there were sixty words before it. " * 2 + "So " + opening)
    assert shown.count("$") % 2 == 0
    assert shown.count("`") % 2 == 0
    assert not shown.endswith("(")


@pytest.mark.parametrize(
    "whole", ["`a. B; c? d`", "https://blog.example/?a=1&b=2;c", r"$a?b;c!d。e$", r"\(p. Q? r\)"]
)
def test_a_stop_within_code_an_address_or_a_formula_ends_no_sentence(whole: str) -> None:
    for before in range(280, 310):
        shown = begins("字" * before + f" {whole} " + "后面还有很多字" * 60 + "。")
        assert whole in shown or not set(whole) & set("`/$\\") & set(shown)


def test_code_keeps_its_lines_and_loses_its_fences() -> None:
    opening = "先装依赖:\n\n```bash\n# a comment\nif x:\n    pip install x\n```\n\n## 然后\n运行。"
    assert begins(opening) == "先装依赖:\n# a comment\nif x:\n    pip install x\n然后\n运行。"


def test_code_is_cut_between_its_lines() -> None:
    lines = [f"call_{number}(first; second. third)" for number in range(40)]
    shown = begins("\n".join(("```py", *lines, "```")))
    assert shown.split("\n") == lines[: len(shown.split("\n"))]
    assert len(shown) > USUAL / 2


@pytest.mark.parametrize(
    ("title", "opening", "shown"),
    [
        ("梯度检查点", "梯度检查点，大模型参数量巨大。", "大模型参数量巨大。"),
        ("梯度检查点", "梯度检查点 大模型参数量巨大。", "大模型参数量巨大。"),
        ("How it works", "# How it works\n\nIt does.", "It does."),
        ("How it works", "How it works. It does.", "It does."),
        ("How it works", "How it works - it does.", "it does."),
        ("全文就是标题。", "全文就是标题。", ""),
        # Without these, what is left would be no sentence, or another word.
        ("Transformer", "Transformers are models.", "Transformers are models."),
        ("GPT", "GPT-4 is a model.", "GPT-4 is a model."),
        ("Node", "Node.js is old.", "Node.js is old."),
        ("Two Stream", "Two stream networks are old.", "Two stream networks are old."),
        ("梯度检查点用…", "梯度检查点用计算换显存。", "梯度检查点用计算换显存。"),
    ],
)
def test_the_title_is_not_said_twice(title: str, opening: str, shown: str) -> None:
    assert begins(opening, title) == shown


@pytest.mark.parametrize(
    ("opening", "shown"),
    [
        ("QUIC 的连接迁移 手机切到蜂窝网,IP 变了,连接就断了。", "IP 变了,连接就断了。"),
        ("Checkpointing trades compute for memory, so less is kept.", "so less is kept."),
        ("为什么模型会过拟合?因为数据太少。", "因为数据太少。"),
        ("# 梯度检查点是什么\n\n它用计算换显存。", "它用计算换显存。"),
        (
            "每一层只留下输入而把中间结果都丢掉的做法叫做激活检查点它在反向传播的时候会重新计算一遍。完。",
            "…计算一遍。完。",
        ),
        ("All of it is said", ""),
    ],
)
def test_a_title_made_of_the_beginning_is_not_said_twice(opening: str, shown: str) -> None:
    """Where a source gives none: the text goes on where the title ends."""
    assert begins(opening, derive_title(opening)) == shown


def test_many_short_lines_do_not_make_a_wall() -> None:
    assert begins("a\n" * 100).count("\n") < MOST_LINES


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.one_of(words, st.sampled_from(["```\n", "$", "`", ". ", "。", "\n"])), max_size=30)
)
def test_nothing_hostile_makes_it_longer_or_fail(pieces: list[str]) -> None:
    """FAILURES 13"""
    opening = "".join(pieces)
    shown = begins(opening)
    assert len(shown) <= LONGEST + 1
    assert shown == shown.strip() or shown[0].isspace(), "only code begins with a space"


@pytest.mark.parametrize("opening", HOSTILE)
def test_a_cut_is_marked_and_falls_between_sentences_or_words(opening: str) -> None:
    """FAILURES 13"""
    assert len(begins(opening * 50, "")) <= LONGEST + 1
