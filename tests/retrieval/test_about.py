"""Probabilities and thresholds of topics."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from retrieval.search.about import THRESHOLDS, Signals, passes, probability

NAMES = [each.name for each in fields(Signals) if each.name != "known"]


def signals(known: bool, **others: float) -> Signals:
    values = dict.fromkeys(NAMES, 0.0) | others
    return Signals(known=known, **{name: np.array([value]) for name, value in values.items()})


@pytest.mark.parametrize("name", ["above", "opening", "field", "begun", "share"])
def test_more_of_any_evidence_makes_surer(name: str) -> None:
    """What an article begins with tells by what it tells most of."""
    some = {"begun": 0.02, "share": 0.02}
    less, more = signals(True, **some), signals(True, **{**some, name: 0.04})
    assert probability(more) > probability(less)


@pytest.mark.parametrize("name", ["missing", "unlike"])
def test_what_lacks_of_a_topic_makes_less_sure(name: str) -> None:
    assert probability(signals(True, field=4, share=0.8, **{name: 0.5})) < probability(
        signals(True, field=4, share=0.8)
    )


def test_a_topic_of_no_known_subject_is_judged_by_the_rest() -> None:
    told = signals(False, above=0.05, covered=1.0, headed=1.0)
    assert probability(told) == probability(replace(told, field=np.array([9.0])))
    assert probability(told) > 0.5 > probability(signals(False))


def test_no_evidence_is_too_much_for_a_float() -> None:
    assert probability(signals(True, above=1e6)) == 1
    assert probability(signals(True, above=-1e6)) == pytest.approx(0)


def test_stricter_wishes_ask_for_more() -> None:
    bars = [THRESHOLDS[strictness] for strictness in range(-2, 3)]
    assert bars == sorted(set(bars))
    for strictness, bar in THRESHOLDS.items():
        assert passes(bar, strictness)
        assert not passes(bar - 1e-6, strictness)
    assert passes(0.99, 7), "what is beyond the strictest is the strictest"
    assert not passes(0.05, -7)
