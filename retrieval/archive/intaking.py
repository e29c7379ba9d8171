"""Taking a source's drafts in, all or nothing: articles, excerpts, identities, places, log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from retrieval.archive.chunks import chunked
from retrieval.archive.schema import articles, changes, excerpts, identities, sightings, sources
from retrieval.article import Draft
from retrieval.excerpts import split_into_excerpts
from retrieval.intake import (
    Content,
    Decision,
    Known,
    Place,
    Placed,
    decide,
    identity_keys,
    rank,
)
from retrieval.ordering import merge_listings


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """How many articles one gather of one source made or found."""

    new: int
    changed: int
    unchanged: int
    withdrawn: int = 0


def text_hash(text: str) -> str:
    """32 hexadecimal digits that name a passage's vector: the first half of the text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def commit_drafts(
    connection: Connection, source: str, kind: str, drafts: Sequence[Draft], now: datetime
) -> IntakeReport:
    """Make the archive hold what the source holds; the caller's transaction commits it."""
    source_id = _source_id(connection, source, kind)
    known = _known_by_key(connection, source_id, drafts)
    taken = set(connection.scalars(select(articles.c.id)))
    decisions = decide(source, drafts, known, taken)
    seen = _seen(connection, source_id)
    places = _places(seen, decisions, now)
    _store(connection, source_id, decisions, places, now)
    _sight(connection, source_id, seen, decisions, places, now)
    _rerank(connection, source_id, places)
    connection.execute(
        update(sources)
        .where(sources.c.id == source_id)
        .values(gathered_at=now, failed_at=None, failure=None)
    )
    tally = {"new": 0, "changed": 0, "unchanged": 0}
    for decision in decisions:
        tally[decision.kind] += 1
    return IntakeReport(**tally)


def _source_id(connection: Connection, name: str, kind: str) -> int:
    found = connection.scalar(select(sources.c.id).where(sources.c.name == name))
    if found is None:
        fresh = insert(sources).values(name=name, kind=kind).returning(sources.c.id)
        found = connection.execute(fresh).scalar_one()
    return int(found)


def _known_by_key(
    connection: Connection, source_id: int, drafts: Sequence[Draft]
) -> dict[str, list[Known]]:
    """Every article that one of the drafts may be."""
    keys = {key for draft in drafts for key in identity_keys(draft.text)}
    found: dict[str, list[Known]] = {}
    for chunk in chunked(sorted(keys)):
        query = (
            select(identities.c.key, articles)
            .join(articles, articles.c.id == identities.c.article_id)
            .where(identities.c.key.in_(chunk))
            .order_by(identities.c.key, articles.c.id)
        )
        for row in connection.execute(query):
            content = Content(
                title=row.title,
                link=row.link,
                published=row.published,
                tags=tuple(row.tags),
                text=row.text,
            )
            known = Known(row.id, content, owned=row.source_id == source_id)
            found.setdefault(row.key, []).append(known)
    return found


def _seen(connection: Connection, source_id: int) -> dict[str, Row[Any]]:
    """What this source holds or held, by article id, newest first."""
    query = (
        select(sightings, articles.c.published)
        .join(articles, articles.c.id == sightings.c.article_id)
        .where(sightings.c.source_id == source_id)
        .order_by(sightings.c.rank.desc())
    )
    return {row.article_id: row for row in connection.execute(query)}


def _places(
    seen: Mapping[str, Row[Any]], decisions: Sequence[Decision], now: datetime
) -> dict[str, Place]:
    """A place for every article this source holds or ever held."""
    first_gather = min((row.first_seen for row in seen.values()), default=now)
    published = {article_id: row.published for article_id, row in seen.items()}
    published.update((d.article_id, d.content.published) for d in decisions)
    # What the source dropped keeps its place among what stood around it.
    order = merge_listings([[decision.article_id for decision in decisions], list(seen)], published)
    return rank(
        [
            Placed(
                article_id=article_id,
                published=published[article_id],
                first_seen=seen[article_id].first_seen if article_id in seen else now,
                rank=seen[article_id].rank if article_id in seen else None,
                baseline=(seen[article_id].first_seen if article_id in seen else now)
                <= first_gather,
            )
            for article_id in order
        ]
    )


