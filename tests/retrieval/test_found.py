"""Who counts against a hit, and what a text begins with."""

from __future__ import annotations

import pytest

from retrieval.search.found import first_sentence, rivals


def test_the_next_four_articles_count_against_a_hit() -> None:
    behind = [(0.9, 0.2), (0.8, 0.0), (0.85, 0.3), (0.7, 0.0), (0.95, 0.0)]
    assert rivals(0.4, behind) == [0.9, 0.85, 0.8, 0.7], "the nearest behind, best first"


def test_what_says_all_that_was_asked_does_not_count_against_what_says_it_too() -> None:
    behind = [(0.9, 1.0), (0.8, 0.0), (0.85, 0.95), (0.7, 0.0)]
    assert rivals(1.0, behind) == [0.8, 0.7]
    assert rivals(0.5, behind) == [0.9, 0.85, 0.8, 0.7], "but against what says half of it"
    assert rivals(1.0, [(0.9, 1.0)]) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [("一句。二句。", "一句。"), ("\n\n a b. c", "a b."), ("word", "word"), ("", "")],
)
def test_the_first_sentence(text: str, first: str) -> None:
    assert first_sentence(text) == first
