"""What Telegram shows of the bot itself: set at the start, where it changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.errors import LedgerError
from bot.ledger import Ledger
from bot.menu import ADMIN, COMMANDS
from bot.profile import (
    LONGEST_ABOUT,
    LONGEST_DESCRIPTION,
    Profile,
    Said,
    entries,
    show,
    showing,
)
from bot.retrying import Retrying
from bot.wording import Wording
from tests.bot import bot_api
from tests.bot.bot_api import TOKEN, FakeTelegram, flood, refusing

MEMBERS = ["ask", "latest", "tags", "random", "subscriptions", "help"]
ADMINISTRATORS = [each for each in COMMANDS if each != "privacy"]


@pytest.fixture
async def bot(telegram: FakeTelegram, retrying: Retrying) -> AsyncIterator[Bot]:
    bot: ExtBot[None] = ExtBot(TOKEN, request=telegram.request(), rate_limiter=retrying)
    async with bot:
        yield bot


def requests(telegram: FakeTelegram) -> list[str]:
    """The methods called since the bot was initialized."""
    return [name for name, _ in telegram.calls if name != "getMe"]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the owner reads in the log."""
    return [each.getMessage() for each in caplog.records if each.name == "bot.profile"]


async def test_who_opens_the_bot_reads_of_it_in_their_language(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger
) -> None:
    await show(bot, ledger.notes, Profile())
    shown = telegram.profile
    for code in ("", "en", "fr"):
        assert shown.words("description", code).startswith("Ask me about anything")
        assert shown.words("short_description", code).startswith("I know an archive")
    assert shown.words("description", "zh").startswith("用中文或英文问我")
    assert shown.words("short_description", "zh").startswith("我熟悉一个文章库")
    assert telegram.called("setMyName") == []  # it stays as @BotFather has it


async def test_each_sees_the_commands_that_are_for_them(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger
) -> None:
    await show(bot, ledger.notes, Profile(owners=frozenset({50, -300})))
    menu = telegram.profile.menu
    assert [*menu(51)] == [*COMMANDS]
    assert [*menu(-100)] == MEMBERS
    assert [*menu(-100, administers=True)] == ADMINISTRATORS
    assert [*menu(50)] == [*COMMANDS, ADMIN]
    assert [*menu(-300)] == [*ADMINISTRATORS, ADMIN]
    assert menu(51)["ask"] == menu(51, "fr")["ask"] == "Ask the archive a question"
    assert menu(51, "zh")["ask"] == menu(-100, "zh")["ask"] == "向文章库提问"
    assert menu(50, "zh")[ADMIN] == "管理机器人"


async def test_a_restart_sends_nothing(bot: Bot, telegram: FakeTelegram, ledger: Ledger) -> None:
    profile = Profile("Papers", "All about papers.", owners=frozenset({50}))
    await show(bot, ledger.notes, profile)
    assert len(requests(telegram)) == 1 + 2 + 3 + 2 * 4
    telegram.calls.clear()
    await show(bot, ledger.notes, profile)
    assert requests(telegram) == []


async def test_only_what_changed_is_set(bot: Bot, telegram: FakeTelegram, ledger: Ledger) -> None:
    await show(bot, ledger.notes, Profile())
    telegram.calls.clear()
    await show(bot, ledger.notes, Profile(about="All about papers."))
    assert requests(telegram) == ["setMyShortDescription"] * 2
    for code in ("", "zh"):
        assert telegram.profile.words("short_description", code) == "All about papers."
    await show(bot, ledger.notes, Profile())
    assert telegram.profile.words("short_description", "zh").startswith("我熟悉一个文章库")


async def test_the_owners_words_are_shown_to_all(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger
) -> None:
    await show(bot, ledger.notes, Profile("Papers & <more>", "About.", "What there is."))
    for code in ("", "zh", "fr"):
        assert telegram.profile.words("name", code) == "Papers & <more>"
        assert telegram.profile.words("short_description", code) == "About."
        assert telegram.profile.words("description", code) == "What there is."


