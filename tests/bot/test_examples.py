"""Which questions a welcome proposes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.buttons import EXAMPLE, pack
from bot.deep_links import question_payload
from bot.examples import LONGEST_PAYLOAD, SHOWN, examples_of
from bot.handlers.welcome import examples_keyboard
from bot.wording import CHINESE, ENGLISH, LANGUAGES
from retrieval.article import Article
from tests.bot.fakes import article
from tests.bot.hostile import HOSTILE
from tests.bot.messages import check_markup


def titled(*titles: str | tuple[str, str]) -> list[Article]:
    """Articles, newest first; a pair is a title and a tag."""
    pairs = [(each, "") if isinstance(each, str) else each for each in titles]
    return [
        article(number, title=title, tags=(tag,) if tag else ())
        for number, (title, tag) in enumerate(pairs, 1)
    ]


def test_none_while_the_archive_is_empty() -> None:
    assert examples_of([], ENGLISH) == []


def test_the_readers_language_comes_first() -> None:
    there = titled(
        "梯度检查点", "How attention works", "显存不够怎么办", "Rotary embeddings", "省显存"
    )
    assert examples_of(there, ENGLISH) == [
        "How attention works",
        "Rotary embeddings",
        "显存不够怎么办",
    ]
    assert examples_of(there, CHINESE)[0] == "显存不够怎么办"
    assert "How attention works" not in examples_of(there, CHINESE)[:2]


def test_titles_that_ask_come_first_and_tags_differ() -> None:
    there = titled(
        ("Rotary position embeddings", "LLM"),
        ("Why does Raft need a leader?", "Systems"),
        ("What is a write-ahead log?", "Systems"),
        ("Byte pair encoding", "LLM"),
        ("Choosing an index", "Databases"),
    )
    assert examples_of(there, ENGLISH) == [
        "Why does Raft need a leader?",
        "Rotary position embeddings",
        "Choosing an index",
    ]


@pytest.mark.parametrize(
    ("title", "example"),
    [
        ("CTC 怎样对齐 语音有 1000 帧", "CTC 怎样对齐"),
        ("自旋还是睡眠？自旋锁(Spinlock)拿不到锁就原地循环", "自旋还是睡眠？"),
        ("FlashAttention 2 explained | My Blog of Many Things", "FlashAttention 2 explained"),
        ("Scaling laws: a very long subtitle that nobody would ever ask", "Scaling laws"),
    ],
)
def test_the_telling_part_of_a_title_is_asked(title: str, example: str) -> None:
    assert examples_of(titled(title), ENGLISH) == [example]


@pytest.mark.parametrize(
    "title",
    [
        "Overview",
        "Weekly newsletter #34",
        "周报 第 12 期",
        "v1.2.3 released today",
        "hello",
        "早期的推理服务按最大长度给每个请求划一整段连续显存的办法以及它们的代价",
        "The same length of words goes on and on until no button would hold it",
        "为什么大模型几乎都换成了 RMSNorm LayerNorm 对每个 token 的隐藏向量先减均值再…",
        "if (a < b && c) 里藏着的坑",
        "see https://x.example",
        "邻居数(第 0 层",
        "😀😀😀😀😀😀",
    ],
)
def test_what_nobody_would_ask_is_no_example(title: str) -> None:
    assert examples_of(titled(title), ENGLISH) == []


def test_the_same_title_is_asked_once() -> None:
    assert examples_of(titled("Byte pairs", "byte pairs", "Byte pairs"), ENGLISH) == ["Byte pairs"]


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE)), max_size=20),
    st.sampled_from(LANGUAGES),
)
def test_examples_are_buttons_whatever_titles_there_are(titles: list[str], language: str) -> None:
    """FAILURES 12"""
    there = titled(*titles)
    examples = examples_of(there, language)
    assert examples == examples_of(there, language)
    assert len(examples) <= SHOWN
    keyboard = examples_keyboard(examples)
    assert len(keyboard.inline_keyboard) == len(examples)
    check_markup(keyboard.to_dict())


def test_the_longest_payload_fits_into_a_button() -> None:
    assert len(pack(EXAMPLE, "q" * LONGEST_PAYLOAD)) <= 64
    assert question_payload("显" * 21, LONGEST_PAYLOAD) is not None
    assert question_payload("a" * 42, LONGEST_PAYLOAD) is not None
