"""/latest of a tag or a source, and its pages, as people see them."""

from __future__ import annotations

import pytest

from bot.application import BotApplication
from bot.buttons import NEWEST, TAG, pack
from tests.bot.bot_api import FakeTelegram, Sent
from tests.bot.people import Person
from tests.bot.shelves import Shelves


def numbers(sent: Sent) -> list[int]:
    """The articles it shows, as numbers of their links."""
    return [int(link.rpartition("/")[2]) for link in sent.links]


def labels(sent: Sent) -> list[str]:
    return [button["text"] for button in sent.buttons]


@pytest.fixture
def stocked(shelves: Shelves) -> Shelves:
    """12 articles: the 3rd, 6th … of the Notes, the rest of the Blog, tagged by turns."""
    for number in range(1, 13):
        tags = ("LLM", "Machine Learning") if number % 2 else ("大模型",)
        shelves.publish(f"title {number}", *tags, source="Blog" if number % 3 else "My Notes")
    return shelves


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("#LLM", [11, 9, 7, 5, 3]),
        ("llm", [11, 9, 7, 5, 3]),
        ("LLM 2", [11, 9]),
        ("2 LLM", [11, 9]),
        ("machine learning", [11, 9, 7, 5, 3]),
        ("#machine_learning 1", [11]),
        ("大模型 20", [12, 10, 8, 6, 4, 2]),
        ("source:Blog 3", [11, 10, 8]),
        ("三", [12, 11, 10]),
        ("大模型 2篇", [12, 10]),
        ("my notes", [12, 9, 6, 3]),
        ("来源:my-notes 2", [12, 9]),
        ("#LLM my notes", [9, 3]),
        ("#llm #machine_learning source:blog 20", [11, 7, 5, 1]),
    ],
)
async def test_latest_of_a_tag_or_a_source(
    stocked: Shelves, person: Person, words: str, shown: list[int]
) -> None:
    (sent,) = await person.says(f"/latest {words}")
    assert numbers(sent) == shown


async def test_the_heading_says_what_is_shown(stocked: Shelves, person: Person) -> None:
    (sent,) = await person.says("/latest llm 2")
    assert sent.text.startswith("The newest 2 articles: #LLM\n\n1. title 11\n")
    (sent,) = await person.says("/latest MY_NOTES #大模型")
    assert sent.text.startswith("The newest 2 articles: #大模型 · My Notes\n\n1. title 12\n")


async def test_pages_are_turned_in_place(stocked: Shelves, person: Person) -> None:
    (first,) = await person.says("/latest")
    assert labels(first) == ["Older ›"]
    pressed = await person.presses(first, "Older")
    assert (pressed.answers, pressed.toast, pressed.sent) == (1, None, [])
    (second,) = pressed.edits
    assert second.message_id == first.message_id
    assert second.text.startswith("Articles 6 to 10\n\n6. title 7\n")
    assert labels(second) == ["‹ Newer", "Older ›"]
    (third,) = (await person.presses(second, "Older")).edits
    assert numbers(third) == [2, 1]
    assert labels(third) == ["‹ Newer"]
    (back,) = (await person.presses(second, "Newer")).edits
    assert (back.text, labels(back)) == (first.text, labels(first))


async def test_pages_of_a_tag_and_a_source_keep_to_them(stocked: Shelves, person: Person) -> None:
    (first,) = await person.says("/latest #LLM blog 3")
    assert numbers(first) == [11, 7, 5]
    (second,) = (await person.presses(first, "Older")).edits
    assert numbers(second) == [1]
    assert second.text.startswith("Article 4: #LLM · Blog\n\n4. title 1\n")
    (back,) = (await person.presses(second, "Newer")).edits
    assert back.text == first.text


async def test_a_page_is_turned_after_a_restart_and_under_a_message_of_long_ago(
    stocked: Shelves, person: Person
) -> None:
    """FAILURES 27: all that a button needs is in its data and in the archive."""
    (first,) = await person.says("/latest #LLM 2")
    old = {"chat": person.chat, "message_id": first.message_id, "date": 0}
    pressed = await person.presses_data(first.button("Older"), message=old)
    assert pressed.answers == 1
    assert [numbers(edit) for edit in pressed.edits] == [[7, 5]]


async def test_a_press_too_many_changes_nothing(stocked: Shelves, person: Person) -> None:
    (first,) = await person.says("/latest 3")
    data = first.button("Older")
    one = await person.presses_data(data, message=person.message_of(first))
    two = await person.presses_data(data, message=person.message_of(first))
    assert [numbers(edit) for edit in (*one.edits, *two.edits)][-1] == [9, 8, 7]
    assert (two.answers, two.alert) == (1, False)


