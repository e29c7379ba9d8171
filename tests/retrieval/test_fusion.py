"""The exact score: cosine, coverage and the rest, best first, the same order every time."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.index.lexical import WeightedWord
from retrieval.index.sketch import Sketches, sketch
from retrieval.search.fusion import (
    COVERAGE_WEIGHT,
    OPENING_WEIGHT,
    VERBATIM_WEIGHT,
    Coverage,
    Scored,
    best_first,
    covered,
    score,
    within,
)
from tests.retrieval.weighing import made

unhurried = settings(deadline=None)

Vector = NDArray[np.float32]


def passages(
    terms: Mapping[str, Set[str]], vectors: Mapping[str, Vector] | None = None
) -> Sketches:
    """Passages of these terms."""
    vectors = vectors or {}
    plain = np.zeros(2, np.float32)
    stored = [(own, sketch(own, held, 0.0, vectors.get(own, plain))) for own, held in terms.items()]
    return Sketches.of(stored, 2)


WAL, RING = made(3, "wal"), made(1, "ringbuffer", "ring+buffer")


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
    assert covered([WAL, RING], terms) == pytest.approx(share)
    assert Coverage([WAL, RING], passages({"x": terms})).shares() == pytest.approx([share])


@pytest.mark.parametrize(
    ("terms", "share"),
    [({"log"}, 1), ({"日志"}, 0.5), ({"记录"}, 0.25), ({"记录", "日志"}, 0.5), (set(), 0)],
)
def test_a_form_of_less_credit_covers_a_part(terms: set[str], share: float) -> None:
    """The best one that is there counts, and only that one."""
    word = made(4, "log", "日志", "记录", falling=0.5)
    assert covered([word], terms) == pytest.approx(share)
    assert Coverage([word], passages({"x": terms})).shares() == pytest.approx([share])


def test_a_word_that_stands_nowhere_is_missing_from_every_passage() -> None:
    words = [WAL, made(1)]
    assert covered(words, {"wal"}) == pytest.approx(0.75)
    assert Coverage(words, passages({"x": {"wal"}})).shares() == pytest.approx([0.75])


def test_a_word_of_half_a_share_counts_half() -> None:
    words = [WAL, made(6, "北土", share=0.5)]
    assert covered(words, {"wal"}) == pytest.approx(0.5)
    assert covered(words, {"北土"}) == pytest.approx(0.5)


def test_no_words_or_words_of_no_weight_cover_nothing() -> None:
    here = passages({"x": {"wal"}})
    for words in ([], [made(0, "wal")], [replace(WAL, weight=0.0)]):
        assert covered(words, {"wal"}) == 0
        assert Coverage(words, here).shares().tolist() == [0]


terms = st.sampled_from("abcdef")
word = st.builds(
    lambda weight, forms, share, falling: made(weight, *forms, share=share, falling=falling),
    st.floats(0.01, 20),
    st.lists(st.sampled_from(["a", "b", "c+d", "e", "b+f"]), max_size=4, unique=True),
    st.sampled_from([1.0, 0.5]),
    st.floats(0.1, 1),
)
asking = st.builds(lambda word: replace(word, weight=0.0), word)
questions = st.lists(word | asking, max_size=6)


@given(questions, st.sets(terms), terms)
@unhurried
def test_coverage_stays_within_bounds_and_grows_with_terms(
    words: list[WeightedWord], held: set[str], more: str
) -> None:
    share = covered(words, held)
    assert 0 <= share <= 1 + 1e-9
    assert covered(words, held | {more}) >= share


@given(questions, st.lists(st.sets(terms), max_size=6))
@unhurried
def test_all_passages_at_once_are_covered_as_each_alone(
    words: list[WeightedWord], held: list[set[str]]
) -> None:
    coverage = Coverage(words, passages({f"p{n}": each for n, each in enumerate(held)}))
    assert coverage.shares() == pytest.approx([covered(words, each) for each in held])
    for number, each in enumerate(held):
        for asked, form in zip(words, coverage.forms_in(f"p{number}"), strict=True):
            there = [valued for valued in asked.forms if valued.form.terms <= each]
            assert form == (there[0] if there else None)


@given(questions, st.lists(st.sets(terms), max_size=6))
@unhurried
def test_with_the_forms_that_stand_somewhere_all_are_covered_as_before(
    words: list[WeightedWord], held: list[set[str]]
) -> None:
    there = within(words, set().union(*held))
    assert [covered(there, own) for own in held] == [covered(words, own) for own in held]


def test_the_form_told_is_the_one_that_counts() -> None:
    word = made(4, "log", "日志", falling=0.5)
    coverage = Coverage([word, RING], passages({"x": {"日志"}, "y": {"log", "日志"}}))
    assert coverage.forms_in("x") == [word.forms[1], None]
    assert coverage.forms_in("y") == [word.forms[0], None]


def test_a_word_may_have_very_many_forms() -> None:
    """A translation of a common word stands among hundreds; the most telling are looked for."""
    word = made(4, *(f"t{n}" for n in range(300)), falling=0.5)
    shares = Coverage([word], passages({"x": {"t3"}, "y": {"t299"}, "z": set()})).shares()
    assert shares == pytest.approx([1 / 8, 0, 0])


def vector(*numbers: float) -> Vector:
    drawn = np.array(numbers, np.float32)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


QUERY = vector(1, 0)


def scored(
    vectors: Mapping[str, Vector],
    held: Mapping[str, Set[str]],
    *words: WeightedWord,
    bonus: Mapping[str, float] | None = None,
) -> list[Scored]:
    here = passages({own: held.get(own, set()) for own in vectors}, vectors)
    gained = np.array([(bonus or {}).get(own, 0.0) for own in here.ids])
    return score(QUERY, here, gained, Coverage(words, here).shares())


def ranked(
    vectors: Mapping[str, Vector], held: Mapping[str, Set[str]], *words: WeightedWord
) -> list[str]:
    return [each.excerpt_id for each in scored(vectors, held, *words)]


def test_evidence_and_score_of_each_candidate() -> None:
    (only,) = scored({"x": vector(4, 3)}, {"x": {"wal"}}, WAL, RING)
    assert only.excerpt_id == "x"
    assert only.coverage == pytest.approx(0.75)
    assert only.cosine == pytest.approx(0.8, abs=1e-3)
    assert only.score == pytest.approx(0.8 + COVERAGE_WEIGHT * 0.75, abs=1e-3)


def test_what_stands_word_for_word_or_in_the_title_is_added() -> None:
    plain = Scored("x", 0.8, 0.5)
    assert Scored("x", 0.8, 0.5, verbatim=0.5).score == plain.score + VERBATIM_WEIGHT / 2
    assert Scored("x", 0.8, 0.5, opening=1.0).score == plain.score + OPENING_WEIGHT
    told = [Scored("a", 0.8, 0.5), Scored("b", 0.8, 0.5, verbatim=0.2), Scored("c", 0.9, 0.5)]
    assert [each.excerpt_id for each in best_first(told)] == ["c", "b", "a"]


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
    found = scored(vectors, {}, bonus=bonus)
    assert [each.excerpt_id for each in found] == ["other language", "same language", "no"]
    assert found[0].cosine == pytest.approx(
        float(QUERY @ vectors["other language"]) + 0.05, abs=1e-3
    )
    assert found[2].cosine == pytest.approx(0)


def test_no_candidates_no_hits() -> None:
    assert ranked({}, {"b": {"wal"}}, WAL) == []


@given(st.permutations([f"p{n}" for n in range(6)]))
@unhurried
def test_ties_stand_in_the_same_order_every_time(names: list[str]) -> None:
    assert ranked(dict.fromkeys(names, vector(1, 1)), {}, WAL) == sorted(names)
