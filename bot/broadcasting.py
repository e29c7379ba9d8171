"""One request for an announcement, and what became of it: announcement -> Telegram -> outcome."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.announcements import Announcement
from bot.ledger.records import Place
from bot.outcomes import Outcome, Refused, Unknown, outcome_of
from bot.retrying import BROADCAST

logger = logging.getLogger(__name__)

#: Refusals that tell of a topic, not of the message.
_TOPIC_IS_GONE = ("message thread not found", "topic_closed", "topic_deleted", "topic closed")
#: Refusals of an edit after which there is nothing to edit any more.
_NOTHING_TO_EDIT = ("message is not modified", "message to edit not found", "can't be edited")

T = TypeVar("T")
Bot = ExtBot[Any]


async def send(bot: Bot, place: Place, message: Announcement) -> tuple[Outcome | None, int | None]:
    """What became of it, None for sent; and the number of the message."""
    outcome, sent = await _outcome(
        bot.send_message(
            place.chat_id,
            message.words,
            parse_mode=message.parse_mode,
            message_thread_id=place.topic or None,
            disable_notification=place.silent,
            link_preview_options=message.preview,
            reply_markup=message.keyboard,
            rate_limit_args=BROADCAST,
        )
    )
    return outcome, None if sent is None else sent.message_id


async def edit(bot: Bot, place: Place, message_id: int, message: Announcement) -> Outcome | None:
    """What became of it, None for done."""
    outcome, _ = await _outcome(
        bot.edit_message_text(
            message.words,
            place.chat_id,
            message_id,
            parse_mode=message.parse_mode,
            link_preview_options=message.preview,
            reply_markup=message.keyboard,
            rate_limit_args=BROADCAST,
        )
    )
    return outcome


async def _outcome(request: Awaitable[T]) -> tuple[Outcome | None, T | None]:
    try:
        return None, await request
    except TelegramError as error:
        return outcome_of(error), None
    except Exception as error:  # of the library's own, and the request may have been written
        logger.exception("a request to Telegram ended in a way that nobody foresaw")
        return Unknown(repr(error)), None


def topic_is_gone(outcome: Outcome) -> bool:
    """Whether nothing can be sent to the topic, the general one too, whatever it is."""
    return _says(outcome, _TOPIC_IS_GONE)


def nothing_to_edit(outcome: Outcome) -> bool:
    """Whether the message is not there, or looks as it should."""
    return _says(outcome, _NOTHING_TO_EDIT)


def _says(outcome: Outcome, signs: Iterable[str]) -> bool:
    said = outcome.reason.lower() if isinstance(outcome, Refused) else ""
    return any(sign in said for sign in signs)
