"""`archive-bot source`, as a person uses it: real files, a real web server, the real readers."""

from __future__ import annotations

import io
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.command import Desk, Done
from tests.web_server import Site, web_server

ATOM = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title><id>urn:x</id>
<updated>2026-03-14T00:00:00Z</updated>{entries}</feed>
"""
ENTRY = """\
<entry><title>Part {n}</title><id>urn:x:{n}</id><link href="{site}/posts/{n}"/>
<updated>2026-03-{n:02}T00:00:00Z</updated><category term="数据结构"/>
<content type="html">&lt;p&gt;{words}&lt;/p&gt;</content></entry>
"""
WORDS = "A ring buffer joins both ends of an array, so that nothing is ever moved. " * 20
PAGE = "<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
XML = "application/atom+xml"


pytestmark = pytest.mark.usefixtures("quiet_again")


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as site:
        yield site


class Files:
    """A desk whose settings file holds what a test writes."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder, Path("pages"))
        self.write("")

    @property
    def file(self) -> Path:
        return self.desk.config

    def write(self, text: str) -> None:
        self.file.write_text(f'data_dir = "data"\n[fetch]\npause = 0\n{text}', encoding="utf-8")

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @property
    def sources(self) -> list[dict[str, Any]]:
        return list(tomllib.loads(self.text).get("sources", []))

    def source(self, *arguments: str, stdin: str = "") -> Done:
        done = self.desk.run("source", *arguments, stdin=stdin)
        assert "Traceback" not in done.err
        return done

    def add(self, *arguments: str) -> Done:
        return self.source("add", "--allow-private", *arguments)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "desk")


def feed(site: Site, count: int = 4, title: str = "Ring Buffers", words: str = WORDS) -> str:
    entries = (ENTRY.format(n=n, site=site.address, words=words) for n in range(count, 0, -1))
    return ATOM.format(title=title, entries="".join(entries))


# add, from the web


def test_a_feed_is_tried_shown_and_written(files: Files, site: Site) -> None:
    site.put("/feed", feed(site), media_type=XML)
    before = files.text
    done = files.add(f"{site.address}/feed")
    assert done.status == 0, done.err
    assert files.text == (
        f'{before}\n[[sources]]\nkind = "feed"\nname = "Ring Buffers"\n'
        f'url = "{site.address}/feed"\nallow_private = true\n'
    )
    assert "4 articles, the first 3:\n" in done.out
    assert f"1. Part 4\n   2026-03-04 · 数据结构\n   {site.address}/posts/4\n   A ring " in done.out
    assert "3. Part 2\n" in done.out
    assert "Part 1" not in done.out
    assert f"added to {files.file}" in done.out
    assert len(site.requested("/feed")) == 1
    assert site.requests[0].headers["user-agent"].startswith("archive-bot/")


def test_what_was_added_is_gathered_as_it_stands(files: Files, site: Site) -> None:
    site.put("/feed", feed(site), media_type=XML)
    files.add(f"{site.address}/feed")
    done = files.source("test", "ring buffers")
    assert done.status == 0, done.err
    assert done.out.startswith(f"Ring Buffers: feed, {site.address}/feed\n4 articles")


@pytest.mark.parametrize("scheme", ["", "feed:http://", "feed://", "HTTP://"])
def test_an_address_as_people_write_it(files: Files, site: Site, scheme: str) -> None:
    site.put("/feed", feed(site), media_type=XML)
    address = site.address.removeprefix("http://")
    done = files.add(f" {scheme}{address}/feed ")
    assert done.status == 0, done.err
    (source,) = files.sources
    assert source["url"].lower() == f"{site.address}/feed"


def test_the_feed_that_a_page_announces_is_preferred(files: Files, site: Site) -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">'
        '<link rel="alternate" type="application/atom+xml" href="broken.xml">'
        '<link rel="alternate" type="application/atom+xml" href="atom.xml?full=1">'
        '<link rel="alternate" hreflang="en" type="text/html" href="/en">'
    )
    site.put("/blog/", PAGE.format(title="Home | Buffers", head=head, body=""))
    site.put("/comments/feed", feed(site), media_type=XML)
    site.put("/blog/broken.xml", "<feed", media_type=XML)
    site.put("/blog/atom.xml?full=1", feed(site, title=""), media_type=XML)
    done = files.add(f"{site.address}/blog/")
    assert done.status == 0, done.err
    (source,) = files.sources
    assert source["url"] == f"{site.address}/blog/atom.xml?full=1"
    assert source["name"] == "Buffers"
    assert not site.requested("/comments/feed")
    assert not site.requested("/en")


