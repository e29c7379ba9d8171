"""The exact score: cosine and coverage, best first, the same order every time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.index.lexical import WeightedWord
from retrieval.index.tokens import Word
from retrieval.search.fusion import COVERAGE_WEIGHT, coverage, score

unhurried = settings(deadline=None)


def weighed(weight: float, *forms: str) -> WeightedWord:
    """A word with these forms, each the terms of it joined by `+`."""
    return WeightedWord(Word(forms[0], tuple(frozenset(f.split("+")) for f in forms)), weight)


WAL, RING = weighed(3, "wal"), weighed(1, "ringbuffer", "ring+buffer")


@pytest.mark.parametrize(
    ("terms", "share"),
    [
        (set(), 0),
        ({"other"}, 0),
        ({"wal"}, 0.75),
        ({"ringbuffer"}, 0.25),
        ({"ring"}, 0),
        ({"ring", "buffer"}, 0.25),
        ({"wal", "ring", "buffer", "ringbuffer", "more"}, 1),
    ],
)
def test_coverage_is_the_share_of_weight_that_is_there(terms: set[str], share: float) -> None:
    assert coverage([WAL, RING], terms) == pytest.approx(share)


def test_no_words_or_words_of_no_weight_cover_nothing() -> None:
    assert coverage([], {"wal"}) == 0
    assert coverage([weighed(0, "wal")], {"wal"}) == 0


word = st.builds(weighed, st.floats(0, 20), st.sampled_from(["a", "b", "c+d", "e"]))


@given(st.lists(word, max_size=6), st.sets(st.sampled_from("abcdef")), st.sampled_from("abcdef"))
@unhurried
def test_coverage_stays_within_bounds_and_grows_with_terms(
    words: list[WeightedWord], terms: set[str], more: str
) -> None:
    share = coverage(words, terms)
    assert 0 <= share <= 1
    assert coverage(words, terms | {more}) >= share


def vector(*numbers: float) -> NDArray[np.float32]:
    drawn = np.array(numbers, np.float32)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


QUERY = vector(1, 0)


def ranked(
    vectors: dict[str, NDArray[np.float32]], terms: dict[str, set[str]], *words: WeightedWord
) -> list[str]:
    return [scored.excerpt_id for scored in score(QUERY, words, vectors, terms, {})]


def test_evidence_and_score_of_each_candidate() -> None:
    (only,) = score(QUERY, [WAL, RING], {"x": vector(4, 3)}, {"x": {"wal"}}, {})
    assert (only.excerpt_id, only.coverage) == ("x", 0.75)
    assert only.cosine == pytest.approx(0.8)
    assert only.score == pytest.approx(0.8 + COVERAGE_WEIGHT * 0.75)


def test_without_words_in_common_the_cosine_decides() -> None:
    """A question asked in the other language covers nothing anywhere."""
    near, far = vector(5, 1), vector(1, 1)
    assert ranked({"far": far, "near": near}, {"far": {"x"}, "near": {"y"}}, WAL) == ["near", "far"]


def test_among_near_passages_words_decide() -> None:
    one, other = vector(10, 3), vector(10, 2.9)
    assert ranked({"one": one, "other": other}, {"one": {"wal"}}, WAL) == ["one", "other"]


def test_a_chance_word_does_not_lift_what_is_far_away() -> None:
    assert ranked({"far": vector(0, 1), "near": vector(1, 0)}, {"far": {"wal"}}, WAL) == [
        "near",
        "far",
    ]


def test_what_language_alone_gains_is_taken_off() -> None:
    vectors = {"same language": vector(10, 1), "other language": vector(10, 2), "no": vector(0, 1)}
    bonus = {"same language": 0.05, "other language": -0.05}
    scored = score(QUERY, [], vectors, {}, bonus)
    assert [each.excerpt_id for each in scored] == ["other language", "same language", "no"]
    assert scored[0].cosine == pytest.approx(float(QUERY @ vectors["other language"]) + 0.05)
    assert scored[2].cosine == pytest.approx(0)


def test_only_candidates_with_a_vector_count() -> None:
    assert ranked({"a": QUERY}, {"a": set(), "b": {"wal"}}, WAL) == ["a"]
    assert ranked({}, {"b": {"wal"}}, WAL) == []


@given(st.permutations([f"p{n}" for n in range(6)]))
@unhurried
def test_ties_stand_in_the_same_order_every_time(names: list[str]) -> None:
    assert ranked(dict.fromkeys(names, vector(1, 1)), {}, WAL) == sorted(names)
