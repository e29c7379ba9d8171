"""Articles, excerpts, sources, change log, vectors."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_moment = sa.DateTime(timezone=True)
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )
    op.create_table(
        "sources",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("gathered_at", _moment),
        sa.Column("failed_at", _moment),
        sa.Column("failure", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("name", name="uq_sources_name"),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("source_id", _number, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("link", sa.Text),
        sa.Column("published", _moment),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("first_seen", _moment, nullable=False),
        sa.Column("changed_at", _moment, nullable=False),
        sa.Column("withdrawn_at", _moment),
        sa.Column("ranked_at", _moment, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("most_excerpts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_articles_source_id"),
    )
    op.create_index("ix_articles_order", "articles", ["ranked_at", "rank", "id"])
    op.create_table(
        "sightings",
        sa.Column("source_id", _number, nullable=False),
        sa.Column("article_id", sa.String(16), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("first_seen", _moment, nullable=False),
        sa.Column("dropped_at", _moment),
        sa.PrimaryKeyConstraint("source_id", "article_id", name="pk_sightings"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_sightings_source_id"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_sightings_article_id"),
    )
    op.create_index("ix_sightings_article_id", "sightings", ["article_id"])
    op.create_table(
        "identities",
        sa.Column("key", sa.String(48), nullable=False),
        sa.Column("article_id", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_identities"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_identities_article_id"),
    )
    op.create_index("ix_identities_article_id", "identities", ["article_id"])
    op.create_table(
        "excerpts",
        sa.Column("article_id", sa.String(16), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_hash", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "ordinal", name="pk_excerpts"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_excerpts_article_id"),
    )
    op.create_table(
        "changes",
        sa.Column("seq", _number, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_changes_article_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "embedders",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("query_prompt", sa.Text, nullable=False),
        sa.Column("passage_prompt", sa.Text, nullable=False),
        sa.Column("probe", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_embedders"),
    )
    op.create_table(
        "vectors",
        sa.Column("embedder_id", _number, nullable=False),
        sa.Column("text_hash", sa.String(32), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("embedder_id", "text_hash", name="pk_vectors"),
        sa.ForeignKeyConstraint(["embedder_id"], ["embedders.id"], name="fk_vectors_embedder_id"),
    )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward; restore a backup to go back")
