"""Markup: whatever the words are, the HTML is what Telegram accepts, and says the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import Text, bold, clean, italic, link, quote, text, web_url
from bot.telegram_html import Entity, parse_html
from tests.bot.hostile import HOSTILE, texts


@given(texts())
def test_any_text_is_accepted_and_shown_as_it_was_meant(whole: Text) -> None:
    """FAILURES 12"""
    assert parse_html(whole.html).text == whole.plain


@given(texts())
def test_length_and_entities_are_counted_as_telegram_counts_them(whole: Text) -> None:
    parsed = parse_html(whole.html)
    assert whole.units == len(parsed.text.encode("utf-16-le")) // 2
    assert whole.entities == len(parsed.entities)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_a_title(title: str) -> None:
    """FAILURES 12"""
    whole = text("1. ", bold(link("https://blog.example/?a=1&b=<2>\"'", title)))
    parsed = parse_html(whole.html)
    assert parsed.text == f"1. {clean(title)}"
    kinds = {entity.type: entity for entity in parsed.entities}
    if clean(title):
        assert kinds["text_link"].url == "https://blog.example/?a=1&b=<2>\"'"
        assert kinds["bold"].length == len(clean(title).encode("utf-16-le")) // 2


def test_looks_are_nested_and_neighbours_of_one_look_are_one_entity() -> None:
    whole = text("a", quote("b", bold("c"), bold(italic("d")), expandable=True), "e")
    assert whole.html == ("a<blockquote expandable>b<b>c<i>d</i></b></blockquote>e")
    assert parse_html(whole.html).entities == (
        Entity("expandable_blockquote", 1, 3),
        Entity("bold", 2, 2),
        Entity("italic", 3, 1),
    )


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "tg://user?id=1",
        "ftp://blog.example/",
        "//blog.example/",
        "blog.example",
        "http://",
        "http://[::1",
        "https://blog.example/\n<b>",
        "https://blog.example/" + "a" * 3000,
    ],
)
def test_what_is_no_web_address_is_no_link(url: str | None) -> None:
    assert link(url, "title").html == "title"


def test_web_addresses_stay_as_they_are() -> None:
    assert web_url(" https://blog.example/梯度?a=1&b=2#c ") == "https://blog.example/梯度?a=1&b=2#c"
    assert web_url("http://blog.example/two words") == "http://blog.example/two%20words"


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("a\0b\x1b[31mc\x7fd\x9be", "ab[31mcde"),
        ("a\ud83db\udc00c", "abc"),
        ("a\r\nb\rc\u2028d\x85e\vf", "a\nb\nc\nd\ne\nf"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\u2066open and never closed", "open and never closed"),
        ("\u2067balanced\u2069", "balanced"),
        ("\ufeffbyte order mark\ufffe", "byte order mark"),
        ("עברית\u200f and tab\tstay 👨‍👩‍👧", "עברית\u200f and tab\tstay 👨‍👩‍👧"),
    ],
)
def test_what_telegram_refuses_or_what_turns_the_line_around_is_gone(
    given_: str, kept: str
) -> None:
    assert text(given_).plain == kept


@given(st.text(st.characters()))
def test_cleaning_twice_is_cleaning_once(words: str) -> None:
    assert clean(clean(words)) == clean(words)
    clean(words).encode()  # no surrogate is left


@given(texts(), st.integers(0, 50), st.integers(0, 50))
def test_a_part_of_a_text_keeps_its_words_and_looks(whole: Text, start: int, more: int) -> None:
    part = whole.between(start, start + more)
    assert part.plain == whole.plain[start : start + more]
    assert parse_html(part.html).text == part.plain
