"""Everything that is kept of a chat or a person, deleted: in one transaction, from all tables.

What is under way for them changes rows by their numbers, and finds none any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, Delete, Select, and_, delete, or_, select, update

from bot.admission import SubscribedBy
from bot.ledger.outbox import Work
from bot.ledger.schema import (
    answers,
    chats,
    deliveries,
    feedback,
    merged,
    people,
    places,
    subscriptions,
    threads,
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted: how many rows, and the numbers of answers, whose words may be in memory.

    `others` are rows that tell of none of these: a place, a person, messages about an article.
    `vouched` counts groups and channels that heard of news because this person subscribed them.
    """

    subscriptions: int = 0
    deliveries: int = 0
    votes: int = 0
    answer_ids: tuple[int, ...] = ()
    others: int = 0
    vouched: int = 0

    @property
    def nothing(self) -> bool:
        return self == Forgotten()


def forgetting_person(person_id: int) -> Work[Forgotten]:
    """Forget a person wherever they wrote, and their private chat, which has the same number."""

    def work(connection: Connection) -> Forgotten:
        # What others thought of an answer is theirs; the question is not.
        asked = select(answers.c.id).where(answers.c.person_id == person_id)
        connection.execute(
            update(feedback)
            .where(feedback.c.answer_id.in_(asked), feedback.c.question.is_not(None))
            .values(question=None)
        )
        vouched = str(SubscribedBy(person_id))
        heard = _delete(connection, delete(people).where(people.c.invited_by == vouched))
        gone = _forget(
            connection,
            person_id,
            or_(answers.c.person_id == person_id, answers.c.chat_id == person_id),
            feedback.c.person_id == person_id,
        )
        return replace(gone, vouched=heard)

    return work


def forgetting_chat(chat_id: int) -> Work[Forgotten]:
    """Forget a group with all its topics, or a channel."""

    def work(connection: Connection) -> Forgotten:
        given = select(answers.c.id).where(answers.c.chat_id == chat_id)
        return _forget(
            connection, chat_id, answers.c.chat_id == chat_id, feedback.c.answer_id.in_(given)
        )

    return work


def _forget(
    connection: Connection,
    chat_id: int,
    answered: ColumnElement[bool],
    voted: ColumnElement[bool],
) -> Forgotten:
    others = _delete(connection, delete(people).where(people.c.person_id == chat_id))
    votes = _delete(connection, delete(feedback).where(voted))
    gone = delete(answers).where(answered).returning(answers.c.id)
    answer_ids = tuple(connection.scalars(gone))
    others += _delete(connection, delete(threads).where(threads.c.chat_id == chat_id))
    here = select(places.c.id).where(places.c.chat_id == chat_id)
    wished = select(subscriptions.c.id).where(subscriptions.c.place_id.in_(here))
    connection.execute(
        delete(merged).where(
            or_(
                _became("place", here),
                _became("subscription", wished),
                and_(
                    merged.c.kind == "chat",
                    or_(merged.c.old_id == chat_id, merged.c.new_id == chat_id),
                ),
            )
        )
    )
    sent = _delete(connection, delete(deliveries).where(deliveries.c.place_id.in_(here)))
    ended = _delete(connection, delete(subscriptions).where(subscriptions.c.place_id.in_(here)))
    others += _delete(connection, delete(places).where(places.c.chat_id == chat_id))
    connection.execute(delete(chats).where(chats.c.chat_id == chat_id))
    return Forgotten(ended, sent, votes, answer_ids, others)


def _became(kind: str, numbers: Select[tuple[int]]) -> ColumnElement[bool]:
    return and_(merged.c.kind == kind, merged.c.new_id.in_(numbers))


def _delete(connection: Connection, statement: Delete) -> int:
    return connection.execute(statement).rowcount
