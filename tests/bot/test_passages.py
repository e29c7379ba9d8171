"""Excerpts as people read them: headings, code, the highlight, and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.passages import excerpt, passage, plain_passage
from bot.telegram_html import parse_html
from tests.bot.hostile import words

LONG = "".join(f"这是第{number}句话，说的是别的事情。" for number in range(40))
CODE = "安装\n先装:\n\n```bash\npip install x\n\nrun x\n```\n然后\n\n```\ny()\n```"


def test_code_is_code_line_for_line() -> None:
    assert passage(CODE).html == (
        "<b>安装</b>\n先装:\n\n<pre>pip install x\n\nrun x</pre>\n然后\n\n<pre>y()</pre>"
    )
    assert plain_passage(CODE) == "安装\n先装:\n\npip install x\n\nrun x\n然后\n\ny()"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Setup › Linux\nRun it.", "<b>Setup › Linux</b>\nRun it."),
        ("One.\n\nTwo\nIt is.", "One.\n\n<b>Two</b>\nIt is."),
        ("Alone", "Alone"),
        ("A sentence.\nAnother.", "A sentence.\nAnother."),
        ("It needs:\nthis", "It needs:\nthis"),
        ("- one\n- two", "- one\n- two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("word " * 30 + "end\nmore", "word " * 30 + "end\nmore"),
        ("  indented\nline", "<b>indented</b>\nline"),
    ],
)
def test_a_line_that_heads_a_paragraph_is_a_heading(words: str, shown: str) -> None:
    assert passage(words).html == shown


def test_the_highlight_is_bold_but_never_inside_code() -> None:
    assert passage("a. b. c.", "b.").html == "a. <b>b.</b> c."
    assert passage("a.\n```\nb.\n```", "b.").html == "a.\n<pre>b.</pre>"
    assert passage("a. b.", "not there").html == "a. b."


def test_an_excerpt_that_fits_and_shows_its_highlight_is_whole() -> None:
    shown = excerpt(LONG, "这是第0句话，说的是别的事情。", 10_000)
    assert (shown.text.plain, shown.cut) == (LONG, False)


def test_a_highlight_far_below_is_where_the_excerpt_begins() -> None:
    highlight = "这是第30句话，说的是别的事情。"
    shown = excerpt(LONG, highlight, 100)
    assert shown.cut
    assert shown.text.html.startswith("… 这是第29句话，说的是别的事情。<b>这是第30句话")
    assert shown.text.plain.endswith("情…")
    assert len(shown.text.plain) <= 103
    last = excerpt(LONG, "这是第39句话，说的是别的事情。", 100)
    assert last.cut, "what is left out stands before"
    assert last.text.plain.endswith("第39句话，说的是别的事情。")


def test_what_is_not_folded_is_shown_from_its_beginning() -> None:
    short = LONG[:300]
    last = short.rpartition("这是")[2]
    assert excerpt(short, last, 1200).text.plain == short
    assert excerpt(short, last, 150).text.plain.startswith("… ")


def test_a_highlight_in_code_begins_at_its_line() -> None:
    lines = [f"line_{number} = {number}" for number in range(50)]
    fenced = "```python\n" + "\n".join(lines) + "\n```"
    shown = excerpt(fenced, "line_40 = 40", 60)
    assert shown.text.html.startswith("…\n<pre>line_40 = 40\nline_41 = 41\n")
    assert shown.text.plain.endswith("…")


@settings(deadline=None)
@given(words, words, st.integers(0, 40), st.booleans(), st.integers(20, 400))
def test_hostile_excerpts_are_valid_and_never_too_long(
    told: str, highlight: str, times: int, fenced: bool, longest: int
) -> None:
    """FAILURES 12, FAILURES 13"""
    whole = f"{told}\n```\n{told * times}\n```\n{highlight}" if fenced else told * times + highlight
    shown = excerpt(whole, highlight, longest)
    for each in (shown.text, passage(whole, highlight)):
        parsed = parse_html(each.html)
        assert parsed.text == each.plain
        inside = [e for e in parsed.entities if e.type == "pre"]
        for code in inside:
            over = [
                e
                for e in parsed.entities
                if e is not code
                and e.offset < code.offset + code.length
                and code.offset < e.offset + e.length
            ]
            assert over == [], "Telegram allows nothing beside code but the quote around it"
    assert len(shown.text.plain) <= longest + 3
