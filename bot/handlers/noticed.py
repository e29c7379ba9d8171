"""What people do with a notice: its buttons, of which answers have some too.

press -> library or ledger -> reply
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from telegram import ForceReply, InlineKeyboardMarkup, Message
from telegram.constants import ChatType

from bot.buttons import ASK, LIKE, STOP, UNDO, button
from bot.cards import listed_parts, sentence, title
from bot.context import Desk
from bot.handlers import Handler
from bot.handlers.places import Denied, local_to_press, place_of_press
from bot.handlers.presses import Press, Shown, on_button
from bot.handlers.responding import respond
from bot.markup import text
from bot.notices import described
from bot.replies import redraw
from retrieval.article import Article

#: Articles shown for "more like this".
MOST_LIKE = 5


def handlers(desk: Desk) -> Iterator[Handler]:
    noticed = _Noticed(desk)
    yield on_button({ASK}, noticed.ask)
    yield on_button({LIKE}, noticed.like)
    yield on_button({STOP}, noticed.stop)
    yield on_button({UNDO}, noticed.undo)


class _Noticed:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._library = desk.library
        self._ledger = desk.ledger

    async def ask(self, press: Press) -> Shown | None:
        """Invite a question: what is replied to the invitation is asked of this article alone."""
        article = await self._article(press)
        if article is None:
            return Shown(press.wording.say("article-gone"), alert=True)
        prompt = press.wording.say("ask-about-prompt", title=title(article))
        # In a group it would open the field of every member.
        alone = press.chat.type == ChatType.PRIVATE
        field = ForceReply(input_field_placeholder=press.wording.say("ask-about-placeholder"))
        sent = await respond(press, sentence(prompt), field if alone else None, desk=self._desk)
        await self._remember(sent, article.id)
        return None

    async def like(self, press: Press) -> Shown | None:
        """Show the articles nearest to this one."""
        article = await self._article(press)
        if article is None:
            return Shown(press.wording.say("article-gone"), alert=True)
        similar = await self._library.similar(article.id, MOST_LIKE)
        if not similar:
            said = press.wording.say("no-more-like-this", title=title(article))
            return Shown(said, alert=True)
        wording = await local_to_press(self._desk, press)
        heading = wording.say("more-like-this", title=title(article))
        await respond(press, listed_parts(heading, similar, wording), desk=self._desk)
        return None

    async def stop(self, press: Press) -> Shown | None:
        """Remove the subscriptions that this notice came for."""
        delivery = await asyncio.to_thread(
            self._ledger.outbox.message, press.chat.id, press.message_id
        )
        if delivery is None:
            return Shown(press.wording.say("button-old"), alert=True)
        place = await place_of_press(self._desk, press, delivery.place_id)
        if isinstance(place, Denied):
            return Shown(place.said, alert=True)
        removed = await asyncio.to_thread(self._ledger.subscribers.stop, delivery.id)
        if not removed:
            return Shown(press.wording.say("stopped-already"), alert=True)
        said = [
            press.wording.say("stopped-by-button", wish=described(each.wish, press.wording))
            for each in removed
        ]
        undo = button(press.wording.say("button-undo"), UNDO, delivery.id)
        keyboard = InlineKeyboardMarkup([[undo]])
        await respond(press, sentence("\n".join(said)), keyboard, desk=self._desk)
        return None

    async def undo(self, press: Press) -> Shown | None:
        """Bring back what was stopped so: new articles come again, and nothing old."""
        subscribers = self._ledger.subscribers
        match press.pressed.values:
            case (int(delivery_id),):
                found = await asyncio.to_thread(subscribers.stopped_at, delivery_id)
            case _:
                found, delivery_id = None, 0
        if found is None:
            return Shown(press.wording.say("button-old"), alert=True)
        place_id, stopped = found
        place = await place_of_press(self._desk, press, place_id)
        if isinstance(place, Denied):
            return Shown(place.said, alert=True)
        if not stopped:
            return Shown(press.wording.say("restored-already"))
        since = await self._library.end()
        now = self._desk.clock()
        back = await asyncio.to_thread(subscribers.bring_back, delivery_id, since, now)
        if not back:
            return Shown(press.wording.say("restored-already"))
        said = [
            press.wording.say("restored", wish=described(each.wish, press.wording)) for each in back
        ]
        await redraw(press.bot, press.chat.id, press.message_id, text("\n".join(said)))
        return None

    async def _article(self, press: Press) -> Article | None:
        match press.pressed.values:
            case (str(article_id),):
                return await self._library.article(article_id)
            case _:
                return None

    async def _remember(self, sent: Sequence[Message], article_id: str) -> None:
        now = self._desk.clock()
        for message in sent:
            await asyncio.to_thread(
                self._ledger.threads.remember, message.chat_id, message.message_id, article_id, now
            )
