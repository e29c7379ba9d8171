"""What a person is answered in a private chat, and what in a group."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.application import BotApplication
from retrieval.search.question import parse
from tests.bot.bot_api import FakeTelegram, refusing
from tests.bot.fakes import FakeLibrary, answer, article, hit
from tests.bot.people import Person

STICKER = {
    "file_id": "f",
    "file_unique_id": "u",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
    "type": "regular",
}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}]


@pytest.mark.parametrize(
    ("language_code", "words"), [("en", "send me a question"), ("zh-hans", "直接把问题发给我")]
)
async def test_start_tells_what_to_do(
    application: BotApplication, telegram: FakeTelegram, language_code: str, words: str
) -> None:
    person = Person(application, telegram, language_code=language_code)
    (sent,) = await person.says("/start")
    assert words in sent.text
    assert "/latest" in sent.text
    assert sent.parameters["chat_id"] == 50
    assert "reply_parameters" not in sent.parameters
    assert sent.parameters["link_preview_options"] == {"is_disabled": True}


async def test_start_also_with_a_deep_link_or_in_capitals(person: Person) -> None:
    assert (await person.says("/start from-a-friend"))[0].text.startswith("Hello!")
    assert (await person.says("/START"))[0].text.startswith("Hello!")
    assert (await person.says("/start@test_archive_bot"))[0].text.startswith("Hello!")


async def test_help_names_every_command(person: Person) -> None:
    (sent,) = await person.says("/help")
    for command in ("/ask", "/latest", "/latest 20"):
        assert command in sent.text


@pytest.mark.parametrize(
    ("language_code", "keys"),
    [("en", "tag: source: after: before:"), ("zh", "标签: 来源: 之后: 之前:")],
)
async def test_help_tells_of_filters_as_they_are_understood(
    application: BotApplication, telegram: FakeTelegram, language_code: str, keys: str
) -> None:
    (sent,) = await Person(application, telegram, language_code=language_code).says("/help")
    line = next(line for line in sent.text.splitlines() if keys.split()[0] in line)
    asked = parse(" ".join(re.split("[，。：、]|, |: ", line)))
    assert all(key in line for key in keys.split())
    assert asked.filter.tags == ("LLM",)
    assert len(asked.filter.sources) == 1
    assert (str(asked.filter.after)[:7], str(asked.filter.before)[:4]) == ("2026-03", "2027")
    assert len(asked.phrases) == 1
    assert len(asked.excluded) == 1


async def test_plain_words_are_a_question(person: Person, library: FakeLibrary) -> None:
    (sent,) = await person.says("梯度检查点怎么省显存")
    assert library.questions == ["梯度检查点怎么省显存"]
    assert sent.links == ["https://blog.example/1"]
    assert sent.marked("blockquote") == ["开头一句。梯度检查点用计算换显存。最后一句。"]
    assert "梯度检查点用计算换显存。" in sent.marked("bold")


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("/ask what is attention", "what is attention"),
        ("/ask@test_archive_bot what", "what"),
        ("/ask\nwhat\n is it", "what is it"),
        ('/ask "Kimi-VL" -x AND (y OR z)', '"Kimi-VL" -x AND (y OR z)'),
        ("-rm 'quoted' \"x\" a:b* ~1 [z]", "-rm 'quoted' \"x\" a:b* ~1 [z]"),
        ("卷", "卷"),
        ("nul\x00 and \x1b[31m", "nul and [31m"),
    ],
)
async def test_questions_reach_the_library_as_they_were_meant(
    person: Person, library: FakeLibrary, words: str, question: str
) -> None:
    """FAILURES 20, FAILURES 21"""
    assert len(await person.says(words)) == 1
    assert library.questions == [question]


async def test_a_lone_surrogate_in_a_question_is_dropped(
    person: Person, library: FakeLibrary
) -> None:
    await person.says("half \ud83d of an emoji")
    assert library.questions == ["half  of an emoji"]


async def test_a_very_long_question_is_cut(person: Person, library: FakeLibrary) -> None:
    await person.says("这是一个很长的问题。" * 300)
    (question,) = library.questions
    assert 500 < len(question) <= 1000
    assert question.endswith("问题。")


@pytest.mark.parametrize("words", ["/ask", "/ask   ", "/ask@test_archive_bot", "/ask \x00"])
async def test_ask_without_words_tells_how(
    person: Person, library: FakeLibrary, words: str
) -> None:
    (sent,) = await person.says(words)
    assert sent.text.startswith("What would you like to know?")
    assert library.questions == []


async def test_nothing_relevant_is_said_honestly(person: Person, library: FakeLibrary) -> None:
    """FAILURES 19"""
    library.answer = answer(hit(), relevant=False)
    (sent,) = await person.says("asdfghjkl")
    assert sent.text.startswith("The archive has nothing on this")
    assert sent.links == []
    assert sent.parsed.entities == ()
    assert sent.text.endswith("though not an answer:\n• Article 1")


async def test_a_title_full_of_markup_arrives(person: Person, library: FakeLibrary) -> None:
    """FAILURES 12"""
    library.answer = answer(hit(article(1, title="C#<T> & _x_")), hit(article(2, title="Other")))
    (sent,) = await person.says("generics")
    assert sent.marked("text_link") == ["C#<T> & _x_", "Other"]


async def test_a_long_answer_arrives_in_order_and_whole(
    person: Person, library: FakeLibrary
) -> None:
    """FAILURES 13"""
    long = "".join(f"第{number}句😀。" for number in range(1500))
    library.answer = answer(hit(excerpt=long))
    sent = await person.says("long")
    assert len(sent) > 2
    assert long in "".join(each.text for each in sent)


async def test_latest_shows_the_newest(person: Person) -> None:
    (sent,) = await person.says("/latest")
    assert sent.links == [f"https://blog.example/{number}" for number in range(1, 6)]
    assert sent.text.startswith("The newest 5 articles\n\n1. Article 1\n14 Mar 2026\n")


@pytest.mark.parametrize(
    ("words", "count"), [("/latest 1", 1), ("/latest 20", 20), ("/latest ３", 3)]
)
async def test_latest_shows_as_many_as_asked_for(person: Person, words: str, count: int) -> None:
    assert len([link for sent in await person.says(words) for link in sent.links]) == count


@pytest.mark.parametrize("number", ["0", "21", "-1", "1 2", "1.5", "²", "9" * 4000])
async def test_latest_explains_what_number_it_takes(person: Person, number: str) -> None:
    (sent,) = await person.says(f"/latest {number}")
    assert sent.text.startswith("How many would you like, up to 20, and of what? For example:")
    assert "/latest 5\n" in sent.text


async def test_latest_of_an_empty_archive(person: Person, library: FakeLibrary) -> None:
    library.articles = []
    (sent,) = await person.says("/latest")
    assert sent.text.startswith("The archive holds no articles yet")


@pytest.mark.parametrize("words", ["/nope", "/ask@other_bot x", "/usr/bin"])
async def test_an_unknown_command_gets_a_hint(person: Person, words: str) -> None:
    (sent,) = await person.says(words)
    assert sent.text.startswith("I do not know this command")


@pytest.mark.parametrize(
    "content",
    [{"sticker": STICKER}, {"photo": PHOTO}, {"location": {"latitude": 1, "longitude": 2}}],
)
async def test_what_holds_no_words_gets_a_kind_sentence(
    person: Person, telegram: FakeTelegram, content: dict[str, Any]
) -> None:
    (sent,) = await person.says(**content)
    telegram.violations.clear()  # the facts know no `Location`
    assert sent.text == "I can only read words. Please send your question as text."


async def test_an_album_gets_one_sentence_and_not_ten(person: Person) -> None:
    sent = [await person.says(photo=PHOTO, media_group_id="7") for _ in range(3)]
    assert [len(each) for each in sent] == [1, 0, 0]


async def test_a_caption_is_a_question(person: Person, library: FakeLibrary) -> None:
    (sent,) = await person.says(photo=PHOTO, caption="what is this")
    assert library.questions == ["what is this"]
    assert sent.links


async def test_service_messages_are_left_alone(person: Person) -> None:
    assert await person.says(group_chat_created=True) == []
    assert await person.says(new_chat_title="x") == []


@pytest.mark.parametrize(
    ("question", "words"),
    [("火星上的咖啡馆", "我在这些文章里没有找到"), ("mars", "The archive has nothing")],
)
async def test_without_a_client_language_the_question_decides(
    application: BotApplication,
    telegram: FakeTelegram,
    library: FakeLibrary,
    question: str,
    words: str,
) -> None:
    library.answer = answer(relevant=False)
    person = Person(application, telegram, language_code=None)
    (sent,) = await person.says(question)
    assert sent.text.startswith(words)


# In groups


async def test_a_group_is_answered_only_when_it_asks(
    group: Callable[..., Person], library: FakeLibrary
) -> None:
    member = group()
    for words in ("just chatting", "/nope", "/ask@other_bot x"):
        assert await member.says(words) == []
    assert await member.says(sticker=STICKER) == []
    assert await member.says(photo=PHOTO, caption="look") == []
    assert library.questions == []
    assert len(await member.says("/ask@test_archive_bot what")) == 1
    assert len(await member.says("/latest 1")) == 1


async def test_in_a_group_the_asking_message_is_quoted(group: Callable[..., Person]) -> None:
    member = group()
    update = member.update("/ask what")
    (sent,) = await member.happens(update)
    assert sent.parameters["chat_id"] == -100
    assert sent.parameters["reply_parameters"] == {
        "message_id": update["message"]["message_id"],
        "allow_sending_without_reply": True,
    }
    assert "message_thread_id" not in sent.parameters


async def test_only_the_first_part_quotes(
    group: Callable[..., Person], library: FakeLibrary
) -> None:
    library.answer = answer(hit(excerpt="字" * 5000))
    sent = await group().says("/ask what")
    assert ["reply_parameters" in each.parameters for each in sent] == [True, False]


async def test_a_topic_is_answered_in_the_topic(
    group: Callable[..., Person], library: FakeLibrary, telegram: FakeTelegram
) -> None:
    library.answer = answer(hit(excerpt="字" * 5000))
    sent = await group(is_forum=True).says("/ask x", message_thread_id=9, is_topic_message=True)
    assert [each.parameters["message_thread_id"] for each in sent] == [9, 9]
    assert telegram.called("sendChatAction")[0]["message_thread_id"] == 9


async def test_a_chain_of_replies_is_no_topic(group: Callable[..., Person]) -> None:
    (sent,) = await group().says("/ask x", message_thread_id=9)
    assert "message_thread_id" not in sent.parameters


async def test_the_message_that_met_a_moving_group_survives(
    group: Callable[..., Person], library: FakeLibrary, telegram: FakeTelegram
) -> None:
    """FAILURES 14"""
    library.answer = answer(hit(excerpt="字" * 5000))
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    telegram.fail("sendMessage", refusing(400, moved, migrate_to_chat_id=-1001))
    sent = await group(type="group").says("/ask what")
    assert [each.chat_id for each in sent] == [-1001, -1001]
    assert "".join(each.text for each in sent).count("字") == 5000


async def test_someone_who_blocked_the_bot_costs_the_others_nothing(
    application: BotApplication, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    """FAILURES 11"""
    telegram.fail("sendMessage", refusing(403, "Forbidden: bot was blocked by the user"))
    assert await Person(application, telegram, person_id=1).says("/start") == []
    assert len(await Person(application, telegram, person_id=2).says("/start")) == 1
    assert len(telegram.called("sendMessage")) == 2  # no apology to who cannot hear it
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_words_survive_even_if_telegram_refuses_our_html(
    person: Person, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("sendMessage", refusing(400, "Bad Request: can't parse entities: no reason"))
    (sent,) = await person.says("梯度")
    assert "parse_mode" not in sent.parameters
    assert sent.text.startswith("1. Article 1\n14 Mar 2026\n开头一句。")
    assert "refused our HTML" in caplog.text


async def test_a_slow_library_does_not_delay_another_persons_start(
    idle_application: BotApplication, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    """FAILURES 26"""
    application = idle_application
    async with application:
        await application.start()
        library.gate.clear()
        slow = [Person(application, telegram, person_id=number) for number in range(1, 101)]
        for person in slow:
            await application.update_queue.put(_update(person, "a question"))
        while len(library.questions) < 100:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        other = Person(application, telegram, person_id=200)
        await application.update_queue.put(_update(other, "/start"))
        async with asyncio.timeout(2):
            while not telegram.sent:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert [each.chat_id for each in telegram.sent] == [200]
        library.gate.set()
        await application.stop()
    assert len(telegram.sent) == 101


def _update(person: Person, words: str) -> object:
    from telegram import Update

    return Update.de_json(person.update(words), person.application.bot)
