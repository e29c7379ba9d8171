"""Whoever edits a question gets the answer edited, never a second one, and no other reaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.ledger import Ledger
from retrieval.errors import IndexNotReady
from tests.bot.bot_api import FakeTelegram, Sent
from tests.bot.fakes import FakeLibrary, answer, article, hit
from tests.bot.people import Json, Person, _ids


async def edits(person: Person, asked: Json, text: str | None = None, **fields: Any) -> list[Sent]:
    """What was edited when somebody edited this message of theirs; nothing may be sent."""
    message = {**person.message(text, **fields), "message_id": asked["message_id"]}
    message["edit_date"] = message["date"] + 5
    before = len(person.telegram.edits)
    update = {"update_id": next(_ids), "edited_message": message}
    assert await person.happens(update) == [], "an edit is never answered by a new message"
    return person.telegram.edits[before:]


async def test_the_answer_to_an_edited_question_is_edited(
    reader: Person, library: FakeLibrary, ledger: Ledger
) -> None:
    """FAILURES 18"""
    update = reader.update("graident checkpoint")
    (sent,) = await reader.happens(update)
    library.answer = answer(*(hit(article(number)) for number in range(4, 9)))
    (edited,) = await edits(reader, update["message"], "gradient checkpoint")
    assert library.questions == ["graident checkpoint", "gradient checkpoint"]
    assert (edited.message_id, edited.links) == (
        sent.message_id,
        [f"https://blog.example/{number}" for number in (4, 5, 6)],
    )
    (second,) = (await reader.presses(edited, "›")).edits
    assert second.links == [f"https://blog.example/{number}" for number in (7, 8)]
    await reader.presses(second, "👎")
    (vote,) = ledger.feedback.all()
    assert (vote.question, len(vote.hits)) == ("gradient checkpoint", 5)
    assert ledger.answers.count() == 1
    library.answer = answer(relevant=False)
    (refused,) = await edits(reader, update["message"], "火星")
    assert refused.text.startswith("The archive has nothing on this")


@pytest.mark.parametrize(
    ("asked", "now", "question"),
    [
        ("/ask one", "/ask two", "two"),
        ("/ask one", "/ask@test_archive_bot two\n three", "two three"),
        ("/ask one", "two", "two"),
    ],
)
async def test_commands_are_edited_too(
    readers: Callable[..., Person], library: FakeLibrary, asked: str, now: str, question: str
) -> None:
    member = readers(51)
    update = member.update(asked)
    await member.happens(update)
    library.answer = answer(hit(article(2)))
    assert len(await edits(member, update["message"], now)) == 1
    assert library.questions[1:] == [question]


@pytest.mark.parametrize("now", ["/latest", "/start", "/nope x", "how?", "\x00", "/ask"])
async def test_edits_that_ask_nothing_new_are_left_alone(
    reader: Person, library: FakeLibrary, now: str
) -> None:
    """FAILURES 18"""
    update = reader.update("how?")
    await reader.happens(update)
    library.answer = answer(hit(article(2)))
    assert await edits(reader, update["message"], now) == []
    assert library.questions == ["how?"]


async def test_edits_of_anything_else_are_left_alone(
    reader: Person, readers: Callable[..., Person], library: FakeLibrary
) -> None:
    """FAILURES 18"""
    for words in ("/start", "/subscribe", "/subscribe #LLM", "/settings", "/latest", "/nope"):
        update = reader.update(words)
        await reader.happens(update)
        assert await edits(reader, update["message"], words + " x") == []
    member = readers(51)
    talk = member.update("just chatting")
    assert await member.happens(talk) == []
    assert await edits(member, talk["message"], "just chatting on") == []
    assert await edits(reader, {"message_id": 999_999}, "of long ago") == []
    assert await edits(reader, {"message_id": 999_999}, caption="x") == []
    assert library.questions == []


async def test_a_deleted_answer_is_not_written_anew(
    reader: Person, library: FakeLibrary, telegram: FakeTelegram
) -> None:
    update = reader.update("one")
    (sent,) = await reader.happens(update)
    telegram.delete(sent)
    library.answer = answer(hit(article(2)))
    assert await edits(reader, update["message"], "two") == []
    assert telegram.shown(50) == []


async def test_an_edit_that_overtakes_its_answer_waits_for_it(
    reader: Person, library: FakeLibrary, telegram: FakeTelegram
) -> None:
    library.gate.clear()
    update = reader.update("one")
    asking = asyncio.create_task(reader.happens(update))
    while not library.questions:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    message = {**update["message"], "text": "two", "edit_date": 1_760_000_009}
    editing = asyncio.create_task(
        reader.happens({"update_id": next(_ids), "edited_message": message})
    )
    await asyncio.sleep(0.05)
    assert library.questions == ["one"]
    library.gate.set()
    await asking
    await editing
    assert library.questions == ["one", "two"]
    assert len(telegram.sent) == 1


async def test_of_edits_in_quick_succession_the_last_one_counts_and_those_between_cost_nothing(
    reader: Person, library: FakeLibrary, telegram: FakeTelegram
) -> None:
    asked = reader.update("one")
    await reader.happens(asked)
    library.gate.clear()
    editing = []
    for words in ("two", "three", "four"):
        message = {**asked["message"], "text": words, "edit_date": 1_760_000_009}
        update = {"update_id": next(_ids), "edited_message": message}
        editing.append(asyncio.create_task(reader.happens(update)))
        await asyncio.sleep(0.05)
    library.answer = answer(hit(article(4)))
    library.gate.set()
    await asyncio.gather(*editing)
    assert library.questions == ["one", "two", "four"]
    assert len(telegram.sent) == 1
    assert telegram.shown(50)[0].links == ["https://blog.example/4"]


async def test_a_page_that_is_turned_during_an_edit_is_one_of_the_new_answer(
    reader: Person, library: FakeLibrary, telegram: FakeTelegram
) -> None:
    asked = reader.update("one")
    library.answer = answer(*(hit(article(number)) for number in range(1, 6)))
    (sent,) = await reader.happens(asked)
    library.gate.clear()
    library.answer = answer(*(hit(article(number)) for number in range(11, 16)))
    editing = asyncio.create_task(edits(reader, asked["message"], "two"))
    async with asyncio.timeout(10):
        while len(library.questions) < 2:  # noqa: ASYNC110  the library tells nobody
            await asyncio.sleep(0.01)
    turning = asyncio.create_task(reader.presses(sent, "›"))
    await asyncio.sleep(0.1)
    library.gate.set()
    await asyncio.gather(editing, turning)
    (shown,) = telegram.shown(50)
    assert shown.links == ["https://blog.example/14", "https://blog.example/15"]


async def test_an_edit_that_comes_after_a_later_one_changes_nothing(
    reader: Person, library: FakeLibrary
) -> None:
    asked = reader.update("one")
    await reader.happens(asked)
    earlier, later = next(_ids), next(_ids)
    for number, words in ((later, "the last words"), (earlier, "the words before")):
        message = {**asked["message"], "text": words, "edit_date": 1_760_000_009}
        await reader.happens({"update_id": number, "edited_message": message})
    assert library.questions == ["one", "the last words"]


async def test_an_edit_that_cannot_be_answered_leaves_the_answer(
    reader: Person, library: FakeLibrary, telegram: FakeTelegram
) -> None:
    update = reader.update("one")
    await reader.happens(update)
    library.error = IndexNotReady("loading")
    assert await edits(reader, update["message"], "two") == []
    assert len(telegram.shown(50)) == 1
    library.error = None
    library.answer = answer(hit(article(2)))
    assert len(await edits(reader, update["message"], "two")) == 1, "it may be tried again"
