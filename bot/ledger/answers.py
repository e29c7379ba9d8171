"""Answers that were given: what their buttons, replies to them and edits of the question need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from bot.ledger.outbox import Work
from bot.ledger.schema import answers
from retrieval.archive.chunks import chunked
from retrieval.database import Database

#: How many are kept, newest first.
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class GivenHit:
    """What is kept of a hit: names of texts, not the texts, which may change or be withdrawn.

    `confidence` (0 to 1) is None where nothing was asked but filters; `more` are the ids of further
    excerpts of the article; `relevant` tells whether it was shown as an answer.
    """

    excerpt_id: str
    highlight: str
    score: float
    confidence: float | None
    relevant: bool
    more: tuple[str, ...] = ()

    @property
    def article_id(self) -> str:
        return self.excerpt_id.rpartition(":")[0]

    def to_json(self) -> list[Any]:
        return [
            self.excerpt_id,
            self.highlight,
            self.score,
            self.confidence,
            self.relevant,
            list(self.more),
        ]

    @classmethod
    def from_json(cls, told: Sequence[Any]) -> GivenHit:
        excerpt_id, highlight, score, confidence, relevant, *rest = told
        return cls(
            str(excerpt_id),
            str(highlight),
            float(score),
            None if confidence is None else float(confidence),
            bool(relevant),
            tuple(map(str, rest[0])) if rest else (),
        )


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer about to be given. `topic` is 0 where there is none."""

    chat_id: int
    topic: int
    hits: tuple[GivenHit, ...]
    language: str
    asked_id: int | None = None
    person_id: int | None = None
    within: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class GivenAnswer(NewAnswer):
    """An answer by its number; `message_id` is None until it was sent."""

    id: int = 0
    at: datetime | None = None
    message_id: int | None = None

    @property
    def shown(self) -> tuple[GivenHit, ...]:
        """The hits that are answers, best first; none where the answer was that there is none."""
        return tuple(hit for hit in self.hits if hit.relevant)


class Answers:
    """Keeps them. Everything raises `LedgerError`; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, answer: NewAnswer, now: datetime) -> Work[int]:
        """Its number, by which its buttons name it; the oldest beyond the bound are forgotten."""

        def work(connection: Connection) -> int:
            row = insert(answers).values(**_values(answer), at=now).returning(answers.c.id)
            number: int = connection.execute(row).scalar_one()
            connection.execute(delete(answers).where(answers.c.id <= number - _MOST))
            return number

        return work

    def sent(self, answer_id: int, chat_id: int, message_id: int) -> Work[None]:
        """It is this message: of a group that moved meanwhile, in the new one."""

        def work(connection: Connection) -> None:
            same = (answers.c.chat_id == chat_id) & (answers.c.message_id == message_id)
            connection.execute(delete(answers).where(same, answers.c.id != answer_id))
            connection.execute(
                update(answers)
                .where(answers.c.id == answer_id)
                .values(chat_id=chat_id, message_id=message_id)
            )

        return work

    def change(self, answer_id: int, answer: NewAnswer, now: datetime) -> Work[None]:
        """It answers another question now, in the same message."""

        def work(connection: Connection) -> None:
            mine = update(answers).where(answers.c.id == answer_id)
            connection.execute(mine.values(**_values(answer), at=now))

        return work

    def by_id(self, answer_id: int) -> GivenAnswer | None:
        """The answer of this number."""
        return self._one(select(answers).where(answers.c.id == answer_id))

    def of_message(self, chat_id: int, message_id: int) -> GivenAnswer | None:
        """The answer that this message of ours gave."""
        mine = (answers.c.chat_id == chat_id) & (answers.c.message_id == message_id)
        return self._one(select(answers).where(mine))

    def to_question(self, chat_id: int, asked_id: int) -> GivenAnswer | None:
        """The newest answer to the question in this message."""
        mine = (answers.c.chat_id == chat_id) & (answers.c.asked_id == asked_id)
        newest = answers.c.id.desc()
        return self._one(select(answers).where(mine).order_by(newest).limit(1))

    def follow_ups(self, numbers: Iterable[int]) -> set[int]:
        """Those of these answers whose question went on from an article, as far as is known."""
        found: set[int] = set()
        with self._database.read() as connection:
            for some in chunked(numbers):
                mine = answers.c.id.in_(some) & answers.c.within.is_not(None)
                found.update(connection.scalars(select(answers.c.id).where(mine)))
        return found

    def purge_questions(self, before: datetime) -> int:
        """Forget the words of questions that are older; of how many answers that was."""
        old = (answers.c.at < before) & answers.c.question.is_not(None)
        with self._database.write() as connection:
            return connection.execute(update(answers).where(old).values(question=None)).rowcount

    def forget(self, *, person_id: int | None = None, chat_id: int | None = None) -> int:
        """Forget the answers to a person, in a chat, or to both; how many those were."""
        named = [answers.c.person_id == person_id] if person_id is not None else []
        named += [answers.c.chat_id == chat_id] if chat_id is not None else []
        gone = 0
        with self._database.write() as connection:
            for condition in named:
                gone += connection.execute(delete(answers).where(condition)).rowcount
        return gone

    def count(self) -> int:
        """How many are kept."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(answers)) or 0

    def _one(self, query: Select[Any]) -> GivenAnswer | None:
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _given(row)


def _values(answer: NewAnswer) -> dict[str, Any]:
    return {
        "chat_id": answer.chat_id,
        "topic": answer.topic,
        "asked_id": answer.asked_id,
        "person_id": answer.person_id,
        "within": answer.within,
        "hits": [hit.to_json() for hit in answer.hits],
        "question": answer.question,
        "language": answer.language,
    }


def _given(row: Row[Any]) -> GivenAnswer:
    return GivenAnswer(
        chat_id=row.chat_id,
        topic=row.topic,
        hits=tuple(map(GivenHit.from_json, row.hits)),
        language=row.language,
        asked_id=row.asked_id,
        person_id=row.person_id,
        within=row.within,
        question=row.question,
        id=row.id,
        at=row.at,
        message_id=row.message_id,
    )
