"""Every row of an archive, to tell whether anything at all was written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from retrieval.archive.opening import Archive
from retrieval.archive.schema import metadata


def all_rows(
    archive: Archive,
    *,
    but: tuple[str, ...] = ("sources.gathered_at", "sources.readings", "responses.asked_at"),
) -> dict[str, Any]:
    """All rows by table, sorted, without the columns in `but`."""
    with archive._database.read() as connection:
        return {
            name: sorted(
                repr({c: v for c, v in row._mapping.items() if f"{name}.{c}" not in but})
                for row in connection.execute(select(table))
            )
            for name, table in metadata.tables.items()
        }
