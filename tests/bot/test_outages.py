"""The owner hears of a day's outage once, and of its end once, whatever happens in between."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError

from bot.application import BotApplication
from bot.outages import WORTH_TELLING, Outage, keep_reporting, outages, report_outages
from bot.wording import Wording
from retrieval.archive.fetches import Fared
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.errors import ArchiveError
from tests.bot import bot_api
from tests.bot.bot_api import FakeTelegram, flood, refusing

NOW = datetime(2026, 8, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ADMIN = 4242
WELL = Fared("blog", "feed", NOW - DAY * 9)
FAILING = replace(WELL, failed_at=NOW, failure="down", failing_since=NOW - DAY, failures=20)


# --- what is to be told: a decider -----------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (WELL, []),
        (FAILING, [Outage(FAILING, over=False)]),
        (replace(FAILING, failing_since=NOW - DAY + SECOND / 1000), []),
        (replace(FAILING, reported_at=NOW), []),
        (replace(FAILING, reported_at=NOW - DAY * 30), []),
        (
            replace(WELL, reported_at=NOW - DAY),
            [Outage(replace(WELL, reported_at=NOW - DAY), over=True)],
        ),
        # It recovered and fails again before anyone could be told: nothing new to the owner.
        (replace(FAILING, failing_since=NOW - SECOND, reported_at=NOW - DAY), []),
    ],
)
def test_what_the_owner_does_not_know_yet(state: Fared, found: list[Outage]) -> None:
    assert outages([state], {"blog"}, NOW) == found


def test_sources_that_are_no_longer_in_the_settings_are_left_alone() -> None:
    recovered = replace(WELL, reported_at=NOW)
    assert outages([FAILING, recovered], {"another"}, NOW) == []


def test_each_source_is_judged_by_itself_in_the_order_of_the_states() -> None:
    states = [replace(FAILING, name=name) for name in "abc"]
    states[1] = replace(WELL, name="b", reported_at=NOW)
    found = outages(states, {"a", "b", "c", "d"}, NOW)
    assert [(each.state.name, each.over) for each in found] == [
        ("a", False),
        ("b", True),
        ("c", False),
    ]


# --- telling it ------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.sqlite3"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    archive = Archive.open(f"sqlite:///{path}")
    yield archive
    archive.close()


def fail(archive: Archive, at: datetime, name: str = "blog", reason: str = "it is down") -> None:
    archive.fetches.record_failure(name, "feed", reason, at, retry_at=at, wait_until=None)


def recover(archive: Archive, at: datetime, name: str = "blog") -> None:
    archive.articles.commit(name, "feed", [Draft(text="Ring buffers.", title="Rings")], at)


class Owner:
    """The owner's chat, looked at now and then."""

    def __init__(self, bot: Bot, telegram: FakeTelegram, archive: Archive) -> None:
        self.bot = bot
        self.telegram = telegram
        self.archive = archive
        self.names = {"blog"}
        self.language = "en"

    async def hears(self, at: datetime) -> list[str]:
        """What the owner is told in a look at this moment."""
        before = len(self.telegram.sent)
        wording = Wording(self.language)
        await report_outages(self.bot, self.archive, self.names, ADMIN, wording, clock=lambda: at)
        new = self.telegram.sent[before:]
        assert {sent.chat_id for sent in new} <= {ADMIN}
        return [sent.text for sent in new]


@pytest.fixture
def owner(application: BotApplication, telegram: FakeTelegram, archive: Archive) -> Owner:
    return Owner(application.bot, telegram, archive)


async def test_a_day_of_failure_is_told_once_and_its_end_once(owner: Owner, path: Path) -> None:
    fail(owner.archive, NOW)
    fail(owner.archive, NOW + DAY - SECOND)
    assert await owner.hears(NOW + DAY - SECOND) == []
    (told,) = await owner.hears(NOW + DAY)
    assert told == (
        "The source “blog” cannot be read since 2026-08-02 12:00 UTC:\n\nit is down\n\n"
        "Its articles stay as they were, and I keep trying. I will tell you when it recovers."
    )
    fail(owner.archive, NOW + DAY * 2, reason="it is down in another way")
    assert await owner.hears(NOW + DAY * 3) == []
    with contextlib.closing(Archive.open(f"sqlite:///{path}")) as after_a_restart:
        owner.archive = after_a_restart
        assert await owner.hears(NOW + DAY * 3) == []
        recover(owner.archive, NOW + DAY * 4)
        assert await owner.hears(NOW + DAY * 4) == ["The source “blog” can be read again."]
        assert await owner.hears(NOW + DAY * 5) == []
    with contextlib.closing(Archive.open(f"sqlite:///{path}")) as after_another:
        owner.archive = after_another
        assert await owner.hears(NOW + DAY * 5) == []


