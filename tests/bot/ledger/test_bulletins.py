"""What is told to all: once at each place that hears, in line with notices, held for no digest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.ledger import Ledger
from bot.ledger.records import Bulletin, Place, Rhythm, Spread, bulletin_of, told_id
from bot.timing import due
from bot.wishes import Wish
from tests.bot.ledger.world import LEASE, NOW, SECOND, World, counted

HOUR = timedelta(hours=1)


def drafted(ledger: Ledger, html: str = "<b>Hello</b>") -> int:
    return ledger.do(ledger.bulletins.draft(html, NOW))


def told(ledger: Ledger, number: int) -> int | None:
    return ledger.do(ledger.bulletins.tell(number, NOW, due))


def changed(world: World, place: Place, **changes: Any) -> None:
    world.ledger.subscribers.set(place.id, NOW, due=due, **changes)


def test_names_of_bulletins_are_no_names_of_articles() -> None:
    assert bulletin_of(told_id(7)) == 7
    assert [bulletin_of(each) for each in ("7", "bc4f8af06bd9", "bulletin:", "bulletin:x")] == (
        [None] * 4
    )


def test_a_draft_is_told_once_at_every_place_that_hears(world: World, another: Ledger) -> None:
    subscribers = world.ledger.subscribers
    here, topic = world.subscribed(1), world.subscribed(-5, topic=8)
    world.place(2)  # wishes nothing
    world.subscribed(3)
    subscribers.asleep(3, "blocked", NOW)
    changed(world, world.subscribed(4), paused=True)
    assert world.ledger.bulletins.reach() == 2
    number = drafted(world.ledger)
    assert world.states() == {}
    assert world.ledger.bulletins.told(9) == []
    assert told(world.ledger, number) == 2
    assert told(another, number) is None, "the second press"
    assert not world.ledger.do(world.ledger.bulletins.drop(number))
    assert {c.place.id: c.rows[0].article_id for c in world.claim()} == {
        here.id: told_id(number),
        topic.id: told_id(number),
    }
    assert world.states() == counted(waiting=2)
    bulletin = Bulletin(number, "<b>Hello</b>", NOW, NOW, 2)
    assert world.ledger.bulletins.by_id([number, 99]) == {number: bulletin}
    assert world.ledger.bulletins.told(9) == [bulletin]


def test_a_chat_that_is_served_no_more_hears_nothing(world: World) -> None:
    for chat in (1, 2):
        world.subscribed(chat)
    ledger, number = world.ledger, drafted(world.ledger)
    assert ledger.bulletins.reach(lambda chat: chat == 2) == 1
    assert ledger.do(ledger.bulletins.tell(number, NOW, due, lambda chat: chat == 2)) == 1
    assert [claim.place.chat_id for claim in world.claim()] == [2]


def test_a_draft_that_was_thrown_away_is_told_nowhere(world: World) -> None:
    world.subscribed()
    number = drafted(world.ledger)
    assert world.ledger.do(world.ledger.bulletins.drop(number))
    assert told(world.ledger, number) is None
    assert world.states() == {}


def test_old_drafts_are_thrown_away_and_what_was_told_is_not(world: World) -> None:
    ledger = world.ledger
    sent, old = drafted(ledger), drafted(ledger)
    told(ledger, sent)
    new = ledger.do(ledger.bulletins.draft("new", NOW + timedelta(days=8)))
    assert ledger.bulletins.by_id([sent, old, new]).keys() == {sent, new}


def test_it_stands_in_line_with_notices(world: World) -> None:
    place = world.subscribed()
    world.record((place, "a"))
    number = drafted(world.ledger)
    told(world.ledger, number)
    world.record((place, "b"))
    assert world.articles(place) == ["a", told_id(number), "b"]
    world.ledger.do(world.ledger.outbox.putting_off([world.claimed()[0].id], NOW + SECOND))
    world.release()
    assert world.articles(place) == [], "what is to come first is late"
    assert world.articles(place, NOW + SECOND) == ["a", told_id(number), "b"]


def test_what_is_held_for_a_digest_does_not_hold_it(world: World) -> None:
    place = world.subscribed()
    changed(world, place, rhythm=Rhythm.DAILY, zone="UTC", hour=18)
    world.record((place, "a"), due=NOW + 6 * HOUR)
    assert world.ledger.outbox.next_due(NOW) == NOW + 6 * HOUR
    first, second = drafted(world.ledger), drafted(world.ledger)
    for number in (first, second):
        told(world.ledger, number)
    world.record((place, "b"), due=NOW + 6 * HOUR)
    assert world.ledger.outbox.next_due(NOW) == NOW
    rows = world.claimed()
    assert [row.article_id for row in rows] == [told_id(first), told_id(second)]
    world.send(rows[0], None, None)
    world.ledger.do(world.ledger.outbox.putting_off([rows[1].id], NOW + SECOND))
    world.release()
    assert world.articles(place) == []
    assert world.ledger.outbox.next_due(NOW) == NOW + SECOND
    assert world.articles(place, NOW + 6 * HOUR) == ["a", told_id(second), "b"]


def test_it_waits_for_quiet_hours_to_end_and_for_nothing_else_that_is_chosen(world: World) -> None:
    place = world.subscribed()
    changed(world, place, zone="UTC", quiet_from=11 * 60, quiet_to=13 * 60)
    number = drafted(world.ledger)
    told(world.ledger, number)
    assert world.ledger.outbox.next_due(NOW) == NOW + HOUR
    changed(world, place, rhythm=Rhythm.WEEKLY, hour=3)
    assert world.ledger.outbox.next_due(NOW) == NOW + HOUR
    changed(world, place, quiet_from=None, quiet_to=None)
    assert world.articles(place) == [told_id(number)]


def test_places_alike_are_due_together_and_each_row_has_its_own_reasons(world: World) -> None:
    """Twenty thousand places, asked about one by one, would keep others from writing."""
    ledger, asked = world.ledger, []
    night = {"zone": "Asia/Shanghai", "quiet_from": 19 * 60, "quiet_to": 21 * 60}
    by_chat = {chat: world.subscribed(chat) for chat in range(1, 9)}
    for chat in (2, 4, 6, 8):
        changed(world, by_chat[chat], **night)
    changed(world, by_chat[5], rhythm=Rhythm.WEEKLY, hour=3)
    more, _ = ledger.subscribers.add(by_chat[8].id, Wish(tags=("b",)), 0, NOW)

    def asking(place: Place, now: datetime) -> datetime:
        asked.append(place.quiet_from or 0)
        return due(place, now)

    number = drafted(ledger)
    assert ledger.do(ledger.bulletins.tell(number, NOW, asking)) == 8
    assert sorted(asked) == [0, 19 * 60]
    later = NOW + HOUR
    for chat, place in by_chat.items():
        (row,) = ledger.outbox.due(place.id, later, 9)
        assert (row.article_id, row.due_at) == (told_id(number), later if chat % 2 == 0 else NOW)
        assert set(row.reasons) == {each.id for each in ledger.subscribers.subscriptions(place.id)}
    assert more.id in row.reasons
    assert len(world.claim()) == 4


def test_it_stops_with_the_last_subscription_and_with_a_pause(world: World) -> None:
    here, there, elsewhere = (world.subscribed(chat) for chat in (1, 2, 3))
    number = drafted(world.ledger)
    told(world.ledger, number)
    world.ledger.subscribers.remove(world.reasons(here))
    changed(world, there, paused=True)
    assert world.ledger.bulletins.spread([number]) == {number: Spread(waiting=1, stopped=2)}
    assert [claim.place.id for claim in world.claim()] == [elsewhere.id]


def test_a_place_that_is_forgotten_hears_nothing(world: World) -> None:
    world.subscribed()
    number = drafted(world.ledger)
    told(world.ledger, number)
    world.ledger.do(world.ledger.forgetting(1))
    assert world.claim() == []
    assert world.ledger.bulletins.spread([number]) == {number: Spread()}


def test_two_places_that_become_one_hear_it_once(world: World) -> None:
    """FAILURES 14"""
    for chat in (-5, -100_5):
        world.subscribed(chat)
    number = drafted(world.ledger)
    told(world.ledger, number)
    world.ledger.subscribers.move(-5, -100_5)
    (claim,) = world.claim()
    assert [row.article_id for row in claim.rows] == [told_id(number)]


def test_how_far_it_has_come(world: World) -> None:
    ledger = world.ledger
    for chat in range(1, 6):
        world.subscribed(chat)
    number, other = drafted(ledger), drafted(ledger)
    told(ledger, number)
    ids = [claim.rows[0].id for claim in world.claim()]
    for own in ids[:3]:
        assert world.begin([own])
    for own in ids[:2]:
        ledger.do(ledger.outbox.sent([own], None, None, NOW))
    ledger.do(ledger.outbox.dying(ids[3:4], "refused"))
    spread = Spread(sent=2, waiting=2, dead=1)
    assert ledger.bulletins.spread([number, other]) == {number: spread, other: Spread()}
    ledger.outbox.recover(NOW + LEASE, "heir", everything=True)
    assert ledger.bulletins.spread([number])[number] == spread
    assert ledger.outbox.revive(None, NOW) == 1
