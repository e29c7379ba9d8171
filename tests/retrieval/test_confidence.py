"""Confidence grows with the evidence and does not depend on how large the archive is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.confidence import E5, OTHERS, calibration_of, confidence, standing
from retrieval.search.fusion import Scored


def sure(cosine: float, coverage: float, mean: float = 0.80, passages: int = 1000) -> float:
    return confidence(Scored("a:0", cosine, coverage), mean, passages, E5)


shares = st.floats(0, 1, allow_nan=False)
cosines = st.floats(0.7, 0.95, allow_nan=False)


@given(cosines, cosines, shares, shares)
def test_more_evidence_is_never_less_sure(c1: float, c2: float, v1: float, v2: float) -> None:
    low, high = sure(min(c1, c2), min(v1, v2)), sure(max(c1, c2), max(v1, v2))
    assert 0 <= low <= high <= 1


def test_neither_crowded_cosines_nor_chance_words_convince() -> None:
    assert sure(0.83, 0.0) < 0.2, "a high cosine that every passage has"
    assert sure(0.80, 0.4) < 0.2, "a word in common by chance"
    assert sure(0.88, 0.5) > 0.9
    assert sure(0.90, 0.2) > 0.9, "other words, or another language, but the meaning"
    assert sure(0.83, 1.0) > 0.9, "a bare name that stands there"


@pytest.mark.parametrize("passages", [2, 3, 10, 1000])
def test_a_small_archive_judges_as_a_large_one(passages: int) -> None:
    """The passage judged does not raise the bar for itself."""
    cosine, others = 0.90, 0.80
    mean = (cosine + (passages - 1) * others) / passages
    assert standing(cosine, mean, passages, E5) == pytest.approx(5.0, abs=0.01)


def test_a_single_article_is_judged_by_the_models_own_chance() -> None:
    assert sure(0.90, 0.6, mean=0.90, passages=1) > 0.9
    assert sure(0.80, 0.0, mean=0.80, passages=1) < 0.2
    assert sure(0.90, 0.6, passages=0) == 0.0


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
