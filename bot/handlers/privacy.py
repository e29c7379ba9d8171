"""/privacy says what is kept of whom, /forget deletes it: command -> question -> press -> gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ChatType

from bot.buttons import FORGET, button
from bot.cards import sentence
from bot.context import Desk
from bot.handlers import Handler, on_command
from bot.handlers.places import Denied, is_admin, target_of
from bot.handlers.presses import Press, Shown, on_button
from bot.ledger import Forgotten
from bot.markup import text
from bot.replies import redraw, reply, wording_of
from bot.wording import Wording

#: What is typed where no button can be pressed.
_EVERYTHING = frozenset({"everything", "全部", "所有"})


def handlers(desk: Desk) -> Iterator[Handler]:
    privacy = _Privacy(desk)
    yield on_command("privacy", privacy.tell)
    yield on_command("forget", privacy.ask)
    yield on_button({FORGET}, privacy.forget)


class _Privacy:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def tell(self, message: Message) -> None:
        said = wording_of(message).say("privacy", days=self._desk.keep_questions)
        await reply(message, sentence(said))

    async def ask(self, message: Message) -> None:
        """Ask once; nothing is deleted without the button."""
        wording = wording_of(message)
        target = await target_of(message)
        if isinstance(target, Denied):
            await reply(message, sentence(target.said))
            return
        chat = target.chat
        asked = (
            wording.say("forget-ask")
            if chat.kind == ChatType.PRIVATE
            else wording.say("forget-ask-chat", title=chat.title)
        )
        if await asyncio.to_thread(self._desk.admission.came_by_code, chat.chat_id):
            asked += f"\n\n{wording.say('forget-invitation')}"
        label = wording.say("button-forget")
        if self._desk.buttons:
            keyboard = InlineKeyboardMarkup([[button(label, FORGET, chat.chat_id)]])
            await reply(message, sentence(asked), keyboard)
        elif target.words.casefold() in _EVERYTHING:
            await reply(message, sentence(await self._forget(chat.chat_id, wording)))
        else:
            await reply(message, sentence(wording.say("forget-typed")))

    async def forget(self, press: Press) -> Shown | None:
        """Delete it, if who pressed may; the message says what is gone."""
        match press.pressed.values:
            case (int(number),) if await _may_forget(press, number):
                told = await self._forget(number, press.wording)
            case (int(number),) if number < 0:
                return Shown(press.wording.say("forget-admins-only"), alert=True)
            case _:
                return Shown(press.wording.say("button-old"), alert=True)
        await redraw(press.bot, press.chat.id, press.message_id, text(told))
        return None

    async def _forget(self, number: int, wording: Wording) -> str:
        """What is told of it."""
        desk = self._desk
        by_code = await asyncio.to_thread(desk.admission.came_by_code, number)
        desk.forgetting.begin(number)
        gone = await desk.writer.do(desk.ledger.forgetting(number))
        desk.questions.forget(number)
        desk.questions.drop(gone.answer_ids)
        desk.edits.forget(number)
        desk.languages.keep(number, None)
        desk.admission.forget(number)
        told = [_told(gone, wording)]
        if by_code:
            told.append(wording.say("forgotten-invitation"))
        elif not gone.nothing and await asyncio.to_thread(desk.admission.lets_in, number):
            told.append(wording.say("forgotten-anew"))
        if gone.vouched:
            told.append(wording.say("forgotten-vouched"))
        return "\n\n".join(told)


async def _may_forget(press: Press, number: int) -> bool:
    """Never trusts the button: its data can be forged. Raises `TelegramError`."""
    if number >= 0:
        return number == press.person.id == press.chat.id
    if press.chat.type != ChatType.PRIVATE and press.chat.id != number:
        return False
    return await is_admin(press.bot, number, press.person.id)


def _told(gone: Forgotten, wording: Wording) -> str:
    if gone.nothing:
        return wording.say("forgotten-nothing")
    return wording.say(
        "forgotten",
        subscriptions=gone.subscriptions,
        announcements=gone.deliveries,
        answers=len(gone.answer_ids),
        votes=gone.votes,
    )
