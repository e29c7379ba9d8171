"""A feed on a real server, gathered again and again into a real archive, day after day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.gathering import Gatherer, GatherReport, Source
from retrieval.sources.feed import FeedReader
from retrieval.sources.reading import Reader
from retrieval.web.hosts import Hosts
from retrieval.web.http import Web
from tests.retrieval.feeds_made import Post, rss
from tests.web_server import Site

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)


def client(**options: object) -> Web:
    """A client that may reach this machine and does not dawdle."""
    every = {"user_agent": "archive-bot/test", "hosts": Hosts(pause=0), "allow_private": True}
    return Web(**{**every, **options})  # type: ignore[arg-type]


class Blog:
    """One source over an archive; `now` is the clock of its gathers."""

    def __init__(
        self, archive: Archive, site: Site, web: Web, name: str = "blog", **source: object
    ) -> None:
        self.archive = archive
        self.site = site
        self.now = NOW
        self.name = name
        self.path = f"/{name}.xml"
        reader: Reader = source.pop("reader", None) or FeedReader(name, site.address + self.path)  # type: ignore[assignment]
        self.source = Source(reader, web, **source)  # type: ignore[arg-type]
        self.beside: list[Source] = []

    def publish(self, *posts: Post) -> None:
        self.site.put(self.path, rss(posts), media_type="application/rss+xml")

    def gatherer(self) -> Gatherer:
        sources = [self.source, *self.beside]
        return Gatherer(self.archive, sources, clock=lambda: self.now, chance=lambda: 0.5)

    def gather(self, *posts: Post, later: timedelta = timedelta(hours=1)) -> IntakeReport:
        """Publish these posts, if any, and gather them an hour later; nothing may fail."""
        if posts:
            self.publish(*posts)
        report = self.try_to_gather(later=later)
        assert report.failures == ()
        (one,) = report.sources
        assert one.intake is not None, one
        return one.intake

    def try_to_gather(self, later: timedelta = timedelta(hours=1)) -> GatherReport:
        self.now += later
        return GatherReport((self.gatherer().gather_one(self.source),))

    def announced(self) -> list[str]:
        """The titles, as they are now, of what the log calls new, in order."""
        log = self.archive.changes.since(0, 10_000)
        news = [change.article_id for change in log if change.kind == "new"]
        titles = self.archive.articles.by_id(news)
        return [titles[own].title if own in titles else own for own in news]

    def latest(self) -> list[str]:
        return [article.title for article in self.archive.articles.latest(1000)]

    def dropped(self) -> int:
        return sum(state.dropped for state in self.archive.fetches.states())


def titles(posts: Sequence[Post]) -> list[str]:
    return [post.title or "" for post in posts]
