"""Whatever Telegram tells of: one sensible reaction or none, and never an exception."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.application import build_application
from bot.context import Desk
from tests.bot.bot_api import ME, TOKEN, FakeTelegram
from tests.bot.drawn import objects, said
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person

Json = dict[str, Any]
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}]
FILE: Json = {"file_id": "f", "file_unique_id": "u"}
COMMAND = [{"type": "bot_command", "offset": 0, "length": 7}]
BOB: Json = {"type": "hidden_user", "sender_user_name": "Bob", "date": 1_760_000_000}
GIF: Json = {"id": 61, "is_bot": True, "first_name": "GIF", "username": "gif"}
MYSELF: Json = {key: ME[key] for key in ("id", "is_bot", "first_name", "username")}
_ids = count(700_000)

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_message",
    "edited_business_message",
)
CHATS: list[Json] = [
    {"id": 50, "type": "private", "first_name": "Ada"},
    {"id": -100, "type": "supergroup", "title": "Readers", "is_forum": True},
    {"id": -101, "type": "group", "title": "Friends"},
    {"id": -102, "type": "channel", "title": "News"},
]
OFTEN = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "from",
    "photo",
    "reply_to_message",
    "forward_origin",
    "sender_chat",
    "via_bot",
    "message_thread_id",
    "is_topic_message",
    "media_group_id",
)


def test_no_message_whatsoever_is_too_odd(
    desk: Desk, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    """FAILURES 18"""
    application = build_application(
        desk.library,
        desk=desk,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    telegram.chats.add(-102, "channel", title="News", admins={7})
    person = Person(application, telegram)

    with asyncio.Runner() as runner:
        runner.run(application.initialize())

        @settings(
            deadline=None,
            max_examples=150,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(
            objects("Message", 3, *OFTEN),
            st.one_of(st.just("message"), st.sampled_from(KINDS)),
            st.one_of(st.just(CHATS[0]), st.sampled_from(CHATS)),
            st.sampled_from([None, MYSELF, person.sender]),
            st.one_of(st.none(), said),
        )
        def happens(
            message: Json, kind: str, chat: Json, replied: Json | None, words: str | None
        ) -> None:
            message = {**message, "chat": chat}
            if not chat.get("is_forum"):
                message.pop("is_topic_message", None)
            elif "message_thread_id" in message:
                message["message_thread_id"] = 9
            if words is not None:  # with the entities of its own where it has some
                message = {**person.message(words), **message, "text": words}
            if replied is not None:
                message["reply_to_message"] = {
                    "message_id": 1001,
                    "date": 1_760_000_000,
                    "chat": chat,
                    "from": replied,
                }
            sent = runner.run(person.happens({"update_id": next(_ids), kind: message}))
            assert len(sent) <= 1
            assert kind == "message" or sent == []
            assert [each for each in caplog.records if each.levelname == "ERROR"] == []

        happens()
        runner.run(application.shutdown())
    assert len(telegram.sent) > 10, "most were odd in ways that nobody answers"


@pytest.mark.parametrize(
    "content",
    [
        {"voice": {**FILE, "duration": 3}},
        {"video_note": {**FILE, "length": 240, "duration": 3}},
        {"contact": {"phone_number": "1", "first_name": "Bob"}},
        {"dice": {"emoji": "🎲", "value": 4}},
        {"paid_media": {"star_count": 1, "paid_media": [{"type": "preview"}]}},
        {"story": {"chat": CHATS[0], "id": 1}},
        {"photo": PHOTO, "forward_origin": BOB},
        {"photo": PHOTO, "via_bot": GIF},
        {"photo": PHOTO, "caption": ""},
        {"photo": PHOTO, "caption": "/latest 3", "caption_entities": COMMAND},
        {"photo": PHOTO, "caption": "/latest@other_bot 3", "caption_entities": COMMAND},
    ],
)
async def test_what_holds_no_words_is_told_so_in_private_alone(
    reader: Person, readers: Callable[..., Person], content: Json
) -> None:
    (sent,) = await reader.says(**content)
    assert sent.text == "I can only read words. Please send your question as text."
    assert await readers(51).says(**content) == []


@pytest.mark.parametrize(
    "news",
    [
        {"successful_payment": None},
        {"pinned_message": CHATS[0]},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"write_access_allowed": {}},
        {"boost_added": {"boost_count": 1}},
        {"connected_website": "example.org"},
        {"delete_chat_photo": True},
        {},
    ],
)
async def test_news_of_a_chat_and_empty_messages_are_left_alone(
    reader: Person, news: Json, caplog: pytest.LogCaptureFixture
) -> None:
    news = {**news}
    if "pinned_message" in news:
        news["pinned_message"] = reader.message("pinned")
    if "successful_payment" in news:
        names = "currency invoice_payload telegram_payment_charge_id provider_payment_charge_id"
        news["successful_payment"] = {**dict.fromkeys(names.split(), "x"), "total_amount": 1}
    assert await reader.says(**news) == []
    assert caplog.records == []


async def test_a_forwarded_question_is_one_and_a_forwarded_command_is_none(
    reader: Person, library: FakeLibrary
) -> None:
    assert len(await reader.says("what is attention?", forward_origin=BOB)) == 1
    for command in ("/ask what?", "/start", "/subscribe", "/nope"):
        (sent,) = await reader.says(command, forward_origin=BOB)
        assert sent.text.startswith("A command that is forwarded does nothing.")
    assert library.questions == ["what is attention?"]


async def test_the_bots_own_cards_are_no_questions(
    reader: Person, readers: Callable[..., Person], library: FakeLibrary
) -> None:
    for member in (reader, readers(51)):
        assert await member.says("1. Article 1", via_bot=MYSELF) == []
        assert await member.says("/ask what?", via_bot=MYSELF) == []
    assert len(await reader.says("what?", via_bot=GIF)) == 1
    assert library.questions == ["what?"]


@pytest.mark.parametrize("words", ["\u200b", " \n ", "\u2060\u00a0", "\x00", "\u3164"])
async def test_what_nobody_sees_is_no_question(
    reader: Person, library: FakeLibrary, words: str
) -> None:
    (sent,) = await reader.says(words)
    assert sent.text.startswith("What would you like to know?")
    assert library.questions == []


@pytest.mark.parametrize(
    "words", ["…", "???", "？！", "👍", "❤️👩🏽‍💻", "-- !", "。。。", "/ask ..."]
)
async def test_signs_and_emoji_alone_are_no_question(
    reader: Person, library: FakeLibrary, words: str
) -> None:
    (sent,) = await reader.says(words)
    assert sent.text.startswith("What would you like to know?")
    assert library.questions == []


@pytest.mark.parametrize("words", ["C", "好", "7", "…é", "क्या?"])
async def test_a_letter_or_a_digit_is_a_question(
    reader: Person, library: FakeLibrary, words: str
) -> None:
    await reader.says(words)
    assert library.questions == [words]


async def test_signs_below_an_answer_in_a_group_meet_silence(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)
    (sent,) = await member.says("/ask what is attention?")
    assert await member.replies(sent, "👍") == []
    assert len(await member.replies(sent, "and?")) == 1
    assert library.questions == ["what is attention?", "and?"]


async def test_an_album_with_a_caption_is_answered_and_nothing_else(
    reader: Person, library: FakeLibrary
) -> None:
    (sent,) = await reader.says(photo=PHOTO, media_group_id="9", caption="what is this?")
    assert sent.links == ["https://blog.example/1"]
    for _ in range(3):
        assert await reader.says(photo=PHOTO, media_group_id="9") == []
    assert library.questions == ["what is this?"]


@pytest.mark.parametrize("words", ["字" * 4096, "@test_archive_bot " * 100, "a " * 2048])
async def test_very_long_words_are_one_question(
    reader: Person, library: FakeLibrary, words: str
) -> None:
    """FAILURES 13"""
    assert len(await reader.says(words)) == 1
    assert all(len(question) <= 1000 for question in library.questions)
