"""The one place where settings, the archive and Telegram meet: reads as a list of parts."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from bot.application import BotApplication, build_application
from bot.asking import LocalLibrary
from bot.schedule import beside
from bot.terminal import TERMINAL_TOKEN, TerminalRequest
from config.settings import Settings
from config.sources import (
    FeedSource,
    FolderSource,
    ListingSource,
    SitemapSource,
    SnapshotsSource,
    Source,
    TelegramSource,
)
from retrieval.archive.opening import Archive
from retrieval.embedding import SentenceEmbedder
from retrieval.gathering import Gatherer
from retrieval.index.following import Follower
from retrieval.progress import Progress, silent
from retrieval.search.answering import Answerer
from retrieval.sources.reading import Reader
from retrieval.sources.snapshot import SnapshotReader

# Their parsers cost time to import, so each is imported when a source of its kind is read.


def _feed(source: FeedSource) -> Reader:
    from retrieval.sources.feed import FeedReader

    return FeedReader(
        name=source.name, url=source.url, pages=source.pages, encoding=source.encoding
    )


def _listing(source: ListingSource) -> Reader:
    from retrieval.sources.listing import ListingReader

    return ListingReader(
        name=source.name,
        url=source.url,
        pages=source.pages,
        page_pattern=source.page_pattern,
        first_page=source.first_page,
        next_selector=source.next,
        filters=source.filters,
        card=source.card,
        title=source.title,
        link=source.link,
        date=source.date,
        tags=source.tags,
        excerpt=source.excerpt,
        encoding=source.encoding,
    )


def _sitemap(source: SitemapSource) -> Reader:
    from retrieval.sources.sitemap import SitemapReader

    return SitemapReader(
        name=source.name,
        url=source.url,
        include=source.include,
        exclude=source.exclude,
        limit=source.limit,
    )


def _folder(source: FolderSource) -> Reader:
    from retrieval.sources.folder import FolderReader

    return FolderReader(
        name=source.name,
        folder=source.folder,
        pattern=source.pattern,
        base_url=source.base_url,
        permalink=source.permalink,
        encoding=source.encoding,
    )


def _telegram(source: TelegramSource) -> Reader:
    from retrieval.sources.telegram import TelegramExportReader

    return TelegramExportReader(name=source.name, file=source.file, channel=source.channel)


def _snapshots(source: SnapshotsSource) -> Reader:
    return SnapshotReader(
        name=source.name,
        folder=source.folder,
        page_url=source.page_url,
        heading=source.heading,
        encoding=source.encoding,
        pattern=source.pattern,
    )


#: A reader for each kind of source: a new kind is one entry.
_READERS: Mapping[type[Source], Callable[[Any], Reader]] = {
    FeedSource: _feed,
    ListingSource: _listing,
    SitemapSource: _sitemap,
    FolderSource: _folder,
    TelegramSource: _telegram,
    SnapshotsSource: _snapshots,
}


def reader_of(source: Source) -> Reader:
    """What reads this source."""
    return _READERS[type(source)](source)


def archive_file(settings: Settings) -> Path:
    """Where the archive is kept."""
    return settings.data_dir / "archive.sqlite3"


def index_folder(settings: Settings) -> Path:
    """Where the index is kept."""
    return settings.data_dir / "index"


def embedder_of(settings: Settings) -> SentenceEmbedder:
    """The embedding model; nothing is loaded yet."""
    return SentenceEmbedder(
        settings.embedding.model,
        batch_size=settings.embedding.batch_size,
        threads=settings.embedding.threads,
    )


@contextlib.contextmanager
def opened_archive(settings: Settings) -> Iterator[Archive]:
    """The archive, brought up to date."""
    archive = Archive.open(URL.create("sqlite", database=str(archive_file(settings))))
    try:
        yield archive
    finally:
        archive.close()


def gatherer_of(settings: Settings, archive: Archive, progress: Progress = silent) -> Gatherer:
    """Everything that gathers the sources of the settings."""
    return Gatherer(archive, [reader_of(source) for source in settings.sources], progress=progress)


@contextlib.contextmanager
def owned_index(
    settings: Settings, archive: Archive, command: str, progress: Progress = silent
) -> Iterator[tuple[Follower, Answerer]]:
    """The index, owned by this process, not yet opened, and what answers from it.

    Raises `IndexOwned`.
    """
    embedder = embedder_of(settings)
    follower = Follower(archive, index_folder(settings), embedder, progress)
    answerer = Answerer(
        archive,
        follower,
        embedder,
        hits=settings.search.hits,
        candidates=settings.search.candidates,
        threshold=settings.search.threshold,
    )
    follower.start(command)
    try:
        yield follower, answerer
    finally:
        follower.close()


@contextlib.asynccontextmanager
async def living_library(
    settings: Settings,
    archive: Archive,
    follower: Follower,
    answerer: Answerer,
    *,
    gathers: bool,
    patience: float,
) -> AsyncIterator[LocalLibrary]:
    """The library that handlers ask, with everything that goes on beside it."""
    library = LocalLibrary(archive, follower, answerer, patience=patience)
    gatherer = gatherer_of(settings, archive) if gathers and settings.sources else None
    async with (
        library,
        beside(
            library,
            follower,
            gatherer,
            follow_interval=settings.index.follow_interval,
            gather_interval=settings.gather.interval,
        ),
    ):
        yield library


def telegram_application(settings: Settings, library: LocalLibrary, token: str) -> BotApplication:
    """The bot as Telegram will meet it."""
    proxy = settings.telegram.proxy
    return build_application(
        library,
        token=token,
        base_url=settings.telegram.base_url,
        proxy=proxy.get_secret_value() if proxy is not None else None,
        latest_limit=settings.latest.limit,
    )


def terminal_application(settings: Settings, library: LocalLibrary) -> BotApplication:
    """The very same bot, speaking to a terminal."""
    request = TerminalRequest()
    return build_application(
        library,
        token=TERMINAL_TOKEN,
        request=request,
        get_updates_request=request,
        latest_limit=settings.latest.limit,
    )
