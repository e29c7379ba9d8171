"""Feeds of every format and encoding: golden pairs, pages, hostile bodies.

`feeds/NAME.xml`, `.rdf` or `.json` is what a server sends, `feeds/NAME.expected.json` what is read
from it: the feed, or `{"error": "a part of the sentence"}`. `answer` there says what else came with
the body. A key that is not there was not told. Where one differs, the test prints the two as a
diff; when a new reading is right, put it into the file by hand.
"""

from __future__ import annotations

import difflib
import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Draft
from retrieval.errors import FetchError, SourceError
from retrieval.sources.feed import FeedReader, newest_first, parse_feed
from retrieval.sources.feeds.entries import LONGEST_TAG, MOST_TAGS
from retrieval.sources.feeds.envelope import MOST_CATEGORIES, MOST_ENTRIES
from retrieval.sources.reading import Page

unhurried = settings(deadline=None, max_examples=150)

FEEDS = Path(__file__).parent / "feeds"
SENT = sorted(
    file
    for file in FEEDS.iterdir()
    if file.suffix in (".xml", ".rdf", ".json") and not file.name.endswith(".expected.json")
)
URL = "https://feeds.example/index.xml"


def parsed(body: str | bytes, url: str = URL, **options: Any) -> tuple[Draft, ...]:
    data = body.encode() if isinstance(body, str) else body
    return parse_feed(Page(url, data), **options).drafts


def refused(body: str | bytes, **options: Any) -> str:
    with pytest.raises(SourceError) as raised:
        parsed(body, **options)
    return raised.value.reason


def parsed_or_refused(body: str | bytes) -> tuple[Draft, ...]:
    """What is read, or nothing where a sentence with the address says why."""
    try:
        return parsed(body)
    except SourceError as error:
        if URL not in error.reason:
            raise
        return ()


