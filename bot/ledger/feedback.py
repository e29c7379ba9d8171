"""What people thought of answers: one vote a person, the last one counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.ledger.answers import GivenAnswer, GivenHit
from bot.ledger.outbox import Work
from bot.ledger.schema import feedback
from retrieval.database import Database

GOOD, BAD = 1, -1


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's opinion of an answer; `question` is None where it is not known any more."""

    id: int
    answer_id: int
    person_id: int
    vote: int
    question: str | None
    hits: tuple[GivenHit, ...]
    at: datetime


class Feedback:
    """Keeps votes. Everything raises `LedgerError`; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def vote(
        self, answer: GivenAnswer, person_id: int, vote: int, question: str | None, now: datetime
    ) -> Work[bool]:
        """Keep a vote (`GOOD` or `BAD`) instead of that person's last one; whether it is news.

        The same vote of an answer to another question, as after an edit, is news.
        """

        def work(connection: Connection) -> bool:
            mine = (feedback.c.answer_id == answer.id) & (feedback.c.person_id == person_id)
            hits = [hit.to_json() for hit in answer.hits]
            values = {"vote": vote, "question": question, "hits": hits, "at": now}
            before = connection.execute(select(feedback).where(mine)).first()
            if before is None:
                new = insert(feedback).values(answer_id=answer.id, person_id=person_id, **values)
                connection.execute(new)
                return True
            connection.execute(update(feedback).where(mine).values(**values))
            return (before.vote, before.hits) != (vote, hits)

        return work

    def all(self, after: int = 0, limit: int = 1_000) -> list[Vote]:
        """The votes with a number above `after`, at most `limit` of them, in their order."""
        query = select(feedback).where(feedback.c.id > after).order_by(feedback.c.id).limit(limit)
        with self._database.read() as connection:
            return [
                Vote(
                    row.id,
                    row.answer_id,
                    row.person_id,
                    row.vote,
                    row.question,
                    tuple(map(GivenHit.from_json, row.hits)),
                    row.at,
                )
                for row in connection.execute(query)
            ]

    def each(self) -> Iterator[Vote]:
        """All votes, oldest first, read in portions."""
        after = 0
        while votes := self.all(after):
            yield from votes
            after = votes[-1].id

    def counts(self) -> dict[str, int]:
        """How many votes of which kind."""
        query = select(feedback.c.vote, func.count()).group_by(feedback.c.vote)
        with self._database.read() as connection:
            found = {row.vote: int(row[1]) for row in connection.execute(query)}
        return {"good": found.get(GOOD, 0), "bad": found.get(BAD, 0)}

    def purge_questions(self, before: datetime) -> int:
        """Forget the words of questions that are older; of how many votes that was."""
        old = (feedback.c.at < before) & feedback.c.question.is_not(None)
        with self._database.write() as connection:
            return connection.execute(update(feedback).where(old).values(question=None)).rowcount

    def forget(self, person_id: int) -> int:
        """Forget a person's votes; how many those were."""
        with self._database.write() as connection:
            mine = feedback.c.person_id == person_id
            return connection.execute(delete(feedback).where(mine)).rowcount
