"""The archive's database: where its migrations are, and the identity that each archive has."""

from __future__ import annotations

import uuid
from typing import Self

from sqlalchemy import Connection, select
from sqlalchemy.engine import URL

import retrieval.database
from retrieval.archive.schema import HEAD, facts
from retrieval.database import Kind
from retrieval.errors import ArchiveError


def _identify(connection: Connection) -> None:
    if connection.execute(select(facts.c.value).filter_by(name="identity")).first() is None:
        connection.execute(facts.insert().values(name="identity", value=uuid.uuid4().hex))


ARCHIVE = Kind(
    name="archive",
    package="retrieval.archive",
    head=HEAD,
    versions="alembic_version",
    lock=7238147236,
    error=ArchiveError,
    made=_identify,
)


class Database(retrieval.database.Database):
    """See `retrieval.database.Database`; everything raises `ArchiveError`."""

    @classmethod
    def open(cls, url: str | URL, kind: Kind = ARCHIVE) -> Self:
        """Connect and bring the schema up to date. Raises `ArchiveError`."""
        return super().open(url, kind)
