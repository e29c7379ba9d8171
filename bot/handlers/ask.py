"""/ask QUESTION everywhere, and plain words in a private chat: question -> answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from telegram import Message
from telegram.ext import filters

from bot.cards import answer_parts, sentence
from bot.context import Library
from bot.cutting import clipped
from bot.handlers import PRIVATE, Handler, after_command, on_command, on_message
from bot.markup import clean
from bot.replies import reply, show_typing, wording_of
from bot.typing_action import typing

LONGEST_QUESTION = 1000  # characters; what a question says, it says before that


def handlers(library: Library) -> Iterator[Handler]:
    async def ask(message: Message) -> None:
        await answer(library, message, after_command(message))

    async def words(message: Message) -> None:
        await answer(library, message, message.text or message.caption or "")

    yield on_command("ask", ask)
    yield on_message(PRIVATE & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND, words)


def question_in(words: str) -> str:
    """What is asked: without what nobody sees, and no longer than a question need be."""
    return clipped(clean(words).strip(), LONGEST_QUESTION)


async def answer(library: Library, message: Message, words: str) -> None:
    """Answer what a message asks. Raises `RetrievalError` and `TelegramError`."""
    wording = wording_of(message)
    question = question_in(words)
    if not question:
        await reply(message, sentence(wording.say("ask-usage")))
        return
    async with typing(partial(show_typing, message)):
        found = await library.ask(question)
    await reply(message, answer_parts(found, wording))
