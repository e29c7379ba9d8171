"""/start and /help."""

from __future__ import annotations

from collections.abc import Iterator

from telegram import Message

from bot.cards import sentence
from bot.handlers import Handler, on_command
from bot.listings import MOST
from bot.replies import reply, wording_of


def handlers() -> Iterator[Handler]:
    yield on_command("start", _start)
    yield on_command("help", _help)


async def _start(message: Message) -> None:
    await reply(message, sentence(wording_of(message).say("welcome")))


async def _help(message: Message) -> None:
    await reply(message, sentence(wording_of(message).say("help", most=MOST)))