@pytest.mark.parametrize("usual", ["/blog/feed", "/blog/index.xml", "/rss.xml"])
def test_a_feed_in_a_usual_place_is_found(files: Files, site: Site, usual: str) -> None:
    site.put("/blog", PAGE.format(title="B", head="", body="<p>nothing to see</p>"))
    site.put(usual, feed(site), media_type=XML)
    done = files.add(f"{site.address}/blog")
    assert done.status == 0, done.err
    assert [source["url"] for source in files.sources] == [f"{site.address}{usual}"]


def sitemap(site: Site) -> str:
    urls = "".join(f"<url><loc>{site.address}/posts/{n}</loc></url>" for n in range(1, 6))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def article(title: str) -> str:
    paragraphs = "".join(f"<p>{n}. {WORDS}</p>" for n in range(4))
    return PAGE.format(
        title=title, head="", body=f"<article><h1>{title}</h1>{paragraphs}</article>"
    )


def test_a_sitemap_of_robots_txt_is_found_and_its_articles_are_read(
    files: Files, site: Site
) -> None:
    site.put("/", PAGE.format(title="B", head="", body="<p>nothing to see</p>"))
    site.put("/robots.txt", "User-agent: *\nSitemap: /maps/all.xml\n", media_type="text/plain")
    site.put("/maps/all.xml", sitemap(site), media_type="text/xml")
    for n in range(1, 6):
        site.put(f"/posts/{n}", article(f"On arrays, {n}"))
    done = files.add(site.address)
    assert done.status == 0, done.err
    (source,) = files.sources
    assert (source["kind"], source["url"]) == ("sitemap", f"{site.address}/maps/all.xml")
    assert "1. On arrays, 1\n" in done.out
    assert "A ring buffer joins" in done.out
    assert not site.requested("/posts/4")


def test_a_sitemap_whose_articles_cannot_be_read_is_not_added(files: Files, site: Site) -> None:
    site.put("/sitemap.xml", sitemap(site), media_type="text/xml")
    done = files.add(f"{site.address}/sitemap.xml")
    assert done.status == 1
    assert "none of the first articles can be read" in done.err
    assert "404" in done.err
    assert files.sources == []


def cards(site: Site) -> str:
    return "".join(
        f'<article class="card"><h2><a href="/posts/{n}">On the array of number {n}</a></h2>'
        f"<time>2026-03-{n:02}</time><p>How array {n} is laid out, in a few words.</p></article>"
        for n in range(9, 0, -1)
    )


def test_a_listing_is_found_by_itself(files: Files, site: Site) -> None:
    site.put("/blog", PAGE.format(title="Arrays", head="", body=f"<main>{cards(site)}</main>"))
    done = files.add(f"{site.address}/blog", "--follow", "--kind", "listing")
    assert done.status == 0 or "none of the first articles" in done.err
    for n in range(1, 10):
        site.put(f"/posts/{n}", article(f"On the array of number {n}"))
    done = files.add(f"{site.address}/blog")
    assert done.status == 0, done.err
    (source,) = files.sources
    assert (source["kind"], source["name"]) == ("listing", "Arrays")
    assert "9 articles, the first 3:\n" in done.out
    assert "note: it carries excerpts only; with `follow = true` (--follow)" in done.out


