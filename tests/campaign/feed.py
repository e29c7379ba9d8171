"""A feed of thousands of short posts, none like another, that changes as blogs do."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from tests.retrieval.feeds_made import DAY, Post, rss
from tests.web_server import Site

_CHINESE = """
环形缓冲区 布隆过滤器 蓄水池采样 预写日志 跳表 一致性哈希 写时复制 红黑树 时间轮 倒排索引 向量时钟 租约 快照 心跳
背压 限流 熔断 分片 副本 仲裁 屏障 信号量 自旋锁 页缓存 段错误 尾调用 闭包 协程 事件循环 零拷贝 校验和 游标 触发器
灯塔 码头 罗盘 铁轨 风车 水闸 钟楼 图书馆 集市 温室 琥珀 砂岩 潮汐 季风 候鸟 鲸落 苔藓 银杏 蜂巢 珊瑚
""".split()
_ENGLISH = """
harbor lantern quartz meadow compass railway windmill sluice belfry library market greenhouse amber
sandstone tide monsoon swallow whale moss ginkgo beehive coral scheduler allocator compiler parser
tokenizer pipeline mutex semaphore journal checkpoint replica quorum shard cursor trigger closure
coroutine barrier heartbeat lease snapshot backpressure throttle ledger beacon glacier orchard violin
""".split()


def told(number: int, edition: int = 0) -> str:
    """The text of a post: every other one in Chinese, none like another."""
    chance = random.Random(f"{number}/{edition}")
    words = chance.sample(_CHINESE if number % 2 else _ENGLISH, 6)
    a, b, c, d, e, f = words
    if number % 2:
        again = f"后来改过 {edition} 次。" if edition else ""
        return f"{again}先看{a}怎样配合{b},再用{c}换掉{d}。{e}比{f}更稳,编号 {number}。"
    again = f"Edited {edition} times. " if edition else ""
    return (
        f"{again}How {a} leans on {b}, why {c} replaced {d}; {e} is safer than {f}, note {number}."
    )


def named(address: str, number: int, edition: int = 0) -> Post:
    """The post of this number on the blog at this address."""
    return Post(
        title=f"第 {number} 篇" if number % 2 else f"Note {number}",
        link=f"{address}/posts/{number}",
        guid=f"tag:blog.example.org,2026:{number}",
        published=DAY + timedelta(minutes=number),
        text=told(number, edition),
    )


class Feed:
    """A feed that is published, added to, edited and cut; newest first.

    It shows the newest posts alone, as many as at first: what is older falls out at its end.
    """

    path = "/feed.xml"

    def __init__(self, site: Site, articles: int) -> None:
        self._site = site
        self._posts = {n: named(site.address, n) for n in range(articles, 0, -1)}
        self._editions: Counter[int] = Counter()
        self._most = articles
        self._next = articles + 1
        self.publish()

    @property
    def address(self) -> str:
        return self._site.address + self.path

    @property
    def texts(self) -> dict[str, str]:
        """What it says now, by address."""
        return {post.link or "": post.text or "" for post in self._posts.values()}

    def publish(self) -> None:
        body = rss(list(self._posts.values()))
        self._site.put(self.path, body, media_type="application/rss+xml")

    def change(self, chance: random.Random, new: int, edited: int, dropped: int) -> None:
        """New posts on top, edits anywhere, and some posts that are there no more."""
        for number in chance.sample(sorted(self._posts), edited + dropped)[:dropped]:
            del self._posts[number]
        for number in chance.sample(sorted(self._posts), edited):
            self._editions[number] += 1
            self._posts[number] = named(self._site.address, number, self._editions[number])
        fresh = range(self._next, self._next + new)
        posts = {n: named(self._site.address, n) for n in reversed(fresh)} | self._posts
        self._posts = dict(list(posts.items())[: self._most])
        self._next += new
        self.publish()
