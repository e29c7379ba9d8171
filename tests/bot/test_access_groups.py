"""Groups and channels where not everybody is let in: silence, codes of administrators, news."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.admission import Rules
from bot.application import BotApplication
from bot.context import Desk
from bot.ledger import Ledger
from tests.bot.bot_api import FakeTelegram, refusing
from tests.bot.chats import BOT_ID
from tests.bot.closed import CODE, INVITED, admission, closed, listed
from tests.bot.fakes import FakeLibrary
from tests.bot.ledger.test_forgetting import everything
from tests.bot.people import Json, Person
from tests.bot.test_membership import LEFT, MEMBER, administrator

ADMIN, ANN, BOB = 7_001, 7_002, 7_003
GROUP, NEW, CHANNEL = -7_100, -1_007_007_100, -1_007_007_200
IN = f"/start@test_archive_bot {CODE}"
EVERYBODY = "Hello! Everybody in this group may ask me now"


def member(
    application: BotApplication, telegram: FakeTelegram, person_id: int, chat_id: int = GROUP
) -> Person:
    """Somebody in a group that number `ADMIN` administers."""
    kind = "group" if chat_id == GROUP else "supergroup"
    telegram.chats.add(chat_id, kind, title="Readers", admins={ADMIN})
    chat = {"id": chat_id, "type": kind, "title": "Readers"}
    return Person(application, telegram, chat=chat, person_id=person_id)


@pytest.fixture
async def invited(desk: Desk, telegram: FakeTelegram) -> AsyncIterator[BotApplication]:
    async with closed(desk, telegram, INVITED) as application:
        yield application


async def test_strangers_in_a_group_meet_silence_and_leave_no_trace(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary, ledger: Ledger
) -> None:
    async with closed(desk, telegram, listed(BOB)) as application:
        for person_id in (ADMIN, ANN):
            person = member(application, telegram, person_id)
            for words in ("/ask what?", "/start", "/latest", "/subscribe", "/language English"):
                assert await person.says(words) == []
            me = {"id": BOT_ID, "is_bot": True, "first_name": "A"}
            mention = {"type": "text_mention", "offset": 0, "length": 2, "user": me}
            assert await person.says("me what?", entities=[mention]) == []
            assert await person.changes_membership(LEFT, MEMBER) == []
    assert library.questions == []
    assert telegram.called("sendMessage") == []
    rows = {name for name, rows in everything(ledger).items() if rows}
    assert rows == {"ledger_seen_updates"}  # the numbers of updates alone


async def test_in_a_named_group_everybody_may_ask_but_not_elsewhere(
    desk: Desk, telegram: FakeTelegram
) -> None:
    async with closed(desk, telegram, listed(GROUP)) as application:
        assert (await member(application, telegram, ANN).says("/ask what?"))[0].buttons
        assert await member(application, telegram, ANN, NEW).says("/ask what?") == []
        (told,) = await Person(application, telegram, person_id=ANN).says("what?")
        assert "your number: 7002" in told.text


async def test_who_is_named_may_ask_in_any_group_and_nobody_else_there(
    desk: Desk, telegram: FakeTelegram
) -> None:
    async with closed(desk, telegram, listed(BOB)) as application:
        (answered,) = await member(application, telegram, BOB).says("/ask what?")
        ann = member(application, telegram, ANN)
        assert await ann.says("/ask what?") == []
        assert await ann.replies(answered, "and?") == []
        pressed = await ann.presses(answered, "👍")
    assert (pressed.alert, pressed.sent) == (True, [])
    assert pressed.toast == "I answer only people who were let in. Please write to me in private."
    assert answered.buttons


async def test_the_code_of_an_administrator_lets_everybody_in(
    desk: Desk, telegram: FakeTelegram, invited: BotApplication
) -> None:
    admin, ann = (member(invited, telegram, each) for each in (ADMIN, ANN))
    said = admin.update(IN)
    (told,) = await admin.happens(said)
    assert told.text.startswith(EVERYBODY)
    (deleted,) = telegram.called("deleteMessage")
    assert deleted == {"chat_id": GROUP, "message_id": said["message"]["message_id"]}
    assert (await ann.says("/ask what?"))[0].buttons
    assert "your number" not in (await ann.says("/start"))[0].text
    async with closed(desk, telegram, INVITED) as another:
        assert (await member(another, telegram, ANN).says("/ask what?"))[0].buttons
        (private,) = await Person(another, telegram, person_id=ANN).says("what?")
        assert "If you have a code" in private.text


async def test_where_all_may_ask_the_code_does_not_stay_to_be_read(
    telegram: FakeTelegram, invited: BotApplication
) -> None:
    """By a link to bring the bot into a group, say, which is opened once more."""
    admin, ann = (member(invited, telegram, each) for each in (ADMIN, ANN))
    await admin.says(IN)
    again = ann.update(IN)
    (welcome,) = await ann.happens(again)
    assert welcome.text.startswith("Hello! I know an archive")
    assert telegram.called("deleteMessage")[1:] == [
        {"chat_id": GROUP, "message_id": again["message"]["message_id"]}
    ]
    for _ in range(9):
        await ann.says("/start@test_archive_bot no-such-code")
    await ann.says(IN)
    assert len(telegram.called("deleteMessage")) == 2, "no way to guess either"


async def test_an_administrator_without_a_name_may_let_in_and_another_channel_may_not(
    telegram: FakeTelegram, invited: BotApplication
) -> None:
    anyone = member(invited, telegram, 1_087_968_824)
    elsewhere = {"id": CHANNEL, "type": "channel", "title": "News"}
    (refused,) = await anyone.says(IN, sender_chat=elsewhere)
    assert refused.text == "Only an administrator of this group can let everybody in."
    (told,) = await anyone.says(IN, sender_chat=anyone.chat)
    assert told.text.startswith(EVERYBODY)


async def test_who_looks_after_the_bot_lets_any_group_in(
    desk: Desk, telegram: FakeTelegram
) -> None:
    desk = replace(desk, admins=frozenset({BOB}))
    async with closed(desk, telegram, replace(INVITED, named=frozenset({BOB}))) as application:
        (told,) = await member(application, telegram, BOB).says(IN)
        assert told.text.startswith(EVERYBODY)
        assert (await member(application, telegram, ANN).says("/ask what?"))[0].buttons


async def test_a_wrong_code_is_told_to_an_administrator_alone(
    telegram: FakeTelegram, invited: BotApplication
) -> None:
    admin, ann = (member(invited, telegram, each) for each in (ADMIN, ANN))
    wrong = "/start@test_archive_bot no-such-code"
    assert (await admin.says(wrong))[0].text.startswith("This is not the code.")
    for _ in range(9):
        assert await ann.says(wrong) == []
    assert len(telegram.called("getChatMember")) == 1 + 5
    (private,) = await Person(invited, telegram, person_id=ANN).says(f"/start {CODE}")
    assert "wait an hour" in private.text


async def test_who_brings_the_bot_by_a_link_with_the_code_lets_the_group_in(
    telegram: FakeTelegram, invited: BotApplication
) -> None:
    """Any member may, where the group lets them add people."""
    ann = member(invited, telegram, ANN)
    assert await ann.changes_membership(LEFT, MEMBER) == []
    (told,) = await ann.says(IN)
    assert told.text.startswith(EVERYBODY)
    bob = member(invited, telegram, BOB, NEW)
    (refused,) = await bob.says(IN)
    assert refused.text == "Only an administrator of this group can let everybody in."


async def test_who_is_let_in_brings_the_bot_for_themselves(
    telegram: FakeTelegram, invited: BotApplication
) -> None:
    await Person(invited, telegram, person_id=ANN).says(f"/start {CODE}")
    ann = member(invited, telegram, ANN)
    (told,) = await ann.changes_membership(LEFT, MEMBER)
    assert "Here I answer only people whom I know" in told.text
    assert "an administrator sends me the code" in told.text
    assert (await ann.says("/ask what?"))[0].buttons
    assert await member(invited, telegram, BOB).says("/ask what?") == []
    assert (await ann.says(IN))[0].text.startswith(EVERYBODY)
    assert (await member(invited, telegram, BOB).says("/ask what?"))[0].buttons


async def test_a_code_that_cannot_be_deleted_and_a_ledger_that_fails(
    telegram: FakeTelegram, invited: BotApplication, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = member(invited, telegram, ADMIN)
    telegram.fail("deleteMessage", refusing(400, "Bad Request: message can't be deleted"))
    with monkeypatch.context() as down:
        down.setattr("bot.ledger.people._ensure", _broken)
        (told,) = await admin.says(IN)
        assert not told.text.startswith(EVERYBODY)
    assert await member(invited, telegram, ANN).says("/ask what?") == []
    assert (await admin.says(IN))[0].text.startswith(EVERYBODY)


def _broken(*_: Any) -> None:
    raise OSError("the disk is full")


@pytest.mark.parametrize("rules", [INVITED, listed(GROUP)])
async def test_a_group_that_becomes_a_supergroup_stays_let_in(
    desk: Desk, telegram: FakeTelegram, rules: Rules
) -> None:
    async with closed(desk, telegram, rules) as application:
        admin = member(application, telegram, ADMIN)
        if rules == INVITED:
            await admin.says(IN)
        telegram.chats.move(GROUP, NEW)
        new = member(application, telegram, ANN, NEW)
        assert await admin.says(migrate_to_chat_id=NEW) == []
        assert await new.says(migrate_from_chat_id=GROUP) == []
        assert (await new.says("/ask what?"))[0].buttons
    async with closed(desk, telegram, rules) as another:
        assert (await member(another, telegram, ANN, NEW).says("/ask what?"))[0].buttons


async def test_a_group_is_forgotten_by_its_administrator_who_is_told_what_that_costs(
    telegram: FakeTelegram, invited: BotApplication, ledger: Ledger
) -> None:
    admin, ann = (member(invited, telegram, each) for each in (ADMIN, ANN))
    await admin.says(IN)
    (asked,) = await admin.says("/forget")
    assert "You came with an invitation code." in asked.text
    (told,) = (await admin.presses(asked, "Forget everything")).edits
    assert "To use me again, please send: /start CODE" in told.text
    assert ledger.people.invited() == (0, 0)
    assert await ann.says("/ask what?") == []
    (asked,) = await admin.says("/forget")  # works for all, and so does /privacy
    assert "invitation" not in asked.text
    assert "This is what I keep" in (await ann.says("/privacy"))[0].text


async def test_news_of_a_chat_that_is_not_let_in_is_noted_all_the_same(
    desk: Desk, telegram: FakeTelegram, ledger: Ledger
) -> None:
    async with closed(desk, telegram, listed(GROUP)) as application:
        await member(application, telegram, ADMIN).says("/subscribe")
    async with closed(desk, telegram, listed()) as application:
        admin = member(application, telegram, ADMIN)
        await admin.changes_membership(MEMBER, LEFT)
        asleep = ledger.subscribers.place(GROUP)
        assert asleep is not None
        assert asleep.asleep == "left"
        await admin.changes_membership(LEFT, MEMBER)
        await admin.says(migrate_to_chat_id=NEW)
    awake = ledger.subscribers.place(NEW)
    assert awake is not None
    assert awake.asleep is None


# --- channels ---------------------------------------------------------------------------------


def channel(telegram: FakeTelegram) -> None:
    telegram.chats.add(CHANNEL, "channel", title="News", username="news", admins={ANN, BOT_ID})


async def test_who_brings_the_bot_into_a_channel_hears_of_it_if_they_are_let_in(
    desk: Desk, telegram: FakeTelegram
) -> None:
    channel(telegram)
    facts: Json = {"id": CHANNEL, "type": "channel", "title": "News", "username": "news"}
    posting = administrator(can_post_messages=True)
    async with closed(desk, telegram, listed(BOB)) as application:
        for person_id, words in ((ANN, []), (BOB, ["I can post in @news now."])):
            person = Person(application, telegram, chat=facts, person_id=person_id)
            told = await person.changes_membership(LEFT, posting)
            assert [each.text.partition(" To")[0] for each in told] == words


async def test_posts_of_channels_are_no_commands(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    """FAILURES 18"""
    facts: Json = {"id": CHANNEL, "type": "channel", "title": "News"}
    for rules in (listed(), listed(CHANNEL), INVITED):
        async with closed(desk, telegram, rules) as application:
            person = Person(application, telegram, chat=facts)
            for words in ("what?", f"/start {CODE}", "/ask what?"):
                post = person.message(words)
                del post["from"]
                post["sender_chat"] = facts
                assert await person.happens({"update_id": 10**6 + 1, "channel_post": post}) == []
    assert library.questions == []


async def test_a_channel_hears_of_news_because_of_who_subscribed_it(
    desk: Desk, telegram: FakeTelegram, ledger: Ledger
) -> None:
    channel(telegram)
    async with closed(desk, telegram, listed(ANN)) as application:
        ann = Person(application, telegram, person_id=ANN)
        (told,) = await ann.says("/subscribe @news #LLM")
        assert "Subscribed for News" in told.text
    assert admission(listed(ANN), ledger).serves(CHANNEL)
    assert not admission(listed(BOB), ledger).serves(CHANNEL)
    assert admission(listed(CHANNEL), ledger).serves(CHANNEL)
    async with closed(desk, telegram, listed(ANN)) as application:
        ann = Person(application, telegram, person_id=ANN)
        (asked,) = await ann.says("/forget")
        (told,) = (await ann.presses(asked, "Forget everything")).edits
        assert "Groups and channels that heard of new articles because of you" in told.text
    assert not admission(listed(ANN), ledger).serves(CHANNEL)


async def test_of_who_subscribed_nothing_is_kept_where_all_may(
    desk: Desk, telegram: FakeTelegram, ledger: Ledger
) -> None:
    channel(telegram)
    for rules in (listed(ANN, CHANNEL), Rules()):
        async with closed(desk, telegram, rules) as application:
            await Person(application, telegram, person_id=ANN).says("/subscribe @news #LLM")
    assert ledger.people.origin(CHANNEL) is None
