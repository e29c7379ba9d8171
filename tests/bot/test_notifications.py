"""What becomes of news: rows of the outbox, each article once for each place that wishes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.composing import Listing, compose
from bot.ledger.records import Rhythm
from tests.bot.newsroom import Newsroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    room = Newsroom(tmp_path)
    yield room
    room.close()


def test_each_place_hears_of_what_it_wishes(room: Newsroom) -> None:
    everything, tagged, worded = room.place(1), room.place(2), room.place(3)
    room.subscribe(everything)
    room.subscribe(tagged, "#LLM")
    room.subscribe(worded, '"KV cache" -vLLM')
    room.publish("Paged attention", text="How a KV-cache is cut into pages.", tags=("llm",))
    room.publish("Serving", text="The KV cache in vLLM.", tags=("systems",))
    assert room.notify() == 4
    assert room.rows(everything) == ["Paged attention", "Serving"]
    assert room.rows(tagged) == ["Paged attention"]
    assert room.rows(worded) == ["Paged attention"]


def test_two_reasons_bring_an_article_once(room: Newsroom) -> None:
    place = room.place()
    room.subscribe(place)
    room.subscribe(place, "#LLM")
    room.subscribe(place, "about attention")
    room.judge.about["attention"] = {"Paged attention": 0.9}
    room.publish("Paged attention", tags=("LLM",))
    assert room.notify() == 1
    assert room.rows(place) == ["Paged attention"]


def test_a_gather_is_told_oldest_first(room: Newsroom) -> None:
    place = room.place()
    room.subscribe(place)
    room.publish("one", "two", "three")
    room.notify()
    assert room.rows(place) == ["one", "two", "three"]


def test_nothing_old_comes_with_a_subscription(room: Newsroom) -> None:
    """FAILURES 7: also not what was gathered a moment before, and not yet looked at."""
    room.publish(*(f"old {number}" for number in range(500)))
    place = room.place()
    room.subscribe(place)
    room.subscribe(place, "about old things")
    room.judge.about["old things"] = {f"old {number}": 1.0 for number in range(500)}
    assert room.notify() == 0
    room.publish("new")
    room.notify()
    assert room.rows(place) == ["new"]


def test_a_log_that_was_never_followed_brings_nothing_old(tmp_path: Path, room: Newsroom) -> None:
    place = room.place()
    room.subscribe(place)
    (tmp_path / "another").mkdir()
    other = Newsroom(tmp_path / "another")
    other.publish("of before")
    room.archive.close()
    room.archive = other.archive  # another archive's cursors mean nothing here
    notifier = room.new_notifier()
    notifier.begin()
    assert notifier.follow_words() == 0
    other.ledger.close()


def test_an_edited_title_announces_nothing_again(room: Newsroom) -> None:
    """FAILURES 4"""
    place = room.place()
    room.subscribe(place)
    room.publish("Before")
    room.notify()
    room.edit("Before", title="After")
    assert room.notify() == 0
    assert room.rows(place) == ["After"]


def test_a_second_gatherer_and_a_second_look_announce_nothing_again(room: Newsroom) -> None:
    """FAILURES 6"""
    place = room.place()
    room.subscribe(place)
    room.publish("once")
    room.gather()
    assert room.notify() == 1
    room.gather()
    assert room.notify() == 0
    assert room.new_notifier().follow_words() == 0
    assert room.rows(place) == ["once"]


def test_an_article_withdrawn_before_it_was_sent_is_not_sent(room: Newsroom) -> None:
    """FAILURES 2"""
    place = room.place()
    room.subscribe(place)
    room.publish("kept", "withdrawn")
    room.notify()
    room.withdraw("withdrawn")
    room.notify()
    assert room.rows(place) == ["kept"]


def test_a_topic_waits_for_the_index_and_holds_nothing_else_up(room: Newsroom) -> None:
    place, other = room.place(1), room.place(2)
    room.subscribe(place, "about storage")
    room.subscribe(other)
    room.judge.about["storage"] = {"LSM trees": 0.8, "Bread": 0.1}
    room.judge.ready = False
    room.publish("LSM trees", "Bread")
    assert room.notifier.follow_words() == 2
    with pytest.raises(Exception, match="still embedding"):
        room.notifier.follow_topics()
    assert room.rows(other) == ["LSM trees", "Bread"]
    assert room.rows(place) == []
    room.judge.ready = True
    assert room.notifier.follow_topics() == 1
    assert room.rows(place) == ["LSM trees"]


def test_a_stricter_topic_brings_less(room: Newsroom) -> None:
    strict, loose = room.place(1), room.place(2)
    room.subscribe(strict, "about storage", strictness=1)
    room.subscribe(loose, "about storage", strictness=-1)
    room.judge.about["storage"] = {"LSM trees": 0.8, "File systems": 0.4}
    room.publish("LSM trees", "File systems")
    room.notify()
    assert room.rows(strict) == ["LSM trees"]
    assert room.rows(loose) == ["LSM trees", "File systems"]


def test_rows_are_due_when_their_place_wishes_to_hear(room: Newsroom) -> None:
    at_once = room.place(1)
    digest = room.place(2, rhythm=Rhythm.DAILY, hour=18)
    quiet = room.place(3, quiet_from=11 * 60, quiet_to=13 * 60)
    for place in (at_once, digest, quiet):
        room.subscribe(place)
    room.publish("news")
    room.notify()
    due = {
        place.id: room.ledger.outbox.due(place.id, room.now + timedelta(days=2), limit=9)[0].due_at
        for place in (at_once, digest, quiet)
    }
    assert due[at_once.id] - room.now <= timedelta(seconds=1)
    assert due[digest.id] == room.now.replace(hour=18)
    assert due[quiet.id] == room.now.replace(hour=13)


def test_a_paused_place_is_made_nothing_for(room: Newsroom) -> None:
    """FAILURES 8: what appears while it is paused does not come later either."""
    place = room.place()
    room.subscribe(place)
    room.place(paused=True)
    room.publish("unheard")
    room.notify()
    room.place(paused=False)
    room.publish("heard")
    room.notify()
    assert room.rows(place) == ["heard"]


def test_more_pairs_than_one_transaction_takes(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.notifications._MOST_PAIRS", 10)
    places = [room.place(number) for number in range(1, 6)]
    for place in places:
        room.subscribe(place)
    room.publish(*(f"article {number}" for number in range(7)))
    assert room.notify() == 35
    for place in places:
        assert sorted(room.rows(place)) == [f"article {number}" for number in range(7)]


def test_what_takes_several_transactions_is_told_together(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.notifications._MOST_PAIRS", 3)
    monkeypatch.setattr("bot.notifications._PAIRS_A_SECOND", 1)
    place = room.place()
    room.subscribe(place)
    room.publish(*(f"article {number}" for number in range(7)))
    assert room.notify() == 7
    room.later(seconds=2)
    assert room.ledger.outbox.due(place.id, room.now, limit=9) == []
    room.later(seconds=7)
    rows = room.ledger.outbox.due(place.id, room.now, limit=9)
    (planned,) = compose(place, rows, burst=5, now=room.now)
    assert isinstance(planned, Listing)


def test_a_notifier_that_is_stopped_ends_between_two_transactions(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.notifications._MOST_PAIRS", 1)
    place = room.place()
    room.subscribe(place)
    room.publish("one", "two", "three")
    notifier = room.new_notifier()
    record = room.ledger.outbox.record

    def and_stop(*arguments: Any, **named: Any) -> int:
        notifier.stop()
        return record(*arguments, **named)

    with monkeypatch.context() as patching:
        patching.setattr(room.ledger.outbox, "record", and_stop)
        assert notifier.follow_words() == 1
    assert notifier.follow_words() == 0
    assert room.notify() == 2, "what was left comes with the next start"


def test_after_the_archive_was_made_anew_subscribers_hear_of_what_comes(
    tmp_path: Path, room: Newsroom
) -> None:
    room.publish(*(f"old {number}" for number in range(50)))
    place = room.place()
    room.subscribe(place)
    room.notify()
    room.archive.close()
    for file in tmp_path.glob("archive.sqlite3*"):
        file.unlink()
    room.shelf.clear()
    room.restart()
    room.publish("the first of all")
    room.publish("news")
    room.notify()
    assert room.rows(place) == ["news"]


def test_after_an_older_copy_of_the_archive_was_put_back_subscribers_hear_of_what_comes(
    tmp_path: Path, room: Newsroom
) -> None:
    room.archive.close()
    copy = (tmp_path / "archive.sqlite3").read_bytes()
    room.restart()
    place = room.place()
    shelf = list(room.shelf)
    room.publish(*(f"lost {number}" for number in range(50)))
    room.subscribe(place)
    room.notify()
    room.archive.close()
    for file in tmp_path.glob("archive.sqlite3*"):
        file.unlink()
    (tmp_path / "archive.sqlite3").write_bytes(copy)
    room.shelf = shelf
    room.restart()
    room.publish("news")
    room.notify()
    assert room.rows(place) == ["news"]
