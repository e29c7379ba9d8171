"""What feedparser itself does that the reading of feeds rests on, or works round.

When one of these fails after an upgrade, `retrieval/sources/feeds/xmlfeed.py` or `envelope.py` has to be
looked at again: a rule there may be wrong, or no longer needed.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

ATOM = "http://www.w3.org/2005/Atom"


def parse(document: str, *, sanitize: bool = False, at: str = "") -> Any:
    return feedparser.parse(
        BytesIO(f'<?xml version="1.0" encoding="utf-8"?>\n{document}'.encode()),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": at,
        },
        resolve_relative_uris=False,
        sanitize_html=sanitize,
    )


def entry(item: str, *, more: str = "", sanitize: bool = False, at: str = "") -> Any:
    channel = f"<channel><title>t</title>{more}<item>{item}</item></channel>"
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    spaces += ' xmlns:media="http://search.yahoo.com/mrss/"'
    document = f'<rss version="2.0" {spaces}>{channel}</rss>'
    return parse(document, sanitize=sanitize, at=at).entries[0]


def atom(item: str) -> Any:
    return parse(f'<feed xmlns="{ATOM}"><title>t</title><entry>{item}</entry></feed>').entries[0]


TEX = '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math>'
SCRIPT = '<script type="math/tex">x^2</script>'
CODE = '<pre class="language-c"><code>a\n  b</code></pre>'


@pytest.mark.parametrize("html", [TEX, SCRIPT, CODE])
def test_without_its_sanitiser_content_arrives_as_it_was_sent(html: str) -> None:
    item = f"<content:encoded><![CDATA[{html}]]></content:encoded>"
    assert entry(item).content[0].value == html
    assert entry(item, more="<broken>").content[0].value == html


def test_its_sanitiser_drops_formulas() -> None:
    """Why it is off: nothing that is shown is HTML."""
    item = f"<content:encoded><![CDATA[{SCRIPT}]]></content:encoded>"
    assert "x^2" not in entry(item, sanitize=True).content[0].value


def test_without_an_address_links_and_guids_stay_as_they_were_written() -> None:
    told = entry("<guid>7</guid><link>a/b</link>")
    assert (told.id, told.links[0].href) == ("7", "a/b")
    based = entry('<link xml:base="https://b.example/c/">d</link>')
    assert based.links[0].href == "https://b.example/c/d"


def test_with_an_address_a_bare_guid_becomes_a_link() -> None:
    """Why it is told none: a feed that moves would change every GUID."""
    told = entry("<guid>7</guid>", at="https://a.example/feed")
    assert told.id == told.link == "https://a.example/7"


def test_a_permanent_id_is_the_link_where_there_is_no_other() -> None:
    assert entry("<guid>https://a.example/1</guid>").link == "https://a.example/1"
    assert "link" not in entry('<guid isPermaLink="false">https://a.example/1</guid>')
    both = entry("<guid>https://a.example/1</guid><link>https://a.example/2</link>")
    assert (both.id, both.link) == ("https://a.example/1", "https://a.example/2")


def test_what_kind_of_text_atom_said() -> None:
    kinds = [
        ('type="text"', "text/plain"),
        ("", "text/plain"),
        ('type="html"', "text/html"),
    ]
    for said, kind in kinds:
        told = atom(f"<title {said}>&lt;b&gt;</title>")
        assert (told.title_detail.type, told.title) == (kind, "<b>")
    inner = '<div xmlns="http://www.w3.org/1999/xhtml">a &lt; b</div>'
    told = atom(f'<title type="xhtml">{inner}</title>')
    assert (told.title_detail.type, told.title) == ("application/xhtml+xml", "a &lt; b")


def test_a_break_in_xhtml_gets_an_end_tag() -> None:
    """Why end tags of void elements are taken out: browsers make a second break of `</br>`."""
    inner = '<div xmlns="http://www.w3.org/1999/xhtml">a<br/>b</div>'
    assert atom(f'<content type="xhtml">{inner}</content>').content[0].value == "a<br></br>b"


def test_a_second_description_is_taken_for_the_content() -> None:
    """Why the longest of content and summary is taken, and not the content."""
    caption = (
        '<media:content url="x"><media:description>A lamp.</media:description></media:content>'
    )
    told = entry(f"<description>The article.</description>{caption}")
    assert told.summary == "The article."
    assert [content.value for content in told.content] == ["A lamp."]


def test_a_missing_update_is_answered_with_the_publication() -> None:
    """Why values are taken with `dict.get`: this warns, and warnings are errors here."""
    told = entry("<pubDate>Thu, 05 Mar 2026 10:00:00 GMT</pubDate>")
    with pytest.warns(DeprecationWarning, match="updated"):
        assert told.get("updated") == told.published
    assert dict.get(told, "updated") is None


@pytest.mark.parametrize("date", ["2026年3月5日", "2026/03/05 10:30"])
def test_dates_it_does_not_know_become_others(date: str) -> None:
    """Why only what was written counts."""
    told = entry(f"<pubDate>{date}</pubDate>")
    assert told.published == date
    assert told.published_parsed is None or tuple(told.published_parsed[:3]) != (2026, 3, 5)


def test_zones_it_does_not_know_become_utc() -> None:
    told = entry("<pubDate>Thu, 05 Mar 2026 10:00:00 HKT</pubDate>")
    assert told.published_parsed[3] == 10


def test_dublin_core_dates_are_updates() -> None:
    space = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    told = entry(f"<dc:date {space}>2026-03-05T01:00:00Z</dc:date>")
    assert dict.get(told, "updated") == "2026-03-05T01:00:00Z"
    assert dict.get(told, "published") is None


def test_a_bare_ampersand_gets_a_semicolon() -> None:
    """Why references are mended before."""
    assert entry("<title>AT&T</title>").title == "AT&T;"
    assert entry("<title>AT&amp;T</title>").title == "AT&T"


def test_what_is_not_well_formed_is_read_all_the_same() -> None:
    read = parse(
        "<rss><channel><item><title>a</title><b></item><item><title>c</title></item></channel></rss>"
    )
    assert read.bozo
    assert [told.title for told in read.entries] == ["a", "c"]


def test_a_cut_feed_is_read_as_if_it_were_whole() -> None:
    """Why the end tag of the root is asked for before."""
    read = parse("<rss><channel><item><title>a</title></item><item><title>b")
    assert [told.get("title") for told in read.entries] == ["a", None]


def test_external_entities_are_not_resolved(tmp_path: Path) -> None:
    """The second wall: such a feed is refused before it comes here."""
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    for place in (secret.as_uri(), "http://127.0.0.1:9/x"):
        kind = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{place}">]>'
        read = parse(f"{kind}<rss><channel><item><title>a&x;b</title></item></channel></rss>")
        assert "TOP SECRET" not in str(read)


def test_bytes_are_never_taken_for_a_name_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text("<rss><channel><item><title>on disk</title></item></channel></rss>")
    assert feedparser.parse(BytesIO(str(file).encode())).entries == []
