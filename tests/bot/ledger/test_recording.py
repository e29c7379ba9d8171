"""The change log taken into the outbox: rows and cursor together, each pair once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import LedgerError
from bot.ledger import Ledger, recording
from bot.ledger.records import Edit, NewDelivery
from bot.wishes import Wish
from tests.bot.ledger.world import LOG, NOW, SECOND, World, counted


def test_a_log_is_followed_by_name_and_never_confused_with_another(ledger: Ledger) -> None:
    outbox = ledger.outbox
    assert outbox.cursor("words", "one") is None
    outbox.record("words", "one", 5, [], [], [], NOW)
    outbox.record("topics", "one", 3, [], [], [], NOW)
    outbox.record("words", "other", 0, [], [], [], NOW)
    outbox.record("words", "one", 7, [], [], [], NOW)
    assert [outbox.cursor(*own) for own in (("words", "one"), ("topics", "one"))] == [7, 3]
    assert outbox.cursor("words", "other") == 0
    assert outbox.cursor("topics", "other") is None


def test_a_pair_is_recorded_once_whoever_reads_the_log_again(world: World) -> None:
    """FAILURES 6"""
    place, other = world.subscribed(1), world.subscribed(2)
    assert world.record((place, "a"), (other, "a"), (place, "a")) == 2
    assert world.record((place, "a"), (other, "a"), (place, "b")) == 1
    assert world.articles(place) == ["a", "b"]
    (row,) = world.ledger.outbox.due(other.id, NOW, 9)
    world.claim()
    world.send(row)
    assert world.record((other, "a"), due=NOW + SECOND) == 0
    assert world.states() == counted(waiting=2, sent=1)


def test_rows_and_cursor_are_kept_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAILURES 1"""
    place = world.subscribed()
    world.record((place, "a"))

    class KilledError(Exception):
        pass

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(recording, "set_cursor", killed)
        with pytest.raises(KilledError):
            world.record((place, "b"))
    assert world.ledger.outbox.cursor("words", LOG) == 1
    assert world.articles(place) == ["a"]


def test_a_second_reason_keeps_the_row_that_the_first_one_loses(world: World) -> None:
    place, subscribers = world.subscribed(), world.ledger.subscribers
    topic, _ = subscribers.add(place.id, Wish(about="GPU"), 0, NOW)
    everything, _ = world.reasons(place)
    row = NewDelivery(place.id, "a", (everything,), 0.5, NOW)
    outbox = world.ledger.outbox
    outbox.record("words", LOG, 1, [row], [], [], NOW)
    late = replace(row, reasons=(topic.id,), score=0.9, due_at=NOW + SECOND)
    assert outbox.record("topics", LOG, 1, [late], [], [], NOW) == 0
    (united,) = outbox.due(place.id, NOW, 9)
    assert (united.reasons, united.score) == ((everything, topic.id), 0.9)
    subscribers.remove([everything])
    assert world.articles(place) == ["a"]


def test_a_reason_that_comes_after_the_first_was_lost_brings_the_row_back(world: World) -> None:
    place, subscribers = world.subscribed(), world.ledger.subscribers
    world.record((place, "a"))
    subscribers.remove(world.reasons(place))
    topic, _ = subscribers.add(place.id, Wish(about="GPU"), 0, NOW)
    row = NewDelivery(place.id, "a", (topic.id,), 0.9, NOW + SECOND)
    assert world.ledger.outbox.record("topics", LOG, 1, [row], [], [], NOW) == 0
    assert world.articles(place, NOW + SECOND) == ["a"]


def test_nothing_is_made_for_who_unsubscribed_meanwhile(world: World) -> None:
    place, other = world.subscribed(1), world.subscribed(2)
    rows = [NewDelivery(own.id, "a", world.reasons(own), 0.5, NOW) for own in (place, other)]
    rows.append(NewDelivery(99, "a", (1,), 0.5, NOW))
    world.ledger.subscribers.remove(world.reasons(place))
    assert world.ledger.outbox.record("words", LOG, 1, rows, [], [], NOW) == 1
    assert [claim.place.chat_id for claim in world.claim()] == [2]


def test_an_article_withdrawn_is_not_sent_until_it_is_back(world: World) -> None:
    place = world.subscribed()
    world.record((place, "a"), (place, "b"), (place, "c"))
    rows = world.claimed()
    world.send(rows[0])
    world.record(withdrawn=["a", "b", "unheard of"])
    assert world.states() == counted(sent=1, withdrawn=1, waiting=1)
    assert world.articles(place) == ["c"]
    world.record(edits=[Edit("b", "looks")])
    assert world.articles(place) == ["b", "c"]
    assert world.states() == counted(sent=1, waiting=2)


def test_many_rows_at_once_keep_their_order(world: World) -> None:
    places = [world.subscribed(chat) for chat in range(1, 31)]
    pairs = [(place, f"{number:03}") for number in range(200) for place in places]
    assert world.record(*pairs) == 6000
    assert world.record(*pairs) == 0
    expected = [f"{number:03}" for number in range(200)]
    assert all(world.articles(place) == expected for place in places)
    claims = world.claim(now=NOW + timedelta(days=1))
    assert [[row.article_id for row in claim.rows] for claim in claims] == [expected] * 30


def test_what_refuses_to_be_stored_says_so_in_one_sentence(world: World) -> None:
    place = world.subscribed()
    row = NewDelivery(place.id, None, world.reasons(place), 0.5, NOW)  # type: ignore[arg-type]
    with pytest.raises(LedgerError, match="the ledger's database refused: ") as raised:
        world.ledger.outbox.record("words", LOG, 1, [row], [], [], NOW)
    assert "\n" not in str(raised.value)
    assert world.ledger.outbox.cursor("words", LOG) is None
