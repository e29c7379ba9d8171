"""Opening the archive: migrations, several processes, and what an unusable database says."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, func, insert, inspect, select, text

import retrieval.archive
import retrieval.database
from retrieval.archive.connect import Database
from retrieval.archive.opening import Archive
from retrieval.archive.schema import HEAD, articles, changes, excerpts, metadata, sources
from retrieval.article import Draft
from retrieval.errors import ArchiveError

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def drafts(prefix: str, count: int = 10) -> list[Draft]:
    return [Draft(f"{prefix} 写下的第 {number} 篇文章,各不相同") for number in range(count)]


# --- migrations ----------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        return url(tmp_path / "a.sqlite3")
    made: Callable[[], str] = request.getfixturevalue("postgres")
    return made()


def test_the_migrations_make_the_schema_that_the_code_sees(empty: str) -> None:
    database = Database.open(empty)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == HEAD
        inspector = inspect(connection)
        for name, table in metadata.tables.items():
            made = {
                index["name"]: index["column_names"]
                for index in inspector.get_indexes(name)
                if not index.get("duplicates_constraint")
            }
            assert made == {index.name: [c.name for c in index.columns] for index in table.indexes}
            assert inspector.get_pk_constraint(name)["constrained_columns"] == [
                column.name for column in table.primary_key
            ]
            nullable = {
                column["name"]: column["nullable"] for column in inspector.get_columns(name)
            }
            assert nullable == {column.name: column.nullable for column in table.columns}
    database.close()


def migrations() -> Config:
    config = Config()
    folder = Path(retrieval.archive.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


def test_head_is_the_newest_migration_and_there_is_one() -> None:
    assert ScriptDirectory.from_config(migrations()).get_heads() == [HEAD]


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_an_archive_of_an_older_release_becomes_one_of_this(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "a.sqlite3"
    config = migrations()
    engine = create_engine(url(path))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(text("INSERT INTO facts VALUES ('identity', 'as it was')"))
        connection.execute(
            text("INSERT INTO sources (id, name, kind) VALUES (1, 's', 'snapshots')")
        )
    engine.dispose()
    archive = Archive.open(url(path))
    assert archive.changes.identity() == "as it was"
    assert [state.name for state in archive.fetches.states()] == ["s"]
    with archive._database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        (index,) = inspect(connection).get_indexes("excerpts")
    assert (index["name"], index["column_names"]) == ("ix_excerpts_text_hash", ["text_hash"])
    archive.close()


def test_the_folder_of_an_archive_is_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.sqlite3"
    Archive.open(url(path)).close()
    assert path.exists()


def test_an_archive_opened_again_is_the_same_archive(empty: str) -> None:
    archive = Archive.open(empty)
    identity = archive.changes.identity()
    archive.articles.commit("s", "snapshots", drafts("a"), NOW)
    archive.close()
    again = Archive.open(empty)
    assert again.changes.identity() == identity
    assert again.articles.counts().articles == 10
    again.close()


def test_a_migration_that_is_cut_short_leaves_nothing(tmp_path: Path) -> None:
    """Another program's table stands in the way: the schema is not half made."""
    path = tmp_path / "a.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE changes (mine TEXT)")
    connection.close()
    with pytest.raises(ArchiveError, match="changes"):
        Database.open(url(path))
    with sqlite3.connect(path) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
    connection.close()
    assert tables == [("changes",)]


