"""Chats as they are drawn: what a phone shows is there, and can be told from everything else."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conversations.chat import Button, Card, Message, Offered, Record, Room, Shown
from tests.conversations.drawing import columns, drawn, wrapped
from tests.conversations.playing import difference

HERE, THERE = Room("Ada"), Room("Talk", "supergroup", "Databases")
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def message(html: str, **fields: object) -> Message:
    values: dict[str, object] = {"room": HERE, "number": 1, "author": None, "at": NOW}
    return Message(html=html, **(values | fields))  # type: ignore[arg-type]  # the test's own


def test_a_message_with_all_that_it_can_have() -> None:
    told = message(
        '<b><a href="https://a.example/b?start=abcdefghij">A &lt;title&gt;</a></b>\n'
        "<blockquote expandable>one\n<b>two</b></blockquote>\n\n<i>three</i>",
        rows=((Button("a"), Button("b", "https://c.example")), (Button("c"),)),
        room=THERE,
        quotes="a question",
        silent=True,
        preview="https://a.example/#:~:text=words",
        field="your words",
    )
    assert drawn([told], HERE) == [
        "  Archive, in Talk, Databases, to “a question”, without a sound:",
        "  │ **A <title>** (https://a.example/b?start=…)",
        "  │ ▌ one",
        "  │ ▌ **two** ⌄",
        "  │",
        "  │ _three_",
        "  [ a ] [ b ↗ ]",
        "  [ c ]",
        "  (with a preview of https://a.example/#…)",
        "  (a reply is begun: your words)",
    ]


def test_edits_alerts_and_results() -> None:
    cards = (Card("A title", "what it says", "<b>x</b>"),)
    assert drawn(
        [
            message("x", edited=True),
            Shown("saved", alert=False),
            Shown("no", alert=True),
            Offered(cards, further=True, button="Ask"),
            message("y", via="Ada"),
        ],
        HERE,
    ) == [
        *("  Archive ✎:", "  │ x", ""),
        *("  Over the chat: saved", "", "  An alert: no", ""),
        *("  [ Ask ]", "  ▭ A title", "    what it says", "  ⋮", ""),
        *("  Ada, via Archive:", "  │ y"),
    ]


@settings(deadline=None)
@given(st.text("ab 中文，。**https://x\ue000", max_size=200))
def test_wrapping_loses_nothing(line: str) -> None:
    pieces = wrapped(line, 20)
    assert "".join("".join(pieces).split()) == "".join(line.split())


def test_lines_are_as_wide_as_a_phone_takes() -> None:
    pieces = wrapped("漢字 words and words, " * 20, 30)
    assert all(columns(piece) <= 31 for piece in pieces)  # a comma may hang over
    assert not any(piece.startswith((",", "，")) for piece in pieces)


def test_a_record_knows_how_its_messages_look_now() -> None:
    record = Record("A chat", [message("x"), message("z", number=2), message("y", edited=True)])
    assert [each.html for each in record.shown(HERE)] == ["y", "z"]
    assert record.shown(THERE) == []


def test_what_is_said_otherwise_is_shown() -> None:
    assert difference("a", "x\ny\n", "x\ny\n") == ""
    assert "-y\n+z\n" in difference("a", "x\ny\n", "x\nz\n")
