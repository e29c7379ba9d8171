"""When a handler fails: the owner's log first, then a kind word, and never another failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest
from telegram.ext import ContextTypes

from bot.handlers.failures import on_error
from retrieval.errors import ArchiveError, EmbeddingError, IndexDamaged, IndexNotReady
from tests.bot import bot_api
from tests.bot.bot_api import FakeTelegram, flood, refusing
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (IndexNotReady("loading"), "I am still preparing the archive. Please ask again"),
        (IndexNotReady("loading", progress=0.4), "I am still preparing the archive (40 % done)."),
        (IndexNotReady("loading", progress=0.999), "I am still preparing the archive (99 % done)."),
        (IndexNotReady("loading", progress=0.0), "I am still preparing the archive. Please ask"),
        (IndexNotReady("loading", progress=1.0), "I am still preparing the archive. Please ask"),
        (ArchiveError("disk"), "A part of me is down"),
        (EmbeddingError("no model"), "A part of me is down"),
        (IndexDamaged("damaged"), "A part of me is down"),
        (ZeroDivisionError("bug"), "Sorry, something went wrong on my side."),
    ],
)
@pytest.mark.parametrize("asked", ["a question", "/ask a question", "/latest"])
async def test_the_apology_says_what_is_wrong(
    person: Person, library: FakeLibrary, error: Exception, words: str, asked: str
) -> None:
    library.error = error
    (sent,) = await person.says(asked)
    assert sent.text.startswith(words)
    for secret in ("disk", "no model", "Traceback", "ZeroDivision"):
        assert secret not in sent.text


async def test_the_apology_is_in_the_persons_language(
    group: Callable[..., Person], library: FakeLibrary
) -> None:
    member = group()
    member.sender["language_code"] = "zh-hans"
    library.error = IndexNotReady("loading", progress=0.5)
    update = member.update("/ask x")
    (sent,) = await member.happens(update)
    assert "已完成 50 %" in sent.text
    assert sent.parameters["reply_parameters"]["message_id"] == update["message"]["message_id"]


async def test_it_is_logged_before_the_apology_with_update_and_traceback(
    person: Person,
    library: FakeLibrary,
    telegram: FakeTelegram,
    caplog: pytest.LogCaptureFixture,
) -> None:
    library.error = ZeroDivisionError("the cause")
    logged_first: list[bool] = []

    def note(perform: Callable[[], object]) -> object:
        logged_first.append("the cause" in caplog.text)
        return perform()

    telegram.fail("sendMessage", cast("bot_api.Fault", note))
    update = person.update("a question")
    await person.happens(update)
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert record.getMessage() == f"update {update['update_id']} failed"
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)
    assert logged_first == [True]


async def test_not_being_ready_yet_is_no_error_in_the_log(
    person: Person, library: FakeLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    library.error = IndexNotReady("the model still loads")
    with caplog.at_level(logging.INFO, logger="bot"):
        await person.says("a question")
    (record,) = [each for each in caplog.records if each.name == "bot.handlers.failures"]
    assert (record.levelname, record.exc_info) == ("INFO", None)
    assert "the model still loads" in record.getMessage()


@pytest.mark.parametrize(
    "fault",
    [
        refusing(403, "Forbidden: bot was blocked by the user"),
        refusing(400, "Bad Request: message thread not found"),
        refusing(401, "Unauthorized"),
        flood(43_837),
        bot_api.reset,
    ],
)
async def test_an_apology_that_fails_too_ends_there(
    person: Person,
    library: FakeLibrary,
    telegram: FakeTelegram,
    caplog: pytest.LogCaptureFixture,
    fault: bot_api.Fault,
) -> None:
    """FAILURES 11"""
    library.error = ZeroDivisionError("bug")
    telegram.fail("sendMessage", *[fault] * 4)
    assert await person.says("a question") == []
    assert "uncaught error was raised" not in caplog.text  # python-telegram-bot's own complaint
    library.error = None
    telegram.faults.clear()
    assert len(await person.says("another question")) == 1


async def test_nobody_is_apologised_to_with_a_token_that_is_no_longer_known(
    person: Person, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("sendMessage", refusing(401, "Unauthorized"))
    assert await person.says("/start") == []
    assert len(telegram.called("sendMessage")) == 1
    assert "failed" in caplog.text


@pytest.mark.parametrize("update", [None, "not an update", object()])
async def test_failures_without_a_chat_are_only_logged(
    telegram: FakeTelegram, caplog: pytest.LogCaptureFixture, update: object
) -> None:
    context = cast("ContextTypes.DEFAULT_TYPE", SimpleNamespace(error=ZeroDivisionError("bug")))
    await on_error(update, context)
    assert "bug" in caplog.text
    assert telegram.calls == []


async def test_cancelling_is_no_failure(
    person: Person, library: FakeLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    library.gate.clear()
    asking = asyncio.create_task(person.says("a question"))
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert caplog.records == []
    assert person.telegram.sent == []
