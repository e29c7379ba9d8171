"""Drafts whose whole article stands on a page of its own: fetched, kept, looked at again.

drafts -> pages that are due -> content kept in the archive -> whole drafts
"""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from retrieval.addresses import canonical, page_key
from retrieval.archive.pages import DroppedArticle, PageContent, PageState, PageStore
from retrieval.article import Draft
from retrieval.errors import FetchError
from retrieval.html.readable import readable
from retrieval.identity import digest, fingerprint
from retrieval.progress import Progress, silent
from retrieval.visiting import Client
from retrieval.web.decoding import decoded

if TYPE_CHECKING:
    from retrieval.web.http import Response

logger = logging.getLogger(__name__)

#: A page that is missing once may be an accident; so long after, it is none.
MISSING_FOR = timedelta(days=1)
#: Looked at again after a tenth of its age, within these bounds: young articles are edited most.
SOONEST_AGAIN, LATEST_AGAIN = timedelta(days=1), timedelta(days=30)
#: After the first failure of a page, doubled with each further one; after the first look that
#: brought nothing new although the source said so, four times as long after each further one.
FIRST_RETRY = timedelta(minutes=15)
#: After a refusal that will hardly change: robots.txt, 401, 403, too large.
REFUSED_FOR = timedelta(days=1)
#: Known pages that one gather looks at again, and pages of articles that their source dropped: the
#: server should hardly notice us.
AGAIN_AT_MOST, DROPPED_AT_MOST = 20, 5
#: Failures in a row after which a server's other pages are left for another time: it is down.
FAILURES_IN_A_ROW = 3

