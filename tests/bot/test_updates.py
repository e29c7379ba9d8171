"""Updates: each is handled once, whatever Telegram repeats."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from datetime import datetime

import pytest
from sqlalchemy import text
from telegram import Update

from bot.application import BotApplication, build_application
from bot.context import Desk
from bot.ledger import Ledger
from bot.updates import ALLOWED_UPDATES, Processor, Remembered, when_handled
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person


async def test_a_repeated_update_is_answered_once(person: Person) -> None:
    update = person.update("/start")
    assert len(await person.happens(update)) == 1
    assert await person.happens(update) == []


async def test_also_when_both_come_at_the_same_time(person: Person, library: FakeLibrary) -> None:
    update = person.update("什么是梯度检查点")
    library.gate.clear()
    both = asyncio.gather(person.happens(update), person.happens(update))
    await asyncio.sleep(0.05)
    library.gate.set()
    await both
    assert len(library.questions) == 1
    assert len(person.telegram.sent) == 1


async def test_the_same_words_in_a_new_update_are_answered_again(person: Person) -> None:
    assert len(await person.says("/start")) == 1
    assert len(await person.says("/start")) == 1


def test_memory_is_bounded_and_forgets_the_oldest() -> None:
    remembered = Remembered(3)
    assert [remembered.is_new(number) for number in (1, 2, 3, 1, 4, 1, 2)] == [
        True,
        True,
        True,
        False,
        True,
        True,
        True,
    ]


def test_what_was_known_is_bounded_too() -> None:
    remembered = Remembered(2, known=[1, 2, 3])
    assert [remembered.is_new(number) for number in (2, 3, 1)] == [False, False, True]


async def test_an_update_handled_before_a_restart_is_answered_once(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    """FAILURES 28"""
    async with _started(desk, telegram) as application:
        person = Person(application, telegram)
        handled = [person.update("a question"), person.update("/subscribe")]
        for update in handled:
            assert len(await person.happens(update)) == 1
    waiting = person.update("another question")
    for _ in range(2):  # killed before it confirmed them, it is told of all of them again
        async with _started(desk, telegram) as application:
            person = Person(application, telegram)
            for update in (*handled, waiting):
                await person.happens(update)
    assert library.questions == ["a question", "another question"]
    assert len(telegram.sent) == 3


async def test_an_update_that_a_crash_cut_off_is_answered_after_it(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    """FAILURES 28"""
    async with _started(desk, telegram) as application:
        person = Person(application, telegram)
        update = person.update("a question")
        library.gate.clear()
        answering = asyncio.create_task(person.happens(update))
        await asyncio.sleep(0.05)
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        assert telegram.sent == []
    library.gate.set()
    async with _started(desk, telegram) as application:
        assert len(await Person(application, telegram).happens(update)) == 1


async def test_an_update_that_failed_was_handled_nonetheless(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    library.error = ZeroDivisionError("bug")
    async with _started(desk, telegram) as application:
        person = Person(application, telegram)
        update = person.update("a question")
        (apology,) = await person.happens(update)
        assert apology.text.startswith("Sorry")
    library.error = None
    async with _started(desk, telegram) as application:
        assert await Person(application, telegram).happens(update) == []


async def test_a_store_that_is_down_keeps_nobody_from_an_answer(
    reader: Person, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.do(lambda connection: connection.execute(text("DROP TABLE ledger_seen_updates")))
    assert len(await reader.says("/help")) == 1
    assert "not remembered" in caplog.text
    assert len(reader.telegram.sent) == 1


async def test_updates_that_end_together_are_kept_together(
    application: BotApplication,
) -> None:
    class Store:
        def __init__(self) -> None:
            self.batches: list[list[int]] = []
            self.gate = threading.Event()

        def add(self, update_ids: Iterable[int], now: datetime) -> None:
            assert now.tzinfo is not None
            self.batches.append(list(update_ids))
            assert self.gate.wait(10)

    store = Store()
    keep = when_handled(store).callback
    keeping = [
        asyncio.create_task(keep(Update(number), None))  # type: ignore[arg-type]  # no context
        for number in range(5)
    ]
    await asyncio.sleep(0.05)
    store.gate.set()
    await asyncio.gather(*keeping)
    assert store.batches == [[0], [1, 2, 3, 4]]


def test_every_kind_that_is_answered_is_asked_for() -> None:
    assert set(ALLOWED_UPDATES) == {
        "message",
        "edited_message",
        "callback_query",
        "inline_query",
        "my_chat_member",
    }


def _started(desk: Desk, telegram: FakeTelegram) -> BotApplication:
    """The bot after a start, as far as it is needed to handle updates."""
    return build_application(
        desk.library,
        desk=desk,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )


async def test_a_processor_ends_what_runs_on() -> None:
    processor = Processor(2)
    begun = asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(processor.process_update(object(), endless()))
    await begun.wait()
    assert await processor.cancel_all() == 1
    assert task.cancelled()
    assert await processor.cancel_all() == 0


async def test_updates_come_in_any_order(person: Person) -> None:
    first, second = person.update("/start"), person.update("/help")
    assert len(await person.happens(second)) == 1
    assert len(await person.happens(first)) == 1


@pytest.mark.parametrize(
    "kind", ["edited_message", "channel_post", "edited_channel_post", "business_message"]
)
async def test_other_kinds_are_neither_answered_nor_do_they_raise(
    person: Person, library: FakeLibrary, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """FAILURES 18"""
    for words in ("/start", "/ask x", "/latest", "a question", "/nope", None):
        message = person.message(words)
        if kind.endswith("channel_post"):
            message["chat"] = {"id": -1, "type": "channel", "title": "News"}
            del message["from"]
        update = {"update_id": message["message_id"], kind: message}
        assert await person.happens(update) == []
    assert library.questions == []
    assert caplog.records == []


async def test_an_update_of_an_unknown_kind_does_not_raise(
    application: BotApplication, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    await application.process_update(Update.de_json({"update_id": 1}, application.bot))
    news = {"update_id": 2, "brand_new_kind": {"x": 1}}
    await application.process_update(Update.de_json(news, application.bot))
    assert telegram.sent == []
    assert caplog.records == []
