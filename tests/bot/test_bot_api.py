"""The tests' Telegram is as strict as the real one, and as lenient."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, RetryAfter

from tests.bot.bot_api import TOKEN, FakeTelegram, flood
from tests.bot.chats import BOT_ID
from tests.bot.judging import METHODS, wrong_fields
from tests.bot.limits import Limits


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, request=telegram.request(), get_updates_request=telegram.request()) as b:
        yield b


def button(data: str, label: str = "x") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)]])


@pytest.mark.parametrize("source", ["<b>x", "<b><i>x</b></i>", "a < b", "</b>", " ", "x" * 4097])
async def test_bad_texts_are_refused(bot: Bot, telegram: FakeTelegram, source: str) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(50, source, parse_mode="HTML")
    assert telegram.sent == []


@pytest.mark.parametrize("data", ["x" * 65, "字" * 22])
async def test_a_button_holds_64_bytes(bot: Bot, telegram: FakeTelegram, data: str) -> None:
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(50, "x", reply_markup=button(data))
    await bot.send_message(50, "x", reply_markup=button("x" * 64))
    assert telegram.sent[0].button("x") == "x" * 64


async def test_a_message_is_edited_once_to_the_same(bot: Bot, telegram: FakeTelegram) -> None:
    sent = await bot.send_message(50, "one", reply_markup=button("a"))
    await bot.edit_message_text("two", 50, sent.message_id, reply_markup=button("a"))
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("two", 50, sent.message_id, reply_markup=button("a"))
    await bot.edit_message_reply_markup(50, sent.message_id)
    assert [(each.text, each.buttons) for each in telegram.shown(50)] == [("two", [])]
    assert [each.text for each in telegram.sent] == ["one"]
    telegram.delete(telegram.sent[0])
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("three", 50, sent.message_id)


async def test_chats_refuse_as_people_leave_them(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.chats[50].gone = "blocked"
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(50, "x")
    telegram.chats[50].gone = None
    await bot.send_message(50, "x")
    telegram.chats.add(-5, "group", title="Readers", admins={50})
    telegram.chats.move(-5, -1005)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-5, "x")
    assert moved.value.new_chat_id == -1005
    assert [each.user.id for each in await bot.get_chat_administrators(-1005)] == [50]


async def test_topics_close_and_go(bot: Bot, telegram: FakeTelegram) -> None:
    forum = telegram.chats.add(-9, "supergroup", is_forum=True)
    sent = await bot.send_message(-9, "x", message_thread_id=4)
    assert (sent.message_thread_id, telegram.sent[0].topic) == (4, 4)
    forum.closed_topics.add(4)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(-9, "x", message_thread_id=4)
    forum.deleted_topics.add(4)
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(-9, "x", message_thread_id=4)


async def test_a_channel_is_written_to_by_its_administrators(
    bot: Bot, telegram: FakeTelegram
) -> None:
    channel = telegram.chats.add(-8, "channel", title="News", username="news", admins={50})
    with pytest.raises(BadRequest, match="administrator rights"):
        await bot.send_message("@news", "x")
    with pytest.raises(BadRequest, match="inaccessible"):
        await bot.get_chat_member("@news", 50)
    channel.admins.add(BOT_ID)
    await bot.send_message("@News", "x")
    assert telegram.sent[0].chat_id == -8
    assert (await bot.get_chat("@news")).id == -8
    assert (await bot.get_chat_member("@news", 50)).status == "creator"
    assert (await bot.get_chat_member(-8, BOT_ID)).status == "administrator"
    assert (await bot.get_chat_member(-8, 51)).status == "member"
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat("@nobody")


async def test_limits_are_kept_and_a_closed_chat_stays_closed(
    bot: Bot, telegram: FakeTelegram
) -> None:
    now = 0.0
    telegram.limits = Limits(3, 1, 2, clock=lambda: now)
    await bot.send_message(1, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(1, "x")
    await bot.send_message(2, "x")
    await bot.send_message(-3, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(4, "x")
    now = 1.0
    await bot.send_message(-3, "x")
    now = 2.0
    with pytest.raises(RetryAfter) as wait:
        await bot.send_message(-3, "x")
    assert wait.value._retry_after.total_seconds() == 58
    telegram.limits.close(43_837, 1)
    with pytest.raises(RetryAfter):
        await bot.send_message(1, "x")
    await bot.send_message(2, "x")


async def test_a_fault_may_be_for_one_chat(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", flood(9), chat_id=2)
    await bot.send_message(1, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(2, "x")
    assert [(call.chat_id, call.status) for call in telegram.journal[-2:]] == [(1, 200), (2, 429)]


def update(number: int, **fields: object) -> dict[str, object]:
    person = {"id": 50, "is_bot": False, "first_name": "Ada"}
    chat = {"id": 50, "type": "private", "first_name": "Ada"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": person, "text": "x"}
    return {"update_id": number, **(fields or {"message": message})}


async def test_updates_that_nobody_asked_for_do_not_come(bot: Bot, telegram: FakeTelegram) -> None:
    chat = {"id": 50, "type": "private", "first_name": "Ada"}
    person = {"id": 50, "is_bot": False, "first_name": "Ada"}
    telegram.receive(
        update(1), update(2, poll_answer={"poll_id": "1", "user": person, "voter_chat": chat})
    )
    telegram.violations.clear()  # the poll is only half of one
    got = await bot.get_updates(allowed_updates=["message"])
    assert [each.update_id for each in got] == [1]


async def test_only_one_polls_and_none_beside_a_webhook(bot: Bot, telegram: FakeTelegram) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(bot.get_updates(timeout=30))
    with pytest.raises(Conflict, match="other getUpdates"):
        await first
    telegram.receive(update(1))
    assert [each.update_id for each in await second] == [1]
    await bot.get_updates(offset=2)
    telegram.repeat()
    assert [each.update_id for each in await bot.get_updates(offset=2, timeout=30)] == [1]
    await bot.set_webhook("https://127.0.0.1/x", secret_token="a")
    with pytest.raises(Conflict, match="webhook"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://127.0.0.1/x"
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_what_the_bot_api_does_not_know_is_noted(bot: Bot, telegram: FakeTelegram) -> None:
    await bot.send_message(50, "x", api_kwargs={"loud": True})
    assert telegram.violations == ["sendMessage has no field loud"]
    assert wrong_fields({"chat_id": 5.0}, METHODS["sendChatAction"], "it") == [
        "it.chat_id: 5.0 is no Integer or String",
        "it lacks action",
    ]
    telegram.violations.clear()


async def test_a_message_remembers_when_it_came(bot: Bot, telegram: FakeTelegram) -> None:
    before = time.time()
    await bot.send_message(50, "x")
    assert before <= telegram.sent[0].at <= time.time()
