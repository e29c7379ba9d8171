"""Requests to Telegram, paced and tried again: request -> turn, request, pause ... -> result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from enum import Enum, auto
from math import ceil
from typing import Any, Final

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.outcomes import Outcome, Passing, Unknown, Wait, outcome_of
from bot.pace import Pace

logger = logging.getLogger(__name__)

PAUSES = (0.5, 1.0, 2.0)  # seconds before the second, third and fourth try
LONGEST_WAIT = 60.0  # a person has left by then; Telegram may ask for hours
MOST_WAITS = 3

# Worth nothing when late: the caller repeats it by itself.
_NEVER_AGAIN = frozenset({"sendChatAction"})
# What Telegram counts: whatever shows something in a chat.
_MESSAGES = ("send", "editMessage", "copyMessage", "forwardMessage")
_NO_MESSAGES = frozenset({"sendChatAction"})


class Sending(Enum):
    """Who sees to a request's turn and to what becomes of it, where that is not `Retrying`."""

    BROADCAST = auto()


#: As `rate_limit_args`: the caller has a slot of the pace, and decides what an error means.
BROADCAST: Final = Sending.BROADCAST

Result = bool | dict[str, Any] | list[dict[str, Any]]


def pause_before_next(outcome: Outcome, *, faults: int, waits: int) -> float | None:
    """Seconds to pause before trying again, or None to give up.

    Pure. `faults` and `waits` count the passing faults and the waits met before this one.
    """
    match outcome:
        case Passing() | Unknown() if faults < len(PAUSES):
            return PAUSES[faults]
        case Wait(seconds) if seconds <= LONGEST_WAIT and waits < MOST_WAITS:
            return seconds
        case _:
            return None


# `Any`: what handlers are given is typed by the library as a bot that takes no such arguments.
class Retrying(BaseRateLimiter[Any]):
    """Tries a request again after a passing fault, or after the wait that Telegram asks for.

    It stands round every request but `getUpdates`, which repeats itself. Each request waits for
    itself alone: one chat's wait holds up no other. Whatever shows something in a chat also waits
    for its turn of the `pace`, if there is one, ahead of all broadcasts, and the pace is told how
    the chat took it.

    When the response to a message is lost, the message may have arrived, and trying again then
    shows it twice. That is right for replies: a person who asked and gets no answer is worse off
    than one who gets it twice. Notifications nobody asked for must not be sent this way: with
    `rate_limit_args=BROADCAST` a request passes through as it is, once.
    """

    # python-telegram-bot's documentation asks to handle no exception but `RetryAfter` here. Its
    # code (`ExtBot._do_post`, 22.8) needs no such thing: the callback builds its request anew from
    # the same arguments each time, and nobody looks at an error before this method lets it through.
    # Harm could come to uploads from an open file, which is read up by the first try; this bot
    # uploads nothing.

    def __init__(
        self,
        pace: Pace | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._pace = pace
        self._sleep = sleep

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Sending | None,
    ) -> Result:
        """Raises the last `TelegramError` where trying again is hopeless or was in vain.

        `RetryAfter` also where the chat's turn would not come before a person has left.
        """
        if rate_limit_args is BROADCAST:
            return await _readable(callback(*args, **kwargs))
        chat_id = written_to(endpoint, data)
        faults = waits = 0
        while True:
            try:
                async with self._turn(chat_id):
                    result = await _readable(callback(*args, **kwargs))
            except TelegramError as error:
                outcome = outcome_of(error)
                pause = pause_before_next(outcome, faults=faults, waits=waits)
                if pause is None or endpoint in _NEVER_AGAIN:
                    raise
            else:
                return result
            if isinstance(outcome, Wait):
                waits += 1
            else:
                faults += 1
            logger.info("%s met %s; trying again in %g s", endpoint, outcome, pause)
            await self._sleep(pause)

    @asynccontextmanager
    async def _turn(self, chat_id: int | str | None) -> AsyncIterator[None]:
        """The turn of a reply to this chat; the block is the request, and the pace hears of it."""
        pace = self._pace
        if pace is None or chat_id is None:
            yield
            return
        async with AsyncExitStack() as stack:
            wait = pace.waiting(chat_id)
            if wait > LONGEST_WAIT:
                raise _too_long(wait)
            try:
                async with asyncio.timeout(LONGEST_WAIT):
                    await stack.enter_async_context(pace.slot(chat_id, ahead=True))
            except TimeoutError:
                raise _too_long(max(LONGEST_WAIT + 1, pace.waiting(chat_id))) from None
            try:
                yield
            except TelegramError as error:
                if isinstance(outcome := outcome_of(error), Wait):
                    pace.met_429(chat_id, outcome.seconds)
                raise
            pace.succeeded(chat_id)


def written_to(endpoint: str, data: dict[str, Any]) -> int | str | None:
    """The chat where a request shows something, by its number where that is known; else None."""
    chat_id = data.get("chat_id")
    if endpoint in _NO_MESSAGES or not endpoint.startswith(_MESSAGES):
        return None
    if isinstance(chat_id, str) and chat_id.removeprefix("-").isdecimal():
        return int(chat_id)
    return chat_id if isinstance(chat_id, (int, str)) else None


def _too_long(seconds: float) -> RetryAfter:
    return RetryAfter(timedelta(seconds=ceil(seconds)))


async def _readable(request: Awaitable[Result]) -> Result:
    """The result; a response that is JSON but holds none becomes an error like unreadable JSON."""
    try:
        return await request
    except (KeyError, TypeError) as error:
        # `BaseRequest.post` ends in `json_data["result"]`.
        raise TelegramError("Invalid server response") from error
