"""What the handlers may ask of the rest: the narrow waist between Telegram and the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from retrieval.article import Article
from retrieval.search.answer import Answer


class Library(Protocol):
    """The archive as a handler sees it."""

    async def ask(self, question: str) -> Answer:
        """Answer one question.

        Raises `retrieval.errors.IndexNotReady` while the index cannot answer yet, other
        `RetrievalError`s when a part is down.
        """

    async def latest(self, limit: int) -> Sequence[Article]:
        """The newest articles, newest first, at most `limit` of them. Raises `RetrievalError`."""
