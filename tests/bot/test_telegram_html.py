"""The parser that stands for Telegram's: its verdicts are facts of the server's behaviour."""

from __future__ import annotations

import pytest

from bot.telegram_html import Entity, HtmlError, Parsed, parse_html


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("x<p>", 'Unsupported start tag "p" at byte offset 1'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("中<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x>y</a>', "Unclosed|Malformed"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b =1>x</b>", "Malformed attribute"),
        ("&#xD800;", "invalid Unicode characters"),
    ],
)
def test_what_telegram_refuses(source: str, refusal: str) -> None:
    with pytest.raises(HtmlError) as refused:
        parse_html(source)
    assert any(each in str(refused.value) for each in refusal.split("|"))


@pytest.mark.parametrize(
    ("source", "shown", "entities"),
    [
        ("", "", ()),
        ("<b>x</B>", "x", (Entity("bold", 0, 1),)),
        ("<B>x</>", "x", (Entity("bold", 0, 1),)),
        ("a & b", "a & b", ()),
        ("&nbsp;&ltx", "&nbsp;&ltx", ()),
        ("&lt&gt;&amp;&quot;&#39;&#x4e2d;", "<>&\"'中", ()),
        ("&#0;&#9999999;", "&#0;&#9999999;", ()),
        ("a > b", "a > b", ()),
        ("<b></b>", "", ()),
        ("😀<i>中</i>", "😀中", (Entity("italic", 2, 1),)),
        ('<span class="tg-spoiler">x</span>', "x", (Entity("spoiler", 0, 1),)),
        ("<blockquote>x</blockquote>", "x", (Entity("blockquote", 0, 1),)),
        ("<blockquote expandable>x</blockquote>", "x", (Entity("expandable_blockquote", 0, 1),)),
        (
            '<a href="https://x.example/?a=1&amp;b=&quot;">x</a>',
            "x",
            (Entity("text_link", 0, 1, 'https://x.example/?a=1&b="'),),
        ),
        (
            "<a href='https://x.example/'>x</a>",
            "x",
            (Entity("text_link", 0, 1, "https://x.example/"),),
        ),
        ("<a>x</a>", "x", ()),
    ],
)
def test_what_telegram_accepts(source: str, shown: str, entities: tuple[Entity, ...]) -> None:
    assert parse_html(source) == Parsed(shown, entities)
