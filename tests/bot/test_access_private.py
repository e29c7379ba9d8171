"""Who is not let in, in private: one kind sentence, nothing stored, and the ways to get in."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from telegram import Update

from bot.admission import Admission, Mode, Rules
from bot.application import BotApplication, build_application
from bot.context import Desk
from bot.deep_links import article_payload, question_payload
from bot.errors import LedgerError
from bot.handlers.entrance import Entrance
from bot.ledger import Ledger
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.closed import CODE, INVITED, closed, listed
from tests.bot.fakes import FakeLibrary
from tests.bot.ledger.test_forgetting import everything
from tests.bot.people import Person

ANN, BOB, ADMIN = 7_001, 7_002, 7_003
HOW = "If you have a code"


@pytest.fixture
async def invited(desk: Desk, telegram: FakeTelegram) -> AsyncIterator[BotApplication]:
    """Who has the code is let in."""
    async with closed(desk, telegram, INVITED) as application:
        yield application


@pytest.fixture
def ann(invited: BotApplication, telegram: FakeTelegram) -> Person:
    return Person(invited, telegram, person_id=ANN)


async def test_a_stranger_is_told_once_and_kindly_how_to_get_in(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary, ledger: Ledger
) -> None:
    before = everything(ledger)
    async with closed(desk, telegram, listed(BOB)) as application:
        ann = Person(application, telegram, person_id=ANN)
        (told,) = await ann.says("/start")
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
        for words in ("what?", "/latest", "/subscribe", "/language 中文", "/settings", "/nonsense"):
            assert await ann.says(words) == []
        assert await ann.says(photo=photo, caption="what?") == []
    assert told.text == (
        "Hello! I answer only people whom the owner has let in. To be one of them, please give"
        " the owner your number: 7001"
    )
    assert library.questions == []
    assert everything(ledger) == before


@pytest.mark.parametrize(
    ("language_code", "rules", "words"),
    [
        ("zh-hans", listed(), "请把你的编号告诉维护者：7001"),
        ("zh-hant", listed(), "請把你的編號告訴維護者：7001"),
        ("en", INVITED, "/start CODE"),
        ("zh-hans", INVITED, "/start 邀请码"),
        ("zh-tw", INVITED, "/start 邀請碼"),
    ],
)
async def test_it_is_said_in_the_strangers_language(
    desk: Desk, telegram: FakeTelegram, language_code: str, rules: Rules, words: str
) -> None:
    async with closed(desk, telegram, rules) as application:
        ann = Person(application, telegram, person_id=ANN, language_code=language_code)
        (told,) = await ann.says("在吗")
    assert words in told.text


async def test_it_is_said_again_after_a_while_and_to_others_at_once(
    desk: Desk, telegram: FakeTelegram, invited: BotApplication
) -> None:
    now = 0.0
    desk = replace(desk, admission=Admission(INVITED, desk.ledger.people))
    entrance = Entrance(desk, lambda: now)

    async def sent_for(person_id: int) -> int:
        before = len(telegram.sent)
        person = Person(invited, telegram, person_id=person_id)
        update = Update.de_json(person.update("hello"), invited.bot)
        assert await entrance.closes(update)
        return len(telegram.sent) - before

    assert [await sent_for(ANN), await sent_for(ANN), await sent_for(BOB)] == [1, 0, 1]
    now = 599.0
    assert await sent_for(ANN) == 0
    now = 601.0
    assert [await sent_for(ANN), await sent_for(ANN)] == [1, 0]


@pytest.mark.parametrize("rules", [INVITED, listed(BOB)])
async def test_who_only_begins_is_told_each_time_unless_it_was_a_moment_ago(
    desk: Desk, telegram: FakeTelegram, invited: BotApplication, rules: Rules
) -> None:
    now = 0.0
    desk = replace(desk, admission=Admission(rules, desk.ledger.people))
    entrance = Entrance(desk, lambda: now)
    person = Person(invited, telegram, person_id=ANN)

    async def told(words: str, **extra: Any) -> int:
        before = len(telegram.sent)
        assert await entrance.closes(Update.de_json(person.update(words, **extra), invited.bot))
        return len(telegram.sent) - before

    assert [await told("hello"), await told("/start")] == [1, 0]
    now = 11.0
    assert [await told("hello"), await told("/start"), await told("/start")] == [0, 1, 0]
    now = 22.0
    assert [await told("/start inline"), await told("/latest"), await told("/start")] == [0, 0, 1]
    assert len(telegram.sent) == 3


async def test_those_named_and_the_admins_are_answered(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    desk = replace(desk, admins=frozenset({ADMIN}))
    async with closed(desk, telegram, listed(BOB, ADMIN)) as application:
        for number in (BOB, ADMIN):
            person = Person(application, telegram, person_id=number)
            assert (await person.says("/start"))[0].text.startswith("Hello! I know an archive")
            assert (await person.says("what?"))[0].buttons
    assert len(library.questions) == 2


@pytest.mark.parametrize("written", [f"/start {CODE}", f"/start@test_archive_bot  {CODE}"])
async def test_the_code_lets_in_for_good(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary, ann: Person, written: str
) -> None:
    assert HOW in (await ann.says("what?"))[0].text
    (welcome,) = await ann.says(written)
    assert welcome.text.startswith("Hello! I know an archive")
    assert (await ann.says("what?"))[0].buttons
    assert len(await ann.says(f"/start {CODE}")) == 1  # the link, opened once more
    async with closed(desk, telegram, INVITED) as another:  # after a restart
        assert (await Person(another, telegram, person_id=ANN).says("and now?"))[0].buttons
        assert HOW in (await Person(another, telegram, person_id=BOB).says("me?"))[0].text
    assert library.questions == ["what?", "and now?"]


async def test_the_code_is_kept_as_a_digest_and_told_to_no_log(
    ann: Person, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await ann.says("/start wrong-code")
    await ann.says(f"/start {CODE}")
    assert CODE not in caplog.text
    assert CODE not in str(everything(ledger))
    assert "7001 came by the invitation code" in caplog.text


async def test_five_wrong_codes_an_hour_and_not_even_the_right_one_after_them(
    ann: Person, telegram: FakeTelegram, invited: BotApplication, library: FakeLibrary
) -> None:
    for number in range(5):
        (told,) = await ann.says(f"/start guess-{number}")
        assert told.text.startswith("This is not the code.")
    (told,) = await ann.says(f"/start {CODE}")
    assert "wait an hour" in told.text
    assert await ann.says(f"/start {CODE}") == []
    assert HOW in (await ann.says("what?"))[0].text
    bob = Person(invited, telegram, person_id=BOB)
    assert (await bob.says(f"/start {CODE}"))[0].text.startswith("Hello! I know an archive")
    assert library.questions == []


async def test_links_that_open_an_article_or_a_question_are_no_guesses(
    ann: Person, library: FakeLibrary
) -> None:
    links = [article_payload("a1"), question_payload("how?"), "inline"]
    (told,) = await ann.says(f"/start {links[0]}")
    assert HOW in told.text
    for link in links * 3:
        assert await ann.says(f"/start {link}") == []
    assert (await ann.says("/start guess"))[0].text.startswith("This is not the code.")
    assert library.questions == []


async def test_edits_and_forwarded_codes_let_nobody_in(ann: Person, ledger: Ledger) -> None:
    said = ann.message(f"/start {CODE}")
    edited = {"update_id": 10**6, "edited_message": {**said, "edit_date": 1_760_000_001}}
    assert await ann.happens(edited) == []
    origin = {"type": "hidden_user", "date": 1_760_000_000, "sender_user_name": "Eve"}
    (told,) = await ann.says(f"/start {CODE}", forward_origin=origin)
    assert HOW in told.text
    assert ledger.people.invited() == (0, 0)


@pytest.mark.parametrize(("old_codes", "stays"), [(True, True), (False, False)])
async def test_whether_an_earlier_code_still_counts(
    desk: Desk, telegram: FakeTelegram, ann: Person, old_codes: bool, stays: bool
) -> None:
    await ann.says(f"/start {CODE}")
    changed = Rules(Mode.INVITED, code="another-code", old_codes=old_codes)
    async with closed(desk, telegram, changed) as application:
        again = Person(application, telegram, person_id=ANN)
        (told,) = await again.says("what?")
        assert bool(told.buttons) == stays
        assert (
            "not the code" in (await Person(application, telegram).says(f"/start {CODE}"))[0].text
        )
        if not stays:
            await again.says("/start another-code")
            assert (await again.says("what?"))[0].buttons


async def test_a_code_counts_only_where_the_mode_says_so(
    desk: Desk, telegram: FakeTelegram, ann: Person
) -> None:
    await ann.says(f"/start {CODE}")
    async with closed(desk, telegram, listed(BOB)) as application:
        told = await Person(application, telegram, person_id=ANN).says("what?")
        assert "give the owner your number" in told[0].text


async def test_everybody_may_know_and_delete_what_is_kept(
    desk: Desk, telegram: FakeTelegram, ledger: Ledger
) -> None:
    async with closed(desk, telegram, Rules()) as application:
        await Person(application, telegram, person_id=ANN).says("/subscribe #LLM")
    async with closed(desk, telegram, listed(BOB)) as application:
        ann = Person(application, telegram, person_id=ANN)
        assert "This is what I keep" in (await ann.says("/privacy"))[0].text
        (asked,) = await ann.says("/forget")
        assert "invitation" not in asked.text
        (told,) = (await ann.presses(asked, "Forget everything")).edits
    assert "Subscriptions: 1" in told.text
    assert "/start" not in told.text  # it would not begin anything
    assert ledger.subscribers.place(ANN) is None


async def test_who_is_forgotten_needs_the_code_again_and_is_told_so_before_and_after(
    ann: Person, ledger: Ledger, library: FakeLibrary
) -> None:
    await ann.says(f"/start {CODE}")
    (asked,) = await ann.says("/forget")
    assert "You came with an invitation code." in asked.text
    (told,) = (await ann.presses(asked, "Forget everything")).edits
    assert told.text.endswith("To use me again, please send: /start CODE")
    assert "To begin anew" not in told.text
    assert ledger.people.known(ANN) is None
    assert HOW in (await ann.says("/start"))[0].text
    await ann.says(f"/start {CODE}")
    assert (await ann.says("what?"))[0].buttons


async def test_nobody_gets_in_while_the_ledger_is_down(
    desk: Desk, telegram: FakeTelegram, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_: Any, number: int) -> str | None:
        raise LedgerError(f"nobody knows number {number}")

    admission = Admission(INVITED, desk.ledger.people, most=1)
    admission.load(lambda _: {1: "code:1", 2: "code:2"})  # more than memory holds
    monkeypatch.setattr(type(desk.ledger.people), "origin", down)
    application = build_application(
        desk.library,
        desk=replace(desk, admission=admission),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    async with application:
        (told,) = await Person(application, telegram, person_id=ANN).says("what?")
        assert "A part of me is down" in told.text
        (welcome,) = await Person(application, telegram, person_id=2).says("/start")
        assert welcome.text.startswith("Hello! I know an archive")
    assert library.questions == []


async def test_the_code_does_nothing_where_all_may_ask(
    reader: Person, ledger: Ledger, library: FakeLibrary
) -> None:
    (welcome,) = await reader.says(f"/start {CODE}")
    assert welcome.text.startswith("Hello! I know an archive")
    assert ledger.people.invited() == (0, 0)