async def test_a_failure_that_passes_within_a_day_is_never_told(owner: Owner) -> None:
    for hours in range(23):
        fail(owner.archive, NOW + timedelta(hours=hours))
    assert await owner.hears(NOW + timedelta(hours=23)) == []
    recover(owner.archive, NOW + timedelta(hours=23, minutes=30))
    fail(owner.archive, NOW + DAY)
    assert await owner.hears(NOW + DAY * 2 - SECOND) == [], "the day counts from the new failure"


async def test_the_next_outage_is_told_again(owner: Owner) -> None:
    heard = []
    for week in range(2):
        start = NOW + DAY * 7 * week
        fail(owner.archive, start)
        heard += await owner.hears(start + DAY)
        recover(owner.archive, start + DAY * 2)
        heard += await owner.hears(start + DAY * 2)
    assert ["cannot be read" in text for text in heard] == [True, False, True, False]


async def test_it_is_told_in_the_owners_language(owner: Owner) -> None:
    owner.language = "zh-Hans"
    fail(owner.archive, NOW)
    (told,) = await owner.hears(NOW + DAY)
    assert told.startswith("来源“blog”从 2026-08-02 12:00 UTC 起一直读不到：")
    recover(owner.archive, NOW + DAY)
    assert await owner.hears(NOW + DAY) == ["来源“blog”恢复正常了。"]


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("<b>&amp; & </b> <script>", "<b>&amp; & </b> <script>"),
        ("<b>&" * 1250, "<b>&" * 125),
        ("错误" * 2500, "错误" * 250),
        ("🙈" * 5000, "🙈" * 500),
        ("*_`[](http://x) " * 300, "*_`[](http://x) *_`[](http://x)"),
        ("one line\nTraceback (most recent call last):\n" + "  File\n" * 500, "\n\none line\n\n"),
        ("\n\nafter nothing", "UTC:"),
        ("a\x00bell\x07", "abell"),
        (" ", "UTC:"),
        ("", "UTC:"),
    ],
)
async def test_whatever_a_server_said_is_shown_as_text_and_not_in_full(
    owner: Owner, reason: str, shown: str
) -> None:
    fail(owner.archive, NOW, reason=reason)
    (told,) = await owner.hears(NOW + DAY)
    assert told.startswith("The source “blog” cannot be read since ")
    assert shown in told
    assert told.endswith("I will tell you when it recovers.")
    assert len(told) < 1000
    assert "Traceback" not in told
    (sent,) = owner.telegram.sent
    assert sent.parsed.entities == ()


@pytest.mark.parametrize("name", ["<b>R&D</b>", "C#<T> & _x_", "博客 🙈", "a" * 64, "{ $reason }"])
async def test_names_are_shown_as_they_are(owner: Owner, name: str) -> None:
    """FAILURES 12."""
    owner.names = {name}
    fail(owner.archive, NOW, name)
    (told,) = await owner.hears(NOW + DAY)
    assert f"“{name}”" in told
    recover(owner.archive, NOW + DAY, name)
    (told,) = await owner.hears(NOW + DAY)
    assert told == f"The source “{name}” can be read again."


async def test_of_many_outages_each_is_told(owner: Owner) -> None:
    owner.names = {f"blog {number}" for number in range(30)}
    for name in owner.names:
        fail(owner.archive, NOW, name)
    assert len(await owner.hears(NOW + DAY)) == 30
    assert await owner.hears(NOW + DAY) == []


# --- when it cannot be told ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refusing(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (bot_api.unreachable, NetworkError),
        (bot_api.reset, NetworkError),
    ],
)
@pytest.mark.parametrize("over", [False, True])
async def test_what_telegram_did_not_take_is_told_later(
    owner: Owner, fault: bot_api.Fault, error: type[Exception], over: bool
) -> None:
    fail(owner.archive, NOW)
    if over:
        await owner.hears(NOW + DAY)
        recover(owner.archive, NOW + DAY)
    before = owner.archive.fetches.states()
    owner.telegram.fail("sendMessage", *[fault] * 4)  # as often as it is tried
    with pytest.raises(error):
        await owner.hears(NOW + DAY)
    assert owner.archive.fetches.states() == before
    owner.telegram.faults.clear()
    assert len(await owner.hears(NOW + DAY * 2)) == 1
    assert await owner.hears(NOW + DAY * 3) == []


async def test_what_was_told_before_telegram_failed_is_not_told_again(owner: Owner) -> None:
    owner.names = {"a", "b", "c"}
    for name in "abc":
        fail(owner.archive, NOW, name)
    blocked = refusing(403, "Forbidden: bot was kicked from the group chat")
    owner.telegram.fail("sendMessage", lambda perform: perform(), blocked)
    with pytest.raises(Forbidden):
        await owner.hears(NOW + DAY)
    assert ["“a”" in sent.text for sent in owner.telegram.sent] == [True]
    later = await owner.hears(NOW + DAY)
    assert ["“b”" in later[0], "“c”" in later[1], len(later)] == [True, True, 2]


