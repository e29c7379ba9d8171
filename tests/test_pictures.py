"""The README's pictures: what is drawn of a chat, and that they are all there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.telegram_html import parse_html
from tests.conversations.chat import (
    Button,
    Card,
    Message,
    Offered,
    Record,
    Room,
    Typed,
)
from tests.conversations.script import Person, Script
from tests.pictures.drawing import THEMES, marked_up, page
from tests.pictures.photographing import Photographer, PhotographError
from tests.pictures.scripts import FOLDER, NAMES, ROOT, digest_of
from tests.pictures.stamping import stamp_of, stamped

AT = datetime(2026, 11, 25, 9, 41, tzinfo=UTC)
README = (ROOT / "README.md").read_text("utf-8")
#: Bytes: a page of the README is looked at on a phone, too.
LARGEST = 150_000


def drawn(*events: Message | Typed | Offered, language: str = "en") -> str:
    script = Script("A chat", {"Ada": Person("Ada", language)})
    return page(script, Record("A chat", [*events])).html("light")


def said(html: str, author: str | None = None, number: int = 1, **fields: Any) -> Message:
    return Message(fields.pop("room", Room("Ada")), number, author, AT, html, **fields)


def test_a_message_looks_as_in_telegram() -> None:
    html = drawn(
        said("a < b & /latest", "Ada"),
        said(
            '1. <b><a href="https://x.example">Title</a></b>\ntag\n<blockquote>one &lt;T&gt;</blockquote>',
            number=2,
            rows=((Button("Older ›"), Button("Open", "https://t.me/x")),),
        ),
    )
    assert "a &lt; b &amp; <a>/latest</a>" in html
    assert "<a><b>Title</b></a>" in html
    assert '<blockquote class="quote"><div>one &lt;T&gt;</div></blockquote>' in html
    assert html.count('class="button"') == 2
    assert html.count('class="out"') == 1, "only one of them opens an address"
    assert html.count('class="ticks"') == 1, "only what one says oneself has been read"
    assert html.count("09:41") == 2
    assert "November 25" in html


def test_a_chat_in_chinese_has_its_words_and_its_font() -> None:
    html = drawn(said("你好", "Ada"), language="zh-hans")
    assert '<html lang="zh-Hans">' in html
    assert "11月25日" in html
    assert "机器人" in html


def test_an_edited_message_stays_where_it_was() -> None:
    html = drawn(said("before"), said("between", "Ada", 2), said("after", edited=True))
    assert "before" not in html
    assert html.index("after") < html.index("between")


def test_others_have_names_and_quoted_words_have_theirs() -> None:
    club = Room("Club", "supergroup")
    html = drawn(
        said("@test_archive_bot why?", "Ben", room=club),
        said("because", number=2, room=club, quotes="@test_archive_bot why?"),
    )
    assert re.findall(r'class="author \w+">(\w+)<', html) == ["Ben", "Archive"]
    assert '<div class="answered"><b>Ben</b>@your_bot why?</div>' in html


def test_what_is_typed_in_any_chat_offers_cards() -> None:
    card = Card("Title <1>", "What it says", "…")
    html = drawn(said("hi", "Ada"), Typed("Ada", AT, "retry"), Offered((card,), False, None))
    assert "<b>Title &lt;1&gt;</b><p>What it says</p>" in html
    assert html.index("What it says") < html.index("<b>@your_bot</b> retry")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>bold <i>both</i></b> none", "<b>bold <i>both</i></b> none"),
        ("😀<code>a&amp;b</code>", "😀<code>a&amp;b</code>"),
        (
            "x\n<blockquote expandable>y</blockquote>\n\nz",
            'x<blockquote class="quote folded"><div>y</div>FOLD</blockquote>\nz',
        ),
        (
            "x\n<blockquote><b>y</b></blockquote>",
            'x<blockquote class="quote"><div><b>y</b></div></blockquote>',
        ),
        ('<a href="https://x.example">/no #link</a>', "<a>/no #link</a>"),
        ("tag:LLM #大模型 and/or a@b", "tag:LLM <a>#大模型</a> and/or a@b"),
    ],
)
def test_texts_are_marked_up(source: str, expected: str) -> None:
    found = re.sub(r"<svg.*?</svg>", "FOLD", marked_up(parse_html(source)))
    assert found == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", THEMES)
def test_every_picture_is_there_and_shows_its_conversation(name: str, theme: str) -> None:
    content = (FOLDER / f"{name}-{theme}.png").read_bytes()
    assert stamp_of(content) == digest_of(name), "it is older than the conversation: make pictures"
    assert len(content) < LARGEST, "it is large: make pictures, with pngquant"


def test_the_readme_shows_them_all_and_tells_what_is_seen() -> None:
    sources = re.findall(r'(?:src|srcset)="([^"]+)"', README)
    assert {*sources} == {f"docs/pictures/{name}-{theme}.png" for name in NAMES for theme in THEMES}
    told = re.findall(r'<img alt="([^"]{20,})"', README)
    assert len(told) == len(NAMES)


def test_words_are_kept_in_a_picture() -> None:
    # One grey point.
    point = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
        "0000000a4944415478da6368000000820081773c0a2f0000000049454e44ae426082"
    )
    assert stamp_of(point) is None
    once = stamped(point, "a")
    assert stamp_of(once) == "a"
    assert stamped(once, "b") == stamped(point, "b")
    assert len(once) == len(point) + 12 + len("Comment") + 2
    with pytest.raises(ValueError, match="no PNG"):
        stamp_of(b"GIF89a")


def test_who_has_no_browser_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PhotographError, match="apt-get install chromium"):
        Photographer.found()
