"""Drafts whose whole article stands on a page of its own: fetched, kept, looked at again.

drafts -> pages that are due -> content kept in the archive -> whole drafts
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from retrieval.addresses import address_key
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
#: Looked at again after a tenth of the time for which it is known, within these bounds: young
#: articles are edited most.
SOONEST_AGAIN, LATEST_AGAIN = timedelta(days=1), timedelta(days=30)
#: After the first failure of a page; doubled with each further one, up to `LATEST_AGAIN`.
FIRST_RETRY = timedelta(minutes=15)
#: Known pages that one gather looks at again, and pages of articles that their source dropped: the
#: server should hardly notice us.
AGAIN_AT_MOST, DROPPED_AT_MOST = 20, 5
#: Failures in a row after which the rest is left for another time: the server is down.
FAILURES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of a round: drafts as far as their pages could be read.

    `pending` tells how many pages were not tried yet.
    """

    drafts: tuple[Draft, ...]
    pending: int


class Completion:
    """Reads articles' own pages through one client. One thread at a time."""

    def __init__(
        self,
        store: PageStore,
        client: Client,
        now: datetime,
        *,
        stop: threading.Event | None = None,
        progress: Progress = silent,
        source: str = "",
    ) -> None:
        self._store = store
        self._client = client
        self._now = now
        self._stop = stop or threading.Event()
        self._progress = progress
        self._source = source
        self._again = AGAIN_AT_MOST
        self._row = 0

    def complete(self, drafts: Sequence[Draft], batch: int) -> Completed:
        """Fetch at most `batch` pages that are due, and put what is known of all into the drafts.

        Drafts without text whose page was never read, and those whose page is gone, are left out.
        """
        keys = [None if d.link is None else address_key(d.link) for d in drafts]
        states = self._store.load(key for key in keys if key is not None)
        due = [
            (key, draft)
            for key, draft in zip(keys, drafts, strict=True)
            if key is not None and self._is_due(states.get(key), draft)
        ]
        tried = 0
        for key, draft in due[:batch]:
            if self._stop.is_set() or self._row >= FAILURES_IN_A_ROW:
                break
            self._progress(self._source, len(drafts) - len(due) + tried, len(drafts))
            assert draft.link is not None
            states[key] = self._look(key, draft.link, states.get(key), stated_of(draft))
            self._store.save([states[key]])
            tried += 1
        pending = 0 if self._row >= FAILURES_IN_A_ROW else len(due) - tried
        whole = (
            completed(draft, states.get(key) if key is not None else None)
            for key, draft in zip(keys, drafts, strict=True)
        )
        return Completed(tuple(draft for draft in whole if draft is not None), pending)

    def gone(self, dropped: Sequence[DroppedArticle]) -> list[str]:
        """The ids of those dropped articles whose page is gone, after looking at a few."""
        by_key = {
            key: article for article in dropped if (key := address_key(article.link)) is not None
        }
        states = self._store.load(by_key)
        looked = 0
        for key, article in by_key.items():
            if looked >= DROPPED_AT_MOST or self._stop.is_set() or self._row >= FAILURES_IN_A_ROW:
                break
            state = states.get(key)
            seen_since = state is not None and state.checked_at >= article.dropped_at
            if state is not None and seen_since and self._now < _next_look(state):
                continue
            states[key] = self._look(key, article.link, state, state.stated if state else None)
            self._store.save([states[key]])
            looked += 1
        return [by_key[key].id for key, state in states.items() if state.gone]

    def listed_again(self, links: Iterable[str]) -> None:
        """The source lists these: what was known of their absence no longer counts."""
        keys = {key for link in links if (key := address_key(link)) is not None}
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
        if state.missing_since is None and state.stated != stated_of(draft):
            return True
        if self._again > 0 and self._now >= _next_look(state):
            self._again -= 1
            return True
        return False

    def _look(self, key: str, url: str, state: PageState | None, stated: str | None) -> PageState:
        """Ask for a page; what is known of it now. Never raises: a failure is a state too."""
        before = state or PageState(key, url, first_checked=self._now, checked_at=self._now)
        try:
            response = self._client.get(
                url,
                crawled=True,
                etag=before.etag if before.content else None,
                last_modified=before.last_modified if before.content else None,
            )
        except FetchError as error:
            if error.gone:
                self._row = 0
                return _missing(before, self._now)
            self._row += 1
            logger.info("an article's page could not be read: %s", error)
            return _failed(before, self._now, error)
        self._row = 0
        content = before.content if response.status == 304 else _content(response)
        if content is None:
            logger.info("no article was found on %s", url)
        return replace(
            before,
            url=url,
            checked_at=self._now,
            etag=response.etag,
            last_modified=response.last_modified,
            stated=stated,
            content=content or before.content,
            missing_since=None,
            gone=False,
            failures=0,
            retry_at=None,
        )


def stated_of(draft: Draft) -> str:
    """Names what a source says of an article: when it says something else, its page changed."""
    updated = draft.updated.isoformat() if draft.updated else ""
    return digest(f"{draft.title}\n{updated}\n{fingerprint(draft.text)}")


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
    pause = min(FIRST_RETRY * 2 ** min(before.failures, 20), LATEST_AGAIN)
    asked = timedelta(seconds=error.retry_after or 0)
    return replace(
        before, checked_at=now, failures=before.failures + 1, retry_at=now + max(pause, asked)
    )


def _next_look(state: PageState) -> datetime:
    if state.retry_at is not None:
        return state.retry_at
    if state.missing_since is not None and not state.gone:
        return state.missing_since + MISSING_FOR
    known_for = state.checked_at - state.first_checked
    return state.checked_at + min(max(known_for / 10, SOONEST_AGAIN), LATEST_AGAIN)
