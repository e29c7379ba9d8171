"""Listing pages: their cards, found or selected, and the pages that follow."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Draft
from retrieval.errors import FetchError, SourceError
from retrieval.sources.listing import ListingReader
from retrieval.sources.listings.elements import Document, too_deep
from retrieval.sources.listings.paging import numbered_address, with_query
from retrieval.sources.reading import Page

unhurried = settings(deadline=None)

LISTINGS = Path(__file__).parent / "listings"
HOME = "https://example.org"

Answer = bytes | str | SourceError


class Site:
    """A `Fetch` over a dictionary, or a function, of addresses; what it lacks answers 404."""

    def __init__(self, pages: Mapping[str, Answer] | Callable[[str], Answer | None]) -> None:
        self._answer = pages.get if isinstance(pages, Mapping) else pages
        self.asked: list[str] = []

    def __call__(self, url: str, *, crawled: bool = True, older: bool = False) -> Page:
        assert crawled, "a page made for people asks robots.txt first"
        self.asked.append(url)
        found = self._answer(url)
        if found is None:
            raise FetchError(f"{url} answered 404", status=404)
        if isinstance(found, SourceError):
            raise found
        body = found.encode() if isinstance(found, str) else found
        return Page(url=url, body=body, media_type="text/html")


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def post(number: int, date: str = "") -> str:
    """A card of an ordinary blog."""
    dated = f'<time datetime="{date}">{date}</time>' if date else ""
    return (
        f'<article class="post"><h2><a href="/posts/{number}/">Post number {number}</a></h2>{dated}'
        f"<p>What post number {number} has to say is said at some length in this line.</p></article>"
    )


def page(*cards: str, below: str = "", above: str = "") -> str:
    return (
        "<!DOCTYPE html><html><head><title>Blog</title></head><body><header><nav>"
        '<a href="/">Home</a><a href="/about/">About</a></nav></header>'
        f"<main>{above}<div class='list'>{''.join(cards)}</div>{below}</main>"
        "<footer><a href='https://host.example.net/'>Host</a></footer></body></html>"
    )


def pager(address: str) -> str:
    return f'<nav class="pagination"><a href="{address}">Older posts</a></nav>'


def read(site: Site, url: str = f"{HOME}/", **options: Any) -> tuple[Draft, ...]:
    return ListingReader(name="blog", url=url, **options).read(site).drafts


def numbers(drafts: tuple[Draft, ...]) -> list[int]:
    return [int((draft.title or "0").split()[-1]) for draft in drafts]


def refusal(site: Site, url: str = f"{HOME}/", **options: Any) -> str:
    with pytest.raises(SourceError) as raised:
        read(site, url, **options)
    return str(raised.value)


# --- golden pages --------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(file.stem for file in LISTINGS.glob("*.html")))
def test_golden_pages(name: str) -> None:
    """Each page gives the articles that stand beside it, and goes on where it says."""
    expected = json.loads((LISTINGS / f"{name}.expected.json").read_text("utf-8"))
    site = Site({expected["url"]: (LISTINGS / f"{name}.html").read_bytes()})
    drafts = read(site, expected["url"])
    assert site.asked[1:2] == ([expected["next"]] if expected["next"] else [])
    assert len(drafts) == len(expected["articles"])
    for draft, article in zip(drafts, expected["articles"], strict=True):
        assert draft.title == article["title"]
        assert draft.published == (
            datetime.fromisoformat(article["published"]) if article["published"] else None
        )
        assert draft.tags == tuple(article["tags"])
        if article["link"] is None:
            address, _, fragment = (draft.link or "").partition("#:~:text=")
            assert address == expected["url"]
            assert draft.text.startswith(unquote(fragment))
        else:
            assert draft.link == article["link"]
        assert draft.text.startswith(article["text"])
        if article.get("whole"):
            assert draft.text == article["text"]


# --- cards in other markup -----------------------------------------------------------------

TELLING = "What there is to say of {0} is said at some length in this line."


def titles_and_texts(body: str, url: str = f"{HOME}/") -> list[tuple[str | None, str | None, str]]:
    drafts = read(Site({url: body}), url)
    return [(draft.title, (draft.link or "").removeprefix(HOME), draft.text) for draft in drafts]


def test_rows_of_a_table() -> None:
    rows = "".join(
        f"<tr><td>2026-03-1{n}</td><td><a href='/p/{n}'>Row number {n}</a></td></tr>" for n in "321"
    )
    body = f"<table><tr><th>Date</th><th>Title</th></tr>{rows}</table>"
    assert titles_and_texts(body) == [
        (f"Row number {n}", f"/p/{n}", f"Row number {n}") for n in "321"
    ]


def test_a_list_of_terms() -> None:
    items = "".join(
        f"<dt><a href='/p/{n}'>Term number {n}</a></dt><dd>{TELLING.format(n)}</dd>" for n in "321"
    )
    assert titles_and_texts(f"<dl>{items}</dl>") == [
        (f"Term number {n}", f"/p/{n}", TELLING.format(n)) for n in "321"
    ]


def test_cards_in_rows() -> None:
    body = "".join(f"<div class='row'>{post(n)}{post(n - 1)}{post(n - 2)}</div>" for n in (9, 6, 3))
    assert numbers(read(Site({f"{HOME}/": f"<div>{body}</div>"}))) == list(range(9, 0, -1))


def test_the_newest_may_stand_large_above_the_list() -> None:
    hero = (
        "<section><a href='/posts/hero/'><h2>Newest of all</h2><p>It stands above the others.</p></a>"
        "</section>"
    )
    drafts = titles_and_texts(page(post(3), post(2), above=hero))
    assert drafts[0] == ("Newest of all", "/posts/hero/", "It stands above the others.")
    assert len(drafts) == 3
    for intro in ("<h1><a href='/'>Blog</a></h1>", "<h2><a href='/books/mine/'>My book</a></h2>"):
        assert len(titles_and_texts(page(post(3), post(2), above=intro))) == 2


def test_whole_posts_keep_their_lines() -> None:
    cards = [
        f"<div class='post'><h2><a href='/a/{n}'>Whole post {n}</a></h2><p>Intro to {n}, which is told "
        f"at length, with <a href='/a/9{n}'>another of mine</a>.</p><h3>Part {n}</h3><p>By default {n}.</p>"
        f"<pre><code>x = {n}\ny = 2</code></pre><p>End {n}</p></div>"
        for n in "321"
    ]
    (first, *_) = titles_and_texts(page(*cards))
    assert first[:2] == ("Whole post 3", "/a/3")
    for line in ("another of mine.", "Part 3", "By default 3.", "x = 3\ny = 2", "End 3"):
        assert line in first[2]


def test_a_badge_in_a_heading_is_no_title() -> None:
    cards = [
        f"<article><h2><span>Pinned</span> <a href='/p/{n}'>Proper title {n}</a> <a href='#{n}'>#</a></h2>"
        f"<p>{TELLING.format(n)}</p></article>"
        for n in "321"
    ]
    assert [title for title, _, _ in titles_and_texts(page(*cards))] == [
        f"Proper title {n}" for n in "321"
    ]


def test_addresses_after_the_sign() -> None:
    cards = [
        f"<div><a href='#/post/{n}'>Routed post {n}</a> <i>2026-03-1{n}</i></div>" for n in "321"
    ]
    assert titles_and_texts(page(*cards)) == [
        (f"Routed post {n}", f"/#/post/{n}", f"Routed post {n}") for n in "321"
    ]


def test_a_name_beside_every_date_is_the_author() -> None:
    body = "<div><a class='title' href='/p/{0}'>Title number {0}</a><p><i>{1}</i><i>2026-03-1{0}</i></p></div>"
    for names, tags in (("AAA", {()}), ("ABB", {("A",), ("B",)})):
        cards = [body.format(n, name) for n, name in zip("321", names, strict=True)]
        assert {draft.tags for draft in read(Site({f"{HOME}/": page(*cards)}))} == tags


def test_of_two_links_to_one_article_the_first_that_says_something_is_the_title() -> None:
    cards = [
        f"<div><a href='/p/{n}'><img></a><div><a href='/p/{n}'>Title number {n}</a></div><div>"
        f"<a href='/p/{n}'>{TELLING.format(n)}</a></div><a href='/p/{n}'>Read more</a></div>"
        for n in "321"
    ]
    assert titles_and_texts(page(*cards)) == [
        (f"Title number {n}", f"/p/{n}", TELLING.format(n)) for n in "321"
    ]


EXCERPT = "简介 第{0}篇 讲的是显存不够时怎么训练大模型,把批次拆小,再把梯度加起来..."


@pytest.mark.parametrize(
    "card",
    [
        "<a href='/post/{0}'><p>{1}</p><div><span>LLM</span><span>2026-03-1{0}</span></div></a>",
        "<div><p>{1}</p><div><a href='?tag=LLM'>LLM</a><b>2026-03-1{0}</b></div><a href='/post/{0}'>READ MORE →</a></div>",
        "<article><header><span>LLM</span><time>2026-03-1{0}</time></header><a href='/post/{0}'>{1}</a></article>",
        "<div><a href='/post/{0}'><p>{1}</p></a><p>LLM</p><p>2026-03-1{0}</p></div>",
        "<div><p>{1}</p><p>2026-03-1{0}</p><p>LLM</p></div>",
        "<div><p>{1}</p><a href='/?tag=LLM'>LLM</a><p>2026-03-1{0}</p></div>",
    ],
)
def test_a_card_that_is_excerpt_category_and_date(card: str) -> None:
    """However the markup of the blog that this was first made for may be."""
    cards = "".join(card.format(n, EXCERPT.format(n)) for n in "4321")
    body = f"<nav><a href='/'>HOME</a></nav><h2>LATEST UPDATES</h2><div>{cards}</div><div>1 2</div>"
    drafts = read(Site({f"{HOME}/": body}))
    assert [draft.text for draft in drafts] == [EXCERPT.format(n) for n in "4321"]
    assert {draft.title for draft in drafts} == {None}
    assert {draft.tags for draft in drafts} == {("LLM",)}
    assert [draft.published for draft in drafts] == [day(f"2026-03-1{n}") for n in "4321"]
    for draft, n in zip(drafts, "4321", strict=True):
        assert draft.link is not None
        if "/post/" in card:
            assert draft.link == f"{HOME}/post/{n}"
        else:
            assert draft.link.startswith(f"{HOME}/#:~:text=")


# --- the pages that follow -----------------------------------------------------------------


@pytest.mark.parametrize(
    "below",
    [
        pager("/page/2/"),
        '<a rel="next" href="/page/2/"><i></i></a>',
        '<a class="next" href="/page/2/"><i></i></a>',
        '<ul><li class="next"><a href="/page/2/"></a></li></ul>',
        '<a href="/page/2/" aria-label="Next page"><svg></svg></a>',
        '<a href="/">‹</a> <a href="/page/2/">›</a> <a href="/page/9/">»</a>',
        '<a href="/page/2/">»</a>',
        '<a href="/page/2/">下一页</a>',
        '<a href="/page/2/">后一页 &gt;</a>',
        '<a href="/page/2/">下一頁 »</a>',
        '<a href="/page/2/">Next →</a>',
        '<a href="/page/2/">Older Posts</a>',
        '<a href="/page/2/">Next&nbsp;2/5&nbsp;»</a>',
        "<span>1</span><a href='/page/2/'>2</a><a href='/page/3/'>3</a>",
        "<ul><li>1</li><li><a href='/page/2/'>2</a></li></ul>",
        "<a href='/page/1/'>1</a> <a href='/page/2/'>2</a>",
        '<link rel="next" href="/page/2/">',
    ],
)
def test_the_next_link_is_found(below: str) -> None:
    site = Site({f"{HOME}/": page(post(4), post(3), below=below), f"{HOME}/page/2/": page(post(2))})
    assert numbers(read(site)) == [4, 3, 2]


@pytest.mark.parametrize(
    "below",
    [
        '<a href="https://elsewhere.net/page/2/" rel="next">Next</a>',
        '<a href="/page/0/">Newer posts</a>',
        '<a class="carousel-next" href="/slide/2/">x</a>',
        '<a href="#" class="next">x</a>',
        '<p><a href="/posts/2/">2</a> posts are here</p>',
        '<a href="/">Next</a>',
        '<a href="javascript:next()" class="next">x</a>',
    ],
)
def test_what_is_no_next_link(below: str) -> None:
    site = Site({f"{HOME}/": page(post(4), post(3), below=below)})
    assert numbers(read(site)) == [4, 3]
    assert site.asked == [f"{HOME}/"]


def test_a_selected_next_link() -> None:
    below = '<div class="go"><a href="/b/">x</a></div>' + pager("/wrong/")
    site = Site({f"{HOME}/": page(post(2), post(1), below=below), f"{HOME}/b/": page(post(0))})
    assert numbers(read(site, next_selector=".go")) == [2, 1, 0]
    assert numbers(read(site, next_selector=".go a")) == [2, 1, 0]
    assert "`next_selector`" in refusal(site, next_selector="..go")


def endless(url: str) -> Answer:
    """A blog whose pages never end: page n has the posts 1000 - 2n and 999 - 2n."""
    parts = urlsplit(url)
    found = parse_qs(parts.query).get("page") or [parts.path.strip("/").split("/")[-1]]
    number = int(found[0] or 1)
    cards = [post(1000 - 2 * number), post(999 - 2 * number)]
    return page(*cards, below=pager(f"/page/{number + 1}/"))


def test_pages_are_read_to_the_bound() -> None:
    for options in ({}, {"page_pattern": "/page/{page}/"}, {"page_pattern": "?page={page}"}):
        site = Site(endless)
        assert len(read(site, pages=4, **options)) == 8
        assert len(site.asked) == 4
    assert len(read(Site(endless), pages=1)) == 2


@pytest.mark.parametrize(
    ("pattern", "first", "url", "asked"),
    [
        ("/page/{page}/", 2, f"{HOME}/", f"{HOME}/page/2/"),
        ("page/{page}/", 2, f"{HOME}/blog/", f"{HOME}/blog/page/2/"),
        ("https://example.org/p/{page}", 1, f"{HOME}/", f"{HOME}/p/1"),
        ("?page={page}", 2, f"{HOME}/blog", f"{HOME}/blog?page=2"),
        ("?page={page}", 1, f"{HOME}/?lang=zh&page=0", f"{HOME}/?lang=zh&page=1"),
        ("?start={page}0", 1, f"{HOME}/", f"{HOME}/?start=10"),
    ],
)
def test_page_patterns(pattern: str, first: int, url: str, asked: str) -> None:
    site = Site({url: page(post(4), post(3)), asked: page(post(2), post(1))})
    assert numbers(read(site, url, page_pattern=pattern, first_page=first)) == [4, 3, 2, 1]
    assert site.asked[:2] == [url, asked]


def test_a_pattern_without_its_place_or_to_another_site() -> None:
    site = Site({f"{HOME}/": page(post(4), post(3))})
    assert "{page}" in refusal(site, page_pattern="/page/2/")
    assert numbers(read(site, page_pattern="https://elsewhere.net/{page}")) == [4, 3]
    assert site.asked == [f"{HOME}/"]


@pytest.mark.parametrize(
    "last",
    [
        page(post(4), post(3), below=pager("/page/3/")),
        page(above="<h1>Nothing here</h1>"),
        "",
        FetchError("no such page", status=404),
        FetchError("no such page", status=410),
    ],
)
def test_where_the_pages_end(last: Answer) -> None:
    site = Site(
        {f"{HOME}/": page(post(4), post(3), below=pager("/page/2/")), f"{HOME}/page/2/": last}
    )
    assert numbers(read(site)) == [4, 3]
    assert site.asked == [f"{HOME}/", f"{HOME}/page/2/"]


def test_pages_that_lead_back_are_read_once() -> None:
    site = Site(
        {
            f"{HOME}/": page(post(4), post(3), below=pager("/page/2/")),
            f"{HOME}/page/2/": page(post(2), post(1), below=pager("/#top")),
        }
    )
    assert numbers(read(site)) == [4, 3, 2, 1]
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    "error", [FetchError("busy", status=503), FetchError("no answer"), SourceError("robots.txt")]
)
def test_a_page_that_fails_fails_the_reading(error: SourceError) -> None:
    first = page(post(4), post(3), below=pager("/page/2/"))
    assert refusal(Site({f"{HOME}/": first, f"{HOME}/page/2/": error})) == str(error)
    assert refusal(Site({f"{HOME}/": error})) == str(error)
    assert "404" in refusal(Site({}))


def test_a_post_that_moves_to_the_next_page_meanwhile_is_one_article() -> None:
    site = Site(
        {
            f"{HOME}/": page(post(4, "2026-03-04"), post(3), below=pager("/page/2/")),
            f"{HOME}/page/2/": page(post(3, "2026-03-03"), post(2), post(1)),
        }
    )
    drafts = read(site)
    assert numbers(drafts) == [4, 3, 2, 1]
    assert drafts[1].published == day("2026-03-03")


def test_the_last_page_may_hold_one_card_and_widgets_are_none() -> None:
    widget = (
        '<aside><ul><li><a href="/posts/90/">Post number 90</a></li>'
        '<li><a href="/posts/91/">Post number 91</a></li></ul></aside>'
    )
    site = Site(
        {
            f"{HOME}/": page(post(4), post(3), below=pager("/page/2/") + widget),
            f"{HOME}/page/2/": page(post(2), below=pager("/page/3/") + widget),
            f"{HOME}/page/3/": page(below=widget),
        }
    )
    assert numbers(read(site)) == [4, 3, 2]


def test_next_links_start_at_the_base_of_the_page() -> None:
    first = page(post(4), post(3), below='<a class="prev" href="page2.html">&larr; Older</a>')
    site = Site(
        {
            f"{HOME}/index.html": first.replace("<head>", "<head><base href='/blog/'>"),
            f"{HOME}/blog/page2.html": page(post(2), post(1)),
        }
    )
    assert numbers(read(site, f"{HOME}/index.html")) == [4, 3, 2, 1]


@given(
    st.integers(1, 30), st.integers(4, 7), st.lists(st.integers(0, 3), max_size=15), st.booleans()
)
@unhurried
def test_posts_that_are_published_while_pages_are_read(
    held: int, size: int, arrivals: list[int], dated: bool
) -> None:
    """Less than a page at a time may arrive: what was there is read once, newest first."""
    newest = [held + size]
    later = iter(arrivals)

    def answer(url: str) -> Answer | None:
        number = int((parse_qs(urlsplit(url).query).get("page") or ["1"])[0])
        shown = range(newest[0], 0, -1)[(number - 1) * size : number * size]
        newest[0] += next(later, 0)
        dates = [f"{2000 + n:04}-01-01" if dated else "" for n in shown]
        return page(*map(post, shown, dates)) if shown else None

    found = numbers(read(Site(answer), page_pattern="?page={page}", pages=200))
    assert found == sorted(set(found), reverse=True)
    assert set(range(1, held + size + 1)) <= set(found)


# --- filters -------------------------------------------------------------------------------


def filtered(url: str) -> Answer | None:
    """A blog that filters by `tag` in the query, and pages with `page`."""
    query = parse_qs(urlsplit(url).query)
    tag, number = query.get("tag", [""])[0], int(query.get("page", ["1"])[0])
    held = {"LLM": [9, 8, 7, 5], "训练": [8, 6], "": [9, 8, 7, 6, 5]}[tag]
    shown = held[2 * number - 2 : 2 * number]
    return page(*map(post, shown), below="<div>1 <a href='?page=2'>2</a></div>") if shown else None


def test_each_filter_is_read_and_kept_on_further_pages() -> None:
    site = Site(filtered)
    drafts = read(site, f"{HOME}/blog?lang=zh", filters=("tag=LLM", "tag=训练"))
    assert {number: draft.tags for number, draft in zip(numbers(drafts), drafts, strict=True)} == {
        9: ("LLM",), 8: ("LLM", "训练"), 7: ("LLM",), 5: ("LLM",), 6: ("训练",),
    }  # fmt: skip
    assert [parse_qs(urlsplit(url).query).get("tag") for url in site.asked[:2]] == [["LLM"]] * 2
    assert [parse_qs(urlsplit(url).query).get("tag") for url in site.asked[2:]] == [["训练"]] * 2


def test_filters_with_a_pattern() -> None:
    site = Site(filtered)
    drafts = read(site, filters=("?tag=LLM",), page_pattern="?page={page}")
    assert numbers(drafts) == [9, 8, 7, 5]
    assert site.asked == [f"{HOME}/?tag=LLM", f"{HOME}/?tag=LLM&page=2", f"{HOME}/?tag=LLM&page=3"]


def test_a_filter_that_holds_one_card_is_read_by_the_shape_of_the_others() -> None:
    one = (
        "<div class='c'><a href='/p/{0}'>Something said of number {0}</a> <i>2026-03-1{0}</i></div>"
    )
    site = Site(
        {
            f"{HOME}/?tag=rare": page(one.format(1)),
            f"{HOME}/?tag=often": page(one.format(3), one.format(2), one.format(1)),
        }
    )
    drafts = read(site, filters=("tag=rare", "tag=often"))
    assert [(draft.link, draft.tags) for draft in drafts] == [
        (f"{HOME}/p/3", ("often",)),
        (f"{HOME}/p/2", ("often",)),
        (f"{HOME}/p/1", ("often", "rare")),
    ]
    assert "tag=rare" in refusal(site, filters=("tag=rare",))


def test_a_filter_that_is_no_tag_names_none() -> None:
    assert {
        draft.tags for draft in read(Site(lambda url: page(post(2), post(1))), filters=("lang=zh",))
    } == {()}


@pytest.mark.parametrize(
    ("address", "query", "expected"),
    [
        ("https://e.org/", "tag=a", "https://e.org/?tag=a"),
        ("https://e.org/?x=1", "?tag=a&y=2", "https://e.org/?x=1&tag=a&y=2"),
        ("https://e.org/?tag=b&x=", "tag=a", "https://e.org/?x=&tag=a"),
        ("https://e.org/?tag=a&x=%2B", "tag=a", "https://e.org/?tag=a&x=%2B"),
        ("https://e.org/#f", "tag=训", "https://e.org/?tag=%E8%AE%AD#f"),
    ],
)
def test_queries_are_merged(address: str, query: str, expected: str) -> None:
    assert with_query(address, query) == expected
    assert numbered_address(f"?{query.lstrip('?')}&page={{page}}", address, 3) == with_query(
        address, f"{query}&page=3"
    )


# --- selectors -----------------------------------------------------------------------------

ODD = (
    '<div><div class="x1" data-go="1"><i class="k">2026-03-14</i><b class="t">{0}</b>'
    '<a class="other" href="/shop">Buy it</a><a class="u" href="/a/{0}">→</a>'
    '<em class="g">one</em><em class="g">two, three</em><q class="e">{0} is told here.</q>'
    "<q>Not this.</q></div></div>"
)
SELECTED = {
    "card": ".x1", "title": ".t", "link": "a.u", "date": ".k", "tags": "em.g", "excerpt": "q.e",
}  # fmt: skip


def test_everything_can_be_selected() -> None:
    site = Site({f"{HOME}/": ODD.format("Alpha") + ODD.format("Beta")})
    assert read(site, **SELECTED) == tuple(
        Draft(
            text=f"{name} is told here.",
            title=name,
            link=f"{HOME}/a/{name}",
            published=day("2026-03-14"),
            tags=("one", "two, three"),
        )
        for name in ("Alpha", "Beta")
    )


@pytest.mark.parametrize("setting", [*SELECTED, "next_selector"])
def test_a_selector_that_is_none_is_named(setting: str) -> None:
    site = Site({f"{HOME}/": ODD.format("Alpha")})
    for selector in ("..", "div[", ""):
        said = refusal(site, **{**SELECTED, setting: selector})
        assert f"`{setting}`" in said
        assert repr(selector) in said
        assert f"{HOME}/" in said


@pytest.mark.parametrize("setting", SELECTED)
def test_a_selector_that_matches_nothing_is_named(setting: str) -> None:
    site = Site({f"{HOME}/": ODD.format("Alpha") + "<p class='outside'>x</p>"})
    for selector in (".missing", ".outside") if setting != "card" else (".missing",):
        said = refusal(site, **{**SELECTED, setting: selector})
        assert f"`{setting}`" in said
        assert selector in said
        assert f"{HOME}/" in said


def test_parts_cannot_be_selected_without_a_card() -> None:
    said = refusal(Site({f"{HOME}/": page(post(1), post(2))}), title="h2")
    assert "`title`" in said
    assert "`card`" in said


def test_what_is_not_selected_is_found_in_the_selected_card() -> None:
    text = page(post(1, "2026-03-14"), post(2), "<div><a href='/x/'>An advertisement</a></div>")
    drafts = read(Site({f"{HOME}/": text}), card="article.post")
    assert numbers(drafts) == [1, 2]
    assert drafts[0].published == day("2026-03-14")
    assert drafts[0].text == "What post number 1 has to say is said at some length in this line."


def test_the_card_itself_may_be_the_link() -> None:
    text = "<div>" + "".join(f'<a class="c" href="/{n}"><p>{n}</p></a>' for n in "ab") + "</div>"
    drafts = read(Site({f"{HOME}/": text}), card=".c", link=".c", title="p")
    assert [(draft.title, draft.link) for draft in drafts] == [
        ("a", f"{HOME}/a"),
        ("b", f"{HOME}/b"),
    ]


# --- what is no listing, and hostile pages ---------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html></html>",
        "\0\0\0",
        "Just text, 2026-03-14.",
        page(above="<h1>404</h1><p>Nothing found.</p>"),
        page(above="<h1>A post</h1><p>Text with <a href='/a/'>one</a> link.</p>"),
        "<nav>" + "".join(f"<li><a href='/posts/{n}/'>Post number {n}</a></li>" for n in range(9)) + "</nav>",
        "<div class='tagcloud'>" + "".join(f"<a href='/tag/{n}/'>tag {n}</a>" for n in range(9)) + "</div>",
        "<ul>" + "".join(f"<li><a href='/tags/{n}/'>Tag number {n}</a></li>" for n in range(9)) + "</ul>",
        "<ul>" + "".join(f"<li><a href='https://f{n}.example.net/'>A friend {n}</a></li>" for n in range(9)) + "</ul>",
        "<ol class='comments'>" + "".join(f"<li><a href='/u/{n}'>Someone {n}</a> 2026-03-1{n}<p>Well said, I think so too.</p></li>" for n in range(5)) + "</ol>",
    ],
)  # fmt: skip
def test_a_page_without_a_list_says_what_to_set(body: str) -> None:
    said = refusal(Site({f"{HOME}/": body}))
    assert f"{HOME}/" in said
    assert "`card`" in said


def test_a_new_blog_with_one_post() -> None:
    (draft,) = read(Site({f"{HOME}/": page(post(1, "2026-03-14"))}))
    assert (draft.title, draft.link) == ("Post number 1", f"{HOME}/posts/1/")


def test_an_encoding_can_be_set() -> None:
    body = page(post(1), post(2)).replace("Post", "文章").encode("gbk")
    drafts = read(Site({f"{HOME}/": body}), encoding="gbk")
    assert drafts[0].title == "文章 number 1"


def test_a_page_of_thousands_of_cards_is_cut() -> None:
    text = page(*(f"<p><a href='/posts/{n}/'>Post number {n}</a></p>" for n in range(5200)))
    assert len(read(Site({f"{HOME}/": text}))) == 5000
    assert len(read(Site({f"{HOME}/": text}), card="p")) == 5000


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body",
    ["<div>" * 100_000, "<b><table>" * 50_000, "<DIV>" * 5000, "<svg><g>" * 50_000, "<svg>" + "<div/>" * 90_000,
     "<x-y z>" * 90_000],
    ids=lambda body: body[:10],
)  # fmt: skip
def test_a_page_nested_beyond_all_use_is_refused_soon(body: str) -> None:
    assert "nests" in refusal(Site({f"{HOME}/": body}))


@pytest.mark.parametrize(
    "body",
    ["<p>" * 5000, "<ul><li>x</ul>" * 5000, "<svg>" + "<path d='a/b'/>" * 5000 + "</svg>", "<br>" * 5000,
     "<script>" + "<div>" * 5000 + "</script>", "<div></div>" * 5000, "<SCRIPT>" + "<div>" * 5000 + "</SCRIPT>",
     "<tr><td>x" * 5000, "<div " + "a" * 5000],
    ids=lambda body: body[:10],
)  # fmt: skip
def test_sloppy_pages_are_not_deep(body: str) -> None:
    assert not too_deep(body)
    Document(body)


MARKUP = [
    "<div>", "</div>", "<ul>", "<li>", "</li>", "<article class='post'>", "</article>", "<h2>", "</h2>",
    "<a href='/a'>", "<a href='/b'>", "<a href='http://[x'>", "<a href='?page=2'>", "</a>", "<p>", "</p>",
    "<time datetime='2026-03-14'>", "<time>", "</time>", "2026-03-14", "2026年3月14日", "99/99/2026", "Mar 99, 2026",
    "<span class='tag'>", "</span>", "tag", "Some words that make a line of text long enough.", "Read more", "\0",
    "<table>", "<tr>", "<td>", "<svg>", "<math>", "<template>", "<select>", "<base href='//x'>", "<h2><a href='/c'>",
    "<!--", "-->", "<script>", "</script>", "<nav>", "</nav>", "<a rel=next href='/p'>", "<br>", "2025", "<dt>",
]  # fmt: skip


@given(
    st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(MARKUP), max_size=60).map("".join))
)
@settings(deadline=None, max_examples=400)
def test_any_bytes_are_read_or_refused(body: bytes | str) -> None:
    said = HOME
    try:
        assert read(Site({f"{HOME}/": body}))
    except SourceError as error:
        said = str(error)
    assert HOME in said


@given(st.lists(st.sampled_from(MARKUP), max_size=60).map("".join))
@unhurried
def test_any_markup_is_read_by_selectors(body: str) -> None:
    text = f"{body}<div class='post'><a href='/z'>z</a></div>"
    for options in ({"card": "div"}, {"card": "*", "link": "a"}):
        said = HOME
        try:
            assert read(Site({f"{HOME}/": text}), **options)
        except SourceError as error:
            said = str(error)
        assert HOME in said


@pytest.mark.parametrize("dated", ["<span>2026-04-0{}</span>", "<time>2026-04-0{}</time>"])
def test_a_bare_link_beside_its_date_is_the_title(dated: str) -> None:
    cards = "".join(
        f'<li><a href="/p/{n}">My keyboard {n}</a> {dated.format(n)}'
        f"<p>What is to be said of keyboard {n}, at some length, so that it is an excerpt.</p></li>"
        for n in (3, 2, 1)
    )
    url = "https://example.org/notes"
    drafts = ListingReader("b", url, pages=1).read(Site({url: page(f"<ul>{cards}</ul>")})).drafts
    assert [(d.title, d.tags) for d in drafts] == [(f"My keyboard {n}", ()) for n in (3, 2, 1)]
    assert [d.published for d in drafts] == [day(f"2026-04-0{n}") for n in (3, 2, 1)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<?xml version="1.0"?>\n<rss version="2.0"><channel></channel></rss>', "feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "feed"),
        ('<!-- made --><urlset xmlns="x"></urlset>', "sitemap"),
    ],
)
def test_what_another_kind_reads_is_named(body: str, kind: str) -> None:
    url = "https://example.org/index.xml"
    with pytest.raises(SourceError, match=f"is a {kind}; set `kind` of this source to {kind}"):
        ListingReader("b", url).read(Site({url: body}))


def test_a_filter_that_shows_nothing_is_named() -> None:
    url = "https://example.org/notes"
    site = Site({f"{url}?tag=LLM": page(*map(post, (3, 2, 1))), f"{url}?tag=Nope": page()})
    with pytest.raises(SourceError, match="take its filter 'tag=Nope' out if it is misspelt"):
        ListingReader("b", url, pages=1, filters=("tag=LLM", "tag=Nope")).read(site)
