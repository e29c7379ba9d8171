"""Shared questions apart from notes, with a bound."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_moment = sa.DateTime(timezone=True)
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BEFORE = "question:"


def upgrade() -> None:
    shared = op.create_table(
        "ledger_shared",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_shared"),
        sa.UniqueConstraint("digest", name="uq_ledger_shared_digest"),
        sqlite_autoincrement=True,
    )
    notes = sa.table("ledger_notes", sa.column("name"), sa.column("value"))
    mine = notes.c.name.startswith(_BEFORE, autoescape=True)
    now = datetime.now(UTC)
    rows = [
        {"digest": name.removeprefix(_BEFORE), "question": value, "at": now}
        for name, value in op.get_bind().execute(sa.select(notes).where(mine))
    ]
    if rows:
        op.bulk_insert(shared, rows)
    op.execute(sa.delete(notes).where(mine))
