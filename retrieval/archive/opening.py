"""The archive as one thing: its stores over one database."""

from __future__ import annotations

from sqlalchemy.engine import URL

from retrieval.archive.articles import ArticleStore
from retrieval.archive.changes import ChangeLog
from retrieval.archive.connect import Database
from retrieval.archive.fetches import FetchLog
from retrieval.archive.pages import PageStore
from retrieval.archive.tags import TagStore
from retrieval.archive.vectors import VectorStore


class Archive:
    """The system of record. Thread-safe; close when done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.articles = ArticleStore(database)
        self.changes = ChangeLog(database)
        self.fetches = FetchLog(database)
        self.pages = PageStore(database)
        self.tags = TagStore(database)
        self.vectors = VectorStore(database)

    @classmethod
    def open(cls, url: str | URL) -> Archive:
        """Open the database at an SQLAlchemy URL and bring it up to date. Raises `ArchiveError`."""
        return cls(Database.open(url))

    def close(self) -> None:
        """Give the database back."""
        self._database.close()
