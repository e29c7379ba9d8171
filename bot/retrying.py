"""Requests to Telegram tried again: request -> request, pause, request ... -> result or error."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram.error import TelegramError
from telegram.ext import BaseRateLimiter

from bot.outcomes import Outcome, Passing, Unknown, Wait, outcome_of

logger = logging.getLogger(__name__)

PAUSES = (0.5, 1.0, 2.0)  # seconds before the second, third and fourth try
LONGEST_WAIT = 60.0  # a person has left by then; Telegram may ask for hours
MOST_WAITS = 3

# Worth nothing when late: the caller repeats it by itself.
_NEVER_AGAIN = frozenset({"sendChatAction"})

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


class Retrying(BaseRateLimiter[None]):
    """Tries a request again after a passing fault, or after the wait that Telegram asks for.

    It stands round every request but `getUpdates`, which repeats itself. Each request waits for
    itself alone: one chat's wait holds up no other.

    When the response to a message is lost, the message may have arrived, and trying again then
    shows it twice. That is right for replies: a person who asked and gets no answer is worse off
    than one who gets it twice. Notifications nobody asked for must not be sent this way.
    """

    # python-telegram-bot's documentation asks to handle no exception but `RetryAfter` here. Its
    # code (`ExtBot._do_post`, 22.8) needs no such thing: the callback builds its request anew from
    # the same arguments each time, and nobody looks at an error before this method lets it through.
    # Harm could come to uploads from an open file, which is read up by the first try; this bot
    # uploads nothing.

    def __init__(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
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
        rate_limit_args: None,
    ) -> Result:
        """Raises the last `TelegramError` where trying again is hopeless or was in vain."""
        faults = waits = 0
        while True:
            try:
                return await _readable(callback(*args, **kwargs))
            except TelegramError as error:
                outcome = outcome_of(error)
                pause = pause_before_next(outcome, faults=faults, waits=waits)
                if pause is None or endpoint in _NEVER_AGAIN:
                    raise
            if isinstance(outcome, Wait):
                waits += 1
            else:
                faults += 1
            logger.info("%s met %s; trying again in %g s", endpoint, outcome, pause)
            await self._sleep(pause)


async def _readable(request: Awaitable[Result]) -> Result:
    """The result; a response that is JSON but holds none becomes an error like unreadable JSON."""
    try:
        return await request
    except (KeyError, TypeError) as error:
        # `BaseRequest.post` ends in `json_data["result"]`.
        raise TelegramError("Invalid server response") from error
