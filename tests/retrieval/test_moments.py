"""What a chance cosine to a question looks like, from a mean instead of from every vector."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.index.moments import Moments

unhurried = settings(deadline=None, max_examples=50)
Matrix = NDArray[np.float32]


def vectors(count: int, seed: int, dimension: int = 16) -> Matrix:
    """L2-normalised, shape (count, dimension), crowded around one direction as e5's are."""
    drawn = np.random.default_rng(seed).normal(size=(count, dimension)) + 3 * np.eye(dimension)[0]
    normed: Matrix = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return normed


@given(st.integers(1, 200), st.integers(0, 10_000))
@unhurried
def test_the_chance_cosine_is_the_mean_of_all_cosines(count: int, seed: int) -> None:
    sample, (query,) = vectors(count, seed), vectors(1, seed + 1)
    shares = np.random.default_rng(seed).random(count).tolist()
    moments = Moments.of(sample, shares, count)
    assert moments.chance(query) == pytest.approx(float(np.mean(sample @ query)), abs=1e-5)


@given(st.integers(20, 200), st.integers(0, 10_000))
@unhurried
def test_what_language_alone_gains_is_the_slope_of_the_cosines_over_the_shares(
    count: int, seed: int
) -> None:
    sample, (query,) = vectors(count, seed), vectors(1, seed + 1)
    shares = np.random.default_rng(seed).random(count)
    moments = Moments.of(sample, shares.tolist(), count)
    slope = np.polyfit(shares, (sample @ query).astype(np.float64), 1)[0]
    gained = moments.language_bonus(query, 1) - moments.language_bonus(query, 0)
    assert abs(gained) <= abs(slope) + 1e-6, "a ridge only shrinks it"
    assert gained * slope >= -1e-9
    assert moments.language_bonus(query, float(np.mean(shares))) == pytest.approx(0, abs=1e-6)


def test_two_languages_apart_are_told_apart() -> None:
    chinese, english = np.eye(4, dtype=np.float32)[:2]
    sample = np.stack([chinese, english] * 50)
    moments = Moments.of(sample, [0.0, 1.0] * 50, 100)
    assert moments.language_bonus(english, 1.0) == pytest.approx(0.5, abs=0.01)
    assert moments.language_bonus(english, 0.0) == pytest.approx(-0.5, abs=0.01)
    assert moments.language_bonus(chinese, 1.0) == pytest.approx(-0.5, abs=0.01)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_an_archive_of_one_language_gives_none_a_bonus(share: float) -> None:
    sample, (query,) = vectors(30, 1), vectors(1, 2)
    moments = Moments.of(sample, [share] * 30, 30)
    assert moments.language_bonus(query, 0.0) == pytest.approx(0, abs=1e-6)
    assert moments.language_bonus(query, 1.0) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("count", [0, 7])
def test_an_archive_without_vectors_expects_nothing(count: int) -> None:
    (query,) = vectors(1, 1)
    for empty in (np.zeros((0, 0), np.float32), np.zeros((0, 16), np.float32)):
        moments = Moments.of(empty, [], count)
        assert moments.count == count
        assert moments.chance(query) == 0
        assert moments.language_bonus(query, 0.5) == 0


def test_it_counts_the_whole_archive_and_not_the_sample() -> None:
    assert Moments.of(vectors(5, 1), [0.0] * 5, 5000).count == 5000
