"""What an address or a path may be: the sources that could be made of it, likeliest first.

address -> one page -> its content -> a feed, a sitemap, or a web page that leads to them
path -> what lies there -> a folder of articles, of saved pages, or a channel's export

Nothing here is sure: whoever asks tries each with the real reader and takes the first that reads.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.errors import UsageError
from retrieval.errors import SourceError
from retrieval.sources.reading import Fetch, Page
from retrieval.web.decoding import decoded

#: Where feeds lie on most sites, below a blog's address or at the root.
USUAL_FEEDS = ("feed", "rss.xml", "atom.xml", "index.xml", "feed.xml")
USUAL_SITEMAP = "sitemap.xml"
#: Feeds that one page announces, sitemaps that one robots.txt names: more are not tried.
MOST_ANNOUNCED = 5
#: Files of a folder that are looked at to tell what it holds.
MOST_FILES = 10_000

_ARTICLES = frozenset((".md", ".markdown", ".mdx", ".html", ".htm", ".xhtml"))
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://")
_HOST = re.compile(
    r"^(?!mailto:)(?:[^\s/?#@]+@)?(?:localhost|\[[0-9a-fA-F:.]+\]|[^\s/?#:@]+\.[^\s/?#:@.]+)(?::\d+)?(?=[/?#]|$)",
    re.IGNORECASE,
)
_NAME = re.compile(r'"name"\s*:\s*("(?:[^"\\]|\\.)*")')
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that could be: its kind, what that kind needs to find it, what it calls itself.

    `sure` says that the content itself was seen to be of this kind, so that a source without any
    article is one too.
    """

    kind: str
    fields: Mapping[str, Any]
    title: str | None = field(default=None, compare=False)
    sure: bool = field(default=False, compare=False)

    @property
    def where(self) -> str:
        """The address or the path."""
        return str(next(iter(self.fields.values())))


def addresses(given: str) -> tuple[str, ...]:
    """The http addresses that were meant, to be tried in turn; none where it is no address."""
    text = given.strip()
    # `feed:` is how some pages ask a feed reader to open them.
    text = re.sub(r"^feed:(?://)?(?=https?://)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^feed://", "", text, flags=re.IGNORECASE)
    scheme = _SCHEME.match(text)
    if scheme:
        return (text,) if scheme[0].lower() in ("http://", "https://") else ()
    return (f"https://{text}", f"http://{text}") if _HOST.match(text) else ()


def on_the_web(page: Page, url: str, fetch: Fetch) -> Iterator[Candidate]:
    """The sources that a page may be or lead to. `fetch` is asked for robots.txt only.

    Whatever else the page may say is left to the readers: nothing is raised.
    """
    if (feed := _feed(page)) is not None:
        yield Candidate("feed", {"url": url}, feed or None, sure=True)
        return
    if _is_sitemap(page):
        yield Candidate("sitemap", {"url": url}, sure=True)
        return
    head = _Head.of(page)
    if head is None:
        # Whatever it is: these readers say best what is wrong with it.
        yield Candidate("feed", {"url": url})
        yield Candidate("sitemap", {"url": url})
        return
    for announced in head.feeds:
        yield Candidate("feed", {"url": announced}, head.title)
    yield Candidate("listing", {"url": url}, head.title)
    title = head.title
    for usual in _usual(page.url):
        yield Candidate("feed", {"url": usual}, title)
    for sitemap in (*_sitemaps_of(page.url, fetch), urljoin(page.url, f"/{USUAL_SITEMAP}")):
        yield Candidate("sitemap", {"url": sitemap}, title)


def on_disk(path: Path) -> Iterator[Candidate]:
    """The sources that a file or a folder may be. Raises `UsageError` where it cannot be any."""
    if path.is_dir():
        yield from _in_folder(path)
    elif path.suffix.lower() == ".json":
        yield Candidate("telegram", {"file": path}, _channel(path))
    elif path.suffix.lower() in (".opml", ".xml"):
        raise UsageError(
            f"{path} is a file: give the address of a feed, or if this is a list of feeds (OPML),"
            f" archive-bot source import {path}"
        )
    else:
        raise UsageError(f"{path} is a file: give the folder that holds it, or an address")


