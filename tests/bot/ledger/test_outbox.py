"""The outbox: claimed by one process, sent in order, and what each outcome makes of a row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from bot.ledger import Ledger, claiming
from bot.ledger.records import Edit, Recovered, State
from tests.bot.ledger.world import LEASE, NOW, SECOND, World, counted

HOURS = timedelta(seconds=43_837)


# --- claiming ------------------------------------------------------------------------------


def test_a_claim_has_the_place_and_what_is_due_there_oldest_first(world: World) -> None:
    place = world.subscribed(1)
    world.record((place, "a"), (place, "b"), score=0.9)
    world.record((place, "later"), due=NOW + SECOND)
    (claim,) = world.claim()
    assert claim.place == place
    assert claim.until == NOW + LEASE
    assert claim.edits == ()
    first, second = claim.rows
    assert (first.article_id, second.article_id) == ("a", "b")
    assert (first.place_id, first.reasons, first.score) == (place.id, world.reasons(place), 0.9)
    assert (first.state, first.due_at, first.created_at) == (State.WAITING, NOW, NOW)
    assert (first.unknown, first.plain, first.message_id, first.error) == (0, False, None, None)


def test_who_waits_longest_comes_first_and_no_more_than_were_asked_for(world: World) -> None:
    for chat, minutes in ((1, 3), (2, 1), (3, 2), (4, 0)):
        world.record((world.subscribed(chat), "a"), due=NOW - timedelta(minutes=minutes))
    assert [claim.place.chat_id for claim in world.claim(limit=2)] == [1, 3]
    assert [claim.place.chat_id for claim in world.claim(limit=9, skip=[4])] == [2]
    assert [claim.place.chat_id for claim in world.claim(limit=0)] == []
    assert [claim.place.chat_id for claim in world.claim()] == [4]
    assert world.claim() == []


def test_a_chat_belongs_to_one_process_with_all_its_topics(world: World, another: Ledger) -> None:
    for topic in (0, 7):
        world.record((world.subscribed(-5, topic), "a"))
    assert [claim.place.topic for claim in world.claim("us")] == [0, 7]
    outbox = another.outbox
    assert outbox.claim(NOW, "them", LEASE, 9) == []
    assert outbox.next_due(NOW) == NOW + LEASE
    outbox.release(-5, "them")
    assert outbox.claim(NOW, "them", LEASE, 9) == [], "nobody gives back what is not theirs"
    world.release(-5, "us")
    assert len(outbox.claim(NOW, "them", LEASE, 9)) == 2
    assert len(world.claim("us", NOW + LEASE)) == 2, "the lease has ended"


def test_processes_that_claim_at_once_share_the_chats(world: World, another: Ledger) -> None:
    world.record(*((world.subscribed(chat), "a") for chat in range(1, 41)))
    start = Barrier(2)

    def claim_all(ledger: Ledger, by: str) -> list[int]:
        start.wait()
        mine: list[int] = []
        while claims := ledger.outbox.claim(NOW, by, LEASE, 3):
            mine += [claim.place.chat_id for claim in claims]
        return mine

    with ThreadPoolExecutor(2) as pool:
        us = pool.submit(claim_all, world.ledger, "us")
        them = pool.submit(claim_all, another, "them")
        assert sorted([*us.result(), *them.result()]) == list(range(1, 41))


def test_a_chat_that_must_wait_keeps_nobody_else_waiting(world: World) -> None:
    """FAILURES 9"""
    outbox = world.ledger.outbox
    here, there = world.subscribed(1), world.subscribed(2)
    world.record((here, "a"), (there, "a"))
    outbox.wait_chat(1, NOW + HOURS)
    outbox.wait_chat(1, NOW + SECOND)
    outbox.wait_chat(99, NOW + SECOND)  # nobody is heard of by it
    assert [claim.place.chat_id for claim in world.claim()] == [2]
    assert outbox.chat_waits(NOW) == {1: NOW + HOURS}
    assert outbox.chat_waits(NOW + SECOND) == {1: NOW + HOURS}
    world.send(outbox.due(there.id, NOW, 1)[0])
    world.release(2)
    assert outbox.next_due(NOW) == NOW + HOURS
    assert [row.article_id for row in world.claimed(now=NOW + HOURS)] == ["a"]


def test_what_was_missed_for_months_is_one_claim(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "MOST_ROWS", 30)
    place, other = world.subscribed(1), world.subscribed(2)
    world.record(*((place, f"{number}") for number in range(50)), (other, "0"))
    assert [len(claim.rows) for claim in world.claim()] == [30, 1]


def test_next_due_is_when_something_can_be_claimed(world: World) -> None:
    outbox = world.ledger.outbox
    assert outbox.next_due(NOW) is None
    place = world.subscribed(1)
    assert outbox.next_due(NOW) is None
    world.record((place, "a"), due=NOW + HOURS)
    assert outbox.next_due(NOW) == NOW + HOURS
    world.record((world.subscribed(2), "a"), due=NOW - HOURS)
    assert outbox.next_due(NOW) == NOW - HOURS
    assert world.claim()
    assert outbox.next_due(NOW) == NOW + LEASE


# --- order ---------------------------------------------------------------------------------


def test_nothing_overtakes_what_waits_or_is_being_sent(world: World) -> None:
    place, outbox = world.subscribed(), world.ledger.outbox
    world.record((place, "a"), (place, "b"))
    first, _ = world.claimed()
    assert world.begin([first.id])
    world.release()
    assert world.claim() == [], "the outcome of the first is open"
    assert outbox.next_due(NOW) is None
    world.ledger.do(outbox.putting_off([first.id], NOW + SECOND))
    assert world.claim() == [], "the first is not due again yet"
    assert outbox.due(place.id, NOW, 9) == []
    assert outbox.next_due(NOW) == NOW + SECOND
    assert [row.article_id for row in world.claimed(now=NOW + SECOND)] == ["a", "b"]


# --- outcomes ------------------------------------------------------------------------------


def test_a_notice_that_was_sent_is_found_by_its_message(world: World) -> None:
    place, outbox = world.subscribed(), world.ledger.outbox
    world.record((place, "a"), (place, "b"))
    first, second = world.claimed()
    world.send(first, 100, "title and link")
    world.send(second, None, None)
    sent = outbox.message(1, 100)
    assert sent is not None
    assert (sent.id, sent.state, sent.sent_at, sent.shown) == (
        first.id, State.SENT, NOW, "title and link",
    )  # fmt: skip
    assert outbox.message(1, 101) is None
    assert outbox.message(2, 100) is None
    world.ledger.do(outbox.sent([first.id], 999, "again", NOW + SECOND))
    assert outbox.message(1, 100) == sent, "settled once"
    world.release()
    assert world.claim() == []
    assert outbox.next_due(NOW) is None


def test_nothing_is_sent_that_may_not_be_any_more(world: World) -> None:
    place, subscribers = world.subscribed(), world.ledger.subscribers
    world.record((place, "a"), (place, "b"))
    ids = [row.id for row in world.claimed("us")]
    assert not world.begin(ids, by="them"), "it is our chat"
    assert not world.begin([*ids, 99])
    assert world.states() == counted(waiting=2)
    subscribers.asleep(1, "blocked", NOW)
    assert not world.begin(ids)
    subscribers.awake(1, NOW)
    assert world.begin(ids[:1])
    assert not world.begin(ids), "the first is being sent already"
    assert world.states() == counted(sending=1, waiting=1)
    subscribers.set(place.id, NOW, paused=True)
    assert not world.begin(ids[1:])
    assert world.states() == counted(sending=1, stopped=1)


def test_sending_keeps_the_chat_for_longer(world: World) -> None:
    place = world.subscribed()
    world.record((place, "a"), (place, "b"))
    rows = world.claimed("us")
    almost = NOW + LEASE - SECOND
    assert world.begin([rows[0].id], now=almost)
    world.ledger.do(world.ledger.outbox.sent([rows[0].id], 1, "looks", almost))
    assert world.claim("them", NOW + LEASE) == []
    assert len(world.claim("them", almost + LEASE)) == 1
    assert not world.begin([rows[1].id], by="us")


def test_an_outcome_unknown_twice_is_a_dead_letter(world: World) -> None:
    """FAILURES 10"""
    place, outbox = world.subscribed(), world.ledger.outbox
    world.record((place, "a"), (place, "b"))
    (row, _) = world.claimed()
    again = NOW + 5 * SECOND
    assert world.begin([row.id])
    assert world.ledger.do(outbox.unknowing([row.id], NOW, again, "timed out")) == []
    assert world.ledger.do(outbox.unknowing([row.id], NOW, again, "told twice")) == []
    assert outbox.due(place.id, NOW, 9) == []
    first, second = outbox.due(place.id, again, 9)
    assert (first.id, first.unknown, first.due_at, second.unknown) == (row.id, 1, again, 0)
    assert world.begin([row.id])
    assert world.ledger.do(outbox.unknowing([row.id], NOW, again, "timed out")) == [row.id]
    (letter,) = outbox.dead_letters(10)
    assert (letter.place, letter.delivery.article_id) == (place, "a")
    assert (letter.delivery.error, letter.delivery.unknown) == ("timed out", 2)
    assert world.articles(place) == ["b"]


def test_an_answer_that_comes_late_is_believed(world: World) -> None:
    world.record((world.subscribed(), "a"))
    (row,) = world.claimed()
    assert world.begin([row.id])
    world.ledger.outbox.recover(NOW + LEASE, "them", everything=False)
    assert world.states() == counted(waiting=1)
    world.ledger.do(world.ledger.outbox.sent([row.id], 7, "looks", NOW + LEASE))
    assert world.states() == counted(sent=1)
    world.release()
    assert world.claim(now=NOW + 2 * LEASE) == []


def test_what_telegram_refuses_is_sent_plainly_then_given_up(world: World) -> None:
    place, outbox = world.subscribed(), world.ledger.outbox
    world.record((place, "a"))
    (row,) = world.claimed()
    assert world.begin([row.id])
    world.ledger.do(outbox.plainly([row.id]))
    (plain,) = outbox.due(place.id, NOW, 9)
    assert plain.plain
    assert plain.unknown == 0
    assert world.begin([row.id])
    world.ledger.do(outbox.dying([row.id], "chat not found"))
    assert world.states() == counted(dead=1)
    assert [letter.delivery.error for letter in outbox.dead_letters(1)] == ["chat not found"]


def test_put_back_it_is_due_as_before(world: World) -> None:
    place, outbox = world.subscribed(), world.ledger.outbox
    world.record((place, "a"))
    (row,) = world.claimed()
    assert world.begin([row.id])
    world.ledger.do(outbox.putting_back([row.id]))
    assert outbox.due(place.id, NOW, 9) == [row]
    world.ledger.do(outbox.withdrawing([row.id]))
    assert world.states() == counted(withdrawn=1)
    for work in (outbox.putting_back, outbox.plainly, outbox.withdrawing):
        world.ledger.do(work([row.id, 99]))
    world.ledger.do(outbox.dying([row.id], "too late"))
    assert world.states() == counted(withdrawn=1), "what is settled stays so"


def test_dead_letters_are_sent_again_if_anybody_wishes_them(world: World) -> None:
    outbox, subscribers = world.ledger.outbox, world.ledger.subscribers
    for chat in (1, 2, 3):
        world.record((world.subscribed(chat), "a"))
    rows = {claim.place.chat_id: claim.rows[0].id for claim in world.claim()}
    world.ledger.do(outbox.dying(list(rows.values()), "no"))
    newest, *_ = outbox.dead_letters(2)
    assert newest.place.chat_id == 3
    assert [letter.place.chat_id for letter in outbox.dead_letters(2, 1)] == [2, 1]
    assert outbox.revive([rows[1], 99], NOW + SECOND) == 1
    place = subscribers.place(2)
    assert place is not None
    subscribers.remove(world.reasons(place))
    assert len(outbox.dead_letters(9)) == 2, "still listed"
    assert outbox.revive(None, NOW + SECOND) == 1
    assert world.states() == counted(waiting=2, stopped=1)
    assert outbox.revive(None, NOW + SECOND) == 0
    (revived,) = outbox.due(newest.place.id, NOW + SECOND, 9)
    assert (revived.unknown, revived.error) == (0, None)


# --- processes that die --------------------------------------------------------------------


def test_what_a_killed_process_was_sending_is_unknown(world: World, another: Ledger) -> None:
    """FAILURES 1"""
    outbox = another.outbox
    for chat in (1, 2):
        world.record((world.subscribed(chat), "a"))
    ids = {claim.place.chat_id: claim.rows[0].id for claim in world.claim("killed")}
    assert world.begin([ids[1]], by="killed")
    assert outbox.recover(NOW, "us", everything=False) == Recovered()
    ended = NOW + LEASE
    assert outbox.recover(ended, "us", everything=False) == Recovered(again=1)
    assert outbox.recover(ended, "us", everything=False) == Recovered()
    claims = outbox.claim(ended, "us", LEASE, 9)
    assert {c.place.chat_id: c.rows[0].unknown for c in claims} == {1: 1, 2: 0}
    assert another.do(outbox.sending([ids[1]], ended, "us", LEASE))
    assert outbox.recover(ended, "heir", everything=True) == Recovered(dead=1)
    assert len(outbox.claim(ended, "heir", LEASE, 9)) == 1, "every lease was taken"


def test_a_process_answers_for_its_own_chats_until_it_gives_them_back(world: World) -> None:
    world.record((world.subscribed(), "a"))
    (row,) = world.claimed("us")
    assert world.begin([row.id], by="us")
    much_later = NOW + 10 * LEASE
    outbox = world.ledger.outbox
    assert outbox.recover(much_later, "us", everything=False) == Recovered()
    world.release(by="us")
    assert outbox.recover(much_later, "us", everything=False) == Recovered(again=1)


# --- edits ---------------------------------------------------------------------------------


def announced(world: World) -> int:
    """The number of a notice that was sent and shows "old"."""
    world.record((world.subscribed(), "a"))
    (row,) = world.claimed()
    world.send(row, 100, "old")
    world.release()
    return row.id


def test_a_notice_whose_article_changed_is_edited_and_not_repeated(world: World) -> None:
    """FAILURES 4"""
    own, outbox = announced(world), world.ledger.outbox
    world.record(edits=[Edit("a", "old"), Edit("unknown", "x")])
    assert world.claim() == [], "it shows that already"
    world.record(edits=[Edit("a", "new")])
    assert outbox.next_due(NOW) == NOW
    (claim,) = world.claim()
    assert claim.rows == ()
    assert [(row.id, row.message_id, row.shown) for row in claim.edits] == [(own, 100, "old")]
    world.ledger.do(outbox.edited(own, "new"))
    world.release()
    assert world.claim() == []
    assert world.states() == counted(sent=1)


def test_an_article_that_changes_again_while_its_notice_is_edited(world: World) -> None:
    own, outbox = announced(world), world.ledger.outbox
    world.record(edits=[Edit("a", "new")])
    assert world.claim()
    world.record(edits=[Edit("a", "newer")])
    world.ledger.do(outbox.edited(own, "new"))
    world.release()
    assert [row.shown for claim in world.claim() for row in claim.edits] == ["new"]
    world.ledger.do(outbox.edited(own, "newest"))
    world.release()
    assert world.claim() == [], "we are ahead of the log"
    world.record(edits=[Edit("a", "newest")])
    assert world.claim() == []


def test_an_article_that_changes_back_is_not_left_with_a_stale_wish(world: World) -> None:
    own = announced(world)
    world.record(edits=[Edit("a", "new")])
    world.record(edits=[Edit("a", "old")])
    for claim in world.claim():
        assert [row.id for row in claim.edits] == [own]
        world.ledger.do(world.ledger.outbox.edited(own, "old"))
    world.release()
    assert world.claim() == []


def test_an_article_that_changes_while_it_is_announced(world: World) -> None:
    world.record((world.subscribed(), "a"))
    (row,) = world.claimed()
    assert world.begin([row.id])
    world.record(edits=[Edit("a", "new")])
    world.ledger.do(world.ledger.outbox.sent([row.id], 100, "old", NOW))
    world.release()
    assert [len(claim.edits) for claim in world.claim()] == [1]


def test_a_notice_that_cannot_be_edited_is_left_alone(world: World) -> None:
    own = announced(world)
    world.record(edits=[Edit("a", "new")])
    assert world.claim()
    world.ledger.do(world.ledger.outbox.edited(own, None))
    world.release()
    assert world.claim() == []


def test_only_notices_of_late_are_edited(world: World) -> None:
    announced(world)
    world.record(edits=[Edit("a", "new")], since=NOW + SECOND)
    assert world.claim() == []
    world.record(edits=[Edit("a", "new")], since=NOW)
    assert len(world.claim()) == 1


def test_what_was_read_before_its_article_changed_and_sent_after_is_edited(world: World) -> None:
    place = world.subscribed()
    world.record((place, "a"))
    (claim,) = world.claim()
    world.record(edits=[Edit("a", "new")])  # its turn has not come yet
    world.send(claim.rows[0], shown="old")
    world.release()
    assert [row.shown for claim in world.claim() for row in claim.edits] == ["old"]


def test_what_was_read_after_its_article_changed_is_not_edited(world: World) -> None:
    place = world.subscribed()
    world.record((place, "a"))
    world.record(edits=[Edit("a", "new")])
    (claim,) = world.claim()
    world.send(claim.rows[0], shown="new")
    world.release()
    assert world.claim() == []


def test_old_messages_are_forgotten_and_their_pairs_are_not(world: World) -> None:
    announced(world)
    outbox = world.ledger.outbox
    assert outbox.purge(NOW) == 0
    assert outbox.purge(NOW + SECOND) == 1
    assert outbox.purge(NOW + SECOND) == 0
    assert outbox.message(1, 100) is None
    place = world.ledger.subscribers.place(1)
    assert place is not None
    assert world.record((place, "a"), edits=[Edit("a", "new")]) == 0
    assert world.states() == counted(sent=1)
    assert world.claim() == []
