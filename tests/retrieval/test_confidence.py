"""Confidence grows with the evidence, whatever the archive's size and the model's scale."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.confidence import (
    E5,
    FITTED,
    OTHERS,
    Calibration,
    Judge,
    Signals,
    above_chance,
    calibration_of,
)
from retrieval.search.fusion import Scored
from tests.retrieval.weighing import made

NOTHING = Signals(lead=0.0, margin=0.01, above=0.02, told=0.0, missing=0.6, size=4.0)
small = st.floats(0, 0.3, allow_nan=False)
signals = st.builds(
    Signals,
    lead=small,
    margin=small,
    above=small,
    told=st.floats(0, 12, allow_nan=False),
    missing=st.floats(0, 1, allow_nan=False),
    size=st.floats(0, 14, allow_nan=False),
)


@given(signals, small, st.floats(0, 5), st.sampled_from(["lead", "margin", "above", "told"]))
def test_more_evidence_is_never_less_sure(
    told: Signals, more: float, words: float, name: str
) -> None:
    better = replace(told, **{name: getattr(told, name) + (words if name == "told" else more)})
    assert 0 <= FITTED.probability(told) <= FITTED.probability(better) <= 1


@given(signals, st.floats(0, 1), st.floats(0, 5))
def test_unknown_words_and_a_large_archive_make_doubtful(
    told: Signals, unknown: float, larger: float
) -> None:
    doubtful = replace(told, missing=max(told.missing, unknown), size=told.size + larger)
    assert FITTED.probability(doubtful) <= FITTED.probability(told)


def test_a_chance_neighbour_does_not_convince_and_a_named_subject_does() -> None:
    assert FITTED.probability(NOTHING) < 0.1
    assert FITTED.probability(replace(NOTHING, above=0.05)) < 0.5, "near in meaning, no word"
    named = Signals(lead=0.08, margin=0.10, above=0.07, told=2.0, missing=0.1, size=4.0)
    assert FITTED.probability(named) > 0.95
    across = Signals(lead=0.04, margin=0.06, above=0.06, told=0.8, missing=0.3, size=4.0)
    assert FITTED.probability(across) > 0.5, "another language: words by translation, meaning"


def test_what_stands_apart_among_a_hundred_thousand_still_convinces() -> None:
    apart = Signals(lead=0.05, margin=0.08, above=0.09, told=2.0, missing=0.0, size=11.5)
    assert FITTED.probability(apart) > 0.8
    assert FITTED.probability(replace(NOTHING, size=11.5)) < 0.01


def judge(mean: float, passages: int, calibration: Calibration = E5) -> Judge:
    words = [made(6, "wal"), made(6)]
    return Judge(words, mean=mean, passages=passages, rarest=6.0, calibration=calibration)


@pytest.mark.parametrize("passages", [2, 3, 10, 1000])
def test_a_small_archive_judges_as_a_large_one(passages: int) -> None:
    """The passage judged does not raise the bar for itself."""
    cosine, others = 0.90, 0.80
    mean = (cosine + (passages - 1) * others) / passages
    assert above_chance(cosine, mean, passages, E5) == pytest.approx(0.10, abs=0.001)


def test_a_single_article_is_compared_with_articles_of_chance() -> None:
    told = judge(0.90, 1).signals(Scored("a:0", 0.90, 0.5), [])
    assert told.lead == told.margin == pytest.approx(0.10 + 0.06)
    chance = judge(0.80, 1).signals(Scored("a:0", 0.80, 0.0), [])
    assert chance.lead == pytest.approx(0.0)
    assert judge(0.8, 0).confidence(told) == 0.0


def test_behind_a_hit_stand_the_next_articles() -> None:
    told = judge(0.80, 50).signals(Scored("a:0", 0.90, 0.0), [0.88, 0.87, 0.86, 0.85])
    assert told.lead == pytest.approx(0.02)
    assert told.margin == pytest.approx(0.05)
    assert told.missing == pytest.approx(0.5), "one of two words stands nowhere"


def test_told_counts_words_and_not_shares() -> None:
    half = judge(0.80, 50).signals(Scored("a:0", 0.85, 0.5), [])
    assert half.told == pytest.approx(1.0), "half of two rare words"


def test_another_familys_cosines_are_brought_to_the_same_scale() -> None:
    theirs = judge(0.05, 50, OTHERS).signals(
        Scored("a:0", 0.55, 0.5, unit=OTHERS.unit), [0.05 * OTHERS.unit]
    )
    ours = judge(0.80, 50).signals(Scored("a:0", 0.90, 0.5), [0.80])
    assert theirs.above == pytest.approx(ours.above, abs=0.01)
    assert theirs.lead == pytest.approx(ours.lead, abs=0.01)


@pytest.mark.parametrize(
    ("model", "calibration"),
    [
        ("bundled", E5),
        ("intfloat/multilingual-e5-small", E5),
        ("/models/e5-large/", E5),
        ("sentence-transformers/all-MiniLM-L6-v2", OTHERS),
        ("some/model-5e5", OTHERS),
    ],
)
def test_each_family_has_its_scale(model: str, calibration: object) -> None:
    assert calibration_of(model) is calibration
