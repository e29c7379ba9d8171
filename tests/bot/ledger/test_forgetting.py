"""Forgetting a person or a chat: nothing of them is left in any table, and nothing comes back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.ledger import Forgotten, Ledger
from bot.ledger.answers import GivenHit, NewAnswer
from bot.ledger.feedback import BAD, GOOD
from bot.ledger.records import Edit, NewDelivery
from bot.ledger.schema import metadata
from bot.wishes import Wish
from tests.bot.ledger.world import LEASE, LOG, NOW, SECOND, World

ME, OTHER = 7_001_234_501, 7_001_234_502
GROUP, OLD_GROUP = -1_007_001_234_503, -7_001_234_504
HIT = GivenHit("a1:0", "words", 0.9, 0.8, True)


def everything(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    with ledger.database.read() as connection:
        return {
            name: [dict(row._mapping) for row in connection.execute(select(table))]
            for name, table in metadata.tables.items()
        }


def left_of(ledger: Ledger, *words: int | str) -> set[str]:
    """The tables where any of these still stands somewhere."""
    return {
        name
        for name, rows in everything(ledger).items()
        for row in rows
        for value in row.values()
        if any(str(word) in str(value) for word in words)
    }


def asked(world: World, chat_id: int, person_id: int | None, question: str) -> int:
    """An answer that was sent, and what its asker and somebody else thought of it."""
    ledger = world.ledger
    new = NewAnswer(chat_id, 0, (HIT,), "en", 1, person_id, question=question)
    number = ledger.do(ledger.answers.add(new, NOW))
    ledger.do(ledger.answers.sent(number, chat_id, 1000 + number))
    given = ledger.answers.by_id(number)
    assert given is not None
    if person_id is not None:
        ledger.do(ledger.feedback.vote(given, person_id, GOOD, question, NOW))
    ledger.do(ledger.feedback.vote(given, OTHER, BAD, question, NOW))
    return number


def fill(world: World) -> None:
    """Traces of both people and the group in every table that can have some."""
    ledger = world.ledger
    for person in (ME, OTHER):
        place = world.subscribed(person)
        ledger.subscribers.add(place.id, Wish(tags=("LLM",)), 0, NOW)
        ledger.do(ledger.people.seen(person, NOW))
        ledger.threads.remember(person, 5, "a1", NOW)
        asked(world, person, person, f"private words of {person}")
        asked(world, GROUP, person, f"loud words of {person}")
    old, general, topic = (
        world.subscribed(OLD_GROUP),
        world.subscribed(GROUP),
        world.subscribed(GROUP, topic=9),
    )
    ledger.threads.remember(GROUP, 6, "a1", NOW)
    mine = ledger.subscribers.place(ME)
    assert mine is not None
    world.record((mine, "a"), (mine, "b"), (mine, "c"), (old, "a"), (general, "b"), (topic, "c"))
    ledger.outbox.wait_chat(ME, NOW + SECOND)
    ledger.outbox.claim(NOW + SECOND, "us", LEASE, 100, skip=[GROUP])
    ledger.subscribers.move(OLD_GROUP, GROUP)
    asked(world, GROUP, None, "words of an admin without a name")


def test_nothing_of_a_person_is_left_and_all_of_the_others_is(world: World) -> None:
    fill(world)
    ledger = world.ledger
    assert len(left_of(ledger, ME)) == 6
    others = everything(ledger)
    gone = ledger.do(ledger.forgetting(ME))
    assert (gone.subscriptions, gone.deliveries, gone.votes, len(gone.answer_ids)) == (2, 3, 2, 2)
    assert left_of(ledger, ME) == set()
    assert left_of(ledger, f"words of {OTHER}") == {"ledger_answers", "ledger_feedback"}
    kept = everything(ledger)
    for name, rows in others.items():
        assert [row for row in rows if row in kept[name]] == kept[name] or name in {
            "ledger_feedback"  # of what others thought of my questions the words are gone
        }
    assert len(kept["ledger_feedback"]) == len(others["ledger_feedback"]) - 2
    assert ledger.subscribers.place(OTHER) is not None
    assert ledger.do(ledger.forgetting(ME)).nothing


def test_nothing_of_a_group_is_left_with_its_topics_and_its_old_number(world: World) -> None:
    fill(world)
    ledger = world.ledger
    assert left_of(ledger, OLD_GROUP) == {"ledger_merged"}
    gone = ledger.do(ledger.forgetting(GROUP))
    assert (gone.subscriptions, len(gone.answer_ids), gone.votes) == (2, 3, 4)
    assert left_of(ledger, GROUP, OLD_GROUP, "loud words", "without a name") == set()
    assert ledger.subscribers.place(GROUP, 9) is None
    assert len(left_of(ledger, ME)) == 6
    assert ledger.do(ledger.forgetting(GROUP)) == Forgotten()


def test_what_is_being_delivered_brings_nothing_back_and_is_not_sent(world: World) -> None:
    ledger, outbox = world.ledger, world.ledger.outbox
    place = world.subscribed(ME)
    world.record(*((place, article) for article in "abcdefg"))
    rows = world.claimed()
    assert world.begin([row.id for row in rows[:6]])
    wished = world.reasons(place)
    ledger.do(ledger.forgetting(ME))
    assert not world.begin([rows[6].id])
    later = NOW + SECOND
    for work in (
        outbox.sent([rows[0].id], 100, "looks", NOW),
        outbox.putting_back([rows[1].id]),
        outbox.putting_off([rows[2].id], later),
        outbox.plainly([rows[3].id]),
        outbox.unknowing([rows[4].id], NOW, later, "lost"),
        outbox.dying([rows[5].id], "refused"),
        outbox.edited(rows[0].id, "looks"),
        outbox.editing_later(rows[0].id, later),
        outbox.holding(ME, later),
    ):
        ledger.do(work)
    ledger.subscribers.move(ME, OTHER)
    ledger.subscribers.asleep(ME, "blocked", NOW)
    ledger.subscribers.awake(ME, NOW)
    # The notifier had made up its mind before.
    news = [NewDelivery(place.id, "h", wished, 0.5, NOW)]
    assert outbox.record("words", LOG, 9, news, [Edit("a", "other")], [], NOW) == 0
    outbox.release(ME, "us")
    outbox.recover(later, "us", everything=True)
    assert left_of(ledger, ME, OTHER) == set()
    assert everything(ledger)["ledger_deliveries"] == []


def test_whoever_was_forgotten_begins_afresh(world: World) -> None:
    place = world.subscribed(ME)
    world.record((place, "a"), (place, "b"))
    world.send(world.claimed()[0])
    world.ledger.do(world.ledger.forgetting(ME))
    again = world.subscribed(ME)
    assert again.id != place.id
    assert world.articles(again) == []
    assert world.ledger.outbox.message(ME, 100) is None
    world.record((again, "a"))
    assert [row.article_id for row in world.claimed("them")] == ["a"]


@pytest.mark.parametrize("number", [ME, GROUP])
def test_forgetting_a_stranger_is_no_error(world: World, number: int) -> None:
    fill(world)
    before = everything(world.ledger)
    assert world.ledger.do(world.ledger.forgetting(number + 10**12)).nothing
    assert everything(world.ledger) == before
