"""Follow-ups: a reply goes to the first article of the answer, then to the whole archive."""

from __future__ import annotations

from collections.abc import Callable

from tests.bot.bot_api import FakeTelegram
from tests.bot.fakes import FakeLibrary, answer, article, hit
from tests.bot.people import Person


async def test_a_reply_asks_the_first_article_alone(reader: Person, library: FakeLibrary) -> None:
    library.answer = answer(hit(article(3)), hit(article(4)))
    (sent,) = await reader.says("what?")
    library.answers_within = answer(hit(article(3), "And so on.", "And so on."))
    (told,) = await reader.replies(sent, "and how?")
    assert library.within == [None, "a3"]
    assert told.links == ["https://blog.example/3"]
    assert told.text.startswith("1. Article 3\n")
    await reader.replies(told, "and why?")
    assert library.within == [None, "a3", "a3"]


async def test_a_reply_to_a_further_page_asks_the_first_article_that_stands_there(
    reader: Person, library: FakeLibrary
) -> None:
    library.answer = answer(*(hit(article(number)) for number in (3, 4, 5, 6, 7)))
    (sent,) = await reader.says("what?")
    (second,) = (await reader.presses(sent, "›")).edits
    library.answers_within = answer(hit(article(6)))
    (told,) = await reader.replies(second, "and how?")
    assert (library.within, told.links) == ([None, "a6"], ["https://blog.example/6"])


async def test_a_command_in_reply_is_a_follow_up_too(
    readers: Callable[..., Person], library: FakeLibrary
) -> None:
    member = readers(51)
    library.answer = answer(hit(article(3)))
    (sent,) = await member.says("/ask what?")
    library.answers_within = answer(hit(article(3)))
    await member.replies(sent, "/ask and how?")
    await member.says("/ask and this?", reply_to_message=member.message("one of us"))
    assert library.questions == ["what?", "and how?", "and this?"]
    assert library.within == [None, "a3", None]


async def test_what_the_article_does_not_tell_is_asked_of_all_and_said(
    reader: Person, library: FakeLibrary
) -> None:
    library.answer = answer(*(hit(article(number)) for number in (3, 4, 5, 6)))
    (sent,) = await reader.says("what?")
    library.answers_within = answer(hit(article(3)), relevant=False)
    library.answer = answer(*(hit(article(number)) for number in (7, 8, 9, 10)))
    (told,) = await reader.replies(sent, "and how?")
    assert library.within == [None, "a3", None]
    heading = "“Article 3” says nothing on this, as far as I can see. From the whole archive:"
    assert told.text.startswith(f"{heading}\n\n1. Article 7\n")
    (second,) = (await reader.presses(told, "›")).edits
    assert second.text.startswith(f"{heading}\n\n4. Article 10\n")
    await reader.replies(told, "and then?")
    assert library.within[3:] == ["a7", None]


async def test_when_nothing_tells_that_is_said_once(reader: Person, library: FakeLibrary) -> None:
    """FAILURES 19"""
    (sent,) = await reader.says("what?")
    library.answers_within = answer(relevant=False)
    library.answer = answer(hit(article(5)), relevant=False)
    (told,) = await reader.replies(sent, "and how?")
    assert told.text.startswith("“Article 1” says nothing on this, and neither does the rest")
    assert told.text.endswith("\n• Article 5")
    assert told.links == []
    library.answer = answer(hit(article(1)))
    await reader.replies(told, "and in other words?")
    assert library.within == [None, "a1", None, "a1", None], "it is still about the article"


async def test_a_reply_to_a_refusal_is_a_question_to_all(
    reader: Person, library: FakeLibrary
) -> None:
    library.answer = answer(hit(article(5)), relevant=False)
    (refused,) = await reader.says("what?")
    await reader.replies(refused, "and how?")
    assert library.within == [None, None]


async def test_an_article_that_is_gone_meanwhile_is_said_to_be(
    reader: Person, library: FakeLibrary
) -> None:
    """FAILURES 22"""
    (sent,) = await reader.says("what?")
    library.articles = [each for each in library.articles if each.id != "a1"]
    library.answer = answer(hit(article(2)))
    (told,) = await reader.replies(sent, "and how?")
    assert library.within == [None, None]
    assert told.text.startswith("This article is no longer in the archive.\n\n1. Article 2")


async def test_a_reply_that_says_nothing_is_asked_for_words(reader: Person) -> None:
    (sent,) = await reader.says("what?")
    (told,) = await reader.replies(sent, "\x00")
    assert told.text.startswith("What would you like to know about “Article 1”?")


async def test_in_a_group_a_reply_to_an_answer_is_a_question(
    readers: Callable[..., Person], library: FakeLibrary, telegram: FakeTelegram
) -> None:
    asker, other = readers(50, is_forum=True), readers(51, is_forum=True)
    (sent,) = await asker.says("/ask what?", message_thread_id=9, is_topic_message=True)
    library.answers_within = answer(hit(article(1)))
    (told,) = await other.replies(sent, "how?", message_thread_id=9, is_topic_message=True)
    assert (told.topic, library.within) == (9, [None, "a1"])
    assert len(telegram.sent) == 2
