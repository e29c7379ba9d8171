"""What an admin wrote, as Telegram's HTML: whatever its looks are, its words stay what they were."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Chat, Message, MessageEntity

from bot.admin.drafting import Draft, draft_of
from bot.cutting import blank
from bot.telegram_html import parse_html

KINDS = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "blockquote",
    "expandable_blockquote",
    "hashtag",
    "something_new",
]
WORDS = st.lists(
    st.sampled_from(
        ["a", "<b>", "&amp;", "&", '"', "😀", "👩‍👩‍👧", "\n", " ", "文", "</a>", "\u202e"]
    ),
    max_size=12,
).map("".join)


def message(text: str, *looks: tuple[str, int, int]) -> Message:
    entities = [
        MessageEntity(
            kind, offset, length, url="https://x.example/?a&b" if "link" in kind else None
        )
        for kind, offset, length in looks
    ]
    return Message(1, datetime.now(UTC), Chat(1, "private"), text=text, entities=entities)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(
    command=st.sampled_from(["", "/announce ", "/announce@test_archive_bot\n\n", "/announce"]),
    words=WORDS,
    cuts=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 12), st.integers(1, 12))),
)
@settings(deadline=None)
def test_words_stay_and_looks_are_valid(
    command: str, words: str, cuts: list[tuple[str, int, int]]
) -> None:
    """FAILURES 12, 13"""
    text = command + words
    looks = []
    for kind, begin, length in cuts:  # between characters, as Telegram has them
        before, within = text[:begin], text[begin : begin + length]
        if within:
            looks.append((kind, units(before), units(within)))
    if command:
        looks.insert(0, ("bot_command", 0, units(command.strip())))
    draft = draft_of(message(text, *looks))
    assert isinstance(draft, Draft)
    said = words.lstrip() if command else words
    if blank(said):
        assert draft.html is None
    else:
        assert draft.html is not None
        assert parse_html(draft.html).text == said


def test_looks_within_others_are_kept() -> None:
    draft = draft_of(message("bold and both", ("bold", 0, 13), ("italic", 9, 4)))
    assert draft == Draft("<b>bold and <i>both</i></b>")
