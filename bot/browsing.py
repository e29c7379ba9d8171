"""Looking around in the archive: off the event loop, and without its index.

handler -> thread -> articles and tags
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from retrieval.archive.opening import Archive
from retrieval.archive.tags import Tag, TagPage
from retrieval.article import Article
from retrieval.filter import Filter


class Browsing(Protocol):
    """The archive's shelves as a handler sees them. All raise `ArchiveError`."""

    async def newest(self, wanted: Filter, limit: int, offset: int = 0) -> Sequence[Article]:
        """The newest articles that pass, newest first, but for the `offset` newest of them."""

    async def tags(self, limit: int, offset: int = 0) -> TagPage:
        """Tags, the most frequent first."""

    async def tag(self, name: str) -> Tag | None:
        """The tag of this name, however it is spelled."""

    async def tag_of_key(self, beginning: str) -> Tag | None:
        """The tag whose key begins so."""

    async def tags_near(self, name: str, limit: int) -> Sequence[Tag]:
        """The tags whose names come nearest to one that no tag has."""

    async def sources(self) -> Sequence[str]:
        """The names of all sources that ever had an article here."""

    async def at(self, link: str) -> Article | None:
        """The article at an address, however that is written."""

    async def random(self, chance: float) -> Article | None:
        """One of all articles, by a number from 0 to below 1; None where there are none."""


class ArchiveBrowsing:
    """Browses an archive; keeps to `Browsing`."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    async def newest(self, wanted: Filter, limit: int, offset: int = 0) -> Sequence[Article]:
        """See `Browsing`."""
        if not wanted and not offset:
            return await asyncio.to_thread(self._archive.articles.latest, limit)
        return await asyncio.to_thread(self._archive.articles.newest, wanted, limit, offset)

    async def tags(self, limit: int, offset: int = 0) -> TagPage:
        """See `Browsing`."""
        return await asyncio.to_thread(self._archive.tags.most_frequent, limit, offset)

    async def tag(self, name: str) -> Tag | None:
        """See `Browsing`."""
        return await asyncio.to_thread(self._archive.tags.named, name)

    async def tag_of_key(self, beginning: str) -> Tag | None:
        """See `Browsing`."""
        return await asyncio.to_thread(self._archive.tags.of_key, beginning)

    async def tags_near(self, name: str, limit: int) -> Sequence[Tag]:
        """See `Browsing`."""
        return await asyncio.to_thread(self._archive.tags.near, name, limit)

    async def sources(self) -> Sequence[str]:
        """See `Browsing`."""
        return sorted(await asyncio.to_thread(self._archive.fetches.fared))

    async def at(self, link: str) -> Article | None:
        """See `Browsing`."""
        return await asyncio.to_thread(self._archive.articles.by_link, link)

    async def random(self, chance: float) -> Article | None:
        """See `Browsing`."""
        return await asyncio.to_thread(self._archive.articles.random, chance)