def test_a_listing_that_robots_txt_forbids_is_not_added(files: Files, site: Site) -> None:
    """Looking at it once, as its person does, is no crawling; gathering it would be."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /blog\n", media_type="text/plain")
    site.put("/blog", PAGE.format(title="Arrays", head="", body=f"<main>{cards(site)}</main>"))
    done = files.add(f"{site.address}/blog")
    assert (done.status, files.sources) == (1, [])
    assert "- as a listing: robots.txt of 127.0.0.1 does not allow" in done.err


def test_following_shows_the_whole_articles(files: Files, site: Site) -> None:
    site.put("/feed", feed(site, words="In short."), media_type=XML)
    for n in range(1, 5):
        site.put(f"/posts/{n}", article(f"Whole {n}"))
    done = files.add(f"{site.address}/feed", "--follow")
    assert done.status == 0, done.err
    assert files.sources[0]["follow"] is True
    assert "In short." not in done.out
    assert "A ring buffer joins" in done.out


def test_what_a_terminal_would_obey_is_not_shown(files: Files, site: Site) -> None:
    text = feed(site, title="Bell&#7; \x9b31m").replace("Part 4", "Part\x9b2J 4&#x202E;")
    site.put("/feed", text, media_type=XML)
    done = files.add(f"{site.address}/feed")
    assert done.status == 0, done.err
    assert all(char.isprintable() or char == "\n" for char in done.out)
    assert "1. Part" in done.out


def test_an_empty_feed_is_one(files: Files, site: Site) -> None:
    site.put("/feed", feed(site, count=0, title=""), media_type=XML)
    done = files.add(f"{site.address}/feed")
    assert done.status == 0, done.err
    assert "0 articles" in done.out
    assert "note: it holds no article at the moment" in done.out
    assert files.sources[0]["name"] == "127.0.0.1"


def test_nothing_is_written_where_nothing_reads_and_each_try_is_told(
    files: Files, site: Site
) -> None:
    site.put("/blog", PAGE.format(title="B", head="", body="<p>nothing to see</p>"))
    before = files.text
    done = files.add(f"{site.address}/blog")
    assert (done.status, done.out) == (1, "")
    assert f"nothing was added: {site.address}/blog cannot be read" in done.err
    assert f"- as a listing: {site.address}/blog" in done.err
    assert f"- as a feed: {site.address}/blog/feed answered with status 404" in done.err
    assert f"- as a sitemap: {site.address}/sitemap.xml answered with status 404" in done.err
    assert files.text == before
    asked = Counter(request.path for request in site.requests)
    assert {path for path, times in asked.items() if times > 1} == {"/blog", "/robots.txt"}
    assert max(asked.values()) == 2


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            "<?xml version='1.0'?><rss version='2.0'><channel><title>B</title><item>",
            "ends in the middle",
        ),
        ("\x89PNG not really", "is no feed"),
    ],
)
def test_what_is_no_page_is_told_of_itself_alone(
    files: Files, site: Site, body: str, says: str
) -> None:
    site.put("/odd", body, media_type="application/octet-stream")
    done = files.add(f"{site.address}/odd")
    assert done.status == 1
    assert f"- as a feed: {site.address}/odd {says}" in done.err
    assert {request.path for request in site.requests} <= {"/odd", "/robots.txt"}


def test_a_page_that_is_not_there(files: Files, site: Site) -> None:
    done = files.add(f"{site.address}/blgo")
    assert done.status == 1
    assert f"{site.address}/blgo answered with status 404" in done.err
    assert len(site.requests) == 1


def test_a_kind_that_was_asked_for_is_the_only_one_tried(files: Files, site: Site) -> None:
    site.put("/feed", feed(site), media_type=XML)
    done = files.add(f"{site.address}/feed", "--kind", "sitemap")
    assert done.status == 1
    assert "as a sitemap" in done.err
    assert "as a feed" not in done.err
    assert files.sources == []


def test_a_private_address_is_refused_with_what_to_do(files: Files, site: Site) -> None:
    site.put("/feed", feed(site), media_type=XML)
    done = files.source("add", f"{site.address}/feed")
    assert done.status == 1
    assert "no public address" in done.err
    assert "--allow-private" in done.err
    assert not site.requests
    files.write("allow_private = true\n")
    done = files.source("add", f"{site.address}/feed")
    assert done.status == 0, done.err
    assert "allow_private" not in files.sources[0]


# add: names, doubles, the file


def test_names_are_made_unique_and_may_be_given(files: Files, site: Site) -> None:
    for n in range(3):
        site.put(f"/feed{n}", feed(site), media_type=XML)
    for n in range(2):
        files.add(f"{site.address}/feed{n}")
    assert [source["name"] for source in files.sources] == ["Ring Buffers", "Ring Buffers 2"]
    done = files.add(f"{site.address}/feed2", "--name", "ring buffers")
    assert (done.status, files.sources[2:]) == (2, [])
    assert "--name: there is a source 'ring buffers' already" in done.err
    done = files.add(f"{site.address}/feed2", "--name", "x" * 65)
    assert (done.status, files.sources[2:]) == (2, [])
    assert "--name must be 1 to 64 characters" in done.err
    assert files.add(f"{site.address}/feed2", "--name", "缓冲").status == 0
    assert files.sources[2]["name"] == "缓冲"


def test_an_address_that_is_a_source_already_is_refused(files: Files, site: Site) -> None:
    site.put("/feed", feed(site), media_type=XML)
    files.add(f"{site.address}/feed")
    before, asked = files.text, len(site.requests)
    done = files.add(f"{site.address}/feed/?utm_source=x#top")
    assert done.status == 2
    assert f"is the source 'Ring Buffers' of {files.file} already" in done.err
    assert (files.text, len(site.requests)) == (before, asked)
    head = '<link rel="alternate" type="application/atom+xml" href="/feed">'
    site.put("/", PAGE.format(title="B", head=head, body=""))
    assert "is the source 'Ring Buffers'" in files.add(site.address).err
    assert files.text == before


def test_without_a_file_one_is_made(
    files: Files, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site.put("/feed", feed(site), media_type=XML)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARCHIVE_BOT_FETCH__ALLOW_PRIVATE", "true")
    assert main(["source", "add", f"{site.address}/feed", "--yes"]) == 0
    made = (tmp_path / "archive-bot.toml").read_text(encoding="utf-8")
    assert (
        made == f'[[sources]]\nkind = "feed"\nname = "Ring Buffers"\nurl = "{site.address}/feed"\n'
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "more", "written"),
    [("n\n", [], 0), ("", [], 0), ("\n", [], 1), ("YES\n", [], 1), ("n\n", ["--yes"], 1)],
)
def test_at_a_terminal_the_person_is_asked(
    files: Files,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    more: list[str],
    written: int,
) -> None:
    site.put("/feed", feed(site), media_type=XML)
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    place = f"{site.address}/feed"
    arguments = ["--config", str(files.file), "source", "add", "--allow-private", place, *more]
    assert main(arguments) == 0
    assert len(files.sources) == written
    told = capsys.readouterr()
    assert ("[Y/n]" in told.err) is not bool(more)
    assert ("nothing was written" in told.out) is (written == 0)
    assert "1. Part 4" in told.out


def test_sources_from_the_environment_are_told_of(
    files: Files, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/feed", feed(site), media_type=XML)
    listed = [{"kind": "feed", "name": "Other", "url": "https://example.org/feed"}]
    monkeypatch.setenv("ARCHIVE_BOT_SOURCES", json.dumps(listed))
    done = files.add(f"{site.address}/feed")
    assert done.status == 0, done.err
    assert "the sources in use are those of ARCHIVE_BOT_SOURCES" in done.err
    assert [source["name"] for source in files.sources] == ["Ring Buffers"]
    done = files.source("remove", "Other")
    assert done.status == 2
    assert "there is no source 'Other'; there are: Ring Buffers" in done.err


def test_a_password_in_an_address_is_written_but_not_shown(files: Files, site: Site) -> None:
    site.put("/feed", feed(site), media_type=XML)
    address = site.address.replace("http://", "http://me:hunter2@")
    done = files.add(f"{address}/feed")
    assert done.status == 0, done.err
    assert files.sources[0]["url"] == f"{address}/feed"
    listed = files.source("list")
    for text in (done.out, done.err, listed.out, files.source("test", "Ring Buffers").out):
        assert "hunter2" not in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing-here"], "nothing-here is neither an http address nor a file or folder"),
        ([""], "is neither an http address nor"),
        (["ftp://example.org/feed"], "is neither an http address nor"),
        (["https://example.org/", "--kind", "folder"], "can be no source of kind folder"),
        (["pyproject.toml"], "is a file: give the folder that holds it"),
        ([".", "--kind", "feed"], "can be no source of kind feed"),
        (["examples", "--follow"], "--follow is for feeds and listings"),
        (["x", "--kind", "radio"], "invalid choice: 'radio'"),
    ],
)
def test_what_can_be_no_source(
    files: Files, arguments: list[str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent)
    done = files.add(*arguments)
    assert done.status == 2
    assert says in done.err
    assert files.sources == []


# add, from the disk


def test_a_folder_of_markdown(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / "one.md").write_text("---\ntitle: One\ndate: 2026-03-14\n---\nText of one.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    done = files.source("add", "./posts")
    assert done.status == 0, done.err
    assert files.sources == [{"kind": "folder", "name": "posts", "folder": "../posts"}]
    assert "1. One\n   2026-03-14\n   Text of one." in done.out
    assert "note: the articles have no links; set `base_url` of this source" in done.out
    assert files.source("test", "posts").status == 0
    assert files.source("add", str(posts)).status == 2


def test_a_folder_of_saved_pages(files: Files, tmp_path: Path) -> None:
    pages = tmp_path / "saved"
    pages.mkdir()
    (pages / "page.txt").write_text("LATEST UPDATES\n环形缓冲区首尾相接。\n", "utf-8")
    done = files.source("add", str(pages))
    assert done.status == 0, done.err
    assert files.sources == [{"kind": "snapshots", "name": "saved", "folder": str(pages)}]


def test_a_channels_export(files: Files, tmp_path: Path) -> None:
    export = tmp_path / "ChatExport" / "result.json"
    export.parent.mkdir()
    message = {
        "id": 7,
        "type": "message",
        "date": "2026-03-14T10:00:00",
        "date_unixtime": "1773482400",
        "text": "A ring buffer joins both ends.",
        "text_entities": [{"type": "plain", "text": "A ring buffer joins both ends."}],
    }
    channel = {"name": '缓冲 "区"', "type": "public_channel", "id": 1, "messages": [message]}
    export.write_text(json.dumps(channel, indent=1), "utf-8")
    for place in (export.parent, export):
        files.write("")
        done = files.source("add", str(place))
        assert done.status == 0, done.err
        assert files.sources == [
            {"kind": "telegram", "name": '缓冲 "区"', "file": str(export)},
        ]
        assert "A ring buffer joins both ends" in done.out


def test_a_folder_with_nothing_in_it(files: Files, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = files.source("add", str(tmp_path / "empty"))
    assert (done.status, files.sources) == (2, [])
    assert "empty holds no file" in done.err


# list, test, remove

PAGES = (
    '\n# Saved\n[[sources]]\nkind = "snapshots"\nname = "pages"\nfolder = "pages"\ninterval = 60\n'
)


def test_list(files: Files, site: Site) -> None:
    assert files.source("list").out == (
        "No source is listed: archive-bot source add URL adds one.\n"
    )
    site.put("/feed", feed(site), media_type=XML)
    files.write(PAGES)
    files.add(f"{site.address}/feed", "--name", "缓冲")
    pages, web = files.source("list", "--json").json["sources"]
    assert pages == {
        "name": "pages",
        "kind": "snapshots",
        "where": str(files.file.parent / "pages"),
        "interval": 60,
        "articles": None,
        "gathered_at": None,
        "failed_at": None,
        "failure": None,
    }
    assert (web["where"], web["interval"]) == (f"{site.address}/feed", 900)
    lines = files.source("list").out.splitlines()
    assert lines[0].startswith("pages  snapshots  ")
    assert lines[1].startswith(f"缓冲   feed       {site.address}/feed")
    assert not (files.file.parent / "data").exists()


def test_list_tells_how_they_fared(files: Files) -> None:
    files.write(PAGES)
    pages = files.file.parent / "pages"
    pages.mkdir()
    (pages / "page.txt").write_text("LATEST UPDATES\n环形缓冲区首尾相接。\n", "utf-8")
    assert files.desk.run("gather").status == 0
    assert "  1 article, gathered 20" in files.source("list").out
    (pages / "page.txt").unlink()
    assert files.desk.run("gather").status == 1
    assert "    failed 20" in files.source("list").out
    (row,) = files.source("list", "--json").json["sources"]
    assert row["articles"] == 1
    assert "no page matches" in row["failure"]


def test_test_reads_and_changes_nothing(files: Files, site: Site) -> None:
    site.put("/feed", feed(site), media_type=XML)
    files.add(f"{site.address}/feed")
    before = files.text
    facts = files.source("test", "Ring Buffers", "--json").json
    assert list(facts) == [
        "name", "kind", "where", "failure", "seconds", "articles", "first", "advice",
    ]  # fmt: skip
    assert (facts["articles"], facts["failure"], facts["advice"]) == (4, None, [])
    assert facts["first"][0] == {
        "title": "Part 4",
        "link": f"{site.address}/posts/4",
        "published": "2026-03-04T00:00:00+00:00",
        "tags": ["数据结构"],
        "text": WORDS.strip(),
        "problem": None,
    }
    assert files.text == before
    assert not (files.file.parent / "data").exists()


def test_test_says_what_to_mend(files: Files, site: Site) -> None:
    site.put("/feed", feed(site), media_type=XML)
    files.add(f"{site.address}/feed")
    site.fail("/feed", 503)
    done = files.source("test", "Ring Buffers")
    assert (done.status, done.out) == (1, "")
    assert f"{site.address}/feed answered with status 503" in done.err
    done = files.source("test", "Ring Buffers", "--json")
    assert done.status == 1
    assert "503" in done.json["failure"]
    site.put("/feed", PAGE.format(title="", head="", body="moved"))
    assert "is a web page, not a feed" in files.source("test", "Ring Buffers").err


def test_an_unknown_name_is_told_with_those_that_are(files: Files) -> None:
    assert "there is no source 'x': none is listed" in files.source("test", "x").err
    files.write(PAGES)
    for command in ("test", "remove"):
        done = files.source(command, "x")
        assert done.status == 2
        assert "there is no source 'x'; there are: pages" in done.err


def test_remove_takes_the_entry_out_and_leaves_the_rest(files: Files) -> None:
    before = files.text
    files.write(PAGES)
    done = files.source("remove", " PAGES ")
    assert done.status == 0
    assert "pages was taken out of" in done.out
    assert "its articles stay in the archive" in done.out
    assert files.text == before
    assert files.source("remove", "pages").status == 2


# import, export

OPML = """\
<?xml version="1.0"?><opml version="2.0"><body>
<outline text="Linux">
<outline text="Buffers" xmlUrl="https://a.example/feed"/>
<outline text="Buffers" xmlUrl="https://b.example/feed"/>
<outline text="Again" xmlUrl="http://A.example/feed/"/>
<outline text="Odd" xmlUrl="gopher://c.example/"/>
<outline xmlUrl="feed://d.example/rss"/>
</outline></body></opml>
"""


def test_import_adds_what_is_not_known(files: Files, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(OPML, "utf-8")
    done = files.source("import", str(tmp_path / "feeds.opml"))
    assert done.status == 0, done.err
    assert done.out == f"3 feeds added to {files.file}, 1 known already\n"
    assert "gopher://c.example/ was left out: it is no http address" in done.err
    assert files.sources == [
        {"kind": "feed", "name": "Buffers", "url": "https://a.example/feed"},
        {"kind": "feed", "name": "Buffers 2", "url": "https://b.example/feed"},
        {"kind": "feed", "name": "d.example", "url": "https://d.example/rss"},
    ]
    before = files.text
    done = files.source("import", "-", stdin=OPML)
    assert done.out == f"0 feeds added to {files.file}, 4 known already\n"
    assert files.text == before


def test_a_list_that_is_none_adds_nothing(files: Files, tmp_path: Path) -> None:
    before = files.text
    (tmp_path / "broken.opml").write_text(f"{OPML[:200]}\n<", "utf-8")
    for name, says in (("broken.opml", "broken.opml, line 6: it is no OPML"), ("no", "cannot be")):
        done = files.source("import", str(tmp_path / name))
        assert (done.status, done.out) == (2, "")
        assert says in done.err
    assert files.text == before


def test_what_is_exported_is_imported_elsewhere(files: Files, tmp_path: Path) -> None:
    files.write(PAGES)
    files.source("import", "-", stdin=OPML)
    exported = files.source("export")
    assert exported.status == 0
    assert files.source("export", str(tmp_path / "out.opml")).out.startswith("3 feeds written to ")
    assert (tmp_path / "out.opml").read_text("utf-8") == exported.out
    other = Files(tmp_path / "other")
    other.source("import", "-", stdin=exported.out)
    assert other.sources == files.sources[1:]
    assert files.source("export", str(tmp_path / "no" / "out.opml")).status == 1


def test_help_names_every_command(files: Files) -> None:
    top = files.source("--help").out
    for command in ("add", "list", "test", "remove", "import", "export"):
        assert f"    {command}" in top
        assert files.source(command, "--help").status == 0
    assert files.source().status == 2
