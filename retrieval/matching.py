"""Which draft is which known article: the rules of `retrieval.identity`, carried out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta

from retrieval.addresses import address_key
from retrieval.article import Draft
from retrieval.identity import alike, columns, digest, fingerprint, folded, is_edit, likeness, said
from retrieval.identity import opening_fingerprint as opening

#: Dates of one article that two places tell lie no further apart: a time zone forgotten, and, where
#: one is a date without a time of day, the day besides.
SAME_MOMENT = timedelta(hours=14)
SAME_DAY = timedelta(hours=38)
#: In columns. A shorter text may be anybody's ("Read more"), a shorter title too.
TELLING_TEXT = 200
TELLING_TITLE = 8
#: Common pieces (Jaccard) of a text and its edit where nothing else names the article.
MOSTLY_ALIKE = 0.6


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
    """An article the archive has already; `owned` if it came from the source now read.

    `orphan` if that one holds it no more, or is gathered no more: removed from the settings, or
    renamed.
    """

    id: str
    content: Content
    owned: bool
    withdrawn: bool = False
    orphan: bool = False


KnownByKey = Mapping[str, Sequence[Known]]


@dataclass(frozen=True, slots=True)
class Keys:
    """What an article is looked up by; None where it tells nothing of that kind."""

    link: str | None
    guid: str | None
    title: str | None
    text: str
    opening: str

    def __iter__(self) -> Iterator[str]:
        return (key for field in fields(self) if (key := getattr(self, field.name)) is not None)


def identity_keys(source: str, draft: Draft) -> Keys:
    """The keys of a draft; GUIDs and titles count within their source alone."""
    address = None if draft.link is None else address_key(draft.link)

    def within_source(kind: str, what: str | None) -> str | None:
        return f"{kind}:{digest(source + chr(10) + what)}" if what else None

    return Keys(
        link=address and f"link:{address}",
        guid=within_source("guid", draft.guid),
        title=within_source("title", draft.title and folded(draft.title)),
        text=f"text:{fingerprint(draft.text)}",
        opening=f"opening:{opening(draft.text)}",
    )


def match(
    drafts: Sequence[Draft], keys: Sequence[Keys], known_by_key: KnownByKey
) -> dict[int, Known]:
    """The known article of each draft that has one, by the draft's position.

    Stronger rules go first for all drafts, so that a weak one finds only what no other claimed.
    """
    how_many = Counter(key for own in keys for key in own)
    matches: dict[int, Known] = {}
    used: set[str] = set()
    for rule in (_by_link, _by_guid, _by_text, _by_former_text, _by_title, _by_opening):
        for position, draft in enumerate(drafts):
            if position in matches:
                continue
            case = _Case(draft, keys[position], known_by_key, how_many)
            found = next((known for known in rule(case) if known.id not in used), None)
            if found is not None:
                matches[position] = found
                used.add(found.id)
    return matches


@dataclass(frozen=True, slots=True)
class _Case:
    """One draft before the rules. What agrees is True, what differs False, else None."""

    draft: Draft
    keys: Keys
    known_by_key: KnownByKey
    how_many: Mapping[str, int]

    def known_by(self, key: str | None) -> Sequence[Known]:
        return self.known_by_key.get(key, ()) if key is not None else ()

    def shared(self, key: str) -> bool:
        """Whether other drafts of this reading have the key too."""
        return self.how_many[key] > 1

    def link(self, known: Known) -> bool | None:
        theirs = None if known.content.link is None else address_key(known.content.link)
        return None if None in (self.keys.link, theirs) else self.keys.link == f"link:{theirs}"

    def guid(self, known: Known) -> bool | None:
        if self.keys.guid is None:
            return None
        return any(known.id == other.id for other in self.known_by(self.keys.guid))

    def title(self, known: Known) -> bool | None:
        if self.draft.title is None:
            return None
        return folded(self.draft.title) == folded(known.content.title)

    def date(self, known: Known) -> bool | None:
        mine, theirs = self.draft.published, known.content.published
        if mine is None or theirs is None:
            return None
        whole_days = any(moment.time() == time(0) for moment in (mine, theirs))
        return abs(mine - theirs) <= (SAME_DAY if whole_days else SAME_MOMENT)

    def text(self, known: Known) -> bool:
        return alike(self.draft.text, known.content.text)


def _by_link(case: _Case) -> Iterable[Known]:
    """Rule 1."""
    key = case.keys.link
    if key is None or case.shared(key):
        return ()
    found = case.known_by(key)
    if len(found) > 1:  # an address that several articles had proves nothing alone
        return (k for k in found if case.guid(k) or case.title(k) or case.text(k))
    return (
        k
        for k in found
        if case.date(k) is not False or case.guid(k) or case.title(k) or case.text(k)
    )


def _by_guid(case: _Case) -> Iterable[Known]:
    """Rule 2."""
    key = case.keys.guid
    if key is None or case.shared(key):
        return ()
    found = case.known_by(key)
    if len(found) > 1:
        return ()
    return (
        k
        for k in found
        if not _strangers(case.link(k), case.title(k), case.date(k)) or case.text(k)
    )


def _strangers(*agreements: bool | None) -> bool:
    """Whether at least two things are told on both sides, and every one of them is another."""
    told = [each for each in agreements if each is not None]
    return len(told) > 1 and not any(told)


def _by_text(case: _Case) -> Iterable[Known]:
    """Rule 3."""
    text = said(case.draft.text)
    return (k for k in _same_text(case) if said(k.content.text) == text)


def _by_former_text(case: _Case) -> Iterable[Known]:
    """Rule 3, by a text that the article had once."""
    return _same_text(case)


def _same_text(case: _Case) -> Iterator[Known]:
    shared = case.shared(case.keys.text)
    telling = columns(case.draft.text[: TELLING_TEXT + 1]) >= TELLING_TEXT
    for known in case.known_by(case.keys.text):
        link, title = case.link(known), case.title(known)
        # A mirror has addresses and dates of its own.
        mirrored = title and telling and not known.owned
        if mirrored or not (_elsewhere(case, known) or (shared and False in (link, title))):
            yield known


def _by_title(case: _Case) -> Iterable[Known]:
    """Rule 4."""
    key = case.keys.title
    if key is None or case.shared(key):
        return ()
    found = case.known_by(key)
    telling = columns(case.draft.title or "") >= TELLING_TITLE and len(found) == 1
    return (k for k in found if case.title(k) and _titled_alike(case, k, telling))


def _titled_alike(case: _Case, known: Known, telling: bool) -> bool:
    date = case.date(known)
    undated = date is None and telling and case.link(known) is not False
    return bool(date) or undated or case.text(known)


def _by_opening(case: _Case) -> Iterable[Known]:
    """Rule 5; the longest text first."""
    found = [
        k for k in case.known_by(case.keys.opening) if _edited(case, k) and not _elsewhere(case, k)
    ]
    return sorted(found, key=lambda k: -len(k.content.text))


def _edited(case: _Case, known: Known) -> bool:
    """An edit in the middle is told from a common opening by the date and by most of the text."""
    mine, theirs = case.draft.text, known.content.text
    within = known.owned and case.date(known) is True
    return is_edit(theirs, mine) or (within and likeness(theirs, mine) >= MOSTLY_ALIKE)


def _elsewhere(case: _Case, known: Known) -> bool:
    """Whether what is told besides the text speaks for another article."""
    link, guid, title, date = (
        case.link(known),
        case.guid(known),
        case.title(known),
        case.date(known),
    )
    if link or guid:
        return False
    return (link is False and date is False) or _strangers(link, guid, title, date)
