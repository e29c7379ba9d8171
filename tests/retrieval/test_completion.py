"""Sources that give excerpts alone: each article's own page is read, kept and looked at again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.sources.sitemap import SitemapReader
from retrieval.web.http import Web
from tests.retrieval.feeds_made import Post, post
from tests.retrieval.site_gathered import Blog, client
from tests.web_server import Answer, Site

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def page(number: int, more: str = "") -> str:
    """An article's page as a blog makes it."""
    return f"""<!doctype html><html lang="zh"><head><title>第 {number} 篇 | Blog</title></head><body>
<nav><a href="/">首页</a> <a href="/tags">标签</a> <a href="/about">关于</a></nav>
<article><h1>第 {number} 篇</h1>
<p>这是第 {number} 篇文章的全文,第一段先说清楚要解决的问题是什么,以及为什么值得花时间去解决它。</p>
<h2>做法</h2>
<p>第 {number} 种做法并不复杂:先把数据分成小块,再逐块处理,最后把结果合在一起,每一步都能重来。</p>
<pre><code class="language-python">def step_{number}(x):
    return x + {number}
</code></pre>
<h2>结论</h2><p>简单的做法往往够用,复杂的做法要先证明自己。{more}</p></article>
<footer>© 2026 Blog. All rights reserved.</footer></body></html>"""


class Following(Blog):
    """A feed of excerpts whose links are followed."""

    def __init__(self, archive: Archive, site: Site, web: Web, **source: object) -> None:
        super().__init__(archive, site, web, "excerpts", follow=True, **source)
        self.name = self.source.name
        site.put("/robots.txt", "User-agent: *\nDisallow: /private/", media_type="text/plain")
        for number in range(1, 10):
            site.remove(f"/posts/{number}")

    def write(self, number: int, more: str = "") -> None:
        self.site.put(f"/posts/{number}", page(number, more))

    def post(self, number: int, **fields: object) -> Post:
        link = f"{self.site.address}/posts/{number}"
        return post(number, **{"link": link, "text": f"第 {number} 篇的摘要……", **fields})

    def text(self, number: int) -> str:
        """The whole text of a post as the archive has it."""
        (found,) = [a for a in self.archive.articles.latest(99) if a.title == post(number).title]
        passages = self.archive.articles.passages([found.id])
        return "\n".join(passage.excerpt.text for passage in passages)

    def asked(self, number: int) -> int:
        return len(self.site.requested(f"/posts/{number}"))


@pytest.fixture
def blog(archive: Archive, site: Site, web: Web) -> Following:
    blog = Following(archive, site, web)
    for number in (1, 2, 3):
        blog.write(number)
    return blog


def three(blog: Following) -> list[Post]:
    return [blog.post(3), blog.post(2), blog.post(1)]


def test_the_whole_article_is_archived_with_its_headings_and_code(blog: Following) -> None:
    assert blog.gather(*three(blog)) == IntakeReport(3, 0, 0)
    text = blog.text(2)
    assert "第 2 种做法并不复杂" in text
    assert "def step_2(x):\n    return x + 2" in text
    assert "做法\n" in text
    assert "首页" not in text
    assert "All rights reserved" not in text
    assert blog.announced() == []


def test_a_page_is_fetched_once_and_again_when_the_source_says_so(blog: Following) -> None:
    blog.gather(*three(blog))
    blog.gather(*three(blog))
    assert [blog.asked(n) for n in (1, 2, 3)] == [1, 1, 1]
    blog.write(2, more="后来补充:边界情况要单独测试。")
    assert blog.gather(blog.post(3), blog.post(2, text="新的摘要"), blog.post(1)).changed == 1
    assert [blog.asked(n) for n in (1, 2, 3)] == [1, 2, 1]
    assert "边界情况要单独测试" in blog.text(2)
    assert blog.announced() == []


def test_an_edit_that_the_source_does_not_tell_is_noticed_in_time(blog: Following) -> None:
    blog.gather(*three(blog))
    blog.write(1, more="后来补充:边界情况要单独测试。")
    assert blog.gather(later=HOUR).changed == 0
    assert blog.gather(later=DAY).changed == 1
    assert "边界情况要单独测试" in blog.text(1)
    assert [request.status for request in blog.site.requested("/posts/2")] == [200, 304]


