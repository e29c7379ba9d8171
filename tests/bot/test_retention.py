"""Words of questions are forgotten when they are as old as a setting says."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import LedgerError
from bot.ledger import Ledger
from bot.ledger.answers import NewAnswer
from bot.retention import PAUSE, forgetting

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)


class Nights:
    """A clock, and a sleep that lets one night pass when it is told to."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []
        self.looked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.looked.set()
        await self.go_on.wait()
        self.go_on.clear()

    async def look(self) -> None:
        await self.looked.wait()
        self.looked.clear()


def asked(ledger: Ledger, days_ago: float) -> int:
    new = NewAnswer(50, 0, (), "en", question="how?")
    return ledger.do(ledger.answers.add(new, NOW - timedelta(days=days_ago)))


def known(ledger: Ledger, *numbers: int) -> list[bool]:
    found = [ledger.answers.by_id(number) for number in numbers]
    return [each is not None and each.question is not None for each in found]


@pytest.mark.parametrize(("days", "left"), [(0, [False, False]), (2, [False, True])])
async def test_what_is_too_old_is_forgotten_at_once(
    ledger: Ledger, days: int, left: list[bool]
) -> None:
    numbers = asked(ledger, 3), asked(ledger, 1)
    nights = Nights()
    async with forgetting(ledger, days, lambda: nights.now, nights.sleep):
        await nights.look()
    assert known(ledger, *numbers) == left
    assert nights.slept == [PAUSE]


async def test_and_what_becomes_too_old_later(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number, nights = asked(ledger, 1), Nights()
    async with forgetting(ledger, 2, lambda: nights.now, nights.sleep):
        await nights.look()
        assert known(ledger, number) == [True]
        nights.now += timedelta(days=2)

        def refuse(_: datetime) -> int:
            raise LedgerError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(ledger.answers, "purge_questions", refuse)
            nights.go_on.set()
            await nights.look()
        assert "kept longer than they should: the disk is full" in caplog.text
        nights.go_on.set()
        await nights.look()
    assert known(ledger, number) == [False]
