"""The ledger's migrations: they make what the code sees, also of what an older release made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

import bot.ledger
from bot.ledger import Ledger
from bot.ledger.schema import HEAD, VERSIONS, metadata

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def migrations() -> Config:
    config = Config()
    folder = Path(bot.ledger.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


def test_head_is_the_newest_migration_and_there_is_one() -> None:
    assert ScriptDirectory.from_config(migrations()).get_heads() == [HEAD]


def test_the_migrations_make_the_schema_that_the_code_sees(ledger: Ledger) -> None:
    with ledger.database.engine.connect() as connection:
        opts = {"compare_type": True, "version_table": VERSIONS}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == HEAD
        inspector = inspect(connection)
        for name, table in metadata.tables.items():
            nullable = {
                column["name"]: column["nullable"] for column in inspector.get_columns(name)
            }
            assert nullable == {column.name: column.nullable for column in table.columns}
            assert inspector.get_pk_constraint(name)["constrained_columns"] == [
                column.name for column in table.primary_key
            ]


@pytest.fixture(params=["sqlite", "postgresql"])
def untouched(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which there is nothing at all."""
    if request.param == "postgresql":
        postgres: Callable[[], str] = request.getfixturevalue("postgres")
        return postgres()
    return f"sqlite:///{tmp_path / 'older.sqlite3'}"


def test_a_ledger_of_an_older_release_keeps_what_it_holds(untouched: str) -> None:
    config = migrations()
    engine = create_engine(untouched)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        at = NOW.isoformat(sep=" ")
        connection.execute(
            text(
                "INSERT INTO ledger_threads (chat_id, message_id, article_id, at)"
                f" VALUES (1, 2, 'a', '{at}')"
            )
        )
    engine.dispose()
    ledger = Ledger.open(untouched)
    assert ledger.threads.article(1, 2) == "a"
    ledger.notes.write("profile", "digest")
    assert ledger.notes.read("profile") == "digest"
    ledger.close()
