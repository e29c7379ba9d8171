"""Replies to the message a person wrote: parts -> the same chat, the same topic."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from telegram import LinkPreviewOptions, Message
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError

from bot.markup import Text
from bot.outcomes import Gone, Moved, Refused, outcome_of
from bot.wording import Wording, wording_for

logger = logging.getLogger(__name__)

# A card holds several links; the preview of one would drown the rest.
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def wording_of(message: Message) -> Wording:
    """The wording for whoever wrote the message."""
    code = None if message.from_user is None else message.from_user.language_code
    return wording_for(code, message.text or message.caption or "")


async def show_typing(message: Message) -> None:
    await message.reply_chat_action(ChatAction.TYPING)


async def reply(message: Message, parts: Sequence[Text]) -> None:
    """Send the parts in order to where the message came from.

    In groups the first one quotes the message, unless it was deleted meanwhile. A chat that cannot
    hear the bot any more ends it quietly. Raises `TelegramError`.
    """
    chat_id: int | None = None
    for number, part in enumerate(parts):
        send = partial(_send, message, quoting=number == 0)
        try:
            await send(part.html, chat_id)
        except TelegramError as error:
            match outcome_of(error):
                case Moved(chat_id):
                    logger.info("chat %d is now %d", message.chat_id, chat_id)
                    await send(part.html, chat_id)
                case Gone(reason):
                    logger.info("chat %d cannot be answered: %s", message.chat_id, reason)
                    return
                case Refused(reason) if "parse entities" in reason:
                    # Not known to happen; if it does, the words are worth more than their looks.
                    logger.error("Telegram refused our HTML: %s: %r", reason, part.html)
                    await send(part.plain, chat_id, parse_mode=None)
                case _:
                    raise


async def _send(
    message: Message,
    words: str,
    chat_id: int | None,
    *,
    quoting: bool,
    parse_mode: str | None = ParseMode.HTML,
) -> None:
    if chat_id is not None:
        # Message and topic numbers do not move along with a group: there is nothing to quote.
        await message.get_bot().send_message(
            chat_id, words, parse_mode=parse_mode, link_preview_options=_NO_PREVIEW
        )
        return
    # Left to itself, `do_quote` quotes everywhere but in private chats; the topic is kept anyway.
    await message.reply_text(
        words,
        parse_mode=parse_mode,
        link_preview_options=_NO_PREVIEW,
        do_quote=None if quoting else False,
        allow_sending_without_reply=True,
    )
