"""What /latest understands, and that its pages and their buttons are always fit to be sent."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot.buttons import NEWEST, unpack
from bot.listings import (
    MOST,
    MOST_NAMES,
    TAGS_ON_A_PAGE,
    Listing,
    Name,
    newest_in_one,
    newest_page,
    parse_latest,
    tags_keyboard,
)
from bot.telegram_html import parse_html
from bot.wording import LANGUAGES, Wording
from retrieval.archive.tagging import tag_key
from retrieval.archive.tags import Tag, TagPage
from tests.bot.fakes import article
from tests.bot.hostile import HOSTILE
from tests.bot.messages import check_markup

LLM = Name("tag", "LLM")


@pytest.mark.parametrize(
    ("words", "names", "readings"),
    [
        ("", (), [("", None)]),
        ("10", (), [("", 10)]),
        ("１０", (), [("", 10)]),
        ("#LLM", (LLM,), [("", None)]),
        ("＃LLM", (LLM,), [("", None)]),
        ("#LLM#", (LLM,), [("", None)]),
        ("#C#", (Name("tag", "C#"),), [("", None)]),
        ("tag:LLM 3", (LLM,), [("", 3)]),
        ("标签：LLM", (LLM,), [("", None)]),
        ("10 #LLM", (LLM,), [("", 10)]),
        ("LLM", (), [("LLM", None)]),
        ("LLM 10", (), [("LLM 10", None), ("LLM", 10)]),
        ("GPT 4", (), [("GPT 4", None), ("GPT", 4)]),
        ("10 LLM", (), [("10 LLM", None), ("LLM", 10)]),
        ("C#", (), [("C#", None)]),
        ("GPT 100", (), [("GPT 100", None)]),
        ('"machine learning" 5', (), [("machine learning 5", None), ("machine learning", 5)]),
        ("source:Blog", (Name("source", "Blog"),), [("", None)]),
        ('来源:"North Slope" #LLM', (Name("source", "North Slope"), LLM), [("", None)]),
        ("#LLM #llm", (Name("tag", "llm"),), [("", None)]),
        ("三", (), [("三", None), ("", 3)]),
        ("二十", (), [("二十", None), ("", 20)]),
        ("两篇", (), [("两篇", None), ("", 2)]),
        ("最新的5条", (), [("最新的5条", None), ("", 5)]),
        ("#LLM 前十篇", (LLM,), [("前十篇", None), ("", 10)]),
        ("十一", (), [("十一", None), ("", 11)]),
        ("十十", (), [("十十", None)]),
        ("三体", (), [("三体", None)]),
        ("三 大模型", (), [("三 大模型", None), ("大模型", 3)]),
    ],
)
def test_what_is_understood(
    words: str, names: tuple[Name, ...], readings: list[tuple[str, int | None]]
) -> None:
    asked = parse_latest(words)
    assert asked is not None
    assert asked.names == names
    assert list(asked.readings) == readings


@pytest.mark.parametrize(
    "words",
    [
        "30篇",
        "0条",
        "0",
        "21",
        "-3",
        "1 2",
        "²",
        "after:2026-03",
        "-tag:LLM",
        "-LLM",
        "#a #b #c #d",
    ],
)
def test_what_is_not(words: str) -> None:
    assert parse_latest(words) is None


@settings(deadline=None)
@given(st.text(max_size=60))
def test_anything_may_be_typed(words: str) -> None:
    asked = parse_latest(words)
    if asked is not None:
        assert asked.readings
        assert all(size is None or 0 < size <= MOST for _, size in asked.readings)


NAMES = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1))
KINDS = st.sampled_from(["tag", "source"])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.builds(Name, KINDS, NAMES), max_size=MOST_NAMES),
    st.integers(1, MOST),
    st.integers(0, 2_000_000),
    st.lists(NAMES, min_size=1, max_size=MOST + 1),
    st.sampled_from(LANGUAGES),
)
def test_pages_and_buttons_are_valid_whatever_is_written_in_them(
    names: list[Name], size: int, offset: int, titles: list[str], language: str
) -> None:
    """FAILURES 12"""
    listing = Listing(size, tuple(names))
    articles = [
        article(number, title=title, tags=tuple(titles), opening=title)
        for number, title in enumerate(titles)
    ]
    wording = Wording(language)
    whole, keyboard = newest_page(articles, wording, listing, offset)
    one, keyboard_of_one = newest_in_one(articles, wording, listing, offset)
    for part in (*whole, one):
        assert len(parse_html(part.html).text.encode("utf-16-le")) // 2 <= 4096
    for each in (keyboard, keyboard_of_one):
        if each is not None:
            check_markup(each.to_dict())
            marks = {name.mark for name in listing.names}
            assert all(set(told[2:]) == marks for told in values_of(each))


def values_of(keyboard: InlineKeyboardMarkup) -> list[tuple[int | str, ...]]:
    found = []
    for button in (button for row in keyboard.inline_keyboard for button in row):
        pressed = unpack(button.callback_data)
        assert pressed is not None
        assert pressed.kind == NEWEST
        found.append(pressed.values)
    return found


def test_what_one_message_does_not_hold_stands_on_the_next_page() -> None:
    articles = [article(number, title="长" * 200, opening="开" * 99) for number in range(21)]
    page, keyboard = newest_in_one(articles, Wording("en"), Listing(20), 20)
    count = page.plain.count("长" * 200)
    assert 5 < count < 20
    assert keyboard is not None
    assert values_of(keyboard) == [(20, 0), (20, 20 + count)]


@settings(deadline=None, max_examples=60)
@given(st.lists(NAMES, min_size=1, max_size=TAGS_ON_A_PAGE), st.integers(0, 10**6))
def test_tags_are_valid_buttons_whatever_they_are_called(names: list[str], offset: int) -> None:
    """FAILURES 12"""
    tags = [Tag(tag_key(name), name, 3) for name in names]
    keyboard = tags_keyboard(TagPage(tags, offset + 100), Wording("en"), offset)
    check_markup(keyboard.to_dict())
    assert len(keyboard.inline_keyboard) <= TAGS_ON_A_PAGE // 2 + 1
