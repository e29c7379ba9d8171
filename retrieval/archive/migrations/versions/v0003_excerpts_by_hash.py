"""Excerpts are found by the hash of their text, as vectors are."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index("ix_excerpts_text_hash", "excerpts", ["text_hash"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward; restore a backup to go back")