def rss(*items: str, more: str = "") -> str:
    return (
        f'<rss version="2.0"><channel><title>T</title>{more}'
        f"{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


# --- golden pairs --------------------------------------------------------------------------


def told(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def as_written(draft: Draft) -> dict[str, Any]:
    fields = {
        "title": draft.title,
        "link": draft.link,
        "guid": draft.guid,
        "published": told(draft.published),
        "updated": told(draft.updated),
        "tags": list(draft.tags) or None,
        "text": draft.text,
    }
    return {name: value for name, value in fields.items() if value is not None}


def read_from(file: Path, answer: dict[str, str]) -> dict[str, Any]:
    now = datetime.fromisoformat(answer["now"]) if "now" in answer else None
    page = Page(
        answer.get("url", URL), file.read_bytes(), answer.get("media_type"), answer.get("charset")
    )
    try:
        feed = parse_feed(page, answer.get("encoding"), now)
    except SourceError as error:
        return {"error": error.reason}
    drafts = [as_written(draft) for draft in feed.drafts]
    read = {"title": feed.title, "home": feed.home, "next_page": feed.next_page, "drafts": drafts}
    return {name: value for name, value in read.items() if value is not None}


def lines(value: dict[str, Any]) -> list[str]:
    return json.dumps(value, ensure_ascii=False, indent=2).splitlines()


@pytest.mark.parametrize("file", SENT, ids=lambda file: file.name)
def test_what_is_read_from_a_feed(file: Path) -> None:
    """FAILURES 12, 15 and 16, as far as parsing goes: see titles, gbk, invalid-utf8, dates."""
    expected = json.loads((FEEDS / f"{file.stem}.expected.json").read_text("utf-8"))
    read = read_from(file, expected.pop("answer", {}))
    if "error" in expected:
        assert expected["error"] in read.get("error", f"no error, but {read}")
        assert URL in read["error"], "the sentence says where"
        return
    if read != expected:
        pytest.fail(
            "\n".join(difflib.unified_diff(lines(expected), lines(read), "expected", "read")),
            pytrace=False,
        )


def test_every_expectation_has_its_feed() -> None:
    expected = {file.name.removesuffix(".expected.json") for file in FEEDS.glob("*.expected.json")}
    assert expected == {file.stem for file in SENT}
    assert len(SENT) >= 40


# --- what once went wrong elsewhere ---------------------------------------------------------


@pytest.mark.parametrize("broken", ["", "<b>"], ids=["well-formed", "malformed"])
@pytest.mark.parametrize(
    "written",
    [
        "C#&lt;T&gt; &amp; _x_",
        "<![CDATA[C#<T> & _x_]]>",
        "C#&amp;lt;T&amp;gt; &amp;amp; _x_",
        "C#&#60;T&#62; &#38; _x_",
        "C#&lt;T&gt; & _x_",
    ],
)
def test_a_title_with_angle_brackets_is_as_people_wrote_it(written: str, broken: str) -> None:
    """FAILURES 12."""
    for draft in parsed(rss(f"<title>{written}</title>", "<title>Other</title>", more=broken))[:1]:
        assert draft.title == "C#<T> & _x_"
    assert parsed(rss(f"<title>{written}</title>", "<title>Other</title>", more=broken))[1:] == (
        Draft(text="Other", title="Other"),
    ), "the others are unaffected"


@pytest.mark.parametrize("kind", ["text", "html"])
def test_such_a_title_in_atom(kind: str) -> None:
    """FAILURES 12."""
    written = "C#&lt;T&gt; &amp; _x_" if kind == "text" else "C#&amp;lt;T&gt; &amp;amp; _x_"
    (draft,) = parsed(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry>'
        f'<id>urn:1</id><title type="{kind}">{written}</title></entry></feed>'
    )
    assert draft.title == "C#<T> & _x_"


@pytest.mark.parametrize(
    "encoding", ["gbk", "gb2312", "big5", "shift_jis", "euc-kr", "utf-16", "windows-1252"]
)
def test_the_owner_knows_the_encoding_best(encoding: str) -> None:
    """FAILURES 15."""
    text = {"euc-kr": "한글 제목", "windows-1252": "déjà vu – 3 €"}.get(encoding, "同一天文")
    body = f'<?xml version="1.0" encoding="utf-8"?>{rss(f"<title>{text}</title>")}'
    page = Page(URL, body.encode(encoding), charset="iso-8859-1")
    (draft,) = parse_feed(page, encoding=encoding).drafts
    assert draft.title == text


def test_invalid_bytes_cost_a_character_and_no_article() -> None:
    """FAILURES 15."""
    body = rss("<title>before</title>", "<title>a\xa0b</title>", "<title>after</title>")
    titles = [draft.title or "" for draft in parsed(body.encode("latin-1"), encoding="utf-8")]
    assert titles == ["before", "a\ufffdb", "after"]


@pytest.mark.parametrize("encoding", ["klingon", "base64", "idna"])
def test_an_encoding_that_is_none(encoding: str) -> None:
    reason = refused(b"\xff" + rss().encode(), encoding=encoding)
    assert "`encoding`" in reason
    assert encoding in reason


@pytest.mark.parametrize("date", ["", "<pubDate/>", "<pubDate>soon</pubDate>"])
def test_no_date_is_no_crash(date: str) -> None:
    """FAILURES 16."""
    (draft,) = parsed(rss(f"<title>x</title>{date}"))
    assert draft.published is None


@given(st.text(st.characters(exclude_characters="<&", exclude_categories=["Cs"]), max_size=40))
@unhurried
def test_any_date_is_read_or_left_out(date: str) -> None:
    """FAILURES 16."""
    for draft in parsed(rss(f"<title>x</title><pubDate>{date}</pubDate>")):
        assert draft.published is None or draft.published.utcoffset() is not None


@pytest.mark.parametrize("broken", ["", "<b>"], ids=["well-formed", "malformed"])
@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_summary_of_html_is_not_the_end_of_the_text(kind: str, broken: str) -> None:
    inner = "<p>a</p><details open='open'><summary>S</summary><p>in</p></details><p>z &lt; 1</p>"
    div = f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>'
    body = {
        "rss": rss(f"<title>T</title><description>{inner}</description>", more=broken),
        "atom": f'<feed xmlns="http://www.w3.org/2005/Atom">{broken}<entry><title>T</title>'
        f'<content type="xhtml">{div}</content></entry></feed>',
    }[kind]
    (draft,) = parsed(body)
    assert draft.text.split() == ["a", "S", "in", "z", "<", "1"]


# --- several pages -------------------------------------------------------------------------


class Server:
    """Answers with prepared bodies; an address without one is a 404."""

    def __init__(self, bodies: dict[str, str], moved: dict[str, str] | None = None) -> None:
        self.bodies = bodies
        self.moved = moved or {}
        self.asked: list[str] = []

    def __call__(self, url: str, *, crawled: bool = True, older: bool = False) -> Page:
        assert not crawled, "a feed is made to be fetched; robots.txt is for pages"
        self.asked.append(url)
        place = self.moved.get(url, url)
        if place not in self.bodies:
            raise FetchError(f"{place} answered 404", status=404)
        return Page(place, self.bodies[place].encode())


def paged(number: int, following: str | None, *titles: str) -> str:
    link = f'<atom:link rel="next" href="{following}"/>' if following else ""
    items = "".join(f"<item><title>{title}</title></item>" for title in titles)
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>Page {number}</title>{link}{items}</channel></rss>"
    )


THREE = {
    "https://p.example/1": paged(1, "/2", "F", "E"),
    "https://p.example/2": paged(2, "3", "E", "D", "C"),
    "https://p.example/3": paged(3, None, "B", "A"),
}


@pytest.mark.parametrize(
    ("pages", "titles", "asked"), [(1, "FE", 1), (2, "FEDC", 2), (3, "FEDCBA", 3), (9, "FEDCBA", 3)]
)
def test_pages_are_followed_to_the_bound(pages: int, titles: str, asked: int) -> None:
    server = Server(THREE)
    reading = FeedReader("p", "https://p.example/1", pages=pages).read(server)
    assert "".join(draft.title or "" for draft in reading.drafts) == titles
    assert server.asked == [f"https://p.example/{n + 1}" for n in range(asked)]


def test_a_page_seen_before_ends_the_reading() -> None:
    bodies = {
        "https://p.example/1": paged(1, "/2", "B"),
        "https://p.example/2": paged(2, "/1", "A"),
    }
    server = Server(bodies, moved={"https://p.example/": "https://p.example/1"})
    reading = FeedReader("p", "https://p.example/", pages=50).read(server)
    assert [draft.title for draft in reading.drafts] == ["B", "A"]
    assert server.asked == ["https://p.example/", "https://p.example/2"]


def test_a_page_that_brings_nothing_new_ends_the_reading() -> None:
    same = {f"https://p.example/{n}": paged(n, f"/{n + 1}", "B", "A") for n in range(1, 50)}
    server = Server(same)
    reading = FeedReader("p", "https://p.example/1", pages=40).read(server)
    assert [draft.title for draft in reading.drafts] == ["B", "A"]
    assert len(server.asked) == 2


def test_a_json_feed_is_followed_too() -> None:
    def body(title: str, following: str | None) -> str:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [{"id": title, "title": title}],
        }
        return json.dumps(feed | ({"next_url": following} if following else {}))

    server = Server({"https://j.example/1": body("B", "2"), "https://j.example/2": body("A", None)})
    reading = FeedReader("j", "https://j.example/1", pages=5).read(server)
    assert [draft.title for draft in reading.drafts] == ["B", "A"]


