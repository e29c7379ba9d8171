"""What people say around a subject is no part of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.search.fields import fields
from retrieval.search.phrases import folded
from retrieval.search.subjects import written

KNOWN = fields()


@pytest.mark.parametrize(
    ("topic", "subject"),
    [
        ("LLM stuff", "llm"),
        ("Send me anything about kubernetes please", "kubernetes"),
        ("I'm into systems programming and that kind of thing", "systems programming"),
        ("i'd like to hear about new papers on diffusion models", "diffusion models"),
        ("security-related stuff", "security"),
        ("programming in general", "programming"),
        ("运维相关的都推给我", "运维"),
        ("運維相關的都推給我", "运维"),
        ("我对分布式系统很感兴趣", "分布式系统"),
        ("最近大模型的进展", "大模型"),
        ("数据库那些事儿", "数据库"),
        ("Rust 的坑", "rust"),
        ("显存不够怎么办", "显存不够"),
        ("Web 安全，XSS 那些", "web安全,xss"),
    ],
)
def test_a_subject_is_asked_for_in_many_ways(topic: str, subject: str) -> None:
    assert KNOWN.subject_of(topic) == subject


@pytest.mark.parametrize(
    "topic",
    [
        "推荐系统",
        "强化学习",
        "后端开发",
        "高并发",
        "learning to rank",
        "news",
        "新闻",
        "debugging in production",
    ],
)
def test_a_name_is_not_taken_apart(topic: str) -> None:
    assert KNOWN.subject_of(topic) == topic


def test_every_name_of_every_subject_is_one_as_it_stands() -> None:
    names = {name for row in written() for name in row.names}
    assert [name for name in names if KNOWN.subject_of(name) != name] == []


@settings(deadline=None)
@given(st.text(alphabet="新闻的 推给我都about stuffnews,!?。", max_size=30))
def test_something_is_left_of_whatever_says_something(topic: str) -> None:
    subject = KNOWN.subject_of(topic)
    assert folded(subject) in folded(topic)
    assert bool(folded(subject).strip(" ,!?。")) == bool(folded(topic).strip(" ,!?。"))
