"""The library that asks this process's own index: batches, waits, failures."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.asking import LocalLibrary
from bot.preparing import Preparation
from bot.schedule import beside, every
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.errors import ArchiveError, EmbeddingError, IndexNotReady
from retrieval.search.answer import Answer
from tests.bot.fakes import answer, hit


class FakeAnswerer:
    """Answers in a thread, when the gate is open, and remembers what came together."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.batches: list[list[str]] = []
        self.error: Exception | None = None
        self.prepared = threading.Event()

    def prepare(self) -> None:
        self.prepared.set()

    def answer(self, questions: Sequence[str], within: Sequence[str | None]) -> list[Answer]:
        assert len(within) == len(questions)
        assert self.gate.wait(10)
        self.batches.append(list(questions))
        if self.error is not None:
            raise self.error
        return [answer(hit(), question=question) for question in questions]


class FakeFollower:
    share = 0.4
    is_open = False

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.stopped = False
        self.times = 0
        self.thrice = threading.Event()

    def catch_up(self) -> int:
        self.times += 1
        if self.times == 3:
            self.thrice.set()
        if self.error is not None:
            raise self.error
        return 0

    def stop(self) -> None:
        self.stopped = True


def library(answerer: FakeAnswerer, patience: float = 5.0) -> LocalLibrary:
    parts: Any = (None, FakeFollower(), answerer, None, None)
    return LocalLibrary(*parts, patience=patience)


async def test_questions_that_wait_are_answered_together() -> None:
    answerer = FakeAnswerer()
    answerer.gate.clear()
    async with library(answerer) as shelf:
        shelf.ready()
        asked = [asyncio.create_task(shelf.ask(f"q{n}")) for n in range(40)]
        await asyncio.sleep(0.05)
        answerer.gate.set()
        answers = await asyncio.gather(*asked)
    assert [each.question for each in answers] == [f"q{n}" for n in range(40)]
    assert len(answerer.batches) <= 4
    assert max(len(batch) for batch in answerer.batches) == 16


async def test_excerpts_are_read_as_the_archive_has_them(tmp_path: Path) -> None:
    """FAILURES 22"""
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.sqlite3'}")
    now = datetime(2026, 5, 1, tzinfo=UTC)
    archive.articles.commit("s", "feed", [Draft("Words.", guid="1"), Draft("More.", guid="2")], now)
    first, second = archive.articles.latest(2)
    parts: Any = (archive, FakeFollower(), FakeAnswerer(), None, None)
    shelf = LocalLibrary(*parts, patience=5.0)
    ids = [f"{first.id}:0", f"{second.id}:0", f"{first.id}:9", "nobody:0"]
    assert await shelf.excerpts(ids) == {
        ids[0]: (first.opening, first),
        ids[1]: (second.opening, second),
    }
    archive.articles.withdraw([first.id], now)
    assert list(await shelf.excerpts(ids)) == [ids[1]]
    archive.close()


async def test_a_question_waits_for_the_index_but_not_for_ever() -> None:
    answerer = FakeAnswerer()
    async with library(answerer, patience=0.05) as shelf:
        with pytest.raises(IndexNotReady) as caught:
            await shelf.ask("too early")
        assert caught.value.progress == 0.4
        shelf.ready()
        assert (await shelf.ask("now")).question == "now"


async def test_a_failure_is_told_to_its_askers_and_the_worker_lives_on() -> None:
    answerer = FakeAnswerer()
    async with library(answerer) as shelf:
        shelf.ready()
        answerer.error = ArchiveError("the disk is full")
        with pytest.raises(ArchiveError, match="disk is full"):
            await shelf.ask("a")
        answerer.error = ZeroDivisionError("a bug")
        with pytest.raises(EmbeddingError, match="a bug"):
            await shelf.ask("b")
        answerer.error = None
        assert (await shelf.ask("c")).question == "c"


async def test_a_model_that_cannot_be_had_is_told_at_once_and_forgotten_when_it_comes() -> None:
    answerer = FakeAnswerer()
    async with library(answerer, patience=30) as shelf:
        shelf.fail(EmbeddingError("no such model"))
        with pytest.raises(EmbeddingError, match="no such model"):
            await shelf.ask("a")
        shelf.ready()
        assert (await shelf.ask("b")).question == "b"


async def test_one_who_gave_up_holds_up_nobody() -> None:
    answerer = FakeAnswerer()
    answerer.gate.clear()
    async with library(answerer) as shelf:
        shelf.ready()
        first = asyncio.create_task(shelf.ask("first"))
        await asyncio.sleep(0.02)
        gone = asyncio.create_task(shelf.ask("gone"))
        await asyncio.sleep(0.02)
        gone.cancel()
        last = asyncio.create_task(shelf.ask("last"))
        await asyncio.sleep(0.02)
        answerer.gate.set()
        assert (await first).question == "first"
        assert (await last).question == "last"
    assert answerer.batches == [["first"], ["last"]]


async def test_more_than_the_queue_holds_are_told_to_come_back() -> None:
    answerer = FakeAnswerer()
    answerer.gate.clear()
    async with library(answerer) as shelf:
        shelf.ready()
        asked = [asyncio.create_task(shelf.ask(f"q{n}")) for n in range(600)]
        await asyncio.sleep(0.1)
        refused = [task for task in asked if task.done()]
        assert refused
        assert all(isinstance(task.exception(), IndexNotReady) for task in refused)
        answerer.gate.set()
        await asyncio.gather(*asked, return_exceptions=True)
    assert sum(len(batch) for batch in answerer.batches) + len(refused) == 600


async def test_following_makes_ready_and_stops_when_left() -> None:
    follower: Any = FakeFollower()
    answerer = FakeAnswerer()
    preparation = Preparation(answerer)
    async with library(answerer) as shelf:
        async with beside(shelf, follower, None, preparation, follow_interval=0.01):
            assert (await shelf.ask("q")).question == "q"
            assert answerer.prepared.is_set(), "before the first question was answered"
            async with asyncio.timeout(10):
                await asyncio.to_thread(follower.thrice.wait)
        assert follower.stopped
        times = follower.times
        await asyncio.sleep(0.05)
        assert follower.times == times


async def test_work_that_fails_is_tried_again_less_often_and_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tried: list[float] = []
    loop = asyncio.get_running_loop()

    enough = asyncio.Event()

    def work() -> None:
        tried.append(loop.time())
        if len(tried) == 4:
            loop.call_soon_threadsafe(enough.set)
        raise ArchiveError("the disk is full")

    with ThreadPoolExecutor(1) as thread:
        task = asyncio.create_task(every(0.02, work, thread))
        await asyncio.wait_for(enough.wait(), 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses[2] > pauses[0]
    assert caplog.text.count("the disk is full") == 1
