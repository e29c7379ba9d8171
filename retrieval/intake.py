"""Drafts meet the archive: which are new, which are edits, where each stands. Pure deciders."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from retrieval.article import Draft
from retrieval.identity import fingerprint, folded, is_edit, opening_fingerprint
from retrieval.titles import derive_title


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says, as far as a change of it is an edit."""

    title: str
    link: str | None
    published: datetime | None
    tags: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """An article the archive has already; `owned` if it came from the source now read."""

    id: str
    content: Content
    owned: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one draft."""

    kind: Literal["new", "changed", "unchanged"]
    article_id: str
    content: Content


def identity_keys(text: str) -> tuple[str, str]:
    """The keys by which an article with this text is found: its whole text, its opening."""
    return f"text:{fingerprint(text)}", f"opening:{opening_fingerprint(text)}"


def decide(
    source: str,
    drafts: Sequence[Draft],
    known_by_key: Mapping[str, Sequence[Known]],
    taken_ids: Collection[str],
) -> list[Decision]:
    """Match each draft to at most one known article, each article to at most one draft.

    The same text goes before an edited one, wherever it stands; an article's present text before
    a text it had once.
    """
    matches: dict[int, Known] = {}
    used: set[str] = set()

    def match(position: int, candidates: Iterable[Known]) -> None:
        found = next((known for known in candidates if known.id not in used), None)
        if found is not None:
            matches[position] = found
            used.add(found.id)

    keys = [identity_keys(draft.text) for draft in drafts]
    for position, (text_key, _) in enumerate(keys):
        same = known_by_key.get(text_key, ())
        text = folded(drafts[position].text)
        match(position, (known for known in same if folded(known.content.text) == text))
    for position, (text_key, _) in enumerate(keys):
        if position not in matches:
            match(position, known_by_key.get(text_key, ()))
    for position, (_, opening_key) in enumerate(keys):
        if position not in matches:
            text = drafts[position].text
            alike = [k for k in known_by_key.get(opening_key, ()) if is_edit(k.content.text, text)]
            match(position, sorted(alike, key=lambda k: -len(k.content.text)))

    ids = set(taken_ids)
    decisions = []
    for position, draft in enumerate(drafts):
        decision = _decision(source, draft, matches.get(position), ids)
        ids.add(decision.article_id)
        decisions.append(decision)
    return decisions


def _decision(source: str, draft: Draft, known: Known | None, ids: Collection[str]) -> Decision:
    content = Content(
        title=draft.title or derive_title(draft.text),
        link=draft.link,
        published=draft.published,
        tags=draft.tags,
        text=draft.text,
    )
    if known is None:
        return Decision("new", _new_id(source, draft.text, ids), content)
    if not known.owned:  # another source's article: it says what the article is
        return Decision("unchanged", known.id, known.content)
    content = Content(
        title=content.title,
        link=content.link,
        published=content.published or known.content.published,
        tags=content.tags or known.content.tags,
        text=content.text,
    )
    kind: Literal["changed", "unchanged"] = "unchanged" if content == known.content else "changed"
    return Decision(kind, known.id, content)


def _new_id(source: str, text: str, taken: Collection[str]) -> str:
    """12 hexadecimal digits, the same whenever the same archive is gathered anew."""
    for attempt in range(len(taken) + 1):
        seed = f"{source}\n{fingerprint(text)}\n{attempt}".encode()
        candidate = hashlib.sha256(seed).hexdigest()[:12]
        if candidate not in taken:
            return candidate
    raise AssertionError("unreachable: one more attempt than ids taken")


@dataclass(frozen=True, slots=True)
class Placed:
    """An article of one source as far as its place matters, in order, newest first.

    `baseline` tells that it was there when the source was first gathered: when it was first seen
    then says nothing of its age.
    """

    article_id: str
    published: datetime | None
    first_seen: datetime
    rank: int | None
    baseline: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in `/latest`: by moment, then by rank, both highest first."""

    ranked_at: datetime
    rank: int


def rank(articles: Sequence[Placed]) -> dict[str, Place]:
    """A place for each article, such that sorting by place gives their order back.

    Dates that the order contradicts win over it. A date in the future counts as the moment the
    article was first seen, or that of the newest below it if that is later. An undated article
    takes the moment of the next older dated one, or, if it came later than the first gather, the
    moment it came, within its neighbours' moments.
    """
    moments: list[datetime | None] = []
    floors: list[datetime | None] = []
    floor: datetime | None = None
    for article in reversed(articles):
        moment = article.published
        if moment is not None and moment > article.first_seen:
            moment = max(article.first_seen, floor) if floor else article.first_seen
        moments.append(moment)
        floors.append(floor)
        floor = moment or floor
    moments.reverse()
    floors.reverse()

    ranked_at: list[datetime] = []
    above: datetime | None = None
    for article, moment, below in zip(articles, moments, floors, strict=True):
        if moment is None:
            moment = below if article.baseline and below else article.first_seen
            moment = max(moment, below) if below else moment
            moment = min(moment, above) if above else moment
        ranked_at.append(moment)
        above = moment

    places: dict[str, Place] = {}
    last = 0
    for article, moment in zip(reversed(articles), reversed(ranked_at), strict=True):
        last = article.rank if article.rank is not None and article.rank > last else last + 1
        places[article.article_id] = Place(moment, last)
    return places
