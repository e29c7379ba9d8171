"""The outbox, delivered: what people see, whatever Telegram answers and whenever the bot ends."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.deliveries import LEASE
from bot.errors import LedgerError
from bot.ledger import settling
from bot.ledger.records import Rhythm
from bot.notices import notice
from bot.pace import Pace
from retrieval.errors import ArchiveError
from tests.bot import bot_api
from tests.bot.bot_api import FakeTelegram, flood, lost_reply, refusing, unreachable
from tests.bot.newsroom import Newsroom
from tests.bot.post import Post

MAYBE = "may have"  # what an announcement says that may have come already


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    room = Newsroom(tmp_path)
    yield room
    room.close()


@pytest.fixture
def post(room: Newsroom, telegram: FakeTelegram) -> Post:
    return Post(room, telegram)


def titles(telegram: FakeTelegram, chat_id: int = 1) -> list[str]:
    """The first lines that came to a chat."""
    return [sent.text.splitlines()[0] for sent in telegram.sent if sent.chat_id == chat_id]


# --- what people see --------------------------------------------------------------------------


async def test_an_announcement_has_title_tag_date_beginning_link_and_buttons(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place())
    room.publish("Paged attention", text="It cuts the cache into pages. More.", tags=("LLM",))
    await post.goes_on()
    (sent,) = telegram.sent
    assert sent.text.splitlines()[0] == "Paged attention"
    assert "LLM" in sent.text
    assert "It cuts the cache into pages." in sent.text
    assert sent.links == ["https://blog.example/1"]
    rows = sent.parameters["reply_markup"]["inline_keyboard"]
    assert [button["text"] for row in rows for button in row] == [
        "Ask about this",
        "More like this",
        "Stop these",
    ]
    assert sent.parameters["link_preview_options"] == {"is_disabled": False}


async def test_silent_topic_and_no_preview(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    telegram.chats.add(-5, "supergroup", is_forum=True)
    room.subscribe(room.place(-5, topic=8, silent=True, preview=False))
    room.publish("news")
    await post.goes_on()
    (sent,) = telegram.sent
    assert sent.parameters["message_thread_id"] == 8
    assert sent.parameters["disable_notification"] is True
    assert sent.parameters["link_preview_options"] == {"is_disabled": True}


async def test_titles_that_look_like_markup_arrive_and_disturb_nobody(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    """FAILURES 12"""
    for chat_id in (1, 2):
        room.subscribe(room.place(chat_id))
    room.publish("C#<T> & _x_", "<b>unclosed", "plain")
    await post.goes_on()
    for chat_id in (1, 2):
        assert titles(telegram, chat_id) == ["C#<T> & _x_", "<b>unclosed", "plain"]


async def test_many_at_once_become_one_message(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place())
    room.publish(*(f"article {number}" for number in range(6)))
    await post.goes_on()
    (sent,) = telegram.sent
    assert "6 new articles" in sent.text
    assert len(sent.links) == 6


async def test_a_backlog_of_a_long_absence_becomes_one_message(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place())
    room.publish("one")
    room.notify()
    room.publish("two")
    room.notify()
    await post.goes_on(hours=9)
    (sent,) = telegram.sent
    assert "one" in sent.text
    assert "two" in sent.text


async def test_a_digest_comes_once_a_day_at_its_hour(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place(rhythm=Rhythm.DAILY, hour=18, zone="Asia/Shanghai"))
    room.publish("morning", tags=("a",))
    await post.goes_on()
    room.publish("noon", tags=("b",))
    await post.goes_on()
    assert telegram.sent == []
    room.now = room.now.replace(hour=9, minute=59)
    room.later(days=1)  # 17:59 in Shanghai
    await post.goes_on()
    assert telegram.sent == []
    await post.goes_on(minutes=1)
    (sent,) = telegram.sent
    assert "morning" in sent.text
    assert "noon" in sent.text


async def test_quiet_hours_hold_and_then_send(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place(quiet_from=22 * 60, quiet_to=7 * 60))
    room.now = room.now.replace(hour=23)
    room.publish("late news")
    await post.goes_on()
    assert telegram.sent == []
    await post.goes_on(hours=9)
    assert titles(telegram) == ["late news"]


async def test_what_was_due_before_is_not_sent_into_quiet_hours(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place(quiet_from=22 * 60, quiet_to=7 * 60))
    room.publish("afternoon news")
    room.notify()
    await post.goes_on(hours=11)  # the bot was away until 23:00
    assert telegram.sent == []
    await post.goes_on(hours=9)
    assert titles(telegram) == ["afternoon news"]


async def test_a_notice_is_edited_in_place_when_title_or_link_change(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    """FAILURES 4"""
    room.subscribe(room.place())
    room.publish("Befroe")
    await post.goes_on()
    room.edit("Befroe", title="Before", link="https://blog.example/before")
    await post.goes_on(minutes=5)
    (now,) = telegram.shown(1)
    assert now.text.splitlines()[0] == "Before"
    assert now.links == ["https://blog.example/before"]
    assert len(telegram.sent) == 1
    await post.goes_on(minutes=5)
    assert len(telegram.edits) == 1, "once is enough"


async def test_a_text_edited_or_a_title_edited_long_after_edit_nothing(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place())
    room.publish("one")
    await post.goes_on()
    room.edit("one", text="Another text altogether, as long as one likes.")
    await post.goes_on(minutes=5)
    room.later(hours=49)
    room.edit("one", title="two")
    await post.goes_on(minutes=5)
    assert telegram.edits == []


# --- ended in the middle ----------------------------------------------------------------------


async def test_killed_after_some_of_many_the_others_arrive_and_none_twice(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    """FAILURES 1"""
    for chat_id in range(1, 401):
        room.subscribe(room.place(chat_id))
    room.publish("news")
    room.notify()
    room.later(seconds=1)
    await post.deliver(until=lambda: len(telegram.sent) >= 12)
    assert len(telegram.sent) < 400, "the rest of this test needs an end in the middle"
    await post.deliver()
    assert sorted(sent.chat_id for sent in telegram.sent) == list(range(1, 401))


async def test_a_row_left_in_the_middle_of_sending_comes_once_more_marked(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    """FAILURES 1, 10: the process died, and nobody knows whether it had been sent."""
    room.subscribe(room.place())
    room.publish("news")
    await _left_sending(room)
    await post.deliver()
    (sent,) = telegram.sent
    assert sent.text.startswith("news")
    assert MAYBE in sent.text


async def test_after_two_unknown_outcomes_it_is_a_dead_letter_and_can_be_sent_again(
    room: Newsroom, post: Post, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    """FAILURES 10"""
    room.subscribe(room.place())
    room.publish("news", "more news")
    telegram.fail("sendMessage", lost_reply, lost_reply)
    await post.goes_on()
    room.later(seconds=10)
    await post.deliver()
    first, second, third = (sent.text for sent in telegram.sent)
    assert first.startswith("news")
    assert second.startswith("news")
    assert MAYBE in second
    assert third.startswith("more news")
    assert MAYBE not in third
    (letter,) = room.ledger.outbox.dead_letters(9)
    assert letter.delivery.article_id == room.id("news")
    assert letter.delivery.unknown == 2
    assert "archive-bot deliveries" in caplog.text
    assert room.ledger.outbox.revive([letter.delivery.id], room.now) == 1
    await post.deliver()
    assert len(telegram.sent) == 4
    assert room.ledger.outbox.dead_letters(9) == []


async def _left_sending(room: Newsroom) -> None:
    room.notify()
    room.later(seconds=1)
    (claim,) = room.ledger.outbox.claim(room.now, "it dies", LEASE, 9)
    ids = [row.id for row in claim.rows]
    assert room.ledger.do(room.ledger.outbox.sending(ids, room.now, "it dies", LEASE))


# --- what Telegram answers --------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [30, 43_837])
async def test_one_chats_wait_holds_up_nobody_else(
    room: Newsroom, post: Post, telegram: FakeTelegram, seconds: int
) -> None:
    """FAILURES 9"""
    for chat_id in (1, 2, 3):
        room.subscribe(room.place(chat_id))
    room.publish("news", "more")
    telegram.fail("sendMessage", flood(seconds), chat_id=2)
    await post.goes_on()
    assert titles(telegram, 1) == titles(telegram, 3) == ["news", "more"]
    assert titles(telegram, 2) == []
    room.later(seconds=seconds - 5)
    await post.deliver()
    assert titles(telegram, 2) == []
    room.later(seconds=10)
    room.publish("third")
    await post.goes_on()
    heard = "\n".join(sent.text for sent in telegram.sent if sent.chat_id == 2)
    assert [heard.count(title) for title in ("news", "more", "third")] == [1, 1, 1]


@pytest.mark.parametrize(
    "refusal",
    [
        refusing(403, "Forbidden: bot was blocked by the user"),
        refusing(403, "Forbidden: user is deactivated"),
        refusing(400, "Bad Request: chat not found"),
    ],
)
async def test_who_blocked_the_bot_sleeps_and_the_others_hear(
    room: Newsroom, post: Post, telegram: FakeTelegram, refusal: bot_api.Fault
) -> None:
    """FAILURES 11"""
    for chat_id in (1, 2, 3):
        room.subscribe(room.place(chat_id))
    room.publish("news")
    telegram.fail("sendMessage", refusal, chat_id=2)
    await post.goes_on()
    assert titles(telegram, 1) == titles(telegram, 3) == ["news"]
    calls = len(telegram.called("sendMessage"))
    room.publish("more")
    await post.goes_on(minutes=1)
    assert len(telegram.called("sendMessage")) == calls + 2, "the one asleep is left alone"
    assert room.ledger.subscribers.awake(2, room.now)
    await post.goes_on(minutes=1)
    assert titles(telegram, 2) == ["news", "more"]


async def test_a_group_that_becomes_a_supergroup_takes_subscription_and_message_along(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    """FAILURES 14"""
    room.subscribe(room.place(-7))
    telegram.fail(
        "sendMessage",
        refusing(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=-100_777,
        ),
        chat_id=-7,
    )
    room.publish("news")
    await post.goes_on()
    room.publish("more")
    await post.goes_on()
    assert titles(telegram, -100_777) == ["news", "more"]
    assert room.ledger.subscribers.place(-7) is None


async def test_a_deleted_topic_sleeps_alone(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    telegram.chats.add(-5, "supergroup", is_forum=True, deleted_topics={8})
    for topic in (8, 9):
        room.subscribe(room.place(-5, topic=topic))
    room.publish("news")
    await post.goes_on()
    (sent,) = telegram.sent
    assert sent.parameters["message_thread_id"] == 9


async def test_a_closed_general_topic_sleeps_and_nothing_is_given_up(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    place = room.place(-5)
    room.subscribe(place)
    room.subscribe(room.place(-5, topic=9))
    room.publish("news")
    telegram.fail("sendMessage", refusing(400, "Bad Request: TOPIC_CLOSED"), chat_id=-5)
    await post.goes_on()
    assert len(telegram.sent) == 1
    assert room.ledger.outbox.dead_letters(9) == []
    assert room.ledger.subscribers.awake(-5, room.now)
    await post.goes_on()
    assert titles(telegram, -5) == ["news", "news"]


async def test_refused_markup_is_sent_as_plain_text_and_logged(
    room: Newsroom, post: Post, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    room.subscribe(room.place())
    room.publish("news")
    telegram.fail("sendMessage", refusing(400, "Bad Request: can't parse entities: whatever"))
    await post.goes_on()
    (sent,) = telegram.sent
    assert "parse_mode" not in sent.parameters
    assert "news" in sent.text
    assert "https://blog.example/1" in sent.text
    assert room.id("news") in caplog.text


async def test_what_is_refused_as_plain_text_too_is_a_dead_letter_and_the_next_goes_on(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place())
    room.publish("news", "more")
    no = refusing(400, "Bad Request: strange")
    telegram.fail("sendMessage", no, no)
    await post.goes_on()
    assert titles(telegram) == ["more"]
    (letter,) = room.ledger.outbox.dead_letters(9)
    assert "Strange" in (letter.delivery.error or "")


async def test_telegram_out_of_reach_loses_nothing_and_counts_as_nothing(
    room: Newsroom, post: Post, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.resting.PAUSE", 0.01)
    monkeypatch.setattr("bot.resting.LONGEST_PAUSE", 0.02)
    room.subscribe(room.place())
    room.publish("news")
    telegram.fail("sendMessage", *[unreachable] * 5)
    await post.goes_on()
    (sent,) = telegram.sent
    assert MAYBE not in sent.text
    assert room.ledger.outbox.dead_letters(9) == []


@pytest.mark.parametrize("fault", [lost_reply, bot_api.reset, bot_api.page(502)])
async def test_an_answer_that_nobody_got_brings_it_once_more(
    room: Newsroom,
    post: Post,
    telegram: FakeTelegram,
    fault: Callable[[Callable[[], httpx.Response]], httpx.Response],
) -> None:
    """FAILURES 10"""
    room.subscribe(room.place())
    room.publish("news")
    telegram.fail("sendMessage", fault)
    await post.goes_on()
    room.later(seconds=10)
    await post.deliver()
    last = telegram.sent[-1]
    assert last.text.startswith("news")
    assert MAYBE in last.text
    room.later(seconds=60)
    await post.deliver()
    assert telegram.sent[-1] is last


async def test_a_listing_that_may_have_come_comes_again_as_that_listing(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place())
    room.publish(*(f"article {number}" for number in range(7)))
    telegram.fail("sendMessage", lost_reply)
    await post.goes_on()
    room.publish("of later")
    await post.goes_on(seconds=10)
    listing, again, single = telegram.sent
    assert listing.links == again.links
    assert MAYBE in again.text
    assert single.text.startswith("of later")


async def test_the_ledger_out_of_order_stops_nothing_for_good(
    room: Newsroom, post: Post, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    room.subscribe(room.place())
    room.publish("news")
    room.notify()
    room.later(seconds=1)
    claim = room.ledger.outbox.claim
    failures = iter([OSError("disk full"), RuntimeError("odd")])

    def failing(*arguments: object, **named: object) -> object:
        for failure in failures:
            raise failure
        return claim(*arguments, **named)  # type: ignore[arg-type]  # whatever came

    with pytest.MonkeyPatch.context() as patching, caplog.at_level(logging.ERROR):
        patching.setattr(room.ledger.outbox, "claim", failing)
        await post.deliver()
    assert titles(telegram) == ["news"]
    assert "tried again" in caplog.text


# --- trouble of our own, and how often it is tried again ----------------------------------------


async def _claims(post: Post, seconds: float, patching: pytest.MonkeyPatch) -> int:
    """How often the outbox is asked within so many seconds."""
    outbox = post.room.ledger.outbox
    claim, count = outbox.claim, 0

    def counting(*arguments: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        return claim(*arguments, **named)

    with patching.context() as context:
        context.setattr(outbox, "claim", counting)
        async with post.running():
            await asyncio.sleep(seconds)
    return count


async def test_a_chat_that_a_reply_was_told_to_leave_alone_is_not_asked_for_all_the_time(
    room: Newsroom, post: Post, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pace, "waiting", lambda *_: 40_000.0)
    room.subscribe(room.place())
    room.publish("news")
    room.notify()
    room.later(seconds=1)
    assert await _claims(post, 0.7, monkeypatch) < 5
    assert telegram.sent == []
    monkeypatch.undo()
    await post.goes_on(seconds=40_000)
    assert titles(telegram) == ["news"]


async def test_an_edit_in_quiet_hours_is_made_for_it_makes_no_sound(
    room: Newsroom, post: Post, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.subscribe(room.place(quiet_from=22 * 60, quiet_to=7 * 60))
    room.publish("Befroe")
    await post.goes_on()
    room.now = room.now.replace(hour=23)
    room.edit("Befroe", title="Before")
    room.notify()
    assert await _claims(post, 0.7, monkeypatch) < 8
    assert len(telegram.edits) == 1


async def test_an_edit_whose_answer_is_lost_is_made_again_later(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    room.subscribe(room.place())
    room.publish("Befroe")
    await post.goes_on()
    room.edit("Befroe", title="Before")
    telegram.fail("editMessageText", bot_api.page(502))
    await post.goes_on(minutes=5)
    assert telegram.edits == []
    await post.goes_on(minutes=2)
    assert len(telegram.edits) == 1


async def test_an_archive_out_of_order_is_asked_less_and_less_and_nothing_is_lost(
    room: Newsroom,
    post: Post,
    telegram: FakeTelegram,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    room.subscribe(room.place())
    room.publish("news")
    room.notify()
    room.later(seconds=1)

    def damaged(_: object) -> None:
        raise ArchiveError("it is damaged")

    with monkeypatch.context() as patching:
        patching.setattr(room.archive.articles, "by_id", damaged)
        assert await _claims(post, 0.7, monkeypatch) < 5
    assert caplog.text.count("it is damaged") == 1
    await post.goes_on(minutes=2)
    assert titles(telegram) == ["news"]


async def test_what_telegram_has_is_noted_though_the_ledger_fails_for_a_moment(
    room: Newsroom, post: Post, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.courier.PAUSE", 0.01)
    room.subscribe(room.place())
    room.publish("news", "more")
    failures = iter([LedgerError("disk full"), LedgerError("disk full")])
    sent = settling.sent

    def failing(*arguments: Any, **named: Any) -> None:
        for failure in failures:
            raise failure
        sent(*arguments, **named)

    monkeypatch.setattr(settling, "sent", failing)
    await post.goes_on()
    assert titles(telegram) == ["news", "more"]
    assert room.ledger.outbox.counts()["sent"] == 2


async def test_what_cannot_be_put_into_words_is_a_dead_letter_and_the_next_goes_on(
    room: Newsroom, post: Post, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.subscribe(room.place())
    room.publish("odd", "news")

    def choking(article: Any, *arguments: Any, **named: Any) -> Any:
        if article.title == "odd":
            raise ValueError("nobody foresaw this")
        return notice(article, *arguments, **named)

    monkeypatch.setattr("bot.announcements.notice", choking)
    await post.goes_on()
    assert titles(telegram) == ["news"]
    (letter,) = room.ledger.outbox.dead_letters(9)
    assert "nobody foresaw this" in (letter.delivery.error or "")


async def test_a_short_loss_of_the_network_makes_a_short_rest(
    room: Newsroom, post: Post, telegram: FakeTelegram
) -> None:
    """However many requests were under way."""
    for chat_id in range(1, 9):
        room.subscribe(room.place(chat_id))
        telegram.fail("sendMessage", unreachable, chat_id=chat_id)
    room.publish("news")
    await post.goes_on()  # patience would end before a rest of half a minute does
    assert len(telegram.sent) == 8


async def test_while_no_answers_come_not_everything_is_tried_and_given_up(
    room: Newsroom, post: Post, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.resting.PAUSE", 0.01)
    monkeypatch.setattr("bot.resting.LONGEST_PAUSE", 0.01)
    for chat_id in range(1, 101):
        room.subscribe(room.place(chat_id))
    room.publish("news")
    room.notify()
    room.later(seconds=1)
    out_of_order = True
    telegram.chance = lambda call: (
        bot_api.page(502) if out_of_order and call.method == "sendMessage" else None
    )
    async with post.running():
        for _ in range(5):
            await asyncio.sleep(0.3)
            room.later(seconds=6)
    assert room.ledger.outbox.counts()["dead"] < 20
    out_of_order = False
    await post.goes_on(seconds=10)
    dead = {letter.place.chat_id for letter in room.ledger.outbox.dead_letters(999)}
    assert {sent.chat_id for sent in telegram.sent} | dead == set(range(1, 101))


async def test_a_forum_of_many_topics_keeps_nobody_waiting(
    room: Newsroom, post: Post, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.deliveries._MOST_CHATS", 16)
    telegram.chats.add(-5, "supergroup", is_forum=True)
    for topic in range(1, 41):
        room.subscribe(room.place(-5, topic=topic))
    room.subscribe(room.place(1))
    room.publish("news")
    room.notify()
    room.later(seconds=1)

    async def slowly(perform: Callable[[], httpx.Response]) -> httpx.Response:
        await asyncio.sleep(0.2)
        return perform()

    telegram.chance = lambda call: slowly if call.chat_id == -5 else None
    await post.deliver(until=lambda: titles(telegram, 1) == ["news"])
    assert len(titles(telegram, -5)) < 40


async def test_chats_claimed_while_the_bot_stops_are_given_back(
    room: Newsroom, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.subscribe(room.place())
    room.publish("news")
    room.notify()
    room.later(seconds=1)
    claim, claimed, stopping = room.ledger.outbox.claim, threading.Event(), threading.Event()

    def slowly(*arguments: Any, **named: Any) -> Any:
        claims = claim(*arguments, **named)
        claimed.set()
        stopping.wait(20)
        return claims

    monkeypatch.setattr(room.ledger.outbox, "claim", slowly)
    async with post.running() as deliverer:
        await asyncio.to_thread(claimed.wait, 20)
        await deliverer.stop()
        stopping.set()
    monkeypatch.undo()
    assert room.ledger.outbox.claim(room.now, "another", LEASE, 9)
