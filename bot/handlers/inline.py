"""`@bot question` in any chat: query -> library, the newest of each person's alone -> results.

What is found is the same for everybody, and Telegram may keep it for all; it is therefore in the
language of what was typed. What is said to one person is in theirs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from telegram import InlineQuery, InlineQueryResultArticle, InlineQueryResultsButton, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes, InlineQueryHandler

from bot.context import Library
from bot.deep_links import question_payload
from bot.handlers import Handler
from bot.handlers.ask import question_in
from bot.inline import PAGE, Username, article_results, hint_result, hit_results
from bot.languages import wording_for_reader
from bot.wording import Wording, wording_for
from retrieval.article import Article
from retrieval.errors import IndexNotReady, RetrievalError
from retrieval.filter import Filter
from retrieval.identity import columns
from retrieval.search.question import parse

logger = logging.getLogger(__name__)

#: Seconds until a query is given up; Telegram waits for about ten.
PATIENCE = 8.0
#: Seconds for which one waits for an index that is not there yet: to say so is better than nothing.
_UNTIL_READY = 1.0
#: Seconds that Telegram may show results again, and how long it is to keep a failure.
_KEPT, _KEPT_SHORTLY = 300, 5
#: No query leads further down.
_DEEPEST = 10_000
#: A single Latin letter asks nothing yet, a single Chinese character does: it takes two columns.
_SHORTEST = 2
#: What /start is told where there is no question, or too long a one.
_NO_PAYLOAD = "inline"


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results. `personal` are those for whoever asked alone."""

    shown: Sequence[InlineQueryResultArticle] = ()
    further: str = ""
    seconds: int = _KEPT
    personal: bool = False
    button: InlineQueryResultsButton | None = None


def handlers(
    library: Library, *, opens: bool, personal: bool = False, patience: float = PATIENCE
) -> Iterator[Handler]:
    """`opens` tells that links open articles, `personal` that not everybody may see what is found.

    `patience` counts seconds.
    """
    inline = _Inline(library, opens, personal, patience)

    async def callback(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.inline_query is not None:
            await inline.answer(update.inline_query)

    yield InlineQueryHandler(callback)


class _Inline:
    def __init__(self, library: Library, opens: bool, personal: bool, patience: float) -> None:
        self._library = library
        self._opens = opens
        self._personal = personal
        self._patience = patience
        self._newest: dict[int, asyncio.Task[Results]] = {}  # by who types

    async def answer(self, query: InlineQuery) -> None:
        """Answer it, unless its author types on. Raises `TelegramError` and what is a mistake."""
        person = query.from_user.id
        if (before := self._newest.get(person)) is not None:
            before.cancel()
        work = self._newest[person] = asyncio.create_task(self._find(query))
        mistake: Exception | None = None
        try:
            # Its own cancellation is what a newer query does; this task's must still end this.
            await asyncio.wait({work}, timeout=self._patience)
            if work.cancelled():
                return
            results = work.result() if work.done() else _failed(query)
            if not work.done():
                logger.warning("an inline query took longer than %g s", self._patience)
        except RetrievalError as error:
            logger.info("an inline query is not answered: %s", error)
            results = _failed(query, preparing=isinstance(error, IndexNotReady))
        except Exception as error:
            results, mistake = _failed(query), error
        finally:
            work.cancel()
            if self._newest.get(person) is work:
                del self._newest[person]
        await self._send(query, results)
        if mistake is not None:
            raise mistake

    async def _send(self, query: InlineQuery, results: Results) -> None:
        try:
            await query.get_bot().answer_inline_query(
                query.id,
                results.shown,
                cache_time=results.seconds,
                is_personal=results.personal or self._personal,
                next_offset=results.further,
                button=results.button,
            )
        except TelegramError as error:
            if "query is too old" not in error.message.lower():
                raise
            logger.info("an inline query was answered too late: %r", error)

    async def _find(self, query: InlineQuery) -> Results:
        question, offset = question_in(query.query), _offset_of(query.offset)
        if offset is None:
            return Results()
        username: Username = query.get_bot().username if self._opens else None
        wanted = _filter_in(question)
        if wanted is None:
            answer = await self._library.ask(question, patience=_UNTIL_READY)
            hits = answer.shown(len(answer.hits))
            if not hits:
                return _nothing(query, question, offset)
            page = hits[offset : offset + PAGE]
            wording = wording_for(None, question)
            further = str(offset + PAGE) if len(hits) > offset + PAGE else ""
            return Results(hit_results(page, offset, wording, username), further)
        articles = await self._library.browsing.newest(wanted, PAGE + 1, offset)
        if not articles:
            return _nothing(query, question, offset)
        wording = wording_for(None, question or _sample(articles))
        further = str(offset + PAGE) if len(articles) > PAGE else ""
        return Results(article_results(articles[:PAGE], offset, wording, username), further)


def _filter_in(question: str) -> Filter | None:
    """What the newest articles are to pass where nothing else is asked; None for a question."""
    if columns(question) < _SHORTEST:
        return Filter()
    asked = parse(question)
    return asked.filter if asked.filter and not asked.text and not asked.excluded else None


def _offset_of(told: str) -> int | None:
    """Which result is to come first, None where nothing can: we gave no such offset."""
    if not told:
        return 0
    known = told.isascii() and told.isdecimal() and len(told) < 6
    return int(told) if known and int(told) <= _DEEPEST else None


def _sample(articles: Sequence[Article]) -> str:
    return " ".join(article.title for article in articles)


def _nothing(query: InlineQuery, question: str, offset: int) -> Results:
    """Nothing is found: said once, and the same can be asked in private, where more is told."""
    if offset:
        return Results()
    wording = _wording_of(query)
    if not question:
        said, below = wording.say("archive-empty"), ""
    else:
        said, below = wording.say("inline-nothing"), wording.say("inline-other-words")
    button = InlineQueryResultsButton(
        wording.say("inline-ask-here"), start_parameter=question_payload(question) or _NO_PAYLOAD
    )
    return Results([hint_result(said, below)], personal=True, button=button)


def _failed(query: InlineQuery, *, preparing: bool = False) -> Results:
    wording = _wording_of(query)
    said = wording.say("inline-preparing") if preparing else wording.say("inline-down")
    button = InlineQueryResultsButton(said, start_parameter=_NO_PAYLOAD)
    return Results(seconds=_KEPT_SHORTLY, personal=True, button=button)


def _wording_of(query: InlineQuery) -> Wording:
    return wording_for_reader(query.from_user.language_code, query.query)
