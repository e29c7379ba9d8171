"""/start, alone or by a link that opens something, its example questions, and /help.

payload -> article or question -> its answer; none -> welcome -> press of an example -> its answer
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

from telegram import InlineKeyboardMarkup, Message

from bot.buttons import EXAMPLE, button
from bot.cards import sentence
from bot.context import Desk, Library
from bot.deep_links import OpenArticle, OpenQuestion, OpenRemembered, opening_of, question_payload
from bot.examples import LONGEST_PAYLOAD, LOOKED_BACK, examples_of
from bot.handlers import Handler, after_command, on_command
from bot.handlers.article import Articles
from bot.handlers.ask import Asking
from bot.handlers.presses import Press, Shown, on_button
from bot.handlers.sharing import read_note
from bot.listings import MOST
from bot.replies import reply, wording_of
from bot.wording import Wording
from retrieval.errors import RetrievalError
from retrieval.filter import Filter

logger = logging.getLogger(__name__)

#: Seconds that a welcome waits for its examples.
_PATIENCE = 2.0


def handlers(library: Library, desk: Desk | None = None) -> Iterator[Handler]:
    """Without a desk, links open no articles."""
    welcome = _Welcome(library, desk)
    yield on_command("start", welcome.start)
    yield on_command("help", _help)
    yield on_button({EXAMPLE}, welcome.example)


class _Welcome:
    def __init__(self, library: Library, desk: Desk | None) -> None:
        self._library = library
        self._desk = desk
        self._asking = Asking(library, desk)

    async def start(self, message: Message) -> None:
        match opening_of(after_command(message)):
            case OpenArticle(article_id) if self._desk is not None:
                await Articles(self._desk).of_id(message, article_id)
            case OpenQuestion(question):
                await self._asking.answer(message, question)
            case OpenRemembered(digest) if self._desk is not None:
                asked = await asyncio.to_thread(self._desk.ledger.shared.question, digest)
                if asked is None:
                    said = wording_of(message).say("link-forgotten")
                    await reply(message, sentence(said))
                else:
                    await self._asking.answer(message, *read_note(asked))
            case _:
                await self._welcome(message)

    async def example(self, press: Press) -> Shown | None:
        """Answer the question on the button, as if who pressed it had written that."""
        match press.pressed.values:
            case (str(payload),):
                opening = opening_of(payload)
            case _:
                opening = None
        if not isinstance(opening, OpenQuestion):
            return Shown(press.wording.say("button-old"), alert=True)
        await self._asking.answer(_written(press, opening.question), opening.question)
        return None

    async def _welcome(self, message: Message) -> None:
        wording = wording_of(message)
        pressable = self._desk is None or self._desk.buttons
        examples = await self._examples(wording) if pressable else []
        said = wording.say("welcome")
        if not examples:
            await reply(message, sentence(said))
            return
        told = sentence(f"{said}\n\n{wording.say('welcome-examples')}")
        await reply(message, told, examples_keyboard(examples))

    async def _examples(self, wording: Wording) -> list[str]:
        """None while the archive is empty, down or slow: a welcome waits for nothing."""
        try:
            async with asyncio.timeout(_PATIENCE):
                articles = await self._library.browsing.newest(Filter(), LOOKED_BACK)
        except (RetrievalError, TimeoutError) as error:
            logger.warning("a welcome goes without examples: %r", error)
            return []
        return examples_of(articles, wording.language)


def examples_keyboard(examples: list[str]) -> InlineKeyboardMarkup:
    """A button for each question, one below the other; those too long for one have none."""
    payloads = [(each, question_payload(each, LONGEST_PAYLOAD)) for each in examples]
    return InlineKeyboardMarkup(
        [[button(each, EXAMPLE, payload)] for each, payload in payloads if payload is not None]
    )


def _written(press: Press, question: str) -> Message:
    """The message that who pressed would have written: where the button stands."""
    stands = press.message
    written = Message(
        press.message_id,
        datetime.now(UTC),
        press.chat,
        from_user=press.person,
        text=question,
        message_thread_id=None if stands is None else stands.message_thread_id,
        is_topic_message=None if stands is None else stands.is_topic_message,
    )
    written.set_bot(press.bot)
    return written


async def _help(message: Message) -> None:
    await reply(message, sentence(wording_of(message).say("help", most=MOST)))
