"""Lists of feeds, as other readers write them and read ours."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.sources.opml import ListedFeed, document_of, feeds_of

NESTED = """\
<?xml version="1.0" encoding="{encoding}"?>
<opml version="1.1"><head><title>订阅</title></head><body>
  <outline text="技术">
    <outline text="Linux">
      <outline type="rss" text="甲 &amp; 乙" title="甲 &amp; 乙" xmlUrl="https://a.example/feed?x=1&amp;y=2"
               htmlUrl="https://a.example/"/>
    </outline>
    <outline text="no feed at all"/>
    <outline type="rss" text=" Two
      lines " xmlURL=" https://b.example/rss "/>
  </outline>
  <outline title="again" xmlurl="https://b.example/rss"/>
  <outline xmlUrl="https://c.example/"/>
</body></opml>
"""
FEEDS = [
    ListedFeed("https://a.example/feed?x=1&y=2", "甲 & 乙"),
    ListedFeed("https://b.example/rss", "Two lines"),
    ListedFeed("https://c.example/", None),
]


def test_feeds_are_found_in_any_folder_once_each() -> None:
    assert feeds_of(NESTED.format(encoding="UTF-8").encode(), "x.opml") == FEEDS


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\n  "])
def test_what_stands_before_the_document_is_no_hindrance(mark: bytes) -> None:
    assert feeds_of(mark + NESTED.format(encoding="UTF-8").encode(), "x.opml") == FEEDS


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"", "x.opml, line 1: it is no OPML, the XML is broken here"),
        (b"<opml>\n<body>\n<outline xmlUrl='a&b'/>", "x.opml, line 3: it is no OPML"),
        (b"<rss version='2.0'/>", "x.opml is no OPML: it begins with <rss> instead of <opml>"),
        (
            b"<!DOCTYPE opml [<!ENTITY a 'aaaaaaaaaa'>]><opml><body/></opml>",
            "x.opml defines entities of its own",
        ),
        (
            b"<!DOCTYPE opml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><opml>&a;</opml>",
            "x.opml defines entities of its own",
        ),
        (b" " * (16 * 1024 * 1024 + 1), "x.opml is larger than 16 MiB"),
    ],
)
def test_what_is_no_list_of_feeds_is_named(document: bytes, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        feeds_of(document, "x.opml")
    assert says in str(raised.value)


def test_deep_folders_are_no_danger() -> None:
    deep = b"<outline>" * 5000 + b"<outline xmlUrl='https://a.example/'/>" + b"</outline>" * 5000
    document = b"<opml><body>" + deep + b"</body></opml>"
    assert feeds_of(document, "x") == [ListedFeed("https://a.example/")]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1).map(
    lambda text: " ".join(text.split())
)


@settings(deadline=None)
@given(st.lists(st.builds(ListedFeed, WORDS.filter(bool), WORDS.filter(bool)), max_size=5))
def test_what_is_written_is_read(feeds: list[ListedFeed]) -> None:
    by_url = {feed.url: feed for feed in reversed(feeds)}
    expected = [feed for feed in feeds if by_url[feed.url] is feed]
    assert feeds_of(document_of(feeds).encode(), "x") == expected
