"""Drafts meet the archive: which are new, which are edits, where each stands. Pure deciders."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Literal

from retrieval.article import Draft
from retrieval.identity import alike, fingerprint, folded, said
from retrieval.matching import SAME_DAY, Content, Keys, Known, KnownByKey, identity_keys, match
from retrieval.titles import cut_at_word, derive_title

#: NUL, which PostgreSQL refuses, and halves of surrogate pairs, which no encoding has.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: The share of a text that is as good as the whole, and how many times an excerpt is much more.
_AS_GOOD, _MUCH_MORE = 0.8, 1.5
#: Those and the marks that turn the direction of whatever is shown after them.
_UNREADABLE = re.compile("[\x00\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
#: In columns: four lines on a phone; and what is looked at of a longer one, in characters.
WIDEST_TITLE, _LONGEST_LINE = 300, 2_000
#: Drafts of one name that a further one is compared with: a source that gives all of them one
#: name must not make this quadratic.
_LOOKED_BACK = 20


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one draft; `fresh_keys` are those the archive does not know it by yet.

    `adopted` where the article passes from another source to this one.
    """

    kind: Literal["new", "changed", "unchanged"]
    article_id: str
    content: Content
    fresh_keys: tuple[str, ...] = ()
    adopted: bool = False


def storable(draft: Draft) -> Draft | None:
    """The draft without the characters that no database takes; None where no text is left.

    A title is one line of at most `WIDEST_TITLE` columns that reads in one direction.
    """
    text = _UNSTORABLE.sub("", draft.text)
    if not text.strip():
        return None
    return replace(
        draft,
        text=text,
        title=draft.title and (_line(draft.title) or None),
        link=draft.link and _UNSTORABLE.sub("", draft.link),
        guid=draft.guid and _UNSTORABLE.sub("", draft.guid),
        tags=tuple(filter(None, map(_line, draft.tags))),
    )


def _line(text: str) -> str:
    return cut_at_word(" ".join(_UNREADABLE.sub("", text[:_LONGEST_LINE]).split()), WIDEST_TITLE)


def distinct(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts without those that say again what another one said, in their order.

    Again is under the same address, GUID and title, with much the same text. What has none of
    these is left as the source lists it.
    """
    kept: list[Draft] = []
    named_alike: dict[tuple[str | None, ...], list[Draft]] = {}
    for draft in drafts:
        name = (draft.link, draft.guid, draft.title and folded(draft.title))
        others = named_alike.setdefault(name, []) if any(name) else []
        if not any(alike(draft.text, other.text) for other in others[-_LOOKED_BACK:]):
            others.append(draft)
            kept.append(draft)
    return kept


def decide(
    source: str,
    drafts: Sequence[Draft],
    known_by_key: KnownByKey,
    taken_ids: Collection[str],
) -> list[Decision]:
    """Match each draft to at most one known article, each article to at most one draft."""
    keys = [identity_keys(source, draft) for draft in drafts]
    matches = match(drafts, keys, known_by_key)
    ids = set(taken_ids)
    decisions = []
    for position, draft in enumerate(drafts):
        known = matches.get(position)
        decision = _decision(source, draft, known, ids, _fresh(keys[position], known, known_by_key))
        ids.add(decision.article_id)
        decisions.append(decision)
    return decisions


def _fresh(keys: Keys, known: Known | None, known_by_key: KnownByKey) -> tuple[str, ...]:
    if known is None:
        return tuple(keys)
    return tuple(
        key for key in keys if not any(known.id == other.id for other in known_by_key.get(key, ()))
    )


def _decision(
    source: str,
    draft: Draft,
    known: Known | None,
    ids: Collection[str],
    fresh_keys: tuple[str, ...],
) -> Decision:
    content = Content(
        title=draft.title or derive_title(draft.text),
        link=draft.link,
        published=draft.published,
        tags=draft.tags,
        text=draft.text,
    )
    if known is None:
        return Decision("new", _new_id(source, draft, ids), content, fresh_keys)
    adopted = not known.owned and _takes_over(draft, known)
    if known.owned or adopted:
        content = Content(
            title=content.title,
            link=content.link,
            published=content.published or known.content.published,
            tags=content.tags or known.content.tags,
            text=content.text,
        )
    else:  # another source's article: that one says what the article is
        content = known.content
    changed = content != known.content or known.withdrawn
    kind: Literal["changed", "unchanged"] = "changed" if changed else "unchanged"
    return Decision(kind, known.id, content, fresh_keys, adopted)


def _takes_over(draft: Draft, known: Known) -> bool:
    """Whether this source is to tell from now on what another source's article says.

    It is where that one holds it no more, unless it would cut the whole text to an excerpt; and
    where it tells much more than that one's excerpt. Neither can go back and forth.
    """
    mine, theirs = len(said(draft.text)), len(said(known.content.text))
    if known.orphan:
        return mine >= _AS_GOOD * theirs
    return mine >= _MUCH_MORE * theirs


def _new_id(source: str, draft: Draft, taken: Collection[str]) -> str:
    """12 hexadecimal digits, the same whenever the same archive is gathered anew."""
    for attempt in range(len(taken) + 1):
        seed = f"{source}\n{fingerprint(draft.text)}\n{attempt}".encode()
        candidate = hashlib.sha256(seed).hexdigest()[:12]
        if candidate not in taken:
            return candidate
    raise AssertionError("unreachable: one more attempt than ids taken")


@dataclass(frozen=True, slots=True)
class Before:
    """What a source had held when it was read again: article ids to their dates, dropped ones too.

    `dropped` tells whether it holds one less now, `resettled` whether its settings changed since
    it was read last, at `read_at`.
    """

    held: Mapping[str, datetime | None]
    dropped: bool
    resettled: bool
    read_at: datetime


def news(decisions: Sequence[Decision], before: Before) -> set[str]:
    """Which new articles are news; the others were there before, unseen.

    A source shows a window: where something above vanished, or more pages are read, older articles
    come into sight at its end. What stands above all that the source held before is news. Of the
    rest no news is what is older than all that it ever held, and what stands at the end, if it is
    older than all of them that are listed or, undated, if something vanished. After a change of
    settings only what stands above and is dated since the last reading is news.
    """
    own = [d for d in decisions if d.kind == "new" or d.article_id in before.held]
    top = list(takewhile(lambda d: d.kind == "new", own))
    if before.resettled:
        since = before.read_at - SAME_DAY
        return {
            d.article_id
            for d in top
            if d.content.published is not None and d.content.published > since
        }
    above = {d.article_id for d in top} if len(top) < len(own) else set()
    ever = min(filter(None, before.held.values()), default=None)
    known = [d.content.published for d in own if d.kind != "new" and d.content.published]
    oldest = min(known, default=None)
    tail = {d.article_id for d in takewhile(lambda d: d.kind == "new", reversed(own))}
    if len(tail) == len(own):
        tail = set()

    def surfaced(decision: Decision) -> bool:
        if decision.article_id in above:
            return False
        published = decision.content.published
        if published is not None and ever is not None and published < ever:
            return True
        if decision.article_id not in tail:
            return False
        if published is None or oldest is None:
            return before.dropped
        return published < oldest

    return {d.article_id for d in own if d.kind == "new" and not surfaced(d)}


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
