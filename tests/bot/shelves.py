"""An archive of articles with tags, to be browsed through the bot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.browsing import ArchiveBrowsing
from retrieval.archive.opening import Archive
from retrieval.article import Article, Draft
from tests.bot.fakes import FakeLibrary

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Shelves:
    """A real archive behind a library; each source lists what it was given, newest first."""

    def __init__(self, archive: Archive, library: FakeLibrary) -> None:
        self.archive = archive
        self._library = library
        self._shelves: dict[str, list[Draft]] = {}
        self._number = 0
        library.browsing = ArchiveBrowsing(archive)
        self._tell()

    def publish(self, title: str, *tags: str, source: str = "Blog", text: str = "") -> Article:
        """A new article, newer than all others."""
        self._number += 1
        draft = Draft(
            text=text or f"{title} 这一篇说的就是第 {self._number} 件事,别的一概不提。",
            title=title,
            link=f"https://blog.example/{self._number}",
            published=NOW + timedelta(hours=self._number),
            tags=tags,
        )
        shelf = self._shelves.setdefault(source, [])
        shelf.insert(0, draft)
        at = NOW + timedelta(hours=self._number)
        self.archive.articles.commit(source, "feed", shelf, at)
        self._tell()
        return self.archive.articles.latest(1)[0]

    def publish_many(self, count: int, *tags: str, source: str = "Blog") -> None:
        """All at once: `title 1` is the oldest."""
        shelf = self._shelves.setdefault(source, [])
        for _ in range(count):
            self._number += 1
            number = self._number
            shelf.insert(
                0,
                Draft(
                    text=f"n{number} 这一篇说的就是 n{number} 本身,别的一概不提。",
                    title=f"title {number}",
                    link=f"https://blog.example/{number}",
                    published=NOW + timedelta(hours=number),
                    tags=tags,
                ),
            )
        at = NOW + timedelta(hours=self._number)
        self.archive.articles.commit(source, "feed", shelf, at)
        self._tell()

    def withdraw(self, article: Article) -> None:
        self.archive.articles.withdraw([article.id], NOW)
        self._tell()

    def _tell(self) -> None:
        self._library.articles = self.archive.articles.latest(1_000)
