"""The table of subjects as it is written: `fields.tsv`, and the names that `terms.tsv` adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from retrieval.index.questions import pieces
from retrieval.index.tokens import latin_terms, normalise, runs
from retrieval.search.phrases import folded
from retrieval.search.terms import terms

#: `folded` for names that stand in the tables many times; emptied once they are read.
folded_name = lru_cache(maxsize=None)(folded)


@dataclass(frozen=True, slots=True)
class Row:
    """A subject: its names, the names of each term that belongs to it, what it is a part of."""

    names: list[str]
    terms: list[list[str]]
    broader: list[str]


def all_below(broader: Sequence[Sequence[int]]) -> list[set[int]]:
    """Of each subject all that are a part of it, however far down."""
    found: list[set[int]] = [set() for _ in broader]
    for subject in range(len(broader)):
        todo = list(broader[subject])
        while todo:  # bounded: each is taken once
            above = todo.pop()
            if subject not in found[above]:
                found[above].add(subject)
                todo.extend(broader[above])
    return found


def all_names(names: Sequence[str], synonyms: Mapping[str, Sequence[str]]) -> set[str]:
    """The names, folded, with those in the other language."""
    every = (known for name in names for known in (name, *synonyms.get(folded_name(name), ())))
    return {folded_name(known) for known in every}


def written() -> Iterator[Row]:
    """The rows of the table."""
    text = resources.files(__package__).joinpath("fields.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            names, members, *broader = line.split("\t")
            yield Row(
                _names(names),
                [_names(member) for member in members.split(";")],
                [name for one in broader for name in _names(one.replace(";", "/"))],
            )


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split("/")]


def other_names() -> dict[str, list[str]]:
    """The field's terms by each of their names in either language."""
    known: dict[str, list[str]] = defaultdict(list)
    for chinese, english in terms():
        for name in (chinese, *english):
            known[folded_name(name)].extend((chinese, *english))
    return known


def form_of(name: str) -> frozenset[str]:
    """The terms that a passage with this name has."""
    found: set[str] = set()
    for kind, run in runs(normalise(name)):
        if kind == "cjk":
            found |= pieces(run)
        elif kind == "other":
            found |= set(run)
        else:
            found |= set(latin_terms(run))
    return frozenset(found)
