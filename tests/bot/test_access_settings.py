"""From settings to who is let in: the admins always, and the terminal."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import cast

import pytest

from bot.asking import LocalLibrary
from bot.assembly import admission_of, terminal_application
from bot.context import Desk
from bot.ledger import Ledger
from bot.ledger.writing import Writer
from bot.terminal import converse
from config.settings import Settings, load_settings
from tests.bot.closed import CODE
from tests.bot.fakes import FakeLibrary

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
ACCESS = {"admins": [1], "people": [2], "chats": [-3], "mode": "listed"}


def settings(**access: object) -> Settings:
    telegram = {"admin_chat": -4}
    return load_settings(environ={}, access={**ACCESS, **access}, telegram=telegram)


def test_the_admins_and_their_chat_are_let_in_with_those_named(ledger: Ledger) -> None:
    admission = admission_of(settings(), ledger)
    assert [each for each in (1, 2, -3, -4, 5, -6) if admission.lets_in(each)] == [1, 2, -3, -4]
    assert admission_of(load_settings(environ={}), ledger).is_public


@pytest.mark.parametrize("old_codes", [True, False])
def test_a_code_is_taken_over_with_who_came_by_it(ledger: Ledger, old_codes: bool) -> None:
    before = admission_of(settings(mode="invited", code=f"{CODE}-of-old"), ledger)
    old = before.opens(f"{CODE}-of-old")
    assert old is not None
    ledger.people.let_in(5, str(old), NOW)
    admission = admission_of(settings(mode="invited", code=CODE, old_codes=old_codes), ledger)
    assert admission.opens(CODE) is not None
    assert admission.lets_in(5) == old_codes


async def test_whoever_sits_at_the_terminal_is_let_in(ledger: Ledger, library: FakeLibrary) -> None:
    async def lines() -> AsyncIterator[str]:
        yield "how does it work?"

    local = cast("LocalLibrary", library)
    desk = Desk(library, ledger, Writer(ledger), admission=admission_of(settings(), ledger))
    assert not desk.admission.is_public
    out = io.StringIO()
    await converse(terminal_application(settings(), local, desk), lines(), out)
    assert "Article 1" in out.getvalue()
    assert library.questions == ["how does it work?"]
