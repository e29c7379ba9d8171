"""The tables, as SQLAlchemy sees them; `migrations/` is what makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

#: The newest migration; a test holds it against the migrations themselves.
HEAD = "0004"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A UTC-aware datetime, on SQLite too, which keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was about to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


#: SQLite gives automatic numbers to INTEGER keys alone.
Number = BigInteger().with_variant(Integer, "sqlite")

#: Facts about the archive itself: its `identity`, which an index remembers.
facts = Table(
    "facts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("gathered_at", Moment),
    Column("failed_at", Moment),
    Column("failure", Text),
    # A digest of the settings it was last read with: what they brought home may differ now.
    Column("settings", String(32)),
    # Counts commits: a reading begun before another one's commit is not committed after it.
    Column("readings", Integer, nullable=False, default=0),
    # When all that it held at first had been taken in; what comes later is news.
    Column("baselined_at", Moment),
    Column("failing_since", Moment),
    Column("failures", Integer, nullable=False, default=0),
    # We try again then; the server asked to be left alone until then.
    Column("retry_at", Moment),
    Column("wait_until", Moment),
    # When the owner was told that it fails; kept until told that it recovered.
    Column("reported_at", Moment),
)

#: What an address of a source answered last, whole, so that a 304 is as good as the body.
responses = Table(
    "responses",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("url", Text, nullable=False),
    # Where permanent redirects lead; asked next time instead.
    Column("moved_to", Text),
    # Where the body really came from.
    Column("location", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fresh_until", Moment),
    Column("media_type", Text),
    Column("charset", Text),
    Column("body", LargeBinary, nullable=False),
)

#: Articles' own pages, as far as they were looked at: `content` is what was read there.
pages = Table(
    "pages",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("url", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("first_checked", Moment, nullable=False),
    Column("checked_at", Moment, nullable=False),
    # A digest of what the source said of the article when its page was read.
    Column("stated", String(32)),
    Column("content", LargeBinary),
    Column("missing_since", Moment),
    # Answered 404 or 410 twice, a day apart.
    Column("gone", Boolean, nullable=False, default=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("retry_at", Moment),
    # How many looks in a row brought nothing new although the source said so.
    Column("idle", Integer, nullable=False, default=0),
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("link", Text),
    Column("published", Moment),
    Column("tags", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    # Where the article stands among all, newest first: by moment, then by rank, highest first.
    Column("ranked_at", Moment, nullable=False),
    Column("rank", Integer, nullable=False),
    # How many excerpts the article ever had: every ordinal that an index may still hold.
    Column("most_excerpts", Integer, nullable=False),
    Index("ix_articles_order", "ranked_at", "rank", "id"),
)

#: Where an article was seen: an article that two sources carry is one article.
sightings = Table(
    "sightings",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    # Place in this source, highest newest: a new article on top moves no other.
    Column("rank", Integer, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("dropped_at", Moment),
    Index("ix_sightings_article_id", "article_id"),
)

#: What an article is known by; see `retrieval.intake.identity_keys`.
identities = Table(
    "identities",
    metadata,
    Column("key", String(48), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Index("ix_identities_article_id", "article_id"),
)

#: What articles are tagged with: all spellings of one tag are one.
tags = Table(
    "tags",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    # A digest of its `retrieval.filter.name_key`, which may be too long for an index.
    Column("key", String(32), nullable=False, unique=True),
    Column("name", Text, nullable=False),
)

#: Which articles carry a tag, in the order of `/latest`, without withdrawn ones: found from
#: `articles.tags` whenever an article is written, and moved along with it.
tagged = Table(
    "tagged",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
    Column("ranked_at", Moment, nullable=False),
    Column("rank", Integer, nullable=False),
    Index("ix_tagged_order", "tag_id", "ranked_at", "rank", "article_id"),
)

excerpts = Table(
    "excerpts",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("text_hash", String(32), nullable=False),
    # Vectors are joined by it; without, each vector is a walk through all excerpts.
    Index("ix_excerpts_text_hash", "text_hash"),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

#: An embedding model as it really answered: `probe` is its vector of a fixed sentence.
embedders = Table(
    "embedders",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("model", Text, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("query_prompt", Text, nullable=False),
    Column("passage_prompt", Text, nullable=False),
    Column("probe", LargeBinary, nullable=False),
)

#: float16, little-endian, `dimension` of them.
vectors = Table(
    "vectors",
    metadata,
    Column("embedder_id", ForeignKey("embedders.id"), primary_key=True),
    Column("text_hash", String(32), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)
