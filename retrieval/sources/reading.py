"""What a reader brings home, what it may ask for, and what it is asked through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from retrieval.article import Draft


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered with, whole and within the limits.

    `url` is where the body really came from, after redirects: what relative links start at.
    `media_type` is lower-case and without parameters, `charset` as the header said; both None
    where the header said nothing.
    """

    url: str
    body: bytes
    media_type: str | None = None
    charset: str | None = None


class Fetch(Protocol):
    """Fetches for one reading."""

    def __call__(self, url: str, *, crawled: bool = True, older: bool = False) -> Page:
        """The page at an http or https address; `crawled` ones ask robots.txt first.

        `older` ones show what was listed before the pages fetched so far: while those are as they
        were, what was stored of it within a day may be given.

        Raises `SourceError` (a `FetchError` where the server answered or failed to).
        """


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a source holds now: drafts newest first, no article twice."""

    drafts: tuple[Draft, ...]


class Reader(Protocol):
    """One source of articles."""

    @property
    def name(self) -> str:
        """The source's name, unique among all sources."""

    @property
    def kind(self) -> str:
        """The kind of source, as in the sources file."""

    def read(self, fetch: Fetch) -> Reading:
        """Read the whole source. Raises `SourceError` and then has changed nothing."""


def no_fetch(url: str, *, crawled: bool = True, older: bool = False) -> Page:
    """For readers of files: whoever fetches with this has mistaken the kind of source."""
    raise AssertionError(f"{url} was about to be fetched by a reader of files")