def test_a_page_that_fails_fails_the_reading() -> None:
    """Half a feed would look as if the other half had been taken down."""
    server = Server({"https://p.example/1": paged(1, "/2", "A")})
    with pytest.raises(FetchError, match="404"):
        FeedReader("p", "https://p.example/1", pages=2).read(server)


@pytest.mark.parametrize(
    ("days", "order"),
    [
        ("321", "321"),
        ("123", "321"),
        ("132", "132"),
        ("1-3", "1-3"),
        ("111", "111"),
        ("112", "211"),
    ],
)
def test_a_feed_that_lists_the_oldest_first_is_turned_round(days: str, order: str) -> None:
    def day(number: str) -> datetime | None:
        return None if number == "-" else datetime(2026, 3, int(number), tzinfo=UTC)

    drafts = tuple(Draft(text=f"{place}{n}", published=day(n)) for place, n in enumerate(days))
    turned = newest_first(drafts)
    assert "".join(draft.text[1] for draft in turned) == order
    assert turned in (drafts, drafts[::-1])


# --- bounds and hostile bodies ---------------------------------------------------------------


@pytest.mark.parametrize("kind", ["rss", "rdf", "atom", "json", "malformed"])
def test_a_feed_of_50000_entries_gives_the_first_5000(kind: str) -> None:
    titles = [f"T{n}" for n in range(50_000)]
    items = "".join(f"<item><title>{t}</title></item>" for t in titles)
    body = {
        "rss": f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>',
        "malformed": f'<rss version="2.0"><channel><title>t<b></title>{items}</channel></rss>',
        "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/"><channel><title>t</title></channel>{items}</rdf:RDF>',
        "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>'
        f"{items.replace('item>', 'entry>')}</feed>",
        "json": json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "items": [{"title": t} for t in titles]}
        ),
    }[kind]
    drafts = parsed(body)
    assert [draft.title for draft in drafts] == titles[:MOST_ENTRIES]


