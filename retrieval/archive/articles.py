"""Articles: one gather committed in one transaction, and what is read of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, insert, select, update

from retrieval.addresses import address_key
from retrieval.archive.chunks import chunked
from retrieval.archive.connect import Database
from retrieval.archive.fetches import mark_gathered
from retrieval.archive.filtering import matching_ids
from retrieval.archive.intaking import IntakeReport, commit_drafts, source_row
from retrieval.archive.schema import articles, changes, excerpts, identities, sources
from retrieval.archive.tagging import untag
from retrieval.article import Article, Draft, Excerpt
from retrieval.filter import Filter

#: Articles looked at in place of a withdrawn one.
_BESIDE = 50


@dataclass(frozen=True, slots=True)
class Passage:
    """An excerpt with the hash that names its vector."""

    excerpt: Excerpt
    text_hash: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the archive holds."""

    articles: int
    excerpts: int


class ArticleStore:
    """Reads and writes articles. Every method raises `ArchiveError` and is thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def commit(
        self, source: str, kind: str, drafts: Sequence[Draft], now: datetime
    ) -> IntakeReport:
        """Take in everything that a source holds now, newest first, all or nothing."""
        with self._database.write() as connection:
            row = source_row(connection, source, kind)
            report = commit_drafts(connection, row.id, source, drafts, now)
            mark_gathered(connection, row.id, now)
            return report

    def withdraw(self, article_ids: Iterable[str], now: datetime) -> int:
        """Take articles out of answers and `/latest`; they come back when a source lists them.

        Returns how many were not withdrawn before.
        """
        withdrawn = 0
        with self._database.write() as connection:
            for chunk in chunked(dict.fromkeys(article_ids)):
                there = articles.c.id.in_(chunk) & articles.c.withdrawn_at.is_(None)
                gone = list(connection.scalars(select(articles.c.id).where(there)))
                if gone:
                    connection.execute(update(articles).where(there).values(withdrawn_at=now))
                    rows = [{"article_id": own, "kind": "withdrawn", "at": now} for own in gone]
                    connection.execute(insert(changes), rows)
                    untag(connection, gone)
                withdrawn += len(gone)
        return withdrawn

    def latest(self, limit: int) -> list[Article]:
        """The newest articles, newest first."""
        with self._database.read() as connection:
            newest = (
                _articles_query()
                .order_by(articles.c.ranked_at.desc(), articles.c.rank.desc(), articles.c.id.desc())
                .limit(limit)
            )
            return [_article(row) for row in connection.execute(newest)]

    def by_id(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles of these ids that are there and not withdrawn."""
        found: dict[str, Article] = {}
        with self._database.read() as connection:
            for chunk in chunked(dict.fromkeys(ids)):
                rows = connection.execute(_articles_query().where(articles.c.id.in_(chunk)))
                found.update((row.id, _article(row)) for row in rows)
        return found

    def texts(self, ids: Iterable[str]) -> dict[str, str]:
        """The whole texts of those of these articles that are there and not withdrawn."""
        found: dict[str, str] = {}
        there = select(articles.c.id, articles.c.text).where(articles.c.withdrawn_at.is_(None))
        with self._database.read() as connection:
            for chunk in chunked(dict.fromkeys(ids)):
                rows = connection.execute(there.where(articles.c.id.in_(chunk)))
                found.update((row.id, row.text) for row in rows)
        return found

    def passages(self, article_ids: Iterable[str]) -> list[Passage]:
        """All excerpts of these articles, but for withdrawn ones, in reading order."""
        found: list[Passage] = []
        query = _excerpts_query().order_by(excerpts.c.article_id, excerpts.c.ordinal)
        with self._database.read() as connection:
            for chunk in chunked(dict.fromkeys(article_ids)):
                rows = connection.execute(query.where(excerpts.c.article_id.in_(chunk)))
                found.extend(_passage(row) for row in rows)
        return found

    def excerpts(self, ids: Iterable[str]) -> dict[str, tuple[Passage, Article]]:
        """The excerpts of these ids that are there, not of withdrawn articles, with their articles.

        All in one reading: a question waits for it.
        """
        wanted = dict.fromkeys(ids)
        named = [own.rpartition(":") for own in wanted]
        ordinals = {int(ordinal) for _, _, ordinal in named}
        found: dict[str, tuple[Passage, Article]] = {}
        with self._database.read() as connection:
            for chunk in chunked(dict.fromkeys(article for article, _, _ in named)):
                there = {"articles": chunk, "ordinals": list(ordinals)}
                for row in connection.execute(_WITH_ARTICLES, there):
                    excerpt = Excerpt(row.id, row.ordinal, row.text, row.title)
                    if excerpt.id in wanted:
                        found[excerpt.id] = Passage(excerpt, row.text_hash), _article(row)
        return found

    def most_excerpts(self, article_ids: Iterable[str]) -> dict[str, int]:
        """How many excerpts each article ever had, also withdrawn ones."""
        found: dict[str, int] = {}
        with self._database.read() as connection:
            for chunk in chunked(dict.fromkeys(article_ids)):
                query = select(articles.c.id, articles.c.most_excerpts)
                rows = connection.execute(query.where(articles.c.id.in_(chunk)))
                found.update((row.id, row.most_excerpts) for row in rows)
        return found

    def ids(self) -> list[str]:
        """The ids of all articles that are not withdrawn, in a fixed order."""
        query = select(articles.c.id).where(articles.c.withdrawn_at.is_(None))
        with self._database.read() as connection:
            return list(connection.scalars(query.order_by(articles.c.id)))

    def matching(self, wanted: Filter, limit: int, offset: int = 0) -> list[str]:
        """The ids of the newest articles that pass a filter, newest first; see `matching_ids`."""
        with self._database.read() as connection:
            return matching_ids(connection, wanted, limit, offset)

    def newest(self, wanted: Filter, limit: int, offset: int = 0) -> list[Article]:
        """The same articles themselves, but for the `offset` newest of them."""
        with self._database.read() as connection:
            ids = matching_ids(connection, wanted, limit, offset)
            found: dict[str, Article] = {}
            for chunk in chunked(ids):
                rows = connection.execute(_articles_query().where(articles.c.id.in_(chunk)))
                found.update((row.id, _article(row)) for row in rows)
        return [found[own] for own in ids]

    def by_link(self, link: str) -> Article | None:
        """The article at an address, however it is written (`retrieval.addresses`).

        Of several that share it, the one that has it just so, else the newest.
        """
        key = address_key(link)
        own = articles.c.link == link.strip()
        # An article is known by its former addresses too: links are shared for years. A passage of
        # a page, or a front page, has none that stands for it alone.
        known = select(identities.c.article_id).where(identities.c.key == f"link:{key}")
        there = own if key is None else articles.c.id.in_(known)
        query = (
            _articles_query()
            .where(there)
            .order_by(
                case((own, 0), else_=1),
                articles.c.ranked_at.desc(),
                articles.c.rank.desc(),
                articles.c.id.desc(),
            )
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
            return None if row is None else _article(row)

    def random(self, chance: float) -> Article | None:
        """One of all articles, by a number from 0 to below 1; None where there are none.

        Each is as likely as any other, but for those that stand beside withdrawn ones.
        """
        # Index alone: whether one is withdrawn stands behind its whole text.
        ordered = select(articles.c.id).order_by(
            articles.c.ranked_at, articles.c.rank, articles.c.id
        )
        with self._database.read() as connection:
            count = connection.scalar(select(func.count()).select_from(articles)) or 0
            there = ordered.offset(int(chance * count)).limit(_BESIDE)
            ids = list(connection.scalars(there))
            rows = connection.execute(_articles_query().where(articles.c.id.in_(ids)))
            found = {row.id: _article(row) for row in rows}
        chosen = next((found[own] for own in ids if own in found), None)
        return chosen or next(iter(self.latest(1)), None)

    def counts(self) -> Counts:
        """How many articles and excerpts there are, without withdrawn ones."""
        with self._database.read() as connection:
            there = articles.c.withdrawn_at.is_(None)
            return Counts(
                articles=connection.scalar(select(func.count()).where(there)) or 0,
                excerpts=connection.scalar(
                    select(func.count())
                    .select_from(excerpts.join(articles, articles.c.id == excerpts.c.article_id))
                    .where(there)
                )
                or 0,
            )


def _excerpts_query() -> Select[Any]:
    return (
        select(excerpts, articles.c.title)
        .join(articles, articles.c.id == excerpts.c.article_id)
        .where(articles.c.withdrawn_at.is_(None))
    )


def _articles_query() -> Select[Any]:
    return (
        select(
            articles.c.id,
            articles.c.title,
            articles.c.link,
            articles.c.published,
            articles.c.tags,
            sources.c.name.label("source"),
            excerpts.c.text.label("opening"),
        )
        .join(sources, sources.c.id == articles.c.source_id)
        .join(excerpts, (excerpts.c.article_id == articles.c.id) & (excerpts.c.ordinal == 0))
        .where(articles.c.withdrawn_at.is_(None))
    )


_TOLD = excerpts.alias()
#: Built once: building it takes as long as carrying it out.
_WITH_ARTICLES = (
    _articles_query()
    .add_columns(_TOLD.c.ordinal, _TOLD.c.text, _TOLD.c.text_hash)
    .join(_TOLD, _TOLD.c.article_id == articles.c.id)
    .where(_TOLD.c.article_id.in_(bindparam("articles", expanding=True)))
    .where(_TOLD.c.ordinal.in_(bindparam("ordinals", expanding=True)))
)


def _article(row: Row[Any]) -> Article:
    return Article(
        id=row.id,
        title=row.title,
        link=row.link,
        source=row.source,
        published=row.published,
        tags=tuple(row.tags),
        opening=row.opening,
    )


def _passage(row: Row[Any]) -> Passage:
    return Passage(Excerpt(row.article_id, row.ordinal, row.text, row.title), row.text_hash)
