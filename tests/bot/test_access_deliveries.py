"""Announcements to chats that are not let in any more, and to those that are again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.admission import ByCode, Rules, SubscribedBy, digest_of
from bot.ledger.records import Rhythm, State
from bot.ledger.schema import deliveries
from tests.bot.bot_api import FakeTelegram
from tests.bot.closed import CODE, INVITED, admission, listed
from tests.bot.newsroom import Newsroom
from tests.bot.post import Post
from tests.bot.test_deliveries import titles

ANN, BOB, GROUP, NEW, CHANNEL = 1, 2, -10, -1_002, -1_003


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    room = Newsroom(tmp_path)
    yield room
    room.close()


@pytest.fixture
def post(room: Newsroom, telegram: FakeTelegram) -> Post:
    return Post(room, telegram)


def states(room: Newsroom) -> list[str]:
    with room.ledger.database.read() as connection:
        return sorted(connection.scalars(select(deliveries.c.state)))


async def test_news_goes_to_whom_it_may_and_to_others_again_once_they_may(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    chats = (ANN, BOB, GROUP)
    for chat_id in chats:
        place = room.place(chat_id)
        room.subscribe(place)
        room.subscribe(place, "about attention")
    room.judge.about["attention"] = {"one": 0.9, "two": 0.9, "three": 0.9}
    room.admission = admission(listed(ANN, GROUP), room.ledger)
    room.publish("one")
    await post.goes_on()
    assert [titles(telegram, chat_id) for chat_id in chats] == [["one"], [], ["one"]]
    room.admission = admission(listed(BOB), room.ledger)
    room.publish("two")
    await post.goes_on()
    assert [titles(telegram, chat_id) for chat_id in chats] == [["one"], ["two"], ["one"]]
    room.admission = admission(listed(*chats), room.ledger)
    await post.goes_on(minutes=5)
    room.publish("three")
    await post.goes_on()
    assert [titles(telegram, chat_id) for chat_id in chats] == [
        ["one", "three"],
        ["two", "three"],
        ["one", "three"],
    ]


async def test_what_waited_is_dropped_as_in_a_pause(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    for chat_id in (ANN, BOB):
        place = room.place(chat_id, rhythm=Rhythm.DAILY, hour=18)
        room.subscribe(place)
    room.publish("one", "two")
    room.notify()
    assert room.rows(place) == ["one", "two"]
    room.admission = admission(listed(ANN), room.ledger)
    await post.goes_on(hours=8)
    assert [len(titles(telegram, chat_id)) for chat_id in (ANN, BOB)] == [1, 0]
    assert states(room) == [State.SENT.value] * 2 + [State.STOPPED.value] * 2
    assert room.ledger.outbox.next_due(room.now) is None
    room.admission = admission(listed(ANN, BOB), room.ledger)
    await post.goes_on(days=1)
    assert titles(telegram, BOB) == []
    room.publish("three")
    room.notify()
    await post.goes_on(days=1)
    assert len(titles(telegram, BOB)) == 1
    assert "three" in telegram.sent[-1].text


async def test_notices_there_are_edited_no_more(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place(ANN))
    room.publish("one")
    await post.goes_on()
    room.admission = admission(listed(), room.ledger)
    room.edit("one", title="otherwise")
    await post.goes_on()
    assert titles(telegram, ANN) == ["one"]
    assert telegram.edits == []
    assert room.ledger.outbox.next_due(room.now) is None


async def test_a_dead_letter_that_is_revived_goes_nowhere(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    place = room.place(ANN)
    room.subscribe(place)
    room.publish("one")
    room.notify()
    (row,) = room.ledger.outbox.due(place.id, room.now.replace(year=2027), 9)
    room.ledger.do(room.ledger.outbox.dying([row.id], "refused"))
    room.admission = admission(listed(), room.ledger)
    assert room.ledger.outbox.revive(None, room.now) == 1
    await post.goes_on()
    assert telegram.sent == []
    assert states(room) == [State.STOPPED.value]


async def test_a_channel_is_told_as_long_as_who_subscribed_it_is_let_in(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    telegram.chats.add(CHANNEL, "channel", title="News", admins={7})
    room.subscribe(room.place(CHANNEL))
    people = room.ledger.people
    people.let_in(CHANNEL, str(SubscribedBy(ANN)), room.now)
    for rules, told in ((listed(ANN), 1), (listed(BOB), 1), (listed(ANN), 2), (listed(CHANNEL), 3)):
        room.admission = admission(rules, room.ledger)
        room.publish(f"news {room.now}")
        await post.goes_on(minutes=1)
        assert len(titles(telegram, CHANNEL)) == told


async def test_who_comes_by_the_code_hears_from_then_on(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place(ANN))
    room.admission = admission(INVITED, room.ledger)
    room.publish("before")
    await post.goes_on()
    room.admission.keep(ANN, ByCode(digest_of(CODE)))
    room.publish("after")
    await post.goes_on()
    assert titles(telegram, ANN) == ["after"]


@pytest.mark.parametrize("rules", [listed(GROUP), INVITED])
async def test_a_group_whose_move_meets_a_message_hears_it_in_its_supergroup(
    room: Newsroom, post: Post, telegram: FakeTelegram, rules: Rules
) -> None:
    """FAILURES 14: the move is told by the answer to that message, before any update does."""
    telegram.chats.add(GROUP, "group", title="Readers")
    if rules == INVITED:
        room.ledger.people.let_in(GROUP, str(ByCode(digest_of(CODE))), room.now)
    room.admission = admission(rules, room.ledger)
    room.subscribe(room.place(GROUP))
    room.publish("one")
    telegram.chats.move(GROUP, NEW)
    await post.goes_on()
    assert titles(telegram, NEW) == ["one"]
    room.restart()
    room.admission = admission(rules, room.ledger)
    room.publish("two")
    await post.goes_on()
    assert titles(telegram, NEW) == ["one", "two"]
