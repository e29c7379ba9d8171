"""What the handlers may ask of the rest: the narrow waist between Telegram and the archive."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from bot.access import Limiter, Limits
from bot.admin.office import Office
from bot.admission import Admission
from bot.browsing import Browsing
from bot.forgetting import Forgetting
from bot.handlers import Turns
from bot.languages import Languages
from bot.questions import Edits, Questions
from bot.wishes import Wish
from retrieval.article import Article
from retrieval.search.answer import Answer

if TYPE_CHECKING:
    from bot.ledger import Ledger
    from bot.ledger.writing import Writer


class Library(Protocol):
    """The archive as a handler sees it. All raise `RetrievalError`s where a part is down."""

    @property
    def browsing(self) -> Browsing:
        """Its shelves, for looking around without a question."""

    async def ask(
        self, question: str, *, within: str | None = None, patience: float | None = None
    ) -> Answer:
        """Answer one question, from the article of this id alone if one is named.

        Raises `retrieval.errors.IndexNotReady` while the index cannot answer yet: after `patience`
        seconds, or those of the library.
        """

    async def latest(self, limit: int) -> Sequence[Article]:
        """The newest articles, newest first, at most `limit` of them."""

    async def article(self, article_id: str) -> Article | None:
        """One article, None where it is not there any more."""

    async def excerpts(self, ids: Sequence[str]) -> Mapping[str, tuple[str, Article]]:
        """Texts of excerpts and their articles, of those ids that are (still) there."""

    async def similar(self, article_id: str, limit: int) -> Sequence[Article]:
        """The articles nearest in meaning to one, without itself. Raises `IndexNotReady`."""

    async def about(self, topic: str, strictness: int, limit: int) -> Sequence[Article]:
        """Of the newest articles those that a subscription about this would have announced.

        Newest first, at most `limit`. Raises `IndexNotReady`.
        """

    async def with_words(self, wish: Wish, limit: int) -> Sequence[Article]:
        """The same for a wish of tags and words."""

    async def end(self) -> int:
        """The number of the newest change: a subscription made now hears of what comes after it."""


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What handlers work with. `zone` and `preview` are a new place's defaults.

    Reads go to the ledger in a thread (`asyncio.to_thread`), writes through the writer. `buttons`
    is False where nobody can press any, `keep_questions` says for how many days the words of
    questions are stored. `admins` are the people who look after the bot, for whom there are no
    limits, `admin_chat` where they meet, `office` what they look after; `admission` tells who is
    answered. `clock` tells the moment, in UTC, and `chance` a number from 0 to below 1.
    """

    library: Library
    ledger: Ledger
    writer: Writer
    zone: str = "UTC"
    preview: bool = True
    buttons: bool = True
    keep_questions: int = 0
    admins: frozenset[int] = frozenset()
    admin_chat: int | None = None
    office: Office | None = None
    admission: Admission = field(default_factory=Admission)
    limiter: Limiter = field(default_factory=lambda: Limiter(Limits()))
    questions: Questions = field(default_factory=Questions)
    edits: Edits = field(default_factory=Edits)
    turns: Turns = field(default_factory=Turns)
    languages: Languages = field(default_factory=Languages)
    forgetting: Forgetting = field(default_factory=Forgetting)
    clock: Callable[[], datetime] = now
    chance: Callable[[], float] = random.random
