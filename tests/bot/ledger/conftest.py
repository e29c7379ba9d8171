"""Ledgers to test with: each test is run with SQLite and with PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.ledger import Ledger
from bot.ledger.schema import metadata
from tests.bot.ledger.world import World


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite ledger."""
    path = tmp_path_factory.mktemp("migrated") / "ledger.sqlite3"
    Ledger.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="module")
def postgres_ledger(postgres: Callable[[], str]) -> str:
    """The URL of a PostgreSQL ledger; whoever takes it empties it."""
    url = postgres()
    Ledger.open(url).close()
    return url


def emptied(url: str) -> str:
    """The same PostgreSQL ledger, as if it were new."""
    engine = create_engine(url)
    names = ", ".join(metadata.tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty ledger."""
    if request.param == "postgresql":
        return emptied(request.getfixturevalue("postgres_ledger"))
    path = tmp_path / "ledger.sqlite3"
    shutil.copyfile(request.getfixturevalue("migrated"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    opened = Ledger.open(where)
    yield opened
    opened.close()


@pytest.fixture
def another(where: str) -> Iterator[Ledger]:
    """The same ledger, as another process has it open."""
    opened = Ledger.open(where)
    yield opened
    opened.close()


@pytest.fixture
def world(ledger: Ledger) -> World:
    return World(ledger)