def test_a_new_post_is_announced_with_its_whole_text(blog: Following) -> None:
    blog.gather(*three(blog))
    blog.write(4)
    assert blog.gather(blog.post(4), *three(blog)) == IntakeReport(1, 0, 3)
    assert blog.announced() == [post(4).title]
    assert "第 4 种做法" in blog.text(4)
    kinds = [change.kind for change in blog.archive.changes.since(0, 99)]
    assert kinds == ["baseline"] * 3 + ["new"]


@pytest.mark.parametrize(("status", "again"), [(500, HOUR), (403, DAY * 2)])
def test_where_a_page_cannot_be_read_the_excerpt_stands_in_for_it(
    blog: Following, status: int, again: timedelta
) -> None:
    blog.site.fail("/posts/2", status)
    assert blog.gather(*three(blog)).new == 3
    assert blog.text(2) == "第 2 篇的摘要……"
    blog.write(2)
    assert blog.gather(later=timedelta(minutes=5)).changed == 0
    assert blog.asked(2) == 1
    assert blog.gather(later=again).changed == 1
    assert "第 2 种做法" in blog.text(2)
    assert blog.announced() == []


def test_robots_txt_is_obeyed_for_pages(archive: Archive, site: Site) -> None:
    own = client()  # others may remember that there was no robots.txt
    blog = Following(archive, site, own)
    for number in (1, 2, 3):
        blog.write(number)
    link = f"{blog.site.address}/private/7"
    blog.site.put("/private/7", page(7))
    blog.gather(*three(blog), blog.post(7, link=link))
    assert blog.site.requested("/private/7") == []
    assert blog.text(7) == "第 7 篇的摘要……"
    own.close()


def test_a_server_that_is_down_is_left_alone_after_a_few_pages(
    archive: Archive, site: Site, web: Web
) -> None:
    blog = Following(archive, site, web)
    for number in range(1, 10):
        blog.site.handle(f"/posts/{number}", lambda _: Answer(reset=True))
    blog.gather(*(blog.post(n) for n in range(9, 0, -1)))
    # A connection kept open that is found reset is tried anew, once.
    assert 3 <= sum(blog.asked(n) for n in range(1, 10)) <= 4
    assert len(blog.latest()) == 9


def test_pages_that_are_refused_hold_up_no_other(archive: Archive, site: Site, web: Web) -> None:
    blog = Following(archive, site, web)
    links = {n: f"{site.address}/missing/{n}" for n in (9, 8, 7)}
    for link in links.values():
        site.fail(link.removeprefix(site.address), 401)
    for number in range(1, 7):
        blog.write(number)
    for number in (6, 5, 4):
        site.fail(f"/posts/{number}", 403)
    posts = [blog.post(n, link=link) for n, link in links.items()]
    blog.gather(*posts, *(blog.post(n) for n in range(6, 0, -1)))
    assert all(f"第 {n} 种做法" in blog.text(n) for n in (1, 2, 3))


def test_another_server_that_is_down_holds_up_none_of_ours(blog: Following) -> None:
    elsewhere = "http://127.0.0.1:9"
    posts = [blog.post(n, link=f"{elsewhere}/{n}") for n in (9, 8, 7, 6)]
    blog.gather(*posts, *three(blog))
    assert "第 1 种做法" in blog.text(1)


def test_an_excerpt_that_counts_its_readers_asks_for_no_page_again(blog: Following) -> None:
    for views in range(5):
        blog.gather(*(blog.post(n, text=f"摘要,{views} 次阅读") for n in (3, 2, 1)))
    assert [blog.asked(n) for n in (1, 2, 3)] == [1, 1, 1]


def test_words_that_wobble_are_believed_less_and_less(blog: Following) -> None:
    for turn in range(24):
        words = "甲乙"[turn % 2]
        blog.gather(*(blog.post(n, text=f"摘要{words}") for n in (3, 2, 1)), later=HOUR)
    assert 5 <= blog.asked(1) <= 8


def test_articles_that_share_a_page_keep_their_own_words(blog: Following) -> None:
    blog.site.put("/changelog", page(1))
    parts = [
        blog.post(n, link=f"{blog.site.address}/changelog#v{n}", text=f"第 {n} 版改了哪些地方")
        for n in (3, 2, 1)
    ]
    blog.gather(*parts)
    assert blog.site.requested("/changelog") == []
    assert blog.text(2) == "第 2 版改了哪些地方"


