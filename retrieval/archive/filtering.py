"""The articles that pass a filter, newest first: dates and sources by SQL, tags in Python.

Tags are JSON, whose functions SQLite and PostgreSQL do not share, and neither folds width: rows of
id and tags are streamed in the order of `/latest` until enough have passed. That takes about a
second for a rare tag among 100,000 articles, and far less for one that enough of the newest have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from sqlalchemy import ColumnElement, Connection, Text, case, or_, select

from retrieval.archive.schema import articles, changes, sightings, sources
from retrieval.filter import Filter, name_key

#: Rows that are held at a time while tags are looked at.
_STREAMED = 1_000
#: Tags, and lists of them, that are not looked at anew: most articles share theirs.
_REMEMBERED = 10_000


def matching_ids(connection: Connection, wanted: Filter, limit: int) -> list[str]:
    """Ids of at most `limit` articles that pass and are not withdrawn, newest first.

    An article belongs to the source it is shown under and to each one that lists it now. Its date
    is the one its source told; without one, the moment it came if it came as news. What an archive
    held undated from the beginning is of unknown age: no `after` or `before` lets it pass.
    """
    if limit < 1:
        return []
    query = (
        select(articles.c.id, articles.c.tags.cast(Text).label("tags"))
        .where(articles.c.withdrawn_at.is_(None), *_dated(wanted))
        .order_by(articles.c.ranked_at.desc(), articles.c.rank.desc(), articles.c.id.desc())
    )
    if wanted.sources:
        belonging = _source_ids(connection, wanted.sources)
        if not belonging:
            return []
        query = query.where(_belongs(belonging))
    if wanted.not_sources:
        query = query.where(~_belongs(_source_ids(connection, wanted.not_sources)))
    if not (wanted.tags or wanted.not_tags):
        return [row.id for row in connection.execute(query.limit(limit))]
    with connection.execute(query.execution_options(yield_per=_STREAMED)) as rows:
        return list(islice(_tagged(((row.id, row.tags) for row in rows), wanted), limit))


def _dated(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    # A subquery of its own, not one for each row: the log has no index by article.
    came = articles.c.id.in_(select(changes.c.article_id).where(changes.c.kind == "new"))
    told = articles.c.published
    moment = case((told.is_not(None), told), (came, articles.c.ranked_at))
    if wanted.after is not None:
        yield moment >= wanted.after
    if wanted.before is not None:
        yield moment < wanted.before


def _source_ids(connection: Connection, names: Sequence[str]) -> list[int]:
    keys = {name_key(name) for name in names}
    known = connection.execute(select(sources.c.id, sources.c.name))
    return [row.id for row in known if name_key(row.name) in keys]


def _belongs(source_ids: Sequence[int]) -> ColumnElement[bool]:
    listed = select(sightings.c.article_id).where(
        sightings.c.source_id.in_(source_ids), sightings.c.dropped_at.is_(None)
    )
    return or_(articles.c.source_id.in_(source_ids), articles.c.id.in_(listed))


def _tagged(rows: Iterable[tuple[str, str]], wanted: Filter) -> Iterator[str]:
    """The ids of those rows whose tags, as JSON, are right."""
    required = {name_key(tag) for tag in wanted.tags}
    refused = {name_key(tag) for tag in wanted.not_tags}
    key = lru_cache(_REMEMBERED)(name_key)

    @lru_cache(_REMEMBERED)
    def passes(tags: str) -> bool:
        carried = set(map(key, json.loads(tags)))
        return required <= carried and not refused & carried

    return (own for own, tags in rows if passes(tags))