async def test_long_chinese_tags_have_pages_too(shelves: Shelves, person: Person) -> None:
    tag = "关于训练大语言模型时怎样节省显存的各种办法" * 5
    shelves.publish_many(4, tag)
    (first,) = await person.says(f"/latest #{tag} 3")
    assert numbers(first) == [4, 3, 2]
    (second,) = (await person.presses(first, "Older")).edits
    assert numbers(second) == [1]
    assert "关于训练大语言模型" in second.text


async def test_twenty_long_ones_come_in_several_messages_and_turn_in_one(
    shelves: Shelves, person: Person
) -> None:
    for number in range(41):
        tags = [f"{tag}" * 30 for tag in "甲乙丙"]
        shelves.publish("长" * 140 + str(number), *tags, text=f"{number}" + "开" * 99)
    sent = await person.says("/latest 20")
    assert len(sent) > 1
    assert [each for one in sent for each in numbers(one)] == list(range(41, 21, -1))
    assert labels(sent[0]) == []
    (second,) = (await person.presses(sent[-1], "Older")).edits
    shown = numbers(second)
    assert shown == list(range(21, 21 - len(shown), -1))
    (third,) = (await person.presses(second, "Older")).edits
    assert numbers(third)[0] == shown[-1] - 1


# What there is not


@pytest.mark.parametrize(("words", "said"), [("#LMM", "LMM"), ("learnin", "learnin")])
async def test_a_tag_that_no_article_has_brings_those_that_come_near(
    stocked: Shelves, person: Person, words: str, said: str
) -> None:
    (sent,) = await person.says(f"/latest {words}")
    assert f"“{said}”" in sent.text
    assert sent.text.endswith("Did you mean one of these?")
    near = "LLM · 6" if said == "LMM" else "Machine Learning · 6"
    assert near in labels(sent)
    (told,) = (await person.presses(sent, near)).sent
    assert numbers(told) == [11, 9, 7, 5, 3]


async def test_what_is_like_nothing_is_said_to_be_unknown(stocked: Shelves, person: Person) -> None:
    (sent,) = await person.says("/latest zzz")
    assert sent.text == (
        "No article has a tag “zzz”, and no source is called so.\n/tags shows all tags."
    )
    (sent,) = await person.says("/latest source:zzz")
    assert sent.text == "No source is called “zzz”.\nThere are: Blog, My Notes."
    (sent,) = await person.says("/latest #大模型 source:zzz")
    assert sent.text.startswith("No source is called “zzz”.")
    (sent,) = await person.says(f"/latest {'喵' * 3000}")
    assert len(sent.text) < 200


async def test_what_no_article_has_together(shelves: Shelves, person: Person) -> None:
    shelves.publish("one", "a")
    shelves.publish("two", "b")
    (sent,) = await person.says("/latest #a #b")
    assert sent.text == "No article has all of this: #a · #b"


async def test_a_tag_that_is_gone_is_said_to_be(shelves: Shelves, person: Person) -> None:
    """FAILURES 22"""
    only = shelves.publish("only", "rare")
    shelves.publish_many(6, "b")
    shelves.withdraw(only)
    mark = "t0123456789ab"
    (first,) = await person.says("/latest")
    for data in (pack(NEWEST, 5, 5, mark), pack(TAG, mark), pack(NEWEST, 5, 0, "s0"), "1:newest:5"):
        pressed = await person.presses_data(data, message=person.message_of(first))
        assert (pressed.answers, pressed.alert, pressed.sent, pressed.edits) == (1, True, [], [])
        assert (pressed.toast or "").startswith("The archive has none of these any more.")


async def test_a_page_that_is_beyond_the_end_now_is_the_first(
    stocked: Shelves, person: Person
) -> None:
    (first,) = await person.says("/latest")
    (second,) = (await person.presses(first, "Older")).edits
    data = pack(NEWEST, 5, 500)
    (edit,) = (await person.presses_data(data, message=person.message_of(second))).edits
    assert numbers(edit) == numbers(first)


async def test_in_chinese(
    shelves: Shelves, application: BotApplication, telegram: FakeTelegram
) -> None:
    shelves.publish_many(3, "大模型")
    reader = Person(application, telegram, language_code="zh-hans")
    (sent,) = await reader.says("/latest 大模型 2")
    assert sent.text.startswith("最新的 2 篇文章：#大模型\n")
    assert labels(sent) == ["较早 ›"]
    (sent,) = await reader.says("/latest 大模形")
    assert sent.text.startswith("没有文章带“大模形”这个标签，也没有叫这个名字的来源。")
    assert labels(sent) == ["大模型 · 3"]
