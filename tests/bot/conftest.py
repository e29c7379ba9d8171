"""The real application, talking to a Bot API inside this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from bot.application import BotApplication, build_application
from bot.retrying import Retrying
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person


@pytest.fixture(autouse=True)
def _future_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `build_application` sets it; undone after each test."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    server = FakeTelegram()
    yield server
    assert server.violations == []


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that the application has paused between two tries."""
    return []


@pytest.fixture
def idle_application(
    library: FakeLibrary, telegram: FakeTelegram, pauses: list[float]
) -> BotApplication:
    """Built, but not initialized."""

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    return build_application(
        library,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
        retrying=Retrying(sleep=sleep),
    )


@pytest.fixture
async def application(idle_application: BotApplication) -> AsyncIterator[BotApplication]:
    async with idle_application:
        yield idle_application


@pytest.fixture
def person(application: BotApplication, telegram: FakeTelegram) -> Person:
    """Someone whose client is in English, in a private chat."""
    return Person(application, telegram)


@pytest.fixture
def group(application: BotApplication, telegram: FakeTelegram) -> Callable[..., Person]:
    def build(**fields: object) -> Person:
        chat = {"id": -100, "type": "supergroup", "title": "Readers", **fields}
        return Person(application, telegram, chat=chat)

    return build
