"""Who may ask, and how much: buckets by a clock of the test's own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access import Bucket, Limiter, Limits, Rate, Sparing, Wait

USUAL = Limits(person_minute=10, person_day=200, chat_minute=30)
GROUP = -100


def asked(limiter: Limiter, person_id: int, times: int, now: float, chat: int | None = None) -> int:
    """How many of so many questions at one moment are answered."""
    where = person_id if chat is None else chat
    return sum(limiter.ask(person_id, where, now) is None for _ in range(times))


def test_a_bucket_fills_again_up_to_its_brim() -> None:
    rate = Rate(10, 60)
    empty = Bucket(0, 100)
    assert empty.held(rate, 106) == 1
    assert empty.held(rate, 10_000) == 10
    assert empty.held(rate, 90) == 0  # a clock that went back gives nothing, and takes nothing
    assert empty.wait(rate, 100, 3) == 18
    assert Bucket(0, 0).wait(Rate(2, 60), 0, 3) == 60
    assert Bucket(2, 0).taken(rate, 6) == Bucket(2, 6)


def test_a_burst_is_told_once_and_then_met_with_silence_until_the_time_is_over() -> None:
    limiter = Limiter(USUAL)
    assert asked(limiter, 1, 10, now=0) == 10
    assert limiter.ask(1, 1, 0) == Wait(18, said=False)
    assert limiter.ask(1, 1, 5) == Wait(13, said=True)
    assert limiter.ask(1, 1, 17.5) == Wait(1, said=True)
    assert asked(limiter, 1, 4, now=18) == 3
    assert limiter.ask(1, 1, 19) == Wait(17, said=True)


def test_a_day_has_an_end_too() -> None:
    limiter = Limiter(USUAL)
    answered, said = 0, 0
    for second in range(0, 3_600, 2):
        verdict = limiter.ask(1, 1, second)
        answered += verdict is None
        said += isinstance(verdict, Wait) and not verdict.said
    assert 200 <= answered <= 210
    assert said < 100
    assert asked(limiter, 1, 1, now=3 * 86_400) == 1


def test_one_person_silences_nobody_else_in_a_group() -> None:
    limiter = Limiter(USUAL)
    assert asked(limiter, 1, 500, now=0, chat=GROUP) == 10
    assert asked(limiter, 2, 5, now=0, chat=GROUP) == 5
    assert asked(limiter, 1, 1, now=0) == 0  # wherever they ask


def test_a_group_has_a_limit_of_its_own_that_costs_nobody_theirs() -> None:
    limiter = Limiter(USUAL)
    assert sum(asked(limiter, person, 8, now=0, chat=GROUP) for person in range(5)) == 30
    assert limiter.ask(4, GROUP, 1) == Wait(5, said=True)
    assert asked(limiter, 4, 10, now=1) == 10  # in private
    assert asked(limiter, 5, 9, now=7, chat=GROUP) == 3


@pytest.mark.parametrize("number", [1, 64])
def test_everybody_at_once_is_answered(number: int) -> None:
    limiter = Limiter(USUAL)
    assert all(asked(limiter, person, 1, now=0) for person in range(number))


def test_no_limit_counts_nothing() -> None:
    limiter = Limiter(Limits())
    assert asked(limiter, 1, 10_000, now=0) == 10_000
    assert len(limiter) == 0


def test_memory_does_not_grow_with_people() -> None:
    limiter = Limiter(USUAL, most_counted=100)
    for person in range(5_000):
        assert limiter.ask(person, person, person / 100) is None
    assert len(limiter) == 100


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 1), st.floats(0, 30)), min_size=1, max_size=200
    )
)
def test_no_order_of_questions_goes_beyond_any_limit(told: list[tuple[int, int, float]]) -> None:
    limits = Limits(person_minute=5, person_day=20, chat_minute=8)
    limiter, now = Limiter(limits), 0.0
    answered: list[tuple[int, int, float]] = []
    for person, chat, pause in told:
        now += pause
        verdict = limiter.ask(person, chat, now)
        if verdict is None:
            answered.append((person, chat, now))
        else:
            assert 1 <= verdict.seconds <= 86_400
    for at in {moment for *_, moment in answered}:
        lately = [each for each in answered if at - 60 < each[2] <= at]
        for person in range(4):
            assert sum(each[0] == person for each in lately) <= 2 * limits.person_minute
        for chat in range(2):
            assert sum(each[1] == chat for each in lately) <= 2 * limits.chat_minute


def test_what_is_spared_comes_back_one_after_the_other_to_each_alone() -> None:
    tries = Sparing(Rate(5, 3600))
    assert [tries.take(1, now=0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert tries.take(2, now=0)
    assert not tries.take(1, now=719)
    assert [tries.take(1, now=720), tries.take(1, now=720)] == [True, False]
    assert [tries.take(1, now=10_000) for _ in range(6)] == [True] * 5 + [False]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 50)), max_size=60), st.integers(1, 4))
def test_sparing_never_gives_more_than_its_rate_and_remembers_no_more_than_it_may(
    takes: list[tuple[int, float]], most: int
) -> None:
    sparing, all_of_them = Sparing(Rate(3, 30), most), Sparing(Rate(3, 30))
    now, given_to = 0.0, dict[int, list[float]]()
    for who, pause in takes:
        now += pause
        sparing.take(who, now)
        if all_of_them.take(who, now):
            given_to.setdefault(who, []).append(now)
        assert len(sparing) <= most
    for moments in given_to.values():
        for first, last in zip(moments, moments[6:], strict=False):
            assert last - first > 29.9  # a full bucket, and what came in meanwhile


def test_who_waits_for_long_is_told_so_now_and_then() -> None:
    limiter = Limiter(Limits(person_day=1))
    assert limiter.ask(1, 1, 0) is None
    assert limiter.ask(1, 1, 10) == Wait(86_390, said=False)
    assert limiter.ask(1, 1, 500) == Wait(85_900, said=True)
    assert limiter.ask(1, 1, 700) == Wait(85_700, said=False)
    assert limiter.ask(1, 1, 701) == Wait(85_699, said=True)
    assert limiter.ask(1, 1, 86_400) is None
