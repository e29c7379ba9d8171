"""Sharing a question: press below its answer -> a link that asks it, and a button that sends that.

Only what is shared, and does not fit into a link, is remembered in the ledger: a long question, or
one that goes on from an article.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answers import question_of
from bot.buttons import SHARE
from bot.cards import one_line, sentence
from bot.context import Desk
from bot.deep_links import deep_link, digest_of, question_payload, remembered_payload, share_link
from bot.handlers import Handler
from bot.handlers.paging import answer_of_press
from bot.handlers.presses import Press, Shown, on_button
from bot.handlers.responding import respond
from bot.ledger.answers import GivenAnswer


def handlers(desk: Desk) -> Iterator[Handler]:
    async def share(press: Press) -> Shown | None:
        found = await answer_of_press(desk, press)
        if found is None:
            return Shown(press.wording.say("button-old"), alert=True)
        given, _ = found
        asked = question_of(given, desk.questions.of(given.id))
        if asked is None:
            return Shown(press.wording.say("share-forgotten"), alert=True)
        question = one_line(asked)
        within = _answered_within(given)
        payload = question_payload(question) if within is None else None
        if payload is None:
            written = noted(question, within)
            payload = remembered_payload(written)
            digest = digest_of(written)
            await asyncio.to_thread(desk.ledger.shared.remember, digest, written, desk.clock())
        link = deep_link(press.bot.username, payload)
        told = sentence(f"{press.wording.say('share-ready')}\n\n{link}")
        label = press.wording.say("button-share")
        keyboard = [[InlineKeyboardButton(label, url=share_link(link, question))]]
        await respond(press, told, InlineKeyboardMarkup(keyboard), desk)
        return None

    yield on_button({SHARE}, share)


def noted(question: str, within: str | None) -> str:
    """What is remembered of a question, in one line, and of the article that it goes on from."""
    return question if within is None else f"{within}\n{question}"


def read_note(written: str) -> tuple[str, str | None]:
    """The question and the article of what `noted` gave."""
    within, _, question = written.rpartition("\n")
    return question, within or None


def _answered_within(given: GivenAnswer) -> str | None:
    """The article that an answer is of whose question went on from it."""
    best = next(iter(given.shown), None)
    return given.within if best is not None and best.article_id == given.within else None
