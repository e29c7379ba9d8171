"""Who may use the bot, as the ledger remembers it."""

from __future__ import annotations

from bot.ledger import Forgotten
from tests.bot.ledger.world import NOW, SECOND, World

ANN, BOB, GROUP, OLD, NEW = 7_001, 7_002, -7_003, -7_004, -1_007_004


def test_reasons_are_kept_and_those_seen_last_come_last(world: World) -> None:
    people = world.ledger.people
    for second, (number, origin) in enumerate(
        [(ANN, "code:1"), (GROUP, "by:7001"), (BOB, "code:2")]
    ):
        allowed = origin.startswith("code")
        moment = NOW + second * SECOND
        world.ledger.do(people.letting_in(number, origin, moment, allowed=allowed))
    world.ledger.do(people.seen(9, NOW))
    assert [*people.origins(10).items()] == [
        (ANN, "code:1"),
        (GROUP, "by:7001"),
        (BOB, "code:2"),
    ]
    assert people.origins(2) == {GROUP: "by:7001", BOB: "code:2"}
    assert [people.origin(each) for each in (ANN, GROUP, 9, 10)] == [
        "code:1",
        "by:7001",
        None,
        None,
    ]
    assert people.invited() == (2, 0)
    assert people.count() == 3
    people.let_in(ANN, "code:3", NOW)
    people.let_in(GROUP, "was:-5", NOW)
    known = people.known(ANN)
    assert known is not None
    assert (known.invited_by, known.allowed, known.first_seen) == ("code:3", True, NOW)
    assert people.invited() == (2, 1)


def test_a_language_that_was_chosen_stays_beside_it(world: World) -> None:
    people = world.ledger.people
    world.ledger.do(people.choose_language(ANN, "zh-Hant", NOW))
    people.let_in(ANN, "code:1", NOW)
    world.ledger.do(people.choose_language(ANN, "en", NOW))
    assert (people.language(ANN), people.origin(ANN)) == ("en", "code:1")


def test_a_group_that_moves_takes_its_reason_along(world: World) -> None:
    """FAILURES 14"""
    people, subscribers = world.ledger.people, world.ledger.subscribers
    people.let_in(OLD, "code:1", NOW)
    for _ in range(2):
        subscribers.move(OLD, NEW)
    assert people.origins(9) == {NEW: "code:1"}
    assert people.known(OLD) is None
    people.let_in(OLD, "code:2", NOW)  # the new number has a reason of its own
    subscribers.move(OLD, NEW)
    assert people.origins(9) == {NEW: "code:1"}
    world.ledger.do(people.seen(NEW - 1, NOW))
    people.let_in(OLD, "code:2", NOW)
    subscribers.move(OLD, NEW - 1)
    assert people.origin(NEW - 1) == "code:2"
    assert people.invited() == (0, 2)


def test_forgetting_takes_the_reason_and_what_others_heard_because_of_them(world: World) -> None:
    people = world.ledger.people
    people.let_in(ANN, "code:1", NOW)
    people.let_in(BOB, "code:1", NOW)
    for number, by in ((GROUP, ANN), (OLD, ANN), (NEW, BOB)):
        world.ledger.do(people.letting_in(number, f"by:{by}", NOW, allowed=False))
    assert world.ledger.do(world.ledger.forgetting(ANN)) == Forgotten(others=1, vouched=2)
    assert people.origins(9) == {BOB: "code:1", NEW: f"by:{BOB}"}
    assert world.ledger.do(world.ledger.forgetting(NEW)) == Forgotten(others=1)
    assert people.origins(9) == {BOB: "code:1"}
