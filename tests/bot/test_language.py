"""/language: what somebody chose wins over what their client tells, in all that they read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.application import BotApplication, build_application
from bot.buttons import LANGUAGE, pack
from bot.context import Desk
from bot.ledger import Ledger
from bot.ledger.writing import Writer
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.chats import BOT_ID
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person


def language_of(ledger: Ledger, chat_id: int) -> str | None:
    place = ledger.subscribers.place(chat_id)
    return None if place is None else place.language


async def test_a_button_changes_the_language_of_everything(reader: Person, ledger: Ledger) -> None:
    (asked,) = await reader.says("/language")
    assert asked.text.startswith("Which language shall I speak with you?")
    assert [each["text"] for each in asked.buttons] == [
        "English",
        "简体中文",
        "繁體中文",
        "✓ As my app does",
    ]
    pressed = await reader.presses(asked, "繁體中文")
    assert (pressed.answers, pressed.toast, pressed.sent) == (1, "已儲存。", [])
    (shown,) = pressed.edits
    assert shown.text == "好的，以後我用繁體中文和你交流。"
    assert [each["text"] for each in shown.buttons][-2:] == ["✓ 繁體中文", "跟隨我的 Telegram"]
    (settings,) = await reader.says("/settings")
    assert settings.text.startswith("設定\n")
    assert settings.button("關閉提示音")
    assert (await reader.says("/start"))[0].text.startswith("你好！我熟悉一批文章")
    assert (await reader.says("/latest"))[0].text.startswith("最新的 5 篇文章")
    assert (await reader.says("/nonsense"))[0].text.startswith("我不認識這個指令")
    old = await reader.presses_data("1:nonsense", message=reader.message_of(shown))
    assert (old.toast or "").startswith("這個按鈕太舊了")
    assert language_of(ledger, 50) == "zh-Hant"


async def test_announcements_follow_at_once(reader: Person, ledger: Ledger) -> None:
    await reader.says("/subscribe")
    assert language_of(ledger, 50) == "en"
    await reader.says("/language 简体中文")
    assert language_of(ledger, 50) == "zh-Hans"
    await reader.says("/subscriptions")
    assert language_of(ledger, 50) == "zh-Hans"
    (sent,) = await reader.says("/language auto")
    assert sent.text == "From now on I speak the language of your app."
    assert language_of(ledger, 50) == "en"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("English", "From now on I speak English with you."),
        ("英文", "From now on I speak English with you."),
        ("中文", "好的，以后我用简体中文和你交流。"),
        ("zh-TW", "好的，以後我用繁體中文和你交流。"),
        ("繁体", "好的，以後我用繁體中文和你交流。"),
        ("Klingon", "I do not speak that yet.\n\nWhich language shall I speak with you?"),
    ],
)
async def test_it_can_be_typed(reader: Person, typed: str, said: str) -> None:
    (sent,) = await reader.says(f"/language {typed}")
    assert sent.text.startswith(said)
    assert len(sent.buttons) == 4


async def test_a_choice_outlives_the_process(
    reader: Person, ledger: Ledger, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    await reader.says("/language 繁體")
    application = build_application(
        library,
        desk=Desk(library, ledger, Writer(ledger)),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    async with application:
        (sent,) = await Person(application, telegram).says("/nonsense")
        assert sent.text.startswith("我不認識這個指令")
        (other,) = await Person(application, telegram, person_id=51).says("/nonsense")
        assert other.text.startswith("I do not know this command")


async def test_people_who_write_at_once_are_each_answered_in_their_own(
    subscribing: BotApplication, telegram: FakeTelegram
) -> None:
    people = [Person(subscribing, telegram, person_id=number) for number in range(60, 72)]
    for person, typed in zip(people, ["English", "简体", "繁體"] * 4, strict=True):
        await person.says(f"/language {typed}")
    before = len(telegram.sent)
    await asyncio.gather(*(person.says("/nonsense") for person in people))
    said = {sent.chat_id: sent.text[:6] for sent in telegram.sent[before:]}
    beginnings = ["I do n", "我不认识这个", "我不認識這個"] * 4
    assert said == {60 + number: words for number, words in enumerate(beginnings)}


async def test_a_group_speaks_what_its_admins_choose(
    readers: Callable[..., Person], ledger: Ledger
) -> None:
    admin, member = readers(50), readers(51)
    (denied,) = await member.says("/language 中文")
    assert denied.text == "Only the administrators of this group can change this."
    (asked,) = await admin.says("/language")
    assert asked.text == "Which language shall I speak in this group?"
    pressed = await member.presses(asked, "简体中文")
    assert (pressed.alert, pressed.edits) == (True, [])
    pressed = await admin.presses(asked, "简体中文")
    assert pressed.edits[0].text == "好的，以后我在这里使用简体中文。"
    for person in (admin, member):
        (sent,) = await person.says("/latest")
        assert sent.text.startswith("最新的 5 篇文章")
    assert language_of(ledger, -100) == "zh-Hans"
    (topic,) = await admin.says("/subscribe", message_thread_id=9, is_topic_message=True)
    assert topic.text.startswith("订阅好了")
    assert [each.language for each in (ledger.subscribers.place(-100, 9),) if each] == ["zh-Hans"]
    pressed = await admin.presses(pressed.edits[0], "各人用各自的语言")
    assert pressed.edits[0].text.startswith("From now on I answer everyone here")
    assert (await member.says("/latest"))[0].text.startswith("The newest 5 articles")
    assert language_of(ledger, -100) == "zh-Hans"


async def test_in_a_group_that_chose_nothing_people_read_what_they_chose(
    reader: Person, readers: Callable[..., Person], ledger: Ledger
) -> None:
    await reader.says("/language 繁體")
    assert (await readers(50).says("/latest"))[0].text.startswith("最新的 5 篇文章")
    assert (await readers(51).says("/latest"))[0].text.startswith("The newest 5 articles")


async def test_a_group_keeps_its_language_when_it_becomes_a_supergroup(
    readers: Callable[..., Person], telegram: FakeTelegram, subscribing: BotApplication
) -> None:
    """FAILURES 14"""
    admin = readers(50)
    await admin.says("/language 中文")
    await admin.says(None, migrate_to_chat_id=-1002)
    telegram.chats.move(-100, -1002)
    chat = {"id": -1002, "type": "supergroup", "title": "Readers"}
    moved = Person(subscribing, telegram, chat=chat, person_id=51)
    assert (await moved.says("/latest"))[0].text.startswith("最新的 5 篇文章")


async def test_a_channels_announcements_have_a_language_of_their_own(
    reader: Person, telegram: FakeTelegram, ledger: Ledger
) -> None:
    telegram.chats.add(-1001, "channel", title="News", username="news_here", admins={50, BOT_ID})
    (asked,) = await reader.says("/language @news_here")
    assert asked.text == "In which language shall I announce articles in News?"
    assert [each["text"] for each in asked.buttons] == ["✓ English", "简体中文", "繁體中文"]
    pressed = await reader.presses(asked, "繁體中文")
    assert pressed.edits[0].text == "From now on I announce articles in News in 繁體中文."
    assert language_of(ledger, -1001) == "zh-Hant"
    assert (await reader.says("/latest"))[0].text.startswith("The newest 5 articles")
    (sent,) = await reader.says("/language @news_here auto")
    assert sent.text.startswith("I do not speak that yet.")


async def test_who_is_forgotten_is_answered_as_their_client_says(reader: Person) -> None:
    await reader.says("/language 繁體")
    (asked,) = await reader.says("/forget")
    pressed = await reader.presses(asked, "全部刪除")
    assert pressed.edits[0].text.startswith("都刪除了")
    assert (await reader.says("/latest"))[0].text.startswith("The newest 5 articles")


async def test_what_no_button_says_changes_nothing(
    reader: Person, readers: Callable[..., Person], ledger: Ledger
) -> None:
    (asked,) = await reader.says("/language")
    (in_group,) = await readers(51).says("/latest")
    for person, below, data in (
        (reader, asked, pack(LANGUAGE, 0, "tlh")),
        (reader, asked, pack(LANGUAGE, 77, "zh-Hans")),
        (reader, asked, pack(LANGUAGE, 0)),
        (readers(51), in_group, pack(LANGUAGE, 0, "zh-Hans")),
    ):
        pressed = await person.presses_data(data, message=person.message_of(below))
        assert (pressed.alert, pressed.edits) == (True, [])
    assert ledger.languages.lately(9) == {}


async def test_a_language_that_is_not_spoken_any_more_does_no_harm(
    desk: Desk, reader: Person
) -> None:
    desk.ledger.do(desk.ledger.languages.choose(50, "tlh", "en", datetime.now(UTC)))
    desk.languages.load(desk.ledger.languages.lately)
    assert (await reader.says("/latest"))[0].text.startswith("The newest 5 articles")
