"""What subjects comprise, read from the tables. Pure.

A passage about databases need not say `database`: it speaks of indexes, of PostgreSQL, of isolation
levels. `fields.tsv` lists for some eight hundred subjects what belongs to them, and what they
are parts of; `terms.tsv` adds the names in the other language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from retrieval.index.questions import Form, Origin, Word
from retrieval.search.naming import CHINESE, LATIN, Fields, key_of
from retrieval.search.subjects import (
    all_below,
    all_names,
    folded_name,
    form_of,
    other_names,
    written,
)

#: What a term tells of a subject that it belongs to by way of another one.
_BY_ANOTHER = 0.25


@cache  # it is the same for all
def fields() -> Fields:
    """The subjects, read once."""
    synonyms = other_names()
    rows = list(written())
    places: dict[frozenset[str], int] = {}
    words: list[Word] = []

    def place(names: Iterable[str]) -> int:
        known = frozenset(
            name for one in names for name in (one, *synonyms.get(folded_name(one), ()))
        )
        forms = dict.fromkeys(form for name in sorted(known) if (form := form_of(name)))
        if known not in places:
            places[known] = len(words)
            # In brackets it is no word of any language: it is as rare as its forms are.
            words.append(Word(f"[{min(known)}]", tuple(Form(f, Origin.DICTIONARY) for f in forms)))
        return places[known]

    own = [{place(row.names), *(place(group) for group in row.terms)} for row in rows]
    bearing: dict[str, list[int]] = defaultdict(list)
    written_by: dict[str, list[int]] = defaultdict(list)
    for subject, row in enumerate(rows):
        for known in sorted(all_names(row.names, synonyms)):
            bearing[known].append(subject)
        for name in row.names:
            written_by[folded_name(name)].append(subject)
    # SSL is self-supervised learning in the other table, too: who is called so outright is meant.
    bearing.update({name: list(dict.fromkeys(own)) for name, own in written_by.items()})
    credits: dict[tuple[int, int], float] = {}
    listed: list[set[int]] = [set() for _ in rows]
    for subject, row in enumerate(rows):
        for name in (name for group in row.terms for name in group):
            for other in bearing.get(folded_name(name), ()):
                credits.update(((subject, word), _BY_ANOTHER) for word in own[other])
                listed[subject] |= {other} - {subject}
    owners: list[list[int]] = [[] for _ in words]
    for subject, members in enumerate(own):
        credits.update(((subject, word), 1.0) for word in members)
        for word in members:
            owners[word].append(subject)
    firsts = {row.names[0]: subject for subject, row in enumerate(rows)}
    broader = [tuple(firsts[name] for name in row.broader) for row in rows]
    below = all_below(broader)
    # Two that each list the other are neither's part.
    parts = [
        {other for other in listed[subject] if subject not in listed[other]}
        | {len(rows) + word for word in own[subject]}
        | below[subject]
        for subject in range(len(rows))
    ]
    # A name that the subject lists too is that of a part of it: who asks for one product does not
    # ask for all of its kind.
    for subject, row in enumerate(rows):
        terms_of = {folded_name(name) for group in row.terms for name in group}
        narrower = [name for name in row.names[1:] if folded_name(name) in terms_of]
        for known in all_names(narrower, synonyms) - all_names(row.names[:1], synonyms):
            if subject in bearing[known]:
                bearing[known].remove(subject)
    bearing = defaultdict(list, {name: own for name, own in bearing.items() if own})
    # A term is no subject, but what it belongs to tells of it; one that belongs to none has but a
    # name, by which no shorter one is meant.
    subjects = frozenset(bearing)
    for forms_of, number in places.items():
        for known in sorted({folded_name(name) for name in forms_of} - subjects):
            bearing[known].append(len(rows) + number)
    for known in synonyms:
        bearing.setdefault(known, [])
    folded_name.cache_clear()
    chinese = [name for name in bearing if CHINESE.search(name)]
    return Fields(
        subjects=tuple(row.names[0] for row in rows),
        words=tuple(words),
        credits=credits,
        owners=tuple(tuple(one) for one in owners),
        parts=tuple(frozenset(one) for one in parts),
        broader=tuple(broader),
        below=tuple(frozenset(one) for one in below),
        upwards=tuple(sorted(range(len(rows)), key=lambda subject: len(below[subject]))),
        _chinese={name: tuple(bearing[name]) for name in chinese},
        _longest=max(map(len, chinese)),
        _latin=_by_terms(
            {name: own for name, own in bearing.items() if not CHINESE.search(name)}, len(rows)
        ),
    )


def _by_terms(
    bearing: Mapping[str, list[int]], subjects: int
) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Columns by the terms of their Latin names; those of subjects alone where there are any."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for name, columns in bearing.items():
        found[key_of(LATIN.findall(name))].extend(columns)
    return {
        name: tuple(dict.fromkeys([c for c in columns if c < subjects] or columns))
        for name, columns in found.items()
    }
