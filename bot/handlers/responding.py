"""What a press brings into the chat: below the message that was pressed, in its topic."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from telegram import ForceReply, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ParseMode

from bot.context import Desk
from bot.handlers.presses import Press
from bot.markup import Text
from bot.replies import reply


async def respond(
    press: Press,
    parts: Sequence[Text],
    keyboard: InlineKeyboardMarkup | ForceReply | None = None,
    desk: Desk | None = None,
) -> list[Message]:
    """Send the parts there, the keyboard below the last; what was sent.

    With a desk also in the topic of a notice or an answer of long ago. Raises `TelegramError` and
    `LedgerError`.
    """
    if press.message is not None:
        return await reply(press.message, parts, keyboard)
    # Of an old message Telegram does not tell the topic; the ledger remembers it.
    topic = 0
    if desk is not None:
        topic = await asyncio.to_thread(_topic_of, desk, press.chat.id, press.message_id)
    return [
        await press.bot.send_message(
            press.chat.id,
            part.html,
            parse_mode=ParseMode.HTML,
            message_thread_id=topic or None,
            reply_parameters=ReplyParameters(press.message_id, allow_sending_without_reply=True),
            reply_markup=keyboard if number == len(parts) else None,
        )
        for number, part in enumerate(parts, 1)
    ]


def _topic_of(desk: Desk, chat_id: int, message_id: int) -> int:
    """The topic in which a notice or an answer stands, 0 where there is none."""
    given = desk.ledger.answers.of_message(chat_id, message_id)
    if given is not None:
        return given.topic
    delivery = desk.ledger.outbox.message(chat_id, message_id)
    if delivery is None:
        return 0
    places = desk.ledger.subscribers.by_id([delivery.place_id])
    return next((place.topic for place in places.values()), 0)
