"""A feed whose articles come out in slices while the bot runs; each carries a tag and its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.campaign.feed import told
from tests.retrieval.feeds_made import DAY
from tests.web_server import Site

#: Every tag is on one article in ten.
TAGS = ("LLM", "数据库", "Go", "网络", "Rust", "安全", "Kernel", "前端", "Queues", "算法")
#: Posts that the feed shows: more than come out while a bot is away.
_SHOWN = 300


@dataclass(frozen=True)
class Item:
    """An article of the feed, by its number; the higher the newer. `edition` counts its titles."""

    number: int
    link: str
    edition: int = 0

    @property
    def tag(self) -> str:
        return TAGS[self.number % len(TAGS)]

    @property
    def title(self) -> str:
        # Every seventh is one that careless senders break on.
        name = f"C#<T> & _x_ {self.number}" if self.number % 7 == 0 else f"Note {self.number}"
        return f"{name}, edition {self.edition + 1}"

    @property
    def text(self) -> str:
        return told(self.number)

    def says(self, *words: str) -> bool:
        """Whether it holds any of these words."""
        return any(re.search(rf"\b{word}\b", self.text) for word in words)


class News:
    """The feed at `address`. Nothing is on it before the first `publish`."""

    path = "/news.xml"

    def __init__(self, site: Site) -> None:
        self._site = site
        self.items: list[Item] = []
        self._put()

    @property
    def address(self) -> str:
        return self._site.address + self.path

    def publish(self, count: int) -> None:
        """So many new articles come out."""
        first = len(self.items)
        self.items += [
            Item(number, f"{self._site.address}/posts/{number}")
            for number in range(first, first + count)
        ]
        self._put()

    def retitle(self, numbers: Iterable[int]) -> None:
        """Their author finds better titles for some."""
        for number in numbers:
            item = self.items[number]
            self.items[number] = replace(item, edition=item.edition + 1)
        self._put()

    def numbers(self, text: str, links: Iterable[str]) -> list[int]:
        """Which articles a message is about, in its order."""
        pattern = rf"{re.escape(self._site.address)}/posts/(\d+)"
        found = [int(n) for place in (*links, text) for n in re.findall(pattern, place)]
        return list(dict.fromkeys(found))

    def _put(self) -> None:
        newest = self.items[: -_SHOWN - 1 : -1]
        body = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>News</title>'
            f"<link>{self._site.address}/</link><description>d</description>"
            f"{''.join(map(_item, newest))}</channel></rss>"
        )
        self._site.put(self.path, body, media_type="application/rss+xml")


def _item(item: Item) -> str:
    published = format_datetime(DAY + timedelta(minutes=item.number))
    return (
        f"<item><title>{escape(item.title)}</title><link>{item.link}</link>"
        f"<guid isPermaLink='false'>tag:news.example.org,2026:{item.number}</guid>"
        f"<pubDate>{published}</pubDate><category>{item.tag}</category>"
        f"<description>{escape(item.text)}</description></item>"
    )
