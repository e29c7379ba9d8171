"""Replies to the message a person wrote or pressed: parts -> the same chat, the same topic."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Sequence
from functools import partial

from telegram import Bot, ForceReply, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError

from bot.languages import wording_for_reader
from bot.markup import Text
from bot.outcomes import Gone, Moved, Refused, outcome_of
from bot.wording import Wording

logger = logging.getLogger(__name__)

# A card holds several links; the preview of one would drown the rest.
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def wording_of(message: Message) -> Wording:
    """The wording for whoever wrote the message, in the language that was chosen if one was."""
    code = None if message.from_user is None else message.from_user.language_code
    return wording_for_reader(code, message.text or message.caption or "")


async def show_typing(message: Message) -> None:
    await message.reply_chat_action(ChatAction.TYPING)


async def reply(
    message: Message,
    parts: Sequence[Text],
    keyboard: InlineKeyboardMarkup | ForceReply | None = None,
) -> list[Message]:
    """Send the parts in order to where the message came from; what was sent.

    In groups the first one quotes the message, unless it was deleted meanwhile; the keyboard stands
    below the last. A chat that cannot hear the bot any more ends it quietly. Raises
    `TelegramError`.
    """
    sent: list[Message] = []
    chat_id: int | None = None
    for number, part in enumerate(parts, 1):
        send = partial(
            _send,
            message,
            quoting=number == 1,
            keyboard=keyboard if number == len(parts) else None,
        )
        try:
            sent.append(await send(part.html, chat_id))
        except TelegramError as error:
            match outcome_of(error):
                case Moved(chat_id):
                    logger.info("chat %d is now %d", message.chat_id, chat_id)
                    sent.append(await send(part.html, chat_id))
                case Gone(reason):
                    logger.info("chat %d cannot be answered: %s", message.chat_id, reason)
                    break
                case Refused(reason) if "parse entities" in reason:
                    # Not known to happen; if it does, the words are worth more than their looks.
                    logger.error("Telegram refused our HTML: %s: %r", reason, part.html)
                    sent.append(await send(part.plain, chat_id, parse_mode=None))
                case _:
                    raise
    return sent


async def redraw(
    bot: Bot,
    chat_id: int,
    message_id: int,
    part: Text,
    keyboard: InlineKeyboardMarkup | None = None,
) -> None:
    """Have a message of ours show this instead, with this keyboard or none.

    A message that shows it already, or that was deleted meanwhile, is no error. Raises
    `TelegramError`.
    """
    edit = bot.edit_message_text(
        part.html,
        chat_id,
        message_id,
        parse_mode=ParseMode.HTML,
        link_preview_options=_NO_PREVIEW,
        reply_markup=keyboard,
    )
    await _edited(edit, chat_id, message_id)


async def rekey(bot: Bot, chat_id: int, message_id: int, keyboard: InlineKeyboardMarkup) -> None:
    """The same for the keyboard alone."""
    edit = bot.edit_message_reply_markup(chat_id, message_id, reply_markup=keyboard)
    await _edited(edit, chat_id, message_id)


async def _edited(edit: Awaitable[object], chat_id: int, message_id: int) -> None:
    try:
        await edit
    except TelegramError as error:
        said = error.message.lower()
        if "message is not modified" in said:
            return
        if "message to edit not found" not in said and "message can't be edited" not in said:
            raise
        logger.info("message %d of chat %d cannot be edited: %s", message_id, chat_id, said)


async def _send(
    message: Message,
    words: str,
    chat_id: int | None,
    *,
    quoting: bool,
    keyboard: InlineKeyboardMarkup | ForceReply | None,
    parse_mode: str | None = ParseMode.HTML,
) -> Message:
    if chat_id is not None:
        # Message and topic numbers do not move along with a group: there is nothing to quote.
        return await message.get_bot().send_message(
            chat_id,
            words,
            parse_mode=parse_mode,
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard,
        )
    # Left to itself, `do_quote` quotes everywhere but in private chats; the topic is kept anyway.
    return await message.reply_text(
        words,
        parse_mode=parse_mode,
        link_preview_options=_NO_PREVIEW,
        do_quote=None if quoting else False,
        allow_sending_without_reply=True,
        reply_markup=keyboard,
    )
