"""Questions: /ask, mentions and replies to us everywhere, plain words in private, and edits.

question -> library, within an article first where one is replied to -> page -> reply or redraw
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.answers import given_hits, keyboard_of, page_of, question_of, texts_of
from bot.buttons import LIKE, unpack
from bot.cards import answer_parts, sentence, title
from bot.context import Desk, Library
from bot.courtesies import courtesy_of
from bot.cutting import blank, clipped
from bot.errors import LedgerError
from bot.handlers import GROUPS, PRIVATE, WRITTEN, Handler, on_command, on_message
from bot.handlers.addressed import (
    AskedBelow,
    CommandedBelow,
    Mentioned,
    ToUs,
    asked_in,
    card_of,
    is_card,
)
from bot.handlers.places import local_wording, topic_of
from bot.ledger.answers import GivenAnswer, NewAnswer
from bot.markup import clean
from bot.replies import redraw, reply, show_typing, wording_of
from bot.typing_action import typing
from bot.updates import Remembered
from bot.wording import Wording
from retrieval.article import Article
from retrieval.search.answer import Answer

logger = logging.getLogger(__name__)

LONGEST_QUESTION = 1000  # characters; what a question says, it says before that

_WORDS = filters.TEXT | filters.CAPTION
_PLAIN = _WORDS & ~filters.COMMAND & ~CommandedBelow()
# A forwarded mention was meant for somebody else.
_SAID = _PLAIN & ~filters.FORWARDED


def handlers(
    library: Library, desk: Desk | None = None, albums: Remembered | None = None
) -> Iterator[Handler]:
    """`albums` learns which were answered: their other pictures come without a word."""
    asking = Asking(library, desk)

    def note(message: Message) -> None:
        if albums is not None and message.media_group_id is not None:
            albums.is_new(message.media_group_id)

    async def ask(message: Message) -> None:
        note(message)
        await asking.answer(message, asked_by(message))

    async def replied(message: Message) -> None:
        words = asked_by(message)
        silent = message.chat.type != ChatType.PRIVATE and not blank(words)
        if question_in(words) or not silent:  # a 👍 below an answer asks the group for nothing
            await ask(message)

    async def mentioned(message: Message) -> None:
        words = asked_by(message)
        if question_in(words) or is_card(message.reply_to_message):
            await asking.answer(message, words)
            return
        name = message.get_bot().username
        await reply(message, sentence(wording_of(message).say("mention-usage", name=name)))

    async def edited(update: Update, _: ContextTypes.DEFAULT_TYPE) -> Any:
        if update.edited_message is not None:
            await asking.edited(update.edited_message, update.update_id)

    yield on_command("ask", ask)
    yield on_message(WRITTEN & ~filters.FORWARDED & AskedBelow(), ask)
    yield on_message(WRITTEN & _SAID & ToUs(), replied)
    yield on_message(GROUPS & _SAID & Mentioned(), mentioned)
    if desk is not None:
        yield MessageHandler(filters.UpdateType.EDITED_MESSAGE & _WORDS, edited)
    yield on_message(PRIVATE & _PLAIN, ask)


def question_in(words: str) -> str:
    """What is asked, no longer than a question need be; signs and emoji alone ask nothing."""
    question = clean(words).strip()
    asks = not blank(question) and any(each.isalnum() for each in question)
    return clipped(question, LONGEST_QUESTION) if asks else ""


def asked_by(message: Message) -> str:
    """What a message asks; where it says nothing itself, in reply to somebody, what they said."""
    words, replied = asked_in(message), message.reply_to_message
    if words is None:  # another command behind the bot's name
        return ""
    if question_in(words) or replied is None or ToUs().filter(message) or is_card(replied):
        return words
    return asked_in(replied) or ""


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer, and the article that was asked first: by its id, and itself if it is there."""

    answer: Answer
    within: str | None = None
    article: Article | None = None