@dataclass(frozen=True, slots=True)
class _Head:
    """What the head of a web page says of it."""

    title: str | None
    feeds: tuple[str, ...]

    @classmethod
    def of(cls, page: Page) -> _Head | None:
        """None where the page is no HTML."""
        from selectolax.lexbor import LexborHTMLParser

        from retrieval.sources.feed import FEED_TYPES
        from retrieval.sources.feeds.entries import address
        from retrieval.sources.feeds.envelope import is_html

        text = decoded(page.body, page.charset, "html")
        if page.media_type not in ("text/html", "application/xhtml+xml") and not is_html(text):
            return None
        tree = LexborHTMLParser(text)
        base = tree.css_first("base[href]")
        start = urljoin(page.url, (base.attributes.get("href") or "") if base else "")
        found: dict[str, bool] = {}
        for link in tree.css("link[rel~=alternate][href]"):
            kind = (link.attributes.get("type") or "").split(";")[0].strip().lower()
            url = address(link.attributes.get("href"), start)
            if kind in FEED_TYPES and url:
                words = f"{url} {link.attributes.get('title') or ''}".casefold()
                found.setdefault(url, "comment" in words or "评论" in words)
        # Comments come last: a stable sort keeps the page's own order otherwise.
        feeds = tuple(sorted(found, key=lambda url: found[url]))[:MOST_ANNOUNCED]
        site = tree.css_first('meta[property="og:site_name"][content]')
        title = tree.css_first("title")
        named = (site.attributes.get("content") if site else None) or (title and title.text())
        return cls((named or "").strip() or None, feeds)


def _feed(page: Page) -> str | None:
    """The title of a feed, empty where it has none; None where the page is no feed."""
    from retrieval.sources.feed import parse_feed

    try:
        return parse_feed(page).title or ""
    except SourceError:
        return None


def _is_sitemap(page: Page) -> bool:
    from retrieval.sources.sitemap import parse_sitemap

    if not page.body.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith((b"<", b"\x1f\x8b")):
        return False
    try:
        parse_sitemap(page, page.url)
    except SourceError:
        return False
    return True


def _usual(url: str) -> Iterator[str]:
    """Below the page itself, then at the root of the site, each once."""
    below = url.partition("?")[0].partition("#")[0].rstrip("/") + "/"
    roots = (below, urljoin(url, "/"))
    yield from dict.fromkeys(urljoin(root, usual) for root in roots for usual in USUAL_FEEDS)


def _sitemaps_of(url: str, fetch: Fetch) -> list[str]:
    try:
        page = fetch(urljoin(url, "/robots.txt"), crawled=False)
    except SourceError:
        return []
    text = decoded(page.body, page.charset, "text")
    found = dict.fromkeys(urljoin(page.url, line) for line in _SITEMAP_LINE.findall(text))
    return [link for link in found if urlsplit(link).scheme in ("http", "https")][:MOST_ANNOUNCED]


def _in_folder(folder: Path) -> Iterator[Candidate]:
    title = folder.resolve().name
    export = folder / "result.json"
    if export.is_file():
        yield Candidate("telegram", {"file": export}, _channel(export))
    files = islice((file for file in folder.rglob("*") if file.is_file()), MOST_FILES)
    endings = Counter(file.suffix.lower() for file in files)
    if not endings:
        raise UsageError(f"{folder} holds no file")
    articles = sum(count for ending, count in endings.items() if ending in _ARTICLES)
    kinds = ["folder"] if articles else []
    if endings[".txt"]:
        kinds.insert(0 if endings[".txt"] > articles else len(kinds), "snapshots")
    for kind in kinds:
        yield Candidate(kind, {"folder": folder}, title)
    if not kinds and not export.is_file():
        raise UsageError(
            f"{folder} holds no articles: neither Markdown, HTML nor saved pages (.txt), nor a"
            " channel's result.json"
        )


def _channel(export: Path) -> str | None:
    """What the channel of an export is called; it stands near the beginning of a large file."""
    try:
        with export.open(encoding="utf-8", errors="replace") as stream:
            named = _NAME.search(stream.read(4096))
        return str(json.loads(named[1])) if named else None
    except (OSError, ValueError):
        return None
