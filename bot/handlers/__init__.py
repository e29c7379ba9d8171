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

# Without this, commands would fire again on every edit, and for business chats and channels.
NEW = filters.UpdateType.MESSAGE
PRIVATE = NEW & filters.ChatType.PRIVATE


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
