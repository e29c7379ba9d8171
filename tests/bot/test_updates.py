"""Updates: each is handled once, whatever Telegram repeats."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Update

from bot.application import BotApplication
from bot.updates import Processor, Remembered
from tests.bot.bot_api import FakeTelegram
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
