"""Settings of sources meet what reads, fetches and gathers them: a part of the assembly."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

from config.settings import Settings
from config.sources import (
    FeedSource,
    FolderSource,
    ListingSource,
    SitemapSource,
    SnapshotsSource,
    Source,
    TelegramSource,
    WebSource,
)
from retrieval import gathering
from retrieval.archive.opening import Archive
from retrieval.identity import digest
from retrieval.progress import Progress, silent
from retrieval.sources.reading import Fetch, Reader
from retrieval.sources.snapshot import SnapshotReader
from retrieval.visiting import Visit

if TYPE_CHECKING:
    from retrieval.web.hosts import Hosts
    from retrieval.web.http import Web

#: Counted up when readers read the same body otherwise: then every source is read anew.
READERS_VERSION = 1

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


def user_agent(settings: Settings) -> str:
    """Who we say we are: what RFC 9110, 10.1.5 asks for, with whom to write to in a comment."""
    contact = settings.fetch.contact
    if contact is not None and contact.startswith(("http://", "https://")):
        contact = f"+{contact}"
    return f"archive-bot/{metadata.version('archive-bot')}" + (f" ({contact})" if contact else "")


def web_of(settings: Settings, source: Source, hosts: Hosts | None = None) -> Web | None:
    """What fetches for this source; None for sources that are files. `hosts` is shared by all."""
    if not isinstance(source, WebSource):
        return None
    from retrieval.web.hosts import Hosts
    from retrieval.web.http import Web

    proxy = source.proxy or settings.fetch.proxy
    return Web(
        user_agent=user_agent(settings),
        hosts=hosts or Hosts(pause=settings.fetch.pause),
        proxy=proxy.get_secret_value() if proxy is not None else None,
        allow_private=source.allow_private or settings.fetch.allow_private,
        timeout=settings.fetch.timeout,
        largest=settings.fetch.largest * 2**20,
    )


@contextlib.contextmanager
def plain_fetch(settings: Settings, source: Source) -> Iterator[Fetch]:
    """Fetches for one reading of a source, by its settings, remembering nothing."""
    web = web_of(settings, source)
    try:
        yield Visit(web, {}, _now())
    finally:
        if web is not None:
            web.close()


def gathered_source(settings: Settings, source: Source, hosts: Hosts) -> gathering.Source:
    """The source as it is gathered."""
    follow = isinstance(source, SitemapSource) or getattr(source, "follow", False)
    return gathering.Source(
        reader=reader_of(source),
        client=web_of(settings, source, hosts),
        interval=source.interval or settings.gather.interval,
        follow=follow,
        settings=digest(f"{READERS_VERSION} {source.model_dump_json(exclude={'interval'})}"),
        batch=settings.fetch.batch,
    )


def _now() -> datetime:
    return datetime.now(UTC)


@contextlib.contextmanager
def gatherer_of(
    settings: Settings,
    archive: Archive,
    progress: Progress = silent,
    clock: Callable[[], datetime] = _now,
) -> Iterator[gathering.Gatherer]:
    """Everything that gathers the sources of the settings."""
    from retrieval.web.hosts import Hosts

    hosts = Hosts(pause=settings.fetch.pause)
    sources = [gathered_source(settings, source, hosts) for source in settings.sources]
    gatherer = gathering.Gatherer(archive, sources, clock=clock, progress=progress)
    try:
        yield gatherer
    finally:
        gatherer.close()
