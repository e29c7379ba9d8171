"""/tags: what articles are tagged with, as buttons; `bot.handlers.latest` answers their presses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from telegram import Message

from bot.buttons import TAGS
from bot.cards import sentence
from bot.context import Library
from bot.handlers import Handler, Turns, on_command
from bot.handlers.presses import Press, Shown, on_button
from bot.listings import TAGS_ON_A_PAGE, label_of, tags_keyboard
from bot.markup import text
from bot.replies import redraw, reply, show_typing, wording_of
from bot.typing_action import typing


def handlers(library: Library, *, buttons: bool = True) -> Iterator[Handler]:
    """Where there are no `buttons`, the most frequent tags are listed."""
    browsing = library.browsing

    async def show(message: Message) -> None:
        wording = wording_of(message)
        async with typing(partial(show_typing, message)):
            page = await browsing.tags(TAGS_ON_A_PAGE)
        if not page.tags:
            await reply(message, sentence(wording.say("no-tags")))
            return
        if not buttons:
            listed = "\n".join(label_of(tag) for tag in page.tags)
            await reply(message, sentence(f"{wording.say('tags-most-frequent')}\n\n{listed}"))
            return
        heading = sentence(wording.say("tags-heading", count=page.total))
        await reply(message, heading, tags_keyboard(page, wording, 0))

    async def turn(press: Press) -> Shown | None:
        match press.pressed.values:
            case (int(offset),) if offset >= 0:
                page = await browsing.tags(TAGS_ON_A_PAGE, offset)
            case _:
                return Shown(press.wording.say("button-old"), alert=True)
        if not page.tags:  # there are fewer now
            offset = 0
            page = await browsing.tags(TAGS_ON_A_PAGE)
        if not page.tags:
            return Shown(press.wording.say("no-tags"), alert=True)
        heading = text(press.wording.say("tags-heading", count=page.total))
        keyboard = tags_keyboard(page, press.wording, offset)
        await redraw(press.bot, press.chat.id, press.message_id, heading, keyboard)
        return None

    yield on_command("tags", show)
    yield on_button({TAGS}, turn, Turns())
