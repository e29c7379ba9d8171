"""What a failed request to Telegram means for us: error -> outcome.

Pure: a decider. Grouped by consequence, because the classes of python-telegram-bot are not:
`BadRequest` and `TimedOut` are both `NetworkError`s, though one is hopeless and the other is not;
an unreadable response is a bare `TelegramError`; and a proxy's own error page comes back as
whatever its status code would mean from Telegram.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)


@dataclass(frozen=True, slots=True)
class Wait:
    """Telegram asks to come back after `seconds`; nothing was sent."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup: the same request will succeed for `chat_id`."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Gone:
    """This chat cannot hear the bot: it was blocked, removed, or the chat is no more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """This very request will never succeed; others to the same chat may."""

    reason: str


@dataclass(frozen=True, slots=True)
class Barred:
    """No request at all will succeed until the owner acts: a bad token, a second instance."""

    reason: str


@dataclass(frozen=True, slots=True)
class Passing:
    """Telegram was not reached: nothing was sent, and trying again may help."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost or is unreadable: it may have been sent, and trying again may help."""

    reason: str


Outcome = Wait | Moved | Gone | Refused | Barred | Passing | Unknown

# Refusals that tell of the chat, not of the message. Lower case, as they follow "Bad Request: ".
_CHAT_IS_GONE = (
    "chat not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "group chat was deactivated",
    "have no rights to send a message",
    "not enough rights to send",
    "need administrator rights in the channel chat",
)
_NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def outcome_of(error: TelegramError) -> Outcome:
    """Classify one error that a request to Telegram raised."""
    reason = f"{type(error).__name__}: {error.message}"
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return Wait(wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    if _is_unreadable(error.__cause__):
        return Unknown(reason)
    if isinstance(error, Forbidden):
        return Gone(reason)
    if isinstance(error, (InvalidToken, Conflict)):
        return Barred(reason)
    if isinstance(error, BadRequest):
        said = error.message.lower()
        return Gone(reason) if any(sign in said for sign in _CHAT_IS_GONE) else Refused(reason)
    if isinstance(error, EndPointNotFound) or "request entity too large" in error.message.lower():
        return Refused(reason)
    if isinstance(error, NetworkError) and isinstance(error.__cause__, _NOT_REACHED):
        return Passing(reason)
    return Unknown(reason)


def _is_unreadable(cause: BaseException | None) -> bool:
    """Whether an error was raised from a failure to read the response's body.

    Telegram always answers in JSON: what is not JSON comes from something between it and us.
    """
    return type(cause) is TelegramError
