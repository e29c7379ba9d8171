"""Sitemaps: what they list, what is no article, and what is refused."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Draft
from retrieval.errors import FetchError, SourceError
from retrieval.sources.links import may_be_article, related_hosts
from retrieval.sources.reading import Page
from retrieval.sources.sitemap import SitemapReader

unhurried = settings(deadline=None)

HOME = "https://example.org"
MAP = f"{HOME}/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


class Site:
    """A `Fetch` over a dictionary; an address that is not in it answers 404."""

    def __init__(self, files: Mapping[str, bytes | str | SourceError]) -> None:
        self.files = files
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, url: str, *, crawled: bool = True, older: bool = False) -> Page:
        self.asked.append((url, crawled))
        found = self.files.get(url, FetchError(f"{url} answered 404", status=404))
        if isinstance(found, SourceError):
            raise found
        return Page(url=url, body=found.encode() if isinstance(found, str) else found)


def entry(path: str, lastmod: str = "", more: str = "") -> str:
    dated = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    link = path if "://" in path else HOME + path
    return f"<url><loc>{link}</loc>{dated}<changefreq>weekly</changefreq>{more}</url>"


def urlset(*entries: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NS}>{"".join(entries)}</urlset>'


def index(*addresses: str) -> str:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<?xml version="1.0"?><sitemapindex {NS}>{entries}</sitemapindex>'


def read(files: Mapping[str, bytes | str | SourceError], **options: object) -> tuple[Draft, ...]:
    reader = SitemapReader(name="site", url=MAP, **options)  # type: ignore[arg-type]
    return reader.read(Site(files)).drafts


def links(files: Mapping[str, bytes | str | SourceError], **options: object) -> list[str]:
    return [(draft.link or "").removeprefix(HOME) for draft in read(files, **options)]


def refusal(files: Mapping[str, bytes | str | SourceError], **options: object) -> str:
    with pytest.raises(SourceError) as raised:
        read(files, **options)
    return str(raised.value)


# --- what is listed ------------------------------------------------------------------------


def test_addresses_last_changed_first_then_the_undated_as_they_stand() -> None:
    text = urlset(
        entry("/posts/undated/"),
        entry("/posts/old/", "2024-01-02"),
        entry("/posts/new/", "2026-03-14T09:30:00+08:00"),
        entry("/posts/also-undated/", "someday"),
    )
    assert links({MAP: text}) == [
        "/posts/new/", "/posts/old/", "/posts/undated/", "/posts/also-undated/",
    ]  # fmt: skip
    newest = read({MAP: text})[0]
    assert newest == Draft(
        link=f"{HOME}/posts/new/", updated=datetime(2026, 3, 14, 1, 30, tzinfo=UTC)
    )


def test_files_for_robots_are_not_asked_for_as_pages() -> None:
    site = Site({MAP: urlset(entry("/a-post/"))})
    SitemapReader(name="site", url=MAP).read(site)
    assert site.asked == [(MAP, False)]


def test_an_address_listed_twice_is_one_article() -> None:
    text = urlset(entry("/a-post/"), entry("/a-post/#part-2"), entry("/a-post/"), entry("/other/"))
    assert links({MAP: text}) == ["/a-post/", "/other/"]


def test_an_index_names_sitemaps_of_every_form() -> None:
    deep = f"{HOME}/deep.xml"
    files: dict[str, bytes | str | SourceError] = {
        MAP: index(f"{HOME}/a.xml", deep, f"{HOME}/c.txt", "https://elsewhere.net/x.xml"),
        f"{HOME}/a.xml": urlset(entry("/one/")),
        deep: index(f"{HOME}/b.xml.gz", deep),
        f"{HOME}/b.xml.gz": gzip.compress(urlset(entry("/two/")).encode()),
        f"{HOME}/c.txt": f"\ufeff{HOME}/three/\r\n\r\n{HOME}/four/\r\n",
    }
    assert links(files) == ["/one/", "/two/", "/three/", "/four/"]


def test_news_give_title_and_moment() -> None:
    news = (
        '<n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><n:publication>'
        "<n:name>Blog</n:name><n:language>zh</n:language></n:publication>"
        "<n:publication_date>2026-03-14</n:publication_date><n:title>梯度累积 &amp;\n 显存</n:title>"
        "</n:news>"
    )
    (draft,) = read({MAP: urlset(entry("/p/1.html", more=news))}, include="*")
    assert (draft.title, draft.published, draft.updated) == (
        "梯度累积 & 显存", datetime(2026, 3, 14, tzinfo=UTC), None,
    )  # fmt: skip


def test_images_and_videos_of_a_page_are_not_pages() -> None:
    image = (
        '<i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">'
        f"<i:loc>{HOME}/photo/</i:loc><i:title>Photo</i:title></i:image>"
        '<v:video xmlns:v="http://www.google.com/schemas/sitemap-video/1.1">'
        f"<v:content_loc>{HOME}/film/</v:content_loc><v:title>Film</v:title></v:video>"
        '<x:link xmlns:x="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="en" href="/en/"/>'
    )
    text = urlset(entry("/a-post/", more=image)).replace("<loc>", f"{image}<loc>")
    assert read({MAP: text}) == (Draft(link=f"{HOME}/a-post/"),)


@pytest.mark.parametrize(
    "namespace", ["", 'xmlns="https://www.sitemaps.org/schemas/sitemap/0.9"', 'xmlns="nonsense"']
)
def test_a_wrong_namespace_does_not_matter(namespace: str) -> None:
    assert links({MAP: urlset(entry("/a-post/")).replace(NS, namespace)}) == ["/a-post/"]


def test_an_address_without_its_host_is_that_of_the_site() -> None:
    assert links({MAP: "<urlset><url><loc>\n /a-post/ \n</loc></url></urlset>"}) == ["/a-post/"]


def test_only_the_newest_are_kept_to_the_limit() -> None:
    entries = [entry(f"/post-{n}/", f"2026-01-{n:02}") for n in range(1, 31)]
    assert links({MAP: urlset(*entries)}, limit=2) == ["/post-30/", "/post-29/"]


# --- what is left out ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "other", "related"),
    [
        ("https://example.org/a", "http://example.org/", True),
        ("https://www.example.org/a", "https://example.org", True),
        ("https://blog.example.org/a", "https://example.org", True),
        ("https://blog.example.org/a", "https://www.example.org", True),
        ("https://example.org/a", "https://blog.example.org", True),
        ("https://EXAMPLE.org:8443/a", "https://example.org", True),
        ("https://badexample.org/a", "https://example.org", False),
        ("https://example.org.evil.net/a", "https://example.org", False),
        ("https://org/a", "https://example.org", False),
        ("ftp://example.org/a", "https://example.org", False),
        ("https://[broken/a", "https://example.org", False),
    ],
)
def test_addresses_of_other_sites_are_left_out(address: str, other: str, related: bool) -> None:
    assert related_hosts(address, other) is related
    assert related_hosts(other, address) is related


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/index.html", "/tags/llm/", "/tag/llm", "/zh/tags/", "/category/a/b/",
        "/categories", "/page/2/", "/blog/page/3", "/archives", "/archives/", "/archives/2026/03/",
        "/2026/03/", "/2026/03/14/", "/about", "/about/", "/search/", "/feed/", "/a-post/feed/", "/feed.xml",
        "/atom.xml", "/a.PDF", "/img/x.jpg", "/posts/",
    ],
)  # fmt: skip
def test_what_is_clearly_no_article(path: str) -> None:
    assert not may_be_article(HOME + path)


@pytest.mark.parametrize(
    "path",
    [
        "/posts/a/", "/2026/03/14/a/", "/2026/03/a.html", "/archives/123/", "/archives/123.html",
        "/about-llms/", "/a-page-of-history", "/?p=12", "/pages/rust/", "/tagging-data/", "/search-engines/",
    ],
)  # fmt: skip
def test_what_may_be_an_article(path: str) -> None:
    assert may_be_article(HOME + path)


def test_include_and_exclude_are_patterns_over_address_or_path() -> None:
    text = urlset(*map(entry, ["/", "/posts/a/", "/posts/b/", "/notes/c/", "/about/"]))
    assert links({MAP: text}) == ["/posts/a/", "/posts/b/", "/notes/c/"]
    assert links({MAP: text}, include=f"{HOME}/posts/*  /about/") == [
        "/posts/a/", "/posts/b/", "/about/",
    ]  # fmt: skip
    assert links({MAP: text}, exclude="*/b/ /notes/*") == ["/posts/a/"]
    assert links({MAP: text}, include="/posts/*", exclude="*/a/") == ["/posts/b/"]
    assert len(links({MAP: text}, include="*")) == 5
    assert "`include`" in refusal({MAP: text}, include="/blog/*")


# --- what is refused -----------------------------------------------------------------------

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    f"<urlset {NS}><url><loc>&b;</loc></url></urlset>"
)
WHOLE = urlset(entry("/a-post/"))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        (BOMB, "entities"),
        (WHOLE[:-12], "no whole XML"),
        (WHOLE[:60], "no whole XML"),
        (WHOLE.replace("<loc>", "<loc>\x01"), "no whole XML"),
        ("<!DOCTYPE html><html><body><p>Not found<br></body></html>", "a web page"),
        ("<html><body><p>Not found</p></body></html>", "a web page"),
        ('<rss version="2.0"><channel/></rss>', "<rss>"),
        ("Not found", "neither XML nor a list"),
        (gzip.compress(WHOLE.encode(), mtime=0)[:-20], "cut short"),
        (b"\x1f\x8b\x08\x00" + b"\x07" * 40, "damaged"),
        (gzip.compress(b" " * (51 << 20), mtime=0), "50 MiB"),
        (gzip.compress(b" " * (30 << 20), mtime=0) * 2, "50 MiB"),
        (urlset(), "no address"),
        (urlset(entry("/about/")), "`include`"),
        (urlset(entry("http://localhost:1313/a-post/")), "other sites"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "body",
)
def test_what_is_no_sitemap_is_named(body: bytes | str, told: str) -> None:
    said = refusal({MAP: body})
    assert told in said
    assert MAP in said


def test_a_sitemap_below_that_fails_fails_the_reading() -> None:
    files = {MAP: index(f"{HOME}/a.xml", f"{HOME}/b.xml"), f"{HOME}/a.xml": WHOLE}
    assert f"{HOME}/b.xml" in refusal(dict(files))
    assert f"{HOME}/b.xml" in refusal({**files, f"{HOME}/b.xml": "<urlset>"})


def test_index_files_that_never_end() -> None:
    deep = {f"{HOME}/{n}.xml": index(f"{HOME}/{n + 1}.xml") for n in range(9)}
    assert "index files" in refusal({MAP: index(f"{HOME}/0.xml"), **deep})
    wide = [f"{HOME}/{n}.xml" for n in range(60)]
    said = refusal({MAP: index(*wide), **dict.fromkeys(wide, WHOLE)})
    assert "more than 50 sitemaps" in said
    assert links({MAP: index(*wide[:49]), **dict.fromkeys(wide, WHOLE)}) == ["/a-post/"]


def test_three_index_files_below_one_another_are_read() -> None:
    deep = {f"{HOME}/{n}.xml": index(f"{HOME}/{n + 1}.xml") for n in range(2)}
    files = {MAP: index(f"{HOME}/0.xml"), **deep, f"{HOME}/2.xml": WHOLE}
    assert links(files) == ["/a-post/"]


MARKUP = ["<urlset>", "</urlset>", "<url>", "</url>", "<loc>", "</loc>", "<sitemapindex>",
          "</sitemapindex>", "<sitemap>", "</sitemap>", HOME, "/a", "&amp;", "&x;", "<", "]]>", "\x1f\x8b"]  # fmt: skip


@given(st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(MARKUP)).map("".join)))
@unhurried
def test_any_bytes_are_read_or_refused(body: bytes | str) -> None:
    said = HOME
    try:
        assert read({MAP: body})
    except SourceError as error:
        said = str(error)
    assert HOME in said
