"""What the addresses of a source answered last, kept so that a 304 is as good as the body."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from retrieval.archive.schema import responses
from retrieval.identity import digest


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """One answer; `location` is where the body came from, `moved_to` what is asked next time.

    `asked_at` is when the server last said that this is what it holds.
    """

    url: str
    location: str
    body: bytes
    asked_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    fresh_until: datetime | None = None
    moved_to: str | None = None
    media_type: str | None = None
    charset: str | None = None


def load_responses(connection: Connection, source_id: int) -> dict[str, StoredResponse]:
    """All answers of a source, by address."""
    found = {}
    for row in connection.execute(select(responses).where(responses.c.source_id == source_id)):
        found[row.url] = StoredResponse(
            url=row.url,
            location=row.location,
            body=zlib.decompress(row.body),
            asked_at=row.asked_at,
            etag=row.etag,
            last_modified=row.last_modified,
            fresh_until=row.fresh_until,
            moved_to=row.moved_to,
            media_type=row.media_type,
            charset=row.charset,
        )
    return found


def store_responses(
    connection: Connection,
    source_id: int,
    before: Mapping[str, StoredResponse],
    now: Iterable[StoredResponse],
) -> None:
    """Keep what was answered this time, and nothing else of this source."""
    kept = {response.url: response for response in now}
    stale = [url for url, response in before.items() if kept.get(url) != response]
    for url in stale:
        connection.execute(
            delete(responses).where(
                responses.c.source_id == source_id, responses.c.key == digest(url)
            )
        )
    fresh = [response for url, response in kept.items() if before.get(url) != response]
    if fresh:
        connection.execute(
            insert(responses),
            [
                {
                    "source_id": source_id,
                    "key": digest(response.url),
                    "url": response.url,
                    "moved_to": response.moved_to,
                    "location": response.location,
                    "asked_at": response.asked_at,
                    "etag": response.etag,
                    "last_modified": response.last_modified,
                    "fresh_until": response.fresh_until,
                    "media_type": response.media_type,
                    "charset": response.charset,
                    "body": zlib.compress(response.body, 6),
                }
                for response in fresh
            ],
        )
