"""Answers and what people thought of them, people, notes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_moment = sa.DateTime(timezone=True)
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ledger_answers",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("asked_id", sa.BigInteger),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("within", sa.String(64)),
        sa.Column("hits", sa.JSON, nullable=False),
        sa.Column("question", sa.Text),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_answers"),
        sa.UniqueConstraint("chat_id", "message_id", name="uq_ledger_answers_chat_id_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_answers_asked", "ledger_answers", ["chat_id", "asked_id"])
    op.create_index("ix_ledger_answers_person_id", "ledger_answers", ["person_id"])
    op.create_table(
        "ledger_feedback",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("answer_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("vote", sa.Integer, nullable=False),
        sa.Column("question", sa.Text),
        sa.Column("hits", sa.JSON, nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_feedback"),
        sa.UniqueConstraint(
            "answer_id", "person_id", name="uq_ledger_feedback_answer_id_person_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_feedback_person_id", "ledger_feedback", ["person_id"])
    op.create_table(
        "ledger_people",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(16)),
        sa.Column("zone", sa.String(64)),
        sa.Column("first_seen", _moment, nullable=False),
        sa.Column("last_seen", _moment, nullable=False),
        sa.Column("invited_by", sa.String(64)),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("asked_on", sa.String(10)),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_ledger_people"),
    )
    op.create_table(
        "ledger_notes",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_ledger_notes"),
    )
