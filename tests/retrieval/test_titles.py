"""Titles of articles that came without one: the first telling clause, cut at a word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.identity import columns
from retrieval.titles import WIDEST, cut_at_word, derive_title

unhurried = settings(deadline=None)

SENTENCE = "梯度累积把一个大批次拆成几个小批次"
ENGLISH = "Gradient accumulation splits one large batch into several small ones"


@pytest.mark.parametrize(
    "opener",
    [
        "引言与背景 ",
        "引言与背景:",
        "引言与背景\n",
        "引言:",
        "简介 ",
        "简介。",
        "简介 — ",
        "简介 | ",
        "【简介】",
        "[简介] ",
        "## 简介\n",
        "1. 简介 ",
        "1、简介 ",
        "一、简介 ",
        "一. 简介 ",
        "(1) 简介 ",
        "概述：",
        "概述 简介 ",
        "簡介:",
        "摘要:",
        "Overview ",
        "Overview: ",
        "Overview. ",
        "Overview - ",
        "Overview — ",
        "OVERVIEW ",
        "1 Introduction ",
        "1. Introduction. ",
        "TL;DR: ",
        "Abstract—",
        "https://example.org/post ",
        "论文地址: https://example.org/paper 简介 ",
        "[图片] ",
        "📌 ",
        "- ",
    ],
)
@pytest.mark.parametrize("telling", [SENTENCE, ENGLISH])
def test_a_generic_opener_is_no_title(opener: str, telling: str) -> None:
    assert derive_title(f"{opener}{telling},后面还有很多话。And more.") == telling


@pytest.mark.parametrize(
    "text",
    [
        "Introduction to Algorithms covers a lot of ground",
        "Overview of attention in transformers",
        "Background jobs in Celery can be lost",
        "Abstract classes in Python",
        "Code review takes three passes",
        "Paper-based voting still works",
        "Summary tables make it fast",
        "Link-state routing floods its news",
        "背景音乐的版权怎么算",
        "介绍信是什么时候出现的东西",
        "简介性的文字也有人写得好看",
    ],
)
def test_a_generic_word_inside_a_phrase_stays(text: str) -> None:
    assert derive_title(text) == text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("用 Redis 做分布式锁,SET 只是第一步。", "用 Redis 做分布式锁"),
        ("跨洋链路 1% 丢包，速度只剩十分之一？CUBIC 把丢包", "跨洋链路 1% 丢包"),
        ("丢包只有 1%? CUBIC 把丢包当作拥塞", "丢包只有 1%?"),
        ("显存从 80,000 MB 降到 1,000 MB,很划算", "显存从 80,000 MB 降到 1,000 MB"),
        (
            "GIL 到底锁住了什么 CPython 用一把全局解释器锁",
            "GIL 到底锁住了什么 CPython 用一把全局解释器锁",
        ),
        ("梯度检查点的取舍 大模型的参数量巨大", "梯度检查点的取舍"),
        (
            "Dense and lexical scores differ. Adding them is wrong.",
            "Dense and lexical scores differ",
        ),
        ("Version 3.5 of it, e.g. the new one, is here", "Version 3.5 of it"),
        ("BLIP BLIP 是一个多模态模型,用于理解", "BLIP 是一个多模态模型"),
        ("《深入理解计算机系统》读书笔记：第三章", "《深入理解计算机系统》读书笔记"),
        ("简介", "简介"),
        ("Overview", "Overview"),
        ("短", "短"),
        ("https://example.org/only-a-link", "https://example.org/only-a-link"),
    ],
)
def test_the_first_telling_clause(text: str, title: str) -> None:
    assert derive_title(text) == title


hostile = st.one_of(
    st.text(max_size=300),
    st.text(st.sampled_from("简介 引言与背景Overview:：,，。.-—…【】(（1、\n#w"), max_size=300),
    st.text(st.sampled_from("a中 "), min_size=70, max_size=300),
)


@given(hostile.filter(lambda text: text.strip()))
@unhurried
def test_any_text_has_a_title_of_one_line_that_fits(text: str) -> None:
    title = derive_title(text)
    assert title.strip() == title != ""
    assert len(title.splitlines()) == 1
    assert columns(title) <= WIDEST


@given(hostile.filter(lambda text: text.strip()), st.integers(8, 100))
@unhurried
def test_a_cut_keeps_a_beginning_and_marks_itself(text: str, widest: int) -> None:
    cut = cut_at_word(text, widest)
    assert columns(cut) <= widest
    if cut != text:
        assert cut.endswith("…")
        assert text.startswith(cut[:-1])
        assert cut != "…"


@pytest.mark.parametrize("widest", range(10, 60))
def test_a_cut_never_splits_a_word(widest: int) -> None:
    text = "training Qwen2.5 with gradient_accumulation doesn't need any more memory than before"
    cut = cut_at_word(text, widest)
    rest = text[len(cut) - 1 :]
    assert rest.startswith((" ", "-", ".")), (cut, rest)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text", ["-" * 100_000, "简介 " * 30_000, "a" * 100_000, "1." * 50_000, "(" * 9999]
)
def test_a_very_long_text_has_a_title_soon(text: str) -> None:
    assert columns(derive_title(text)) <= WIDEST


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# 环形缓冲区,以及它为什么快\n\n正文。", "环形缓冲区,以及它为什么快"),
        ("# Attention, explained: a gentle tour\n\nText.", "Attention, explained: a gentle tour"),
        (f"# 引言\n\n{SENTENCE},后面还有。", SENTENCE),
        (f"## 一、背景\n\n### 动机\n\n{SENTENCE},后面还有。", SENTENCE),
        ("# 总结\n## 要点\n\n就这些。", "总结 要点"),
        ("# C# 入门教程\n\n正文。", "C# 入门教程"),
        ("```python\nimport torch.distributed\n```\n\n正文。", "import torch.distributed"),
        (f"```\n```\n\n{ENGLISH}. And more.", ENGLISH),
    ],
)
def test_marks_of_headings_and_code_are_no_part_of_a_title(text: str, title: str) -> None:
    assert derive_title(text) == title
