"""The limits as arithmetic: when may the next begin?"""

from __future__ import annotations

import pytest

from bot.limits import LATEST, LONGEST_ANSWER, MINUTE, SECOND, SLACK, ChatLimit, OverallLimit


def test_a_second_is_counted_from_the_answer() -> None:
    limit = OverallLimit(1)
    limit.take(100.0, ahead=True)
    limit.begin("request", 100.0)
    limit.receive("request", 100.01)
    assert limit.opens(100.5, ahead=True) == 100.01 + SECOND
    assert limit.opens(102.0, ahead=True) <= 102.0


def test_an_answer_that_is_still_out_is_not_waited_for_long() -> None:
    limit = OverallLimit(1)
    limit.take(100.0, ahead=True)
    limit.begin("request", 100.0)
    assert limit.opens(100.001, ahead=True) == pytest.approx(100.0 + LATEST + SECOND)
    assert limit.opens(100.0 + LATEST, ahead=True) == 100.0 + LATEST + SECOND


def test_where_answers_are_always_late_the_time_saved_runs_out() -> None:
    limit, now, patience = OverallLimit(1), 100.0, []
    for number in range(12):
        now = max(now, limit.opens(now, ahead=True))
        limit.take(now, ahead=True)
        limit.begin(number, now)
        opens = limit.opens(now, ahead=True)
        patience.append(opens - SECOND - now)
        limit.lapses(opens - SECOND)
        now = opens
    assert patience[0] == pytest.approx(LATEST)
    assert patience[-1] == pytest.approx(SLACK)


def test_who_is_kept_from_looking_does_not_believe_that_it_arrived() -> None:
    limit = OverallLimit(1)
    limit.take(100.0, ahead=True)
    limit.begin("request", 100.0)
    stalled = 100.0 + LATEST + 3
    assert limit.opens(stalled, ahead=True) == pytest.approx(stalled + SLACK + SECOND)


def test_broadcasts_are_spaced_and_replies_are_not() -> None:
    limit = OverallLimit(30)
    for _ in range(10):
        limit.take(100.0, ahead=True)
    assert limit.opens(100.0, ahead=True) <= 100.0
    assert 100.1 < limit.opens(100.0, ahead=False) < 100.4


def test_a_token_that_was_not_used_is_there_again() -> None:
    limit = OverallLimit(1)
    moment = limit.take(100.0, ahead=False)
    limit.give_back(moment)
    assert limit.opens(100.0, ahead=False) <= 100.0


def test_a_chat_waits_a_second_from_the_answer() -> None:
    limit = ChatLimit(is_group=False)
    limit.take("request", 100.0)
    assert limit.opens(100.0, room=0) == 100.0 + LONGEST_ANSWER
    limit.receive("request", 103.0)
    assert limit.opens(103.0, room=0) == 103.0 + SECOND
    assert not limit.is_idle(103.5)
    assert limit.is_idle(105.0)


def test_a_group_waits_a_minute_from_the_twentieth_before() -> None:
    limit = ChatLimit(is_group=True)
    for second in range(0, 40, 2):
        limit.take(second, float(second))
        limit.receive(second, second + 0.5)
    assert limit.opens(41.0, room=0) == 0.5 + MINUTE
    assert limit.opens(61.0, room=0) <= 61.0
    assert not limit.is_idle(98.0)
    assert limit.is_idle(99.0)
