"""👍 and 👎 below an answer: press -> vote in the ledger -> thanks."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers import question_of
from bot.buttons import VOTE
from bot.context import Desk
from bot.handlers import Handler
from bot.handlers.paging import answer_of_press
from bot.handlers.presses import Press, Shown, on_button
from bot.ledger.feedback import BAD, GOOD


def handlers(desk: Desk) -> Iterator[Handler]:
    async def vote(press: Press) -> Shown | None:
        mark = desk.forgetting.mark()
        found = await answer_of_press(desk, press)
        if found is None or found[1] not in (GOOD, BAD):
            return Shown(press.wording.say("button-old"), alert=True)
        given, wanted = found
        if desk.forgetting.since(mark, press.person.id, press.chat.id):
            return Shown(press.wording.say("button-old"), alert=True)
        question = question_of(given, desk.questions.of(given.id))
        ledger, now = desk.ledger, desk.clock()
        work = ledger.feedback.vote(given, press.person.id, wanted, question, now)
        if not await desk.writer.do(work):
            return Shown(press.wording.say("vote-again"))
        if wanted == GOOD:
            return Shown(press.wording.say("vote-good"))
        return Shown(press.wording.say("vote-bad"))

    yield on_button({VOTE}, vote)
