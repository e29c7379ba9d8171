"""How sources are fetched: responses, articles' own pages, failures and waits."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_moment = sa.DateTime(timezone=True)
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for column in (
        sa.Column("settings", sa.String(32)),
        sa.Column("readings", sa.Integer, nullable=False, server_default="0"),
        sa.Column("baselined_at", _moment),
        sa.Column("failing_since", _moment),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("retry_at", _moment),
        sa.Column("wait_until", _moment),
        sa.Column("reported_at", _moment),
    ):
        op.add_column("sources", column)
    op.execute("UPDATE sources SET baselined_at = gathered_at, failing_since = failed_at")
    op.create_table(
        "responses",
        sa.Column("source_id", _number, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("moved_to", sa.Text),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("asked_at", _moment, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("fresh_until", _moment),
        sa.Column("media_type", sa.Text),
        sa.Column("charset", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "key", name="pk_responses"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_responses_source_id"),
    )
    op.create_table(
        "pages",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("first_checked", _moment, nullable=False),
        sa.Column("checked_at", _moment, nullable=False),
        sa.Column("stated", sa.String(32)),
        sa.Column("content", sa.LargeBinary),
        sa.Column("missing_since", _moment),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("retry_at", _moment),
        sa.Column("idle", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_pages"),
    )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward; restore a backup to go back")
