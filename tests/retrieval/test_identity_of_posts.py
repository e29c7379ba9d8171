"""One article stays one, two stay two: feeds that are edited, reordered and broken, for real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.web.http import Web
from tests.retrieval.feeds_made import DAY, Post, post, rss
from tests.retrieval.site_gathered import Blog, titles
from tests.web_server import Site

POSTS = [post(n) for n in (5, 4, 3, 2, 1)]
NOTHING = IntakeReport(0, 0, 5)
LATE = DAY + timedelta(days=60)
Edit = Callable[[Post], Post]


def test_a_first_gather_is_the_baseline_and_later_posts_are_news(blog: Blog) -> None:
    """FAILURES 7."""
    assert blog.gather(*POSTS) == IntakeReport(5, 0, 0)
    assert blog.announced() == []
    assert blog.gather(post(6), *POSTS) == IntakeReport(1, 0, 5)
    assert blog.announced() == titles([post(6)])
    assert blog.latest() == titles([post(6), *POSTS])


@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (2, 0, 1, 4, 3)])
def test_reordered_items_are_no_news(blog: Blog, order: tuple[int, ...]) -> None:
    """FAILURES 2."""
    blog.gather(*POSTS)
    assert blog.gather(*(POSTS[n] for n in order)) == NOTHING
    assert blog.announced() == []


def test_a_deleted_item_is_kept_and_marked_and_nothing_is_sent(blog: Blog) -> None:
    """FAILURES 2."""
    blog.gather(*POSTS)
    assert blog.gather(*POSTS[:2], *POSTS[3:]) == IntakeReport(0, 0, 4)
    assert blog.announced() == []
    assert blog.dropped() == 1
    assert sorted(blog.latest()) == sorted(titles(POSTS))
    assert blog.gather(*POSTS) == NOTHING
    assert blog.dropped() == 0
    assert blog.announced() == []


@pytest.mark.parametrize("dated", [True, False])
def test_an_older_item_that_comes_into_sight_when_another_is_deleted_is_no_news(
    blog: Blog, dated: bool
) -> None:
    """FAILURES 2: a feed shows a window of its newest posts."""
    older = [post(n, **({} if dated else {"published": None})) for n in range(9, 0, -1)]
    blog.gather(*older[:5])
    assert blog.gather(*older[1:6]) == IntakeReport(1, 0, 4)
    assert blog.announced() == []


@pytest.mark.parametrize("dated", [True, False])
def test_a_window_that_moves_on_announces_what_is_new_at_its_top(blog: Blog, dated: bool) -> None:
    posts = [post(n, **({} if dated else {"published": None})) for n in range(9, 0, -1)]
    blog.gather(*posts[3:6])
    blog.gather(*posts[2:5])
    blog.gather(*posts[0:3])
    assert sorted(blog.announced()) == sorted(titles(posts[0:3]))


def test_a_window_of_older_items_alone_is_no_news(blog: Blog) -> None:
    blog.gather(*(post(n) for n in (10, 9, 8, 7, 6)))
    assert blog.gather(*POSTS).new == 5
    assert blog.announced() == []


def test_what_another_source_brought_first_is_no_sign_of_age(
    blog: Blog, archive: Archive, site: Site, web: Web
) -> None:
    tag = Blog(archive, site, web, "tag")
    tag.beside, blog.beside = [blog.source], [tag.source]
    blog.gather(post(2), post(1), post(0))
    tag.gather(post(1))
    tag.gather(post(6), post(1))
    blog.gather(post(6), post(5), post(4))
    assert sorted(blog.announced()) == sorted(titles([post(6), post(5), post(4)]))


@pytest.mark.parametrize("dated", [True, False])
def test_what_changed_settings_bring_into_sight_is_no_news(blog: Blog, dated: bool) -> None:
    def old(number: int) -> Post:
        return post(number, **({} if dated else {"published": None}))

    blog.gather(old(3), old(1))
    blog.source = replace(blog.source, settings="more filters")
    assert blog.gather(old(9), old(3), old(2), old(1)).new == 2
    assert blog.announced() == []
    blog.source = replace(blog.source, settings="more still")
    fresh = post(40, published=blog.now)
    blog.gather(fresh, old(9), old(3), old(2), old(1))
    assert blog.announced() == titles([fresh])


def test_an_excerpt_without_link_and_title_may_be_edited_in_the_middle(blog: Blog) -> None:
    def nameless(number: int, text: str | None = None) -> Post:
        named = {"title": None, "link": None, "guid": None}
        return post(number, **named, **({"text": text} if text else {}))

    blog.gather(nameless(2), nameless(1))
    words = nameless(2).text or ""
    edited = nameless(2, words[:30] + "改" + words[31:])
    assert blog.gather(edited, nameless(1)) == IntakeReport(0, 1, 1)


def test_a_feed_that_lists_the_oldest_first_is_announced_too(blog: Blog) -> None:
    blog.gather(*(post(n, published=None) for n in (1, 2, 3)))
    blog.gather(*(post(n, published=None) for n in (1, 2, 3, 4)))
    assert blog.announced() == titles([post(4)])


UNCHANGED: dict[str, Edit] = {
    "guids": lambda p: replace(p, guid=f"{p.guid}-v2"),
    "guids gone": lambda p: replace(p, guid=None),
    "tracking parameters": lambda p: replace(p, link=f"{p.link}?utm_source=rss&utm_medium=feed"),
    "trailing slash": lambda p: replace(p, link=f"{p.link}/"),
    "http": lambda p: replace(p, link=(p.link or "").replace("https:", "http:")),
    "links, guids stay": lambda p: replace(p, link=f"{p.link}-renamed"),
    "guids and http": lambda p: replace(
        p, guid=f"http://blog.example.org/?p={p.title}", link=(p.link or "").replace("s:", ":")
    ),
    "slugs, which are the guids": lambda p: replace(p, link=f"{p.link}-new", guid=f"{p.link}-new"),
    "slugs, guids and text": lambda p: replace(
        p, link=f"{p.link}-new", guid=f"{p.link}-new", text=f"现在全文都改写过了。{p.title}"
    ),
    "titles": lambda p: replace(p, title=f"{p.title}(修订)"),
    "guids and titles": lambda p: replace(p, title=f"{p.title}(修订)", guid=f"{p.guid}-v2"),
    "guids, titles and text": lambda p: replace(
        p, title=f"另一个题目 {p.link}", guid=f"{p.guid}-v2", text=f"全文重写。{p.link}"
    ),
    "titles, text and dates": lambda p: replace(
        p, title=f"另一个题目 {p.link}", text=f"全文重写。{p.link}", published=DAY
    ),
    "text": lambda p: replace(p, text=f"改写之后,{p.text}又补了一句。"),
    "dates": lambda p: replace(p, published=(p.published or DAY) + timedelta(days=40)),
    "republished": lambda p: replace(
        p, published=(p.published or DAY) + timedelta(days=40), guid=f"{p.guid}-again"
    ),
}


@pytest.mark.parametrize("what", UNCHANGED)
@pytest.mark.parametrize("how_many", [1, 5])
def test_whatever_else_changes_an_article_stays_one(blog: Blog, what: str, how_many: int) -> None:
    """FAILURES 3 and 4."""
    blog.gather(*POSTS)
    before = {article.id for article in blog.archive.articles.latest(10)}
    edited = [UNCHANGED[what](each) for each in POSTS[:how_many]]
    report = blog.gather(*edited, *POSTS[how_many:])
    assert (report.new, report.changed + report.unchanged) == (0, 5)
    assert blog.announced() == []
    assert {article.id for article in blog.archive.articles.latest(10)} == before
    assert {a.title for a in blog.archive.articles.latest(10)} == set(
        titles([*edited, *POSTS[how_many:]])
    )
    # And on: what was edited is known by its new looks too.
    assert blog.gather(post(6), *edited, *POSTS[how_many:]).new == 1
    assert blog.announced() == titles([post(6)])


@pytest.mark.parametrize("guid", ["the-same-for-all", None])
@pytest.mark.parametrize("links", ["own", "home", "none"])
def test_items_without_a_guid_of_their_own_are_kept_apart(
    blog: Blog, guid: str | None, links: str
) -> None:
    """FAILURES 5."""
    to = {"home": "https://blog.example.org/", "none": None}

    def vague(number: int) -> Post:
        return post(number, guid=guid, **({} if links == "own" else {"link": to[links]}))

    assert blog.gather(*map(vague, (3, 2, 1))) == IntakeReport(3, 0, 0)
    assert blog.gather(*map(vague, (3, 2, 1))) == IntakeReport(0, 0, 3)
    assert blog.gather(*map(vague, (4, 3, 2, 1))) == IntakeReport(1, 0, 3)
    edited = replace(vague(4), text=f"{vague(4).text}后来补了一句。")
    assert blog.gather(edited, *map(vague, (3, 2, 1))) == IntakeReport(0, 1, 3)
    assert blog.announced() == titles([post(4)])
    assert len(blog.latest()) == 4


@pytest.mark.parametrize("guid", ["the-same-for-all", None])
@pytest.mark.parametrize("link", ["https://blog.example.org/", None])
def test_a_feed_that_shows_one_item_at_a_time_loses_none(
    blog: Blog, guid: str | None, link: str | None
) -> None:
    """FAILURES 5."""
    for number in range(1, 5):
        assert blog.gather(post(number, guid=guid, link=link)).new == 1
    assert blog.announced() == titles([post(2), post(3), post(4)])


def test_a_post_republished_at_an_address_with_its_new_date_is_the_same(blog: Blog) -> None:
    """FAILURES 3: its title stays."""
    blog.gather(*POSTS)
    again = replace(
        POSTS[4], link="https://blog.example.org/2026/07/1", guid="2026/07/1", published=LATE
    )
    assert blog.gather(again, *POSTS[:4]).new == 0
    assert blog.announced() == []


def test_items_with_the_same_few_words_are_apart(blog: Blog) -> None:
    teasers = [post(n, text="Read more") for n in (3, 2, 1)]
    assert blog.gather(*teasers).new == 3
    assert blog.gather(post(4, text="Read more"), *teasers[:2]).new == 1
    assert blog.announced() == titles([post(4)])


def test_a_title_that_comes_back_every_week_is_another_article(blog: Blog) -> None:
    weekly = [replace(post(n), title="一周见闻") for n in (15, 8, 1)]
    for newest in (2, 1, 0):
        blog.gather(*weekly[newest:])
    assert len(blog.latest()) == 3
    assert blog.announced() == ["一周见闻", "一周见闻"]


def test_an_item_listed_twice_is_one(blog: Blog) -> None:
    assert blog.gather(post(1), post(1), post(2)).new == 2


def test_two_sources_that_carry_an_article_have_it_once(
    blog: Blog, archive: Archive, site: Site, web: Web
) -> None:
    other = Blog(archive, site, web, "planet")
    other.beside, blog.beside = [blog.source], [other.source]
    blog.gather(*POSTS)
    mirrored = [
        replace(
            each, guid=f"planet-{n}", link=f"{each.link}?utm_source=planet", text="只有摘要……" * n
        )
        for n, each in enumerate(POSTS, start=1)
    ]
    assert other.gather(*mirrored) == NOTHING
    assert other.gather(*mirrored) == NOTHING
    assert len(blog.latest()) == 5
    assert {a.opening for a in archive.articles.latest(9)} == {each.text for each in POSTS}
    blog.gather(*POSTS[1:])
    assert blog.dropped() == 1
    assert archive.pages.dropped("blog", ["blog", "planet"]) == []  # the other one still holds it


def test_a_title_edited_twice_is_told_of_never(blog: Blog) -> None:
    """FAILURES 4."""
    blog.gather(*POSTS)
    blog.gather(post(6), *POSTS)
    for title in ("第六篇", "第六篇,修订", "又改"):
        assert blog.gather(post(6, title=title), *POSTS).changed == 1
    assert blog.announced() == ["又改"]


# --- words that recur --------------------------------------------------------------------------

GREETING = "早上好,大家!"
NOTICE = "本文仅对会员开放。" + "登录之后可以阅读全文,也可以先看看我们的往期文章和编辑推荐。" * 8


@pytest.mark.parametrize("text", [GREETING, NOTICE])
@pytest.mark.parametrize("title", [None, "每周讨论"])
def test_the_same_words_another_day_are_another_article(
    blog: Blog, text: str, title: str | None
) -> None:
    """A title that stays with its text may be one republished, unless both are listed."""
    before: list[Post] = []
    for number in (1, 8, 15):
        today = post(number, title=title, text=text)
        assert blog.gather(today, *(before if title else [])).new == 1
        before.insert(0, today)
    assert len(blog.latest()) == 3
    assert len(blog.announced()) == 2


@pytest.mark.parametrize("text", [GREETING, NOTICE])
def test_the_same_words_undated_under_another_title_are_another_article(
    blog: Blog, text: str
) -> None:
    for number in (1, 2, 3):
        assert blog.gather(post(number, text=text, published=None)).new == 1


def test_a_greeting_in_two_sources_is_two_articles(
    blog: Blog, archive: Archive, site: Site, web: Web
) -> None:
    other = Blog(archive, site, web, "planet")
    other.beside = [blog.source]
    blog.gather(post(1, title=None, text=GREETING))
    assert other.gather(post(200, title=None, text=GREETING)).new == 1


def test_a_mirror_with_dates_of_its_own_is_the_same_article(
    blog: Blog, archive: Archive, site: Site, web: Web
) -> None:
    other = Blog(archive, site, web, "mirror")
    other.beside = [blog.source]
    whole = post(1, text=NOTICE)
    blog.gather(whole)
    later = DAY + timedelta(days=9)
    mirrored = replace(whole, link="https://mirror.example/1", guid="m", published=later)
    assert other.gather(mirrored) == IntakeReport(0, 0, 1)


def test_a_recurring_title_at_another_address_is_another_article(blog: Blog) -> None:
    """Undated: only the text can tell."""
    for number in (1, 2, 3):
        weekly = post(number, title="每周讨论串,欢迎留言", published=None)
        assert blog.gather(weekly).new == 1


def test_a_page_that_shows_what_is_on_now_is_announced_each_time(blog: Blog) -> None:
    for number in (1, 8, 15):
        now = post(number, guid=None, link="https://blog.example.org/now")
        assert blog.gather(now).new == 1
    assert len(blog.announced()) == 2


@pytest.mark.parametrize("where", ["view.php?cid={}", "view.asp?{}", "?2026/03/{}", "a?source={}"])
def test_addresses_that_only_their_query_tells_apart(blog: Blog, where: str) -> None:
    def at(number: int) -> Post:
        return post(number, guid=None, link="https://blog.example.org/" + where.format(number))

    for number in (1, 2, 3):
        assert blog.gather(at(number)).new == 1
    assert (
        blog.gather(replace(at(3), title="改了题目", text="改了全文,什么也没留下。")).changed == 1
    )


# --- sources that come and go ------------------------------------------------------------------


def test_a_renamed_source_goes_on_with_its_articles(
    blog: Blog, archive: Archive, site: Site, web: Web
) -> None:
    blog.gather(*POSTS)
    renamed = Blog(archive, site, web, "renamed")
    assert renamed.gather(*POSTS) == NOTHING
    assert {article.source for article in archive.articles.latest(9)} == {"renamed"}
    edited = replace(POSTS[0], text="全文都改写过了,一句也没有留下。")
    assert renamed.gather(edited, *POSTS[1:]) == IntakeReport(0, 1, 4)
    assert archive.articles.latest(9)[0].opening == edited.text
    assert renamed.announced() == []


def test_what_is_left_of_a_removed_source_is_not_cut_to_an_excerpt(
    blog: Blog, archive: Archive, site: Site, web: Web
) -> None:
    blog.gather(*POSTS)
    listing = Blog(archive, site, web, "listing")
    excerpts = [replace(post, text=(post.text or "")[:20] + "...") for post in POSTS]
    assert listing.gather(*excerpts) == NOTHING
    assert {a.opening for a in archive.articles.latest(9)} == {post.text for post in POSTS}


def test_what_its_source_dropped_follows_the_one_that_still_lists_it(
    blog: Blog, archive: Archive, site: Site, web: Web
) -> None:
    other = Blog(archive, site, web, "planet")
    other.beside, blog.beside = [blog.source], [other.source]
    blog.gather(*POSTS)
    other.gather(*POSTS)
    blog.gather(*POSTS[1:])
    edited = replace(POSTS[0], title="换了题目")
    assert other.gather(edited, *POSTS[1:]).changed == 1
    assert "换了题目" in blog.latest()
    assert blog.gather(*POSTS[1:]).changed == 0


def test_a_much_longer_text_takes_the_place_of_another_sources_excerpt_for_good(
    blog: Blog, archive: Archive, site: Site, web: Web
) -> None:
    whole = Blog(archive, site, web, "whole")
    whole.beside, blog.beside = [blog.source], [whole.source]
    excerpts = [replace(each, text=f"{(each.text or '')[:16]}……") for each in POSTS]
    blog.gather(*excerpts)
    assert whole.gather(*POSTS).changed == 5
    for _ in range(2):
        assert blog.gather(*excerpts[::-1]).changed == 0
        assert whole.gather(*POSTS[::-1]).changed == 0
        assert {a.opening for a in archive.articles.latest(9)} == {each.text for each in POSTS}
    assert whole.announced() == []


def test_a_source_that_comes_back_announces_nothing(blog: Blog, site: Site, web: Web) -> None:
    blog.gather(*POSTS)
    away, blog.source = blog.source, Blog(blog.archive, site, web, "other").source
    site.put("/other.xml", rss([post(40)]), media_type="application/rss+xml")
    blog.gather()
    blog.source = away
    assert blog.gather(*POSTS) == NOTHING
    assert blog.announced() == []
