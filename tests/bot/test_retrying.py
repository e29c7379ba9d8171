"""Retrying: a person gets the answer although Telegram stumbles."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError

from bot.application import BotApplication
from bot.outcomes import Gone, Passing, Unknown, Wait
from bot.retrying import pause_before_next
from tests.bot import bot_api
from tests.bot.bot_api import FakeTelegram, Fault, flood, page, refusing
from tests.bot.people import Person


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