NEST = 60_000


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "inner",
    [
        "<a>" * NEST + "</a>" * NEST,
        "<a b='c'>" * NEST + "</a>" * NEST,
        "<a>" * NEST,
        "</a>" * NEST,
        "<description>" + "<div>" * NEST + "x" + "</div>" * NEST + "</description>",
        "<description>" + "&lt;div&gt;" * NEST + "x" + "&lt;/div&gt;" * NEST + "</description>",
        "<" * NEST,
        "&" * NEST,
        '<a "' * NEST,
        "<a b='" * NEST,
        "<!x " * NEST,
        "<![x " * NEST,
        "<?x " * NEST,
        "<!-- " * NEST + "-->",
        "<details><summary>" * NEST,
        "<a" + " " * NEST + "b" * NEST,
        "<title>" + "&lt;b&gt;" * NEST + "</title>",
        "<title>" + "&lt;b" * NEST + "</title>",
        "<link>" + "http://[" * NEST + "</link>",
        "<guid>" + "x" * NEST + "</guid>",
        "<pubDate>" + "1 " * NEST + "</pubDate>",
        f"&#{'9' * NEST};",
    ],
    ids=lambda inner: inner[:24],
)
def test_a_body_made_to_hurt_is_read_soon(inner: str) -> None:
    body = rss("<title>whole</title>", inner)
    assert parsed(body)[0].title == "whole"


@pytest.mark.timeout(20)
def test_categories_without_end_are_refused() -> None:
    few = "".join(f"<category>c{n}</category>" for n in range(MOST_CATEGORIES))
    (draft,) = parsed(rss(f"<title>x</title>{few}"))
    assert draft.tags == tuple(f"c{n}" for n in range(MOST_TAGS))
    assert "categories" in refused(rss(f"<title>x</title>{few * 100}"))


@pytest.mark.parametrize(
    "body",
    [
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 200_000,
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "1" * 5_000 + "}",
        "[" * 200_000 + "]" * 200_000,
    ],
)
def test_json_made_to_hurt_is_refused(body: str) -> None:
    assert URL in refused(body)


