"""Cutting: every part is a message Telegram takes, and together they say what the text said."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cutting import LONGEST_MESSAGE, clipped, fits, pack, split
from bot.markup import Text, bold, clean, link, quote, text
from bot.telegram_html import parse_html
from tests.bot.hostile import FAMILY, HOSTILE, SCOTLAND, texts


def visible(words: str) -> str:
    """Without white space and what is never seen: the rest must survive every cut."""
    return "".join(
        each
        for each in words
        if not each.isspace()
        and unicodedata.category(each) != "Cf"
        and not "\ufe00" <= each <= "\ufe0f"
        and each not in "\u2800\u3164\u115f\u1160\uffa0"
    )


def check(parts: list[Text], whole: Text, limit: int = LONGEST_MESSAGE) -> None:
    """What Telegram demands of each part, and the reader of all."""
    for part in parts:
        parsed = parse_html(part.html)
        assert parsed.text.strip()
        assert len(parsed.text.encode("utf-16-le")) // 2 <= limit
        assert len(parsed.entities) <= 100
        assert len(part.html.encode()) <= 32_768
        assert part.plain in whole.plain
    assert visible("".join(part.plain for part in parts)) == visible(whole.plain)


@settings(max_examples=300)
@given(texts(), st.integers(2, 60))
def test_parts_are_valid_and_say_the_same(whole: Text, limit: int) -> None:
    """FAILURES 13"""
    check(split(whole, limit), whole, limit)


@settings(max_examples=200)
@given(texts(), st.integers(2, 60))
def test_looks_go_on_in_the_next_part(whole: Text, limit: int) -> None:
    def looks(of: Text) -> list[tuple[str, bool, bool, str | None, object]]:
        return [
            (character, span.bold, span.italic, span.link, span.quote)
            for span in of.spans
            for character in visible(span.text)
        ]

    parts = split(whole, limit)
    assert [look for part in parts for look in looks(part)] == looks(whole)


@pytest.mark.parametrize("words", [*HOSTILE, "word " * 2000, "一句话。" * 2500, "x" * 10_000])
def test_ten_thousand_characters_arrive_in_valid_parts(words: str) -> None:
    """FAILURES 13"""
    whole = text("Title\n", quote(words, bold("<&>" * 200), expandable=True))
    check(split(whole), whole)


def test_an_unfinished_entity_is_never_cut_in_two() -> None:
    """FAILURES 13"""
    for shift in range(6):
        whole = text("x" * shift, "&lt;" * 3000)
        for part in split(whole):
            assert "&lt;" not in re.sub("&amp;", "&", part.html).replace("&lt;", "")
        check(split(whole), whole)


@pytest.mark.parametrize(
    ("words", "limit", "expected"),
    [
        ("one two\n\nthree. four\nfive six", 22, ["one two\n\nthree. four", "five six"]),
        ("aaa bbb cc\n\nddd eee\nfff", 20, ["aaa bbb cc", "ddd eee\nfff"]),
        ("第一句话。第二句话。第三句", 11, ["第一句话。第二句话。", "第三句"]),
        ("He said 3.14 is pi. She left", 22, ["He said 3.14 is pi.", "She left"]),
        ("真的\uff01是吗\uff1f后面没有了", 8, ["真的\uff01是吗\uff1f", "后面没有了"]),
        ("显存不够怎么办?换一张卡", 9, ["显存不够怎么办?", "换一张卡"]),
        ("is a?b:c or x!=y", 10, ["is a?b:c", "or x!=y"]),
        ("alpha beta gamma", 12, ["alpha beta", "gamma"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("exactly ten", 7, ["exactly", "ten"]),
        ("   \n\n ", 4, []),
    ],
)
def test_cuts_are_made_where_a_reader_pauses(words: str, limit: int, expected: list[str]) -> None:
    assert [part.plain for part in split(text(words), limit)] == expected


@pytest.mark.parametrize("cluster", [FAMILY, SCOTLAND, "👍🏽", "🇨🇳", "e\u0301", "❤️"])
def test_what_is_read_as_one_character_stays_one(cluster: str) -> None:
    """FAILURES 13"""
    whole = text(cluster * 40)
    for limit in range(len(cluster.encode("utf-16-le")) // 2, 60):
        for part in split(whole, limit):
            assert part.plain == cluster * (len(part.plain) // len(cluster))


def test_no_part_has_more_than_a_hundred_entities() -> None:
    whole = text(*(text(bold(str(number)), " ") for number in range(250)))
    parts = split(whole)
    assert [part.entities for part in parts] == [100, 100, 50]
    check(parts, whole)


def test_links_too_long_for_one_request_go_into_several() -> None:
    url = "https://blog.example/" + "a" * 2000
    whole = text(*(text(link(f"{url}{number}", f"link {number}"), "\n") for number in range(40)))
    parts = split(whole)
    assert len(parts) > 2
    check(parts, whole)


def test_blocks_stay_whole_as_long_as_one_fits_into_a_message() -> None:
    blocks = [text(str(number) * 30) for number in range(5)]
    parts = pack(blocks, 70)
    assert [part.plain for part in parts] == [
        f"{'0' * 30}\n\n{'1' * 30}",
        f"{'2' * 30}\n\n{'3' * 30}",
        "4" * 30,
    ]


def test_a_block_too_long_for_a_message_is_cut_and_the_next_one_follows_its_rest() -> None:
    parts = pack([text("a" * 25), text(" "), text("b")], 10)
    assert [part.plain for part in parts] == ["a" * 10, "a" * 10, "aaaaa\n\nb"]


def test_what_nobody_sees_makes_no_part_of_its_own() -> None:
    unseen = "\u200b\u2060\ufe0f\u2800"
    seen = [part.plain.strip(unseen) for part in split(text("a" * 10, unseen * 10, "b" * 10), 10)]
    assert all(seen)
    assert "".join(seen) == "a" * 10 + "b" * 10


def test_a_limit_without_room_for_a_character_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="room for one character"):
        split(text("😀"), 1)


def test_what_fits_exactly_is_not_cut() -> None:
    assert fits(text("😀" * 2048))
    assert not fits(text("😀" * 2048 + "a"))
    assert len(split(text("😀" * 2048))) == 1
    assert len(split(text("😀" * 2048 + "a"))) == 2


@given(st.text(max_size=50), st.integers(1, 40))
def test_a_clipped_text_is_the_beginning_of_it(words: str, most: int) -> None:
    words = clean(words)
    assert len(clipped(words, most)) <= most
    assert words.startswith(clipped(words, most))
