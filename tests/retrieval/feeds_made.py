"""Feeds made up as blogs make them, to be published, edited and broken by tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

DAY = datetime(2026, 5, 1, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Post:
    """A post; whatever is None is left out of the feed."""

    title: str | None = None
    link: str | None = None
    guid: str | None = None
    published: datetime | None = None
    text: str | None = None


def post(number: int, **fields: object) -> Post:
    """The post of this number, told apart from all others by everything it has."""
    every = {
        "title": f"第 {number} 篇: {TOPICS[number % len(TOPICS)]}",
        "link": f"https://blog.example.org/posts/{number}",
        "guid": f"tag:blog.example.org,2026:{number}",
        "published": DAY + timedelta(days=number),
        "text": f"这是第 {number} 篇文章,专门讲{TOPICS[number % len(TOPICS)]}。"
        + ENDINGS[number % 5],
    }
    return Post(**{**every, **fields})  # type: ignore[arg-type]


TOPICS = ("环形缓冲区", "布隆过滤器", "蓄水池采样", "预写日志", "跳表", "一致性哈希", "写时复制")
ENDINGS = (
    "写指针追上读指针时要么覆盖旧数据,要么让写入方等待。",
    "它可能说谎,但从不漏掉成员,因此适合放在磁盘查询之前。",
    "只扫一遍数据,就能从长度未知的流里等概率地取出样本。",
    "日志先落盘,再改页面,崩溃之后从日志里把世界重新放一遍。",
    "查找的期望代价是对数级,实现却比平衡树短得多。",
)


def rss(posts: Sequence[Post]) -> str:
    """An RSS 2.0 feed of these posts, in this order."""
    items = []
    for each in posts:
        told: dict[str, str | None] = {
            "title": each.title,
            "link": each.link,
            "guid": each.guid,
            "pubDate": format_datetime(each.published) if each.published else None,
            "description": each.text,
        }
        fields = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in told.items() if v is not None)
        items.append(f"<item>{fields}</item>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Blog</title>'
        "<link>https://blog.example.org/</link><description>d</description>"
        f"{''.join(items)}</channel></rss>"
    )
