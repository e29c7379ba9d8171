"""Everything counted, in both databases."""

from __future__ import annotations

from datetime import timedelta

from bot.ledger.answers import GivenHit, NewAnswer
from bot.ledger.census import Census, take_census
from bot.ledger.feedback import BAD, GOOD
from bot.ledger.schema import subscriptions
from bot.wishes import Wish
from tests.bot.ledger.world import NOW, SECOND, World


def answered(world: World, ago: timedelta) -> int:
    new = NewAnswer(1, 0, (GivenHit("a1:0", "words", 0.9, 0.8, True),), "en")
    return world.ledger.do(world.ledger.answers.add(new, NOW - ago))


def test_a_new_ledger_counts_nothing(world: World) -> None:
    assert take_census(world.ledger.database, NOW) == Census()


def test_places_count_where_they_wish_something(world: World) -> None:
    subscribers = world.ledger.subscribers
    world.place(1)
    for chat, kind in ((2, "private"), (-3, "group"), (-4, "supergroup"), (-5, "channel")):
        place = world.place(chat, kind=kind)
        subscribers.add(place.id, Wish(), 0, NOW)
    subscribers.asleep(-5, "removed", NOW)
    subscribers.set(place.id, NOW, paused=True)
    assert take_census(world.ledger.database, NOW) == Census(
        private=1, groups=2, channels=1, asleep=1, paused=1, everything=4
    )


def test_subscriptions_count_by_the_closest_thing_they_say(world: World) -> None:
    place, other = world.subscribed(1), world.subscribed(2)
    (odd,) = world.reasons(other)
    for wish in (
        Wish(tags=("LLM",)),
        Wish(phrases=("KV cache",), tags=("LLM",)),
        Wish(about="diffusion", tags=("LLM",)),
        Wish(about="attention"),
    ):
        world.ledger.subscribers.add(place.id, wish, 0, NOW)
    with world.ledger.database.write() as connection:  # of a release that is still to come
        theirs = subscriptions.c.id == odd
        connection.execute(subscriptions.update().where(theirs).values(wish="[]"))
    census = take_census(world.ledger.database, NOW)
    assert (census.everything, census.tags, census.words, census.topics) == (1, 1, 1, 2)


def test_deliveries_answers_and_votes(world: World) -> None:
    ledger = world.ledger
    place = world.subscribed()
    world.record(*((place, name) for name in "abcd"))
    rows = world.claimed()
    world.send(rows[0])
    ledger.do(ledger.outbox.dying([rows[1].id], "no"))
    assert world.begin([rows[2].id])
    day, week = timedelta(days=1), timedelta(days=7)
    for ago in (SECOND, day - SECOND, day + SECOND, week - SECOND, week + SECOND):
        number = answered(world, ago)
    given = ledger.answers.by_id(number)
    assert given is not None
    for person, vote in ((1, GOOD), (2, GOOD), (3, BAD)):
        ledger.do(ledger.feedback.vote(given, person, vote, None, NOW))
    census = take_census(ledger.database, NOW)
    assert (census.waiting, census.sent, census.dead) == (2, 1, 1)
    assert (census.answered, census.answered_week) == (2, 4)
    assert (census.good, census.bad) == (2, 1)
    assert take_census(ledger.database, NOW + day + SECOND).sent == 0
