"""What an address means, and what a page leads to, without any network."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.sources.finding import MOST_ANNOUNCED, Candidate, addresses, on_disk, on_the_web
from retrieval.errors import FetchError
from retrieval.sources.reading import Page

URL = "https://example.org/blog/"


def no_robots(url: str, *, crawled: bool = True, older: bool = False) -> Page:
    raise FetchError(f"{url} answered with status 404", status=404)


def found(page: Page, url: str = URL) -> list[Candidate]:
    return list(on_the_web(page, url, no_robots))


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://example.org/x", ["https://example.org/x"]),
        (" HTTP://example.org ", ["HTTP://example.org"]),
        ("example.org", ["https://example.org", "http://example.org"]),
        ("example.org/a?b#c", ["https://example.org/a?b#c", "http://example.org/a?b#c"]),
        ("localhost:8080/x", ["https://localhost:8080/x", "http://localhost:8080/x"]),
        ("[::1]:80/x", ["https://[::1]:80/x", "http://[::1]:80/x"]),
        (
            "me:secret@example.org",
            ["https://me:secret@example.org", "http://me:secret@example.org"],
        ),
        ("例子.中国/文章", ["https://例子.中国/文章", "http://例子.中国/文章"]),
        ("feed:https://example.org/x", ["https://example.org/x"]),
        ("feed://example.org/x", ["https://example.org/x", "http://example.org/x"]),
        ("ftp://example.org/", []),
        ("mailto:me@example.org", []),
        ("./posts", []),
        ("../posts/x.y", []),
        ("/srv/posts", []),
        ("posts", []),
        ("two words.org", []),
        ("", []),
    ],
)
def test_addresses_as_people_write_them(given: str, meant: list[str]) -> None:
    assert list(addresses(given)) == meant


@pytest.mark.parametrize(
    ("body", "media_type", "kind"),
    [
        (b"<rss version='2.0'><channel><title>T</title></channel></rss>", "text/html", "feed"),
        (
            b"\xef\xbb\xbf\n<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'/>",
            None,
            "feed",
        ),
        (
            b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": []}',
            "application/json",
            "feed",
        ),
        (b"<urlset><url><loc>https://example.org/a</loc></url></urlset>", "text/xml", "sitemap"),
        (b"<sitemapindex/>", "text/plain", "sitemap"),
        (gzip.compress(b"<urlset/>", mtime=0), "application/gzip", "sitemap"),
    ],
)
def test_content_counts_and_not_what_the_header_says(
    body: bytes, media_type: str | None, kind: str
) -> None:
    (candidate,) = found(Page(URL, body, media_type))
    assert candidate == Candidate(kind, {"url": URL})
    assert candidate.sure


def test_a_page_leads_to_what_it_announces_then_itself_then_usual_places() -> None:
    links = "".join(
        f'<link rel="alternate feed" type="application/rss+xml" href="{n}.xml">' for n in range(9)
    )
    page = Page(
        "https://example.org/blog/index.html",
        f'<html><head><base href="/feeds/"><title>T</title>{links}</head></html>'.encode(),
        "text/html",
    )
    candidates = found(page, "https://example.org/blog")
    announced = candidates[:MOST_ANNOUNCED]
    assert [one.where for one in announced] == [
        f"https://example.org/feeds/{n}.xml" for n in range(MOST_ANNOUNCED)
    ]
    assert candidates[MOST_ANNOUNCED] == Candidate("listing", {"url": "https://example.org/blog"})
    assert {one.title for one in candidates} == {"T"}
    assert "https://example.org/feed.xml" in [one.where for one in candidates]
    assert candidates[-1] == Candidate("sitemap", {"url": "https://example.org/sitemap.xml"})
    assert len(candidates) < 20


def test_a_page_in_another_encoding_is_called_by_its_name() -> None:
    page = Page(URL, "<html><title>缓冲区</title></html>".encode("gbk"), "text/html", "gbk")
    assert found(page)[0].title == "缓冲区"


def test_the_sites_name_goes_before_the_pages() -> None:
    html = '<html><meta property="og:site_name" content="Site"><title>Page</title></html>'
    assert found(Page(URL, html.encode(), "text/html"))[0].title == "Site"


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([None, "text/html", "text/xml"]))
def test_whatever_a_page_holds_it_leads_somewhere_and_raises_nothing(
    body: bytes, media_type: str | None
) -> None:
    assert found(Page(URL, body, media_type))


@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        (["a.md"], ["folder"]),
        (["a/b/c.HTML", "x.txt", "y.png"], ["folder", "snapshots"]),
        (["a.txt", "b.txt", "readme.md"], ["snapshots", "folder"]),
        (["result.json", "photos/a.jpg"], ["telegram"]),
        (["result.json", "a.md"], ["telegram", "folder"]),
    ],
)
def test_what_a_folder_holds(tmp_path: Path, names: list[str], kinds: list[str]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert [candidate.kind for candidate in on_disk(tmp_path)] == kinds


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("feeds.opml", "archive-bot source import"),
        ("one.md", "give the folder that holds it"),
        ("pictures/a.png", "holds no articles"),
        ("empty/", "holds no file"),
    ],
)
def test_what_on_disk_can_be_no_source(tmp_path: Path, name: str, says: str) -> None:
    place = tmp_path / name
    if name.endswith("/"):
        place.mkdir()
    else:
        place.parent.mkdir(exist_ok=True)
        place.write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        list(on_disk(place if place.parent == tmp_path else place.parent))
