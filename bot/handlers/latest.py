"""/latest [n]: the newest articles."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from telegram import Message

from bot.cards import latest_parts, sentence
from bot.context import Library
from bot.handlers import Handler, after_command, on_command
from bot.replies import reply, show_typing, wording_of
from bot.typing_action import typing

MOST = 20


def handlers(library: Library, default: int) -> Iterator[Handler]:
    """`default` is how many are shown when nobody says how many."""

    async def latest(message: Message) -> None:
        wording = wording_of(message)
        limit = _number(after_command(message), default)
        if limit is None:
            said = wording.say("latest-usage", most=MOST, example=default)
            await reply(message, sentence(said))
            return
        async with typing(partial(show_typing, message)):
            articles = await library.latest(limit)
        await reply(message, latest_parts(articles, wording))

    yield on_command("latest", latest)


def _number(words: str, default: int) -> int | None:
    """The number meant, from 1 to `MOST`, or None where none is."""
    if not words:
        return default
    if not words.isdecimal():
        return None
    number = int(words)
    return number if 1 <= number <= MOST else None
