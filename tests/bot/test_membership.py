"""Chats that stop and begin again to hear the bot, and groups that move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.application import BotApplication
from bot.ledger import Ledger
from bot.ledger.records import Place
from tests.bot.bot_api import FakeTelegram, refusing
from tests.bot.chats import BOT_ID
from tests.bot.people import Json, Person

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
MEMBER: Json = {"status": "member"}
LEFT: Json = {"status": "left"}
KICKED: Json = {"status": "kicked", "until_date": 0}
_RIGHTS = (
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos"
    " can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages"
    " can_add_web_page_previews can_change_info can_invite_users can_pin_messages can_manage_topics"
    " can_edit_tag can_react_to_messages"
).split()


def restricted(*, may_write: bool, is_member: bool = True) -> Json:
    rights = dict.fromkeys(_RIGHTS, False) | {"can_send_messages": may_write}
    return {"status": "restricted", "is_member": is_member, "until_date": 0, **rights}


def administrator(**rights: bool) -> Json:
    names = (
        "can_be_edited can_change_info can_delete_messages can_delete_stories can_edit_stories"
        " can_invite_users can_manage_chat can_manage_video_chats can_post_stories"
        " can_promote_members can_restrict_members can_send_welcome_messages is_anonymous"
    ).split()
    return {"status": "administrator", **dict.fromkeys(names, False), **rights}


def place_of(ledger: Ledger, chat_id: int, topic: int = 0) -> Place:
    place = ledger.subscribers.place(chat_id, topic)
    assert place is not None
    return place


async def test_who_blocks_the_bot_sleeps_until_they_are_back(
    reader: Person, ledger: Ledger, telegram: FakeTelegram
) -> None:
    """FAILURES 11"""
    await reader.says("/subscribe #LLM")
    assert await reader.changes_membership(MEMBER, KICKED) == []
    place = place_of(ledger, 50)
    assert place.asleep == "kicked"
    assert place.asleep_since is not None
    assert len(ledger.subscribers.subscriptions(place.id)) == 1
    await reader.changes_membership(KICKED, MEMBER)
    assert place_of(ledger, 50).asleep is None


@pytest.mark.parametrize(
    ("language_code", "words"),
    [("en", "Welcome back! Your subscription is awake again."), ("zh", "欢迎回来")],
)
async def test_start_wakes_a_sleeping_chat_and_welcomes_as_ever(
    subscribing: BotApplication,
    telegram: FakeTelegram,
    ledger: Ledger,
    language_code: str,
    words: str,
) -> None:
    person = Person(subscribing, telegram, language_code=language_code)
    await person.says("/subscribe")
    ledger.subscribers.asleep(50, "blocked", NOW)
    back, welcome = await person.says("/start")
    assert words in back.text
    assert "/latest" in welcome.text
    assert place_of(ledger, 50).asleep is None
    assert len(await person.says("/start")) == 1


async def test_start_without_a_ledger_still_welcomes(
    reader: Person, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.do(lambda connection: connection.execute(text("DROP TABLE ledger_places")))
    sent = await reader.says("/start")
    assert any(each.text.startswith("Hello!") for each in sent)
    assert "failed" in caplog.text


@pytest.mark.parametrize(
    ("new", "hears"),
    [
        (LEFT, False),
        (KICKED, False),
        (restricted(may_write=False), False),
        (restricted(may_write=True, is_member=False), False),
        (restricted(may_write=True), True),
        (MEMBER, True),
        (administrator(), True),
    ],
)
async def test_a_group_hears_as_long_as_the_bot_may_write(
    readers: Callable[..., Person], ledger: Ledger, new: Json, hears: bool
) -> None:
    admin = readers(is_forum=True)
    await admin.says("/subscribe", message_thread_id=9, is_topic_message=True)
    await admin.says("/subscribe")
    await admin.changes_membership(MEMBER, new)
    for topic in (0, 9):
        assert (place_of(ledger, -100, topic).asleep is None) is hears


async def test_a_topic_that_is_opened_again_hears_again(
    readers: Callable[..., Person], ledger: Ledger
) -> None:
    admin = readers(is_forum=True)
    await admin.says("/subscribe", message_thread_id=9, is_topic_message=True)
    ledger.subscribers.asleep(-100, "Topic_closed", NOW, 9)
    opened = admin.update(message_thread_id=9, is_topic_message=True, forum_topic_reopened={})
    assert await admin.happens(opened) == []
    assert place_of(ledger, -100, 9).asleep is None


async def test_a_channel_hears_as_long_as_the_bot_may_post(
    reader: Person, telegram: FakeTelegram, ledger: Ledger
) -> None:
    channel = {"id": -1001, "type": "channel", "title": "News", "username": "news_here"}
    telegram.chats.add(-1001, "channel", title="News", username="news_here", admins={50, BOT_ID})
    await reader.says("/subscribe @news_here")
    inside = Person(reader.application, telegram, chat=channel)
    posting, idle = administrator(can_post_messages=True), administrator()
    await inside.changes_membership(posting, idle)
    assert place_of(ledger, -1001).asleep == "administrator"
    (told,) = await inside.changes_membership(idle, posting)
    assert place_of(ledger, -1001).asleep is None
    assert told.chat_id == 50
    assert "/subscribe @news_here" in told.text
    await inside.changes_membership(posting, LEFT)
    assert place_of(ledger, -1001).asleep == "left"


async def test_a_new_group_is_greeted_once_and_a_channels_admin_told_how(
    readers: Callable[..., Person], subscribing: BotApplication, telegram: FakeTelegram
) -> None:
    (hello,) = await readers().changes_membership(LEFT, MEMBER)
    assert hello.chat_id == -100
    assert "/subscribe" in hello.text
    assert await readers().changes_membership(MEMBER, administrator()) == []
    nameless = {"id": -1001234567890, "type": "channel", "title": "新闻"}
    telegram.chats.add(-1001234567890, "channel", title="新闻", admins={50, BOT_ID})
    admin = Person(subscribing, telegram, chat=nameless, language_code="zh")
    (told,) = await admin.changes_membership(LEFT, administrator(can_post_messages=True))
    assert told.chat_id == 50
    assert "/subscribe -1001234567890" in told.text


async def test_who_cannot_be_greeted_is_not(
    readers: Callable[..., Person], telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("sendMessage", refusing(403, "Forbidden: bot was kicked"))
    assert await readers().changes_membership(LEFT, MEMBER) == []
    assert "failed" not in caplog.text


@pytest.mark.parametrize("told_by", ["old", "new", "both"])
async def test_a_group_that_moves_keeps_its_subscriptions(
    subscribing: BotApplication, telegram: FakeTelegram, ledger: Ledger, told_by: str
) -> None:
    """FAILURES 14"""
    old = {"id": -5, "type": "group", "title": "Readers"}
    telegram.chats.add(-5, "group", title="Readers", admins={50})
    admin = Person(subscribing, telegram, chat=old)
    await admin.says("/subscribe #LLM")
    telegram.chats.move(-5, -1005)
    await admin.changes_membership(MEMBER, LEFT)
    moved = Person(
        subscribing, telegram, chat={"id": -1005, "type": "supergroup", "title": "Readers"}
    )
    if told_by in ("old", "both"):
        assert await admin.says(None, migrate_to_chat_id=-1005) == []
    if told_by in ("new", "both"):
        assert await moved.says(None, migrate_from_chat_id=-5) == []
    assert ledger.subscribers.place(-5) is None
    assert place_of(ledger, -1005).asleep is None
    (listed,) = await moved.says("/subscriptions")
    assert "#LLM" in listed.text


async def test_a_chat_that_never_subscribed_may_come_and_go(
    reader: Person, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    await reader.changes_membership(MEMBER, KICKED)
    await reader.changes_membership(KICKED, MEMBER)
    assert ledger.subscribers.place(50) is None
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []
