"""The articles that pass a filter, newest first: SQL alone, tags by their own table.

A tag's articles stand in its index in the order of `/latest`; several tags are looked up for each
of the first one's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, case, or_, select

from retrieval.archive.schema import articles, changes, sightings, sources, tagged, tags
from retrieval.archive.tagging import tag_key
from retrieval.filter import Filter, name_key


def matching_ids(connection: Connection, wanted: Filter, limit: int, offset: int = 0) -> list[str]:
    """Ids of at most `limit` articles that pass and are not withdrawn, newest first.

    An article belongs to the source it is shown under and to each one that lists it now. Its date
    is the one its source told; without one, the moment it came if it came as news. What an archive
    held undated from the beginning is of unknown age: no `after` or `before` lets it pass. The
    `offset` newest that pass are left out.
    """
    if limit < 1:
        return []
    known = _tag_ids(connection, (*wanted.tags, *wanted.not_tags))
    required = {tag_key(tag) for tag in wanted.tags}
    if required - known.keys():
        return []
    conditions = list(_dated(wanted))
    if wanted.sources:
        belonging = _source_ids(connection, wanted.sources)
        if not belonging:
            return []
        conditions.append(_belongs(belonging))
    if wanted.not_sources:
        conditions.append(~_belongs(_source_ids(connection, wanted.not_sources)))
    if required:
        # Withdrawn articles carry no tags.
        first, *others = (known[key] for key in sorted(required))
        own, order = tagged.c.article_id, tagged
        query = select(own).where(tagged.c.tag_id == first, *(_carries(own, [n]) for n in others))
        if conditions:
            query = query.join(articles, articles.c.id == own)
    else:
        own, order = articles.c.id, articles
        query = select(own).where(articles.c.withdrawn_at.is_(None))
    if refused := [known[key] for key in map(tag_key, wanted.not_tags) if key in known]:
        query = query.where(~_carries(own, refused))
    newest = query.where(*conditions).order_by(
        order.c.ranked_at.desc(), order.c.rank.desc(), own.desc()
    )
    return list(connection.scalars(newest.limit(limit).offset(offset)))


def _tag_ids(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """The numbers of those of these tags that there are, by their keys."""
    if not names:
        return {}
    query = select(tags.c.key, tags.c.id).where(tags.c.key.in_(map(tag_key, names)))
    return {row.key: row.id for row in connection.execute(query)}


def _carries(own: ColumnElement[str], tag_ids: Sequence[int]) -> ColumnElement[bool]:
    other = tagged.alias()
    return (
        select(other.c.tag_id)
        .where(other.c.article_id == own, other.c.tag_id.in_(tag_ids))
        .exists()
    )


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
