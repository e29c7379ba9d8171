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
        await _answer(library, message, after_command(message))

    async def words(message: Message) -> None:
        await _answer(library, message, message.text or message.caption or "")

    yield on_command("ask", ask)
    yield on_message(PRIVATE & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND, words)


async def _answer(library: Library, message: Message, words: str) -> None:
    wording = wording_of(message)
    question = clipped(clean(words).strip(), LONGEST_QUESTION)
    if not question:
        await reply(message, sentence(wording.say("ask-usage")))
        return
    async with typing(partial(show_typing, message)):
        answer = await library.ask(question)
    await reply(message, answer_parts(answer, wording))
