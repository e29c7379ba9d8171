"""What no other handler wanted: unknown buttons, and in a private chat commands and pictures."""

from __future__ import annotations

from collections.abc import Iterator

from telegram import Message
from telegram.ext import filters

from bot.cards import sentence
from bot.handlers import PRIVATE, Handler, on_message
from bot.handlers.presses import on_any_other_button
from bot.replies import reply, wording_of
from bot.updates import Remembered


def handlers() -> Iterator[Handler]:
    albums = Remembered(256)

    async def unknown_command(message: Message) -> None:
        await reply(message, sentence(wording_of(message).say("unknown-command")))

    async def no_words(message: Message) -> None:
        # An album comes as one message for each of its pictures.
        if message.media_group_id is None or albums.is_new(message.media_group_id):
            await reply(message, sentence(wording_of(message).say("words-only")))

    yield on_any_other_button()
    yield on_message(PRIVATE & filters.COMMAND, unknown_command)
    yield on_message(PRIVATE & ~filters.StatusUpdate.ALL, no_words)
