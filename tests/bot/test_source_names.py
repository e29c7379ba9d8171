"""What sources are called when nobody gave them a name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.names import WIDEST, apart, host_of, sensible
from config.sources import FeedSource
from retrieval.identity import columns


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ring Buffers", "Ring Buffers"),
        ("Home | Ring Buffers", "Ring Buffers"),
        ("Ring Buffers – Posts", "Ring Buffers"),
        ("首页 - 缓冲区", "缓冲区"),
        ("Ring Buffers - notes", "Ring Buffers - notes"),
        ("Ring Buffers — thoughts on arrays that never end", "Ring Buffers"),
        ("Re-reading C++ and C#", "Re-reading C++ and C#"),
        ("One\ntwo\u2028three", "One two three"),
        ("Blog", "example.org"),
        (" | ", "example.org"),
        ("", "example.org"),
        (None, "example.org"),
        ("a " * 40, "a a a a a a a a a a a a a a a a…"),
        ("缓冲" * 20, "缓冲缓冲缓冲缓冲缓冲缓冲缓冲…"),
    ],
)
def test_a_name_out_of_a_title(title: str | None, name: str) -> None:
    assert sensible(title, "example.org") == name


def test_a_folder_may_be_called_what_no_site_may() -> None:
    assert sensible("posts", "posts") == "posts"
    assert sensible("", "") == "source"


def test_a_taken_name_gets_a_number() -> None:
    assert apart("Blog", []) == "Blog"
    assert apart("Blog", ["blog"]) == "Blog 2"
    assert apart("Blog", ["BLOG", "blog 2", "Blog 4"]) == "Blog 3"


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://www.example.org:8080/x", "example.org"), ("posts", ""), ("http://[::1", "")],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


@settings(deadline=None)
@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_whatever_it_is_called_it_is_a_name(title: str, otherwise: str, taken: list[str]) -> None:
    name = sensible(title, otherwise)
    assert columns(name) <= WIDEST
    unique = apart(apart(name, [name, *taken]), taken)
    FeedSource(kind="feed", name=unique, url="https://example.org/")
