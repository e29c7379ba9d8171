"""Taking a source's drafts in, all or nothing: articles, excerpts, identities, places, log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from retrieval.archive.chunks import chunked
from retrieval.archive.schema import articles, changes, excerpts, identities, sightings, sources
from retrieval.archive.tagging import Carrier, move, tag
from retrieval.article import Draft
from retrieval.excerpts import split_into_excerpts
from retrieval.identity import digest
from retrieval.intake import Before, Decision, Place, Placed, decide, distinct, news, rank, storable
from retrieval.matching import Content, Known, identity_keys
from retrieval.ordering import merge_listings


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """How many articles one gather of one source made or found."""

    new: int
    changed: int
    unchanged: int
    withdrawn: int = 0

    def __add__(self, later: IntakeReport) -> IntakeReport:
        """What two commits of one source came to together; the later one knows what is left."""
        return IntakeReport(
            new=self.new + later.new,
            changed=self.changed + later.changed,
            unchanged=max(0, later.unchanged - self.new - self.changed),
            withdrawn=self.withdrawn + later.withdrawn,
        )


def text_hash(text: str) -> str:
    """32 hexadecimal digits that name a passage's vector: the first half of the text's SHA-256."""
    return digest(text)


def commit_drafts(
    connection: Connection,
    source_id: int,
    name: str,
    drafts: Sequence[Draft],
    now: datetime,
    *,
    whole: bool = True,
    settings: str = "",
    active: Collection[str] | None = None,
    familiar: Collection[str] = (),
) -> IntakeReport:
    """Make the archive hold what the source holds; the caller's transaction commits it.

    `whole` False: the drafts are not yet all that the source holds, so nothing counts as dropped
    and the baseline is not reached. `settings` names the settings that the source was read with.
    `active` are the names of all sources that are gathered, None if that is not known: articles of
    others pass to whoever lists them. `familiar` are links that the source listed at its baseline,
    though their articles could not be read then: they are no news.
    """
    source = connection.execute(select(sources).where(sources.c.id == source_id)).one()
    drafts = distinct([clean for draft in drafts if (clean := storable(draft)) is not None])
    known = _known_by_key(connection, source_id, name, drafts, active)
    taken = set(connection.scalars(select(articles.c.id)))
    decisions = decide(name, drafts, known, taken)
    seen = _seen(connection, source_id)
    present = {decision.article_id for decision in decisions}
    announced: Set[str] = frozenset()
    if source.baselined_at is not None:
        before = Before(
            held={article_id: row.published for article_id, row in seen.items()},
            dropped=any(row.dropped_at is None and own not in present for own, row in seen.items()),
            resettled=source.settings not in (None, settings),
            read_at=source.gathered_at or source.baselined_at,
        )
        announced = news(decisions, before) - {
            d.article_id for d in decisions if d.content.link in familiar
        }
    places = _places(seen, decisions, now)
    _store(connection, source_id, decisions, places, announced, now)
    _sight(connection, source_id, seen, decisions, places, now, whole=whole)
    _rerank(connection, source_id, places)
    if whole:
        connection.execute(
            update(sources)
            .where(sources.c.id == source_id)
            .values(baselined_at=source.baselined_at or now, settings=settings)
        )
    tally = {"new": 0, "changed": 0, "unchanged": 0}
    for decision in decisions:
        tally[decision.kind] += 1
    return IntakeReport(**tally)


def source_row(connection: Connection, name: str, kind: str) -> Row[Any]:
    """The row of a source, made if there is none yet."""
    query = select(sources).where(sources.c.name == name)
    found = connection.execute(query).first()
    if found is None:
        connection.execute(insert(sources).values(name=name, kind=kind))
        found = connection.execute(query).one()
    elif found.kind != kind:
        connection.execute(update(sources).where(sources.c.id == found.id).values(kind=kind))
    return found


def _known_by_key(
    connection: Connection,
    source_id: int,
    name: str,
    drafts: Sequence[Draft],
    active: Collection[str] | None,
) -> dict[str, list[Known]]:
    """Every article that one of the drafts may be."""
    orphaning = set()
    if active is not None:
        query = select(sources.c.id).where(sources.c.name.not_in([*active, name]))
        orphaning = set(connection.scalars(query))
    keys = {key for draft in drafts for key in identity_keys(name, draft)}
    found: dict[str, list[Known]] = {}
    for chunk in chunked(sorted(keys)):
        query = (
            select(identities.c.key, articles, sightings.c.dropped_at.label("owner_dropped_at"))
            .join(articles, articles.c.id == identities.c.article_id)
            .outerjoin(
                sightings,
                (sightings.c.article_id == articles.c.id)
                & (sightings.c.source_id == articles.c.source_id),
            )
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
            known = Known(
                row.id,
                content,
                owned=row.source_id == source_id,
                withdrawn=row.withdrawn_at is not None,
                orphan=row.source_id in orphaning or row.owner_dropped_at is not None,
            )
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
    announced: Set[str],
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
            "withdrawn_at": None,
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
    stood = {d.article_id: places[d.article_id] for d in fresh}
    changed = [d.article_id for d in edited if d.kind == "changed"]
    most = dict.fromkeys(changed, 0)
    for chunk in chunked(changed):
        query = select(
            articles.c.id, articles.c.most_excerpts, articles.c.ranked_at, articles.c.rank
        ).where(articles.c.id.in_(chunk))
        for row in connection.execute(query):
            most[row.id] = row.most_excerpts
            stood[row.id] = Place(row.ranked_at, row.rank)
        connection.execute(excerpts.delete().where(excerpts.c.article_id.in_(chunk)))
    for article_id in changed:
        connection.execute(
            update(articles)
            .where(articles.c.id == article_id)
            .values(**rows[article_id], most_excerpts=max(most[article_id], len(texts[article_id])))
        )
    tag(
        connection,
        {
            d.article_id: Carrier(
                d.content.tags, stood[d.article_id].ranked_at, stood[d.article_id].rank
            )
            for d in edited
        },
    )
    passages = [
        {"article_id": article_id, "ordinal": n, "text": text, "text_hash": text_hash(text)}
        for article_id, parts in texts.items()
        for n, text in enumerate(parts)
    ]
    if passages:
        connection.execute(insert(excerpts), passages)
    adopted = [d.article_id for d in decisions if d.adopted]
    for chunk in chunked(adopted):
        connection.execute(
            update(articles).where(articles.c.id.in_(chunk)).values(source_id=source_id)
        )
    remembered = [
        {"key": key, "article_id": d.article_id} for d in decisions for key in d.fresh_keys
    ]
    if remembered:
        connection.execute(insert(identities), remembered)
    if edited:
        kinds = {
            d.article_id: "baseline"
            if d.kind == "new" and d.article_id not in announced
            else d.kind
            for d in edited
        }
        connection.execute(
            insert(changes),
            [{"article_id": own, "kind": kind, "at": now} for own, kind in kinds.items()],
        )


def _sight(
    connection: Connection,
    source_id: int,
    seen: Mapping[str, Row[Any]],
    decisions: Sequence[Decision],
    places: Mapping[str, Place],
    now: datetime,
    *,
    whole: bool,
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
        gone = row.dropped_at or (now if whole else None)
        dropped_at = None if article_id in present else gone
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
    move(connection, moved)