# --- the loop --------------------------------------------------------------------------------

LONG_AGO = datetime.now(UTC) - 2 * WORTH_TELLING


@pytest.fixture
def looking(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], contextlib.AbstractAsyncContextManager[asyncio.Task[None]]]:
    """Looks for outages again and again, without pauses that a test would notice."""
    monkeypatch.setattr("bot.outages.PAUSE", 0.01)

    @contextlib.asynccontextmanager
    async def looking() -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(
            keep_reporting(owner.bot, owner.archive, owner.names, ADMIN, Wording("en"))
        )
        yield task
        assert not task.done(), "it must never return"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    return looking


Looking = Callable[[], contextlib.AbstractAsyncContextManager[asyncio.Task[None]]]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110  what is waited for happens elsewhere
            await asyncio.sleep(0.005)


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.message for r in caplog.records if r.levelno >= logging.ERROR]


async def test_trouble_with_telegram_is_logged_once_and_the_message_comes_later(
    owner: Owner, looking: Looking, caplog: pytest.LogCaptureFixture
) -> None:
    fail(owner.archive, LONG_AGO)
    blocked = refusing(403, "Forbidden: bot was blocked by the user")
    owner.telegram.fail("sendMessage", *[blocked] * 5)
    async with looking():
        await until(lambda: bool(owner.telegram.sent))
        await asyncio.sleep(0.1)
    assert len(owner.telegram.sent) == 1
    (error,) = errors(caplog)
    assert f"the admin chat {ADMIN} could not be told of a source: " in error
    assert "blocked" in error


async def test_another_trouble_is_logged_and_the_same_again_after_a_success(
    owner: Owner, looking: Looking, caplog: pytest.LogCaptureFixture
) -> None:
    fail(owner.archive, LONG_AGO)
    blocked = refusing(403, "Forbidden: bot was blocked by the user")
    gone = refusing(400, "Bad Request: chat not found")
    owner.telegram.fail("sendMessage", blocked, blocked, gone, gone)
    async with looking():
        await until(lambda: bool(owner.telegram.sent))
        owner.telegram.fail("sendMessage", blocked, blocked)
        recover(owner.archive, datetime.now(UTC))
        await until(lambda: len(owner.telegram.sent) == 2)
    assert [("blocked" in e, "not found" in e) for e in errors(caplog)] == [
        (True, False),
        (False, True),
        (True, False),
    ]


async def test_where_telegram_asks_to_wait_it_is_left_alone(
    owner: Owner, looking: Looking, caplog: pytest.LogCaptureFixture
) -> None:
    """FAILURES 9."""
    fail(owner.archive, LONG_AGO)
    owner.telegram.fail("sendMessage", *[flood(43_837)] * 100)
    async with looking():
        await until(lambda: bool(errors(caplog)))
        await asyncio.sleep(0.2)
    assert len(owner.telegram.called("sendMessage")) == 1
    assert len(errors(caplog)) == 1


async def test_an_archive_that_forgets_what_was_told_brings_no_flood_of_messages(
    owner: Owner, looking: Looking, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As on a full disk: it can be read, but not written."""
    fail(owner.archive, LONG_AGO)
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE UPDATE OF reported_at ON sources"
            " BEGIN SELECT raise(ABORT, 'database or disk is full'); END"
        )
        async with looking():
            await until(lambda: bool(errors(caplog)))
            await asyncio.sleep(0.2)
            assert len(owner.telegram.sent) == 1
            other.execute("DROP TRIGGER full")
            await until(lambda: owner.archive.fetches.states()[0].reported_at is not None)
            recover(owner.archive, datetime.now(UTC))
            await until(lambda: len(owner.telegram.sent) == 2)
            fail(owner.archive, LONG_AGO)
            await until(lambda: len(owner.telegram.sent) == 3)
    (error,) = errors(caplog)
    assert "database or disk is full" in error


@pytest.mark.parametrize("error", [ArchiveError("it cannot be read"), RuntimeError("unheard of")])
async def test_whatever_goes_wrong_it_goes_on(
    owner: Owner,
    looking: Looking,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    fail(owner.archive, LONG_AGO)
    fared, tries = owner.archive.fetches.fared, iter(range(5))

    def stumble() -> dict[str, Fared]:
        if next(tries, None) is not None:
            raise error
        return fared()

    monkeypatch.setattr(owner.archive.fetches, "fared", stumble)
    async with looking():
        await until(lambda: bool(owner.telegram.sent))
    assert [str(error) in line for line in errors(caplog)] == [True]
