"""What the bot does with a message or a press: update -> library or ledger -> cards -> reply."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot, CallbackQuery, Chat, Message, Update, User
from telegram.error import TelegramError
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.buttons import Pressed, unpack
from bot.cutting import clipped
from bot.wording import Wording, wording_for

logger = logging.getLogger(__name__)

Handler = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]
Answering = Callable[[Message], Awaitable[None]]

# Without this, commands would fire again on every edit, and for business chats and channels.
NEW = filters.UpdateType.MESSAGE
PRIVATE = NEW & filters.ChatType.PRIVATE

#: Seconds that a button may spin; its work goes on beyond them.
LONGEST_SPIN = 3.0
#: Characters of what is shown over the chat: https://core.telegram.org/bots/api#answercallbackquery
LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees over the chat for having pressed a button.

    An `alert` stays until it is closed. `url` is opened instead: a `t.me` link to this very bot.
    """

    words: str | None = None
    alert: bool = False
    url: str | None = None


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


class Turns:
    """Lets those who name the same thing in one after another, in the order they came."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, name: Hashable) -> AsyncIterator[None]:
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        async with lock:
            yield


def on_command(command: str, answering: Answering) -> Handler:
    """Answer a command, in any chat."""
    return CommandHandler(command, _of_message(answering), filters=NEW)


def on_message(kind: filters.BaseFilter, answering: Answering) -> Handler:
    """Answer the messages of one kind; combine it with `NEW` or `PRIVATE`."""
    return MessageHandler(kind, _of_message(answering))


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
        await query.answer(words, show_alert=shown.alert or None, url=shown.url)
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
    return wording_for(query.from_user.language_code, sample or "")


def after_command(message: Message) -> str:
    """What stands behind the command, `/ask@name` included, white space made single spaces."""
    return " ".join((message.text or "").split()[1:])


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


def _of_message(
    answering: Answering,
) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Any]:
    async def callback(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None:
            await answering(update.message)

    return callback
