"""What the owner tells all who are subscribed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_moment = sa.DateTime(timezone=True)
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ledger_bulletins",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("made_at", _moment, nullable=False),
        sa.Column("told_at", _moment),
        sa.Column("places", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_bulletins"),
        sqlite_autoincrement=True,
    )