def test_a_page_mended_later_is_read_then(blog: Following) -> None:
    blog.site.put("/posts/2", "<title>soon</title>")
    blog.gather(*three(blog))
    assert blog.text(2) == "第 2 篇的摘要……"
    blog.write(2)
    blog.gather(later=DAY * 2)
    assert "第 2 种做法" in blog.text(2)


@pytest.mark.parametrize("batch", [1, 50])
def test_a_notice_shown_for_every_page_replaces_no_article(
    archive: Archive, site: Site, web: Web, batch: int
) -> None:
    blog = Following(archive, site, web, batch=batch)
    posts = [blog.post(n) for n in range(8, 0, -1)]
    for number in range(1, 9):
        blog.write(number)
    blog.gather(*posts)
    before = {n: blog.text(n) for n in range(1, 9)}
    words = "本站正在检查您的浏览器,请稍候片刻,验证通过之后会自动跳转到您要访问的页面。" * 4
    for number in range(1, 9):
        site.put(f"/posts/{number}", f"<article><h1>请稍候</h1><p>{words}</p></article>")
    for _ in range(3):
        blog.gather(later=DAY * 2)
    assert {n: blog.text(n) for n in range(1, 9)} == before


def test_a_page_that_leads_home_is_no_article(blog: Following) -> None:
    blog.site.put("/", page(99))
    blog.site.redirect("/posts/2", "/", 302)
    blog.gather(*three(blog))
    assert blog.text(2) == "第 2 篇的摘要……"


def test_force_looks_at_every_page_again(blog: Following) -> None:
    blog.gather(*three(blog))
    blog.write(1, more="后来补充:边界情况要单独测试。")
    assert blog.gather().changed == 0
    blog.now += HOUR
    report = blog.gatherer().gather_one(blog.source, force=True)
    assert report.intake is not None
    assert report.intake.changed == 1
    assert "边界情况要单独测试" in blog.text(1)


# --- links alone: a sitemap ------------------------------------------------------------------


class Mapped(Following):
    """A sitemap, whose articles are nothing but their pages."""

    def __init__(self, archive: Archive, site: Site, web: Web) -> None:
        reader = SitemapReader("map", f"{site.address}/sitemap.xml")
        super().__init__(archive, site, web, reader=reader)

    def map(self, *numbers: int) -> None:
        urls = "".join(f"<url><loc>{self.site.address}/posts/{n}</loc></url>" for n in numbers)
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        self.site.put("/sitemap.xml", body, media_type="application/xml")


@pytest.fixture
def mapped(archive: Archive, site: Site, web: Web) -> Mapped:
    mapped = Mapped(archive, site, web)
    mapped.map(*range(1, 9))
    for number in range(1, 9):
        mapped.write(number)
    return mapped


def test_a_sitemaps_articles_come_from_their_pages(mapped: Mapped) -> None:
    assert mapped.gather() == IntakeReport(8, 0, 0)
    mapped.write(9)
    mapped.map(*range(1, 10))
    assert mapped.gather().new == 1
    assert mapped.announced() == ["第 9 篇"]


@pytest.mark.parametrize("broken", [(3, 4, 5, 6), (2,)])
def test_what_could_not_be_read_at_the_baseline_is_no_news_later(
    mapped: Mapped, broken: tuple[int, ...]
) -> None:
    for number in broken:
        mapped.site.fail(f"/posts/{number}", 500)
    assert 2 <= mapped.gather().new < 8
    for number in broken:
        mapped.write(number)
    mapped.write(9)
    mapped.map(*range(1, 10))
    mapped.gather(later=DAY)
    assert len(mapped.latest()) == 9
    assert mapped.announced() == ["第 9 篇"]


def test_a_source_none_of_whose_pages_can_be_read_has_failed(mapped: Mapped) -> None:
    for number in range(1, 9):
        mapped.site.fail(f"/posts/{number}", 500)
    (failure,) = mapped.try_to_gather().failures
    assert "none of its articles' pages could be read" in str(failure)
    assert "status 500" in str(failure)
    for number in range(1, 9):
        mapped.write(number)
    assert mapped.gather(later=DAY).new == 8
    assert mapped.announced() == []


@pytest.mark.parametrize("batch", [1, 2, 50])
def test_pages_are_committed_batch_by_batch_and_nothing_is_dropped_meanwhile(
    archive: Archive, site: Site, web: Web, batch: int
) -> None:
    blog = Following(archive, site, web, batch=batch)
    for number in range(1, 6):
        blog.write(number)
    posts = [blog.post(n) for n in range(5, 0, -1)]
    assert blog.gather(*posts).new == 5
    assert blog.dropped() == 0
    assert all(f"第 {n} 种做法" in blog.text(n) for n in range(1, 6))
    assert blog.announced() == []
    assert blog.gather() == IntakeReport(0, 0, 5)


