"""Phrases in texts: every spelling of a phrase is found, and none within another word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.search.phrases import LONGEST_PHRASE, folded, holds

unhurried = settings(deadline=None)


def found(phrase: str, passage: str) -> bool:
    return holds(phrase, folded(passage))


@pytest.mark.parametrize(
    "phrase", ["kv cache", "KV-cache", "kv_cache", "KV‑Cache", "ＫＶ　ｃａｃｈｅ", " kv  cache-"]
)
@pytest.mark.parametrize(
    "name", ["KV-cache", "KVcache", "kv cache", "kv_cache", "KV\u2011Cache", "KV\ncache", "KV\u00adCache", "KV – cache"]
)  # fmt: skip
def test_a_phrase_is_found_however_it_is_written(phrase: str, name: str) -> None:
    for frame in ("{}", "用{}省显存", "the {}, as", "({})", "“{}”"):
        assert found(phrase, frame.format(name)), frame


@pytest.mark.parametrize(
    ("phrase", "passage"),
    [
        ("KVCache", "the KV-cache"),
        ("gpt4", "GPT-4 发布"),
        ("資料結構", "讲资料结构与算法"),
        ("资料结构", "講資料結構與演算法"),
        ("残差连接", "每层的残差\n连接都"),
        ("训练 GPT", "从头训练GPT模型"),
        ("训练GPT", "从头训练 GPT 模型"),
        ("熵", "交叉熵损失"),
        ("差连", "残差连接"),
        ("乾", "乾坤大挪移"),
        ("port", "端口port号"),
        ("port", "port-forwarding"),
        ("C++", "用 C++ 写"),
        ("torch.nn", "import torch.nn as nn"),
        ("don't", "I don’t know"),
        ("テスト", "これはテストです"),
        ("시험", "이것은 시험입니다"),
        ("state of the art", "state-of-the-art results"),
        ("state-of-the-art", "the state of the art"),
        ("straße", "STRASSE"),
        ("x", "x"),
    ],
)
def test_forms_and_scripts_meet(phrase: str, passage: str) -> None:
    assert found(phrase, passage)


@pytest.mark.parametrize(
    ("phrase", "passage"),
    [
        ("port", "important"),
        ("port", "ports"),
        ("port", "airport"),
        ("mp", "important"),
        ("kv cache", "kv caches"),
        ("kv cache", "cache kv"),
        ("kv cache", "kv, cache"),
        ("kvcache", "kv cache"),
        ("naïve", "naïvement"),
        ("мир", "мирный"),
        ("残差连接", "残差的连接"),
        ("torch.nn", "torchxnn"),
        ("a.*b", "axxb"),
        ("熵", ""),
    ],
)
def test_what_is_something_else_is_not_found(phrase: str, passage: str) -> None:
    assert not found(phrase, passage)


@given(st.text(st.characters(), min_size=1, max_size=LONGEST_PHRASE))
@unhurried
def test_a_text_holds_itself(text: str) -> None:
    if any(map(str.isalnum, text)):
        assert found(text, text)
        assert found(text, f"前 {text} 后")


@given(st.text(st.characters(), max_size=80))
@unhurried
def test_a_text_is_folded_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ["a", "a-", "- ", " ", "繁體", "\u0301", "\ud800", "a b-", "ﷺ"])
def test_long_texts_are_searched_soon(text: str) -> None:
    found((text * LONGEST_PHRASE)[: LONGEST_PHRASE - 1] + "z", text * (20_000 // len(text)))
