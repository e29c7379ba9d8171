"""Sources gathered beside the chats: each when it is due, never twice at once, whatever fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.rounds import Rounds
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.gathering import WORKERS, Gatherer, Source, SourceReport
from retrieval.sources.feed import FeedReader
from retrieval.sources.reading import Fetch, Reading
from retrieval.web.hosts import Hosts
from retrieval.web.http import Web
from tests.retrieval.feeds_made import post, rss
from tests.web_server import Answer, Request, Site, web_server

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FEED = "application/rss+xml"


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at what is due follow each other at once: the clock of the tests is not the wall's."""
    monkeypatch.setattr("bot.rounds.LONGEST_TICK", 0.01)
    monkeypatch.setattr("bot.rounds.ARCHIVE_PAUSE", 0.1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.sqlite3'}")
    yield archive
    archive.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as site:
        yield site


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web(user_agent="archive-bot/test", hosts=Hosts(pause=0), allow_private=True)
    yield web
    web.close()


@dataclass
class Clock:
    """Stands still until a test moves it; counts how often it was looked at."""

    now: datetime = NOW
    looks: int = 0

    def __call__(self) -> datetime:
        self.looks += 1
        return self.now


@dataclass
class Shelf:
    """A source that keeps count; while its gate is closed, reading it takes for ever."""

    name: str
    kind: str = "feed"
    begun: int = 0
    at_once: int = 0
    most_at_once: int = 0
    gate: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.gate.set()

    def read(self, fetch: Fetch) -> Reading:
        with self._lock:
            self.begun += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        assert self.gate.wait(60)
        with self._lock:
            self.at_once -= 1
        return Reading((Draft(text=f"{self.name} tells of ring buffers.", title=self.name),))


class Going:
    """Rounds that go on in this test's event loop, with a clock of the test's own."""

    def __init__(self, archive: Archive, *sources: Source) -> None:
        self.clock = Clock()
        self.gatherer = Gatherer(archive, sources, clock=lambda: self.clock.now, chance=lambda: 0.5)
        self.rounds = Rounds(self.gatherer, clock=self.clock)
        self._task = asyncio.create_task(self.rounds.run())

    async def until(self, true: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something is true; the test fails where it never is."""
        deadline = time.monotonic() + seconds
        while not true():
            assert not self._task.done(), "the rounds ended by themselves"
            assert time.monotonic() < deadline, "it never came true"
            await asyncio.sleep(0.005)

    async def looks(self, count: int = 3) -> None:
        """Let it look at what is due so many times more."""
        seen = self.clock.looks
        await self.until(lambda: self.clock.looks >= seen + count)

    async def settle(self) -> None:
        """Let it begin what is due, and end it."""
        await self.looks()
        await self.until(lambda: not self.rounds._busy)

    async def pass_(self, seconds: int, step: int = 1) -> None:
        """Let time pass, with all that is due in every step of it."""
        for _ in range(0, seconds, step):
            self.clock.now += SECOND * step
            await self.settle()

    async def close(self) -> None:
        """As the bot does when it stops."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.rounds.close()


@contextlib.asynccontextmanager
async def going(archive: Archive, *sources: Source) -> AsyncIterator[Going]:
    going = Going(archive, *sources)
    try:
        yield going
    finally:
        await going.close()


def feed(site: Site, web: Web, name: str = "blog", **fields: object) -> Source:
    return Source(FeedReader(name, f"{site.address}/{name}.xml"), web, **fields)  # type: ignore[arg-type]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name == "bot.rounds"]


# --- when ------------------------------------------------------------------------------------


async def test_all_are_gathered_at_the_start_then_each_after_its_own_interval(
    archive: Archive,
) -> None:
    often, seldom = Shelf("often"), Shelf("seldom")
    async with going(archive, Source(often, interval=2), Source(seldom, interval=5)) as bot:
        await bot.settle()
        assert (often.begun, seldom.begun) == (1, 1)
        await bot.looks(10)
        assert (often.begun, seldom.begun) == (1, 1), "no time has passed"
        await bot.pass_(20)
        assert (often.begun, seldom.begun) == (11, 5)


async def test_what_was_gathered_before_a_restart_is_not_due_again(archive: Archive) -> None:
    shelf = Shelf("shelf")
    async with going(archive, Source(shelf, interval=10)) as bot:
        await bot.settle()
    async with going(archive, Source(shelf, interval=10)) as bot:
        await bot.pass_(9, step=9)
        assert shelf.begun == 1
        await bot.pass_(1)
        assert shelf.begun == 2


async def test_a_source_is_never_gathered_twice_at_once(archive: Archive) -> None:
    shelf = Shelf("shelf")
    shelf.gate.clear()
    async with going(archive, Source(shelf, interval=1)) as bot:
        for _ in range(5):
            bot.clock.now += SECOND * 100
            await bot.looks()
        assert shelf.begun == 1
        shelf.gate.set()
        await bot.settle()
        await bot.pass_(3)
        assert shelf.begun > 1
        assert shelf.most_at_once == 1


async def test_more_sources_than_workers_are_all_gathered_so_many_at_a_time(
    archive: Archive,
) -> None:
    shelves = [Shelf(f"shelf {number}") for number in range(2 * WORKERS + 3)]
    for shelf in shelves:
        shelf.gate.clear()
    async with going(archive, *(Source(shelf) for shelf in shelves)) as bot:
        await bot.until(lambda: sum(shelf.begun for shelf in shelves) >= WORKERS)
        await bot.looks(10)
        assert sum(shelf.at_once for shelf in shelves) == WORKERS
        for shelf in shelves:
            shelf.gate.set()
        await bot.until(lambda: all(shelf.begun == 1 for shelf in shelves))
        await bot.settle()
        assert [shelf.begun for shelf in shelves] == [1] * len(shelves)
        assert {state.articles for state in archive.fetches.states()} == {1}


async def test_where_all_are_always_due_they_take_turns(archive: Archive) -> None:
    """More to do than time to do it: the last of the list are not left out for ever."""

    class AlwaysDue(Gatherer):
        def due(self, now: datetime) -> list[Source]:
            return list(self.sources)

        def gather_one(self, source: Source, *, force: bool = False) -> SourceReport:
            taken.append(source.name)
            time.sleep(0.02)
            return SourceReport(source.name)

    taken: list[str] = []
    names = [f"shelf {number}" for number in range(2 * WORKERS + 3)]
    rounds = Rounds(AlwaysDue(archive, [Source(Shelf(name)) for name in names]))
    task = asyncio.create_task(rounds.run())
    async with asyncio.timeout(60):
        while len(taken) < 10 * len(names):  # noqa: ASYNC110  threads count, and set no event
            await asyncio.sleep(0.01)
    task.cancel()
    await rounds.close()
    counts = Counter(taken)
    assert set(counts) == set(names)
    assert max(counts.values()) - min(counts.values()) <= 2


# --- what goes wrong -------------------------------------------------------------------------


async def test_others_go_on_while_one_hangs_in_a_request(
    archive: Archive, site: Site, web: Web
) -> None:
    answers = threading.Event()

    def hang(_: Request) -> Answer:
        answers.wait(60)
        return Answer(rss([post(1)]), media_type=FEED)

    site.handle("/blog.xml", hang)
    other = Shelf("other")
    async with going(archive, feed(site, web), Source(other, interval=1)) as bot:
        await bot.until(lambda: len(site.requests) == 1)
        for count in range(1, 6):
            await bot.until(lambda count=count: other.begun == count)  # type: ignore[misc]
            await bot.looks()
            bot.clock.now += SECOND
        assert len(site.requests) == 1
        answers.set()
        await bot.until(lambda: archive.articles.counts().articles == 2)


async def test_a_failing_source_is_told_of_once_and_its_recovery_too(
    archive: Archive, site: Site, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    site.fail("/blog.xml", 500)
    source = feed(site, web, interval=1)
    async with going(archive, source) as bot:
        await bot.pass_(40, step=4)
        assert len(site.requests) > 3
        (failure,) = told(caplog)
        assert failure.startswith("source blog: ")
        assert "500" in failure
        site.fail("/blog.xml", 403)
        await bot.pass_(10_000, step=5000)
        assert ["403" in line for line in told(caplog)] == [False, True], "another trouble is news"
        site.put("/blog.xml", rss([post(1)]), media_type=FEED)
        await bot.pass_(20_000, step=10_000)
        again, taken = told(caplog)[2:]
        assert again == "source blog can be read again"
        assert taken == "gathered blog: 1 new, 0 changed, 0 withdrawn"
        site.fail("/blog.xml", 500)
        await bot.pass_(4)
        assert told(caplog)[4:] == [failure], "the same trouble, but after a recovery"


async def test_a_reader_that_stumbles_is_told_of_and_tried_again(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    class Stumbling(Shelf):
        def read(self, fetch: Fetch) -> Reading:
            if self.begun < 2:
                self.begun += 1
                raise RecursionError("too deep")
            return super().read(fetch)

    shelf = Stumbling("odd")
    async with going(archive, Source(shelf, interval=1)) as bot:
        await bot.pass_(8)
        assert shelf.begun > 2
    assert sum("could not be understood" in line for line in told(caplog)) == 1


def rename(archive: Archive, before: str, after: str) -> None:
    """Break the archive, or mend it."""
    database = archive._database.engine.url.database
    assert database is not None
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
        connection.execute(f"ALTER TABLE {before} RENAME TO {after}")


async def test_an_archive_that_takes_nothing_in_is_told_of_once_and_tried_again(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    rename(archive, "changes", "hidden")
    shelf = Shelf("shelf")
    async with going(archive, Source(shelf, interval=1)) as bot:
        await bot.until(lambda: shelf.begun >= 4)
        (trouble,) = told(caplog)
        assert trouble.startswith("source shelf: the archive's database refused: ")
        rename(archive, "hidden", "changes")
        await bot.until(lambda: archive.articles.counts().articles == 1)
        await bot.settle()
    assert told(caplog)[1:] == [
        "source shelf can be read again",
        "gathered shelf: 1 new, 0 changed, 0 withdrawn",
    ]


async def test_an_archive_that_cannot_be_read_is_told_of_once_each_time_it_fails(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf("shelf")
    caplog.set_level(logging.INFO, logger="bot")
    async with going(archive, Source(shelf, interval=1)) as bot:
        await bot.settle()
        caplog.clear()
        for _ in range(2):
            rename(archive, "sources", "hidden")
            await bot.looks(5)
            rename(archive, "hidden", "sources")
            await bot.pass_(1)
        assert shelf.begun == 3
    refused = "the archive's database refused: no such table: sources"
    assert told(caplog) == [refused, "the archive can be read again"] * 2


async def test_whatever_goes_wrong_in_a_look_the_next_one_comes(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf("shelf")
    async with going(archive, Source(shelf, interval=1)) as bot:
        await bot.settle()
        bot.clock.now = datetime(2026, 8, 1)  # noqa: DTZ001  naive: cannot be compared
        await bot.looks(5)
        bot.clock.now = NOW + SECOND
        await bot.until(lambda: shelf.begun == 2)
    assert Counter(told(caplog)).most_common(1)[0][1] == 1


# --- at once ---------------------------------------------------------------------------------


async def test_asked_for_a_source_is_gathered_though_it_is_not_due(archive: Archive) -> None:
    shelf, other = Shelf("shelf"), Shelf("other")
    async with going(archive, Source(shelf, interval=100), Source(other, interval=100)) as bot:
        await bot.settle()
        report = await bot.rounds.gather("shelf")
        assert report is not None
        assert report.intake is not None
        assert (report.source, report.intake.unchanged) == ("shelf", 1)
        assert (shelf.begun, other.begun) == (2, 1)
        await bot.pass_(99, step=99)
        assert (shelf.begun, other.begun) == (2, 1)
        assert bot.rounds.under_way == []
        with pytest.raises(KeyError):
            await bot.rounds.gather("none")


async def test_asked_for_while_it_is_being_gathered_that_is_waited_for(archive: Archive) -> None:
    shelf = Shelf("shelf")
    shelf.gate.clear()
    async with going(archive, Source(shelf)) as bot:
        await bot.until(lambda: shelf.begun == 1)
        assert bot.rounds.under_way == ["shelf"]
        asked = [asyncio.create_task(bot.rounds.gather("shelf")) for _ in range(3)]
        await bot.looks()
        asked[0].cancel()
        await bot.looks()
        assert not asked[1].done(), "one who goes away ends nobody's work"
        shelf.gate.set()
        reports = [await each for each in asked[1:]]
        assert reports[0] is not None
        assert reports[0] == reports[1]
        assert shelf.begun == 1


async def test_all_asked_for_are_gathered_no_more_at_a_time_than_there_are_workers(
    archive: Archive,
) -> None:
    shelves = [Shelf(f"shelf {number}") for number in range(2 * WORKERS + 3)]
    async with going(archive, *(Source(shelf, interval=100) for shelf in shelves)) as bot:
        await bot.until(lambda: all(shelf.begun == 1 for shelf in shelves))
        await bot.settle()
        for shelf in shelves:
            shelf.gate.clear()
        asked = asyncio.gather(*(bot.rounds.gather(shelf.name) for shelf in shelves))
        await bot.until(lambda: sum(shelf.at_once for shelf in shelves) == WORKERS)
        await bot.looks()
        assert sum(shelf.at_once for shelf in shelves) == WORKERS
        for shelf in shelves:
            shelf.gate.set()
        assert None not in await asked
        assert [shelf.begun for shelf in shelves] == [2] * len(shelves)


async def test_asked_for_while_the_archive_takes_nothing_in_nobody_waits_for_ever(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf("shelf")
    async with going(archive, Source(shelf, interval=100)) as bot:
        await bot.settle()
        rename(archive, "sightings", "hidden")
        assert await bot.rounds.gather("shelf") is None
        rename(archive, "hidden", "sightings")
        assert await bot.rounds.gather("shelf") is not None, "asked for, it is not put off"
    assert any("no such table" in each for each in told(caplog))


async def test_who_waits_when_the_bot_stops_waits_no_longer(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.rounds.GRACE", 0.1)
    shelves = [Shelf(f"shelf {number}") for number in range(WORKERS + 1)]
    for shelf in shelves:
        shelf.gate.clear()
    bot = Going(archive, *(Source(shelf) for shelf in shelves))
    asked = [asyncio.create_task(bot.rounds.gather(shelf.name)) for shelf in shelves]
    await bot.until(lambda: sum(shelf.begun for shelf in shelves) == WORKERS)
    async with asyncio.timeout(30):
        await bot.close()
        assert [await each for each in asked] == [None] * len(shelves)
        assert await bot.rounds.gather("shelf 0") is None
    for shelf in shelves:
        shelf.gate.set()
    for shelf in shelves:
        await ended(f"gather-{shelf.name}")
    assert sum(shelf.begun for shelf in shelves) == WORKERS


# --- the end ---------------------------------------------------------------------------------


async def test_the_end_does_not_wait_for_a_server_that_does_not_answer(
    archive: Archive, site: Site, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.rounds.GRACE", 0.3)
    answers, answered = threading.Event(), threading.Event()

    def hang(_: Request) -> Answer:
        answers.wait(60)
        answered.set()
        return Answer("", status=503)

    site.handle("/blog.xml", hang)
    bot = Going(archive, feed(site, web))
    await bot.until(lambda: len(site.requests) == 1)
    async with asyncio.timeout(30):
        await bot.close()
    assert not answered.is_set()
    answers.set()
    await asyncio.to_thread(answered.wait, 20)
    await ended("gather-blog")
    (state,) = archive.fetches.states()
    assert (state.failure, state.failures) == (None, 0), "it was us who broke the connection"


async def test_what_is_nearly_done_at_the_end_is_waited_for(archive: Archive) -> None:
    shelf = Shelf("shelf")
    shelf.gate.clear()
    bot = Going(archive, Source(shelf))
    await bot.until(lambda: shelf.begun == 1)
    threading.Timer(0.3, shelf.gate.set).start()
    async with asyncio.timeout(30):
        await bot.close()
    assert archive.articles.counts().articles == 1


async def test_nothing_is_asked_for_after_the_end(archive: Archive, site: Site, web: Web) -> None:
    """A source of several requests ends at its next one, and that is no failure of its own."""

    class TwoPages(Shelf):
        def read(self, fetch: Fetch) -> Reading:
            fetch(f"{site.address}/1")
            super().read(fetch)
            fetch(f"{site.address}/2")
            raise AssertionError("it was asked for")

    site.put("/1", "one")
    shelf = TwoPages("shelf")
    shelf.gate.clear()
    bot = Going(archive, Source(shelf, web))
    await bot.until(lambda: shelf.begun == 1)
    closing = asyncio.create_task(bot.close())
    await asyncio.sleep(0.1)
    shelf.gate.set()
    async with asyncio.timeout(30):
        await closing
    await ended("gather-shelf")
    assert site.requested("/2") == []
    (state,) = archive.fetches.states()
    assert (state.failure, state.failures) == (None, 0)


def test_a_gather_that_outlives_the_event_loop_ends_quietly(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread has nobody left to tell; pytest fails on what a thread raises."""
    monkeypatch.setattr("bot.rounds.GRACE", 0.1)
    shelf = Shelf("shelf")
    shelf.gate.clear()

    async def run() -> None:
        bot = Going(archive, Source(shelf))
        await bot.until(lambda: shelf.begun == 1)
        await bot.close()

    asyncio.run(run())
    shelf.gate.set()
    asyncio.run(ended("gather-shelf"))


async def ended(thread: str) -> None:
    """Wait until no such thread is left."""
    for each in threading.enumerate():
        if each.name == thread:
            await asyncio.to_thread(each.join, 60)
            assert not each.is_alive()
