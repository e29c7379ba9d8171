"""Links that open the bot: what goes into a payload comes out of it, and nothing else does."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deep_links import (
    LONGEST_PAYLOAD,
    OpenArticle,
    OpenQuestion,
    OpenRemembered,
    article_payload,
    deep_link,
    digest_of,
    opening_of,
    payload_in,
    question_payload,
    remembered_payload,
    share_link,
)
from tests.bot.hostile import HOSTILE

# https://core.telegram.org/bots/features#deep-linking
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
questions = st.one_of(st.text(min_size=1, max_size=60), st.sampled_from(HOSTILE))


@settings(deadline=None)
@given(questions)
def test_a_question_comes_out_of_its_link_or_is_remembered(question: str) -> None:
    """FAILURES 12"""
    payload = question_payload(question)
    if payload is not None:
        assert PAYLOAD.fullmatch(payload)
        opened = opening_of(payload)
        assert opened == (OpenQuestion(question) if question.strip() else None)
    told = remembered_payload(question)
    assert PAYLOAD.fullmatch(told)
    assert opening_of(told) == OpenRemembered(digest_of(question))


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("how does gradient checkpointing save memory?", True),
        ("a" * 46, True),
        ("a" * 47, False),
        ("梯度检查点是怎么节省显存的？", True),
        ("显" * 23, True),
        ("显" * 24, False),
        ("", False),
    ],
)
def test_how_long_a_question_may_be(question: str, fits: bool) -> None:
    payload = question_payload(question)
    assert (payload is not None) == fits
    assert payload is None or len(payload) <= LONGEST_PAYLOAD


def test_an_article_comes_out_of_its_link() -> None:
    link = deep_link("test_archive_bot", article_payload("0123456789ab"))
    assert link == "https://t.me/test_archive_bot?start=a_0123456789ab"
    payload = payload_in(link, "Test_Archive_Bot")
    assert payload is not None
    assert opening_of(payload) == OpenArticle("0123456789ab")
    assert payload_in(link, "other_bot") is None
    assert payload_in("https://example.org/test_archive_bot?start=a_1", "test_archive_bot") is None
    assert payload_in("https://[t.me/x?start=a_1", "x") is None


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), st.from_regex(r"[aqgd]_[A-Za-z0-9_-]{0,70}")))
def test_any_payload_is_read_or_refused(payload: str) -> None:
    opened = opening_of(payload)
    if isinstance(opened, OpenQuestion):
        assert opened.question.strip()


@pytest.mark.parametrize("payload", ["", "a_", "q_", "q_!", "q_A", "q__w", "x_1", "from-a-friend"])
def test_what_is_no_payload_of_ours(payload: str) -> None:
    assert opening_of(payload) is None


@settings(deadline=None)
@given(st.one_of(st.text(), st.sampled_from(HOSTILE)))
def test_whatever_is_shared_the_link_is_whole(words: str) -> None:
    """FAILURES 12"""
    link = share_link("https://t.me/b?start=a_1", words)
    assert link.isascii()
    assert len(link) < 2048
    told = parse_qs(urlsplit(link).query, keep_blank_values=True)
    assert told["url"] == ["https://t.me/b?start=a_1"]
    assert len(told["text"][0]) <= 120