#: Addresses that say the very same from which on it is no article's text.
SAME_ON_PAGES = 3

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of a round: drafts as far as their pages could be read.

    `pending` tells how many pages were not tried yet, `familiar` the links of those that were
    known at the moment asked for.
    """

    drafts: tuple[Draft, ...]
    pending: int
    familiar: frozenset[str]


@dataclass(slots=True)
class Trouble:
    """What went wrong with pages so far."""

    failures: list[FetchError] = field(default_factory=list)
    read: int = 0


class Completion:
    """Reads articles' own pages through one client. One thread at a time.

    With `force` every page is looked at again, whenever it was looked at last.
    """

    def __init__(
        self,
        store: PageStore,
        client: Client,
        now: datetime,
        *,
        stop: threading.Event | None = None,
        progress: Progress = silent,
        source: str = "",
        force: bool = False,
    ) -> None:
        self._store = store
        self._client = client
        self._now = now
        self._stop = stop or threading.Event()
        self._progress = progress
        self._source = source
        self._force = force
        self._again = AGAIN_AT_MOST
        self._told: dict[str, list[PageState]] = {}
        self._taken_back: dict[str, PageState] = {}
        self._in_a_row: Counter[str] = Counter()
        self.trouble = Trouble()

    def complete(
        self, drafts: Sequence[Draft], batch: int, known_at: datetime | None = None
    ) -> Completed:
        """Fetch at most `batch` pages that are due, and put what is known of all into the drafts.

        Drafts without text whose page was never read, and those whose page is gone, are left out.
        Several drafts that link to one page are left as they are: it is none's own.
        """
        keys = _own_pages(drafts)
        states = self._store.load(key for key in keys if key is not None)
        due = [
            (key, draft)
            for key, draft in zip(keys, drafts, strict=True)
            if key is not None and self._is_due(states.get(key), draft)
        ]
        due.sort(key=lambda each: each[0] in states)  # what was never read goes first
        tried, left = 0, len(due)
        put_off: list[PageState] = []
        for key, draft in due:
            if self._stop.is_set() or tried >= batch:
                break
            assert draft.link is not None
            left -= 1
            if self._is_down(draft.link):
                if key not in states:
                    put_off.append(self._put_off(key, draft.link))
                continue
            self._progress(self._source, len(drafts) - len(due) + tried, len(drafts))
            states[key] = self._look(key, draft.link, states.get(key), stated_of(draft))
            self._store.save([states[key]])
            tried += 1
        states |= self._taken_back
        self._store.save(put_off)
        states |= {state.key: state for state in put_off}
        pairs = [
            (draft, states.get(key) if key is not None else None)
            for key, draft in zip(keys, drafts, strict=True)
        ]
        whole = (completed(draft, state) for draft, state in pairs)
        familiar = (
            draft.link
            for draft, state in pairs
            if draft.link and state and known_at and state.first_checked <= known_at
        )
        return Completed(
            tuple(draft for draft in whole if draft is not None), left, frozenset(familiar)
        )

    def gone(self, dropped: Sequence[DroppedArticle]) -> list[str]:
        """The ids of those dropped articles whose page is gone, after looking at a few."""
        by_key = {
            key: article for article in dropped if (key := page_key(article.link)) is not None
        }
        states = self._store.load(by_key)
        looked = 0
        for key, article in by_key.items():
            if looked >= DROPPED_AT_MOST or self._stop.is_set():
                break
            state = states.get(key)
            seen_since = state is not None and state.checked_at >= article.dropped_at
            if state is not None and seen_since and self._now < _next_look(state):
                continue
            if self._is_down(article.link):
                continue
            states[key] = self._look(key, article.link, state, state.stated if state else None)
            self._store.save([states[key]])
            looked += 1
        return [by_key[key].id for key, state in states.items() if state.gone]

    def listed_again(self, links: Iterable[str]) -> None:
        """The source lists these: what was known of their absence no longer counts."""
        keys = {key for link in links if (key := page_key(link)) is not None}
        back = [
            replace(state, missing_since=None, gone=False)
            for state in self._store.load(keys).values()
            if state.missing_since is not None
        ]
        self._store.save(back)

    def _is_due(self, state: PageState | None, draft: Draft) -> bool:
        if state is None:
            return True
        if state.retry_at is not None:
            return self._now >= state.retry_at
        if state.checked_at == self._now:
            return False
        told = state.missing_since is None and state.stated != stated_of(draft)
        then = _idle_until(state) if told else _next_look(state)
        if not self._force and (self._now < then or self._again <= 0):
            return False
        self._again -= 1
        return True

    def _is_down(self, link: str) -> bool:
        return self._in_a_row[_host(link)] >= FAILURES_IN_A_ROW

    def _is_notice(self, before: PageState, content: PageContent) -> bool:
        """Whether several pages say the same: that the site is down, or wants no robots.

        What was believed of the first ones is taken back.
        """
        alike = self._told.setdefault(fingerprint(content.text), [])
        alike.append(before)
        if len(alike) < SAME_ON_PAGES:
            return False
        if len(alike) == SAME_ON_PAGES:
            error = FetchError("it said the same as other pages")
            back = [_failed(each, self._now, error) for each in alike[:-1]]
            self._store.save(back)
            self._taken_back |= {state.key: state for state in back}
        return True

    def _put_off(self, key: str, url: str) -> PageState:
        return PageState(
            key, url, self._now, self._now, failures=1, retry_at=self._now + FIRST_RETRY
        )

    def _look(self, key: str, url: str, state: PageState | None, stated: str | None) -> PageState:
        """Ask for a page; what is known of it now. Never raises: a failure is a state too."""
        before = state or PageState(key, url, first_checked=self._now, checked_at=self._now)
        known = before.content is not None
        try:
            response = self._client.get(
                url,
                crawled=True,
                etag=before.etag if known else None,
                last_modified=before.last_modified if known else None,
            )
        except FetchError as error:
            if self._stop.is_set():  # it was cut off by us
                return before
            host = _host(url)
            self._in_a_row[host] = self._in_a_row[host] + 1 if error.down else 0
            if error.gone:
                return _missing(before, self._now)
            self.trouble.failures.append(error)
            logger.info("an article's page could not be read: %s", error)
            return _failed(before, self._now, error)
        self._in_a_row[_host(url)] = 0
        content = before.content if response.status == 304 else _content(response)
        wrong = None
        if content is None:
            wrong = FetchError(f"no article was found on {url}")
        elif canonical(response.url) is None:
            wrong = FetchError(f"{url} leads to the front page of its site")
        elif content != before.content and self._is_notice(before, content):
            wrong = FetchError(f"{url} says the same as other pages of its site: a notice")
        if content is None or wrong is not None:
            assert wrong is not None
            self.trouble.failures.append(wrong)
            logger.info("%s", wrong)
            return _failed(before, self._now, wrong)
        self.trouble.read += 1
        return replace(
            before,
            url=url,
            checked_at=self._now,
            etag=response.etag,
            last_modified=response.last_modified,
            stated=stated,
            content=content,
            missing_since=None,
            gone=False,
            failures=0,
            retry_at=None,
            idle=before.idle + 1 if content == before.content else 0,
        )


def stated_of(draft: Draft) -> str:
    """Names what a source says of an article: when it says something else, its page changed.

    Numbers do not count: many excerpts tell how often an article was read.
    """
    updated = draft.updated.isoformat() if draft.updated else ""
    return digest(f"{draft.title}\n{updated}\n{fingerprint(_DIGITS.sub('', draft.text))}")


def completed(draft: Draft, state: PageState | None) -> Draft | None:
    """The draft with what its page says; None where there is no text, or the page is gone. Pure."""
    if state is not None and state.gone:
        return None
    if state is None or state.content is None:
        return draft if draft.text.strip() else None
    content = state.content
    return replace(
        draft,
        text=max(content.text, draft.text, key=len),  # what is found on a page may be a notice
        title=draft.title or content.title,
        published=draft.published or content.published,
        tags=draft.tags or content.tags,
    )


def _content(response: Response) -> PageContent | None:
    html = decoded(response.body, response.charset, "html")
    found = readable(html, response.url)
    if found is None:
        return None
    return PageContent(found.text, found.title, found.published, found.tags)


def _own_pages(drafts: Sequence[Draft]) -> list[str | None]:
    """The key of each draft's page, None where it has none of its own."""
    keys = [None if draft.link is None else page_key(draft.link) for draft in drafts]
    how_many = Counter(keys)
    return [key if how_many[key] == 1 else None for key in keys]