def _store(
    connection: Connection,
    source_id: int,
    decisions: Sequence[Decision],
    places: Mapping[str, Place],
    now: datetime,
) -> None:
    """Write new and changed articles, their excerpts, identities and log rows."""
    edited = [decision for decision in decisions if decision.kind != "unchanged"]
    texts = {d.article_id: split_into_excerpts(d.content.text) for d in edited}
    rows = {
        d.article_id: {
            "title": d.content.title,
            "link": d.content.link,
            "published": d.content.published,
            "tags": list(d.content.tags),
            "text": d.content.text,
            "changed_at": now,
        }
        for d in edited
    }
    fresh = [d for d in edited if d.kind == "new"]
    if fresh:
        connection.execute(
            insert(articles),
            [
                {
                    **rows[d.article_id],
                    "id": d.article_id,
                    "source_id": source_id,
                    "first_seen": now,
                    "ranked_at": places[d.article_id].ranked_at,
                    "rank": places[d.article_id].rank,
                    "most_excerpts": len(texts[d.article_id]),
                }
                for d in fresh
            ],
        )
    changed = [d.article_id for d in edited if d.kind == "changed"]
    most = dict.fromkeys(changed, 0)
    for chunk in chunked(changed):
        query = select(articles.c.id, articles.c.most_excerpts).where(articles.c.id.in_(chunk))
        most.update((row.id, row.most_excerpts) for row in connection.execute(query))
        connection.execute(excerpts.delete().where(excerpts.c.article_id.in_(chunk)))
    for article_id in changed:
        connection.execute(
            update(articles)
            .where(articles.c.id == article_id)
            .values(**rows[article_id], most_excerpts=max(most[article_id], len(texts[article_id])))
        )
    passages = [
        {"article_id": article_id, "ordinal": n, "text": text, "text_hash": text_hash(text)}
        for article_id, parts in texts.items()
        for n, text in enumerate(parts)
    ]
    if passages:
        connection.execute(insert(excerpts), passages)
    _remember_identities(connection, edited)
    if edited:
        connection.execute(
            insert(changes),
            [{"article_id": d.article_id, "kind": d.kind, "at": now} for d in edited],
        )


def _remember_identities(connection: Connection, edited: Sequence[Decision]) -> None:
    wanted = {(key, d.article_id) for d in edited for key in identity_keys(d.content.text)}
    for chunk in chunked(sorted({article_id for _, article_id in wanted})):
        query = select(identities).where(identities.c.article_id.in_(chunk))
        wanted -= {(row.key, row.article_id) for row in connection.execute(query)}
    if wanted:
        connection.execute(
            insert(identities),
            [{"key": key, "article_id": article_id} for key, article_id in sorted(wanted)],
        )


def _sight(
    connection: Connection,
    source_id: int,
    seen: Mapping[str, Row[Any]],
    decisions: Sequence[Decision],
    places: Mapping[str, Place],
    now: datetime,
) -> None:
    """Write where this source holds its articles, and what it dropped."""
    present = {decision.article_id for decision in decisions}
    appeared = [
        {
            "source_id": source_id,
            "article_id": article_id,
            "rank": place.rank,
            "first_seen": now,
            "dropped_at": None,
        }
        for article_id, place in places.items()
        if article_id not in seen
    ]
    moved = []
    for article_id, row in seen.items():
        rank_now = places[article_id].rank
        dropped_at = None if article_id in present else row.dropped_at or now
        if (rank_now, dropped_at) != (row.rank, row.dropped_at):
            moved.append({"of": article_id, "to": rank_now, "dropped": dropped_at})
    if appeared:
        connection.execute(insert(sightings), appeared)
    if moved:
        connection.execute(
            update(sightings)
            .where(sightings.c.source_id == source_id)
            .where(sightings.c.article_id == bindparam("of"))
            .values(rank=bindparam("to"), dropped_at=bindparam("dropped")),
            moved,
        )


def _rerank(connection: Connection, source_id: int, places: Mapping[str, Place]) -> None:
    """Move the articles whose place in `/latest` is another now."""
    owned = select(articles.c.id, articles.c.ranked_at, articles.c.rank).where(
        articles.c.source_id == source_id
    )
    moved = [
        {"of": row.id, "at": places[row.id].ranked_at, "to": places[row.id].rank}
        for row in connection.execute(owned)
        if Place(row.ranked_at, row.rank) != places[row.id]
    ]
    if moved:
        connection.execute(
            update(articles)
            .where(articles.c.id == bindparam("of"))
            .values(ranked_at=bindparam("at"), rank=bindparam("to")),
            moved,
        )
