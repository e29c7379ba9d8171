"""What people do with a notice: its buttons, and questions in reply to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application import BotApplication
from bot.buttons import ASK, LIKE, STOP, UNDO, notice_keyboard, pack
from bot.ledger import Ledger
from bot.ledger.records import NewDelivery, Place
from bot.notices import notice
from bot.wording import Wording
from retrieval.errors import IndexNotReady
from tests.bot.bot_api import FakeTelegram, Sent
from tests.bot.fakes import FakeLibrary, answer, article, hit
from tests.bot.newsroom import Newsroom
from tests.bot.people import Json, Person

LEASE = timedelta(seconds=120)
NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)


async def announced(
    person: Person, ledger: Ledger, number: int = 3, topic: int = 0, wishes: int | None = None
) -> Sent:
    """The notice of an article, for all subscriptions of the place or the first `wishes`."""
    telegram, chat_id = person.telegram, person.chat["id"]
    place = _place(ledger, chat_id, topic)
    reasons = tuple(each.id for each in ledger.subscribers.subscriptions(place.id)[:wishes])
    row = NewDelivery(place.id, f"a{number}", reasons, 0.5, NOW)
    ledger.outbox.record("words", "log", number, [row], [], [], NOW)
    (claim,) = ledger.outbox.claim(NOW, "test", LEASE, 10)
    ids = [each.id for each in claim.rows]
    wording = Wording(place.language)
    await person.application.bot.send_message(
        chat_id,
        notice(article(number), wording, UTC).html,
        parse_mode="HTML",
        message_thread_id=topic or None,
        reply_markup=notice_keyboard(f"a{number}", wording),
    )
    sent = telegram.sent[-1]
    assert ledger.do(ledger.outbox.sending(ids, NOW, "test", LEASE))
    ledger.do(ledger.outbox.sent(ids, sent.message_id, "shown", NOW))
    ledger.outbox.release(chat_id, "test")
    return sent


def _place(ledger: Ledger, chat_id: int = 50, topic: int = 0) -> Place:
    place = ledger.subscribers.place(chat_id, topic)
    assert place is not None
    return place


# Ask about this


@pytest.mark.parametrize(
    ("language_code", "label", "words"),
    [("en", "Ask about this", "Please reply to this message."), ("zh", "", "Article 3")],
)
async def test_a_question_about_a_notice_goes_to_its_article_alone(
    subscribing: BotApplication,
    telegram: FakeTelegram,
    library: FakeLibrary,
    ledger: Ledger,
    language_code: str,
    label: str,
    words: str,
) -> None:
    reader = Person(subscribing, telegram, language_code=language_code)
    await reader.says("/subscribe")
    sent = await announced(reader, ledger)
    pressed = await reader.presses(sent, label or sent.buttons[0]["text"])
    (prompt,) = pressed.sent
    assert (pressed.answers, pressed.toast) == (1, None)
    assert words in prompt.text
    assert prompt.parameters["reply_markup"]["force_reply"] is True
    library.answer = answer(hit(article(3)))
    (told,) = await reader.replies(prompt, "what does it save?")
    assert (library.questions, library.within) == (["what does it save?"], ["a3"])
    assert told.links == ["https://blog.example/3"]
    assert len(await reader.replies(told, "and how much?")) == 1
    assert library.within == ["a3", "a3"]


async def test_a_reply_to_the_notice_itself_is_answered_once_from_it(
    reader: Person, library: FakeLibrary, ledger: Ledger
) -> None:
    await reader.says("/subscribe")
    sent = await announced(reader, ledger)
    assert len(await reader.replies(sent, "how?")) == 1
    assert (library.questions, library.within) == (["how?"], ["a3"])


async def test_other_replies_are_questions_to_the_whole_archive(
    reader: Person, library: FakeLibrary
) -> None:
    (sent,) = await reader.says("/start")
    assert len(await reader.replies(sent, "how?")) == 1
    own = reader.message("mine")
    assert len(await reader.says("and this?", reply_to_message=own)) == 1
    assert library.within == [None, None]


async def test_an_article_that_does_not_tell_says_so(
    reader: Person, library: FakeLibrary, ledger: Ledger
) -> None:
    """FAILURES 19"""
    await reader.says("/subscribe")
    sent = await announced(reader, ledger)
    library.answer = answer(hit(article(3)), relevant=False)
    (told,) = await reader.replies(sent, "asdf")
    assert told.text.startswith("“Article 3” says nothing on this")
    assert told.links == []
    (told,) = await reader.replies(sent, "\x00")
    assert told.text.startswith("What would you like to know about “Article 3”?")


async def test_in_a_group_anyone_asks_by_replying_to_the_bot_and_other_talk_is_let_alone(
    readers: Callable[..., Person], library: FakeLibrary, ledger: Ledger
) -> None:
    there: Json = {"message_thread_id": 9, "is_topic_message": True}
    admin, member = readers(50, is_forum=True), readers(51, is_forum=True)
    await admin.says("/subscribe", **there)
    sent = await announced(admin, ledger, topic=9)
    (prompt,) = (await member.presses(sent, "Ask about this")).sent
    assert prompt.topic == 9
    assert "reply_markup" not in prompt.parameters
    assert prompt.parameters["reply_parameters"]["message_id"] == sent.message_id
    for asked in (prompt, sent):
        (told,) = await member.replies(asked, "how?", **there)
        assert told.topic == 9
    assert library.within == ["a3", "a3"]
    assert await member.says("nice", reply_to_message=member.message("one of us"), **there) == []
    (welcome,) = await member.says("/start@test_archive_bot")
    assert len(await member.replies(welcome, "and this?")) == 1
    assert library.within == ["a3", "a3", None]


async def test_a_press_on_a_message_of_long_ago_is_answered_in_its_topic(
    readers: Callable[..., Person], library: FakeLibrary, ledger: Ledger
) -> None:
    admin = readers(50, is_forum=True)
    await admin.says("/subscribe", message_thread_id=9, is_topic_message=True)
    sent = await announced(admin, ledger, topic=9)
    old = {"chat": admin.chat, "message_id": sent.message_id, "date": 0}
    (prompt,) = (await admin.presses_data(pack(ASK, "a3"), message=old)).sent
    assert prompt.topic == 9
    (stopped,) = (await admin.presses_data(pack(STOP, "a3"), message=old)).sent
    assert stopped.topic == 9
    assert stopped.text == "Stopped: every new article."


# More like this


async def test_more_like_this(reader: Person, library: FakeLibrary, ledger: Ledger) -> None:
    await reader.says("/subscribe")
    sent = await announced(reader, ledger)
    pressed = await reader.presses(sent, "More like this")
    (more,) = pressed.sent
    assert (pressed.answers, pressed.toast) == (1, None)
    assert more.text.startswith("More like “Article 3”")
    assert more.links == [f"https://blog.example/{number}" for number in (1, 2, 4, 5, 6)]
    library.articles = [article(3)]
    nothing = await reader.presses(sent, "More like this")
    assert (nothing.sent, nothing.alert) == ([], True)
    assert nothing.toast == "The archive has nothing else like “Article 3”."


@pytest.mark.parametrize("kind", [ASK, LIKE])
async def test_an_article_that_is_gone_is_said_to_be(
    reader: Person, library: FakeLibrary, ledger: Ledger, kind: str
) -> None:
    """FAILURES 22"""
    await reader.says("/subscribe")
    sent = await announced(reader, ledger)
    library.articles = []
    pressed = await reader.presses_data(pack(kind, "a3"), message=reader.message_of(sent))
    assert (pressed.sent, pressed.alert) == ([], True)
    assert pressed.toast == "This article is no longer in the archive."
    library.answer = answer(hit(article(4)))
    (told,) = await reader.replies(sent, "how?")
    assert told.text.startswith("This article is no longer in the archive.\n\n1. Article 4\n")
    library.answer = answer(hit(article(4)), relevant=False)
    (told,) = await reader.replies(sent, "asdf")
    assert told.text.startswith(
        "This article is no longer in the archive.\n\nThe archive has nothing on this"
    )
    assert library.within == [None, None]


async def test_not_being_ready_is_said_over_the_chat(
    reader: Person, library: FakeLibrary, ledger: Ledger
) -> None:
    await reader.says("/subscribe")
    sent = await announced(reader, ledger)
    library.error = IndexNotReady("loading", progress=0.5)
    pressed = await reader.presses(sent, "More like this")
    assert (pressed.answers, pressed.alert, pressed.sent) == (1, True, [])
    assert "50 % done" in (pressed.toast or "")


# Stop these


async def test_stop_these_ends_what_the_notice_came_for(reader: Person, ledger: Ledger) -> None:
    for words in ("#LLM", "about Article", "#Other"):
        await reader.says(f"/subscribe {words}")
    sent = await announced(reader, ledger, wishes=2)
    pressed = await reader.presses(sent, "Stop these")
    (stopped,) = pressed.sent
    assert pressed.answers == 1
    assert stopped.text.splitlines() == ["Stopped: #LLM.", "Stopped: about “Article”."]
    assert "/subscribe" not in stopped.text, "touched, it would bring everything"
    place = _place(ledger)
    assert [each.wish.tags for each in ledger.subscribers.subscriptions(place.id)] == [("Other",)]
    again = await reader.presses(sent, "Stop these")
    assert (again.sent, again.alert, again.toast) == ([], True, "This was stopped already.")


async def test_what_was_stopped_comes_back_by_a_button_once_and_can_be_stopped_again(
    reader: Person, ledger: Ledger, library: FakeLibrary
) -> None:
    for words in ("#LLM", "about Article", "#Other"):
        await reader.says(f"/subscribe {words}")
    sent = await announced(reader, ledger, wishes=2)
    place = _place(ledger)
    before = ledger.subscribers.subscriptions(place.id)
    (stopped,) = (await reader.presses(sent, "Stop these")).sent
    await reader.says("/subscribe #LLM")  # by hand, too
    (back,) = (await reader.presses(stopped, "Undo")).edits
    assert back.text.splitlines() == ["Back again: #LLM.", "Back again: about “Article”."]
    assert back.buttons == []
    after = ledger.subscribers.subscriptions(place.id)
    assert sorted(each.wish.key for each in after) == sorted(each.wish.key for each in before)
    again = await reader.presses(stopped, "Undo")
    assert (again.toast, again.edits) == ("This is back already.", [])
    (stopped,) = (await reader.presses(sent, "Stop these")).sent
    assert stopped.text == "Stopped: about “Article”."


async def test_nothing_old_comes_with_what_is_brought_back(tmp_path: Path) -> None:
    """FAILURES 27: the button is pressed after a restart."""
    room = Newsroom(tmp_path)
    place = room.place()
    room.subscribe(place)
    room.publish("one")
    room.notify()
    (row,) = room.ledger.outbox.due(place.id, room.now + timedelta(days=1), 9)
    assert len(room.ledger.subscribers.stop(row.id)) == 1
    assert room.rows(place) == []
    room.publish("meanwhile")
    room.restart()
    since = room.archive.changes.end()
    assert len(room.ledger.subscribers.bring_back(row.id, since, room.now)) == 1
    assert room.ledger.subscribers.bring_back(row.id, since, room.now) == []
    room.notify()
    assert room.rows(place) == []
    room.publish("afterwards")
    room.notify()
    assert room.rows(place) == ["afterwards"]
    room.close()


async def test_only_admins_bring_back_what_a_group_heard(
    readers: Callable[..., Person], ledger: Ledger
) -> None:
    admin, member = readers(50), readers(51)
    await admin.says("/subscribe")
    sent = await announced(admin, ledger)
    (stopped,) = (await admin.presses(sent, "Stop these")).sent
    pressed = await member.presses(stopped, "Undo")
    assert (pressed.edits, pressed.alert) == ([], True)
    forged = await member.presses_data(pack(UNDO, 10**9), message=member.message_of(stopped))
    assert (forged.toast or "").startswith("This button is too old.")
    assert ledger.subscribers.subscriptions(_place(ledger, -100).id) == []
    (back,) = (await admin.presses(stopped, "Undo")).edits
    assert back.text == "Back again: every new article."


async def test_only_admins_stop_what_a_group_hears(
    readers: Callable[..., Person], ledger: Ledger
) -> None:
    admin, member = readers(50), readers(51)
    await admin.says("/subscribe")
    sent = await announced(admin, ledger)
    pressed = await member.presses(sent, "Stop these")
    assert (pressed.sent, pressed.alert) == ([], True)
    assert (pressed.toast or "").startswith("Only the administrators")
    assert len(ledger.subscribers.subscriptions(_place(ledger, -100).id)) == 1
    assert len((await admin.presses(sent, "Stop these")).sent) == 1
    assert ledger.subscribers.subscriptions(_place(ledger, -100).id) == []


async def test_a_notice_that_nobody_remembers_is_too_old(reader: Person) -> None:
    (sent,) = await reader.says("/start")
    pressed = await reader.presses_data(pack(STOP, "a3"), message=reader.message_of(sent))
    assert (pressed.sent, pressed.alert) == ([], True)
    assert (pressed.toast or "").startswith("This button is too old.")
