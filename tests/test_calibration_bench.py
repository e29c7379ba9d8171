"""The fit of the confidence finds what tells the two kinds apart, and its sets are what they say."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.calibration import SIGNALS, fitted, half_left_out, together, told
from benchmarks.questions import Question, QuestionSet
from retrieval.article import Draft
from retrieval.search.confidence import FITTED, Signals


def test_the_fit_finds_the_signal_that_tells() -> None:
    chance = np.random.default_rng(7)
    flags = chance.random(400) < 0.5
    telling = flags + chance.normal(0, 0.5, 400)
    noise = chance.normal(0, 0.5, 400)
    beta = fitted(np.column_stack([telling, noise]), flags, np.ones(400), np.zeros(400))
    assert beta[1] > 2
    assert abs(beta[2]) < 0.5


def test_what_is_given_beforehand_is_not_fitted_again() -> None:
    chance = np.random.default_rng(8)
    signal = chance.normal(0, 1, 2000)
    flags = chance.random(2000) < 1 / (1 + np.exp(-2 * signal))
    alone = fitted(signal[:, None], flags, np.ones(2000), np.zeros(2000))
    beside = fitted(signal[:, None], flags, np.ones(2000), 1.5 * signal)
    assert alone[1] == pytest.approx(2, abs=0.3)
    assert beside[1] == pytest.approx(0.5, abs=0.3)


def test_signals_are_given_as_the_product_takes_them() -> None:
    signals = Signals(lead=0.1, margin=0.2, above=0.3, told=4.0, missing=0.5, size=6.0)
    weights = [getattr(FITTED, name) for name in SIGNALS]
    evidence = FITTED.intercept + np.dot(told(signals), weights) + FITTED.size * signals.size
    assert FITTED.probability(signals) == pytest.approx(1 / (1 + np.exp(-evidence)))


def test_left_out_articles_have_no_answer_and_all_together_are_one_archive() -> None:
    texts = ["first", "second", "third", "fourth"]
    drafts = tuple(Draft(text=text) for text in texts)
    questions = tuple(Question(f"on {text}", "kind", (text,)) for text in texts)
    half = half_left_out(QuestionSet("four", drafts, questions))
    assert [draft.text for draft in half.drafts] == ["first", "second"]
    assert [bool(question.answers) for question in half.questions] == [True, True, False, False]
    both = together([half, QuestionSet("more", drafts[1:3], questions[1:3])])
    assert [draft.text for draft in both.drafts] == ["first", "second", "third"]
    assert len(both.questions) == 6
