"""A group that becomes a supergroup keeps everything, under its new number."""

from __future__ import annotations

from bot.ledger.records import ChatFacts, Edit, NewDelivery, Recovered
from bot.wishes import Wish
from tests.bot.ledger.world import LEASE, LOG, NOW, SECOND, World, counted

OLD, NEW = -5, -1_000_000_005


def test_a_group_that_moves_keeps_its_subscriptions_and_what_waits(world: World) -> None:
    """FAILURES 14"""
    subscribers = world.ledger.subscribers
    group = subscribers.ensure(ChatFacts(OLD, "group", "G"), 0, NOW, zone="UTC", language="zh")
    subscribers.add(group.id, Wish(), 0, NOW)
    subscribers.set(group.id, NOW, hour=18)
    world.record((group, "a"), (group, "b"))
    (row, _) = world.claimed()
    assert world.begin([row.id])
    world.ledger.do(world.ledger.outbox.putting_back([row.id]))
    for _ in range(2):
        subscribers.move(OLD, NEW)
    world.release(OLD)
    assert subscribers.place(OLD) is None
    moved = subscribers.place(NEW)
    assert moved is not None
    assert (moved.id, moved.kind, moved.language, moved.hour) == (group.id, "supergroup", "zh", 18)
    assert len(subscribers.subscriptions(moved.id)) == 1
    assert [row.article_id for row in world.claimed()] == ["a", "b"]


def test_who_was_sending_keeps_the_chat(world: World) -> None:
    world.record((world.subscribed(OLD), "a"))
    (row,) = world.claimed("us")
    assert world.begin([row.id])
    world.ledger.subscribers.move(OLD, NEW)
    outbox = world.ledger.outbox
    assert outbox.recover(NOW, "them", everything=False) == Recovered()
    assert outbox.claim(NOW, "them", LEASE, 9) == []
    world.ledger.do(outbox.putting_back([row.id]))
    world.release(OLD, "us")
    assert [claim.place.chat_id for claim in outbox.claim(NOW, "them", LEASE, 9)] == [NEW]


def test_who_was_sending_to_both_gives_back_one_at_a_time(world: World) -> None:
    for chat in (OLD, NEW):
        world.record((world.subscribed(chat), "a"))
    rows = {claim.place.chat_id: claim.rows[0].id for claim in world.claim("us")}
    assert world.begin([rows[NEW]])
    world.ledger.subscribers.move(OLD, NEW)
    world.release(OLD)
    outbox = world.ledger.outbox
    assert outbox.claim(NOW, "them", LEASE, 9) == []
    assert outbox.recover(NOW, "them", everything=False) == Recovered()


def test_a_chat_that_waits_goes_on_waiting(world: World) -> None:
    world.record((world.subscribed(OLD), "a"))
    world.ledger.outbox.wait_chat(OLD, NOW + 9 * SECOND)
    world.ledger.subscribers.move(OLD, NEW)
    assert world.ledger.outbox.chat_waits(NOW) == {NEW: NOW + 9 * SECOND}
    assert world.claim() == []


def test_messages_of_the_old_chat_are_not_those_of_the_new(world: World) -> None:
    """They are numbered anew there: an edit would meet another message."""
    world.record((world.subscribed(OLD), "a"))
    (row,) = world.claimed()
    world.send(row, 100, "old")
    world.ledger.threads.remember(OLD, 100, "a", NOW)
    world.record(edits=[Edit("a", "new")])
    world.ledger.subscribers.move(OLD, NEW)
    world.release(OLD)
    assert world.ledger.outbox.message(NEW, 100) is None
    assert world.ledger.threads.article(NEW, 100) is None
    assert world.ledger.threads.article(OLD, 100) is None
    world.record(edits=[Edit("a", "newer")])
    assert world.claim() == []
    assert world.states() == counted(sent=1)


