"""What an admin wrote, as Telegram's HTML: whatever its looks are, its words stay what they were."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Chat, Message, MessageEntity

from bot.admin.drafting import Draft, draft_of
from bot.cutting import blank
from bot.telegram_html import parse_html

CHAT = Chat(1, "private")
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
    return Message(1, datetime.now(UTC), CHAT, text=text, entities=entities)


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


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/?a=1&lt=2&amp=3&copy;",
        'https://x.example/?q="two words"&\'#<z>',
        "tg://user?id=5",
        "https://x.example/搜索?q=漢字",
    ],
)
def test_a_link_leads_where_it_led(url: str) -> None:
    looks = [
        MessageEntity("text_link", 0, 4, url=url),
        MessageEntity("bold", 5, 4),
    ]
    draft = draft_of(Message(1, datetime.now(UTC), CHAT, text="here bold", entities=looks))
    assert isinstance(draft, Draft)
    assert draft.html is not None
    link, bold = parse_html(draft.html).entities
    assert (link.type, link.url, bold.type) == ("text_link", url, "bold")


@pytest.mark.parametrize(
    ("language", "written"),
    [("python", "language-python"), ('c"><b>', "language-c&quot;&gt;&lt;b&gt;")],
)
def test_code_keeps_its_language_as_telegram_reads_it(language: str, written: str) -> None:
    looks = [MessageEntity("pre", 0, 5, language=language)]
    draft = draft_of(Message(1, datetime.now(UTC), CHAT, text="1 < 2", entities=looks))
    assert draft == Draft(f'<pre><code class="{written}">1 &lt; 2</code></pre>')


def test_a_look_that_ends_within_a_character_costs_the_looks_alone() -> None:
    draft = draft_of(message("bold 😀", ("bold", 0, 4), ("italic", 5, 1)))
    assert draft == Draft("bold 😀")