def test_an_archive_of_a_newer_release_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    Database.open(url(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(ArchiveError, match=r"newer release.*9999.*install that release"):
        Database.open(url(path))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("9999",)
        ]
    connection.close()


# --- what cannot be opened -----------------------------------------------------------------


def one_sentence(error: ArchiveError) -> str:
    said = str(error)
    assert "\n" not in said, said
    assert "Traceback" not in said
    assert "sqlalche.me" not in said, "a link for programmers"
    return said


@pytest.mark.parametrize(
    "content",
    [b"this is no database, whatever its name says" * 100, b"SQLite format 3\0" + b"\xff" * 5000],
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(content)
    with pytest.raises(ArchiveError) as raised:
        Archive.open(url(path))
    assert str(path) in one_sentence(raised.value)
    assert path.read_bytes() == content


def test_a_torn_database_says_so_when_it_is_read(tmp_path: Path, migrated: Path) -> None:
    path = tmp_path / "a.sqlite3"
    shutil.copyfile(migrated, path)
    archive = Archive.open(url(path))
    archive.articles.commit("s", "snapshots", drafts("a", 300), NOW)
    archive.close()
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xa5" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(ArchiveError) as raised:
        Archive.open(url(path)).articles.latest(300)
    one_sentence(raised.value)


@pytest.mark.parametrize(
    "where",
    [
        "sqlite:///{tmp}",
        "sqlite:///{tmp}/file/a.sqlite3",
        "no url at all",
        "nodatabase://localhost/x",
        "sqlite+nodriver:///{tmp}/a.sqlite3",
        "mssql+pyodbc://somebody:secret@localhost/x",
        "postgresql+psycopg://somebody:secret@localhost:1/x",
        "",
    ],
)
def test_an_address_that_leads_nowhere(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveError) as raised:
        Archive.open(where.format(tmp=tmp_path))
    assert "secret" not in one_sentence(raised.value)


# --- transactions --------------------------------------------------------------------------


def test_sqlite_keeps_a_log_and_foreign_keys(archive: Archive) -> None:
    for _ in range(2):
        with archive._database.read() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    orphan = {"article_id": "nobody", "ordinal": 0, "text": "x", "text_hash": "x"}
    with (
        pytest.raises(ArchiveError, match="FOREIGN KEY"),
        archive._database.write() as connection,
    ):
        connection.execute(insert(excerpts), [orphan])
    with archive._database.read() as connection:
        assert connection.execute(select(excerpts)).all() == []


def test_a_write_that_fails_keeps_nothing(archive: Archive) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        with archive._database.write() as connection:
            connection.execute(insert(sources).values(name="s", kind="snapshots"))
            raise StopError

    with pytest.raises(StopError):
        stop()
    assert archive.fetches.states() == []
    archive.articles.commit("s", "snapshots", drafts("a"), NOW)
    assert archive.articles.counts().articles == 10


def test_a_reader_sees_one_state_while_another_writes(empty: str) -> None:
    archive = Archive.open(empty)
    archive.articles.commit("s", "snapshots", drafts("a", 3), NOW)
    with archive._database.read() as connection:
        count = select(func.count()).select_from(articles)
        assert connection.scalar(count) == 3
        archive.articles.commit("t", "snapshots", drafts("b", 3), NOW)
        assert connection.scalar(count) == 3
    assert archive.articles.counts().articles == 6
    archive.close()


def assert_log_is_whole(archive: Archive, expected: int) -> None:
    """Every article once in the log, numbered without a gap, in the order of its commit."""
    log = archive.changes.since(0, 10_000)
    assert [change.seq for change in log] == list(range(1, expected + 1))
    assert sorted(change.article_id for change in log) == archive.articles.ids()


def test_threads_commit_at_once_and_none_loses(empty: str) -> None:
    """FAILURES 6: each article is announced by one of the gathers that found it."""
    archive = Archive.open(empty)
    start = Barrier(6)

    def gather(number: int) -> int:
        start.wait()
        new = 0
        for turn in range(5):
            mine = [*drafts(f"source {number % 3} turn {turn}"), *drafts("shared")]
            report = archive.articles.commit(f"s{number % 3}", "snapshots", mine, NOW)
            new += report.new
        return new

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(gather, range(6))) == 3 * 5 * 10 + 10
    assert_log_is_whole(archive, 160)
    archive.close()


def test_a_writer_waits_for_another_but_not_for_ever(
    postgres: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        retrieval.database,
        "_TAKE_LOCK",
        text("SELECT set_config('lock_timeout', '10ms', true), pg_advisory_xact_lock(:lock)"),
    )
    where = postgres()
    archive, other = Archive.open(where), Archive.open(where)
    with other._database.write(), pytest.raises(ArchiveError, match="lock timeout") as raised:
        archive.articles.commit("s", "snapshots", drafts("a"), NOW)
    one_sentence(raised.value)
    archive.articles.commit("s", "snapshots", drafts("a"), NOW)
    assert other.articles.counts().articles == 10
    for opened in (archive, other):
        opened.close()


_OPEN_AND_COMMIT = textwrap.dedent(
    """
    import sys
    from datetime import UTC, datetime
    from retrieval.archive.opening import Archive
    from retrieval.article import Draft

    url, own = sys.argv[1:]
    sys.stdin.readline()
    archive = Archive.open(url)
    for turn in range(2):
        drafts = [Draft(f"process {own} turn {turn} wrote article {n}") for n in range(20)]
        shared = [Draft(f"every process found article {n} of these") for n in range(20)]
        archive.articles.commit(f"s{own}", "snapshots", drafts + shared, datetime.now(UTC))
    print(archive.changes.identity())
    """
)


def test_processes_open_a_new_archive_and_commit_at_once(tmp_path: Path) -> None:
    """FAILURES 6: they also migrate it at once."""
    where = url(tmp_path / "a.sqlite3")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _OPEN_AND_COMMIT, where, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60) for process in processes]
    assert [
        (process.returncode, errors) for process, (_, errors) in zip(processes, told, strict=True)
    ] == [(0, "")] * 3
    archive = Archive.open(where)
    assert {identity.strip() for identity, _ in told} == {archive.changes.identity()}
    assert_log_is_whole(archive, 3 * 2 * 20 + 20)
    archive.close()


def test_moments_come_back_in_utc_whatever_zone_they_went_in(archive: Archive) -> None:
    zone = datetime.fromisoformat("2026-05-01T20:00:00.123456+08:00")
    archive.articles.commit("s", "snapshots", drafts("a", 1), zone)
    (change,) = archive.changes.since(0, 1)
    assert change.at == zone
    assert change.at.utcoffset() == timedelta(0)
    with archive._database.read() as connection:
        assert connection.scalar(select(changes.c.at)) == zone
