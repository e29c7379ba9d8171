"""Answers that go on living: pages, whole excerpts, also of old messages and after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.application import BotApplication, build_application
from bot.buttons import HITS, VOTE, WHOLE, pack
from bot.context import Desk
from bot.errors import LedgerError
from bot.ledger import Ledger
from bot.ledger.writing import Writer
from tests.bot.bot_api import TOKEN, FakeTelegram, Sent, refusing
from tests.bot.fakes import FakeLibrary, answer, article, hit, newest
from tests.bot.people import Json, Person

SENTENCES = "".join(f"这是第{number}句话，说的是别的事情。" for number in range(60))


def labels(sent: Sent) -> list[str]:
    return [button["text"] for button in sent.buttons]


def ten(count: int = 10) -> list[str]:
    return [f"https://blog.example/{number}" for number in range(1, count + 1)]


@pytest.fixture(autouse=True)
def ten_hits(library: FakeLibrary) -> None:
    library.answer = answer(*(hit(article(number)) for number in range(1, 11)))


async def test_three_hits_come_first_and_the_others_page_by_page(
    reader: Person, telegram: FakeTelegram
) -> None:
    (sent,) = await reader.says("梯度检查点")
    assert sent.links == ten()[:3]
    assert labels(sent) == ["1/4", "›", "More like 1", "Share", "👍", "👎"]
    pressed = await reader.presses(sent, "›")
    assert (pressed.answers, pressed.toast, pressed.sent) == (1, None, [])
    (second,) = pressed.edits
    assert second.message_id == sent.message_id
    assert second.links == ten()[3:6]
    assert second.text.startswith("4. Article 4\n")
    assert labels(second) == ["‹", "2/4", "›", "More like 4", "Share", "👍", "👎"]
    (third,) = (await reader.presses(second, "›")).edits
    (last,) = (await reader.presses(third, "›")).edits
    assert last.links == ten()[9:]
    assert labels(last) == ["‹", "4/4", "More like 10", "Share", "👍", "👎"]
    (back,) = (await reader.presses(second, "‹")).edits
    assert (back.html, labels(back)) == (sent.html, labels(sent))
    (shown,) = telegram.shown(50)
    assert shown.links == ten()[:3]


async def test_a_page_pressed_twice_or_late_does_no_harm(
    reader: Person, telegram: FakeTelegram
) -> None:
    """FAILURES 27"""
    (sent,) = await reader.says("x")
    (second,) = (await reader.presses(sent, "›")).edits
    again = await reader.presses(sent, "›")
    assert (again.answers, again.edits, again.sent) == (1, [], [])
    assert (await reader.presses(second, "2/4")).edits == []
    old = {"chat": reader.chat, "message_id": sent.message_id, "date": 0}
    pressed = await reader.presses_data(second.button("‹"), message=old)
    assert [edit.links for edit in pressed.edits] == [ten()[:3]]
    pressed = await reader.presses_data(pack(HITS, 1, 999), message=old)
    assert [edit.links for edit in pressed.edits] == [ten()[9:]], "beyond the last is the last"


async def test_old_answers_are_paged_after_a_restart(
    reader: Person, library: FakeLibrary, ledger: Ledger, telegram: FakeTelegram
) -> None:
    """FAILURES 27"""
    (sent,) = await reader.says("x")
    again = build_application(
        library,
        desk=Desk(library, ledger, Writer(ledger)),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    async with again:
        later = Person(again, telegram)
        pressed = await later.presses(sent, "›")
        assert (pressed.answers, [edit.links for edit in pressed.edits]) == (1, [ten()[3:6]])


async def test_a_page_shows_the_archive_as_it_is_now(reader: Person, library: FakeLibrary) -> None:
    """FAILURES 22"""
    (sent,) = await reader.says("x")
    del library.texts["a5:0"]
    library.texts["a6:0"] = ("It says otherwise now.", article(6, title="Renamed"))
    (second,) = (await reader.presses(sent, "›")).edits
    assert second.links == [ten()[3], ten()[5]]
    assert "\n\n5. No longer in the archive.\n\n6. Renamed\n" in second.text
    assert "It says otherwise now." in second.text
    library.texts.clear()
    (gone,) = (await reader.presses(second, "‹")).edits
    assert gone.text == "\n\n".join(f"{n}. No longer in the archive." for n in (1, 2, 3))
    assert labels(gone) == ["1/4", "›", "👍", "👎"]


async def test_only_relevant_hits_have_pages(reader: Person, library: FakeLibrary) -> None:
    library.answer = answer(*(hit(article(number)) for number in range(1, 11)), relevant=False)
    (refused,) = await reader.says("火星")
    assert refused.text.startswith("The archive has nothing on this")
    assert labels(refused) == ["👍", "👎"]
    pressed = await reader.presses_data(pack(HITS, 1, 2), message=reader.message_of(refused))
    assert pressed.edits == [], "a forged page of a refusal is the refusal"
    library.answer = answer(hit())
    (alone,) = await reader.says("x")
    assert labels(alone) == ["More like 1", "Share", "👍", "👎"]


async def test_what_filters_leave_is_paged_by_five(reader: Person, library: FakeLibrary) -> None:
    library.answer = answer(*(newest(article(number)) for number in range(1, 9)))
    (sent,) = await reader.says("tag:LLM")
    assert sent.text.startswith("The newest 8 articles that match\n\n1. Article 1")
    assert (sent.links, labels(sent)) == (ten()[:5], ["1/2", "›"])
    (second,) = (await reader.presses(sent, "›")).edits
    assert (second.links, labels(second)) == (ten(8)[5:], ["‹", "2/2"])
    library.answer = answer(newest())
    (single,) = await reader.says("tag:LLM")
    assert "reply_markup" not in single.parameters


async def test_what_is_cut_can_be_had_whole(
    reader: Person, library: FakeLibrary, ledger: Ledger
) -> None:
    """FAILURES 13"""
    told = "这是第50句话，说的是别的事情。"
    library.answer = answer(hit(article(1), SENTENCES, told), hit(article(2)))
    (sent,) = await reader.says("x")
    assert sent.text.startswith(
        "1. Article 1\n14 Mar 2026\n… 这是第49句话，说的是别的事情。这是第50句话"
    )
    assert told in sent.marked("bold")
    pressed = await reader.presses(sent, "Whole excerpt 1")
    (whole,) = pressed.sent
    assert (pressed.answers, pressed.edits) == (1, [])
    assert whole.text == f"Article 1\n\n{SENTENCES}"
    assert whole.marked("bold") == ["Article 1", told]
    library.answers_within = answer(hit(article(1)))
    await reader.replies(whole, "what of it?")
    assert library.within[-1] == "a1"
    library.texts.clear()
    gone = await reader.presses(sent, "Whole excerpt 1")
    assert (gone.sent, gone.alert, gone.toast) == ([], True, "No longer in the archive.")


async def test_a_page_is_one_message_however_long_its_excerpts(
    reader: Person, library: FakeLibrary
) -> None:
    """FAILURES 13"""
    long = "".join(f"第{number}句😀。" for number in range(1500))
    told = ("第0句😀。", "第700句😀。", "第1499句😀。")
    library.answer = answer(*(hit(article(n), long, told[n - 1]) for n in (1, 2, 3)))
    (sent,) = await reader.says("long")
    assert sent.links == ten()[:3]
    assert all(each in sent.marked("bold") for each in told)
    assert labels(sent)[:3] == ["📄 1", "📄 2", "📄 3"]
    whole = (await reader.presses(sent, "📄 2")).sent
    assert len(whole) > 1
    assert long in "".join(each.text for each in whole)


async def test_further_passages_are_shown_on_every_drawing(
    reader: Person, library: FakeLibrary
) -> None:
    library.answer = answer(
        hit(article(1), more=("另一段。",)), *(hit(article(n)) for n in range(2, 6))
    )
    (sent,) = await reader.says("x")
    assert "More from this article:\n另一段。" in sent.text
    (second,) = (await reader.presses(sent, "›")).edits
    (first,) = (await reader.presses(second, "‹")).edits
    assert first.html == sent.html


async def test_more_like_the_first_hit_of_the_page(reader: Person) -> None:
    (sent,) = await reader.says("x")
    (second,) = (await reader.presses(sent, "›")).edits
    (more,) = (await reader.presses(second, "More like 4")).sent
    assert more.text.startswith("More like “Article 4”")


async def test_in_a_group_anyone_pages_in_the_language_of_who_asked(
    readers: Callable[..., Person], telegram: FakeTelegram
) -> None:
    asker, other = readers(50), readers(51)
    asker.sender["language_code"] = "zh"
    (sent,) = await asker.says("/ask@test_archive_bot x")
    assert labels(sent) == ["1/4", "›", "类似 1 的", "分享", "👍", "👎"]
    (second,) = (await other.presses(sent, "›")).edits
    assert labels(second)[3] == "类似 4 的"


async def test_an_old_answer_in_a_topic_gives_its_excerpts_there(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    there: Json = {"message_thread_id": 9, "is_topic_message": True}
    library.answer = answer(hit(article(1), SENTENCES, "这是第50句话，说的是别的事情。"))
    asker = readers(50, is_forum=True)
    (sent,) = await asker.says("/ask x", **there)
    old = {"chat": asker.chat, "message_id": sent.message_id, "date": 0}
    (whole,) = (await asker.presses_data(pack(WHOLE, 1, 0), message=old)).sent
    assert whole.topic == 9


@pytest.mark.parametrize(
    "data",
    [
        pack(HITS, 999, 0),
        pack(HITS, 1),
        pack(HITS, "1", 1),
        pack(WHOLE, 1, 10),
        pack(WHOLE, 1, -1),
        pack(VOTE, 1, 2),
        pack(VOTE, 1, 0),
    ],
)
async def test_a_forged_or_forgotten_button_is_too_old(reader: Person, data: str) -> None:
    (sent,) = await reader.says("x")
    pressed = await reader.presses_data(data, message=reader.message_of(sent))
    assert (pressed.sent, pressed.edits, pressed.alert) == ([], [], True)
    assert (pressed.toast or "").startswith("This button is too old.")


async def test_answers_of_another_chat_stay_there(
    subscribing: BotApplication, telegram: FakeTelegram
) -> None:
    asker = Person(subscribing, telegram, person_id=50)
    other = Person(subscribing, telegram, person_id=51)
    await asker.says("x")
    (mine,) = await other.says("y")
    pressed = await other.presses_data(pack(HITS, 1, 1), message=other.message_of(mine))
    assert (pressed.edits, pressed.alert) == ([], True)


async def test_pressing_below_an_answer_that_was_deleted_is_no_error(
    reader: Person, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    (sent,) = await reader.says("x")
    telegram.delete(sent)
    pressed = await reader.presses(sent, "›")
    assert (pressed.answers, pressed.sent, pressed.edits) == (1, [], [])
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_without_the_ledger_an_answer_is_an_answer_without_buttons(
    reader: Person, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_: object) -> None:
        raise LedgerError("the disk is full")

    monkeypatch.setattr(desk.writer, "do", refuse)
    (sent,) = await reader.says("x")
    assert (sent.links, sent.buttons) == (ten()[:3], [])


async def test_the_answer_in_a_group_that_moves_meanwhile_is_paged_there(
    readers: Callable[..., Person], telegram: FakeTelegram
) -> None:
    """FAILURES 14"""
    member = readers(50, type="group")
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    telegram.fail("sendMessage", refusing(400, moved, migrate_to_chat_id=-1001))
    (sent,) = await member.says("/ask x")
    assert sent.chat_id == -1001
    member.chat = {**member.chat, "id": -1001, "type": "supergroup"}
    assert [e.links for e in (await member.presses(sent, "›")).edits] == [ten()[3:6]]


async def test_sixty_four_people_asking_at_once_all_get_an_answer_of_their_own(
    subscribing: BotApplication, telegram: FakeTelegram, ledger: Ledger
) -> None:
    people = [Person(subscribing, telegram, person_id=number) for number in range(1, 65)]
    await asyncio.gather(*(person.says(f"question {n}") for n, person in enumerate(people)))
    assert sorted(sent.chat_id for sent in telegram.sent) == list(range(1, 65))
    assert ledger.answers.count() == 64
    for sent in telegram.sent:
        given = ledger.answers.of_message(sent.chat_id, sent.message_id)
        assert given is not None
        assert given.person_id == sent.chat_id
        assert sent.button("›") == pack(HITS, given.id, 1)
