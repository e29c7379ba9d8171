"""Sitemaps -> the addresses of articles: https://www.sitemaps.org/protocol.html.

sitemap index -> sitemaps (XML, gzip or plain text) -> addresses -> drafts without text

The text of an article is fetched from its own page by whoever asked for the whole article.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urldefrag, urlsplit

from retrieval.article import Draft
from retrieval.dates import parse_moment
from retrieval.errors import SourceError
from retrieval.sources.links import absolute, may_be_article, related_hosts
from retrieval.sources.reading import Fetch, Page, Reading
from retrieval.web.decoding import decoded

#: Files. An index of more belongs to a site of millions of pages, most of them no articles.
MOST_FILES = 50
#: Index files one below the other; the protocol allows one, some generators write two.
DEEPEST = 3
#: Bytes, unpacked: the protocol's own limit for one file.
LARGEST_FILE = 50 * 1024 * 1024
#: Addresses in one file: the protocol's own limit.
MOST_ADDRESSES = 50_000


@dataclass(frozen=True, slots=True)
class SitemapReader:
    """Reads a sitemap with all that it names. One file that cannot be read fails the reading.

    `include` and `exclude` are shell patterns, several parted by spaces, over a whole address, or
    over its path where a pattern begins with a slash. An address that `include` does not name is
    left out; without it, those are that are clearly no article. `limit` counts drafts, the newest.
    """

    name: str
    url: str
    include: str | None = None
    exclude: str | None = None
    limit: int = 5000
    kind: str = "sitemap"

    def read(self, fetch: Fetch) -> Reading:
        """Drafts without text, last changed first, then those without a date as the files go.

        Raises `SourceError` naming the file that cannot be read, or what leaves no address over.
        """
        drafts: dict[str, Draft] = {}
        others = 0
        for draft in self._listed(fetch):
            address = draft.link or ""
            if not related_hosts(address, self.url):
                others += 1
            elif self._wanted(address):
                drafts.setdefault(urldefrag(address).url, draft)
        if not drafts:
            raise SourceError(f"{self.url} {self._why_nothing(others)}")
        newest_first = sorted(drafts.values(), key=_age)
        return Reading(drafts=tuple(newest_first[: self.limit]))

    def _listed(self, fetch: Fetch) -> Iterator[Draft]:
        """What all files list, in the order in which they are named."""
        waiting = [(self.url, 0)]
        seen: set[str] = set()
        while waiting:
            address, depth = waiting.pop(0)
            if address in seen:
                continue
            if len(seen) == MOST_FILES:
                raise SourceError(
                    f"{self.url} names more than {MOST_FILES} sitemaps; set `url` of this source "
                    "to the one of them that lists the articles"
                )
            if depth > DEEPEST:
                raise SourceError(
                    f"{address} is a sitemap more than {DEEPEST} index files below {self.url}; "
                    "set `url` of this source to the sitemap that lists the articles"
                )
            seen.add(address)
            sitemaps, drafts = parse_sitemap(fetch(address, crawled=False), address)
            yield from drafts
            waiting[:0] = [
                (sitemap, depth + 1) for sitemap in sitemaps if related_hosts(sitemap, self.url)
            ]

    def _wanted(self, address: str) -> bool:
        if self.exclude and _named_by(self.exclude, address):
            return False
        return _named_by(self.include, address) if self.include else may_be_article(address)

    def _why_nothing(self, others: int) -> str:
        if others:
            return (
                "lists addresses of other sites only; set `url` of this source to the sitemap "
                "at the address under which the site itself is read"
            )
        if self.include or self.exclude:
            return "lists no address that `include` and `exclude` of this source leave; mend them"
        return (
            "lists no address that looks like an article's; set `include` of this source to a "
            "pattern of those that are, such as /posts/*"
        )


def _age(draft: Draft) -> tuple[bool, float]:
    moment: datetime | None = draft.updated or draft.published
    return moment is None, -moment.timestamp() if moment else 0.0


def _named_by(patterns: str, address: str) -> bool:
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return any(
        fnmatchcase(path if pattern.startswith("/") else address, pattern)
        for pattern in patterns.split()
    )


def parse_sitemap(page: Page, address: str) -> tuple[list[str], list[Draft]]:
    """The sitemaps that a file names, and the drafts it lists; one of both is empty.

    Raises `SourceError` naming the address where the file is none, is damaged or too large.
    """
    text = decoded(_unpacked(page.body, address), page.charset, "xml").strip().strip("\0")
    if not text:
        raise SourceError(f"{address} is empty; set `url` of this source to the site's sitemap")
    if text.startswith("<"):
        return _from_xml(text, page.url, address)
    return [], list(_from_lines(text, address))


def _unpacked(body: bytes, address: str) -> bytes:
    """The body without gzip, which a file named .gz has of its own, beside that of the transfer."""
    unpacked = bytearray()
    while body.startswith(b"\x1f\x8b"):
        stream = zlib.decompressobj(wbits=31)
        try:
            unpacked += stream.decompress(body, LARGEST_FILE + 1 - len(unpacked))
        except zlib.error as error:
            raise SourceError(f"{address} is damaged: its gzip does not unpack") from error
        if len(unpacked) > LARGEST_FILE:
            break
        if not stream.eof:
            raise SourceError(f"{address} is cut short: its gzip ends too early")
        body = stream.unused_data
    else:
        unpacked = unpacked or bytearray(body)
    if len(unpacked) > LARGEST_FILE:
        raise SourceError(
            f"{address} is larger than {LARGEST_FILE >> 20} MiB, more than a sitemap may be; "
            "set `url` of this source to a smaller one"
        )
    return bytes(unpacked)


def _from_xml(text: str, base: str, address: str) -> tuple[list[str], list[Draft]]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(text)
    except DefusedXmlException as error:
        raise SourceError(
            f"{address} defines entities of its own, which no sitemap needs and an attack would; "
            "it is not read"
        ) from error
    except (ParseError, ValueError) as error:
        if re.match(r"<(?:!doctype\s+html|html)\b", text, re.IGNORECASE):
            raise _no_sitemap(address, "a web page") from error
        raise SourceError(f"{address} is no whole XML, so not read: {error}") from error
    what = _local(root)
    if what not in ("urlset", "sitemapindex"):
        raise _no_sitemap(address, "a web page" if what == "html" else f"XML of the kind <{what}>")
    sitemaps: list[str] = []
    drafts: list[Draft] = []
    for entry in root:
        if len(sitemaps) + len(drafts) == MOST_ADDRESSES:
            break
        link = absolute(_child_text(entry, "loc"), base)
        if link and _local(entry) == "sitemap":
            sitemaps.append(link)
        elif link and _local(entry) == "url":
            drafts.append(_draft(entry, link))
    return sitemaps, drafts


def _no_sitemap(address: str, what: str) -> SourceError:
    return SourceError(
        f"{address} is {what}, not a sitemap; set `url` of this source to the site's sitemap, "
        "which robots.txt of the site names"
    )


def _draft(entry: Any, link: str) -> Draft:
    news = next((child for child in entry if _local(child) == "news"), None)
    title = published = None
    if news is not None:
        title = " ".join(_child_text(news, "title").split()) or None
        published = parse_moment(_child_text(news, "publication_date"))
    updated = parse_moment(_child_text(entry, "lastmod"))
    return Draft(link=link, title=title, published=published, updated=updated)


def _local(element: Any) -> str:
    """An element's name without its namespace, which generators often get wrong."""
    return str(element.tag).rpartition("}")[2].lower()


def _child_text(element: Any, name: str) -> str:
    return next((str(child.text or "").strip() for child in element if _local(child) == name), "")


def _from_lines(text: str, address: str) -> Iterator[Draft]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    links = [line for line in lines[:MOST_ADDRESSES] if re.match(r"https?://\S+$", line)]
    if 2 * len(links) < min(len(lines), MOST_ADDRESSES):
        raise _no_sitemap(address, "neither XML nor a list of addresses")
    return (Draft(link=link) for link in links if absolute(link, address))
