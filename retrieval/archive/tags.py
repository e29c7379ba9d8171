"""Tags: how many articles carry each, and which one somebody means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import func, select

from retrieval.archive.connect import Database
from retrieval.archive.schema import tagged, tags
from retrieval.archive.tagging import tag_key
from retrieval.filter import name_key

#: Tags, the most frequent, that a name is compared with letter by letter.
_COMPARED = 2_000
#: Names are alike from here on (Ratcliff and Obershelp's ratio).
_ALIKE = 0.6
_DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that some articles carry. `key` is `tagging.tag_key`'s."""

    key: str
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class TagPage:
    """Some of the tags, the most frequent first, and how many there are."""

    tags: Sequence[Tag]
    total: int


class TagStore:
    """Reads tags. Every method raises `ArchiveError` and is thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def most_frequent(self, limit: int, offset: int = 0) -> TagPage:
        """Tags that articles carry, the most frequent first, those of equal number by name."""
        page = _COUNTED.order_by(_COUNTS.c.articles.desc(), tags.c.name, tags.c.key)
        with self._database.read() as connection:
            total = connection.scalar(select(func.count()).select_from(_COUNTS))
            rows = connection.execute(page.limit(limit).offset(offset))
            return TagPage([_tag(row) for row in rows], total or 0)

    def named(self, name: str) -> Tag | None:
        """The tag of this name, however it is spelled."""
        with self._database.read() as connection:
            row = connection.execute(_ONE.where(tags.c.key == tag_key(name))).first()
            return _tag(row) if row is not None and row.articles else None

    def of_key(self, beginning: str) -> Tag | None:
        """The tag whose key begins so; None where there is none, or more than one."""
        if not beginning or not _DIGITS.issuperset(beginning):
            return None
        between = tags.c.key.between(beginning, beginning + "g")
        with self._database.read() as connection:
            rows = connection.execute(_ONE.where(between).limit(2)).all()
            return _tag(rows[0]) if len(rows) == 1 and rows[0].articles else None

    def near(self, name: str, limit: int) -> list[Tag]:
        """The tags whose names come nearest to one that no tag has, nearest first."""
        asked = name_key(name)
        if not asked:
            return []
        near = []
        for tag in self.most_frequent(_COMPARED).tags:
            likeness = _likeness(asked, name_key(tag.name))
            if likeness >= _ALIKE:
                near.append((likeness, tag))
        # Sorting is stable: of equal ones the more frequent comes first.
        return [tag for _, tag in sorted(near, key=lambda each: -each[0])[:limit]]


def _likeness(asked: str, name: str) -> float:
    """How much two keys have in common, 0 to 1; one that is a part of the other is near."""
    matcher = SequenceMatcher(None, asked, name, autojunk=False)
    part = len(min(asked, name, key=len)) > 1 and (asked in name or name in asked)
    # Upper bounds first: they cost next to nothing.
    if not part and (matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE):
        return 0.0
    ratio = matcher.ratio()
    return max(ratio, _ALIKE) if part else ratio


#: Counted before they are named: that takes a tenth of the time.
_COUNTS = (
    select(tagged.c.tag_id, func.count().label("articles")).group_by(tagged.c.tag_id).subquery()
)
_COUNTED = select(tags.c.key, tags.c.name, _COUNTS.c.articles).join(
    _COUNTS, _COUNTS.c.tag_id == tags.c.id
)
_CARRIERS = select(func.count()).where(tagged.c.tag_id == tags.c.id).scalar_subquery()
_ONE = select(tags.c.key, tags.c.name, _CARRIERS.label("articles"))


def _tag(row: Any) -> Tag:
    return Tag(row.key, row.name, row.articles)
