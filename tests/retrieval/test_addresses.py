"""Addresses of one page are one; those of two pages are two."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.addresses import address_key, canonical, page_key

SAME = [
    ("http://example.org/a", "https://example.org/a"),
    ("https://example.org/a/", "https://example.org/a"),
    ("https://EXAMPLE.org/a", "https://example.org/a"),
    ("https://www.example.org/a", "https://example.org/a"),
    ("https://example.org:443/a", "http://example.org:80/a"),
    ("https://example.org/a?utm_source=rss&utm_medium=feed", "https://example.org/a"),
    ("https://example.org/a?id=3&fbclid=x", "https://example.org/a?id=3"),
    ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
    ("https://example.org/a?spm=1.2.3", "https://example.org/a"),
    ("https://example.org/a#comments", "https://example.org/a"),
    ("https://example.org/a/index.html", "https://example.org/a/"),
    ("https://example.org/新闻/一", "https://example.org/%E6%96%B0%e9%97%bb/%E4%B8%80/"),
    (" https://example.org/a ", "https://example.org/a"),
]
APART = [
    ("https://example.org/a", "https://example.org/b"),
    ("https://example.org/?p=1", "https://example.org/?p=2"),
    ("https://example.org/a", "https://blog.example.org/a"),
    ("https://example.org/A", "https://example.org/a"),
    ("https://example.org:8080/a", "https://example.org/a"),
    ("https://example.org/#/post/1", "https://example.org/#/post/2"),
    (
        "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1",
        "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=2",
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_page(one: str, other: str) -> None:
    assert canonical(one) is not None
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_pages(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@pytest.mark.parametrize(
    "link",
    ["", "tag:example.org,2026:1", "urn:uuid:1", "mailto:a@example.org", "/a", "http://", "http://[",
     "https://example.org/list#:~:text=a", "https://example.org", "https://example.org/#top"],
)  # fmt: skip
def test_what_is_no_page_of_its_own(link: str) -> None:
    assert address_key(link) is None


def test_what_is_read_at_one_address_stays_there() -> None:
    assert page_key("https://example.org/a#one") == page_key("https://example.org/a#two")
    for one, other in SAME:
        if "#" not in one and one.strip() != other:
            assert page_key(one) != page_key(other)
    assert page_key("https://example.org/") is None


@settings(deadline=None)
@given(st.text(max_size=80) | st.text(max_size=60).map("https://example.org/".__add__))
def test_any_text_is_taken(link: str) -> None:
    key = address_key(link)
    assert key is None or len(key) == 32
