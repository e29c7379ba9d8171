"""The values that everything else speaks of: drafts, articles, excerpts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


def require_aware(moment: datetime | None, name: str) -> None:
    """Refuse a naive datetime where it enters, long before it is compared with an aware one."""
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{name} must carry its time zone, got {moment.isoformat()}")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a source's reader parsed it, before its identity is decided.

    `text` is plain text in which headings are Markdown's `#` lines, code stands between ``` fences
    and formulas are TeX between dollars; it is empty where the source gave a link alone, as a
    sitemap does. `guid` is what the source itself calls the article, `updated` when it says that
    the article last changed. Whatever the source did not tell is None.
    """

    text: str = ""
    title: str | None = None
    link: str | None = None
    published: datetime | None = None
    tags: tuple[str, ...] = ()
    guid: str | None = None
    updated: datetime | None = None

    def __post_init__(self) -> None:
        require_aware(self.published, "Draft.published")
        require_aware(self.updated, "Draft.updated")
        if not self.text.strip() and not self.link:
            raise ValueError("a draft needs text or a link")


@dataclass(frozen=True, slots=True)
class Article:
    """One post in the archive.

    `id` never changes. `opening` is the text of the first excerpt, as stored. `published` is
    UTC-aware, or None where no source told.
    """

    id: str
    title: str
    link: str | None
    source: str
    published: datetime | None
    tags: tuple[str, ...]
    opening: str

    def __post_init__(self) -> None:
        require_aware(self.published, "Article.published")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage of an article: the unit that is embedded, found and quoted.

    `id` is `<article id>:<ordinal>`, ordinals counted from 0 in reading order; `title` is its
    article's, which is found by too.
    """

    article_id: str
    ordinal: int
    text: str
    title: str = ""

    @property
    def id(self) -> str:
        return f"{self.article_id}:{self.ordinal}"
