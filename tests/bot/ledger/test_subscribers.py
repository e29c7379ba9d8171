"""Places and wishes: made once, changed, paused, asleep, awake."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.errors import LedgerError
from bot.ledger import Ledger
from bot.ledger.records import ChatFacts, Place, Rhythm
from bot.ledger.subscribers import KEEP_ASLEEP
from bot.wishes import Wish
from tests.bot.ledger.world import NOW, SECOND, World, counted

LATER = NOW + timedelta(hours=5)


def test_a_place_is_made_once_and_topics_are_places_of_their_own(ledger: Ledger) -> None:
    subscribers = ledger.subscribers
    assert subscribers.place(-5) is None
    group = ChatFacts(-5, "supergroup", "Reading group")
    whole = subscribers.ensure(group, 0, NOW, zone="Asia/Shanghai", language="zh")
    topic = subscribers.ensure(group, 7, NOW, zone="UTC", language="en", preview=False)
    assert whole == Place(
        whole.id, -5, 0, "supergroup", "Reading group", "zh", "Asia/Shanghai", Rhythm.AT_ONCE
    )
    assert (topic.topic, topic.preview, topic.zone) == (7, False, "UTC")
    assert subscribers.ensure(group, 0, NOW, zone="UTC", language="en") == whole
    assert subscribers.place(-5, 7) == topic
    assert subscribers.by_id([whole.id, topic.id, 99]) == {whole.id: whole, topic.id: topic}


def test_what_telegram_says_of_a_chat_is_kept_up_to_date(ledger: Ledger) -> None:
    subscribers = ledger.subscribers
    subscribers.ensure(ChatFacts(5, "private", "Ann"), 0, NOW, zone="UTC", language="en")
    anna = subscribers.ensure(ChatFacts(5, "private", "Anna"), 0, NOW, zone="X", language="zh")
    assert (anna.title, anna.language, anna.zone) == ("Anna", "zh", "UTC")
    first = subscribers.ensure(ChatFacts(-5, "group", "G"), 0, NOW, zone="UTC", language="zh")
    for topic in (0, 3):
        subscribers.ensure(ChatFacts(-5, "supergroup", "H"), topic, NOW, zone="UTC", language="en")
    assert subscribers.place(-5) == replace(first, kind="supergroup", title="H")


def test_identifiers_may_be_as_large_as_telegrams(ledger: Ledger) -> None:
    chat = ChatFacts(-1_009_999_999_999_999, "channel", "频道 😀")
    place = ledger.subscribers.ensure(chat, 2**52, NOW, zone="UTC", language="zh")
    assert ledger.subscribers.place(chat.chat_id, 2**52) == place
    assert place.title == "频道 😀"


def test_the_same_wish_twice_is_one(world: World) -> None:
    place, other = world.place(1), world.place(2)
    subscribers = world.ledger.subscribers
    wish = Wish(tags=("LLM",), about="推理加速", strictness=1)
    first, new = subscribers.add(place.id, wish, 10, NOW)
    assert new
    assert (first.wish, first.since, first.place_id) == (wish, 10, place.id)
    assert subscribers.add(place.id, wish, 20, NOW) == (first, False)
    assert subscribers.add(other.id, wish, 20, NOW)[1]
    assert subscribers.add(place.id, Wish(), 20, NOW)[1]
    assert [own.wish for own in subscribers.subscriptions(place.id)] == [wish, Wish()]
    with pytest.raises(LedgerError, match="no place number 99"):
        subscribers.add(99, wish, 0, NOW)


def test_a_wish_is_made_stricter_or_becomes_one_that_is_there(world: World) -> None:
    place, subscribers = world.place(), world.ledger.subscribers
    topic, _ = subscribers.add(place.id, Wish(about="GPU"), 1, NOW)
    tag, _ = subscribers.add(place.id, Wish(tags=("GPU",)), 2, NOW)
    stricter = subscribers.change(topic.id, Wish(about="GPU", strictness=2))
    assert stricter == replace(topic, wish=Wish(about="GPU", strictness=2))
    assert subscribers.subscription(topic.id) == stricter
    assert subscribers.change(tag.id, Wish(about="GPU", strictness=-1)) == replace(
        topic, wish=Wish(about="GPU", strictness=-1)
    )
    assert subscribers.change(99, Wish()) is None
    assert len(subscribers.subscriptions(place.id)) == 2


def test_preferences_are_changed_by_name(world: World) -> None:
    place, subscribers = world.place(), world.ledger.subscribers
    changed = subscribers.set(
        place.id, NOW, rhythm=Rhythm.WEEKLY, hour=18, weekday=4, quiet_from=1350, quiet_to=420,
        silent=True, preview=False, zone="Europe/Berlin", language="zh",
    )  # fmt: skip
    assert changed == replace(
        place, rhythm=Rhythm.WEEKLY, hour=18, weekday=4, quiet_from=1350, quiet_to=420,
        silent=True, preview=False, zone="Europe/Berlin", language="zh",
    )  # fmt: skip
    assert subscribers.place(1) == changed
    assert subscribers.set(place.id, NOW, quiet_from=None, quiet_to=None).quiet_from is None
    with pytest.raises(TypeError, match="chat_id"):
        subscribers.set(place.id, NOW, chat_id=7)
    with pytest.raises(LedgerError, match="no place number 99"):
        subscribers.set(99, NOW, silent=True)


def test_what_waits_becomes_due_as_the_new_preferences_say(world: World) -> None:
    place, other = world.subscribed(1), world.subscribed(2)
    world.record((place, "a"), (place, "b"), (other, "a"), due=LATER)
    assert world.ledger.outbox.next_due(NOW) == LATER

    def at_once(seen: Place, now: datetime) -> datetime:
        assert seen.hour == 7
        return now

    world.ledger.subscribers.set(place.id, NOW, silent=True)
    assert world.articles(place) == [], "what tells nothing of time moves nothing"
    world.ledger.subscribers.set(place.id, NOW, due=at_once, hour=7)
    assert world.articles(place) == ["a", "b"]
    assert world.articles(other) == []
    assert world.ledger.outbox.next_due(NOW) == NOW


def test_pausing_and_resuming_does_what_it_says(world: World) -> None:
    """FAILURES 8"""
    place, subscribers = world.subscribed(), world.ledger.subscribers
    world.record((place, "before"))
    subscribers.set(place.id, NOW, paused=True)
    assert world.claim() == []
    assert world.states() == counted(stopped=1)
    assert subscribers.all_subscriptions(NOW) == []
    world.record((place, "meanwhile"))
    subscribers.set(place.id, NOW, paused=False, since=world.cursor)
    assert [own.since for own in subscribers.subscriptions(place.id)] == [world.cursor]
    world.record((place, "before"), (place, "after"))
    assert world.articles(place) == ["after"]
    assert len(subscribers.all_subscriptions(NOW)) == 1


def test_unsubscribing_stops_what_waits_for_no_other_reason(world: World) -> None:
    place, subscribers = world.subscribed(), world.ledger.subscribers
    both, _ = subscribers.add(place.id, Wish(tags=("GPU",)), 0, NOW)
    (everything, _) = world.reasons(place)
    world.record((place, "for both"))
    world.ledger.outbox.record("words", "L", 1, [], [], [], NOW)
    removed = subscribers.remove([everything, 99])
    assert [own.wish for own in removed] == [Wish()]
    assert world.articles(place) == ["for both"]
    assert subscribers.remove([both.id]) == [both]
    assert world.states() == counted(stopped=1)
    assert world.ledger.outbox.next_due(NOW) is None
    assert subscribers.remove([both.id, everything]) == []
    assert subscribers.subscriptions(place.id) == []


def test_who_unsubscribes_while_it_is_sent_gets_no_second_try(world: World) -> None:
    place, outbox = world.subscribed(), world.ledger.outbox
    world.record((place, "a"))
    (row,) = world.claimed()
    assert world.begin([row.id])
    world.ledger.subscribers.remove(world.reasons(place))
    assert world.states() == counted(sending=1)
    assert world.ledger.do(outbox.unknowing([row.id], NOW, NOW, "no answer")) == []
    assert world.states() == counted(stopped=1)


def test_a_place_asleep_is_sent_nothing_and_loses_nothing(world: World) -> None:
    """FAILURES 11"""
    here, there = world.subscribed(1), world.subscribed(2)
    subscribers = world.ledger.subscribers
    world.record((here, "a"), (there, "a"))
    subscribers.asleep(1, "bot was blocked by the user", NOW)
    subscribers.asleep(1, "said again", NOW + SECOND)
    assert [claim.place.chat_id for claim in world.claim()] == [2]
    asleep = subscribers.place(1)
    assert asleep is not None
    assert (asleep.asleep, asleep.asleep_since) == ("bot was blocked by the user", NOW)
    world.record((here, "b"))
    assert subscribers.awake(2, NOW) == []
    assert subscribers.awake(1, LATER) == [here]
    assert subscribers.awake(1, LATER) == []
    world.release(2)
    assert {claim.place.chat_id: len(claim.rows) for claim in world.claim()} == {1: 2, 2: 1}
    subscribers.asleep(77, "nobody knows it", NOW)


def test_a_topic_sleeps_alone(world: World) -> None:
    whole, topic = world.subscribed(-5), world.subscribed(-5, 7)
    world.record((whole, "a"), (topic, "a"))
    world.ledger.subscribers.asleep(-5, "topic closed", NOW, 7)
    assert [claim.place.id for claim in world.claim()] == [whole.id]


def test_who_sleeps_for_long_has_nothing_kept(world: World) -> None:
    place, subscribers = world.subscribed(), world.ledger.subscribers
    subscribers.asleep(1, "kicked", NOW)
    ((subscription, seen),) = subscribers.all_subscriptions(NOW + KEEP_ASLEEP - SECOND)
    assert (subscription.wish, seen.id, seen.asleep) == (Wish(), place.id, "kicked")
    assert subscribers.all_subscriptions(NOW + KEEP_ASLEEP + SECOND) == []
    assert len(subscribers.subscriptions(place.id)) == 1


def test_counts(world: World) -> None:
    world.subscribed(1)
    world.subscribed(2, wish=Wish(tags=("a",)))
    world.ledger.subscribers.set(world.place(3).id, NOW, paused=True)
    world.ledger.subscribers.asleep(2, "blocked", NOW)
    assert world.ledger.subscribers.counts() == {
        "places": 3, "paused": 1, "asleep": 1, "subscriptions": 2,
    }  # fmt: skip


def test_a_wish_that_cannot_be_read_is_named(world: World) -> None:
    place = world.subscribed()
    with world.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE ledger_subscriptions SET wish = 'spilt'")
    with pytest.raises(LedgerError, match="subscription 1 cannot be read"):
        world.ledger.subscribers.subscriptions(place.id)


def test_what_a_notice_came_for_is_stopped_and_brought_back_under_its_own_number(
    world: World,
) -> None:
    place = world.subscribed(1)
    world.ledger.subscribers.add(place.id, Wish(tags=("LLM",)), 0, NOW)
    world.record((place, "a"))
    (row,) = world.claimed()
    world.send(row)
    before, other = world.reasons(place), world.subscribed(2)
    subscribers = world.ledger.subscribers
    assert subscribers.bring_back(row.id, 7, LATER) == []
    assert tuple(each.id for each in subscribers.stop(row.id)) == before
    assert world.reasons(place) == ()
    assert subscribers.stop(row.id) == []
    assert subscribers.stopped_at(row.id) == (place.id, True)
    back = subscribers.bring_back(row.id, 7, LATER)
    assert [(each.id, each.since) for each in back] == [(own, 7) for own in before]
    assert subscribers.subscriptions(place.id) == back
    assert subscribers.stopped_at(row.id) == (place.id, False)
    assert subscribers.bring_back(row.id, 8, LATER) == []
    assert len(subscribers.subscriptions(other.id)) == 1
    assert (subscribers.stop(10**9), subscribers.stopped_at(10**9)) == ([], None)
    subscribers.stop(row.id)
    world.ledger.do(world.ledger.forgetting(1))
    assert subscribers.bring_back(row.id, 9, LATER) == []
    assert subscribers.subscriptions(place.id) == []