class Asking:
    """Answers questions in messages that can be paged, judged, replied to and asked otherwise.

    Without a desk nothing of an answer is remembered. Everything raises `RetrievalError`,
    `LedgerError` and `TelegramError`.
    """

    def __init__(self, library: Library, desk: Desk | None = None) -> None:
        self._library = library
        self._desk = desk

    async def answer(self, message: Message, words: str, within: str | None = None) -> None:
        """Answer what a message asks, from the article of this id first if one is named.

        Otherwise from the one that it replies to, if that is one of ours. Without words it is asked
        for some.
        """
        question, desk = question_in(words), self._desk
        if desk is None:
            await self._answer(message, question, within, wording_of(message))
            return
        # An edit that overtakes its answer waits for it.
        async with desk.turns.of((message.chat_id, message.message_id)):
            within = within or await self._replied_to(desk, message)
            wording = await local_wording(desk, message)
            await self._answer(message, question, within, wording)

    async def edited(self, message: Message, number: int) -> None:
        """Answer the question anew, in the same message, if its answer is remembered.

        Of several edits the one with the highest number counts, however they come.
        """
        desk = self._desk
        question = question_in(asked_in(message) or "")
        where = (message.chat_id, message.message_id)
        if desk is None or not desk.edits.note(*where, number) or not question:
            return
        async with desk.turns.of(where):
            if not desk.edits.is_newest(*where, number):
                return
            given = await asyncio.to_thread(desk.ledger.answers.to_question, *where)
            if given is None or given.message_id is None:
                return
            if question == question_of(given, desk.questions.of(given.id)):
                return  # Telegram tells of changes that nobody sees, too
            wording = await local_wording(desk, message)
            mark = desk.forgetting.mark()
            async with typing(partial(show_typing, message)):
                found = await self._find(question, given.within)
            new = self._new(message, question, found, wording)
            await desk.writer.do(desk.ledger.answers.change(given.id, new, desk.clock()))
            if not desk.forgetting.since(mark, new.person_id, new.chat_id):
                desk.questions.remember(given.id, new.person_id, question)
            page = page_of(new, texts_of(found.answer), wording, within=found.article)
            keyboard = keyboard_of(page, given.id, wording)
            bot = message.get_bot()
            await redraw(bot, given.chat_id, given.message_id, page.part, keyboard)

    async def _answer(
        self, message: Message, question: str, within: str | None, wording: Wording
    ) -> None:
        if not question:
            await reply(message, sentence(await self._asked_for(wording, within)))
            return
        desk = self._desk
        mark = 0 if desk is None else desk.forgetting.mark()
        async with typing(partial(show_typing, message)):
            found = await self._find(question, within)
        if not found.answer.relevant and (courtesy := courtesy_of(question)):
            await reply(message, sentence(wording.say(f"courtesy-{courtesy}")))
            return
        new = self._new(message, question, found, wording)
        whose = (new.person_id, new.chat_id)
        if desk is None or not desk.buttons or desk.forgetting.since(mark, *whose):
            await reply(message, answer_parts(found.answer, wording))
            return
        page = page_of(new, texts_of(found.answer), wording, within=found.article)
        try:
            number = await desk.writer.do(desk.ledger.answers.add(new, desk.clock()))
        except LedgerError as error:  # an answer without buttons is an answer
            logger.error("an answer is not remembered: %s", error)
            await reply(message, [page.part])
            return
        if not desk.forgetting.since(mark, *whose):
            desk.questions.remember(number, new.person_id, question)
        for sent in await reply(message, [page.part], keyboard_of(page, number, wording)):
            told = desk.ledger.answers.sent(number, sent.chat_id, sent.message_id)
            try:
                await desk.writer.do(told)
            except LedgerError as error:
                logger.error("replies to answer %d are not understood: %s", number, error)

    async def _replied_to(self, desk: Desk, message: Message) -> str | None:
        """The article that is asked first, whether or not it is still there."""
        replied = message.reply_to_message
        if replied is None:
            return None
        where = (message.chat_id, replied.message_id)
        article_id = await asyncio.to_thread(_announced, desk, *where)
        if article_id is not None:
            return article_id
        given = await asyncio.to_thread(desk.ledger.answers.of_message, *where)
        return card_of(replied) if given is None else _answering(given, replied)

    async def _find(self, question: str, within: str | None) -> _Found:
        """From one article first, and, where that tells nothing, from all of them."""
        article = None if within is None else await self._library.article(within)
        if article is not None:
            told = await self._library.ask(question, within=article.id)
            if told.relevant:
                return _Found(told, within, article)
        return _Found(await self._library.ask(question), within, article)

    async def _asked_for(self, wording: Wording, within: str | None) -> str:
        article = None if within is None else await self._library.article(within)
        if article is None:
            return wording.say("ask-usage")
        return wording.say("ask-about-prompt", title=title(article))

    def _new(self, message: Message, question: str, found: _Found, wording: Wording) -> NewAnswer:
        person = message.from_user
        keeps = self._desk is not None and self._desk.keep_questions
        return NewAnswer(
            chat_id=message.chat_id,
            topic=topic_of(message),
            hits=given_hits(found.answer),
            language=wording.language,
            asked_id=message.message_id,
            person_id=None if person is None or message.sender_chat is not None else person.id,
            within=found.within,
            question=question if keeps else None,
        )


def _announced(desk: Desk, chat_id: int, message_id: int) -> str | None:
    """The article that a notice, a prompt or a whole excerpt is of."""
    delivery = desk.ledger.outbox.message(chat_id, message_id)
    if delivery is not None:
        return delivery.article_id
    return desk.ledger.threads.article(chat_id, message_id)


def _answering(given: GivenAnswer, replied: Message) -> str | None:
    """The article that stands first on the page of an answer, which its buttons tell."""
    shown = [hit.article_id for hit in given.shown]
    rows = () if replied.reply_markup is None else replied.reply_markup.inline_keyboard
    for each in chain.from_iterable(rows):
        pressed = unpack(each.callback_data)
        if pressed is not None and pressed.kind == LIKE:
            return next((own for own in shown if pressed.values == (own,)), shown[0])
    return shown[0] if shown else given.within
