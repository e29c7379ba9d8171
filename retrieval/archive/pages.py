"""Articles' own pages: what was read there, and since when one is missing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from retrieval.archive.chunks import chunked
from retrieval.archive.connect import Database
from retrieval.archive.schema import articles, pages, sightings, sources


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page says of its article; see `retrieval.html.readable.Readable`."""

    text: str
    title: str | None
    published: datetime | None
    tags: tuple[str, ...]

    def packed(self) -> bytes:
        """The form in which it is stored."""
        published = self.published.isoformat() if self.published else None
        fields = {"text": self.text, "title": self.title, "published": published}
        text = json.dumps({**fields, "tags": list(self.tags)}, ensure_ascii=False)
        return zlib.compress(text.encode("utf-8", "replace"))

    @classmethod
    def unpacked(cls, stored: bytes) -> PageContent:
        """Back from the form in which it is stored."""
        fields = json.loads(zlib.decompress(stored))
        published = fields["published"] and datetime.fromisoformat(fields["published"])
        return cls(fields["text"], fields["title"], published, tuple(fields["tags"]))


@dataclass(frozen=True, slots=True)
class PageState:
    """An article's page as it was found; `key` is its `retrieval.addresses.page_key`.

    `content` is None where no article could be read there. `stated` names what the source said of
    the article then; `idle` counts the looks in a row that brought nothing new. `gone` tells that
    the page answered 404 or 410 twice, a day apart.
    """

    key: str
    url: str
    first_checked: datetime
    checked_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    stated: str | None = None
    content: PageContent | None = None
    missing_since: datetime | None = None
    gone: bool = False
    failures: int = 0
    retry_at: datetime | None = None
    idle: int = 0


@dataclass(frozen=True, slots=True)
class DroppedArticle:
    """An article that none of its sources holds any more, and since when."""

    id: str
    link: str
    dropped_at: datetime


class PageStore:
    """Reads and writes pages' states. Every method raises `ArchiveError` and is thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, keys: Iterable[str]) -> dict[str, PageState]:
        """The states that are known among these, by key."""
        found: dict[str, PageState] = {}
        with self._database.read() as connection:
            for chunk in chunked(dict.fromkeys(keys)):
                for row in connection.execute(select(pages).where(pages.c.key.in_(chunk))):
                    content = None if row.content is None else PageContent.unpacked(row.content)
                    found[row.key] = PageState(**{**row._mapping, "content": content})
        return found

    def save(self, states: Sequence[PageState]) -> None:
        """Keep these states in place of what was known of their pages."""
        if not states:
            return
        rows = [
            {
                "key": state.key,
                "url": state.url,
                "first_checked": state.first_checked,
                "checked_at": state.checked_at,
                "etag": state.etag,
                "last_modified": state.last_modified,
                "stated": state.stated,
                "content": None if state.content is None else state.content.packed(),
                "missing_since": state.missing_since,
                "gone": state.gone,
                "failures": state.failures,
                "retry_at": state.retry_at,
                "idle": state.idle,
            }
            for state in {state.key: state for state in states}.values()
        ]
        with self._database.write() as connection:
            for chunk in chunked([row["key"] for row in rows]):
                connection.execute(delete(pages).where(pages.c.key.in_(chunk)))
            connection.execute(insert(pages), rows)

    def dropped(self, source: str, active: Collection[str]) -> list[DroppedArticle]:
        """The source's articles that no `active` source holds any more and that are not withdrawn.

        Newest dropped first.
        """
        elsewhere = (
            select(sightings.c.article_id)
            .join(sources, sources.c.id == sightings.c.source_id)
            .where(sightings.c.dropped_at.is_(None), sources.c.name.in_([source, *active]))
        )
        query = (
            select(articles.c.id, articles.c.link, sightings.c.dropped_at)
            .join(sightings, sightings.c.article_id == articles.c.id)
            .join(sources, sources.c.id == sightings.c.source_id)
            .where(sources.c.name == source)
            .where(articles.c.source_id == sources.c.id)
            .where(sightings.c.dropped_at.is_not(None))
            .where(articles.c.withdrawn_at.is_(None))
            .where(articles.c.link.is_not(None))
            .where(articles.c.id.not_in(elsewhere))
            .order_by(sightings.c.dropped_at.desc(), sightings.c.rank.desc())
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [DroppedArticle(row.id, row.link, row.dropped_at) for row in rows]
