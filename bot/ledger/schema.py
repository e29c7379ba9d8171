"""The ledger's tables, as SQLAlchemy sees them; `migrations/` is what makes them.

All names begin with `ledger_`: the archive may be in the same PostgreSQL database.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
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
HEAD = "0001"
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
#: it until `wait_until`.
chats = Table(
    "ledger_chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("wait_until", Moment),
    Column("leased_by", String(64)),
    Column("leased_until", Moment),
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

#: The outbox. `wanted` is what a notice must show since its article changed; `edit_at` says since
#: when it does not.
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