# --- gone ----------------------------------------------------------------------------------------


def test_a_dropped_article_is_withdrawn_once_its_page_is_gone_twice_a_day_apart(
    blog: Following,
) -> None:
    blog.gather(*three(blog))
    blog.site.remove("/posts/1")
    rest = three(blog)[:2]
    assert blog.gather(*rest, later=HOUR).withdrawn == 0
    assert blog.gather(later=HOUR * 22).withdrawn == 0
    assert len(blog.latest()) == 3
    assert blog.gather(later=HOUR * 2).withdrawn == 1
    assert len(blog.latest()) == 2
    last = blog.archive.changes.since(0, 99)[-1]
    assert last.kind == "withdrawn"
    assert blog.archive.articles.passages([last.article_id]) == []
    assert blog.gather(later=DAY) == IntakeReport(0, 0, 2)


@pytest.mark.parametrize("follow", [True, False])
@pytest.mark.parametrize("status", [404, 410])
def test_gone_or_missing_with_or_without_following(
    archive: Archive, site: Site, web: Web, follow: bool, status: int
) -> None:
    blog = Following(archive, site, web)
    blog.source = type(blog.source)(blog.source.reader, web, follow=follow)
    for number in (1, 2, 3):
        blog.write(number)
    blog.gather(*three(blog))
    blog.site.fail("/posts/2", status)
    blog.gather(blog.post(3), blog.post(1))
    assert blog.gather(later=DAY).withdrawn == 1
    assert post(2).title not in blog.latest()


def test_a_page_that_comes_back_in_between_is_not_withdrawn(blog: Following) -> None:
    blog.gather(*three(blog))
    blog.site.remove("/posts/1")
    blog.gather(*three(blog)[:2])
    blog.write(1)
    assert blog.gather(later=DAY).withdrawn == 0
    blog.site.remove("/posts/1")
    assert blog.gather(later=DAY * 2).withdrawn == 0
    assert blog.gather(later=DAY).withdrawn == 1


def test_a_page_that_fails_otherwise_is_never_withdrawn(blog: Following) -> None:
    blog.gather(*three(blog))
    blog.site.fail("/posts/1", 503)
    blog.gather(*three(blog)[:2])
    for _ in range(5):
        assert blog.gather(later=DAY).withdrawn == 0
    assert len(blog.latest()) == 3


def test_a_listed_article_whose_page_is_gone_is_withdrawn_and_comes_back(blog: Following) -> None:
    blog.gather(*three(blog))
    blog.site.remove("/posts/2")
    withdrawn = sum(blog.gather(later=DAY).withdrawn for _ in range(4))
    assert withdrawn == 1
    assert post(2).title not in blog.latest()
    blog.write(2)
    for _ in range(4):
        blog.gather(later=DAY * 2)
    assert post(2).title in blog.latest()
    assert blog.announced() == []


def test_a_source_that_lists_an_article_again_brings_it_back(
    archive: Archive, site: Site, web: Web
) -> None:
    blog = Following(archive, site, web)
    blog.source = type(blog.source)(blog.source.reader, web)
    blog.gather(*three(blog))
    blog.gather(*three(blog)[:2])
    assert blog.gather(later=DAY).withdrawn == 1
    assert blog.gather(*three(blog)).changed == 1
    assert len(blog.latest()) == 3
    assert blog.announced() == []
    assert blog.gather(*three(blog)[:2]).withdrawn == 0
    assert blog.gather(later=HOUR).withdrawn == 0


def test_dropped_articles_are_looked_after_a_few_at_a_time(
    archive: Archive, site: Site, web: Web
) -> None:
    blog = Following(archive, site, web)
    blog.source = type(blog.source)(blog.source.reader, web)
    for number in range(1, 10):
        blog.write(number)
    blog.gather(*(blog.post(n) for n in range(9, 0, -1)))
    blog.site.forget()
    blog.gather(blog.post(9))
    assert sum(blog.asked(n) for n in range(1, 9)) == 5
    blog.gather()
    assert sum(blog.asked(n) for n in range(1, 9)) == 8
    blog.gather()
    assert sum(blog.asked(n) for n in range(1, 9)) == 8
