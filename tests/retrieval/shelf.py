"""A small archive to test with: a few short articles as a saved page, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from retrieval.archive.opening import Archive
from retrieval.embedding import Embedder
from retrieval.gathering import Gatherer, GatherReport, Source
from retrieval.index.following import Follower
from retrieval.search.answer import Answer
from retrieval.search.answering import Answerer
from retrieval.sources.snapshot import SnapshotReader

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)

LINES = (
    "环形缓冲区用一个定长数组首尾相接,写指针追上读指针时要么覆盖旧数据,要么让写入方等待。",
    "A bloom filter answers whether a key may be in a set; it never misses a member but may lie.",
    "蓄水池采样只扫一遍数据,就能从长度未知的流里等概率地取出 k 个样本。",
    "Write-ahead logging makes a crash harmless: the log is flushed before the page is changed.",
)


@dataclass
class Shelf:
    """A folder with one saved page, an archive that gathers it, and an index that follows."""

    home: Path
    embedder: Embedder
    archive: Archive = field(init=False)
    followers: list[Follower] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pages.mkdir(parents=True, exist_ok=True)
        self.archive = Archive.open(f"sqlite:///{self.home / 'archive.sqlite3'}")

    @property
    def pages(self) -> Path:
        return self.home / "pages"

    @property
    def index(self) -> Path:
        return self.home / "index"

    def save_page(self, *lines: str, name: str = "page.txt") -> None:
        text = "\n".join(["chrome", "LATEST UPDATES", *lines, "1 2", ""])
        (self.pages / name).write_text(text, encoding="utf-8")

    def gather(self, *lines: str) -> GatherReport:
        """Save the page with these lines, if any, and gather it."""
        if lines:
            self.save_page(*lines)
        reader = SnapshotReader(name="shelf", folder=self.pages, page_url="https://example.org/")
        return Gatherer(self.archive, [Source(reader)], clock=lambda: NOW).gather()

    def follow(self, embedder: Embedder | None = None) -> Follower:
        """Own the index and catch up, as any command does that needs it."""
        follower = Follower(self.archive, self.index, embedder or self.embedder)
        follower.start("test")
        self.followers.append(follower)
        follower.catch_up()
        return follower

    def ask(self, follower: Follower, question: str) -> Answer:
        embedder = follower.embedder
        return Answerer(self.archive, follower, embedder).answer([question])[0]

    def close(self) -> None:
        for follower in self.followers:
            follower.close()
        self.archive.close()