async def test_what_the_owner_wrote_in_botfather_stays_until_the_settings_say_something_else(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="bot.profile")
    shown = telegram.profile
    shown.write("description", "All about papers.")
    await show(bot, ledger.notes, Profile())
    for code in ("", "zh"):
        assert shown.words("description", code) == "All about papers."
        assert shown.words("short_description", code) != ""
    (logged,) = told(caplog)
    assert logged.startswith("the bot's description is not ours and stays as @BotFather has it")
    telegram.calls.clear()
    await show(bot, ledger.notes, Profile())
    assert requests(telegram) == []
    await show(bot, ledger.notes, Profile(description="What there is."))
    assert shown.words("description", "zh") == "What there is."
    await show(bot, ledger.notes, Profile())
    assert shown.words("description").startswith("Ask me about anything")


async def test_what_the_owner_wrote_over_ours_stays_when_ours_changes(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await show(bot, ledger.notes, Profile())
    telegram.profile.write("description", "All about papers.")
    say = Wording.say
    monkeypatch.setattr(Wording, "say", lambda own, *key, **values: say(own, *key, **values) + ".")
    await show(bot, ledger.notes, Profile())
    assert telegram.profile.words("description") == "All about papers."
    assert telegram.profile.words("short_description").endswith("..")


async def test_a_name_that_was_given_back_to_botfather_can_be_given_again(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger
) -> None:
    for profile in (Profile("Papers"), Profile(), Profile("Papers")):
        await show(bot, ledger.notes, profile)
    assert len(telegram.called("setMyName")) == 2


async def test_who_looks_after_the_bot_no_more_has_the_menu_of_all_again(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger
) -> None:
    await show(bot, ledger.notes, Profile(owners=frozenset({50, 51})))
    telegram.fail("deleteMyCommands", refusing(400, "Bad Request: something odd"))
    await show(bot, ledger.notes, Profile(owners=frozenset({51})))
    await show(bot, ledger.notes, Profile(owners=frozenset({51})))
    for code in ("", "zh"):
        assert ADMIN not in telegram.profile.menu(50, code)
        assert ADMIN in telegram.profile.menu(51, code)
    telegram.calls.clear()
    await show(bot, ledger.notes, Profile(owners=frozenset({51})))
    assert requests(telegram) == []


async def test_another_bot_in_the_same_ledger_has_a_profile_of_its_own(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await show(bot, ledger.notes, Profile())
    monkeypatch.setattr(ExtBot, "id", 8)
    telegram.calls.clear()
    await show(bot, ledger.notes, Profile())
    assert len(requests(telegram)) == 3 + 3 + 2 * 3


async def test_who_never_started_the_bot_gets_their_menu_at_the_start_after_they_did(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    owner = telegram.chats.add(50, "private", gone="not found")
    await show(bot, ledger.notes, Profile(owners=frozenset({50})))
    assert [*telegram.profile.menu(51)] == [*COMMANDS]
    (logged,) = told(caplog)
    assert logged == (
        "not all that Telegram shows of the bot could be set, which is tried again at the next"
        " start: menu:50 (Chat not found); menu:50:zh (Chat not found)"
    )
    owner.gone = None
    telegram.calls.clear()
    await show(bot, ledger.notes, Profile(owners=frozenset({50})))
    assert requests(telegram) == ["setMyCommands"] * 2
    assert ADMIN in telegram.profile.menu(50)


async def test_a_long_wait_for_one_thing_holds_up_no_other(
    bot: Bot,
    telegram: FakeTelegram,
    ledger: Ledger,
    pauses: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram.fail("setMyName", flood(43_837))
    await show(bot, ledger.notes, Profile("Papers"))
    assert (telegram.profile.words("name"), pauses) == ("", [])
    assert telegram.profile.words("description").startswith("Ask me")
    assert [*telegram.profile.menu(-100)] == MEMBERS
    (logged,) = told(caplog)
    assert "at the next start: name (" in logged
    await show(bot, ledger.notes, Profile("Papers"))
    assert telegram.profile.words("name") == "Papers"


@pytest.mark.parametrize("fault", [bot_api.reset, bot_api.unreachable, bot_api.truncated_reply])
async def test_without_a_network_the_next_start_does_it(
    bot: Bot,
    telegram: FakeTelegram,
    ledger: Ledger,
    caplog: pytest.LogCaptureFixture,
    fault: bot_api.Fault,
) -> None:
    telegram.fail("setMyDescription", *[fault] * 4)
    await show(bot, ledger.notes, Profile())
    assert len(telegram.called("setMyDescription")) == 4  # and nothing after it
    assert telegram.called("setMyCommands") == []
    assert len(told(caplog)) == 1
    telegram.calls.clear()
    await show(bot, ledger.notes, Profile())
    assert requests(telegram)[:2] == ["getMyDescription", "setMyDescription"]
    assert telegram.profile.words("description", "zh").startswith("用中文或英文问我")
    assert [*telegram.profile.menu(51)] == [*COMMANDS]


async def test_it_is_set_beside_the_start_and_ends_with_it(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    met = asyncio.Event()

    async def never(_: object) -> httpx.Response:
        met.set()
        await asyncio.Event().wait()
        raise AssertionError

    telegram.fail("setMyShortDescription", never)
    async with asyncio.timeout(10):
        async with showing(bot, ledger.notes, Profile()):
            await met.wait()
    telegram.fail("setMyDescription", never)
    await show(bot, ledger.notes, Profile(), patience=0.1)
    (logged,) = told(caplog)
    assert "; menu:private (it took too long); " in logged
    await show(bot, ledger.notes, Profile())
    assert [*telegram.profile.menu(51)] == [*COMMANDS]


async def test_a_ledger_that_is_down_is_told_of_and_stops_nothing(
    bot: Bot,
    telegram: FakeTelegram,
    ledger: Ledger,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("the ledger's database refused: locked")

    monkeypatch.setattr(ledger.notes, "write", fail)
    await show(bot, ledger.notes, Profile())
    assert [*telegram.profile.menu(51)] == [*COMMANDS]
    monkeypatch.setattr(ledger.notes, "read", fail)
    await show(bot, ledger.notes, Profile())
    assert (
        told(caplog)
        == [
            "what Telegram shows of the bot is not kept up to date: the ledger's database refused:"
            " locked"
        ]
        * 2
    )


@pytest.mark.parametrize("note", ["", "[]", "{", '{"menu:x": "?", "menu:": "?", "name": "?"}'])
async def test_a_note_that_cannot_be_read_is_as_none(
    bot: Bot, telegram: FakeTelegram, ledger: Ledger, note: str
) -> None:
    ledger.notes.write(f"profile:{bot.id}", note)
    await show(bot, ledger.notes, Profile())
    assert [*telegram.profile.menu(51)] == [*COMMANDS]
    assert telegram.called("deleteMyCommands") == []


def test_the_bots_own_words_have_room() -> None:
    limits = {"about": LONGEST_ABOUT, "description": LONGEST_DESCRIPTION}
    said = [each for each in entries(Profile()) if isinstance(each, Said)]
    assert len(said) == 4
    assert all(0 < len(each.words) <= limits[each.what] for each in said)


async def test_the_tests_telegram_is_strict(bot: Bot, telegram: FakeTelegram) -> None:
    for refused in (
        bot.set_my_name("n" * 65),
        bot.set_my_short_description("a" * 121),
        bot.set_my_description("d" * 513),
        bot.set_my_description("d", "zh-hant"),
        bot.set_my_commands([("Ask", "?")]),
        bot.set_my_commands([("a" * 33, "?")]),
        bot.set_my_commands([("ask", " ")]),
        bot.set_my_commands([("ask", "?" * 257)]),
        bot.set_my_commands([("ask", "?")], language_code="zh-hans"),
    ):
        with pytest.raises(BadRequest):
            await refused
    assert telegram.violations == []
