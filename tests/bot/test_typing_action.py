"""Typing: seen while it takes, and never in the way."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import Forbidden

from bot.typing_action import typing
from tests.bot.bot_api import FakeTelegram
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person


async def test_typing_is_shown_at_once_and_before_the_answer(
    person: Person, telegram: FakeTelegram
) -> None:
    await person.says("什么是梯度检查点")
    told = [(name, parameters) for name, parameters in telegram.calls if name.startswith("send")]
    assert [name for name, _ in told] == ["sendChatAction", "sendMessage"]
    assert told[0][1] == {"chat_id": 50, "action": "typing"}


async def test_typing_is_shown_while_it_takes(person: Person, library: FakeLibrary) -> None:
    library.gate.clear()
    asking = asyncio.create_task(person.says("什么是梯度检查点"))
    await asyncio.sleep(0.1)
    assert person.telegram.called("sendChatAction")
    assert person.telegram.sent == []
    library.gate.set()
    assert len(await asking) == 1


async def test_it_is_renewed_until_the_work_is_done() -> None:
    times = 0

    async def send() -> None:
        nonlocal times
        times += 1

    async with typing(send, period=0.02):
        await asyncio.sleep(0.15)
    assert 4 <= times <= 8
    seen = times
    await asyncio.sleep(0.06)
    assert times == seen


async def test_it_ends_after_a_while_even_if_the_work_does_not() -> None:
    times = 0

    async def send() -> None:
        nonlocal times
        times += 1

    async with typing(send, period=0.02, longest=0.1):
        await asyncio.sleep(0.3)
    assert times <= 5


@pytest.mark.parametrize("error", [Forbidden("blocked"), RuntimeError("?"), TimeoutError()])
async def test_its_failures_do_not_disturb_the_work(error: Exception) -> None:
    async def send() -> None:
        raise error

    async with typing(send, period=0.01):
        await asyncio.sleep(0.05)


async def test_the_works_own_errors_come_through() -> None:
    async def send() -> None:
        return

    with pytest.raises(ZeroDivisionError):
        async with typing(send):
            raise ZeroDivisionError


async def test_a_request_under_way_may_land_but_not_for_long() -> None:
    landed = False

    async def slow(seconds: float) -> None:
        nonlocal landed
        await asyncio.sleep(seconds)
        landed = True

    async with typing(lambda: slow(0.05), respite=1):
        await asyncio.sleep(0)
    assert landed
    landed = False
    async with asyncio.timeout(2), typing(lambda: slow(60), respite=0.05):
        await asyncio.sleep(0)
    assert not landed
