"""Opening the archive: one SQLAlchemy engine, SQLite safe for several processes, migrations."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from retrieval.archive.schema import HEAD, facts
from retrieval.errors import ArchiveError

#: Seconds that a writer waits for another: a gather of thousands of articles commits in less.
BUSY_TIMEOUT = 30

_WRITE = "archive_write"


class Database:
    """The engine and its two kinds of transaction. Thread-safe; close when done."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str | URL) -> Database:
        """Connect and bring the schema up to date.

        Raises `ArchiveError` if the database cannot be reached, read, written or migrated, or was
        written by a newer release.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:  # its text may hold the password
            raise ArchiveError(
                "the archive's address is no database URL; write one like"
                " sqlite:////path/to/archive.sqlite3 or postgresql+psycopg://user@host/name"
            ) from error
        where = parsed.render_as_string(hide_password=True)
        try:
            if parsed.get_backend_name() == "sqlite" and parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(parsed, connect_args=_connect_args(parsed), pool_pre_ping=True)
        except (OSError, SQLAlchemyError) as error:
            raise ArchiveError(f"the archive at {where} cannot be opened: {error}") from error
        except ImportError as error:
            raise ArchiveError(
                f"the archive at {where} cannot be opened: {error}; install that driver"
            ) from error
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        database = cls(engine)
        try:
            database._migrate()
        except (DBAPIError, OSError) as error:
            engine.dispose()
            reason = getattr(error, "orig", None) or error
            raise ArchiveError(f"the archive at {where} cannot be opened: {reason}") from error
        except ArchiveError:
            engine.dispose()
            raise
        return database

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state and changes nothing. Raises `ArchiveError`."""
        with _translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """The one transaction that writes: others wait, so the change log has no gaps to come.

        Raises `ArchiveError`; nothing is kept then.
        """
        with _translated(), self.engine.connect() as connection:
            writing = connection.execution_options(**{_WRITE: True})
            with writing.begin():
                if self.engine.dialect.name == "postgresql":
                    # A log is followed by number: a lower number must never be committed later.
                    writing.execute(text("SELECT pg_advisory_xact_lock(7238147236)"))
                yield writing

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def _migrate(self) -> None:
        with self.engine.connect() as connection:
            current = _revision(connection)
        if current == HEAD:
            return
        # Alembic takes a fifth of a second to import: only when there is something to do.
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(resources.files(__package__) / "migrations"))
        config.set_main_option("path_separator", "os")
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise ArchiveError(
                f"the archive was written by a newer release (schema {current}, this one knows up"
                f" to {HEAD}); install that release or restore a backup"
            )
        with self.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if connection.execute(select(facts.c.value).filter_by(name="identity")).first() is None:
                connection.execute(facts.insert().values(name="identity", value=uuid.uuid4().hex))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Say in one sentence what the database refused."""
    try:
        yield
    except DBAPIError as error:
        raise ArchiveError(f"the archive's database refused: {error.orig}") from error
    except SQLAlchemyError as error:
        raise ArchiveError(f"the archive's database failed: {error}") from error


def _connect_args(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        # isolation_level None: no transaction begins behind our back (see `_prepare_sqlite`).
        return {"timeout": BUSY_TIMEOUT, "isolation_level": None}
    return {}


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, and transactions begun by us, immediate where they write.

    A deferred transaction that reads, then writes, fails at once when another wrote in between,
    whatever the busy timeout: https://www.sqlite.org/isolation.html
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
