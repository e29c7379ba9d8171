"""Whatever a blog does, its archive is equal to it, and each article is announced at most once."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.archive.opening import Archive
from retrieval.web.http import Web
from tests.retrieval.feeds_made import Post, post
from tests.retrieval.site_gathered import Blog
from tests.web_server import Site

OPERATIONS = ("publish", "title", "text", "reorder", "delete", "restore", "guid", "scheme", "slug")
_WHERE = st.integers(0, 30)
_STEP = st.tuples(st.sampled_from((*OPERATIONS, "gather", "gather", "restart")), _WHERE)


@dataclass
class Author:
    """What a blog's owner does to it; posts newest first, each dated and with a link."""

    posts: list[Post] = field(default_factory=list)
    deleted: list[Post] = field(default_factory=list)
    written: int = 0
    moved: set[str] = field(default_factory=set)
    edits: int = 0

    def publish(self) -> None:
        self.written += 1
        self.posts.insert(0, post(self.written))

    def do(self, what: str, where: int) -> None:
        self.edits += 1
        if what == "publish":
            self.publish()
        elif what == "restore":
            if self.deleted:
                self.posts.insert(where % (len(self.posts) + 1), self.deleted.pop())
        elif not self.posts:
            return
        elif what == "reorder":
            self.posts.insert(0, self.posts.pop(where % len(self.posts)))
        elif what == "delete":
            self.deleted.append(self.posts.pop(where % len(self.posts)))
        else:
            self._edit(what, where % len(self.posts))

    def _edit(self, what: str, at: int) -> None:
        """Between two gathers a post changes its address, or anything else, but not both."""
        before = self.posts[at]
        published = str(before.published)
        if what == "slug":
            if published not in self.moved:
                self.moved.add(published)
                self.posts[at] = replace(before, link=f"{before.link}-{self.edits}")
            return
        if published in self.moved and what in ("title", "guid", "text"):
            return
        self.moved.add(published) if what in ("title", "guid", "text") else None
        self.posts[at] = {
            "title": lambda: replace(before, title=f"{before.title} 修订{self.edits}"),
            "text": lambda: replace(before, text=f"第{self.edits}次改写。{before.text}"),
            "guid": lambda: replace(before, guid=f"{before.guid}-{self.edits}"),
            "scheme": lambda: replace(before, link=(before.link or "").replace("https:", "http:")),
        }[what]()


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(begun_with=st.integers(0, 6), steps=st.lists(_STEP, max_size=25))
def test_the_archive_equals_the_last_state_of_the_source(
    migrated: Path,
    site: Site,
    web: Web,
    begun_with: int,
    steps: list[tuple[str, int]],
) -> None:
    author = Author()
    for _ in range(begun_with):
        author.publish()
    with tempfile.TemporaryDirectory() as folder:
        file = shutil.copyfile(migrated, Path(folder) / "archive.sqlite3")
        archive = Archive.open(f"sqlite:///{file}")
        blog = Blog(archive, site, web)
        seen: dict[str, Post] = {}
        sure: list[str] = []
        maybe: list[str] = []
        first = True
        for what, where in [("gather", 0), *steps, ("gather", 0)]:
            if what == "restart":
                archive.close()
                archive = blog.archive = Archive.open(f"sqlite:///{file}")
            elif what != "gather":
                author.do(what, where)
            else:
                blog.publish(*author.posts)
                blog.gather()
                author.moved.clear()
                now = {str(each.published): each for each in author.posts}
                known = [own for own in now if own in seen]
                for own in [] if first else now.keys() - seen.keys():
                    # What is older than all that was known may have come into sight only now.
                    (sure if not known or own > min(known) else maybe).append(own)
                seen |= now
                first = False
                check(archive, seen, now, sure, maybe)
        archive.close()


def check(
    archive: Archive,
    seen: dict[str, Post],
    now: dict[str, Post],
    sure: list[str],
    maybe: list[str],
) -> None:
    articles = archive.articles.latest(1000)
    assert {str(a.published): (a.title, a.link, a.opening) for a in articles} == {
        own: (each.title, each.link, each.text) for own, each in seen.items()
    }
    assert len(articles) == len(seen)
    (state,) = archive.fetches.states()
    assert (state.articles, state.dropped) == (len(now), len(seen) - len(now))
    dates = {article.id: str(article.published) for article in articles}
    log = archive.changes.since(0, 10_000)
    news = [dates[change.article_id] for change in log if change.kind == "new"]
    assert len(set(news)) == len(news)
    assert set(sure) <= set(news) <= {*sure, *maybe}
    assert len([c for c in log if c.kind in ("new", "baseline")]) == len(seen)
