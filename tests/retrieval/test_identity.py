"""Identity: when two texts are one article, whatever else about them changed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.identity import (
    SHORTEST_SHARED_BEGINNING,
    columns,
    fingerprint,
    folded,
    is_edit,
    opening_fingerprint,
    said,
)

unhurried = settings(deadline=None)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
#: Letters that people write titles in, whose upper and lower case are one to one.
letters = st.text(st.sampled_from("abzéñöжд梯度累积ぽ한9 .-:#，（"), max_size=60)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


ONE = "PagedAttention 把 KV cache 切成 16 个 token 一块, 按需分配"


@pytest.mark.parametrize(
    "other",
    [
        ONE.upper(),
        ONE.lower(),
        full_width(ONE),
        ONE.replace(" ", ""),
        ONE.replace(" ", " \t  \u3000\u00a0"),
        f"\n  {ONE}  \r\n",
        ONE + "...",
        ONE + " …",
        ONE + "……",
        ONE + "。",
        unicodedata.normalize("NFD", ONE),
    ],
)
def test_the_same_text_in_another_look_is_the_same_article(other: str) -> None:
    assert fingerprint(other) == fingerprint(ONE)
    assert opening_fingerprint(other) == opening_fingerprint(ONE)
    assert is_edit(ONE, other)
    assert is_edit(other, ONE)


@pytest.mark.parametrize(
    "other",
    [
        ONE.replace("16", "32"),
        ONE.replace("KV", "K V "[0]),
        ONE[1:],
        ONE.replace(",", ";"),
        "另一篇: " + ONE,
    ],
)
def test_another_text_is_another_article(other: str) -> None:
    assert fingerprint(other) != fingerprint(ONE)
    assert not is_edit(ONE, other)


@given(letters)
@unhurried
def test_width_case_and_white_space_never_tell_articles_apart(text: str) -> None:
    expected = fingerprint(text)
    for other in (text.upper(), full_width(text), " ".join(text), f"\u3000{text}\t", text + "…"):
        assert fingerprint(other) == expected
        assert opening_fingerprint(other) == opening_fingerprint(text)


@given(texts)
@unhurried
def test_case_never_tells_articles_apart_in_any_script(text: str) -> None:
    assert fingerprint(text.casefold()) == fingerprint(text)


@given(texts)
@unhurried
def test_folding_is_done_once_and_for_all(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(texts, st.integers(0, 60))
@unhurried
def test_a_text_that_grew_is_an_edit_and_is_found_by_its_opening(text: str, kept: int) -> None:
    """Where rule 5 holds, the archive's key for it must meet, or it is never even asked."""
    beginning = folded(folded(text)[:kept])
    if columns(said(beginning)) < SHORTEST_SHARED_BEGINNING:
        assert not is_edit(text, beginning) or fingerprint(text) == fingerprint(beginning)
        return
    assert is_edit(text, beginning)
    assert is_edit(beginning, text)
    assert opening_fingerprint(beginning) == opening_fingerprint(text)


@pytest.mark.parametrize(
    ("short", "long", "same"),
    [
        ("梯度累积的正确姿势...", "梯度累积的正确姿势与陷阱:先除后加", True),
        ("梯度累积的正确", "梯度累积的正确姿势与陷阱:先除后加", False),
        ("梯度累积", "梯度累积的正确姿势与陷阱", False),
        ("Write-ahead logging...", "Write-ahead logging makes a crash harmless", True),
        ("Overview", "Overview of everything", False),
        ("", "anything", False),
        ("...", "…", False),
    ],
)
def test_only_a_beginning_long_enough_to_be_no_chance_is_an_edit(
    short: str, long: str, same: bool
) -> None:
    assert is_edit(short, long) is same
    if same:
        assert opening_fingerprint(short) == opening_fingerprint(long)


def test_columns_count_wide_characters_twice() -> None:
    assert columns("ab中文Ａ。…") == 2 + 4 + 2 + 2 + 1


@given(texts)
@unhurried
def test_a_fingerprint_is_32_hexadecimal_digits(text: str) -> None:
    for digest in (fingerprint(text), opening_fingerprint(text)):
        assert len(digest) == 32
        int(digest, 16)
