"""Tags have a table of their own, in which articles are found and counted by them."""

from collections import Counter

import sqlalchemy as sa
from alembic import op

from retrieval.archive.chunks import chunked
from retrieval.archive.tagging import keys_of

revision = "0004"
down_revision = "0003"

_moment = sa.DateTime(timezone=True)
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    tags = op.create_table(
        "tags",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("key", name="uq_tags_key"),
    )
    tagged = op.create_table(
        "tagged",
        sa.Column("article_id", sa.String(16), nullable=False),
        sa.Column("tag_id", _number, nullable=False),
        sa.Column("ranked_at", _moment, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "tag_id", name="pk_tagged"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_tagged_article_id"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_tagged_tag_id"),
    )
    articles = sa.table(
        "articles",
        sa.column("id", sa.String),
        sa.column("tags", sa.JSON),
        sa.column("ranked_at", _moment),
        sa.column("rank", sa.Integer),
        sa.column("withdrawn_at", _moment),
    )
    connection = op.get_bind()
    there = articles.c.withdrawn_at.is_(None)
    spellings: dict[str, Counter[str]] = {}
    for names in connection.scalars(sa.select(articles.c.tags).where(there)):
        for key, name in keys_of(names).items():
            spellings.setdefault(key, Counter())[name] += 1
    # The commonest spelling, for which tag there is any number of them.
    named = [
        {"key": key, "name": max(sorted(counts), key=counts.__getitem__)}
        for key, counts in spellings.items()
    ]
    for chunk in chunked(named):
        connection.execute(tags.insert(), chunk)
    numbers = {row.key: row.id for row in connection.execute(sa.select(tags.c.id, tags.c.key))}
    rows = connection.execute(
        sa.select(articles.c.id, articles.c.tags, articles.c.ranked_at, articles.c.rank)
        .where(there)
        .order_by(articles.c.id)
    )
    carried = (
        {
            "article_id": row.id,
            "tag_id": numbers[key],
            "ranked_at": row.ranked_at,
            "rank": row.rank,
        }
        for row in rows
        for key in keys_of(row.tags)
    )
    for chunk in chunked(carried):
        connection.execute(tagged.insert(), chunk)
    op.create_index("ix_tagged_order", "tagged", ["tag_id", "ranked_at", "rank", "article_id"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward; restore a backup to go back")
