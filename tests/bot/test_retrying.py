"""Retrying: a person gets the answer although Telegram stumbles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.application import BotApplication, build_application
from bot.outcomes import Gone, Passing, Unknown, Wait
from bot.pace import Pace
from bot.retrying import BROADCAST, Retrying, pause_before_next, written_to
from tests.bot import bot_api
from tests.bot.bot_api import TOKEN, FakeTelegram, Fault, flood, page, refusing
from tests.bot.fakes import FakeLibrary
from tests.bot.limits import Limits
from tests.bot.people import Person
from tests.bot.virtual_time import clock, in_no_time


@pytest.mark.parametrize(
    "fault",
    [
        refusing(500, "Internal Server Error"),
        refusing(502, "Bad Gateway"),
        page(502),
        page(403),
        page(200),
        bot_api.reset,
        bot_api.unreachable,
    ],
)
async def test_a_reply_that_meets_a_passing_fault_is_sent_again(
    person: Person, telegram: FakeTelegram, pauses: list[float], fault: Fault
) -> None:
    telegram.fail("sendMessage", fault, fault, fault)
    (sent,) = await person.says("/start")
    assert sent.text.startswith("Hello!")
    assert pauses == [0.5, 1.0, 2.0]


async def test_it_is_not_tried_for_ever(
    person: Person, telegram: FakeTelegram, pauses: list[float]
) -> None:
    telegram.fail("sendMessage", *[bot_api.reset] * 100)
    assert await person.says("/start") == []
    assert len(telegram.called("sendMessage")) == 4 + 4  # the reply, and the apology
    assert pauses == [0.5, 1.0, 2.0] * 2


@pytest.mark.parametrize(
    "fault", [bot_api.lost_reply, bot_api.truncated_reply, bot_api.reply_without_result]
)
async def test_a_reply_whose_answer_was_lost_may_come_twice_but_never_not_at_all(
    person: Person, telegram: FakeTelegram, fault: Fault
) -> None:
    """FAILURES 10"""
    telegram.fail("sendMessage", fault)
    sent = await person.says("/start")
    assert [each.text[:6] for each in sent] == ["Hello!", "Hello!"]


async def test_a_short_wait_is_waited(
    person: Person, telegram: FakeTelegram, pauses: list[float]
) -> None:
    """FAILURES 9"""
    telegram.fail("sendMessage", flood(30), flood(60))
    (sent,) = await person.says("/start")
    assert sent.text.startswith("Hello!")
    assert pauses == [30, 60]


@pytest.mark.parametrize("seconds", [61, 43_837])
async def test_a_wait_of_hours_is_not_waited(
    person: Person, telegram: FakeTelegram, pauses: list[float], seconds: int
) -> None:
    """FAILURES 9"""
    telegram.fail("sendMessage", flood(seconds), flood(seconds))
    assert await person.says("/start") == []
    assert pauses == []


async def test_waiting_for_one_chat_holds_up_no_other(
    application: BotApplication, telegram: FakeTelegram
) -> None:
    """FAILURES 9"""
    waiting = asyncio.Event()
    go_on = asyncio.Event()

    async def sleep(_: float) -> None:
        waiting.set()
        await go_on.wait()

    limiter = application.bot.rate_limiter
    assert limiter is not None
    limiter._sleep = sleep  # type: ignore[attr-defined]
    telegram.fail("sendMessage", flood(30))
    unlucky = asyncio.create_task(Person(application, telegram, person_id=1).says("/start"))
    await asyncio.wait_for(waiting.wait(), 5)
    (sent,) = await Person(application, telegram, person_id=2).says("/start")
    assert sent.chat_id == 2
    go_on.set()
    assert [each.chat_id for each in await unlucky] == [2, 1]


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (refusing(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (refusing(400, "Bad Request: message is too long"), NetworkError),
        (flood(3600), RetryAfter),
    ],
)
async def test_a_hopeless_error_is_let_through_at_once(
    application: BotApplication,
    telegram: FakeTelegram,
    pauses: list[float],
    fault: Fault,
    raised: type[TelegramError],
) -> None:
    telegram.fail("sendMessage", fault)
    with pytest.raises(raised):
        await application.bot.send_message(1, "hello")
    assert pauses == []


async def test_typing_is_not_worth_a_second_try(
    person: Person, telegram: FakeTelegram, pauses: list[float]
) -> None:
    telegram.fail("sendChatAction", bot_api.reset, flood(10))
    (sent,) = await person.says("什么是梯度检查点")
    assert "blog.example" in sent.links[0]
    assert pauses == []


def test_the_policy() -> None:
    assert [pause_before_next(Unknown(""), faults=n, waits=0) for n in range(4)] == [
        0.5,
        1.0,
        2.0,
        None,
    ]
    assert pause_before_next(Passing(""), faults=0, waits=0) == 0.5
    assert [pause_before_next(Wait(7), faults=0, waits=n) for n in range(4)] == [7, 7, 7, None]
    assert pause_before_next(Wait(60.5), faults=0, waits=0) is None
    assert pause_before_next(Gone(""), faults=0, waits=0) is None


@asynccontextmanager
async def paced() -> AsyncIterator[tuple[BotApplication, Pace, FakeTelegram]]:
    """The application with a pace, and a Telegram that keeps the limits strictly."""
    telegram, pace = FakeTelegram(), Pace(30, clock)
    application = build_application(
        FakeLibrary(),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
        retrying=Retrying(pace),
    )
    telegram.limits = Limits(clock=clock)
    async with application:
        yield application, pace, telegram
    assert telegram.violations == []


def test_replies_keep_the_limits() -> None:
    async def scene() -> None:
        async with paced() as (application, _, telegram):
            ada = Person(application, telegram)
            await asyncio.gather(*(ada.says("/start") for _ in range(5)))
            others = [Person(application, telegram, person_id=n) for n in range(101, 201)]
            await asyncio.gather(*(each.says("/start") for each in others))
            assert len(telegram.sent) == 105
            assert len(telegram.called("sendMessage")) == 105  # none was refused

    in_no_time(scene())


def test_a_reply_goes_ahead_of_waiting_broadcasts() -> None:
    async def scene() -> None:
        async with paced() as (application, pace, telegram):
            bot: ExtBot[Any] = application.bot

            async def announce(chat_id: int) -> None:
                async with pace.slot(chat_id, ahead=False):
                    await bot.send_message(chat_id, "x", rate_limit_args=BROADCAST)

            news = [asyncio.create_task(announce(n)) for n in range(101, 401)]
            await asyncio.sleep(1)
            await Person(application, telegram).says("/start")
            assert len(telegram.sent) < 60
            await asyncio.gather(*news)
            assert len(telegram.called("sendMessage")) == 301

    in_no_time(scene())


def test_what_shows_nothing_in_a_chat_waits_for_no_turn() -> None:
    async def scene() -> None:
        async with paced() as (application, pace, _):
            began = clock()
            pace.wait_chat(1, 30)
            await application.bot.send_chat_action(1, "typing")
            await application.bot.get_chat(1)
            await application.bot.answer_callback_query("7")
            assert clock() == began
            await application.bot.send_message(1, "hello")
            assert clock() - began == pytest.approx(30, abs=0.1)

    in_no_time(scene())


@pytest.mark.parametrize(
    ("endpoint", "data", "chat_id"),
    [
        ("sendMessage", {"chat_id": 5}, 5),
        ("sendMessage", {"chat_id": "-100"}, -100),
        ("sendPhoto", {"chat_id": "@news"}, "@news"),
        ("editMessageText", {"chat_id": -5}, -5),
        ("editMessageReplyMarkup", {"chat_id": 5}, 5),
        ("editMessageText", {"inline_message_id": "7"}, None),
        ("copyMessage", {"chat_id": 5, "from_chat_id": 6}, 5),
        ("forwardMessages", {"chat_id": 5, "from_chat_id": 6}, 5),
        ("sendChatAction", {"chat_id": 5}, None),
        ("answerCallbackQuery", {"callback_query_id": "7"}, None),
        ("deleteMessage", {"chat_id": 5}, None),
        ("getChat", {"chat_id": 5}, None),
        ("setMyCommands", {}, None),
    ],
)
def test_what_counts_as_a_message(
    endpoint: str, data: dict[str, object], chat_id: int | str | None
) -> None:
    assert written_to(endpoint, data) == chat_id


@pytest.mark.parametrize("fault", [flood(3), bot_api.reset, refusing(500, "Internal")])
def test_a_broadcast_passes_through_once(fault: Fault) -> None:
    async def scene() -> None:
        async with paced() as (application, pace, telegram):
            bot: ExtBot[Any] = application.bot
            pace.wait_chat(1, 1000)
            began = clock()
            telegram.fail("sendMessage", fault)
            with pytest.raises(TelegramError):
                await bot.send_message(1, "news", rate_limit_args=BROADCAST)
            assert (clock(), len(telegram.called("sendMessage"))) == (began, 1)
            await bot.send_message(1, "news", rate_limit_args=BROADCAST)
            assert clock() == began
            assert [each.text for each in telegram.sent] == ["news"]

    in_no_time(scene())


def test_the_pace_hears_of_a_flood() -> None:
    """FAILURES 9"""

    async def scene() -> None:
        async with paced() as (application, pace, telegram):
            telegram.fail("sendMessage", flood(30))
            unlucky = asyncio.create_task(application.bot.send_message(1, "hello"))
            await asyncio.sleep(0.5)
            assert pace.waiting(1) == pytest.approx(29.5, abs=0.1)
            began = clock()
            await application.bot.send_message(2, "hello")
            assert clock() - began < 0.1
            await unlucky
            assert clock() - began > 29
            assert [each.chat_id for each in telegram.sent] == [2, 1]

    in_no_time(scene())


def test_three_chats_in_a_row_stop_everything_unless_one_succeeds() -> None:
    async def scene() -> None:
        async with paced() as (application, pace, telegram):
            bot = application.bot
            for chat_id in (1, 2, 3, 4):
                if chat_id != 3:
                    telegram.fail("sendMessage", flood(3600), chat_id=chat_id)
            for chat_id in (1, 2):
                with pytest.raises(RetryAfter):
                    await bot.send_message(chat_id, "hello")
            await bot.send_message(3, "hello")
            with pytest.raises(RetryAfter):
                await bot.send_message(4, "hello")
            assert pace.waiting(5) == 0
            telegram.fail("sendMessage", flood(40), flood(40))
            some = [asyncio.create_task(bot.send_message(n, "hello")) for n in (6, 7)]
            await asyncio.sleep(1)
            assert pace.waiting(5) == pytest.approx(39, abs=0.2)
            await asyncio.gather(*some)
            assert [each.chat_id for each in telegram.sent] == [3, 6, 7]

    in_no_time(scene())


def test_a_chat_that_must_wait_for_hours_is_not_asked_for_again() -> None:
    """FAILURES 9"""

    async def scene() -> None:
        async with paced() as (application, _, telegram):
            began = clock()
            telegram.fail("sendMessage", flood(43_837))
            assert await Person(application, telegram).says("/start") == []
            assert len(telegram.called("sendMessage")) == 1
            assert await Person(application, telegram).says("/start") == []
            assert len(telegram.called("sendMessage")) == 1
            assert clock() - began < 1
            await asyncio.sleep(43_837)
            (sent,) = await Person(application, telegram).says("/start")
            assert sent.text.startswith("Hello!")

    in_no_time(scene())


def test_a_turn_that_does_not_come_is_given_up() -> None:
    async def scene() -> None:
        async with paced() as (application, pace, _):
            pace.wait_all(50)
            sending = asyncio.create_task(application.bot.send_message(1, "hello"))
            await asyncio.sleep(40)
            pace.wait_all(500)
            began = clock()
            with pytest.raises(RetryAfter) as raised:
                await sending
            assert raised.value.retry_after == timedelta(seconds=480)
            assert clock() - began == pytest.approx(20, abs=0.1)

    in_no_time(scene())
