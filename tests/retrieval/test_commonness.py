"""What is common in the languages at large is not rare in an archive that has it once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.commonness import expected, rarity


@pytest.mark.parametrize(
    ("common", "rare"),
    [("下午", "分布式"), ("two", "gradient"), ("时间", "梯度"), ("come", "epol"), ("一个", "显存")],
)
def test_everyday_words_are_expected_and_technical_ones_hardly(common: str, rare: str) -> None:
    assert expected([common]) > expected([rare])
    in_thirty = rarity(30, 1, expected([common])), rarity(30, 1, expected([rare]))
    assert in_thirty[0] < in_thirty[1]


def test_several_terms_are_as_rare_as_the_rarest() -> None:
    assert expected(["下午", "显存"]) == expected(["显存"])
    assert expected([]) == 0


def test_a_large_archive_speaks_for_itself() -> None:
    """Among 100,000 passages the languages at large are one voice in a hundred."""
    common = expected(["下午"])
    assert rarity(100_000, 50, common) == pytest.approx(rarity(100_000, 50, 0.0), rel=0.1)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 1))
def test_rarity_is_never_negative_and_falls_with_what_has_the_word(
    passages: int, having: int, common: float
) -> None:
    having = min(having, passages)
    assert rarity(passages, having, common) >= 0
    if having < passages:
        assert rarity(passages, having + 1, common) <= rarity(passages, having, common)
