"""In groups the bot speaks when it is spoken to: by a command, by its name, or by a reply."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from bot.application import BotApplication
from tests.bot.bot_api import ME, FakeTelegram
from tests.bot.chats import BOT_ID
from tests.bot.fakes import FakeLibrary, answer, article, hit
from tests.bot.people import Person

Json = dict[str, Any]
TOPIC: Json = {"message_thread_id": 9, "is_topic_message": True}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}]
_ids = count(500_000)


def units(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def naming(words: str, **fields: Any) -> Json:
    """A message with its mentions, as Telegram finds them."""
    entities = [
        {"type": "mention", "offset": units(words[: found.start()]), "length": len(found.group())}
        for found in re.finditer(r"(?<!\w)@\w{5,}", words)
    ]
    return {"text": words, "entities": entities, **fields}


def pointing(words: str, name: str, user_id: int = BOT_ID) -> Json:
    """A message that mentions someone by what they are called, as clients do without a @name."""
    user = {"id": user_id, "is_bot": True, "first_name": name}
    offset = units(words[: words.index(name)])
    return {
        "text": words,
        "entities": [
            {"type": "text_mention", "offset": offset, "length": units(name), "user": user}
        ],
    }


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("@test_archive_bot what is attention?", "what is attention?"),
        ("@Test_Archive_Bot, what is it", "what is it"),
        ("@test_archive_bot：什么是注意力", "什么是注意力"),
        ("what is attention @test_archive_bot?", "what is attention?"),
        ("什么是注意力，@test_archive_bot", "什么是注意力"),
        ("😀👍🏽 hey @test_archive_bot what is it", "😀👍🏽 hey what is it"),
        ("@test_archive_bot\nwhat\nis it", "what\nis it"),
        ("first line\n@test_archive_bot what", "first line\nwhat"),
        ("@test_archive_bot @test_archive_bot what", "what"),
        ("@test_archive_bot what does @somebody say", "what does @somebody say"),
        ('@test_archive_bot "KV cache" -vLLM tag:LLM', '"KV cache" -vLLM tag:LLM'),
        ("@test_archive_bot -rm", "-rm"),
        ("@test_archive_bot /ask what is it", "what is it"),
    ],
)
async def test_a_question_to_its_name_is_answered_without_the_name(
    group: Callable[..., Person], library: FakeLibrary, words: str, question: str
) -> None:
    """FAILURES 21"""
    (sent,) = await group().says(**naming(words))
    assert library.questions == [question]
    assert sent.links == ["https://blog.example/1"]


async def test_another_command_behind_its_name_is_no_question(
    group: Callable[..., Person], library: FakeLibrary
) -> None:
    (told,) = await group().says(**naming("@test_archive_bot /latest"))
    assert told.text.startswith("What would you like to know?")
    assert library.questions == []


async def test_also_where_clients_write_no_name_with_an_at(
    group: Callable[..., Person], library: FakeLibrary
) -> None:
    assert len(await group().says(**pointing("😀 Archive, what?", "Archive"))) == 1
    assert await group().says(**pointing("Bob, what?", "Bob", 51)) == []
    assert library.questions == ["😀, what?"]


@pytest.mark.parametrize(
    "words",
    [
        "@test_archive_bots what?",
        "@another_archive_bot what?",
        "mail me at x@test_archive_bot",
        "test_archive_bot knows it",
    ],
)
async def test_other_names_are_none_of_its_business(
    group: Callable[..., Person], library: FakeLibrary, words: str
) -> None:
    assert await group().says(**naming(words)) == []
    assert library.questions == []


@pytest.mark.parametrize(
    "words", ["@test_archive_bot", "@test_archive_bot :", "@test_archive_bot \u200b"]
)
async def test_its_name_alone_is_answered_by_a_hint(
    group: Callable[..., Person], library: FakeLibrary, words: str
) -> None:
    (sent,) = await group().says(**naming(words))
    assert sent.text.startswith("What would you like to know?")
    assert "\n\n@test_archive_bot How does" in sent.text
    assert library.questions == []


@pytest.mark.parametrize("called", ["@test_archive_bot", "/ask", "/ask@test_archive_bot"])
async def test_called_in_reply_to_somebody_it_answers_what_they_said(
    readers: Callable[..., Person], library: FakeLibrary, called: str
) -> None:
    member = readers(51)
    fields = naming(called) if called.startswith("@") else {"text": called}
    said = member.message("what is attention?")
    (sent,) = await member.says(**fields, reply_to_message=said)
    assert library.questions == ["what is attention?"]
    assert sent.links == ["https://blog.example/1"]
    wordless = {**member.message(), "photo": PHOTO}
    (told,) = await member.says(**fields, reply_to_message=wordless)
    assert told.text.startswith("What would you like to know?")
    assert library.questions == ["what is attention?"]


async def test_a_question_in_reply_to_somebody_is_asked_itself(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)
    said = member.message("what is attention?")
    await member.says(**naming("@test_archive_bot and what is GQA?"), reply_to_message=said)
    assert library.questions == ["and what is GQA?"]


async def test_a_question_in_reply_to_one_of_its_cards_goes_to_the_cards_article(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)
    link = "https://t.me/test_archive_bot?start=a_a3"
    us = {key: ME[key] for key in ("id", "is_bot", "first_name", "username")}
    card = {
        **member.message("Article 3"),
        "via_bot": us,
        "reply_markup": {"inline_keyboard": [[{"text": "Ask about this", "url": link}]]},
    }
    library.answer = answer(hit(article(3)))
    await member.says(**naming("@test_archive_bot how?"), reply_to_message=card)
    assert (library.questions, library.within) == (["how?"], ["a3"])
    (told,) = await member.says(**naming("@test_archive_bot"), reply_to_message=card)
    assert told.text.startswith("What would you like to know about “Article 3”?")
    assert await member.says("nice card", reply_to_message=card) == []


async def test_what_is_said_to_nobody_or_to_others_meets_silence(
    readers: Callable[..., Person], library: FakeLibrary, telegram: FakeTelegram
) -> None:
    member = readers(51)
    for words in (
        "just chatting",
        "what is attention?",
        "/nope",
        "/nope@test_archive_bot",
        "/ask@another_bot what",
        "/latest@another_bot",
        "/start@another_bot",
        "look: /ask what",
    ):
        assert await member.says(words) == []
    assert await member.says("I agree", reply_to_message=member.message("/ask what")) == []
    assert await member.says(photo=PHOTO, caption="what is this?") == []
    assert (library.questions, telegram.called("sendChatAction")) == ([], [])


async def test_a_command_for_another_bot_is_no_reply_either(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)
    (sent,) = await member.says("/ask what?")
    assert await member.replies(sent, "/translate@another_bot") == []
    assert await member.replies(sent, "/nope") == []
    assert library.questions == ["what?"]


async def test_replies_to_whatever_it_said_are_questions(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)
    for said in ("/help", "/latest 2", "/subscriptions"):
        (sent,) = await member.says(said)
        (told,) = await member.replies(sent, "what is attention?")
        assert told.links == ["https://blog.example/1"]
    assert library.within == [None, None, None]
    (sent,) = await member.says(**naming("@test_archive_bot what?"))
    library.answers_within = answer(hit(article(1)))
    await member.replies(sent, **naming("@test_archive_bot and how?"))
    assert library.questions[3:] == ["what?", "and how?"]
    assert library.within[3:] == [None, "a1"]


async def test_what_is_said_in_a_topic_stays_there_and_is_no_reply_to_it(
    readers: Callable[..., Person], library: FakeLibrary, telegram: FakeTelegram
) -> None:
    member = readers(51, is_forum=True)
    me = {key: ME[key] for key in ("id", "is_bot", "first_name", "username")}
    opened = {"name": "Attention", "icon_color": 7_322_096}
    topic = {**TOPIC, "reply_to_message": member.message(forum_topic_created=opened, **TOPIC)}
    topic["reply_to_message"]["from"] = me
    assert await member.says("just chatting", **topic) == []
    (sent,) = await member.says(**naming("@test_archive_bot what?", **topic))
    (hint,) = await member.says(**naming("@test_archive_bot", **topic))
    assert (sent.topic, hint.topic) == (9, 9)
    assert [each["message_thread_id"] for each in telegram.called("sendChatAction")] == [9]
    assert library.questions == ["what?"]


async def test_captions_ask_by_name_and_by_command(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)

    def below(words: str, kind: str, length: int) -> Json:
        entity = {"type": kind, "offset": 0, "length": length}
        return {"photo": PHOTO, "caption": words, "caption_entities": [entity]}

    assert len(await member.says(**below("@test_archive_bot what?", "mention", 17))) == 1
    assert len(await member.says(**below("/ask  which?", "bot_command", 4))) == 1
    assert len(await member.says(**below("/ask@test_archive_bot who?", "bot_command", 21))) == 1
    assert await member.says(**below("/ask@another_bot who?", "bot_command", 16)) == []
    assert await member.says(**below("/nope who?", "bot_command", 5)) == []
    assert library.questions == ["what?", "which?", "who?"]


async def test_an_edited_mention_is_asked_without_the_name(
    readers: Callable[..., Person], library: FakeLibrary, telegram: FakeTelegram
) -> None:
    """FAILURES 18"""
    member = readers(51)
    update = member.update(**naming("@test_archive_bot what?"))
    await member.happens(update)

    async def edit(words: str) -> None:
        message = {**update["message"], **naming(words), "edit_date": 1_760_000_009}
        await member.happens({"update_id": next(_ids), "edited_message": message})

    await edit("what @test_archive_bot?")
    library.answer = answer(hit(article(2)))
    await edit("@test_archive_bot who?")
    assert library.questions == ["what?", "who?"]
    assert telegram.shown(-100)[0].links == ["https://blog.example/2"]
    assert len(telegram.sent) == 1


async def test_naming_it_later_in_an_edit_is_no_question(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)
    update = member.update("just chatting")
    await member.happens(update)
    message = {**update["message"], **naming("@test_archive_bot what?"), "edit_date": 1_760_000_009}
    assert await member.happens({"update_id": next(_ids), "edited_message": message}) == []
    assert library.questions == []


async def test_bots_and_channels_are_not_answered_but_anonymous_people_are(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)
    asked = naming("@test_archive_bot what?")
    bot: Json = {"from": {"id": 60, "is_bot": True, "first_name": "Echo", "username": "echo_bot"}}
    assert await member.says(**asked, **bot) == []
    assert await member.says("/ask what?", **bot) == []
    telegram = {"id": 777_000, "is_bot": False, "first_name": "Telegram"}
    channel = {"id": -1002, "type": "channel", "title": "News"}
    post: Json = {"from": telegram, "sender_chat": channel, "is_automatic_forward": True}
    assert await member.says(**asked, **post) == []
    group: Json = {"from": {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}}
    assert len(await member.says(**asked, **group, sender_chat=member.chat)) == 1
    assert library.questions == ["what?"]


async def test_what_is_forwarded_was_said_to_somebody_else(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)
    origin = {"type": "hidden_user", "sender_user_name": "Bob", "date": 1_760_000_000}
    assert await member.says(**naming("@test_archive_bot what?"), forward_origin=origin) == []
    assert await member.says("/ask what?", forward_origin=origin) == []
    assert library.questions == []


async def test_a_mention_is_answered_where_nobody_can_subscribe_too(
    application: BotApplication, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    chat = {"id": -100, "type": "group", "title": "Readers"}
    member = Person(application, telegram, chat=chat, language_code="zh-hans")
    (hint,) = await member.says(**naming("@test_archive_bot"))
    assert hint.text.startswith("想知道什么？")
    assert len(await member.replies(hint, "什么是注意力")) == 1
    assert library.questions == ["什么是注意力"]
