"""What an admin tells all: written, seen as people will see it, confirmed, and sent once."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from typing import Any

import pytest

from bot.admin.drafting import LONGEST_BULLETIN
from bot.admission import Admission, Mode, Rules
from bot.announcements import announcement
from bot.buttons import ADMIN, pack
from bot.commands import deliveries
from bot.composing import Single
from bot.ledger.records import Bulletin, Delivery, Place, Rhythm, State
from bot.telegram_html import parse_html
from config.settings import load_settings
from tests.bot.bot_api import FakeTelegram, Sent, flood, lost_reply, refusing
from tests.bot.newsroom import START
from tests.bot.people import Person, Reaction
from tests.bot.test_admin import ADA, ADMINS, BOB, House, at, house

__all__ = ["house"]  # a fixture

MAYBE = "may have"  # what a message says that may have come already
HELLO = "Hello, all of you"


async def drafted(person: Person, text: str = HELLO, **fields: Any) -> Sent:
    """The draft that the bot shows."""
    (shown,) = await person.says(f"/announce {text}", **fields)
    return shown


async def announced(house: House, text: str = HELLO) -> Reaction:
    """Told to all who hear, by an admin; nothing of it is sent yet."""
    async with house.open() as application:
        ada = house.person(application)
        return await ada.presses(await drafted(ada, text), "Send to")


def heard(telegram: FakeTelegram, chat_id: int) -> list[str]:
    """The first lines that came to a chat."""
    return [sent.text.splitlines()[0] for sent in telegram.sent if sent.chat_id == chat_id]


def subscribe(house: House, *chats: int) -> None:
    for chat in chats:
        house.room.subscribe(house.room.place(chat))


# --- writing it --------------------------------------------------------------------------------


async def test_written_in_reply_to_the_prompt_seen_and_sent(
    house: House, telegram: FakeTelegram
) -> None:
    subscribe(house, 1, -2)
    house.room.place(3)  # wishes nothing
    async with house.open() as application:
        ada = house.person(application)
        shown = await at(ada, "Announce to all")
        assert "not paused and can hear me: 2 now" in shown.text
        (prompt,) = (await ada.presses(shown, "Write")).sent
        assert prompt.parameters["reply_markup"]["force_reply"] is True
        (draft,) = await ada.replies(prompt, HELLO)
        assert draft.text == HELLO
        assert [each["text"] for each in draft.buttons] == ["Send to 2 places", "Cancel"]
        await house.post.deliver()
        assert heard(telegram, 1) == heard(telegram, -2) == [], "nobody has confirmed it"
        sent = await ada.presses(draft, "Send to")
        assert sent.toast == "It goes to 2 places."
        (after,) = sent.edits
        assert after.text == HELLO
        assert [each["text"] for each in after.buttons] == ["How far is it?"]
        assert (await ada.presses(after, "How far")).toast == (
            "Arrived: 0, waiting: 2, given up: 0."
        )
        await house.post.deliver()
        assert heard(telegram, 1) == heard(telegram, -2) == [HELLO]
        assert heard(telegram, 3) == []
        assert (await ada.presses(after, "How far")).toast == (
            "Arrived: 2, waiting: 0, given up: 0."
        )
        assert f"{HELLO}\nArrived: 2" in (await at(ada, "Announce to all")).text


async def test_everything_between_works_after_a_restart(
    house: House, telegram: FakeTelegram
) -> None:
    """FAILURES 27"""
    subscribe(house, 1)
    async with house.open() as application:
        ada = house.person(application)
        (prompt,) = (await ada.presses(await at(ada, "Announce to all"), "Write")).sent
    house.room.restart()
    async with house.open() as application:
        (draft,) = await house.person(application).replies(prompt, HELLO)
    house.room.restart()
    async with house.open() as application:
        (after,) = (await house.person(application).presses(draft, "Send to")).edits
    house.room.restart()
    await house.post.deliver()
    async with house.open() as application:
        pressed = await house.person(application).presses(after, "How far")
    assert pressed.toast == "Arrived: 1, waiting: 0, given up: 0."
    assert heard(telegram, 1) == [HELLO]


async def test_looks_are_kept_and_people_see_what_the_admin_saw(
    house: House, telegram: FakeTelegram
) -> None:
    """FAILURES 12"""
    subscribe(house, 1)
    text = "/announce  😀 Bold <b> & https://x.example docs code"
    begin = len("/announce  😀 ".encode("utf-16-le")) // 2
    looks = [
        {"type": "bot_command", "offset": 0, "length": 9},
        {"type": "custom_emoji", "offset": 11, "length": 2, "custom_emoji_id": "5"},
        {"type": "bold", "offset": begin, "length": 4},
        {"type": "url", "offset": begin + 11, "length": 17},
        {"type": "text_link", "offset": begin + 29, "length": 4, "url": "https://y.example/?a&b"},
        {"type": "code", "offset": begin + 34, "length": 4},
    ]
    async with house.open() as application:
        ada = house.person(application)
        (draft,) = await ada.says(text, entities=looks)
        await ada.presses(draft, "Send to")
    await house.post.deliver()
    (sent,) = [each for each in telegram.sent if each.chat_id == 1]
    assert sent.parsed == draft.parsed
    assert sent.text == "😀 Bold <b> & https://x.example docs code"
    assert (sent.marked("bold"), sent.marked("code"), sent.links) == (
        ["Bold"],
        ["code"],
        ["https://y.example/?a&b"],
    )
    assert "reply_markup" not in sent.parameters


async def test_looks_that_begin_in_the_command_are_kept_behind_it(house: House) -> None:
    subscribe(house, 1)
    looks = [
        {"type": "bot_command", "offset": 0, "length": 9},
        {"type": "bold", "offset": 5, "length": 10},
    ]
    async with house.open() as application:
        draft = await drafted(house.person(application), "Hello", entities=looks)
    assert (draft.text, draft.marked("bold")) == ("Hello", ["Hello"])


async def test_a_text_of_many_lines_stays_as_it_is(house: House) -> None:
    subscribe(house, 1)
    async with house.open() as application:
        ada = house.person(application)
        (draft,) = await ada.says("/announce\nFirst.\n\n  • second\n")
    assert draft.text == "First.\n\n  • second\n"


async def test_without_words_it_asks_for_them(house: House) -> None:
    subscribe(house, 1)
    async with house.open() as application:
        ada = house.person(application)
        (prompt,) = await ada.says("/announce")
        assert prompt.text.startswith("What shall I tell all?")
        (again,) = await ada.replies(prompt, "\u200b")
        assert again.text == prompt.text
        (draft,) = await ada.replies(again, HELLO)
        assert draft.text == HELLO


async def test_pictures_are_refused_kindly_and_too_long_ones_say_by_how_much(
    house: House,
) -> None:
    """FAILURES 13"""
    subscribe(house, 1)
    async with house.open() as application:
        ada = house.person(application)
        (prompt,) = await ada.says("/announce")
        photo = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
        (said,) = await ada.replies(prompt, photo=[photo], caption="Look")
        assert said.text.startswith("I can announce text only")
        (fits,) = await ada.replies(prompt, "x" * LONGEST_BULLETIN)
        assert "Send to 1 place" in [each["text"] for each in fits.buttons]
        (said,) = await ada.replies(prompt, "😀" * (LONGEST_BULLETIN // 2) + "xyz")
        assert said.text == (
            "That is too long for me by 3 characters. Please say it in at most 3,896."
        )


async def test_where_nobody_would_hear_it_it_says_so(house: House) -> None:
    async with house.open() as application:
        (said,) = await house.person(application).says(f"/announce {HELLO}")
    assert said.text.startswith("Nobody would hear it")


async def test_replies_of_others_and_to_other_messages_are_questions(house: House) -> None:
    subscribe(house, 1)
    async with house.open() as application:
        ada, bob = house.person(application), house.person(application, BOB)
        (prompt,) = await ada.says("/announce")
        await bob.replies(prompt, HELLO)
        (answer,) = await ada.says("What is a ring buffer?")
        await ada.replies(answer, "And why?")
    assert house.library.questions == [HELLO, "What is a ring buffer?", "And why?"]
    assert house.room.ledger.bulletins.told(9) == []


async def test_a_reply_to_the_screen_itself_is_the_draft(house: House) -> None:
    subscribe(house, 1)
    async with house.open() as application:
        ada, bob = (house.person(application, each) for each in (ADA, BOB))
        shown = await at(ada, "Announce to all")
        (draft,) = await ada.replies(shown, HELLO)
        assert draft.text == HELLO
        assert [each["text"] for each in draft.buttons] == ["Send to 1 place", "Cancel"]
        await bob.replies(shown, "What is this?")
        await ada.replies(await at(ada, "Statistics"), "And this?")
    assert house.library.questions == ["What is this?", "And this?"]


async def test_in_the_admins_group_the_prompt_opens_no_field_for_everybody(house: House) -> None:
    subscribe(house, 1)
    group = {"id": ADMINS, "type": "supergroup", "title": "Owners"}
    async with house.open() as application:
        ada = house.person(application, ADA, chat=group)
        (prompt,) = await ada.says("/announce")
        assert "reply_markup" not in prompt.parameters
        (draft,) = await ada.replies(prompt, HELLO)
        assert draft.text == HELLO


# --- confirming it -----------------------------------------------------------------------------


async def test_confirmed_twice_it_is_sent_once(house: House, telegram: FakeTelegram) -> None:
    subscribe(house, 1, 2)
    async with house.open() as application:
        ada = house.person(application)
        draft = await drafted(ada)
        await ada.presses(draft, "Send to")
        again = await ada.presses(draft, "Send to")
        assert (again.toast, again.edits) == ("It was sent already.", [])
        late = await ada.presses(draft, "Cancel")
        assert (late.toast, late.alert) == ("It was sent already.", True)
    await house.post.deliver()
    assert heard(telegram, 1) == heard(telegram, 2) == [HELLO]


async def test_a_cancelled_draft_is_thrown_away(house: House, telegram: FakeTelegram) -> None:
    subscribe(house, 1)
    async with house.open() as application:
        ada = house.person(application)
        draft = await drafted(ada)
        (after,) = (await ada.presses(draft, "Cancel")).edits
        assert after.text == "Not sent: the draft is thrown away."
        assert after.buttons == []
        for label in ("Send to", "Cancel"):
            pressed = await ada.presses(draft, label)
            assert (pressed.alert, pressed.edits) == (True, [])
            assert (pressed.toast or "").startswith("This draft is no more.")
    await house.post.deliver()
    assert heard(telegram, 1) == []


@pytest.mark.parametrize("values", [(), (0,), (-1,), (10**17,), ("x",), (1, 2)])
async def test_buttons_of_no_draft_are_no_error(house: House, values: tuple[int | str]) -> None:
    async with house.open() as application:
        ada = house.person(application)
        shown = await at(ada)
        for name in ("send", "cancel", "spread"):
            data = pack(ADMIN, name, *values)
            pressed = await ada.presses_data(data, message=ada.message_of(shown))
            assert (pressed.answers, pressed.alert, pressed.edits) == (1, True, [])


# --- sending it --------------------------------------------------------------------------------


async def test_killed_in_the_middle_it_comes_to_everybody_once(
    house: House, telegram: FakeTelegram
) -> None:
    """FAILURES 1"""
    chats = range(1, 401)
    subscribe(house, *chats)
    await announced(house)
    before = len(telegram.sent)
    await house.post.deliver(until=lambda: len(telegram.sent) >= before + 9)
    assert len(telegram.sent) < before + 400, "the rest of this test needs an end in the middle"
    house.room.restart()
    await house.post.deliver()
    assert sorted(sent.chat_id for sent in telegram.sent[before:]) == list(chats)


async def test_it_stands_in_line_with_notices(house: House, telegram: FakeTelegram) -> None:
    subscribe(house, 1)
    room = house.room
    room.publish("first", "second")
    room.notify()
    await announced(house)
    room.publish("third")
    room.notify()
    room.later(seconds=1)
    await house.post.deliver()
    assert heard(telegram, 1) == ["first", "second", HELLO, "third"]


async def test_it_is_no_part_of_a_listing_and_held_for_no_digest(
    house: House, telegram: FakeTelegram
) -> None:
    room = house.room
    room.subscribe(room.place(1, rhythm=Rhythm.DAILY, hour=18))
    subscribe(house, 2)
    room.publish(*(f"article {number}" for number in range(7)))
    room.notify()
    await announced(house)
    room.later(seconds=1)
    await house.post.deliver()
    assert heard(telegram, 1) == [HELLO]
    assert heard(telegram, 2) == ["7 new articles", HELLO]
    await house.post.goes_on(hours=7)
    assert heard(telegram, 1) == [HELLO, "Digest: 7 new articles"]


async def test_quiet_hours_are_kept(house: House, telegram: FakeTelegram) -> None:
    room = house.room
    room.subscribe(room.place(1, quiet_from=11 * 60, quiet_to=13 * 60))
    await announced(house)
    await house.post.deliver()
    assert heard(telegram, 1) == []
    room.later(hours=1)
    await house.post.deliver()
    assert heard(telegram, 1) == [HELLO]


async def test_who_sleeps_or_is_paused_hears_nothing(house: House, telegram: FakeTelegram) -> None:
    room = house.room
    subscribe(house, 1, 2)
    room.subscribe(room.place(3, paused=True))
    room.ledger.subscribers.asleep(2, "blocked", room.now)
    assert (await announced(house)).toast == "It goes to 1 place."
    room.ledger.subscribers.awake(2, room.now)
    await house.post.deliver()
    assert [heard(telegram, chat) for chat in (1, 2, 3)] == [[HELLO], [], []]


async def test_forgotten_while_it_waits_a_place_hears_nothing(
    house: House, telegram: FakeTelegram
) -> None:
    subscribe(house, 1, 2)
    await announced(house)
    house.room.ledger.do(house.room.ledger.forgetting(1))
    await house.post.deliver()
    assert (heard(telegram, 1), heard(telegram, 2)) == ([], [HELLO])


async def test_silent_topic_and_no_preview(house: House, telegram: FakeTelegram) -> None:
    telegram.chats.add(-5, "supergroup", is_forum=True)
    house.room.subscribe(house.room.place(-5, topic=8, silent=True, preview=False))
    await announced(house)
    await house.post.deliver()
    (sent,) = [each for each in telegram.sent if each.chat_id == -5]
    assert sent.parameters["message_thread_id"] == 8
    assert sent.parameters["disable_notification"] is True
    assert sent.parameters["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize("seconds", [30, 43_837])
async def test_one_chats_wait_holds_up_nobody_else(
    house: House, telegram: FakeTelegram, seconds: int
) -> None:
    """FAILURES 9"""
    subscribe(house, 1, 2)
    await announced(house)
    telegram.fail("sendMessage", flood(seconds), chat_id=1)
    await house.post.deliver()
    assert (heard(telegram, 1), heard(telegram, 2)) == ([], [HELLO])
    house.room.later(seconds=seconds + 5)
    await house.post.deliver()
    assert heard(telegram, 1) == [HELLO]


async def test_an_answer_that_nobody_got_brings_it_once_more_marked_then_gives_it_up(
    house: House, telegram: FakeTelegram
) -> None:
    """FAILURES 10"""
    subscribe(house, 1)
    text = "<i>" + "x" * (LONGEST_BULLETIN - 3)
    await announced(house, text)
    telegram.fail("sendMessage", lost_reply, lost_reply, chat_id=1)
    await house.post.deliver()
    house.room.later(seconds=10)
    await house.post.deliver()
    first, second = [sent.text for sent in telegram.sent if sent.chat_id == 1]
    assert first == text
    assert second.startswith(text)
    assert MAYBE in second
    async with house.open() as application:
        ada = house.person(application)
        shown = await at(ada, "Failed deliveries")
        assert f"1. {text[:40]}" in shown.text
        assert (await ada.presses(shown, "1 again")).toast == "It is sent again."
    await house.post.deliver()
    assert len(heard(telegram, 1)) == 3


async def test_who_blocked_the_bot_sleeps_and_the_others_hear(
    house: House, telegram: FakeTelegram
) -> None:
    """FAILURES 11"""
    subscribe(house, 1, 2)
    await announced(house)
    telegram.fail("sendMessage", refusing(403, "Forbidden: bot was blocked by the user"), chat_id=1)
    await house.post.deliver()
    assert (heard(telegram, 1), heard(telegram, 2)) == ([], [HELLO])
    place = house.room.ledger.subscribers.place(1)
    assert place is not None
    assert place.asleep is not None


async def test_a_group_that_becomes_a_supergroup_hears_it_once(
    house: House, telegram: FakeTelegram
) -> None:
    """FAILURES 14"""
    subscribe(house, -7)
    await announced(house)
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    telegram.fail("sendMessage", refusing(400, moved, migrate_to_chat_id=-100_777), chat_id=-7)
    await house.post.deliver()
    assert heard(telegram, -100_777) == [HELLO]


async def test_refused_looks_are_sent_as_plain_text_with_their_links(
    house: House, telegram: FakeTelegram
) -> None:
    subscribe(house, 1)
    looks = [
        {"type": "bot_command", "offset": 0, "length": 9},
        {"type": "text_link", "offset": 10, "length": 5, "url": "https://y.example/"},
    ]
    async with house.open() as application:
        ada = house.person(application)
        await ada.presses(await drafted(ada, "Hello <you>", entities=looks), "Send to")
    no = refusing(400, "Bad Request: can't parse entities: whatever")
    telegram.fail("sendMessage", no, chat_id=1)
    await house.post.deliver()
    (sent,) = [each for each in telegram.sent if each.chat_id == 1]
    assert "parse_mode" not in sent.parameters
    assert sent.text == "Hello <https://y.example/> <you>"


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(
    "html",
    [
        " ".join(f'<a href="https://x.example/{n}">word{n}</a>' for n in range(450)),
        "<blockquote>" + "y\n" * 1900 + "last</blockquote>",
    ],
)
def test_refused_looks_never_cost_a_word(html: str, again: bool) -> None:
    """FAILURES 13"""
    place = Place(1, 1, 0, "private", "", "en", "UTC")
    row = Delivery(1, 1, "bulletin:1", (1,), 1.0, State.WAITING, START, START, unknown=int(again))
    told = {"bulletin:1": Bulletin(1, html, START, START, 1)}
    message = announcement(place, Single(row), told, plain=True)
    assert message.parse_mode is None
    assert len(message.words) <= 4096
    assert message.words.endswith(parse_html(html).text)
    assert (MAYBE in message.words) is again


async def test_a_reply_to_it_is_a_question(house: House, telegram: FakeTelegram) -> None:
    subscribe(house, BOB)
    await announced(house)
    await house.post.deliver()
    (sent,) = [each for each in telegram.sent if each.chat_id == BOB]
    async with house.open() as application:
        await house.person(application, BOB).replies(sent, "What is a ring buffer?")
    assert house.library.questions == ["What is a ring buffer?"]


async def test_who_is_not_let_in_any_more_is_not_counted_and_hears_nothing(
    house: House, telegram: FakeTelegram
) -> None:
    subscribe(house, 1, 2)
    rules = Rules(Mode.LISTED, frozenset({ADA, 2}), None, old_codes=True)
    house.admission = Admission(rules, house.room.ledger.people)
    assert (await announced(house)).toast == "It goes to 1 place."
    await house.post.deliver()
    assert (heard(telegram, 1), heard(telegram, 2)) == ([], [HELLO])


async def test_the_command_line_lists_what_was_given_up_by_its_first_words(
    house: House, telegram: FakeTelegram, capsys: pytest.CaptureFixture[str]
) -> None:
    subscribe(house, 1)
    await announced(house)
    no = refusing(400, "Bad Request: strange")
    telegram.fail("sendMessage", no, no, chat_id=1)
    await house.post.deliver()
    settings = load_settings(environ={}, data_dir=house.room.home)
    arguments = Namespace(retry=None, failed=True, json=False)
    assert await asyncio.to_thread(deliveries.run, settings, arguments) == 0
    assert f"1  {HELLO}\n" in capsys.readouterr().out