def _host(link: str) -> str:
    return urlsplit(link).netloc


def _missing(before: PageState, now: datetime) -> PageState:
    since = before.missing_since or now
    return replace(
        before,
        checked_at=now,
        missing_since=since,
        gone=now - since >= MISSING_FOR,
        failures=0,
        retry_at=None,
    )


def _failed(before: PageState, now: datetime, error: FetchError) -> PageState:
    first = FIRST_RETRY if error.down else REFUSED_FOR
    pause = min(first * 2 ** min(before.failures, 20), LATEST_AGAIN)
    asked = timedelta(seconds=error.retry_after or 0)
    return replace(
        before, checked_at=now, failures=before.failures + 1, retry_at=now + max(pause, asked)
    )


def _idle_until(state: PageState) -> datetime:
    pause = FIRST_RETRY * (4 ** min(state.idle - 1, 10) if state.idle else 0)
    return state.checked_at + min(pause, LATEST_AGAIN)


def _next_look(state: PageState) -> datetime:
    if state.retry_at is not None:
        return state.retry_at
    if state.missing_since is not None and not state.gone:
        return state.missing_since + MISSING_FOR
    published = state.content.published if state.content else None
    known_for = state.checked_at - min(state.first_checked, published or state.first_checked)
    return state.checked_at + min(max(known_for / 10, SOONEST_AGAIN), LATEST_AGAIN)
