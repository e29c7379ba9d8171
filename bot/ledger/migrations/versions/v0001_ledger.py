"""Chats, places, subscriptions, the outbox, cursors, threads, seen updates."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_moment = sa.DateTime(timezone=True)
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "ledger_chats",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("wait_until", _moment),
        sa.Column("leased_by", sa.String(64)),
        sa.Column("leased_until", _moment),
        sa.PrimaryKeyConstraint("chat_id", name="pk_ledger_chats"),
    )
    for name in ("wait_until", "leased_until"):
        op.create_index(
            f"ix_ledger_chats_{name}", "ledger_chats", [name], **_only(f"{name} IS NOT NULL")
        )
    op.create_table(
        "ledger_places",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("rhythm", sa.String(16), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("quiet_from", sa.Integer),
        sa.Column("quiet_to", sa.Integer),
        sa.Column("silent", sa.Boolean, nullable=False),
        sa.Column("preview", sa.Boolean, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("asleep", sa.Text),
        sa.Column("asleep_since", _moment),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("ready_at", _moment),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_places"),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["ledger_chats.chat_id"], name="fk_ledger_places_chat_id"
        ),
        sa.UniqueConstraint("chat_id", "topic", name="uq_ledger_places_chat_id_topic"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_ledger_places_ready_at",
        "ledger_places",
        ["ready_at", "id"],
        **_only("ready_at IS NOT NULL"),
    )
    op.create_table(
        "ledger_subscriptions",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("place_id", _number, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_subscriptions"),
        sa.ForeignKeyConstraint(
            ["place_id"], ["ledger_places.id"], name="fk_ledger_subscriptions_place_id"
        ),
        sa.UniqueConstraint("place_id", "key", name="uq_ledger_subscriptions_place_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ledger_deliveries",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(64), nullable=False),
        sa.Column("place_id", _number, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", _moment, nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("unknown", sa.Integer, nullable=False),
        sa.Column("plain", sa.Boolean, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("shown", sa.String(64)),
        sa.Column("wanted", sa.String(64)),
        sa.Column("edit_at", _moment),
        sa.Column("sent_at", _moment),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_deliveries"),
        sa.ForeignKeyConstraint(
            ["place_id"], ["ledger_places.id"], name="fk_ledger_deliveries_place_id"
        ),
        sa.UniqueConstraint(
            "article_id", "place_id", name="uq_ledger_deliveries_article_id_place_id"
        ),
        sqlite_autoincrement=True,
    )
    for name, columns, condition in (
        ("waiting", ["place_id", "id"], "state = 'waiting'"),
        ("sending", ["place_id", "id"], "state = 'sending'"),
        ("dead", ["id"], "state = 'dead'"),
        ("edit", ["place_id", "edit_at"], "edit_at IS NOT NULL"),
        ("message", ["place_id", "message_id"], "message_id IS NOT NULL"),
    ):
        op.create_index(
            f"ix_ledger_deliveries_{name}", "ledger_deliveries", columns, **_only(condition)
        )
    op.create_table(
        "ledger_cursors",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("log", sa.String(64), nullable=False),
        sa.Column("cursor", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", "log", name="pk_ledger_cursors"),
    )
    op.create_table(
        "ledger_merged",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("old_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("new_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("kind", "old_id", name="pk_ledger_merged"),
    )
    op.create_table(
        "ledger_threads",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("article_id", sa.String(64), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_threads"),
        sa.UniqueConstraint("chat_id", "message_id", name="uq_ledger_threads_chat_id_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ledger_seen_updates",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("update_id", sa.BigInteger, nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_seen_updates"),
        sa.UniqueConstraint("update_id", name="uq_ledger_seen_updates_update_id"),
        sqlite_autoincrement=True,
    )
