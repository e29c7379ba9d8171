"""Buttons: a press -> the work it asks for -> what is shown for it, before anybody wonders.

Every press is answered within seconds: with what its work says, with nothing while that goes on, or
with a word of apology (`bot.handlers.failures`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Bot, CallbackQuery, Chat, Message, Update, User
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.buttons import Pressed, unpack
from bot.cutting import clipped
from bot.handlers import Handler, Turns
from bot.languages import wording_for_reader
from bot.wording import Wording

logger = logging.getLogger(__name__)

#: Seconds that a button may spin; its work goes on beyond them.
LONGEST_SPIN = 3.0
#: Characters of what is shown over the chat: https://core.telegram.org/bots/api#answercallbackquery
LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees over the chat for having pressed a button.

    An `alert` stays until it is closed.
    """

    words: str | None = None
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A button, who pressed it, and under which message of ours.

    `message` is None where Telegram tells no more of an old one than `chat` and `message_id`.
    """

    query: CallbackQuery
    pressed: Pressed
    chat: Chat
    message_id: int
    message: Message | None
    wording: Wording

    @property
    def person(self) -> User:
        return self.query.from_user

    @property
    def bot(self) -> Bot:
        return self.query.get_bot()


Pressing = Callable[[Press], Coroutine[Any, Any, Shown | None]]


class FailedLate(Exception):
    """A press failed, for the reason that caused this, after its button had ceased to spin."""


def on_button(kinds: Collection[str], pressing: Pressing, turns: Turns | None = None) -> Handler:
    """Do what a button of these kinds says, and have it spin no longer than `LONGEST_SPIN`.

    Where `turns` are given, presses below one message are done in the order they came.
    """

    def is_meant(data: object) -> bool:
        pressed = unpack(data)
        return pressed is not None and pressed.kind in kinds

    async def callback(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        pressed = unpack(query.data)
        # No data at all passes any pattern; no message, and it hangs on an inline result.
        if pressed is None or query.message is None:
            await _show_old(query)
            return
        press = Press(
            query,
            pressed,
            query.message.chat,
            query.message.message_id,
            message_of(query),
            wording_of_press(query),
        )
        work = pressing(press) if turns is None else in_turn(turns, press)
        await _perform(query, asyncio.ensure_future(work))

    async def in_turn(turns: Turns, press: Press) -> Shown | None:
        async with turns.of((press.chat.id, press.message_id)):
            return await pressing(press)

    return CallbackQueryHandler(callback, pattern=is_meant)


def on_any_other_button() -> Handler:
    """Stand after all others: a button that nobody knows (any more) does not spin either."""

    async def callback(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.callback_query is not None:
            await _show_old(update.callback_query)

    return CallbackQueryHandler(callback)


async def show(query: CallbackQuery, shown: Shown | None) -> None:
    """End the spinning, and show what there is to show. Never raises a `TelegramError`."""
    shown = shown or Shown()
    words = None if shown.words is None else clipped(shown.words, LONGEST_SHOWN)
    try:
        await query.answer(words, show_alert=shown.alert or None)
    except TelegramError as error:
        # Pressed while the bot was away, it has ceased to spin by itself.
        logger.info("a press was answered too late: %r", error)


def message_of(query: CallbackQuery) -> Message | None:
    """The message that was pressed, None where Telegram tells no more of it than its number.

    python-telegram-bot gives such a one as a message of the year 1970, though
    https://core.telegram.org/bots/api#inaccessiblemessage is a type of its own.
    """
    message = query.message
    return message if isinstance(message, Message) and message.date.timestamp() > 0 else None


def wording_of_press(query: CallbackQuery) -> Wording:
    """The wording for who pressed; where their client tells no language, the message's."""
    message = message_of(query)
    sample = None if message is None else message.text
    return wording_for_reader(query.from_user.language_code, sample or "")


async def _perform(query: CallbackQuery, work: asyncio.Future[Shown | None]) -> None:
    try:
        done, _ = await asyncio.wait({work}, timeout=LONGEST_SPIN)
        if done:
            await show(query, work.result())
            return
        await show(query, None)
        try:
            await work
        except Exception as error:
            raise FailedLate from error
    finally:
        if not work.done():
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


async def _show_old(query: CallbackQuery) -> None:
    logger.info("nobody knows the button %r", query.data)
    await show(query, Shown(wording_of_press(query).say("button-old"), alert=True))
