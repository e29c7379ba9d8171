"""The language that the administrators of a chat chose for it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("ledger_chats", sa.Column("language", sa.String(16)))
