"""Keeping the table of tags true to what articles carry; called where articles are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from retrieval.archive.chunks import chunked
from retrieval.archive.schema import tagged, tags
from retrieval.filter import name_key
from retrieval.identity import digest


@dataclass(frozen=True, slots=True)
class Carrier:
    """An article's tags as they are written, and where it stands in `/latest`."""

    tags: Sequence[str]
    ranked_at: datetime
    rank: int


def tag_key(name: str) -> str:
    """32 hexadecimal digits that all spellings of one tag share."""
    return digest(name_key(name))


def keys_of(names: Iterable[str]) -> dict[str, str]:
    """The keys of an article's tags, each with its first spelling; tags of no words have none."""
    found: dict[str, str] = {}
    for name in names:
        if name_key(name):
            found.setdefault(tag_key(name), name)
    return found


def tag(connection: Connection, carriers: Mapping[str, Carrier]) -> None:
    """Have these articles, by id, carry just these tags; a new tag is spelled as it came first."""
    untag(connection, carriers)
    keys = {own: keys_of(carrier.tags) for own, carrier in carriers.items()}
    names: dict[str, str] = {}
    for of_article in keys.values():
        names = of_article | names
    numbers = _numbers(connection, names)
    fresh = [{"key": key, "name": name} for key, name in names.items() if key not in numbers]
    if fresh:
        connection.execute(insert(tags), fresh)
        numbers |= _numbers(connection, [each["key"] for each in fresh])
    rows = [
        {
            "article_id": own,
            "tag_id": numbers[key],
            "ranked_at": carriers[own].ranked_at,
            "rank": carriers[own].rank,
        }
        for own, of_article in keys.items()
        for key in of_article
    ]
    if rows:
        connection.execute(insert(tagged), rows)


def untag(connection: Connection, article_ids: Iterable[str]) -> None:
    """Have these articles carry no tags, as withdrawn ones do not."""
    for chunk in chunked(article_ids):
        connection.execute(delete(tagged).where(tagged.c.article_id.in_(chunk)))


def move(connection: Connection, places: Sequence[Mapping[str, object]]) -> None:
    """Move articles in the order of `/latest`: rows of `of`, an id, `at`, a moment, and `to`."""
    if places:
        connection.execute(
            update(tagged)
            .where(tagged.c.article_id == bindparam("of"))
            .values(ranked_at=bindparam("at"), rank=bindparam("to")),
            places,
        )


def _numbers(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunked(keys):
        rows = connection.execute(select(tags.c.key, tags.c.id).where(tags.c.key.in_(chunk)))
        found.update((row.key, row.id) for row in rows)
    return found
