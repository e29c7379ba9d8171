"""Opening a database: one SQLAlchemy engine, SQLite safe for several processes, migrations."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

#: Seconds that a writer waits for another: a gather of thousands of articles commits in less.
BUSY_TIMEOUT = 30
#: Seconds within which a PostgreSQL server must take a connection.
_CONNECT_TIMEOUT = 10

_WRITES = "database_writes"


def _nothing(_: Connection) -> None:
    """Nothing to do after a migration."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a database is for.

    `name` stands in sentences; `package` holds the folder `migrations`, of which `head` is the
    newest; `versions` is the table where Alembic keeps what was run, and `lock` the number of the
    advisory lock that writers take: both differ where two kinds share one PostgreSQL database.
    `made` runs in the transaction of the migrations. A `lasting` one keeps every commit through a
    loss of power too, for a wait for the disk at each. `error` is what is raised, with a sentence.
    """

    name: str
    package: str
    head: str
    versions: str
    lock: int
    error: type[Exception]
    made: Callable[[Connection], None] = _nothing
    lasting: bool = False


class Database:
    """The engine and its two kinds of transaction. Thread-safe; close when done.

    Whatever is raised is the kind's error.
    """

    def __init__(self, engine: Engine, kind: Kind) -> None:
        self.engine = engine
        self.kind = kind

    @classmethod
    def open(cls, url: str | URL, kind: Kind) -> Self:
        """Connect and bring the schema up to date.

        Raises if the database cannot be reached, read, written or migrated, or was written by a
        newer release.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:  # its text may hold the password
            raise kind.error(
                f"the {kind.name}'s address is no database URL; write one like"
                f" sqlite:////path/to/{kind.name}.sqlite3 or postgresql+psycopg://user@host/name"
            ) from error
        where = parsed.render_as_string(hide_password=True)
        try:
            if parsed.get_backend_name() == "sqlite" and parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(parsed, connect_args=_connect_args(parsed), pool_pre_ping=True)
        except (OSError, SQLAlchemyError) as error:
            raise kind.error(f"the {kind.name} at {where} cannot be opened: {error}") from error
        except ImportError as error:
            raise kind.error(
                f"the {kind.name} at {where} cannot be opened: {error}; install that driver"
            ) from error
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine, lasting=kind.lasting)
        database = cls(engine, kind)
        try:
            database._migrate()
        except (DBAPIError, OSError) as error:
            engine.dispose()
            reason = one_line(getattr(error, "orig", None) or error)
            raise kind.error(f"the {kind.name} at {where} cannot be opened: {reason}") from error
        except kind.error:
            engine.dispose()
            raise
        return database

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state and changes nothing."""
        with self.translated(), self.engine.connect() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """The one transaction that writes: others wait, so what it reads stays true until its end.

        A log that is followed by number has no gaps to come, either: a lower number is never
        committed later. If it raises, nothing is kept.
        """
        with self.translated(), self.engine.connect() as connection:
            writing = connection.execution_options(**{_WRITES: True})
            with writing.begin():
                if self.engine.dialect.name == "postgresql":
                    writing.execute(
                        _TAKE_LOCK, {"wait": f"{BUSY_TIMEOUT}s", "lock": self.kind.lock}
                    )
                yield writing

    @contextlib.contextmanager
    def translated(self) -> Iterator[None]:
        """Say in one sentence what the database refused."""
        try:
            yield
        except DBAPIError as error:
            reason = one_line(error.orig or error)
            raise self.kind.error(f"the {self.kind.name}'s database refused: {reason}") from error
        except SQLAlchemyError as error:
            reason = one_line(error)
            raise self.kind.error(f"the {self.kind.name}'s database failed: {reason}") from error

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def _migrate(self) -> None:
        kind = self.kind
        with self.engine.connect() as connection:
            current = _revision(connection, kind.versions)
        if current == kind.head:
            return
        # Alembic takes a fifth of a second to import: only when there is something to do.
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(resources.files(kind.package) / "migrations"))
        config.set_main_option("path_separator", "os")
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise kind.error(
                f"the {kind.name} was written by a newer release (schema {current}, this one knows"
                f" up to {kind.head}); install that release or restore a backup"
            )
        with self.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            kind.made(connection)


#: In one statement, so that no wait is without an end and none costs a second way to the server.
_TAKE_LOCK = text(
    f"SELECT set_config('lock_timeout', '{BUSY_TIMEOUT}s', true), pg_advisory_xact_lock(:lock)"
)


def one_line(error: BaseException) -> str:
    """What an error says, on one line: PostgreSQL's errors bring the statement along."""
    return " ".join(str(error).split())


def _revision(connection: Connection, versions: str) -> str | None:
    if not inspect(connection).has_table(versions):
        return None
    return connection.execute(text(f"SELECT version_num FROM {versions}")).scalar()


def _connect_args(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        # isolation_level None: no transaction begins behind our back (see `_prepare_sqlite`).
        return {"timeout": BUSY_TIMEOUT, "isolation_level": None}
    if url.drivername in ("postgresql+psycopg", "postgresql+psycopg2", "postgresql"):
        return {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_TIMEOUT}
    return {}


def _prepare_sqlite(engine: Engine, *, lasting: bool) -> None:
    """WAL, foreign keys, and transactions begun by us, immediate where they write.

    A deferred transaction that reads, then writes, fails at once when another wrote in between,
    whatever the busy timeout: https://www.sqlite.org/isolation.html
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # NORMAL may lose the last commits when the power fails, never the whole.
        cursor.execute(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
