"""The ledger's tables, as SQLAlchemy sees them; `migrations/` is what makes them.

All names begin with `ledger_`: the archive may be in the same PostgreSQL database.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from retrieval.archive.schema import Moment, Number

#: The newest migration; a test holds it against the migrations themselves.
HEAD = "0006"
#: Where Alembic keeps what was run.
VERSIONS = "ledger_alembic_version"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Numbers(TypeDecorator[tuple[int, ...]]):
    """A few whole numbers; none are the empty text, which a statement can compare with."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(str(number) for number in value)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[int, ...] | None:
        return (
            None if value is None else tuple(int(number) for number in value.split(",") if number)
        )


def _only(condition: str) -> dict[str, Any]:
    """An index of the few rows that matter: a million sent ones cost it nothing."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


#: A chat belongs to the process `leased_by` until `leased_until`; Telegram wants nothing sent to
#: it until `wait_until`. `language` is what its administrators chose, if they did.
chats = Table(
    "ledger_chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("wait_until", Moment),
    Column("leased_by", String(64)),
    Column("leased_until", Moment),
    Column("language", String(16)),
    Index("ix_ledger_chats_wait_until", "wait_until", **_only("wait_until IS NOT NULL")),
    Index("ix_ledger_chats_leased_until", "leased_until", **_only("leased_until IS NOT NULL")),
)

#: `ready_at` is worked out from the place's rows (`bot.ledger.readiness`): when there is something
#: to send next, NULL for nothing. What is due is found by it, one entry for each place.
places = Table(
    "ledger_places",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("chat_id", ForeignKey("ledger_chats.chat_id"), nullable=False),
    Column("topic", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("rhythm", String(16), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("silent", Boolean, nullable=False),
    Column("preview", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("asleep", Text),
    Column("asleep_since", Moment),
    Column("created_at", Moment, nullable=False),
    Column("ready_at", Moment),
    UniqueConstraint("chat_id", "topic"),
    Index("ix_ledger_places_ready_at", "ready_at", "id", **_only("ready_at IS NOT NULL")),
    sqlite_autoincrement=True,
)

#: `key` is what makes two wishes of a place the same one.
subscriptions = Table(
    "ledger_subscriptions",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("place_id", ForeignKey("ledger_places.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("wish", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("place_id", "key"),
    sqlite_autoincrement=True,
)

#: The outbox. `article_id` names what is told: an article, or a bulletin (`records.told_id`).
#: `wanted` is what a notice must show since its article changed; `edit_at` says since when it does
#: not. `stopped` are the subscriptions that a button below the notice ended, as JSON.
deliveries = Table(
    "ledger_deliveries",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("article_id", String(64), nullable=False),
    Column("place_id", ForeignKey("ledger_places.id"), nullable=False),
    Column("reasons", Numbers, nullable=False),
    Column("score", Float, nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("message_id", BigInteger),
    Column("shown", String(64)),
    Column("wanted", String(64)),
    Column("edit_at", Moment),
    Column("sent_at", Moment),
    Column("error", Text),
    Column("stopped", Text),
    # In this order an article's rows are found by it, too.
    UniqueConstraint("article_id", "place_id"),
    Index("ix_ledger_deliveries_waiting", "place_id", "id", **_only("state = 'waiting'")),
    Index("ix_ledger_deliveries_sending", "place_id", "id", **_only("state = 'sending'")),
    Index("ix_ledger_deliveries_dead", "id", **_only("state = 'dead'")),
    Index("ix_ledger_deliveries_edit", "place_id", "edit_at", **_only("edit_at IS NOT NULL")),
    Index(
        "ix_ledger_deliveries_message", "place_id", "message_id", **_only("message_id IS NOT NULL")
    ),
    sqlite_autoincrement=True,
)

#: What the owner tells all who are subscribed, as Telegram's HTML. Until `told_at` it is a draft;
#: then `places` of them were to hear it, each by a row of the outbox.
bulletins = Table(
    "ledger_bulletins",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("html", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("places", Integer),
    sqlite_autoincrement=True,
)

#: How far a change log was followed, for each of its followers.
cursors = Table(
    "ledger_cursors",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("log", String(64), primary_key=True),
    Column("cursor", BigInteger, nullable=False),
)

#: Places and subscriptions that became part of another, for whoever still names the old number.
merged = Table(
    "ledger_merged",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("old_id", BigInteger, primary_key=True, autoincrement=False),
    Column("new_id", BigInteger, nullable=False),
)

#: Messages of ours to which a reply is a question about one article.
threads = Table(
    "ledger_threads",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("article_id", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("chat_id", "message_id"),
    sqlite_autoincrement=True,
)

#: Telegram's updates that were handled lately.
seen_updates = Table(
    "ledger_seen_updates",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("update_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("update_id"),
    sqlite_autoincrement=True,
)

#: Answers that were given, for their buttons, for replies to them and for edits of their questions.
#: `asked_id` is the question's message, `message_id` the answer's, `hits` what
#: `bot.ledger.answers.GivenHit` tells of; `within` is the article that alone was asked. The
#: question's words are here only where a setting says so.
answers = Table(
    "ledger_answers",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("asked_id", BigInteger),
    Column("person_id", BigInteger),
    Column("within", String(64)),
    Column("hits", JSON, nullable=False),
    Column("question", Text),
    Column("language", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("chat_id", "message_id"),
    Index("ix_ledger_answers_asked", "chat_id", "asked_id"),
    Index("ix_ledger_answers_person_id", "person_id"),
    sqlite_autoincrement=True,
)

#: What people thought of answers; tells all that matters of an answer that is forgotten already.
feedback = Table(
    "ledger_feedback",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("answer_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("vote", Integer, nullable=False),
    Column("question", Text),
    Column("hits", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("answer_id", "person_id"),
    Index("ix_ledger_feedback_person_id", "person_id"),
    sqlite_autoincrement=True,
)

#: Whoever wrote to the bot, without a name. `asked` counts the questions of the UTC day `asked_on`.
people = Table(
    "ledger_people",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(16)),
    Column("zone", String(64)),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("invited_by", String(64)),
    Column("allowed", Boolean, nullable=False),
    Column("asked_on", String(10)),
    Column("asked", Integer, nullable=False),
)

#: What the bot must remember of itself.
notes = Table(
    "ledger_notes",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

#: Questions behind links that are too short for them.
shared = Table(
    "ledger_shared",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("digest"),
    sqlite_autoincrement=True,
)
