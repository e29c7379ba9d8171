"""What people see while a part is slow, not there yet, or down: all but Telegram and the model real."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.application import build_application
from bot.asking import LocalLibrary
from bot.context import Desk
from bot.ledger import Ledger
from bot.ledger.writing import Writer
from bot.preparing import Preparation
from bot.retrying import Retrying
from bot.schedule import beside
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.embedding import Matrix
from retrieval.errors import EmbeddingError
from retrieval.index.following import Follower
from retrieval.search.answering import Answerer
from retrieval.search.similar import Similar
from retrieval.search.topics import TopicJudge
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.people import Person

#: The follower embeds 4 to tell how long it will take, then 32 at a time: these are 40 %.
MANY, QUICK = 90, 2
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


class SlowModel:
    """Knows a text again, and nothing else; its gates make it as slow as one likes."""

    model = "slow"
    query_prompt = passage_prompt = ""

    def __init__(self) -> None:
        self.passages, self.questions = threading.Event(), threading.Event()
        self.passages.set()
        self.questions.set()
        self.asked = self.batches = 0
        self.error: EmbeddingError | None = None

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        self.asked += len(texts)
        assert self.questions.wait(60)
        return self._embed(texts)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        if self.error is not None:
            raise self.error
        if len(texts) > 1:  # one is asked for to know the model by
            self.batches += 1
            assert self.batches <= QUICK or self.passages.wait(60)
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Matrix:
        seeds = [
            int.from_bytes(hashlib.sha256(each.encode()).digest()[:4], "big") for each in texts
        ]
        drawn = np.stack([np.random.default_rng(seed).normal(size=64) for seed in seeds])
        whole: Matrix = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
        return whole


def about(number: int) -> str:
    return f"Passage {number} tells of the number {number * 7919} and of nothing else at all."


@pytest.fixture
def archive(new_archive: Path, tmp_path: Path) -> Iterator[Archive]:
    shutil.copy(new_archive, tmp_path / "archive.sqlite3")
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.sqlite3'}")
    drafts = [
        Draft(
            about(number),
            title=f"How number {number} works",
            link=f"https://blog.example/{number}",
            tags=("LLM",),
        )
        for number in range(MANY)
    ]
    archive.articles.commit("blog", "feed", drafts, NOW)
    yield archive
    archive.close()


@pytest.fixture
def model() -> SlowModel:
    return SlowModel()


@asynccontextmanager
async def started(
    archive: Archive,
    model: SlowModel,
    ledger: Ledger,
    telegram: FakeTelegram,
    retrying: Retrying,
    home: Path,
    patience: float = 0.1,
) -> AsyncIterator[tuple[Person, Follower]]:
    """The bot, just started."""
    follower = Follower(archive, home / "index", model)
    follower.start("test")
    answerer = Answerer(archive, follower, model)
    topics, similar = TopicJudge(archive, follower, model), Similar(archive, follower)
    library = LocalLibrary(archive, follower, answerer, topics, similar, patience=patience)
    preparation = Preparation(answerer)
    try:
        async with (
            Writer(ledger) as writer,
            library,
            beside(library, follower, None, preparation, follow_interval=0.05),
        ):
            application = build_application(
                library,
                desk=Desk(library, ledger, writer),
                token=TOKEN,
                request=telegram.request(),
                get_updates_request=telegram.request(),
                retrying=retrying,
            )
            try:
                async with application:
                    yield Person(application, telegram), follower
            finally:
                model.passages.set()
                model.questions.set()
    finally:
        follower.close()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  threads tell nobody
            await asyncio.sleep(0.01)


async def test_while_the_first_index_is_built_all_else_works_already(
    archive: Archive,
    model: SlowModel,
    ledger: Ledger,
    telegram: FakeTelegram,
    retrying: Retrying,
    tmp_path: Path,
) -> None:
    """FAILURES 26"""
    model.passages.clear()
    async with started(archive, model, ledger, telegram, retrying, tmp_path) as (reader, follower):
        await until(lambda: follower.share >= 0.4)
        for words, told in (
            ("/start", "Hello!"),
            ("/help", "Here is what I can do"),
            ("/latest 20", "How number 19 works"),
            ("/latest #LLM", "How number 1 works"),
            ("/tags", "One tag."),
            ("/random", "How number "),
            ("/article https://blog.example/7", "How number 7 works"),
            ("/subscribe", "Subscribed: every new article."),
            ("/subscribe #LLM", "would have been announced"),
            ("/subscribe about numbers", "I cannot show yet which of the latest articles"),
            ("/subscriptions", "3 subscriptions"),
            ("/settings daily 9", "every day at 09:00"),
        ):
            (sent,) = await reader.says(words)
            assert told in sent.text, words
        telegram.calls.clear()
        (sent,) = await reader.says("how does number 7 work?")
        assert sent.text == (
            "I am still preparing the archive (40 % done). Please ask again in a few minutes."
        )
        assert [name for name, _ in telegram.calls] == ["sendChatAction", "sendMessage"]
        (inline,) = await reader.types("how does number 7 work?")
        assert inline["button"]["text"].startswith("Still preparing")
        (shown,) = await reader.says("/article https://blog.example/7")
        pressed = await reader.presses(shown, "More like this")
        assert (pressed.alert, pressed.sent) == (True, [])
        assert "(40 % done)" in (pressed.toast or "")

        model.passages.set()
        await until(lambda: follower.is_open)
        async with asyncio.timeout(60):
            while not sent.links:
                (sent,) = await reader.says(about(7))
        assert sent.links[0] == "https://blog.example/7"


async def test_in_any_chat_nobody_waits_until_their_client_gives_up(
    archive: Archive,
    model: SlowModel,
    ledger: Ledger,
    telegram: FakeTelegram,
    retrying: Retrying,
    tmp_path: Path,
) -> None:
    """Questions in a chat wait for an index that is about to be there, as long as a run has it."""
    model.passages.clear()
    parts = (archive, model, ledger, telegram, retrying, tmp_path)
    async with started(*parts, patience=20.0) as (reader, follower):
        await until(lambda: follower.share >= 0.4)
        (inline,) = await reader.types("how does number 7 work?")
        assert inline["button"]["text"].startswith("Still preparing")
        assert inline["cache_time"] <= 10


async def test_a_slow_embedding_delays_nobody_else_and_64_people_are_all_answered(
    archive: Archive,
    model: SlowModel,
    ledger: Ledger,
    telegram: FakeTelegram,
    retrying: Retrying,
    tmp_path: Path,
) -> None:
    """FAILURES 26"""
    async with started(archive, model, ledger, telegram, retrying, tmp_path, patience=60) as (
        reader,
        _,
    ):
        await reader.says(about(7))
        before, model.asked = len(telegram.sent), 0
        model.questions.clear()
        many = [
            Person(reader.application, telegram, person_id=1000 + number) for number in range(64)
        ]
        asking = [asyncio.create_task(each.says(about(number))) for number, each in enumerate(many)]
        await until(lambda: model.asked and len(telegram.called("sendChatAction")) > 64)
        other = Person(reader.application, telegram, person_id=2000)
        async with asyncio.timeout(30):
            for words in ("/start", "/latest", "/subscribe", "/random"):
                assert len(await other.says(words)) == 1
        assert {sent.chat_id for sent in telegram.sent[before:]} == {2000}
        model.questions.set()
        await asyncio.gather(*asking)
    for number in range(64):
        (answered,) = telegram.shown(1000 + number)
        assert f"https://blog.example/{number}" in answered.links, answered.text


async def test_a_model_that_cannot_be_had_is_told_of_at_once(
    archive: Archive,
    model: SlowModel,
    ledger: Ledger,
    telegram: FakeTelegram,
    retrying: Retrying,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    model.error = EmbeddingError("the model cannot be loaded: no such folder")
    async with started(archive, model, ledger, telegram, retrying, tmp_path, patience=60) as (
        reader,
        _,
    ):
        async with asyncio.timeout(30):
            (sent,) = await reader.says("how does number 7 work?")
        assert sent.text.startswith("A part of me is down, so I cannot answer this now.")
        for words in ("/start", "/latest", "/tags", "/subscribe #LLM", "/subscribe about numbers"):
            (sent,) = await reader.says(words)
            assert "part of me is down" not in sent.text
    assert caplog.text.count("the model cannot be loaded: no such folder") >= 1
