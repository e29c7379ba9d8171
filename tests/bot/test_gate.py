"""Too many questions: one kind sentence, then silence, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.access import Limiter, Limits
from bot.application import BotApplication, build_application
from bot.buttons import EXAMPLE, pack
from bot.context import Desk
from bot.deep_links import question_payload
from bot.retrying import Retrying
from tests.bot.bot_api import TOKEN, FakeTelegram, refusing
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person

GROUP = {"id": -100, "type": "supergroup", "title": "Readers"}
TOO_MUCH = "Please wait"


@asynccontextmanager
async def limited(
    desk: Desk, telegram: FakeTelegram, limits: Limits, retrying: Retrying, admin: int = 0
) -> AsyncIterator[BotApplication]:
    """The application with these limits, which do not count for `admin`."""
    application = build_application(
        desk.library,
        desk=replace(desk, limiter=Limiter(limits), admins=frozenset({admin})),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
        retrying=retrying,
    )
    async with application:
        yield application


@pytest.fixture
async def strict(
    desk: Desk, telegram: FakeTelegram, retrying: Retrying
) -> AsyncIterator[BotApplication]:
    """Three questions a minute for one person."""
    async with limited(desk, telegram, Limits(3, 100, 5), retrying) as application:
        yield application


def member(application: BotApplication, telegram: FakeTelegram, person_id: int) -> Person:
    telegram.chats.add(-100, "supergroup", title="Readers", admins={50})
    return Person(application, telegram, chat=GROUP, person_id=person_id)


async def test_what_is_too_much_gets_one_kind_sentence_then_silence(
    strict: BotApplication, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    person = Person(strict, telegram)
    for number in range(3):
        assert len(await person.says(f"question {number}")) == 1
    (told,) = await person.says("question 3")
    assert told.text == "That was a lot in a short time. Please wait 60 seconds, then ask again."
    for number in range(4, 9):
        assert await person.says(f"question {number}") == []
    assert len(library.questions) == 3
    (hello,) = await Person(strict, telegram, person_id=51).says("me too")
    assert TOO_MUCH not in hello.text


@pytest.mark.parametrize(
    ("language_code", "words"), [("zh-hans", "请过 60 秒再问"), ("zh-tw", "60 秒再問")]
)
async def test_it_is_said_in_the_readers_language(
    strict: BotApplication, telegram: FakeTelegram, language_code: str, words: str
) -> None:
    person = Person(strict, telegram, language_code=language_code)
    sent = [await person.says("显存不够") for _ in range(4)]
    assert words in sent[3][0].text


@pytest.mark.parametrize(
    ("day", "told"),
    [(200, "wait 22 minutes, then"), (20, "wait 4 hours, then"), (1, "wait 24 hours, then")],
)
async def test_a_long_wait_is_told_in_minutes_and_a_very_long_one_in_hours(
    desk: Desk, telegram: FakeTelegram, retrying: Retrying, day: int, told: str
) -> None:
    async with limited(desk, telegram, Limits(0, day, 0), retrying) as application:
        person = Person(application, telegram)
        sent = [await person.says("how?") for _ in range(day + 1)]
    assert told in sent[day][0].text


async def test_commands_and_buttons_are_no_questions(
    strict: BotApplication, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    person = Person(strict, telegram)
    (answered,) = await person.says("first")
    for _ in range(2):
        await person.says("/ask more")
    for _ in range(3):
        for words in ("/start", "/help", "/latest", "/subscribe", "/settings", "/privacy", "/ask"):
            sent = await person.says(words)
            assert sent
            assert TOO_MUCH not in sent[0].text
    assert (await person.presses(answered, "👍")).toast == "Thanks, good to know!"
    assert (await person.presses(answered, "Share")).sent
    assert TOO_MUCH in (await person.says("fourth"))[0].text


WAYS = ["words", "/ask", "/ask in reply", "reply", "picture", "link", "edit"]


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_to_ask_counts(
    strict: BotApplication, telegram: FakeTelegram, library: FakeLibrary, way: str
) -> None:
    person = Person(strict, telegram)
    first = person.message("a question")
    (answered,) = await person.happens({"update_id": 10**6, "message": first})
    await person.says("another")
    await person.says("a third")

    async def once_more(number: int) -> list[str]:
        match way:
            case "words":
                sent = await person.says("more")
            case "/ask":
                sent = await person.says("/ask more")
            case "/ask in reply":
                sent = await person.says("/ask", reply_to_message=person.message("more"))
            case "reply":
                sent = await person.replies(answered, "more")
            case "picture":
                photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
                sent = await person.says(photo=photo, caption="more")
            case "link":
                sent = await person.says(f"/start {question_payload('more')}")
            case _:
                edited = {**first, "text": "otherwise", "edit_date": 1_760_000_001}
                edited_update = {"update_id": 10**6 + number, "edited_message": edited}
                sent = await person.happens(edited_update)
        return [each.text for each in sent]

    (told,) = await once_more(1)
    assert TOO_MUCH in told
    assert await once_more(2) == []
    assert len(library.questions) == 3


async def test_examples_that_are_pressed_are_questions_too(
    strict: BotApplication, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    """FAILURES 27"""
    person = Person(strict, telegram)
    (welcome,) = await person.says("/start")
    data = pack(EXAMPLE, question_payload("an example") or "")
    message = person.message_of(welcome)
    for _ in range(3):
        assert len((await person.presses_data(data, message=message)).sent) == 1
    for _ in range(2):
        pressed = await person.presses_data(data, message=message)
        assert (pressed.answers, pressed.sent, pressed.alert) == (1, [], True)
        assert TOO_MUCH in (pressed.toast or "")
    assert len(library.questions) == 3
    assert await person.says("in words") == [], "that was told already"
    other = Person(strict, telegram, person_id=51)
    assert len(await other.says("mine")) == 1


async def test_edits_of_what_was_no_question_cost_nothing(
    strict: BotApplication, telegram: FakeTelegram
) -> None:
    person = Person(strict, telegram)
    said = person.message("/help")
    for number in range(9):
        edited = {**said, "text": f"words {number}", "edit_date": 1_760_000_001}
        update = {"update_id": 2 * 10**6 + number, "edited_message": edited}
        assert await person.happens(update) == []
    assert TOO_MUCH not in (await person.says("a question"))[0].text


async def test_in_a_group_only_who_asked_too_much_is_silenced(
    strict: BotApplication, telegram: FakeTelegram
) -> None:
    eager, calm = (member(strict, telegram, number) for number in (50, 51))
    sent = [await eager.says("/ask this") for _ in range(9)]
    assert [len(each) for each in sent] == [1, 1, 1, 1, 0, 0, 0, 0, 0]
    assert TOO_MUCH in sent[3][0].text
    assert sent[3][0].parameters["reply_parameters"]
    assert TOO_MUCH not in (await calm.says("/ask that"))[0].text
    assert await eager.says("what I tell the others") == []


async def test_a_group_as_a_whole_may_ask_only_so_much(
    strict: BotApplication, telegram: FakeTelegram
) -> None:
    people = [member(strict, telegram, number) for number in range(60, 68)]
    sent = [await each.says("/ask this") for each in people]
    assert [TOO_MUCH in each[0].text if each else None for each in sent] == [
        *[False] * 5,
        True,
        None,
        None,
    ]
    (alone,) = await Person(strict, telegram, person_id=67).says("this")
    assert TOO_MUCH not in alone.text


async def test_those_who_look_after_the_bot_have_no_limits(
    desk: Desk, telegram: FakeTelegram, retrying: Retrying
) -> None:
    async with limited(desk, telegram, Limits(2, 2, 2), retrying, admin=50) as application:
        admin = Person(application, telegram)
        for _ in range(9):
            assert TOO_MUCH not in (await admin.says("how?"))[0].text


async def test_nobody_is_answered_where_the_sentence_cannot_be_sent(
    strict: BotApplication, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    person = Person(strict, telegram)
    for _ in range(3):
        await person.says("how?")
    telegram.fail("sendMessage", refusing(400, "Bad Request: something odd"))
    assert await person.says("how?") == []
    assert len(library.questions) == 3


async def test_64_people_at_once_are_all_answered_and_a_burst_of_one_is_limited_alone(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary, retrying: Retrying
) -> None:
    """FAILURES 26"""
    async with limited(desk, telegram, Limits(10, 200, 30), retrying) as application:
        library.gate.clear()  # the embedding is slow
        many = [Person(application, telegram, person_id=1000 + each) for each in range(64)]
        eager = Person(application, telegram, person_id=2000)
        asking = [asyncio.create_task(each.says("how?")) for each in many]
        asking += [asyncio.create_task(eager.says(f"{each}?")) for each in range(40)]
        async with asyncio.timeout(30):
            while len(library.questions) < 74:  # noqa: ASYNC110  the library tells nobody
                await asyncio.sleep(0.01)
        await Person(application, telegram, person_id=3000).says("/start")
        assert telegram.shown(3000)[0].text.startswith("Hello!")
        library.gate.set()
        await asyncio.gather(*asking)
    for each in range(64):
        (answered,) = telegram.shown(1000 + each)
        assert TOO_MUCH not in answered.text
    assert sorted(TOO_MUCH in each.text for each in telegram.shown(2000)) == [*[False] * 10, True]
