"""Composing: a person gets each article in one message, few messages at once, and in order."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.composing import LATE, Listing, Planned, Single, compose
from bot.ledger.records import Delivery, Place, Rhythm, State, bulletin_of, told_id

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def place(rhythm: Rhythm = Rhythm.AT_ONCE) -> Place:
    return Place(1, 7, 0, "private", "", "en", "UTC", rhythm)


def row(
    number: int,
    *,
    ago: float = 0,
    score: float = 0.5,
    unknown: int = 0,
    plain: bool = False,
    bulletin: bool = False,
) -> Delivery:
    """A row that became due so many minutes ago, of an article unless it is said otherwise."""
    due = NOW - timedelta(minutes=ago)
    name = told_id(number) if bulletin else f"article-{number}"
    return Delivery(number, 1, name, (1,), score, State.WAITING, due, due, unknown, plain)


def told(messages: list[Planned]) -> list[tuple[object, ...]]:
    """Each message as its kind and the numbers of its rows."""
    return [
        ("single" if isinstance(each, Single) else each.kind, *(one.id for one in each.rows))
        for each in messages
    ]


def sent(*rows: Delivery, rhythm: Rhythm = Rhythm.AT_ONCE, burst: int = 5) -> list[tuple[object, ...]]:  # fmt: skip
    return told(compose(place(rhythm), rows, burst=burst, now=NOW))


def test_nothing_is_due() -> None:
    for rhythm in Rhythm:
        assert sent(rhythm=rhythm) == []


def test_a_few_articles_are_notices_oldest_first() -> None:
    assert sent(row(3), row(1, score=0.9), row(2)) == [("single", 3), ("single", 1), ("single", 2)]
    assert len(sent(*map(row, range(5)))) == 5


def test_more_than_a_few_are_one_message_best_first() -> None:
    rows = [row(number, score=score / 10) for number, score in enumerate((3, 9, 1, 5, 9, 2))]
    assert sent(*rows) == [("burst", 4, 1, 3, 0, 5, 2)]


def test_of_equals_the_newest_is_first() -> None:
    assert sent(row(9, ago=3), row(1, ago=2), row(2, ago=1), burst=2) == [("burst", 2, 1, 9)]
    assert sent(row(1), row(3), row(2), burst=2) == [("burst", 3, 2, 1)]


@pytest.mark.parametrize("rhythm", [Rhythm.DAILY, Rhythm.WEEKLY])
def test_a_digest_is_one_message_however_few_or_late(rhythm: Rhythm) -> None:
    assert sent(row(1), rhythm=rhythm) == [("digest", 1)]
    assert sent(row(1, ago=6000), row(2, score=0.9), rhythm=rhythm) == [("digest", 2, 1)]
    assert sent(*map(row, range(100)), rhythm=rhythm) == [("digest", *reversed(range(100)))]


def test_what_we_held_up_is_one_message() -> None:
    late = LATE.total_seconds() / 60 + 1
    assert sent(row(1, ago=late), row(2)) == [("backlog", 2, 1)]
    assert sent(*(row(n, ago=late) for n in range(6))) == [("backlog", 5, 4, 3, 2, 1, 0)]
    assert sent(row(1, ago=late - 1), row(2)) == [("single", 1), ("single", 2)]


def test_a_late_article_alone_is_a_notice() -> None:
    assert sent(row(1, ago=6000)) == [("single", 1)]


def test_no_burst_is_a_listing_of_one() -> None:
    assert sent(row(1), burst=0) == [("single", 1)]
    assert sent(row(1), row(2), burst=0) == [("burst", 2, 1)]


def test_a_notice_that_may_have_come_is_sent_again_in_its_turn() -> None:
    """FAILURES 10"""
    messages = compose(place(), [row(1), row(2, unknown=1), row(3)], burst=5, now=NOW)
    assert told(messages) == [("single", 1), ("single", 2), ("single", 3)]
    assert [message.again for message in messages] == [False, True, False]


def test_a_listing_that_may_have_come_is_sent_again_as_one() -> None:
    """FAILURES 10"""
    unsure = [row(number, unknown=1) for number in range(8)]
    messages = compose(place(), [*unsure, row(8), row(9)], burst=5, now=NOW)
    assert told(messages) == [("burst", *reversed(range(8))), ("single", 8), ("single", 9)]
    assert [message.again for message in messages] == [True, False, False]
    messages = compose(place(), [row(1, unknown=1, ago=90), row(2, unknown=1)], burst=5, now=NOW)
    assert told(messages) == [("backlog", 2, 1)]


def test_a_digest_that_may_have_come_does_not_mark_the_next() -> None:
    """FAILURES 10"""
    rows = [row(1, unknown=1), row(2, unknown=1), row(3), row(4)]
    messages = compose(place(Rhythm.DAILY), rows, burst=5, now=NOW)
    assert told(messages) == [("digest", 2, 1), ("digest", 4, 3)]
    assert [message.again for message in messages] == [True, False]


def test_what_was_refused_spoils_the_looks_of_nothing_else() -> None:
    rows = [row(number, plain=number == 3) for number in range(9)]
    messages = compose(place(), rows, burst=5, now=NOW)
    assert told(messages) == [("burst", 8, 7, 6, 5, 4, 2, 1, 0), ("single", 3)]
    assert [message.plain for message in messages] == [False, True]
    digests = compose(place(Rhythm.DAILY), rows, burst=5, now=NOW)
    assert told(digests) == [("digest", 8, 7, 6, 5, 4, 2, 1, 0), ("digest", 3)]


def test_a_refused_listing_stays_one_message() -> None:
    assert sent(*(row(number, plain=True) for number in range(7))) == [
        ("burst", 6, 5, 4, 3, 2, 1, 0)
    ]
    assert sent(row(1, plain=True), row(2, plain=True), rhythm=Rhythm.WEEKLY) == [("digest", 2, 1)]


def test_what_is_told_to_all_is_never_part_of_a_listing() -> None:
    rows = [row(number, ago=90, bulletin=number in (0, 4)) for number in range(9)]
    told_to_all = [("single", 0), ("backlog", 8, 7, 6, 5, 3, 2, 1), ("single", 4)]
    assert sent(*rows) == told_to_all
    assert sent(*rows, rhythm=Rhythm.DAILY)[1][0] == "digest"
    assert sent(row(1, ago=90, bulletin=True), row(2)) == [("single", 1), ("single", 2)]


rows_due = st.lists(
    st.builds(
        row,
        st.integers(1, 10**6),
        ago=st.sampled_from([0, 1, 59, 61, 600]),
        score=st.floats(0, 1),
        unknown=st.sampled_from([0, 0, 1]),
        plain=st.booleans(),
        bulletin=st.sampled_from([False, False, False, True]),
    ),
    max_size=20,
    unique_by=lambda each: each.id,
)


@settings(deadline=None, max_examples=300)
@given(rows_due, st.sampled_from(list(Rhythm)), st.integers(0, 8))
def test_every_article_is_in_one_message(rows: list[Delivery], rhythm: Rhythm, burst: int) -> None:
    messages = compose(place(rhythm), rows, burst=burst, now=NOW)
    kept = [each for message in messages for each in message.rows]
    assert Counter(each.id for each in kept) == Counter(each.id for each in rows)
    # What is sent singly keeps its order, and no message comes before its oldest row's turn.
    turns = [min(rows.index(each) for each in message.rows) for message in messages]
    assert turns == sorted(turns)
    # What is told to all is a message of its own; of the rest few come, whatever gathered.
    alone = [message for message in messages if bulletin_of(message.rows[0].article_id)]
    assert all(isinstance(message, Single) for message in alone)
    assert len(alone) == sum(bulletin_of(each.article_id) is not None for each in rows)
    messages = [message for message in messages if message not in alone]
    assert len(messages) <= 2 * max(burst, 1) + 1
    if rhythm is not Rhythm.AT_ONCE:
        assert all(isinstance(message, Listing) for message in messages)
        assert len(messages) <= 3
    for message in messages:
        assert message.again == any(each.unknown for each in message.rows)
        assert len({each.unknown > 0 for each in message.rows}) == 1
        if isinstance(message, Listing):
            scores = [each.score for each in message.rows]
            assert scores == sorted(scores, reverse=True)
            assert (message.kind == "digest") == (rhythm is not Rhythm.AT_ONCE)
            assert len(message.rows) > 1 or message.kind == "digest"


@settings(deadline=None, max_examples=200)
@given(rows_due, st.sampled_from(list(Rhythm)), st.integers(0, 8))
def test_what_was_sent_changes_nothing_for_the_rest(
    rows: list[Delivery], rhythm: Rhythm, burst: int
) -> None:
    """FAILURES 1"""
    messages = compose(place(rhythm), rows, burst=burst, now=NOW)
    if messages:
        left = [each for each in rows if each not in messages[0].rows]
        again = told(compose(place(rhythm), left, burst=burst, now=NOW))
        assert again == told(messages[1:])
