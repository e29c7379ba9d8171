"""The settings of a place, as people see and change them: by buttons and by typing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.application import BotApplication, build_application
from bot.buttons import PAGE, SET, pack
from bot.context import Desk
from bot.ledger import Ledger
from bot.ledger.records import NewDelivery, Place, Rhythm
from bot.ledger.writing import Writer
from tests.bot.bot_api import TOKEN, FakeTelegram, refusing
from tests.bot.chats import BOT_ID
from tests.bot.fakes import FakeLibrary
from tests.bot.newsroom import Newsroom
from tests.bot.people import Person


def place_of(ledger: Ledger, chat_id: int = 50, topic: int = 0) -> Place:
    place = ledger.subscribers.place(chat_id, topic)
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("language_code", "words"),
    [
        ("en", ["Settings", "New articles come at once.", "Time zone: UTC", "No quiet hours."]),
        ("zh-hant", ["設定", "時區：台北，"]),
    ],
)
async def test_settings_show_all_of_it(
    subscribing: BotApplication, telegram: FakeTelegram, language_code: str, words: list[str]
) -> None:
    (sent,) = await Person(subscribing, telegram, language_code=language_code).says("/settings")
    assert all(each in sent.text for each in words)
    assert len(sent.buttons) >= 6


async def test_buttons_change_everything_in_place(
    reader: Person, ledger: Ledger, telegram: FakeTelegram
) -> None:
    (shown,) = await reader.says("/settings")
    first = shown
    for page, choice, words in (
        ("When", "Daily digest", "New articles come every day at 09:00."),
        ("Hour", "21:00", "New articles come every day at 21:00."),
        ("When", "Weekly digest", "New articles come every Monday at 21:00."),
        ("Day", "Friday", "New articles come every Friday at 21:00."),
        ("Quiet hours", "22:00-07:00", "Quiet hours: 22:00-07:00."),
        ("Quiet hours", "No quiet hours", "No quiet hours."),
        ("Time zone", "Shanghai", "Time zone: Shanghai"),
    ):
        turned = await reader.presses(shown, page)
        assert (turned.answers, turned.toast, turned.sent) == (1, None, [])
        (choices,) = turned.edits
        chosen = await reader.presses(choices, choice)
        (shown,) = chosen.edits
        assert chosen.toast == "Saved."
        assert words in shown.text
    for switch, words in (
        ("Without sound", "Messages come without a sound."),
        ("Hide previews", "Links are shown without a preview."),
    ):
        (shown,) = (await reader.presses(shown, switch)).edits
        assert words in shown.text
    assert shown.message_id == first.message_id
    assert len(telegram.sent) == 1
    place = place_of(ledger)
    assert (place.rhythm, place.hour, place.weekday) == (Rhythm.WEEKLY, 21, 4)
    assert (place.zone, place.silent, place.preview) == ("Asia/Shanghai", True, False)


async def test_a_button_pressed_twice_is_no_error(
    reader: Person, caplog: pytest.LogCaptureFixture
) -> None:
    (shown,) = await reader.says("/settings")
    assert len((await reader.presses(shown, "Without sound")).edits) == 1
    again = await reader.presses(shown, "Without sound")
    assert (again.answers, again.toast, again.edits) == (1, "Saved.", [])
    back = await reader.presses_data(pack(PAGE, 1, "main"), message=reader.message_of(shown))
    assert (back.answers, back.edits) == (1, [])
    assert caplog.records == []


async def test_a_settings_message_that_was_deleted_is_no_error(
    reader: Person, telegram: FakeTelegram, ledger: Ledger
) -> None:
    (shown,) = await reader.says("/settings")
    telegram.delete(shown)
    pressed = await reader.presses(shown, "Without sound")
    assert (pressed.toast, pressed.sent) == ("Saved.", [])
    assert place_of(ledger).silent


async def test_an_edit_that_fails_is_apologised_for(reader: Person, telegram: FakeTelegram) -> None:
    (shown,) = await reader.says("/settings")
    telegram.fail("editMessageText", refusing(400, "Bad Request: no reason"))
    pressed = await reader.presses(shown, "Without sound")
    assert (pressed.answers, pressed.alert) == (1, True)
    assert (pressed.toast or "").startswith("Sorry, something went wrong")


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("zone Asia/Tokyo", "zone", "Asia/Tokyo"),
        ("zone Shanghai", "zone", "Asia/Shanghai"),
        ("时区 上海", "zone", "Asia/Shanghai"),
        ("quiet 22-7", "quiet_from", 22 * 60),
        ("quiet 22:30-07:00", "quiet_to", 7 * 60),
        ("免打扰 23-8", "quiet_from", 23 * 60),
        ("quiet off", "quiet_from", None),
        ("daily 9", "rhythm", Rhythm.DAILY),
        ("daily 21:00", "hour", 21),
        ("Daily at 9 pm", "hour", 21),
        ("daily 12am", "hour", 0),
        ("每天8点", "hour", 8),
        ("weekly", "rhythm", Rhythm.WEEKLY),
        ("weekly Friday 18", "weekday", 4),
        ("weekly on sun", "weekday", 6),
        ("每周 周五 18", "hour", 18),
        ("每周日 18点", "weekday", 6),
        ("now", "rhythm", Rhythm.AT_ONCE),
        ("at once", "rhythm", Rhythm.AT_ONCE),
        ("马上", "rhythm", Rhythm.AT_ONCE),
        ("silent", "silent", True),
        ("静音 开", "silent", True),
        ("silent off", "silent", False),
        ("preview off", "preview", False),
        ("预览 关", "preview", False),
        ("pause", "paused", True),
        ("暂停", "paused", True),
        ("resume", "paused", False),
    ],
)
async def test_everything_can_be_typed(
    reader: Person, ledger: Ledger, typed: str, field: str, value: object
) -> None:
    (sent,) = await reader.says(f"/settings {typed}")
    assert "Settings\n" in sent.text
    assert sent.text.startswith(("Saved.", "Paused.", "Going on."))
    assert getattr(place_of(ledger), field) == value
    assert sent.buttons


async def test_settings_say_whether_there_is_anything_to_come(reader: Person) -> None:
    (shown,) = await reader.says("/settings")
    assert "There are no subscriptions here yet: /subscribe\n" in shown.text
    await reader.says("/subscribe")
    (shown,) = (await reader.presses(shown, "Without sound")).edits
    assert "no subscriptions" not in shown.text
    assert "no subscriptions" not in (await reader.says("/settings"))[0].text


async def test_that_it_is_paused_is_said_once_and_what_comes_after_that(reader: Person) -> None:
    (typed,) = await reader.says("/settings pause")
    assert typed.text.lower().count("paused") == 1
    assert "After resuming: new articles come at once." in typed.text
    (later,) = await reader.says("/settings daily 9")
    assert later.text.startswith("Saved.")
    assert "Paused: nothing is announced" in later.text
    assert "After resuming: new articles come every day at 09:00." in later.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("zone Atlantis-on-Sea", "I do not know the place “Atlantis-on-Sea”."),
        ("quiet whenever", "I do not understand these hours."),
        ("daily 24", "I do not understand this hour."),
        ("daily 13pm", "I do not understand this hour."),
        ("每天 早饭后", "I do not understand this hour."),
        ("zone", "/settings shows all of it"),
        ("nowhere", "/settings shows all of it"),
        ("silent perhaps", "/settings shows all of it"),
        ("colour blue", "/settings shows all of it"),
        ("\x00", "/settings shows all of it"),
    ],
)
async def test_what_is_no_setting_is_explained(
    reader: Person, ledger: Ledger, typed: str, said: str
) -> None:
    await reader.says("/settings")
    before = place_of(ledger)
    (sent,) = await reader.says(f"/settings {typed}")
    assert sent.text.startswith(said)
    assert place_of(ledger) == before


async def test_several_places_of_a_name_are_offered(reader: Person, ledger: Ledger) -> None:
    (sent,) = await reader.says("/settings zone America")
    assert sent.text == "Which one do you mean?"
    assert len(sent.buttons) > 2
    chosen = await reader.presses_data(
        sent.buttons[1]["callback_data"], message=reader.message_of(sent)
    )
    assert chosen.toast == "Saved."
    assert place_of(ledger).zone.startswith("America/")
    assert f"Time zone: {sent.buttons[1]['text']}, where it is" in chosen.edits[0].text


# Whose settings


async def test_a_topic_and_a_channel_have_their_own(
    readers: Callable[..., Person], reader: Person, telegram: FakeTelegram, ledger: Ledger
) -> None:
    admin = readers(is_forum=True)
    (sent,) = await admin.says("/settings daily 8", message_thread_id=9, is_topic_message=True)
    assert sent.topic == 9
    assert place_of(ledger, -100, 9).hour == 8
    assert ledger.subscribers.place(-100) is None
    telegram.chats.add(-1001, "channel", title="News", username="news_here", admins={50, BOT_ID})
    (shown,) = await reader.says("/settings @news_here")
    assert shown.text.startswith("Settings of News")
    (hours,) = (await reader.presses(shown, "Quiet hours")).edits
    assert hours.text.endswith("/settings @news_here quiet 22:30-07:00")
    (shown,) = (await reader.presses(shown, "Without sound")).edits
    assert "without a sound" in shown.text
    assert place_of(ledger, -1001).silent
    assert ledger.subscribers.place(50) is None


async def test_only_admins_change_a_groups_settings(
    readers: Callable[..., Person], ledger: Ledger
) -> None:
    (shown,) = await readers(50).says("/settings")
    (denied,) = await readers(51).says("/settings silent on")
    assert denied.text.startswith("Only the administrators")
    for label in ("Without sound", "When"):
        pressed = await readers(51).presses(shown, label)
        assert (pressed.alert, pressed.edits) == (True, [])
        assert (pressed.toast or "").startswith("Only the administrators")
    assert not place_of(ledger, -100).silent


async def test_nobody_changes_a_strangers_settings(
    reader: Person, subscribing: BotApplication, telegram: FakeTelegram, ledger: Ledger
) -> None:
    await reader.says("/settings")
    stranger = Person(subscribing, telegram, person_id=66)
    below = stranger.message_of((await stranger.says("/start"))[0])
    number = place_of(ledger).id
    for data in (
        pack(SET, number, "silent", 1),
        pack(SET, number + 1, "silent", 1),
        pack(SET, number, "hour", 99),
        pack(SET, "x", "silent", 1),
        pack(PAGE, number, "hour"),
        pack(PAGE, number, "nothing"),
    ):
        pressed = await stranger.presses_data(data, message=below)
        assert (pressed.answers, pressed.alert, pressed.edits) == (1, True, [])
    assert not place_of(ledger).silent


@pytest.mark.parametrize(
    ("language_code", "default", "zone"),
    [
        ("zh", "UTC", "Asia/Shanghai"),
        ("zh-hans", "UTC", "Asia/Shanghai"),
        ("zh-hant", "UTC", "Asia/Taipei"),
        ("zh-TW", "UTC", "Asia/Taipei"),
        ("zh-hk", "UTC", "Asia/Hong_Kong"),
        ("zh-hant-hk", "UTC", "Asia/Hong_Kong"),
        ("zh-hans", "Europe/Berlin", "Europe/Berlin"),
        ("de", "UTC", "UTC"),
        (None, "Europe/Berlin", "Europe/Berlin"),
    ],
)
async def test_a_new_places_time_zone(
    ledger: Ledger,
    library: FakeLibrary,
    telegram: FakeTelegram,
    language_code: str | None,
    default: str,
    zone: str,
) -> None:
    desk = Desk(library, ledger, Writer(ledger), zone=default, preview=False)
    async with _application(desk, telegram) as application:
        person = Person(application, telegram, language_code=language_code)
        await person.says("/subscribe")
    place = place_of(ledger)
    assert (place.zone, place.preview) == (zone, False)


# Pausing


async def test_pausing_and_resuming_do_what_they_say(
    tmp_path: Path, library: FakeLibrary, telegram: FakeTelegram
) -> None:
    """FAILURES 8"""
    newsroom = Newsroom(tmp_path)

    async def end() -> int:
        return newsroom.archive.changes.end()

    library.end = end  # type: ignore[method-assign]  # the log that the notifier follows
    desk = Desk(library, newsroom.ledger, Writer(newsroom.ledger))
    async with _application(desk, telegram) as application:
        person = Person(application, telegram)
        await person.says("/subscribe")
        place = place_of(newsroom.ledger)
        newsroom.publish("before")
        newsroom.notify()
        assert newsroom.rows(place) == ["before"]
        (shown,) = await person.says("/settings")
        paused = await person.presses(shown, "Pause")
        assert paused.toast == (
            "Paused. Nothing is announced until you resume, and what still waited is not sent."
        )
        assert "what appears meanwhile is not sent later" in paused.edits[0].text
        newsroom.publish("meanwhile")
        newsroom.notify()
        newsroom.publish("in the last moment")
        (told,) = await person.says("/subscribe #LLM")
        assert "Announcements are paused at the moment." in told.text
        resumed = await person.presses(paused.edits[0], "Resume")
        assert resumed.toast == "Going on. What appeared meanwhile is not sent."
        newsroom.notify()
        assert newsroom.rows(place) == []
        newsroom.publish("afterwards")
        newsroom.notify()
        assert newsroom.rows(place) == ["afterwards"]
    newsroom.close()


async def test_what_waits_comes_when_the_new_settings_say(reader: Person, ledger: Ledger) -> None:
    await reader.says("/settings daily 9")
    await reader.says("/subscribe")
    place = place_of(ledger)
    (own,) = ledger.subscribers.subscriptions(place.id)
    now = datetime.now(UTC)
    row = NewDelivery(place.id, "a1", (own.id,), 0.5, datetime(2999, 1, 1, tzinfo=UTC))
    ledger.outbox.record("words", "log", 1, [row], [], [], now)
    assert ledger.outbox.due(place.id, now, 10) == []
    (shown,) = await reader.says("/settings")
    (choices,) = (await reader.presses(shown, "When")).edits
    await reader.presses(choices, "At once")
    (waiting,) = ledger.outbox.due(place.id, datetime.now(UTC), 10)
    assert waiting.article_id == "a1"


def _application(desk: Desk, telegram: FakeTelegram) -> Any:
    return build_application(
        desk.library,
        desk=desk,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
