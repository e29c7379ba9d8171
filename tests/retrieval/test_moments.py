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


def gain(moments: Moments, query: NDArray[np.float32], share: float) -> float:
    """What a text of this Latin share gains by its language."""
    (gained,) = moments.language_bonus(query, np.array([share], np.float32))
    return float(gained)


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
    gained = gain(moments, query, 1) - gain(moments, query, 0)
    assert abs(gained) <= abs(slope) + 1e-6, "a ridge only shrinks it"
    assert gained * slope >= -1e-9
    assert gain(moments, query, float(np.mean(shares))) == pytest.approx(0, abs=1e-5)


def test_two_languages_apart_are_told_apart() -> None:
    chinese, english = np.eye(4, dtype=np.float32)[:2]
    sample = np.stack([chinese, english] * 50)
    moments = Moments.of(sample, [0.0, 1.0] * 50, 100)
    assert gain(moments, english, 1.0) == pytest.approx(0.5, abs=0.01)
    assert gain(moments, english, 0.0) == pytest.approx(-0.5, abs=0.01)
    assert gain(moments, chinese, 1.0) == pytest.approx(-0.5, abs=0.01)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_an_archive_of_one_language_gives_none_a_bonus(share: float) -> None:
    sample, (query,) = vectors(30, 1), vectors(1, 2)
    moments = Moments.of(sample, [share] * 30, 30)
    assert gain(moments, query, 0.0) == pytest.approx(0, abs=1e-6)
    assert gain(moments, query, 1.0) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("count", [0, 7])
def test_an_archive_without_vectors_expects_nothing(count: int) -> None:
    (query,) = vectors(1, 1)
    for empty in (np.zeros((0, 0), np.float32), np.zeros((0, 16), np.float32)):
        moments = Moments.of(empty, [], count)
        assert moments.count == count
        assert moments.chance(query) == 0
        assert gain(moments, query, 0.5) == 0


def test_it_counts_the_whole_archive_and_not_the_sample() -> None:
    assert Moments.of(vectors(5, 1), [0.0] * 5, 5000).count == 5000


def test_texts_are_looked_at_together_as_one_by_one() -> None:
    sample, (query,) = vectors(40, 1), vectors(1, 2)
    shares = np.linspace(0, 1, 40, dtype=np.float32)
    moments = Moments.of(sample, shares.tolist(), 40)
    together = moments.language_bonus(query, shares)
    assert together.shape == shares.shape
    assert together.tolist() == [gain(moments, query, share) for share in shares.tolist()]
    assert moments.language_bonus(query, shares[:0]).shape == (0,)


def test_a_neutral_query_is_as_near_to_either_language() -> None:
    """Both halves of the archive put candidates forward, whatever language the question is in."""
    chinese, english, subject, other = np.eye(4, dtype=np.float32)
    pages = [
        (lang + topic) / np.sqrt(2) for topic in (subject, other) for lang in (chinese, english)
    ]
    moments = Moments.of(np.stack(pages * 25), [0.0, 1.0] * 50, 100)
    query = (0.8 * english + 0.6 * subject).astype(np.float32)
    about_it, the_same_in_english, _, only_english = (float(page @ query) for page in pages)
    assert only_english > about_it < the_same_in_english, "as it was asked, language decides"
    neutral = moments.neutral(query)
    about_it, the_same_in_english, _, only_english = (float(page @ neutral) for page in pages)
    assert about_it == pytest.approx(the_same_in_english, abs=1e-4)
    assert about_it > only_english
    assert np.linalg.norm(neutral) == pytest.approx(1, abs=1e-6)
    assert neutral.dtype == np.float32


@pytest.mark.parametrize("sample", [vectors(30, 1), np.zeros((0, 16), np.float32)])
def test_an_archive_of_one_language_leaves_a_query_as_it_is(sample: Matrix) -> None:
    (query,) = vectors(1, 2)
    assert np.array_equal(Moments.of(sample, [0.0] * len(sample), 30).neutral(query), query)


def test_a_query_of_nothing_but_its_language_stays_a_query() -> None:
    chinese, english = np.eye(4, dtype=np.float32)[:2]
    moments = Moments.of(np.stack([chinese, english] * 50), [0.0, 1.0] * 50, 100)
    query = ((english - chinese) / np.sqrt(2)).astype(np.float32)
    assert np.linalg.norm(moments.neutral(query)) == pytest.approx(1, abs=1e-4)
