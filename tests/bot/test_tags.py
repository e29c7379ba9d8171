"""/tags and what its buttons bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.application import build_application
from bot.buttons import TAGS, pack
from bot.context import Desk
from bot.retrying import Retrying
from retrieval.errors import ArchiveError
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.people import Json, Person
from tests.bot.shelves import Shelves
from tests.bot.test_latest import labels, numbers


@pytest.fixture
def tagged(shelves: Shelves) -> Shelves:
    """45 tags: the common one has 3 articles, the others one each."""
    for tags in (range(20), range(20, 40), range(40, 44)):
        shelves.publish(f"of {tags}", "Common", *(f"tag {number:02}" for number in tags))
    return shelves


async def test_tags_are_shown_the_most_frequent_first(tagged: Shelves, person: Person) -> None:
    (sent,) = await person.says("/tags")
    assert sent.text.startswith("45 tags, the most frequent first.")
    assert labels(sent)[:2] == ["Common · 3", "tag 00 · 1"]
    assert labels(sent)[-1] == "Next »"
    assert len(labels(sent)) == 21


async def test_their_pages_are_turned_in_place(tagged: Shelves, person: Person) -> None:
    """FAILURES 27"""
    (first,) = await person.says("/tags")
    pressed = await person.presses(first, "Next")
    assert (pressed.answers, pressed.sent) == (1, [])
    (second,) = pressed.edits
    assert labels(second)[0] == "tag 19 · 1"
    assert labels(second)[-2:] == ["« Back", "Next »"]
    (third,) = (await person.presses(second, "Next")).edits
    assert labels(third)[-2:] == ["tag 43 · 1", "« Back"]
    (back,) = (await person.presses(second, "Back")).edits
    assert labels(back) == labels(first)


async def test_a_press_shows_the_newest_of_the_tag(tagged: Shelves, person: Person) -> None:
    (sent,) = await person.says("/tags")
    pressed = await person.presses(sent, "Common")
    (told,) = pressed.sent
    assert (pressed.answers, pressed.edits) == (1, [])
    assert told.text.startswith("The newest 3 articles: #Common\n")
    assert numbers(told) == [3, 2, 1]
    old = {"chat": person.chat, "message_id": sent.message_id, "date": 0}
    (told,) = (await person.presses_data(sent.button("Common"), message=old)).sent
    assert numbers(told) == [3, 2, 1]


async def test_in_a_topic_it_stays_there(tagged: Shelves, group: Callable[..., Person]) -> None:
    there: Json = {"message_thread_id": 9, "is_topic_message": True}
    member = group(is_forum=True)
    (sent,) = await member.says("/tags", **there)
    (told,) = (await member.presses(sent, "Common")).sent
    assert (sent.topic, told.topic) == (9, 9)


async def test_fewer_tags_than_there_were(tagged: Shelves, person: Person) -> None:
    (sent,) = await person.says("/tags")
    (second,) = (await person.presses(sent, "Next")).edits
    data = pack(TAGS, 500)
    (edit,) = (await person.presses_data(data, message=person.message_of(second))).edits
    assert labels(edit) == labels(sent)
    pressed = await person.presses_data("1:tags", message=person.message_of(sent))
    assert (pressed.answers, pressed.alert) == (1, True)


async def test_an_archive_without_tags_says_so(shelves: Shelves, person: Person) -> None:
    shelves.publish("bare")
    (sent,) = await person.says("/tags")
    assert sent.text == "The articles here have no tags. /latest shows the newest."
    data = pack(TAGS, 0)
    pressed = await person.presses_data(data, message=person.message_of(sent))
    assert (pressed.alert, pressed.edits) == (True, [])


async def test_hostile_tags_are_shown_and_pressed(shelves: Shelves, person: Person) -> None:
    """FAILURES 12"""
    names = ["C#<T> & _x_", "‮اخبار‬", "👨‍👩‍👧‍👦" * 40, "a" * 290, "\u200b\u2060x", "#"]
    shelves.publish("hostile", *names)
    (sent,) = await person.says("/tags")
    assert len(labels(sent)) == 5
    for label in labels(sent):
        (told,) = (await person.presses(sent, label)).sent
        assert numbers(told) == [1]


async def test_an_archive_that_is_down_is_said_to_be(
    tagged: Shelves, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ArchiveError("the archive's database refused")

    monkeypatch.setattr(tagged.archive.tags, "most_frequent", fail)
    (sent,) = await person.says("/tags")
    assert "a part of me" in sent.text.lower()


async def test_where_there_are_no_buttons_tags_are_listed(
    tagged: Shelves, desk: Desk, telegram: FakeTelegram, retrying: Retrying
) -> None:
    application = build_application(
        desk.library,
        desk=replace(desk, buttons=False),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
        retrying=retrying,
    )
    async with application:
        reader = Person(application, telegram)
        (sent,) = await reader.says("/tags")
        assert sent.text.startswith("The most frequent tags:\n\nCommon · 3\ntag 00 · 1\n")
        (sent,) = await reader.says("/latest Comon")
        assert sent.text.endswith("Did you mean one of these? Common")
        (sent,) = await reader.says("/start")
        assert "touch one of these" not in sent.text
