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

#: What people send that holds no words. All else is news about a chat, and nobody asked for it.
_WORDLESS = (
    "animation",
    "audio",
    "checklist",
    "contact",
    "dice",
    "document",
    "game",
    "live_photo",
    "location",
    "paid_media",
    "photo",
    "poll",
    "rich_message",
    "sticker",
    "story",
    "venue",
    "video",
    "video_note",
    "voice",
)


class _Wordless(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        # Kinds that are newer than the library stand among what it does not know.
        return any(
            getattr(message, kind, None) or message.api_kwargs.get(kind) for kind in _WORDLESS
        )


def handlers(albums: Remembered) -> Iterator[Handler]:
    """`albums` are those that were answered already, by the caption of one of their pictures."""

    async def unknown_command(message: Message) -> None:
        wording = wording_of(message)
        said = (
            wording.say("unknown-command")
            if message.forward_origin is None
            else wording.say("forwarded-command")
        )
        await reply(message, sentence(said))

    async def no_words(message: Message) -> None:
        # An album comes as one message for each of its pictures.
        if message.media_group_id is None or albums.is_new(message.media_group_id):
            await reply(message, sentence(wording_of(message).say("words-only")))

    yield on_any_other_button()
    yield on_message(PRIVATE & filters.COMMAND, unknown_command)
    yield on_message(PRIVATE & _Wordless(), no_words)
