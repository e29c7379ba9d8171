"""What people do with a notice: its buttons, and questions in reply to it.

press -> library or ledger -> reply
reply -> the article that the notice, or our question about it, is of -> library -> answer from it
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from telegram import ForceReply, Message, ReplyParameters
from telegram.constants import ChatType, ParseMode
from telegram.ext import filters

from bot.buttons import ASK, LIKE, STOP
from bot.cards import answer_parts, listed_parts, sentence, title
from bot.context import Desk
from bot.handlers import NEW, Handler, on_message
from bot.handlers.ask import answer, question_in
from bot.handlers.places import Denied, place_of_press
from bot.handlers.presses import Press, Shown, on_button
from bot.markup import Text
from bot.notices import described
from bot.replies import reply, show_typing, wording_of
from bot.typing_action import typing
from retrieval.article import Article

#: Articles shown for "more like this".
MOST_LIKE = 5


class _ToUs(filters.MessageFilter):
    """Replies to a message of this bot."""

    def filter(self, message: Message) -> bool:
        replied = message.reply_to_message
        author = None if replied is None else replied.from_user
        return author is not None and author.id == message.get_bot().id


def handlers(desk: Desk) -> Iterator[Handler]:
    noticed = _Noticed(desk)
    words = (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
    yield on_button({ASK}, noticed.ask)
    yield on_button({LIKE}, noticed.like)
    yield on_button({STOP}, noticed.stop)
    yield on_message(NEW & words & _ToUs(), noticed.reply)


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
        sent = await self._respond(press, sentence(prompt), field if alone else None)
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
        heading = press.wording.say("more-like-this", title=title(article))
        await self._respond(press, listed_parts(heading, similar))
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
        removed = await asyncio.to_thread(self._ledger.subscribers.remove, delivery.reasons)
        if not removed:
            return Shown(press.wording.say("stopped-already"), alert=True)
        said = [
            press.wording.say("stopped-by-button", wish=described(each.wish, press.wording))
            for each in removed
        ]
        await self._respond(press, sentence("\n".join(said)))
        return None

    async def reply(self, message: Message) -> None:
        """Answer from the article that is replied to; elsewhere as if nothing was replied to."""
        article_id = await self._replied_to(message)
        words = message.text or message.caption or ""
        if article_id is not None:
            await self._answer_within(article_id, message, words)
        elif message.chat.type == ChatType.PRIVATE:
            await answer(self._library, message, words)

    async def _answer_within(self, article_id: str, message: Message, words: str) -> None:
        wording = wording_of(message)
        question = question_in(words)
        article = await self._library.article(article_id)
        if article is None:
            await reply(message, sentence(wording.say("article-gone")))
            return
        if not question:
            await reply(message, sentence(wording.say("ask-about-prompt", title=title(article))))
            return
        async with typing(partial(show_typing, message)):
            found = await self._library.ask(question, within=article_id)
        parts = (
            answer_parts(found, wording)
            if found.relevant
            else sentence(wording.say("nothing-in-article", title=title(article)))
        )
        # So that a reply to the answer asks on about the same article.
        await self._remember(await reply(message, parts), article_id)

    async def _article(self, press: Press) -> Article | None:
        match press.pressed.values:
            case (str(article_id),):
                return await self._library.article(article_id)
            case _:
                return None

    async def _replied_to(self, message: Message) -> str | None:
        """The article that the message replied to is about."""
        replied = message.reply_to_message
        if replied is None:
            return None
        where = (message.chat_id, replied.message_id)
        delivery = await asyncio.to_thread(self._ledger.outbox.message, *where)
        if delivery is not None:
            return delivery.article_id
        return await asyncio.to_thread(self._ledger.threads.article, *where)

    async def _remember(self, sent: Sequence[Message], article_id: str) -> None:
        now = datetime.now(UTC)
        for message in sent:
            await asyncio.to_thread(
                self._ledger.threads.remember, message.chat_id, message.message_id, article_id, now
            )

    async def _respond(
        self, press: Press, parts: Sequence[Text], keyboard: ForceReply | None = None
    ) -> list[Message]:
        """Write below the message that was pressed, in its topic."""
        if press.message is not None:
            return await reply(press.message, parts, keyboard)
        # Of an old message Telegram does not tell the topic; the ledger remembers it.
        where = (press.chat.id, press.message_id)
        delivery = await asyncio.to_thread(self._ledger.outbox.message, *where)
        topic = 0
        if delivery is not None:
            ids = [delivery.place_id]
            for place in (await asyncio.to_thread(self._ledger.subscribers.by_id, ids)).values():
                topic = place.topic
        return [
            await press.bot.send_message(
                press.chat.id,
                part.html,
                parse_mode=ParseMode.HTML,
                message_thread_id=topic or None,
                reply_parameters=ReplyParameters(
                    press.message_id, allow_sending_without_reply=True
                ),
                reply_markup=keyboard,
            )
            for part in parts
        ]
