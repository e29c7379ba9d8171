"""Buttons: each press is answered, whatever is behind it and whenever it comes."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.application import BotApplication
from bot.buttons import LIKE, LIST, PAGE, SET, pack
from bot.handlers import presses
from retrieval.errors import IndexNotReady
from tests.bot.bot_api import FakeTelegram, refusing, reset
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person

DATA = ["", None, "x", "1", "0:ask:=a1", "1:unheard", "1:ask", "1:ask:7", "1:remove", "1:remove:=x",
        "1:strict:1", "1:strict:1:9", "1:list:1", "1:page:1", "1:set", "1:set:1:hour:99",
        "1:remove:999999999999999999", "1:list:-1:-1", "\x00" * 64, "😀" * 16]  # fmt: skip


@pytest.mark.parametrize("data", DATA)
async def test_what_a_button_of_another_time_meant_is_not_guessed(
    reader: Person, data: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    """FAILURES 27"""
    (sent,) = await reader.says("/start")
    pressed = await reader.presses_data(data, message=reader.message_of(sent))
    assert (pressed.answers, pressed.alert) == (1, True)
    assert pressed.toast
    assert (pressed.sent, pressed.edits) == ([], [])
    assert [each for each in caplog.records if each.levelno > logging.INFO] == []


@pytest.mark.parametrize("data", [pack(LIKE, "a1"), "x", None])
async def test_also_below_no_message_at_all(reader: Person, data: str | None) -> None:
    pressed = await reader.presses_data(data, inline_message_id="i")
    assert (pressed.answers, pressed.alert, pressed.sent) == (1, True, [])


async def test_an_unknown_button_is_answered_in_the_language_of_who_pressed(
    person: Person, application: BotApplication, telegram: FakeTelegram
) -> None:
    chinese = Person(application, telegram, language_code="zh-hans")
    (sent,) = await chinese.says("/start")
    pressed = await chinese.presses_data("x", message=chinese.message_of(sent))
    assert "按钮" in (pressed.toast or "")
    silent = Person(application, telegram, language_code=None)
    pressed = await silent.presses_data("x", message=chinese.message_of(sent))
    assert "按钮" in (pressed.toast or "")  # the message was in Chinese


async def test_a_press_that_waited_for_a_restart_still_counts(
    reader: Person, telegram: FakeTelegram
) -> None:
    """FAILURES 27"""
    (shown,) = await reader.says("/settings")
    telegram.fail(
        "answerCallbackQuery",
        refusing(400, "Bad Request: query is too old and response timeout expired"),
    )
    pressed = await reader.presses(shown, "Without sound")
    assert "without a sound" in pressed.edits[0].text
    assert pressed.sent == []


async def test_slow_work_lets_no_button_spin(
    reader: Person, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch, telegram: FakeTelegram
) -> None:
    monkeypatch.setattr(presses, "LONGEST_SPIN", 0.01)
    gate = _slow(library, monkeypatch)
    (sent,) = await reader.says("/start")
    pressing = asyncio.create_task(
        reader.presses_data(pack(LIKE, "a1"), message=reader.message_of(sent))
    )
    while not telegram.called("answerCallbackQuery"):  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    assert len(telegram.sent) == 1
    gate.set()
    pressed = await pressing
    assert (pressed.answers, pressed.toast) == (1, None)
    assert pressed.sent[0].text.startswith("More like")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (IndexNotReady("loading"), "I am still preparing the archive."),
        (ZeroDivisionError("bug"), "Sorry, something went wrong on my side."),
    ],
)
async def test_work_that_fails_late_is_apologised_for_in_the_chat(
    reader: Person,
    library: FakeLibrary,
    monkeypatch: pytest.MonkeyPatch,
    telegram: FakeTelegram,
    error: Exception,
    words: str,
) -> None:
    monkeypatch.setattr(presses, "LONGEST_SPIN", 0.01)
    gate = _slow(library, monkeypatch)
    (sent,) = await reader.says("/start")
    pressing = asyncio.create_task(
        reader.presses_data(pack(LIKE, "a1"), message=reader.message_of(sent))
    )
    while not telegram.called("answerCallbackQuery"):  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    library.error = error
    gate.set()
    pressed = await pressing
    assert (pressed.answers, pressed.alert) == (1, False)
    assert [each.text.startswith(words) for each in pressed.sent] == [True]


async def test_work_that_fails_at_once_is_apologised_for_over_the_chat(
    reader: Person, library: FakeLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    (sent,) = await reader.says("/start")
    library.error = ZeroDivisionError("the cause")
    pressed = await reader.presses_data(pack(LIKE, "a1"), message=reader.message_of(sent))
    assert (pressed.answers, pressed.alert, pressed.sent) == (1, True, [])
    assert (pressed.toast or "").startswith("Sorry, something went wrong on my side.")
    assert "the cause" in caplog.text


async def test_an_answer_that_telegram_does_not_take_ends_there(
    reader: Person, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    (sent,) = await reader.says("/start")
    telegram.fail("answerCallbackQuery", *[reset] * 8)
    pressed = await reader.presses_data("x", message=reader.message_of(sent))
    assert pressed.sent == []
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []


async def test_two_presses_at_once_end_as_the_second_says(
    reader: Person, telegram: FakeTelegram
) -> None:
    (shown,) = await reader.says("/settings")
    (choices,) = (await reader.presses(shown, "Quiet hours")).edits
    labels = ["21:00-08:00", "22:00-07:00", "23:00-08:00", "00:00-09:00"]
    await asyncio.gather(*(reader.presses(choices, label) for label in labels))
    (last,) = [each for each in telegram.shown(50) if each.message_id == shown.message_id]
    (again,) = await reader.says("/settings")
    assert last.text == again.text
    assert "Quiet hours: 00:00-09:00." in last.text


async def test_stopping_in_the_middle_of_a_press_ends_its_work(
    reader: Person, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    _slow(library, monkeypatch)
    (sent,) = await reader.says("/start")
    pressing = asyncio.create_task(
        reader.presses_data(pack(LIKE, "a1"), message=reader.message_of(sent))
    )
    await asyncio.sleep(0.05)
    pressing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pressing
    assert [each for each in asyncio.all_tasks() if each is not asyncio.current_task()] == []


@pytest.mark.parametrize(
    "data", [pack(SET, 1, "silent", 1), pack(PAGE, 1, "hour"), pack(LIST, 1, 0)]
)
async def test_a_place_that_is_no_more_has_no_settings(reader: Person, data: str) -> None:
    (sent,) = await reader.says("/start")
    pressed = await reader.presses_data(data, message=reader.message_of(sent))
    assert (pressed.alert, pressed.edits) == (True, [])
    assert (pressed.toast or "").startswith("This button is too old.")


def _slow(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Have the library look for an article for as long as the gate is closed."""
    gate, look = asyncio.Event(), library.article

    async def article(article_id: str) -> object:
        await gate.wait()
        return await look(article_id)

    monkeypatch.setattr(library, "article", article)
    return gate
