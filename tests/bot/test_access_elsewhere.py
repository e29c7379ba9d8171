"""Inline queries and buttons of people who are not let in."""

from __future__ import annotations

import pytest

from bot.context import Desk
from bot.ledger import Ledger
from tests.bot.bot_api import FakeTelegram, refusing
from tests.bot.closed import CODE, INVITED, closed, listed
from tests.bot.fakes import FakeLibrary
from tests.bot.ledger.test_forgetting import everything
from tests.bot.people import Person

ANN, BOB = 7_002, 7_003


@pytest.mark.parametrize(
    ("language_code", "label"),
    [
        ("en", "Only for people who were let in"),
        ("zh-hans", "只给得到允许的人用"),
        ("zh-hant", "只給得到允許的人用"),
    ],
)
async def test_a_stranger_finds_nothing_in_any_chat_but_a_way_to_the_private_one(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary, language_code: str, label: str
) -> None:
    async with closed(desk, telegram, INVITED) as application:
        ann = Person(application, telegram, person_id=ANN, language_code=language_code)
        for query in ("", "梯度检查点"):
            (told,) = await ann.types(query)
            assert told["results"] == []
            assert told["is_personal"]
            assert told["cache_time"] <= 10
            assert told["button"] == {"text": label, "start_parameter": "inline"}
        (how,) = await ann.says("/start inline")
        assert "/start" in how.text
    assert library.questions == []


async def test_what_is_found_is_nobody_elses_where_not_everybody_may(
    desk: Desk, telegram: FakeTelegram
) -> None:
    async with closed(desk, telegram, listed(BOB)) as application:
        (told,) = await Person(application, telegram, person_id=BOB).types("梯度检查点")
    assert told["results"]
    assert told["is_personal"]


async def test_who_comes_by_the_code_finds_something(desk: Desk, telegram: FakeTelegram) -> None:
    async with closed(desk, telegram, INVITED) as application:
        ann = Person(application, telegram, person_id=ANN)
        await ann.says(f"/start {CODE}")
        (told,) = await ann.types("梯度检查点")
    assert told["results"]


async def test_an_answer_that_comes_too_late_is_no_failure(
    desk: Desk, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.old_queries.add("9")
    async with closed(desk, telegram, INVITED) as application:
        ann = Person(application, telegram, person_id=ANN)
        assert len(await ann.types("what?", query_id="9")) == 1
        telegram.fail("sendMessage", refusing(403, "Forbidden: bot was blocked by the user"))
        assert await ann.says("what?") == []
    assert "failed" not in caplog.text


async def test_old_buttons_of_who_is_let_in_no_more_do_nothing_but_say_so(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary, ledger: Ledger
) -> None:
    async with closed(desk, telegram, listed(ANN)) as application:
        ann = Person(application, telegram, person_id=ANN)
        (answered,) = await ann.says("what?")
        (shown,) = await ann.says("/settings")
    before = everything(ledger)
    async with closed(desk, telegram, listed(BOB)) as application:
        ann = Person(application, telegram, person_id=ANN)
        for sent, label in ((answered, "👍"), (answered, "Share"), (shown, "Pause")):
            pressed = await ann.presses(sent, label)
            assert (pressed.answers, pressed.alert, pressed.sent, pressed.edits) == (
                1,
                True,
                [],
                [],
            )
            assert "who were let in" in (pressed.toast or "")
        nonsense = await ann.presses_data(None, inline_message_id="i", game_short_name="g")
        assert (nonsense.answers, nonsense.alert) == (1, True)
    assert everything(ledger) == before
