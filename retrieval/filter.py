"""Which articles may answer: what a question's filters ask of tags, sources and dates."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from retrieval.article import require_aware

_BETWEEN_WORDS = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must have and must not have; the empty filter lets everything pass.

    An article passes if it carries every one of `tags` and none of `not_tags`, belongs to any one
    of `sources` (an article seldom has two) and to none of `not_sources`, and is dated from `after`
    on and earlier than `before`, both UTC-aware. Names are as they were written: compare them by
    `name_key`.
    """

    tags: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None

    def __post_init__(self) -> None:
        require_aware(self.after, "Filter.after")
        require_aware(self.before, "Filter.before")

    def __bool__(self) -> bool:
        """Whether it asks for anything at all."""
        return self != Filter()


def name_key(name: str) -> str:
    """What spellings of one tag or source share, empty where a name says nothing.

    Width, case and a leading `#` do not matter, and white space, hyphens and underscores are one:
    `#Machine_Learning` is `machine learning`, which needs no quotes when it is typed so.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _BETWEEN_WORDS.sub("-", unicodedata.normalize("NFKC", plain).strip().lstrip("#").strip())
