"""/start: the welcome with its examples, and links that open an article or a question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.application import BotApplication
from bot.buttons import EXAMPLE, pack
from bot.deep_links import question_payload, remembered_payload
from retrieval.errors import ArchiveError, IndexNotReady
from tests.bot.bot_api import FakeTelegram, Sent
from tests.bot.fakes import FakeLibrary, answer, article
from tests.bot.people import Json, Person
from tests.bot.shelves import Shelves


def labels(sent: Sent) -> list[str]:
    return [each["text"] for each in sent.buttons]


@pytest.fixture
def stocked(shelves: Shelves) -> Shelves:
    for title, tag in (
        ("How attention works", "LLM"),
        ("显存不够怎么办", "训练"),
        ("Rotary embeddings", "Positions"),
        ("自旋还是睡眠？", "系统"),
        ("梯度检查点省显存", "训练"),
    ):
        shelves.publish(title, tag)
    return shelves


# The welcome


@pytest.mark.parametrize(
    ("language_code", "heading", "examples"),
    [
        (
            "en",
            "For example, touch one of these:",
            ["How attention works", "Rotary embeddings", "自旋还是睡眠？"],
        ),
        (
            "zh-hans",
            "比如，点一个试试：",
            ["自旋还是睡眠？", "显存不够怎么办", "梯度检查点省显存"],
        ),
    ],
)
async def test_it_has_four_lines_and_three_questions_of_this_archive(
    stocked: Shelves,
    subscribing: BotApplication,
    telegram: FakeTelegram,
    language_code: str,
    heading: str,
    examples: list[str],
) -> None:
    reader = Person(subscribing, telegram, language_code=language_code)
    (sent,) = await reader.says("/start")
    assert sum(line.startswith("• ") for line in sent.text.splitlines()) == 4
    assert sent.text.endswith(heading)
    assert labels(sent) == examples
    (again,) = await reader.says("/start")
    assert again.html == sent.html
    assert labels(again) == examples


async def test_an_empty_archive_has_no_examples(shelves: Shelves, reader: Person) -> None:
    (sent,) = await reader.says("/start")
    assert sent.text.startswith("Hello!")
    assert "For example" not in sent.text
    assert sent.buttons == []


async def test_who_starts_is_welcomed_also_while_the_archive_is_down(
    stocked: Shelves, reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAILURES 26"""

    def fail(*_: Any) -> None:
        raise ArchiveError("the archive's database refused")

    monkeypatch.setattr(stocked.archive.articles, "latest", fail)
    (sent,) = await reader.says("/start")
    assert (sent.text.startswith("Hello!"), sent.buttons) == (True, [])

    async def dawdle(*_: Any) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("bot.handlers.welcome._PATIENCE", 0.01)
    monkeypatch.setattr("bot.browsing.ArchiveBrowsing.newest", dawdle)
    (sent,) = await reader.says("/start")
    assert (sent.text.startswith("Hello!"), sent.buttons) == (True, [])


# Its examples


async def test_a_press_answers_the_question_as_if_it_had_been_written(
    stocked: Shelves, reader: Person, library: FakeLibrary
) -> None:
    (welcome,) = await reader.says("/start")
    pressed = await reader.presses(welcome, "自旋还是睡眠？")
    (told,) = pressed.sent
    assert (pressed.answers, pressed.toast) == (1, None)
    assert library.questions == ["自旋还是睡眠？"]
    assert told.links == ["https://blog.example/1"]
    assert "👍" in labels(told)
    (voted,) = [await reader.presses(told, "👍")]
    assert (voted.answers, voted.alert) == (1, False)


async def test_an_example_of_long_ago_is_answered_after_a_restart(
    shelves: Shelves, reader: Person, library: FakeLibrary
) -> None:
    """FAILURES 27: the archive need not even have that article any more."""
    payload = question_payload("显存不够怎么办")
    assert payload is not None
    old: Json = {"chat": reader.chat, "message_id": 77, "date": 0}
    pressed = await reader.presses_data(pack(EXAMPLE, payload), message=old)
    assert (pressed.answers, len(pressed.sent)) == (1, 1)
    assert library.questions == ["显存不够怎么办"]
    for data in ("1:eg", "1:eg:=a_1", "1:eg:7"):
        pressed = await reader.presses_data(data, message=old)
        assert (pressed.answers, pressed.alert, pressed.sent) == (1, True, [])


async def test_while_the_index_is_being_built_a_press_says_so(
    stocked: Shelves, reader: Person, library: FakeLibrary
) -> None:
    (welcome,) = await reader.says("/start")
    library.error = IndexNotReady("loading", progress=0.4)
    pressed = await reader.presses(welcome, "How attention works")
    assert (pressed.answers, pressed.alert) == (1, True)
    assert "40 % done" in (pressed.toast or "")


async def test_in_a_topic_the_answer_stays_there(
    stocked: Shelves, readers: Callable[..., Person]
) -> None:
    there: Json = {"message_thread_id": 9, "is_topic_message": True}
    member = readers(51, is_forum=True)
    (welcome,) = await member.says("/start@test_archive_bot", **there)
    (told,) = (await member.presses(welcome, "How attention works")).sent
    assert told.topic == 9
    assert told.parameters["reply_parameters"]["message_id"] == welcome.message_id


# Links


async def test_a_link_opens_an_article(stocked: Shelves, reader: Person) -> None:
    newest = stocked.archive.articles.latest(1)[0]
    (sent,) = await reader.says(f"/start a_{newest.id}")
    assert sent.links == ["https://blog.example/5"]
    assert labels(sent) == ["Ask about this", "More like this", "Share"]
    (sent,) = await reader.says("/start a_0123456789ab")
    assert sent.text == "This article is no longer in the archive."


async def test_a_link_asks_a_question(reader: Person, library: FakeLibrary) -> None:
    for question in ("how does attention work?", "训练时的显存不够怎么办？", "a"):
        assert len(await reader.says(f"/start {question_payload(question)}")) == 1
        assert library.questions[-1] == question
    library.answer = answer(relevant=False)
    (sent,) = await reader.says(f"/start {question_payload('gibberish')}")
    assert sent.links == []


async def test_a_link_that_nobody_remembers_says_so(reader: Person) -> None:
    (sent,) = await reader.says(f"/start {remembered_payload('显存' * 50)}")
    assert sent.text.startswith("I do not remember the question that this link stands for.")


@pytest.mark.parametrize("payload", ["from-a-friend", "q_!!", "a_", "x" * 64, "q_A", "two words"])
async def test_any_other_payload_is_a_welcome(reader: Person, payload: str) -> None:
    (sent,) = await reader.says(f"/start {payload}")
    assert sent.text.startswith("Hello!")


async def test_without_a_ledger_links_ask_and_welcome(person: Person, library: FakeLibrary) -> None:
    assert len(await person.says(f"/start {question_payload('how?')}")) == 1
    assert library.questions == ["how?"]
    library.articles = [article(1)]
    for payload in ("a_a1", remembered_payload("how?")):
        (sent,) = await person.says(f"/start {payload}")
        assert sent.text.startswith("Hello!")
