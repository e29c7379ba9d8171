"""Questions taken apart: filters, phrases and exclusions, and all that only looks like them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.filter import Filter, name_key
from retrieval.search.phrases import LONGEST_PHRASE
from retrieval.search.question import Question, parse

unhurried = settings(deadline=None)


def day(year: int, month: int = 1, number: int = 1) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


# --- filters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "text", "wanted"),
    [
        ("tag:大模型 怎么训练", "怎么训练", Filter(tags=("大模型",))),
        ("怎么训练 tag:大模型", "怎么训练", Filter(tags=("大模型",))),
        ("怎么 tag:大模型 训练", "怎么 训练", Filter(tags=("大模型",))),
        ("tag:大模型，怎么训练？", "怎么训练？", Filter(tags=("大模型",))),
        ("TAG:LLM serving", "serving", Filter(tags=("LLM",))),
        ("ſource:x serving", "serving", Filter(sources=("x",))),
        ("tag：LLM serving", "serving", Filter(tags=("LLM",))),
        ("tag:#LLM serving", "serving", Filter(tags=("#LLM",))),
        ("标签:推理 吞吐", "吞吐", Filter(tags=("推理",))),
        ("標籤：推理 吞吐", "吞吐", Filter(tags=("推理",))),
        ('tag:"two words" serving', "serving", Filter(tags=("two words",))),
        ("tag:“two words” serving", "serving", Filter(tags=("two words",))),
        ("tag:「二 字」 serving", "serving", Filter(tags=("二 字",))),
        ("tag:＂two words＂serving", "serving", Filter(tags=("two words",))),
        ("tag:C++ serving", "serving", Filter(tags=("C++",))),
        ("tag:.NET serving", "serving", Filter(tags=(".NET",))),
        ("tag:llm? .NET", ".NET", Filter(tags=("llm",))),
        ("tag:a tag:b tag:a x1", "x1", Filter(tags=("a", "b"))),
        ("tag:a,b x1", "x1", Filter(tags=("a", "b"))),
        ("-tag:a x1", "x1", Filter(not_tags=("a",))),
        ("−标签：a x1", "x1", Filter(not_tags=("a",))),
        ("source:blog source:news x1", "x1", Filter(sources=("blog", "news"))),
        ("来源:科学空间 x1", "x1", Filter(sources=("科学空间",))),
        ("-来源:科学空间 x1", "x1", Filter(not_sources=("科学空间",))),
        ("after:2026 x1", "x1", Filter(after=day(2026))),
        ("after:2026-03 x1", "x1", Filter(after=day(2026, 3))),
        ("after:2026-3-1 x1", "x1", Filter(after=day(2026, 3))),
        ("before:2026/03/09 x1", "x1", Filter(before=day(2026, 3, 9))),
        ("before:2026.03.09. x1", "x1", Filter(before=day(2026, 3, 9))),
        ("之后：２０２６-03 x1", "x1", Filter(after=day(2026, 3))),
        ("之前:2026年3月9日 x1", "x1", Filter(before=day(2026, 3, 9))),
        ("之前:2026年3月 x1", "x1", Filter(before=day(2026, 3))),
        ("after:2024 before:2025 x1", "x1", Filter(after=day(2024), before=day(2025))),
        ("after:2024 after:2025 x1", "x1", Filter(after=day(2025))),
        ("before:2024 before:2025 x1", "x1", Filter(before=day(2024))),
        ("-after:2026 x1", "x1", Filter(before=day(2026))),
        ("-before:2026 x1", "x1", Filter(after=day(2026))),
    ],
)
def test_filters_are_taken_out_of_the_question(asked: str, text: str, wanted: Filter) -> None:
    assert parse(asked) == Question(asked, text, filter=wanted)


@pytest.mark.parametrize("asked", ["tag:x", " tag:x ", "tag:x ?", "after:2026 source:y", "-tag:x"])
def test_where_only_filters_are_there_nothing_is_left_to_look_for(asked: str) -> None:
    question = parse(asked)
    assert question.text == ""
    assert question.filter


def test_an_empty_filter_asks_for_nothing() -> None:
    assert not Filter()
    assert Filter(before=day(2026))
    with pytest.raises(ValueError, match="time zone"):
        Filter(after=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    "names",
    [
        ["Machine Learning", "#machine-learning", "machine_learning", "ｍachine  LEARNING", " # Machine\u3000learning"],
        ["大模型", "#大模型", " 大模型 "],
        ["C#", "c#", "#C#"],
        ["Straße", "STRASSE"],
    ],
)  # fmt: skip
def test_spellings_of_one_name_are_one(names: list[str]) -> None:
    assert len({name_key(name) for name in names}) == 1
    assert name_key(names[0])


def test_names_that_differ_stay_apart() -> None:
    names = ["C", "C#", "C++", "大模型", "小模型", "llm", "llms", ""]
    assert len({name_key(name) for name in names}) == len(names)


# --- phrases -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "text", "phrases"),
    [
        ('"kv cache" 显存', "kv cache 显存", ("kv cache",)),
        ('显存 "kv cache"', "显存 kv cache", ("kv cache",)),
        ('解释"残差连接"的作用', "解释 残差连接 的作用", ("残差连接",)),
        ("解释＂残差连接＂的作用", "解释 残差连接 的作用", ("残差连接",)),
        ('"梯度" 与 "显存"', "梯度 与 显存", ("梯度", "显存")),
        ('"梯度" 与 "梯度"', "梯度 与 梯度", ("梯度",)),
        ('What is "attention"?', "What is attention?", ("attention",)),
        ('"熵"', "熵", ("熵",)),
        ("“kv cache” 显存", "kv cache 显存", ("kv cache",)),
        ("什么是 “注意力”？", "什么是 注意力？", ("注意力",)),
        ("「資料結構」 入門", "資料結構 入門", ("資料結構",)),
        ("『資料結構』 入門", "資料結構 入門", ("資料結構",)),
        ("«attention» net", "attention net", ("attention",)),
        ("„attention“ net", "attention net", ("attention",)),
        ('"don\'t stop"', "don't stop", ("don't stop",)),
        ('tag:x "kv cache"', "kv cache", ("kv cache",)),
    ],
)
def test_quoted_words_are_phrases_and_stay_words(
    asked: str, text: str, phrases: tuple[str, ...]
) -> None:
    question = parse(asked)
    assert (question.text, question.phrases, question.excluded) == (text, phrases, ())


@pytest.mark.parametrize(
    "asked",
    [
        "什么是“注意力”?",
        "请比较“自回归”、“扩散”两种模型",
        "“注意力”的计算量",
        "什麼是「注意力」?",
        "他說『好』了沒",
        "«a» or «b»",
        "it's the model's 'own cache' rock 'n' roll",
        "‘梯度’ 是什么",
        '14" 屏 和 16" 屏',
        'print("hello world") 报错',
        '{"key": "value"}',
        'title:"kv cache"',
        'an "unclosed quote',
        "an “unclosed quote",
        '"',
        '""',
        '" "',
        '"?!"',
        '" a b "',
        '"one\ntwo"',
        f'"{"long " * LONGEST_PHRASE}end"',
    ],
)
def test_quotes_in_prose_and_code_and_alone_are_part_of_the_question(asked: str) -> None:
    """FAILURES 21"""
    assert parse(asked) == Question(asked, asked)


# --- exclusions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "text", "excluded"),
    [
        ("attention -flash", "attention", ("flash",)),
        ("attention -flash-attention", "attention", ("flash-attention",)),
        ("-flash attention", "attention", ("flash",)),
        ("注意力 -稀疏，怎么算？", "注意力 怎么算？", ("稀疏",)),
        ("注意力 -稀疏 怎么算", "注意力 怎么算", ("稀疏",)),
        ('attention -"flash decoding"', "attention", ("flash decoding",)),
        ("attention -“flash decoding” speed", "attention speed", ("flash decoding",)),
        ("attention -「稀疏」的算法", "attention 的算法", ("稀疏",)),
        ("attention －flash –sparse −linear", "attention", ("flash", "sparse", "linear")),
        ("models -7b -3D", "models", ("7b", "3D")),
        ("lang -C++", "lang", ("C++",)),
        ("kv -cache, size", "kv size", ("cache",)),
        ("kv -foo:bar", "kv", ("foo:bar",)),
        ("kv -cache -cache", "kv", ("cache",)),
        ('"kv cache" -quant', "kv cache", ("quant",)),
    ],
)
def test_what_follows_a_minus_is_excluded(asked: str, text: str, excluded: tuple[str, ...]) -> None:
    question = parse(asked)
    assert (question.text, question.excluded, question.filter) == (text, excluded, Filter())


@pytest.mark.parametrize(
    "asked",
    [
        "KV-cache",
        "x - y",
        "2 -1",
        "-5 度",
        "低于 -5度",
        "lr -1e-5",
        "-0.5",
        "-2025-03",
        "--force",
        "—force",
        "git push --force",
        "git rebase -i 怎么用",
        "- item",
        "-",
        "--",
        "-->",
        "a -> b",
        "-_x",
        '-"unclosed phrase',
        '-""',
        "（-稀疏）",
        f"kv -{'x' * (LONGEST_PHRASE + 1)}",
    ],
)
def test_other_minus_signs_are_part_of_the_question(asked: str) -> None:
    """FAILURES 21"""
    assert parse(asked) == Question(asked, asked)


@pytest.mark.parametrize(
    ("asked", "text"),
    [("-foo", "foo"), ("-foo -bar", "foo bar"), ('-"kv cache" ?', "kv cache ?"), (" -熵", "熵")],
)
def test_where_only_exclusions_are_there_they_are_what_is_looked_for(asked: str, text: str) -> None:
    """FAILURES 21: a leading minus is a search."""
    assert parse(asked) == Question(asked, text)


def test_exclusions_beside_filters_alone_still_exclude() -> None:
    question = parse("tag:llm -attention")
    assert question == Question(
        "tag:llm -attention", "", excluded=("attention",), filter=Filter(tags=("llm",))
    )


# --- what only looks like it ----------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "after:soon",
        "after:2026-13",
        "after:2026-02-30",
        "after:20260301",
        "after:2026,2027",
        "after:26",
        "-after:soon",
        "before:12:30",
        "before: 2026",
        "tag:",
        "tag: x",
        "tag:，",
        "tag:,",
        "tag:#",
        'tag:""',
        'tag:"unclosed name',
        "-tag:",
        "tag::x",
        "source:https://example.org/",
        "来源：https://example.org/",
        "https://example.org/?q=tag:x",
        "12:30",
        "std::vector",
        "a::b",
        "foo:bar",
        "(tag:x)",
        "常见的标签:分类",
        "hashtag:x",
        "--tag:x",
        "title:wal AND (log OR page)",
        "wal* log~2 [a TO z] wal^3 \\log +x",
        "",
        "  ",
        " two  spaces\nand lines ",
    ],
)
def test_what_is_malformed_is_part_of_the_question(asked: str) -> None:
    """FAILURES 21"""
    assert parse(asked) == Question(asked, asked)


def test_everything_at_once() -> None:
    asked = 'tag:LLM 怎么用 "kv cache" -量化 after:2025 source:"my blog" 省显存?'
    assert parse(asked) == Question(
        asked,
        "怎么用 kv cache 省显存?",
        ("kv cache",),
        ("量化",),
        Filter(tags=("LLM",), sources=("my blog",), after=day(2025)),
    )


# --- hostile -------------------------------------------------------------------------------

pieces = st.sampled_from(
    """tag: source: after: before: 标签： 2026 2026-03 - -- − " “ ” 「 」 « » „ : ： , ， . ? a
    foo 梯度 5""".split()
) | st.sampled_from([" ", "\n", "\u3000", "\ud800", "😀"])


@given(st.lists(pieces, max_size=20).map("".join) | st.text(st.characters(), max_size=100))
@unhurried
def test_nothing_typed_is_an_error(asked: str) -> None:
    question = parse(asked)
    assert question.asked == asked
    assert question.text.strip() or question.filter or not asked.strip()
    for phrase in (*question.phrases, *question.excluded):
        assert any(map(str.isalnum, phrase))
        assert phrase in asked
    assert all(map(name_key, question.filter.tags + question.filter.sources))


@given(st.text(st.characters(exclude_characters='"＂“„«「『-‐‑‒–−﹣－:：'), max_size=200))
@unhurried
def test_text_without_special_signs_comes_back_as_it_is(asked: str) -> None:
    assert parse(asked) == Question(asked, asked)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit",
    ['"a ', '"', "“a ", "“", "„“", " -", " -a", ' -"', " tag:", ' tag:"', " tag:a", " after:2026",
     " after:2", " -1", "1", ",", "tag:,", "字", "「", " ", " -" + "1," * 50],
)  # fmt: skip
def test_a_hostile_question_is_read_soon(unit: str) -> None:
    parse(unit * (10_000 // len(unit)))
    parse("tag:" + unit * (10_000 // len(unit)))
