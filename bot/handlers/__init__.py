"""What the bot does with a message or a press: update -> library or ledger -> cards -> reply."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from telegram import Message, Update
from telegram.ext import BaseHandler, CommandHandler, ContextTypes, MessageHandler, filters

Handler = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]
Answering = Callable[[Message], Awaitable[None]]


class _Written(filters.MessageFilter):
    """Messages of people: not of other bots, of the linked channel, or made by this bot's cards."""

    def filter(self, message: Message) -> bool:
        author, via = message.from_user, message.via_bot
        # Who writes as a group or a channel has one of Telegram's own bots as its author.
        by_bot = author is not None and author.is_bot and message.sender_chat is None
        ours = via is not None and via.id == message.get_bot().id
        return not (by_bot or ours or message.is_automatic_forward)


# Without this, commands would fire again on every edit, and for business chats and channels.
NEW = filters.UpdateType.MESSAGE
WRITTEN = NEW & _Written()
PRIVATE = WRITTEN & filters.ChatType.PRIVATE
GROUPS = WRITTEN & filters.ChatType.GROUPS


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


def on_command(
    command: str, answering: Answering, only: filters.BaseFilter = filters.ALL
) -> Handler:
    """Answer a command, in any chat; a forwarded one was meant for somebody else.

    Where `only` lets it through: elsewhere it is a command that nobody knows.
    """
    own = WRITTEN & ~filters.FORWARDED & only
    return CommandHandler(command, _of_message(answering), filters=own)


def on_message(kind: filters.BaseFilter, answering: Answering) -> Handler:
    """Answer the messages of one kind; combine it with one of the above."""
    return MessageHandler(kind, _of_message(answering))


def after_command(message: Message) -> str:
    """What stands behind the command, `/ask@name` included, white space made single spaces."""
    return " ".join((message.text or "").split()[1:])


def _of_message(
    answering: Answering,
) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Any]:
    async def callback(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None:
            await answering(update.message)

    return callback
