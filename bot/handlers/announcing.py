"""What an admin tells all who are subscribed: text -> a draft as people will see it -> the outbox.

Everything lasts: the draft is in the ledger, its buttons name it, and it is sent once, however
often somebody confirms it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from itertools import chain

from telegram import ForceReply, InlineKeyboardMarkup, Message
from telegram.constants import ChatType, ParseMode
from telegram.ext import filters

from bot.admin.bulletins import draft_keyboard, spread_text, told_keyboard
from bot.admin.drafting import draft_of
from bot.admin.screens import WRITE
from bot.buttons import ADMIN, Pressed, unpack
from bot.cards import sentence
from bot.context import Desk
from bot.handlers import NEW, Handler, on_command, on_message
from bot.handlers.addressed import ToUs
from bot.handlers.looking_after import Admins
from bot.handlers.presses import Press, Shown
from bot.handlers.responding import respond
from bot.ledger.records import Bulletin
from bot.markup import text
from bot.replies import redraw, rekey, reply, wording_of
from bot.timing import due
from bot.wishes import Trouble
from bot.wording import LANGUAGES, Wording

logger = logging.getLogger(__name__)

Values = tuple[int | str, ...]


class _ToThePrompt(filters.MessageFilter):
    """Replies to the message that asked what to tell, in whatever language that was.

    Also to the screen that a button of which asks for it: who writes below that means the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self._prompts = {_shown(Wording(each).say("announce-prompt")) for each in LANGUAGES}

    def filter(self, message: Message) -> bool:
        replied = message.reply_to_message
        if replied is None:
            return False
        return _shown(replied.text or "") in self._prompts or _asks_to_write(replied)


def _asks_to_write(message: Message) -> bool:
    rows = () if message.reply_markup is None else message.reply_markup.inline_keyboard
    wanted = Pressed(ADMIN, (WRITE,))
    return any(unpack(each.callback_data) == wanted for each in chain.from_iterable(rows))


class Announcing:
    """Everything raises `LedgerError` and `TelegramError`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bulletins = desk.ledger.bulletins

    def handlers(self) -> Iterator[Handler]:
        """The command, and replies to the prompt."""
        admins = Admins(self._desk)
        yield on_command("announce", self._command, admins)
        answers = NEW & admins & ~filters.COMMAND & ToUs() & _ToThePrompt()
        yield on_message(answers, self._draft)

    async def write(self, press: Press, _: Values) -> Shown | None:
        """Ask for the text."""
        prompt, field = _prompt(press.wording, private=press.chat.type == ChatType.PRIVATE)
        await respond(press, sentence(prompt), field, desk=self._desk)
        return None

    async def send(self, press: Press, values: Values) -> Shown | None:
        """Put it into the outbox, once."""
        number = _number(values)
        now = self._desk.clock()
        serves = self._desk.admission.serves
        places = await self._desk.writer.do(self._bulletins.tell(number, now, due, serves))
        if places is None and await self._told(number) is None:
            return await self._gone(press)
        # Once more where it was told before: the bot may have been killed in between.
        await self._rekey(press, told_keyboard(number, press.wording))
        if places is None:
            return Shown(press.wording.say("announce-already"))
        logger.info("bulletin %d goes to %d places, says %d", number, places, press.person.id)
        return Shown(press.wording.say("announce-sent", places=places))

    async def cancel(self, press: Press, values: Values) -> Shown | None:
        """Throw the draft away, unless it was told."""
        number = _number(values)
        if not await self._desk.writer.do(self._bulletins.drop(number)):
            if await self._told(number) is None:
                return await self._gone(press)
            await self._rekey(press, told_keyboard(number, press.wording))
            return Shown(press.wording.say("announce-already"), alert=True)
        said = text(press.wording.say("announce-cancelled"))
        await redraw(press.bot, press.chat.id, press.message_id, said)
        return None

    async def spread(self, press: Press, values: Values) -> Shown | None:
        """Say how far it has come."""
        number = _number(values)
        if await self._told(number) is None:
            return await self._gone(press)
        spread = await asyncio.to_thread(self._bulletins.spread, [number])
        return Shown(spread_text(spread[number], press.wording), alert=True)

    async def _command(self, message: Message) -> None:
        await self._draft(message)

    async def _draft(self, message: Message) -> None:
        """Show what was written as people will see it, and ask whether it is to be sent."""
        wording = wording_of(message)
        draft = draft_of(message)
        if isinstance(draft, Trouble):
            await reply(message, sentence(wording.say(draft.reason, **draft.values)))
            return
        if draft.html is None:
            prompt, field = _prompt(wording, private=message.chat.type == ChatType.PRIVATE)
            await reply(message, sentence(prompt), field)
            return
        places = await asyncio.to_thread(self._bulletins.reach, self._desk.admission.serves)
        if not places:
            await reply(message, sentence(wording.say("announce-nobody")))
            return
        made = self._bulletins.draft(draft.html, self._desk.clock())
        number = await self._desk.writer.do(made)
        await message.reply_text(
            draft.html,
            parse_mode=ParseMode.HTML,
            allow_sending_without_reply=True,
            reply_markup=draft_keyboard(number, places, wording),
        )

    async def _told(self, number: int) -> Bulletin | None:
        found = (await asyncio.to_thread(self._bulletins.by_id, [number])).get(number)
        return None if found is None or found.told_at is None else found

    async def _gone(self, press: Press) -> Shown:
        return Shown(press.wording.say("announce-gone"), alert=True)

    async def _rekey(self, press: Press, keyboard: InlineKeyboardMarkup) -> None:
        await rekey(press.bot, press.chat.id, press.message_id, keyboard)


def _prompt(wording: Wording, *, private: bool) -> tuple[str, ForceReply | None]:
    """The question, and the field to answer in: in a group it would open for every member."""
    field = ForceReply(input_field_placeholder=wording.say("announce-placeholder"))
    return wording.say("announce-prompt"), field if private else None


def _number(values: Values) -> int:
    """The number of a bulletin; 0, which none has, where there is none."""
    match values:
        case (int(number),) if number > 0:
            return number
        case _:
            return 0


def _shown(words: str) -> str:
    return " ".join(words.split())
