"""Answers that were given, votes, people and notes: kept, changed, bounded, forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ledger import Ledger, answers
from bot.ledger.answers import GivenAnswer, GivenHit, NewAnswer
from bot.ledger.feedback import BAD, GOOD
from tests.bot.ledger.world import NOW, SECOND

BEST = GivenHit("a1:3", "the <sentence>", 0.91, 0.83, relevant=True, more=("a1:0", "a1:7"))
NEAR = GivenHit("b:2:0", "句子。", 0.5, None, relevant=False)
NEW = NewAnswer(
    -5, 7, (BEST, NEAR), "zh-Hans", asked_id=41, person_id=50, within="a1", question="怎么？"
)


def given(ledger: Ledger, new: NewAnswer = NEW, message_id: int | None = None) -> GivenAnswer:
    number = ledger.do(ledger.answers.add(new, NOW))
    if message_id is not None:
        ledger.do(ledger.answers.sent(number, new.chat_id, message_id))
    answer = ledger.answers.by_id(number)
    assert answer is not None
    return answer


def test_an_answer_is_found_by_its_number_its_message_and_its_question(ledger: Ledger) -> None:
    answer = given(ledger)
    assert (answer.message_id, answer.at, answer.hits) == (None, NOW, (BEST, NEAR))
    assert (answer.topic, answer.within, answer.question) == (7, "a1", "怎么？")
    assert answer.shown == (BEST,)
    assert [hit.article_id for hit in answer.hits] == ["a1", "b:2"]
    ledger.do(ledger.answers.sent(answer.id, -5, 99))
    told = replace(answer, message_id=99)
    assert ledger.answers.of_message(-5, 99) == told
    assert ledger.answers.to_question(-5, 41) == told
    assert ledger.answers.by_id(answer.id + 1) is None
    assert ledger.answers.of_message(50, 99) is None
    assert ledger.answers.to_question(-5, 42) is None


def test_two_answers_may_wait_for_their_messages_and_a_message_gives_one(ledger: Ledger) -> None:
    first, second = given(ledger), given(ledger)
    for answer in (first, second):
        ledger.do(ledger.answers.sent(answer.id, -5, 99))
    found = ledger.answers.of_message(-5, 99)
    assert found is not None
    assert found.id == second.id


def test_an_answer_changes_with_its_question(ledger: Ledger) -> None:
    answer = given(ledger, message_id=99)
    other = replace(NEW, hits=(NEAR,), question=None, within=None)
    ledger.do(ledger.answers.change(answer.id, other, NOW + SECOND))
    changed = ledger.answers.of_message(-5, 99)
    assert changed is not None
    assert (changed.id, changed.hits, changed.question, changed.within) == (
        answer.id,
        (NEAR,),
        None,
        None,
    )


def test_the_newest_are_kept(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_MOST", 3)
    numbers = [given(ledger).id for _ in range(5)]
    assert ledger.answers.count() == 3
    assert ledger.answers.by_id(numbers[1]) is None
    assert ledger.answers.by_id(numbers[2]) is not None


def test_a_group_that_moves_keeps_its_answers_by_number_alone(ledger: Ledger) -> None:
    """FAILURES 14"""
    answer = given(ledger, message_id=99)
    ledger.subscribers.move(-5, -1005)
    moved = ledger.answers.by_id(answer.id)
    assert moved is not None
    assert (moved.chat_id, moved.message_id, moved.asked_id) == (-1005, None, None)


def test_the_last_vote_of_a_person_counts(ledger: Ledger) -> None:
    answer, votes = given(ledger), ledger.feedback
    assert ledger.do(votes.vote(answer, 50, GOOD, "怎么？", NOW))
    assert not ledger.do(votes.vote(answer, 50, GOOD, "怎么？", NOW))
    assert ledger.do(votes.vote(answer, 51, BAD, None, NOW))
    assert ledger.do(votes.vote(answer, 50, BAD, "怎么？", NOW + SECOND))
    first, second = votes.each()
    assert (first.person_id, first.vote, first.question, first.at) == (
        50,
        BAD,
        "怎么？",
        NOW + SECOND,
    )
    assert (second.person_id, second.question, second.hits) == (51, None, (BEST, NEAR))
    assert votes.counts() == {"good": 0, "bad": 2}
    assert votes.all(after=first.id, limit=1) == [second]
    edited = replace(answer, hits=(NEAR,))
    assert ledger.do(votes.vote(edited, 50, BAD, None, NOW)), "another question, another opinion"


def test_words_of_old_questions_are_forgotten_and_all_else_stays(ledger: Ledger) -> None:
    old, new = given(ledger), ledger.do(ledger.answers.add(NEW, NOW + timedelta(days=2)))
    ledger.do(ledger.feedback.vote(old, 50, GOOD, "怎么？", NOW))
    before = NOW + timedelta(days=1)
    assert ledger.answers.purge_questions(before) == 1
    assert ledger.answers.purge_questions(before) == 0
    assert ledger.feedback.purge_questions(before) == 1
    kept = [ledger.answers.by_id(number) for number in (old.id, new)]
    assert [None if each is None else each.question for each in kept] == [None, "怎么？"]
    (vote,) = ledger.feedback.all()
    assert (vote.question, vote.hits) == (None, (BEST, NEAR))


def test_a_person_and_a_chat_are_forgotten(ledger: Ledger) -> None:
    mine, others = given(ledger), given(ledger, replace(NEW, person_id=51))
    elsewhere = given(ledger, replace(NEW, chat_id=50))
    ledger.do(ledger.feedback.vote(mine, 50, GOOD, None, NOW))
    ledger.do(ledger.feedback.vote(mine, 51, GOOD, None, NOW))
    ledger.threads.remember(50, 1, "a", NOW)
    ledger.threads.remember(51, 1, "a", NOW)
    assert ledger.answers.forget(person_id=50, chat_id=50) == 2
    assert [ledger.answers.by_id(each.id) is None for each in (mine, others, elsewhere)] == [
        True,
        False,
        True,
    ]
    assert ledger.feedback.forget(50) == 1
    assert [vote.person_id for vote in ledger.feedback.all()] == [51]
    assert ledger.threads.forget(50) == 1
    assert ledger.threads.article(51, 1) == "a"
    assert ledger.answers.forget() == 0


def test_a_person_is_a_number_a_language_and_two_moments(ledger: Ledger) -> None:
    people = ledger.people
    assert people.known(50) is None
    assert people.language(50) is None
    ledger.do(people.seen(50, NOW))
    ledger.do(people.seen(50, NOW + SECOND))
    known = people.known(50)
    assert known is not None
    assert (known.first_seen, known.last_seen, known.allowed) == (NOW, NOW, False)
    ledger.do(people.choose_language(50, "zh-Hant", NOW + timedelta(days=1)))
    known = people.known(50)
    assert known is not None
    assert (known.language, known.last_seen) == ("zh-Hant", NOW + timedelta(days=1))
    assert people.language(50) == "zh-Hant"
    ledger.do(people.choose_language(51, "en", NOW))
    ledger.do(people.choose_language(50, None, NOW))
    assert (people.language(50), people.language(51), people.count()) == (None, "en", 2)
    assert people.forget(50)
    assert not people.forget(50)
    assert people.count() == 1


def test_notes_are_written_over(ledger: Ledger) -> None:
    assert ledger.notes.read("profile") is None
    ledger.notes.write("profile", "one")
    ledger.notes.write("profile", "two")
    ledger.notes.write("other", "three")
    assert (ledger.notes.read("profile"), ledger.notes.read("other")) == ("two", "three")
