"""Scripts are read as they are meant, and a slip in one is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.conversations.playing import names, script_of
from tests.conversations.script import ScriptError, Step, moment_of, read_script

CAST = """# A chat

Ada speaks en.
Bob speaks en.
Bob looks after the bot.
Talk is a forum of Ada with the topics Databases, Networks.
Reads is a channel of Bob, named reads.
Settings: limits.person_minute = 3
"""


def steps(text: str) -> list[Step | None]:
    return [each.step for each in read_script(f"{CAST}\n{text}").paragraphs[2:]]


def test_who_takes_part() -> None:
    script = read_script(CAST)
    assert script.title == "A chat"
    assert [*script.people] == ["Ada", "Bob"]
    assert script.caretakers == ["Bob"]
    assert script.places["Talk"].topics == ("Databases", "Networks")
    assert script.places["Reads"].username == "reads"
    assert script.settings == {"limits": {"person_minute": "3"}}
    assert not script.still_read


@pytest.mark.parametrize(
    ("paragraph", "step"),
    [
        ("Ada: presses [ this ]", Step("says", "Ada", "presses [ this ]")),
        ("Ada: two\nlines", Step("says", "Ada", "two\nlines")),
        ("Ada presses [ a [b] c ]", Step("presses", "Ada", "a [b] c")),
        ("Ada replies: why?", Step("replies", "Ada", "why?")),
        ("Ada replies to “a: b”: why?", Step("replies", "Ada", "why?", "a: b")),
        ("Ada types:", Step("types", "Ada")),
        ("## In Talk, Networks", Step("goes", "", "Talk, Networks")),
        ("* New in the archive, tagged a: b: c", Step("appears", "", "b: c", "a")),
        ("(Ada presses [ that ])", None),
    ],
)
def test_what_people_do(paragraph: str, step: Step | None) -> None:
    assert steps(paragraph) == [step]


def test_what_the_bot_did_is_no_part_of_it() -> None:
    assert steps("Ada: hello\n\n  Archive:\n  │ Ada: hello\n  [ one ]\n\nAda: bye") == [
        Step("says", "Ada", "hello"),
        Step("says", "Ada", "bye"),
    ]


@pytest.mark.parametrize(
    "slip",
    [
        "Eve: hello",
        "Ada pressed [ this ]",
        "Ada speaks en.\nAda: hello",
        "What Ada thinks of it.",
        "* The bot dances",
    ],
)
def test_what_nobody_can_play_is_told(slip: str) -> None:
    with pytest.raises(ScriptError, match=r"Eve|Ada|dances"):
        steps(slip)


def test_moments_are_in_utc() -> None:
    assert moment_of("2026-11-26 08:05") == datetime(2026, 11, 26, 8, 5, tzinfo=UTC)


def test_all_conversations_can_be_read() -> None:
    assert len({script_of(name).title for name in names()}) == len(names()) > 15
