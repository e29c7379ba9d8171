"""The ledger opened: its migrations, beside an archive too, and what an unusable one says."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, inspect, text

import bot.ledger
from bot.errors import BotError, LedgerError
from bot.ledger import Ledger
from bot.ledger.schema import HEAD, VERSIONS, metadata
from retrieval.archive.opening import Archive
from tests.bot.ledger.world import LOG, NOW, World


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    made: Callable[[], str] = request.getfixturevalue("postgres")
    return made()


def assert_as_the_code_sees_it(ledger: Ledger, seen: MetaData) -> None:
    with ledger.database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "version_table": VERSIONS,
                "include_name": lambda name, kind, _: kind != "table" or name in seen.tables,
            },
        )
        assert compare_metadata(context, seen) == []
        assert context.get_current_revision() == HEAD
        inspector = inspect(connection)
        for name, table in seen.tables.items():
            made = {
                index["name"]: index["column_names"]
                for index in inspector.get_indexes(name)
                if not index.get("duplicates_constraint")
            }
            assert made == {index.name: [c.name for c in index.columns] for index in table.indexes}
            assert inspector.get_pk_constraint(name)["constrained_columns"] == [
                column.name for column in table.primary_key
            ]
            nullable = {each["name"]: each["nullable"] for each in inspector.get_columns(name)}
            assert nullable == {column.name: column.nullable for column in table.columns}


def test_the_migrations_make_the_schema_that_the_code_sees(empty: str) -> None:
    ledger = Ledger.open(empty)
    assert_as_the_code_sees_it(ledger, metadata)
    ledger.close()


def migrations() -> Config:
    config = Config()
    folder = Path(bot.ledger.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


def test_head_is_the_newest_migration_and_there_is_one() -> None:
    assert ScriptDirectory.from_config(migrations()).get_heads() == [HEAD]


def test_a_ledger_of_an_older_release_keeps_what_it_holds(empty: str) -> None:
    config = migrations()
    engine = create_engine(empty)
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
        command.upgrade(config, "0004")
        connection.execute(
            text(
                "INSERT INTO ledger_notes (name, value)"
                " VALUES ('question:5f', 'A long one?'), ('profile', 'before')"
            )
        )
    engine.dispose()
    ledger = Ledger.open(empty)
    assert ledger.threads.article(1, 2) == "a"
    assert ledger.shared.question("5f") == "A long one?"
    assert ledger.notes.read("question:5f") is None
    assert ledger.notes.read("profile") == "before"
    ledger.notes.write("profile", "digest")
    assert ledger.notes.read("profile") == "digest"
    assert ledger.do(ledger.bulletins.draft("Hello", NOW)) == 1
    ledger.close()


def test_no_name_can_be_in_the_way_of_another(empty: str) -> None:
    ledger = Ledger.open(empty)
    assert all(
        name.startswith("ledger_") for name in inspect(ledger.database.engine).get_table_names()
    )
    ledger.close()


def test_the_ledger_may_share_a_database_with_the_archive(empty: str) -> None:
    archive = Archive.open(empty)
    ledger = Ledger.open(empty)
    world = World(ledger)
    world.record((world.subscribed(), "a"))
    for opened in (archive, ledger):
        opened.close()
    ledger, archive = Ledger.open(empty), Archive.open(empty)
    assert ledger.outbox.cursor("words", LOG) == 1
    assert archive.changes.end() == 0
    assert_as_the_code_sees_it(ledger, metadata)
    with ledger.database.write(), archive._database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # nobody waits for the other's writers
            connection.execute(text("SET lock_timeout = '1s'"))
            lock = archive._database.kind.lock
            connection.execute(text(f"SELECT pg_advisory_xact_lock({lock})"))
    for opened in (archive, ledger):
        opened.close()


def test_processes_may_open_a_new_ledger_at_once(empty: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        ledgers = list(pool.map(Ledger.open, [empty] * 3))
    assert_as_the_code_sees_it(ledgers[0], metadata)
    for ledger in ledgers:
        ledger.close()


def test_a_ledger_of_a_newer_release_is_refused_and_left_alone(empty: str) -> None:
    Ledger.open(empty).close()
    engine = create_engine(empty)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSIONS} SET version_num = '9999'"))
    with pytest.raises(LedgerError, match=r"the ledger was written by a newer release.*9999"):
        Ledger.open(empty)
    with engine.begin() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {VERSIONS}")) == "9999"
    engine.dispose()


@pytest.mark.parametrize(
    "where",
    [
        "sqlite:///{tmp}",
        "no url at all",
        "postgresql+psycopg://me:secret@localhost:1/none",
        "postgresql+nodriver://me:secret@localhost:1/none",
    ],
)
def test_an_address_that_leads_nowhere_is_named(tmp_path: Path, where: str) -> None:
    with pytest.raises(BotError, match="ledger") as raised:
        Ledger.open(where.format(tmp=tmp_path))
    assert isinstance(raised.value, LedgerError)
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_commit_of_the_ledger_outlives_a_loss_of_power(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    with ledger.database.read() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2  # FULL
    ledger.close()
