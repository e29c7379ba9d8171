"""A question is shared by a link, and whoever opens that is answered."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.application import BotApplication
from bot.buttons import SHARE, pack
from bot.context import Desk
from bot.ledger import Ledger
from tests.bot.bot_api import FakeTelegram, Sent
from tests.bot.fakes import FakeLibrary, answer, article, hit
from tests.bot.people import Person
from tests.bot.test_article import url_of


def payload_of(sent: Sent) -> str:
    """What /start is given where the shared link is opened."""
    (told,) = parse_qs(urlsplit(url_of(sent, "Share")).query)["url"]
    assert told in sent.text
    bot, _, payload = told.partition("?start=")
    assert bot == "https://t.me/test_archive_bot"
    return payload


@pytest.mark.parametrize(
    "question",
    [
        "how does it save memory?",
        "显存不够怎么办？",
        "训练时的显存不够怎么办？" * 9,
        "C#<T> & _x_",
        "why " + "😀" * 900,
    ],
)
async def test_a_question_is_shared_and_asked_by_somebody_else(
    subscribing: BotApplication,
    telegram: FakeTelegram,
    library: FakeLibrary,
    question: str,
) -> None:
    """FAILURES 12"""
    reader = Person(subscribing, telegram)
    (told,) = await reader.says(question)
    pressed = await reader.presses(told, "Share")
    (shared,) = pressed.sent
    assert (pressed.answers, pressed.toast) == (1, None)
    friend = Person(subscribing, telegram, person_id=51)
    (again,) = await friend.says(f"/start {payload_of(shared)}")
    assert library.questions == [question, question]
    assert (again.chat_id, again.html) == (51, told.html)


async def test_a_shared_link_outlives_a_restart(
    reader: Person, library: FakeLibrary, ledger: Ledger, desk: Desk
) -> None:
    """FAILURES 27"""
    question = "训练时的显存不够怎么办" * 9
    (told,) = await reader.says(question)
    (shared,) = (await reader.presses(told, "Share")).sent
    for number in range(2_000):
        desk.questions.remember(number + 10, 50, "others")
    assert len(await reader.says(f"/start {payload_of(shared)}")) == 1
    assert library.questions[-1] == question


async def test_a_follow_up_is_shared_with_the_article_that_it_goes_on_from(
    subscribing: BotApplication, reader: Person, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    library.answer = answer(hit(article(3)))
    (first,) = await reader.says("what?")
    (told,) = await reader.replies(first, "and how?")
    (shared,) = (await reader.presses(told, "Share")).sent
    friend = Person(subscribing, telegram, person_id=51)
    (again,) = await friend.says(f"/start {payload_of(shared)}")
    assert (library.questions[-1], library.within[-1]) == ("and how?", "a3")
    assert again.html == told.html
    await friend.replies(again, "and why?")
    assert library.within[-1] == "a3"


async def test_what_nobody_remembers_cannot_be_shared(
    reader: Person, desk: Desk, ledger: Ledger
) -> None:
    (told,) = await reader.says("how?")
    desk.questions.forget(50)
    pressed = await reader.presses(told, "Share")
    assert (pressed.answers, pressed.alert, pressed.sent) == (1, True, [])
    assert (pressed.toast or "").startswith("I do not remember this question any more.")
    pressed = await reader.presses_data(pack(SHARE, 999, 0), message=reader.message_of(told))
    assert (pressed.answers, pressed.alert, pressed.sent) == (1, True, [])


async def test_where_nothing_was_found_there_is_nothing_to_share(
    reader: Person, library: FakeLibrary
) -> None:
    library.answer = answer(relevant=False)
    (told,) = await reader.says("gibberish")
    assert "Share" not in [each["text"] for each in told.buttons]
