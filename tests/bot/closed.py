"""A bot that does not answer everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.admission import Admission, Mode, Rules
from bot.application import BotApplication, build_application
from bot.context import Desk
from bot.ledger import Ledger
from bot.retrying import Retrying
from tests.bot.bot_api import TOKEN, FakeTelegram

CODE = "open-Sesame_1"
INVITED = Rules(Mode.INVITED, code=CODE)


def listed(*numbers: int) -> Rules:
    """These and nobody else."""
    return Rules(Mode.LISTED, frozenset(numbers))


def admission(rules: Rules, ledger: Ledger) -> Admission:
    """As a process that begins has it."""
    made = Admission(rules, ledger.people)
    made.load(ledger.people.origins)
    return made


@asynccontextmanager
async def closed(desk: Desk, telegram: FakeTelegram, rules: Rules) -> AsyncIterator[BotApplication]:
    """The application of a process that begins with these rules."""

    async def sleep(_: float) -> None:
        """For no time at all."""

    application = build_application(
        desk.library,
        desk=replace(desk, admission=admission(rules, desk.ledger)),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
        retrying=Retrying(sleep=sleep),
    )
    async with application:
        yield application
