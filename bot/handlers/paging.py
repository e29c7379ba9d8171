"""The pages of an answer, and whole excerpts: press -> ledger -> the archive's texts -> message."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bot.answers import keyboard_of, needed, page_of, whole_parts
from bot.buttons import HITS, WHOLE
from bot.context import Desk
from bot.handlers import Handler, Turns
from bot.handlers.places import zone_of_reader
from bot.handlers.presses import Press, Shown, on_button
from bot.handlers.responding import respond
from bot.ledger.answers import GivenAnswer
from bot.replies import redraw
from bot.wording import Wording


def handlers(desk: Desk) -> Iterator[Handler]:
    paging = _Paging(desk)
    # The page that was asked for last is the one that stays.
    yield on_button({HITS}, paging.turn, Turns())
    yield on_button({WHOLE}, paging.whole)


async def answer_of_press(desk: Desk, press: Press) -> tuple[GivenAnswer, int] | None:
    """The answer that a button names, and the number beside it; None where nobody remembers it.

    Never trusts the button: its data can be forged, but what was asked elsewhere stays there.
    """
    match press.pressed.values:
        case (int(answer_id), int(number)):
            given = await asyncio.to_thread(desk.ledger.answers.by_id, answer_id)
            if given is not None and given.chat_id == press.chat.id:
                return given, number
    return None


class _Paging:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def turn(self, press: Press) -> Shown | None:
        """Show another page in the same message, of the texts as they are now."""
        found = await answer_of_press(self._desk, press)
        if found is None:
            return Shown(press.wording.say("button-old"), alert=True)
        given, number = found
        # While its question is being edited the answer is about to be another one.
        async with self._desk.turns.of((given.chat_id, given.asked_id)):
            return await self._turn(press, given.id, number)

    async def _turn(self, press: Press, answer_id: int, number: int) -> Shown | None:
        given = await asyncio.to_thread(self._desk.ledger.answers.by_id, answer_id)
        if given is None:
            return Shown(press.wording.say("button-old"), alert=True)
        library = self._desk.library
        texts = await library.excerpts(needed(given, number))
        within = None if given.within is None else await library.article(given.within)
        zone = await zone_of_reader(self._desk, press.chat, given.topic, press.person)
        wording = Wording(given.language, zone)
        page = page_of(given, texts, wording, number, within)
        keyboard = keyboard_of(page, given.id, wording)
        await redraw(press.bot, press.chat.id, press.message_id, page.part, keyboard)
        return None

    async def whole(self, press: Press) -> Shown | None:
        """Send a hit's whole excerpt; a reply to it asks about its article."""
        found = await answer_of_press(self._desk, press)
        if found is None or not 0 <= found[1] < len(found[0].shown):
            return Shown(press.wording.say("button-old"), alert=True)
        hit = found[0].shown[found[1]]
        parts = whole_parts(hit, await self._desk.library.excerpts([hit.excerpt_id]))
        if parts is None:
            return Shown(press.wording.say("hit-gone"), alert=True)
        now = self._desk.clock()
        for message in await respond(press, parts, desk=self._desk):
            await asyncio.to_thread(
                self._desk.ledger.threads.remember,
                message.chat_id,
                message.message_id,
                hit.article_id,
                now,
            )
        return None
