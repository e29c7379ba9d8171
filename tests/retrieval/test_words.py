"""Where a text may be cut: never inside a Latin word or a number, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.words import pieces

unhurried = settings(deadline=None)


@given(st.text(max_size=80))
@unhurried
def test_the_pieces_joined_are_the_text(text: str) -> None:
    cut = list(pieces(text))
    assert "".join(cut) == text
    assert all(cut)


@pytest.mark.parametrize(
    "word",
    [
        "can't",
        "doesn’t",
        "1,000",
        "3.14",
        "v2.0.1",
        "snake_case",
        "naïve",
        "Schrödinger",
        "e\u0301te\u0301",
        "Motörhead",
        "Привет",
        "12:30",
        "H₂O",
        "👨‍👩‍👧",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "我说{}吧", "so {} it is", "({}),"])
def test_a_word_is_never_cut(word: str, frame: str) -> None:
    assert any(word in piece for piece in pieces(frame.format(word)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("混排ABC文字", ["混排", "ABC", "文字"]),
        ("a b", ["a", " ", "b"]),
        ("Kimi-VL 好", ["Kimi-VL", " ", "好"]),
        ("好,3 个", ["好", ",", "3", " ", "个"]),
        ("", []),
    ],
)
def test_it_is_cut_everywhere_else(text: str, expected: list[str]) -> None:
    assert list(pieces(text)) == expected
