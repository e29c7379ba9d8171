"""Who is let in, before anything is answered: update -> on to the others, or the end of it.

a code behind /start -> remembered, and let in; anybody else -> a kind sentence in private, silence
in a group, an alert over a button, no results in any chat. Nothing is stored of who is turned away.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from telegram import (
    CallbackQuery,
    ChatMemberUpdated,
    InlineQuery,
    InlineQueryResultsButton,
    Message,
    Update,
)
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import filters

from bot.access import Rate, Sparing
from bot.admission import Mode, is_try
from bot.buttons import FORGET, unpack
from bot.cards import sentence
from bot.context import Desk
from bot.handlers import NEW, PRIVATE, Handler, after_command, on_command, on_message
from bot.handlers.places import is_admin, may_post
from bot.handlers.presses import Shown, show, wording_of_press
from bot.languages import wording_for_reader
from bot.replies import reply, wording_of

logger = logging.getLogger(__name__)

#: Codes that one person may try, and sentences that say how to get in.
TRIES, SENTENCES = Rate(5, 3600.0), Rate(1, 600.0)
#: The same sentences for whoever begins: the button that Telegram shows for it must do something.
BEGINNINGS = Rate(1, 10.0)
#: Groups of which is remembered who brought the bot there.
_MOST_ADDED = 1_000
#: Seconds for which Telegram may keep an empty answer: soon they may be let in.
_KEPT = 5


class Entrance:
    """Tells of each update whether it ends here; `clock` gives seconds."""

    def __init__(self, desk: Desk, clock: Callable[[], float]) -> None:
        self._desk = desk
        self._clock = clock
        self._tries = Sparing(TRIES)
        self._sentences = Sparing(SENTENCES)
        self._beginnings = Sparing(BEGINNINGS)
        self._added: deque[tuple[int, int]] = deque(maxlen=_MOST_ADDED)
        self._starting = on_command("start", _nothing)
        news = filters.StatusUpdate.MIGRATE | filters.StatusUpdate.FORUM_TOPIC_REOPENED
        self._free = [
            on_command("privacy", _nothing),
            on_command("forget", _nothing),
            on_message(NEW & news, _nothing),
        ]

    async def closes(self, update: Update) -> bool:
        """Whether nobody else gets to see it. Raises `LedgerError` and `TelegramError`."""
        admission = self._desk.admission
        if admission.is_public:
            return False
        if update.my_chat_member is not None:  # whether a chat hears us is good to know
            self._note(update.my_chat_member)
            return False
        if update.message is not None and admission.mode is Mode.INVITED:
            ended = await self._try(update, update.message)
            if ended is not None:
                return ended
        chat = update.effective_chat
        if await admission.admits(_author_of(update), None if chat is None else chat.id):
            return False
        query = update.callback_query
        pressed = None if query is None else unpack(query.data)
        if pressed is not None and pressed.kind == FORGET:
            return False
        if any(is_meant(each, update) for each in self._free):
            return False
        try:
            await self._turn_away(update)
        except TelegramError as error:
            logger.info("update %d is turned away without a word: %r", update.update_id, error)
        return True

    async def _try(self, update: Update, message: Message) -> bool | None:
        """Whether it ends with what is said of a code; None where it is none, or needs none.

        Where a group needs none any more, the code does not stay to be read either.
        """
        desk, chat_id = self._desk, message.chat_id
        code = after_command(message)
        if not is_meant(self._starting, update) or not is_try(code):
            return None
        wording = wording_of(message)
        author, private = author_of(message), message.chat.type == ChatType.PRIVATE
        if author is None:
            return None
        let_in = await desk.admission.admits(None, chat_id)
        if private and let_in:
            return None
        if not self._tries.take(author, self._clock()):
            if not private:
                return None
            if self._sentences.take(("tries", author), self._clock()):
                await _say(message, wording.say("access-too-many"))
            return True
        origin = desk.admission.opens(code)
        if let_in:
            if origin is not None:
                await _delete(message)
            return None
        may = private or await self._may_let_in(message)
        if origin is None:
            if not may:
                return None
            await _say(message, wording.say("access-wrong"))
            return True
        if not private:
            await _delete(message)
        if not may:
            await _say(message, wording.say("access-admins-only"))
            return True
        remember = desk.ledger.people.letting_in(chat_id, str(origin), desk.clock())
        await desk.writer.do(remember)
        desk.admission.keep(chat_id, origin)
        logger.info("%d came by the invitation code", chat_id)
        for each in (self._sentences, self._beginnings):  # once forgotten, they are told at once
            each.forget(chat_id)
        if private:
            return False  # and is welcomed
        await _say(message, wording.say("access-group"))
        return True

    async def _may_let_in(self, message: Message) -> bool:
        """An administrator may, also one without a name, whoever brought the bot, and its owner."""
        if message.sender_chat is not None:
            return message.sender_chat.id == message.chat_id
        person = message.from_user
        if person is None:
            return False
        if person.id in self._desk.admins or (message.chat_id, person.id) in self._added:
            return True
        return await is_admin(message.get_bot(), message.chat_id, person.id)

    def _note(self, changed: ChatMemberUpdated) -> None:
        chat, old = changed.chat, changed.old_chat_member
        if may_post(changed.new_chat_member, chat) and not may_post(old, chat):
            self._added.append((chat.id, changed.from_user.id))

    async def _turn_away(self, update: Update) -> None:
        if update.inline_query is not None:
            await _show_nothing(update.inline_query)
        elif update.callback_query is not None:
            await _alert(update.callback_query)
        elif (
            (message := update.message) is not None
            and PRIVATE.check_update(update)
            and self._may_be_told(update, message)
        ):
            await _say(message, self._how_to_get_in(message))

    def _may_be_told(self, update: Update, message: Message) -> bool:
        """Once in a while; who only begins is told each time, unless it was a moment ago."""
        who, now = message.chat_id, self._clock()
        told = self._sentences.take(who, now)
        if told or (is_meant(self._starting, update) and not after_command(message)):
            return self._beginnings.take(who, now) or told
        return False

    def _how_to_get_in(self, message: Message) -> str:
        wording = wording_of(message)
        if self._desk.admission.mode is Mode.INVITED:
            return wording.say("access-invited")
        return wording.say("access-listed", number=str(message.chat_id))


def author_of(message: Message) -> int | None:
    """The number of who wrote: of the group or channel where somebody writes in its name."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    return None if message.from_user is None else message.from_user.id


def is_meant(handler: Handler, update: Update) -> bool:
    """Whether the handler would take the update."""
    return handler.check_update(update) not in (None, False)


def _author_of(update: Update) -> int | None:
    if update.callback_query is None and update.inline_query is None:
        message = update.effective_message
        return None if message is None else author_of(message)
    return None if update.effective_user is None else update.effective_user.id


async def _say(message: Message, said: str) -> None:
    await reply(message, sentence(said))


async def _delete(message: Message) -> None:
    """What holds the code, if the bot may: all in the group can read it."""
    try:
        await message.delete()
    except TelegramError as error:
        logger.info("the code stays to be read in chat %d: %r", message.chat_id, error)


async def _alert(query: CallbackQuery) -> None:
    await show(query, Shown(wording_of_press(query).say("access-button"), alert=True))


async def _show_nothing(query: InlineQuery) -> None:
    wording = wording_for_reader(query.from_user.language_code, query.query)
    button = InlineQueryResultsButton(wording.say("access-inline"), start_parameter="inline")
    await query.answer([], cache_time=_KEPT, is_personal=True, button=button)


async def _nothing(_: Message) -> None:
    """Only asked whether it would be called."""