def test_places_that_are_in_both_become_one(world: World) -> None:
    subscribers, outbox = world.ledger.subscribers, world.ledger.outbox
    old, new = world.subscribed(OLD), world.subscribed(NEW)
    tags, _ = subscribers.add(old.id, Wish(tags=("GPU",)), 0, NOW)
    (new_wish,) = world.reasons(new)
    for article in ("sent to the old", "sent to the new", "in both", "in the old"):
        world.record((old, article))
    for article in ("sent to the old", "sent to the new", "in both", "in the new"):
        world.record((new, article))
    claims = {claim.place.chat_id: claim.rows for claim in world.claim()}
    world.send(claims[OLD][0], 1)
    world.send(claims[NEW][1], 2)
    subscribers.move(OLD, NEW)
    subscribers.move(OLD, NEW)
    for chat in (OLD, NEW):
        world.release(chat)
    assert subscribers.place(OLD) is None
    assert subscribers.place(NEW) == new
    wishes = [own.wish for own in subscribers.subscriptions(new.id)]
    assert sorted(wishes, key=str) == sorted([Wish(), Wish(tags=("GPU",))], key=str)
    rows = world.claimed()
    assert [row.article_id for row in rows] == ["in both", "in the old", "in the new"]
    assert {row.reasons for row in rows[:2]} == {(new_wish, tags.id), (tags.id, new_wish)} or all(
        set(row.reasons) == {new_wish, tags.id} for row in rows[:2]
    )
    assert world.states() == counted(sent=2, waiting=3)
    message = outbox.message(NEW, 2)
    assert message is not None, "the new chat's own messages stay what they are"


def test_what_was_given_up_in_one_and_waits_in_the_other_is_tried_once_more(world: World) -> None:
    old, new = world.subscribed(OLD), world.subscribed(NEW)
    world.record((old, "a"), (new, "a"))
    (row,) = [claim.rows[0] for claim in world.claim() if claim.place.chat_id == OLD]
    outbox = world.ledger.outbox
    for _ in range(2):
        assert world.begin([row.id])
        world.ledger.do(outbox.unknowing([row.id], NOW, NOW, "no answer"))
    world.ledger.subscribers.move(OLD, NEW)
    (left,) = outbox.due(new.id, NOW, 9)
    assert left.unknown == 1, "marked: it may have come"
    assert world.states() == counted(waiting=1)


def test_what_was_made_up_for_the_old_place_reaches_the_new(world: World) -> None:
    subscribers = world.ledger.subscribers
    old, new = world.subscribed(OLD), world.subscribed(NEW)
    row = NewDelivery(old.id, "a", world.reasons(old), 0.5, NOW)
    subscribers.move(OLD, NEW)
    assert world.ledger.outbox.record("words", LOG, 1, [row], [], [], NOW) == 1
    assert world.articles(new) == ["a"]
    assert subscribers.set(old.id, NOW, hour=3).id == new.id
    ((own, _),) = [subscribers.add(old.id, Wish(), 0, NOW)]
    assert own.place_id == new.id
    subscribers.remove(row.reasons)
    assert world.states() == counted(stopped=1)


def test_a_chat_may_move_more_than_once_and_back(world: World) -> None:
    old, new = world.subscribed(OLD), world.subscribed(NEW)
    row = NewDelivery(old.id, "a", world.reasons(old), 0.5, NOW)
    world.ledger.subscribers.move(OLD, NEW)
    third = world.subscribed(-9)
    world.ledger.subscribers.move(NEW, -9)
    assert world.ledger.outbox.record("words", LOG, 1, [row], [], [], NOW) == 1
    assert world.articles(third) == ["a"]
    world.ledger.subscribers.move(-9, OLD)
    assert world.ledger.subscribers.by_id([old.id, new.id, third.id]).keys() == {third.id}
    assert [claim.place.chat_id for claim in world.claim()] == [OLD]
    world.release(OLD)
    assert len(world.claim()) == 1


def test_what_is_not_there_moves_nowhere(world: World) -> None:
    world.subscribed(1)
    for old, new in ((77, 78), (1, 1)):
        world.ledger.subscribers.move(old, new)
    assert world.ledger.subscribers.place(78) is None
    assert world.ledger.subscribers.place(1) is not None


def test_an_awake_place_wakes_the_one_it_becomes_part_of(world: World) -> None:
    old, new = world.subscribed(OLD), world.subscribed(NEW)
    world.record((old, "a"), (new, "a"), (new, "b"))
    world.ledger.subscribers.asleep(NEW, "kicked", NOW)
    world.ledger.subscribers.move(OLD, NEW)
    assert [row.article_id for row in world.claimed()] == ["a", "b"]


def test_topics_move_with_their_chat(world: World) -> None:
    for topic in (0, 7, 8):
        world.record((world.subscribed(OLD, topic), f"in {topic}"))
    world.subscribed(NEW, 7)
    world.ledger.subscribers.move(OLD, NEW)
    claims = world.claim()
    assert {claim.place.topic: [row.article_id for row in claim.rows] for claim in claims} == {
        0: ["in 0"], 7: ["in 7"], 8: ["in 8"],
    }  # fmt: skip
