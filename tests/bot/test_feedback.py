"""👍 and 👎: what a press brings, what is kept of it, and what becomes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.application import build_application
from bot.commands.feedback import golden
from bot.context import Desk
from bot.ledger import Ledger
from bot.ledger.answers import GivenHit
from bot.ledger.feedback import BAD, GOOD, Vote
from bot.questions import Edits, Questions
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.fakes import FakeLibrary, answer, article, hit
from tests.bot.people import Person

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)


async def test_a_vote_is_thanked_for_and_the_last_one_counts(
    reader: Person, ledger: Ledger
) -> None:
    (sent,) = await reader.says("how?")
    good = await reader.presses(sent, "👍")
    assert (good.answers, good.toast, good.alert) == (1, "Thanks, good to know!", False)
    assert (good.sent, good.edits) == ([], [])
    assert (await reader.presses(sent, "👍")).toast == "You said so already. Thank you!"
    bad = await reader.presses(sent, "👎")
    assert (bad.toast or "").startswith("Thanks for telling me!")
    (vote,) = ledger.feedback.all()
    assert (vote.person_id, vote.vote, vote.question) == (50, BAD, "how?")
    (kept,) = vote.hits
    assert (kept.excerpt_id, kept.highlight, kept.confidence, kept.relevant) == (
        "a1:0",
        "梯度检查点用计算换显存。",
        0.9,
        True,
    )


async def test_everyone_in_a_group_has_a_vote(
    readers: Callable[..., Person], ledger: Ledger
) -> None:
    (sent,) = await readers(50).says("/ask how?")
    await readers(50).presses(sent, "👍")
    await readers(51).presses(sent, "👎")
    assert {vote.person_id: vote.vote for vote in ledger.feedback.all()} == {50: GOOD, 51: BAD}


async def test_a_refusal_can_be_called_wrong(
    reader: Person, library: FakeLibrary, ledger: Ledger
) -> None:
    library.answer = answer(hit(article(1)), relevant=False)
    (sent,) = await reader.says("火星")
    await reader.presses(sent, "👎")
    (vote,) = ledger.feedback.all()
    assert [(each.excerpt_id, each.relevant) for each in vote.hits] == [("a1:0", False)]


async def test_an_old_answer_is_judged_after_a_restart_without_its_words(
    reader: Person, desk: Desk, ledger: Ledger
) -> None:
    """FAILURES 27"""
    (sent,) = await reader.says("how?")
    desk.questions.forget(50)  # as a new process begins
    assert (await reader.presses(sent, "👍")).answers == 1
    (vote,) = ledger.feedback.all()
    assert (vote.question, vote.vote) == (None, GOOD)


@pytest.mark.parametrize(("keep", "question"), [(False, None), (True, "how?")])
async def test_words_of_questions_are_stored_only_where_a_setting_says_so(
    desk: Desk, ledger: Ledger, telegram: FakeTelegram, keep: bool, question: str | None
) -> None:
    application = build_application(
        desk.library,
        desk=replace(desk, keep_questions=keep),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    async with application:
        reader = Person(application, telegram)
        (sent,) = await reader.says("how?")
        given = ledger.answers.of_message(50, sent.message_id)
        assert given is not None
        assert given.question == question
        desk.questions.forget(50)
        await reader.presses(sent, "👎")
    (vote,) = ledger.feedback.all()
    assert vote.question == question


def test_edits_are_remembered_up_to_a_bound() -> None:
    edits = Edits(most=2)
    assert all(edits.note(chat, 1, 7) for chat in (1, 2, 1, 3))
    assert len(edits) == 2
    assert edits.is_newest(2, 1, 6), "forgotten"
    assert not edits.is_newest(1, 1, 6)
    assert not edits.note(1, 1, 6)
    edits.forget(1)
    assert edits.is_newest(1, 1, 6)
    assert not edits.is_newest(3, 1, 6)


def test_questions_are_remembered_up_to_a_bound() -> None:
    questions = Questions(3)
    for number in range(5):
        questions.remember(number, number % 2, f"q{number}")
    assert [questions.of(number) for number in range(5)] == [None, None, "q2", "q3", "q4"]
    questions.remember(2, 0, "anew")
    questions.remember(5, 1, "q5")
    assert [questions.of(number) for number in (2, 3)] == ["anew", None]
    assert questions.forget(0) == 2
    assert [questions.of(number) for number in (2, 4, 5)] == [None, None, "q5"]


def vote(number: int, opinion: int, question: str | None, *article_ids: str) -> Vote:
    hits = tuple(
        GivenHit(f"{own.strip('!')}:0", "h", 0.5, 0.9, not own.endswith("!")) for own in article_ids
    )
    return Vote(number, number, 50, opinion, question, hits, NOW)


def test_votes_become_golden_questions() -> None:
    digests = {
        own: hashlib.sha256(own.encode()).hexdigest()[:16] for own in ("a", "b", "c", "near")
    }
    rows = list(
        golden(
            [
                vote(1, GOOD, "liked", "a", "b"),
                vote(2, GOOD, "liked", "b"),
                vote(3, GOOD, "rightly refused", "near!"),
                vote(4, BAD, "wrong", "b", "gone", "c"),
                vote(5, BAD, "wrongly refused", "near!"),
                vote(6, GOOD, None, "a"),
                vote(7, GOOD, "withdrawn", "gone", "a"),
            ],
            digests,
        )
    )
    assert json.loads(json.dumps(rows)) == [
        {"id": "f1", "split": "dev", "kind": "liked", "question": "liked",
         "articles": [digests["a"]]},
        {"id": "f3", "split": "dev", "kind": "liked", "question": "rightly refused",
         "articles": []},
        {"id": "f4", "split": "open", "kind": "disliked", "question": "wrong", "articles": [],
         "wrong": [digests["b"], digests["c"]]},
        {"id": "f5", "split": "open", "kind": "disliked", "question": "wrongly refused",
         "articles": [], "wrong": []},
    ]  # fmt: skip
