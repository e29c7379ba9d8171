"""Before all that answers: who is not let in is turned away, and too many questions are stopped.

update -> let in? -> a question? -> may this person ask it now? -> on to the others, or the end

Too many questions are met with one kind sentence, then with silence for a while.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.access import Wait
from bot.buttons import EXAMPLE, unpack
from bot.cards import sentence
from bot.context import Desk
from bot.deep_links import OpenQuestion, OpenRemembered, opening_of
from bot.handlers import Handler, after_command, ask, on_command
from bot.handlers.ask import asked_by, question_in
from bot.handlers.entrance import Entrance, author_of, is_meant
from bot.handlers.presses import Shown, show, wording_of_press
from bot.replies import reply, wording_of
from bot.wording import Wording

logger = logging.getLogger(__name__)

#: Seconds beyond which a wait is told in minutes, and minutes beyond which in hours.
_LONG, _VERY_LONG = 99, 99


def gate(desk: Desk, clock: Callable[[], float] = time.monotonic) -> Handler:
    """A handler to stand in a group before those that answer; `clock` gives seconds."""
    asking = [*ask.handlers(desk.library, desk)]
    starting = on_command("start", _nothing)
    entrance = Entrance(desk, clock)

    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        try:
            closed = await entrance.closes(update)
        except Exception as error:  # nobody gets in by a mistake of ours
            await context.application.process_error(update, error)
            closed = True
        if closed:
            raise ApplicationHandlerStop
        if (query := update.callback_query) is not None:
            await pressed(query)
            return
        message = update.message or update.edited_message
        if message is None or not await is_question(update, message):
            return
        author = author_of(message)
        if author is None or author in desk.admins:
            return
        wait = desk.limiter.ask(author, message.chat_id, clock())
        if wait is None:
            return
        if not wait.said:
            await _say(message, wait)
        raise ApplicationHandlerStop

    async def pressed(query: CallbackQuery) -> None:
        """An example is a question of whoever presses it."""
        meant = unpack(query.data)
        person = query.from_user.id
        if meant is None or meant.kind != EXAMPLE or query.message is None:
            return
        if person in desk.admins:
            return
        wait = desk.limiter.ask(person, query.message.chat.id, clock())
        if wait is not None:
            # Over the chat, where it troubles nobody: each press is answered, or it would spin.
            await show(query, Shown(_told(wait, wording_of_press(query)), alert=True))
            raise ApplicationHandlerStop

    async def is_question(update: Update, message: Message) -> bool:
        """As the handlers of questions see it; a link of ours may ask one, too."""
        if is_meant(starting, update):
            opening = opening_of(after_command(message))
            return isinstance(opening, OpenQuestion | OpenRemembered)
        if not any(is_meant(each, update) for each in asking):
            return False
        if not question_in(asked_by(message)):
            return False
        if update.edited_message is None:
            return True
        # Most edits change nothing that we have answered.
        where = (message.chat_id, message.message_id)
        return await asyncio.to_thread(desk.ledger.answers.to_question, *where) is not None

    return TypeHandler(Update, callback)


async def _nothing(_: Message) -> None:
    """Only asked whether it would be called."""


async def _say(message: Message, wait: Wait) -> None:
    try:
        await reply(message, sentence(_told(wait, wording_of(message))))
    except TelegramError as error:  # the question stays unanswered all the same
        logger.info("chat %d is not told to wait: %r", message.chat_id, error)


def _told(wait: Wait, wording: Wording) -> str:
    minutes = math.ceil(wait.seconds / 60)
    if minutes > _VERY_LONG:
        return wording.say("limit-hours", hours=math.ceil(minutes / 60))
    if wait.seconds > _LONG:
        return wording.say("limit-minutes", minutes=minutes)
    return wording.say("limit-seconds", seconds=wait.seconds)
