"""How long announcements leave Telegram alone, by what went wrong."""

from __future__ import annotations

from bot.resting import LONGEST_PAUSE, PAUSE, Resting


def test_rests_become_longer_up_to_a_limit_until_something_succeeds() -> None:
    resting, now, told = Resting(), 0.0, []
    for _ in range(9):
        seconds = resting.begin(now)
        assert seconds is not None
        assert resting.rests(now + seconds / 2)
        now += seconds
        assert not resting.rests(now)
        told.append(seconds)
    assert told[:4] == [PAUSE, 2 * PAUSE, 4 * PAUSE, 8 * PAUSE]
    assert told[-1] == LONGEST_PAUSE
    resting.succeeded()
    assert resting.begin(now) == PAUSE


def test_the_same_trouble_met_by_many_at_once_counts_once() -> None:
    resting = Resting()
    assert [resting.begin(0.0) for _ in range(60)] == [PAUSE, *[None] * 59]
    assert resting.begin(PAUSE) == 2 * PAUSE


def test_a_rest_as_long_as_is_told() -> None:
    resting = Resting()
    assert resting.begin(0.0, 20.0) == 20.0
    assert resting.rests(19.9)
    assert not resting.rests(20.0)


def test_answers_lost_in_a_row_bring_doubt_and_any_answer_ends_it() -> None:
    resting = Resting()
    for _ in range(2):
        resting.doubted()
    resting.answered()
    for _ in range(2):
        resting.doubted()
    assert not resting.in_doubt
    resting.doubted()
    assert resting.in_doubt
    resting.succeeded()
    assert not resting.in_doubt
