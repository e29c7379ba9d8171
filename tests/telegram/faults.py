"""Faults by name, as they are told to a process of its own, on command or by chance."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tests.bot import faults
from tests.bot.bot_api import FakeTelegram
from tests.bot.faults import Fault, Perform
from tests.bot.messages import Call

Json = dict[str, Any]


def _page_after(code: int) -> Fault:
    def fault(perform: Perform) -> httpx.Response:
        perform()
        return httpx.Response(code, text="<html>nginx</html>")

    return fault


def _reset_after(perform: Perform) -> httpx.Response:
    perform()
    raise httpx.ReadError("connection reset by peer")


def _slow(seconds: float) -> Fault:
    async def fault(perform: Perform) -> httpx.Response:
        response = perform()
        await asyncio.sleep(seconds)
        return response

    return fault


_BUILD: dict[str, Callable[[Json], Fault]] = {
    "flood": lambda told: faults.flood(int(told.get("seconds", 1))),
    "blocked": lambda _: faults.refusing(403, "Forbidden: bot was blocked by the user"),
    "kicked": lambda _: faults.refusing(403, "Forbidden: bot was kicked from the supergroup chat"),
    "bad markup": lambda _: faults.refusing(
        400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'
    ),
    "refused": lambda told: faults.refusing(int(told["code"]), told["description"]),
    "5xx before": lambda told: faults.page(int(told.get("code", 502))),
    "5xx after": lambda told: _page_after(int(told.get("code", 502))),
    "reset before": lambda _: faults.reset,
    "reset after": lambda _: _reset_after,
    "lost": lambda _: faults.lost_reply,
    "truncated": lambda _: faults.truncated_reply,
    "without result": lambda _: faults.reply_without_result,
    "slow": lambda told: _slow(float(told.get("seconds", 1))),
}

#: What there is to be met.
KINDS = tuple(_BUILD)
#: Telegram did it, and the bot was not told.
LOST_REPLY = frozenset({"5xx after", "reset after", "lost", "truncated", "without result"})


@dataclass(frozen=True)
class Named:
    """A fault that the journal calls by its name."""

    name: str
    fault: Fault

    def __call__(self, perform: Perform) -> Any:
        return self.fault(perform)


def fault_of(told: Json | str) -> Named:
    """`{"kind": "flood", "seconds": 3}`, or the name alone. Raises `KeyError`."""
    if isinstance(told, str):
        told = {"kind": told}
    return Named(told["kind"], _BUILD[told["kind"]](told))


class Chance:
    """A share of the calls of these methods meets a fault of these kinds, each as likely.

    Who meets a flood by chance finds the chat closed for as long as it was told to wait.
    """

    def __init__(
        self,
        telegram: FakeTelegram,
        share: float,
        kinds: Sequence[Json | str],
        methods: Collection[str],
        seed: int,
    ) -> None:
        self._telegram = telegram
        self._share = share
        self._kinds = kinds
        self._methods = frozenset(methods)
        self._random = random.Random(seed)

    def __call__(self, call: Call) -> Fault | None:
        if call.method not in self._methods or self._random.random() >= self._share:
            return None
        told = self._random.choice(self._kinds)
        fault = fault_of(told)
        if fault.name == "flood" and self._telegram.limits is not None and call.chat_id is not None:
            seconds = told.get("seconds", 1) if isinstance(told, dict) else 1
            self._telegram.limits.close(seconds, call.chat_id)
        return fault
