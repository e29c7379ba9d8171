"""The real application, talking to a Bot API inside this process."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.application import BotApplication, build_application
from bot.context import Desk
from bot.ledger import Ledger
from bot.ledger.writing import Writer
from bot.retrying import Retrying
from retrieval.archive.opening import Archive
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person
from tests.bot.shelves import Shelves


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
def retrying(pauses: list[float]) -> Retrying:
    """Pauses for no time at all."""

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    return Retrying(sleep=sleep)


@pytest.fixture
def idle_application(
    library: FakeLibrary, telegram: FakeTelegram, retrying: Retrying
) -> BotApplication:
    """Built, but not initialized."""
    return build_application(
        library,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
        retrying=retrying,
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


@pytest.fixture(scope="session")
def new_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with nothing in it, to be copied: what makes its tables takes a while."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite3"
    Ledger.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def ledger(new_ledger: Path, tmp_path: Path) -> Iterator[Ledger]:
    shutil.copy(new_ledger, tmp_path / "ledger.sqlite3")
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def desk(library: FakeLibrary, ledger: Ledger) -> Desk:
    return Desk(library, ledger, Writer(ledger))


@pytest.fixture
async def subscribing(
    desk: Desk, telegram: FakeTelegram, retrying: Retrying
) -> AsyncIterator[BotApplication]:
    """The application with a desk: people can subscribe."""
    application = build_application(
        desk.library,
        desk=desk,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
        retrying=retrying,
    )
    async with application:
        yield application


@pytest.fixture
def reader(subscribing: BotApplication, telegram: FakeTelegram) -> Person:
    """Someone who can subscribe in a private chat; their client is in English."""
    return Person(subscribing, telegram)


@pytest.fixture
def readers(subscribing: BotApplication, telegram: FakeTelegram) -> Callable[..., Person]:
    """Members of a group that number 50 administers."""
    telegram.chats.add(-100, "supergroup", title="Readers", admins={50})

    def build(person_id: int = 50, **fields: object) -> Person:
        chat = {"id": -100, "type": "supergroup", "title": "Readers", **fields}
        return Person(subscribing, telegram, chat=chat, person_id=person_id)

    return build


@pytest.fixture(scope="session")
def new_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("archive") / "archive.sqlite3"
    Archive.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def shelves(library: FakeLibrary, new_archive: Path, tmp_path: Path) -> Iterator[Shelves]:
    """The library has a real archive, which tests fill. Ask for it before the application."""
    shutil.copy(new_archive, tmp_path / "archive.sqlite3")
    archive = Archive.open(f"sqlite:///{tmp_path / 'archive.sqlite3'}")
    yield Shelves(archive, library)
    archive.close()
