"""The judge of the sending campaign finds what it is there to find."""

from __future__ import annotations

import pytest

from tests.campaign.judgement import Attempt, Pair, judge

HERE, THERE = (1, 0), (2, 0)
NAMES = {HERE: "here", THERE: "there"}


def came(*numbers: int, fault: str | None = None, arrived: bool = True, marked: bool = False):
    return Attempt(HERE, numbers, fault, arrived, marked)


def differences(
    *attempts: Attempt,
    wished: tuple[int, ...] = (1, 2),
    cut: tuple[int, ...] = (),
    dead: dict[int, int] | None = None,
) -> list[str]:
    letters: dict[Pair, int] = {(HERE, number): n for number, n in (dead or {}).items()}
    pairs = {(HERE, number) for number in cut}
    return judge({HERE: wished}, attempts, pairs, letters, NAMES, [HERE]).differences


def test_all_once_in_order_is_well() -> None:
    assert differences(came(1), came(2)) == []
    assert differences(came(1, 2)) == []


@pytest.mark.parametrize(
    ("attempts", "said"),
    [
        ((came(1),), "article 2 for here never came"),
        ((came(1), came(2, arrived=False)), "article 2 for here never came"),
        ((came(1), came(2), came(3)), "article 3 for here was not wished for"),
        ((came(1), came(1), came(2)), "article 1 for here came twice for no reason"),
        ((came(2), came(1)), "here: out of order: 2 before 1"),
        (
            (came(1, fault="blocked", arrived=False), came(1), came(1), came(2)),
            "article 1 for here came twice for no reason",
        ),
        (
            (came(1, fault="lost"), came(1), came(2)),
            "article 1 for here came again without a word of it",
        ),
    ],
)
def test_what_went_wrong_is_named(attempts: tuple[Attempt, ...], said: str) -> None:
    assert differences(*attempts) == [said]


def test_what_the_bot_could_not_know_may_come_twice_and_no_more() -> None:
    again = came(1, marked=True)
    assert differences(came(1, fault="lost"), again, came(2)) == []
    assert differences(came(1), again, came(2), cut=(1,)) == []
    assert differences(came(1), again, again, came(2), cut=(1,)) == [
        "article 1 for here came 3 times"
    ]


def test_a_dead_letter_is_one_after_two_unknown_outcomes() -> None:
    assert differences(came(1), dead={2: 2}) == []
    assert differences(came(1), dead={2: 1}) == [
        "article 2 for here was given up after 1 unknown outcomes"
    ]


def test_numbers_are_counted() -> None:
    lost = came(1, fault="reset after")
    verdict = judge(
        {HERE: [1, 2], THERE: []}, [lost, came(1, marked=True)], set(), {(HERE, 2): 2}, NAMES, []
    )
    assert verdict.differences == []
    assert (verdict.pairs, verdict.arrived, verdict.twice) == (2, 1, 1)
    assert (verdict.lost_replies, verdict.dead) == (1, 1)