def test_nothing_outside_the_feed_is_ever_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entities that name a file or an address are refused; a foreign DTD is never fetched."""
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")

    def never(*args: object, **options: object) -> None:
        raise AssertionError(f"asked the network for {args}")

    monkeypatch.setattr("socket.getaddrinfo", never)
    monkeypatch.setattr("socket.socket.connect", never)
    item = "<item><title>a &x; b</title></item>"
    feed = f'<rss version="2.0"><channel><title>t</title>{item}</channel></rss>'
    for place in (secret.as_uri(), "http://127.0.0.1:9/x"):
        for kind in ("x", "% x"):
            body = f'<!DOCTYPE rss [ <!ENTITY {kind} SYSTEM "{place}"> ]>{feed}'
            assert "<!ENTITY" in refused(body)
            assert "<!ENTITY" in refused("<!-- <rss> -->" + body)
            assert "<!ENTITY" in refused("<?php <a ?>" + body.replace("ENTITY", "entity"))
        (draft,) = parsed(f'<!DOCTYPE rss SYSTEM "{place}">{feed}')
        assert draft.title == "a &x; b"


@pytest.mark.parametrize("file", SENT, ids=lambda file: file.name)
def test_a_feed_cut_anywhere_is_whole_or_refused(file: Path) -> None:
    """A cut feed that is read would look as if the rest had been taken down."""
    expected = json.loads((FEEDS / f"{file.stem}.expected.json").read_text("utf-8"))
    answer = expected.pop("answer", {})
    if "error" in expected:
        return
    body = file.read_bytes()
    whole = read_from(file, answer)["drafts"]
    for cut in random.Random(4).sample(range(len(body)), 25):
        page = Page(answer.get("url", URL), body[:cut], None, answer.get("charset"))
        now = datetime.fromisoformat(answer["now"]) if "now" in answer else None
        try:
            drafts = parse_feed(page, answer.get("encoding"), now).drafts
        except SourceError:
            continue
        assert [as_written(draft) for draft in drafts] == whole, f"cut at {cut}"


PIECES = (
    "<item>", "</item>", "<title>", "</title>", "<link>", "</link>", "http://x.example/", "<guid>",
    "</guid>", "<description>", "</description>", "<![CDATA[", "]]>", "<!--", "-->", "&lt;b&gt;",
    "&amp;", "&", "<", ">", "&nbsp;", "&#0;", "&#xD800;", "\x00", "\ud800", "\ufffe", "文章", "<br/>",
    "<pubDate>", "</pubDate>", "2026-03-05", "<category>", "</category>", "<content:encoded>",
    "</content:encoded>", "<entry>", "</entry>", "<source>", "</source>", "<image>", "</image>",
    "<x:y z='", "'>", "<svg>", "</svg>", "<summary>", "</summary>", "<content type='xhtml'>",
    "</content>", "<channel>", "</channel>", "</rss>", "<?x", "?>", "<!DOCTYPE", "xml:base='//['",
)  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=60),
    st.sampled_from(["rss", "feed", "rdf:RDF"]),
)
@unhurried
def test_any_body_is_read_or_refused(pieces: Sequence[str], root: str) -> None:
    body = f"<{root}>{''.join(pieces)}</{root}>".encode("utf-8", "surrogatepass")
    for draft in parsed_or_refused(body):
        assert draft.text or draft.link
        assert "\x00" not in f"{draft}"
        f"{draft}".encode()


@given(st.binary(max_size=200))
@unhurried
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    parsed_or_refused(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["id", "url", "title", "tags", "content_html", "content_text", "summary",
                 "date_published", "date_modified", "external_url", "items"]
            ),
            inner,
            max_size=6,
        ),
        max_leaves=30,
    )
)  # fmt: skip
@unhurried
def test_json_of_any_shape_is_read_or_refused(items: object) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": items, "items": items}
    for draft in parsed_or_refused(json.dumps(feed)):
        assert draft.text or draft.link
        assert len(draft.tags) <= MOST_TAGS
        assert all(0 < len(tag) <= LONGEST_TAG for tag in draft.tags)
        f"{draft}".encode()
