"""One reading's requests: conditional, answered from what is stored where nothing changed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from retrieval.archive.responses import StoredResponse
from retrieval.errors import FetchError
from retrieval.sources.reading import Page

if TYPE_CHECKING:
    from retrieval.web.http import Response

#: However long a server says that an answer stays fresh, it is asked again after a day.
LONGEST_FRESH = timedelta(days=1)
#: Further pages of a list are asked for anew after so long even if its first ones did not change.
OLDER_KEPT = timedelta(days=1)


class Client(Protocol):
    """What gets a page; see `retrieval.web.http.Web`."""

    def get(
        self,
        url: str,
        *,
        crawled: bool,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Response:
        """Ask for an address. Raises `FetchError`."""

    def close(self) -> None:
        """Give the connections back."""


class Stopped(FetchError):
    """The work was stopped between two requests; what was committed is kept."""


class Visit:
    """The `Fetch` of one reading of one source; remembers what it was answered.

    `fresh` answers are taken without asking unless `force`. Nothing is stored here: whoever
    commits the reading commits `answers` with it.
    """

    def __init__(
        self,
        client: Client | None,
        stored: Mapping[str, StoredResponse],
        now: datetime,
        *,
        force: bool = False,
        stop: threading.Event | None = None,
    ) -> None:
        self._client = client
        self._stored = stored
        self._now = now
        self._force = force
        self._stop = stop or threading.Event()
        self._answers: dict[str, StoredResponse] = {}
        self.changed = False

    @property
    def answers(self) -> tuple[StoredResponse, ...]:
        """What the addresses that were wanted answered, each once."""
        return tuple(self._answers.values())

    def __call__(self, url: str, *, crawled: bool = True, older: bool = False) -> Page:
        if url not in self._answers:
            self._answers[url] = self._answer(url, crawled=crawled, older=older)
        answer = self._answers[url]
        return Page(answer.location, answer.body, answer.media_type, answer.charset)

    def _answer(self, url: str, *, crawled: bool, older: bool) -> StoredResponse:
        before = self._stored.get(url)
        if before is not None and not self._force:
            still_fresh = before.fresh_until is not None and before.fresh_until > self._now
            settled = older and not self.changed and self._now < before.asked_at + OLDER_KEPT
            if still_fresh or settled:
                return before
        response, moved_to = self._ask(url, before, crawled=crawled)
        fresh = min(timedelta(seconds=response.fresh_for), LONGEST_FRESH)
        fresh_until = self._now + fresh if fresh else None
        if response.status == 304 and before is not None:
            return replace(
                before,
                asked_at=self._now,
                etag=response.etag or before.etag,
                last_modified=response.last_modified or before.last_modified,
                fresh_until=fresh_until,
                moved_to=moved_to,
            )
        answer = StoredResponse(
            url=url,
            location=response.url,
            body=response.body,
            asked_at=self._now,
            etag=response.etag,
            last_modified=response.last_modified,
            fresh_until=fresh_until,
            moved_to=moved_to,
            media_type=response.media_type,
            charset=response.charset,
        )
        if before is None or (before.body, before.location) != (answer.body, answer.location):
            self.changed = True
        return answer

    def _ask(
        self, url: str, before: StoredResponse | None, *, crawled: bool
    ) -> tuple[Response, str | None]:
        """The answer, and where the address has moved for good, if anywhere."""
        if self._client is None:
            raise FetchError(f"{url} is no file, and this kind of source reads files alone")
        if self._stop.is_set():
            raise Stopped("the work was stopped; the next gather goes on from there")
        etag = before.etag if before else None
        last_modified = before.last_modified if before else None
        known = before.moved_to if before else None
        if known is not None:
            try:
                response = self._client.get(
                    known, crawled=crawled, etag=etag, last_modified=last_modified
                )
                return response, _never_plainer(url, response.moved_to or known)
            except FetchError as error:
                if error.retry_after is not None:
                    raise
                # It moved once more, or came back: ask where it was before.
        response = self._client.get(url, crawled=crawled, etag=etag, last_modified=last_modified)
        return response, _never_plainer(url, response.moved_to)


def _never_plainer(url: str, moved_to: str | None) -> str | None:
    """No redirect makes us forget that an address was asked for by https."""
    if moved_to and url.startswith("https:") and not moved_to.startswith("https:"):
        return None
    return moved_to
