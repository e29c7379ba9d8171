"""Days and numbers as the reader writes them, by the clock of where it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.application import BotApplication
from bot.buttons import HITS, LIKE, NEWEST, pack
from bot.wording import CHINESE, ENGLISH, TRADITIONAL, Wording
from tests.bot.bot_api import FakeTelegram
from tests.bot.fakes import FakeLibrary, answer, article, hit, newest
from tests.bot.people import Person

EVENING = datetime(2026, 3, 14, 20, tzinfo=UTC)  # the 15th in Asia


@pytest.fixture(autouse=True)
def published_in_the_evening(library: FakeLibrary) -> None:
    library.articles = [article(number, published=EVENING) for number in range(1, 31)]
    library.answer = answer(*(hit(each) for each in library.articles[:10]))


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [
        (ENGLISH, "14 Mar 2026", "12,345 tags"),
        (CHINESE, "2026年3月14日", "共 12,345 个标签"),
        (TRADITIONAL, "2026年3月14日", "共 12,345 個標籤"),
    ],
)
def test_each_language_writes_them_its_own_way(language: str, day: str, number: str) -> None:
    assert Wording(language).day(EVENING) == day
    assert Wording(language).say("tags-heading", count=12_345).startswith(number)


@pytest.mark.parametrize(
    ("language_code", "day"),
    [
        ("en", "14 Mar 2026"),
        ("zh-hans", "2026年3月15日"),
        ("zh-tw", "2026年3月15日"),
    ],
)
async def test_a_day_is_that_of_the_reader(
    subscribing: BotApplication,
    telegram: FakeTelegram,
    library: FakeLibrary,
    language_code: str,
    day: str,
) -> None:
    person = Person(subscribing, telegram, language_code=language_code)
    for asked in ("/latest", "梯度检查点", "/random"):
        (sent,) = await person.says(asked)
        assert f"Article 1\n{day}\n" in sent.text or f"\n{day}\n" in sent.text
    library.answer = answer(newest(library.articles[0]))
    (sent,) = await person.says("#LLM")
    assert f"Article 1\n{day}\n" in sent.text


async def test_a_place_has_a_clock_of_its_own_for_answers_and_pages(
    readers: Callable[..., Person],
) -> None:
    admin, member = readers(50), readers(51)
    await admin.says("/settings zone Tokyo")
    (found,) = await member.says("/ask 梯度检查点")
    assert "1. Article 1\n15 Mar 2026\n" in found.text
    (page,) = (await member.presses(found, "›")).edits
    assert "4. Article 4\n15 Mar 2026\n" in page.text
    (latest,) = await member.says("/latest")
    assert "1. Article 1\n15 Mar 2026\n" in latest.text
    (older,) = (await member.presses(latest, "Older")).edits
    assert "6. Article 6\n15 Mar 2026\n" in older.text
    similar = await member.presses_data(pack(LIKE, "a1"), message=member.message_of(found))
    assert "15 Mar 2026" in similar.sent[0].text
    await admin.says("/settings zone New York")
    (page,) = (await member.presses_data(found.button("›"), message=member.message_of(found))).edits
    assert "4. Article 4\n14 Mar 2026\n" in page.text


async def test_a_topic_too(readers: Callable[..., Person]) -> None:
    admin = readers(is_forum=True)
    here = {"message_thread_id": 9, "is_topic_message": True}
    await admin.says("/settings zone Tokyo", **here)
    (found,) = await admin.says("/ask 梯度检查点", **here)
    assert "15 Mar 2026" in found.text
    (page,) = (await admin.presses(found, "›")).edits
    assert "15 Mar 2026" in page.text
    (latest,) = await admin.says("/latest", **here)
    (older,) = (
        await admin.presses_data(pack(NEWEST, 5, 5), message=admin.message_of(latest))
    ).edits
    assert "15 Mar 2026" in older.text
    (elsewhere,) = await admin.says("/latest")
    assert "14 Mar 2026" in elsewhere.text
    old = {"message_id": found.message_id, "chat": admin.chat, "date": 0}
    (page,) = (await admin.presses_data(pack(HITS, 1, 2), message=old)).edits
    assert "15 Mar 2026" in page.text


async def test_an_edited_question_is_answered_with_the_same_days(
    readers: Callable[..., Person], telegram: FakeTelegram, library: FakeLibrary
) -> None:
    admin = readers(50)
    await admin.says("/settings zone Tokyo")
    asked = admin.update("/ask 梯度检查点")
    await admin.happens(asked)
    library.answer = answer(hit(library.articles[20]))
    edited = {**admin.message("/ask 显存"), "edit_date": 1_760_000_001}
    edited["message_id"] = asked["message"]["message_id"]
    await admin.happens({"update_id": 10**9, "edited_message": edited})
    assert telegram.edits[-1].text.startswith("1. Article 21\n15 Mar 2026\n")
