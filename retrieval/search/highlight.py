"""The sentence of an excerpt that tells most about a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.excerpts import sentences
from retrieval.identity import columns
from retrieval.index.lexical import WeightedWord
from retrieval.index.tokens import passage_terms
from retrieval.search.fusion import covered
from retrieval.sections import WIDEST_HEADING

#: Columns (a Chinese character takes two). Shorter sentences are taken with the next one: a
#: heading or a numeral alone tells nothing.
_SHORTEST = 24
#: A window of so many words' worth of columns where one sentence is the whole excerpt.
_LONGEST = 240

#: How an excerpt gives its heading: a line that opens it, or a paragraph, and ends without a mark.
_HEADING = re.compile(rf"(?![-|`]|\d+\. )[^\n]{{0,{WIDEST_HEADING}}}[^\n。.!?！？;；,，:：…]\n")
_FENCES = re.compile(r"\A(?:\s*`{3,}[^`\s]*[ \t]*(?:\n|\Z))+|(?:\n`{3,}[ \t]*)+\Z")


def most_telling(excerpt: str, words: Sequence[WeightedWord]) -> str:
    """The sentence that covers most of the question, verbatim; the first telling one if none does.

    Never empty for an excerpt that is not.
    """
    sentences_long_enough = _joined(sentences(excerpt))
    parts = [piece for part in sentences_long_enough for piece in _clauses(part) if piece.strip()]
    best = max(
        range(len(parts)),
        key=lambda n: (round(covered(words, set(passage_terms(parts[n]))), 6), -n),
    )
    return _without_fences(parts[best].strip())


def _without_fences(part: str) -> str:
    """Without the marks of code at either end, if there is anything else."""
    return _FENCES.sub("", part).strip() or part


def _joined(parts: Sequence[str]) -> list[str]:
    """Sentences, those too short to tell anything, headings among them, joined to the next."""
    joined: list[str] = []
    pending = ""
    begins = True  # a paragraph; before it, the excerpt or a blank line
    for part in parts:
        pending += part
        heads = begins and _HEADING.fullmatch(part) is not None
        begins = part.endswith("\n\n")
        if not heads and columns(pending.strip()) >= _SHORTEST:
            joined.append(pending)
            pending = ""
    if pending.strip():
        if joined:
            joined[-1] += pending
        else:
            joined.append(pending)
    return joined


def _clauses(part: str) -> list[str]:
    """A sentence, cut at commas into parts of readable length where it runs on and on."""
    if columns(part) <= _LONGEST:
        return [part]
    clauses: list[str] = []
    current = ""
    for char in part:
        current += char
        if char in ",，、;；:： " and columns(current) >= _LONGEST // 2:
            clauses.append(current)
            current = ""
    if current.strip():
        clauses.append(current)
    return clauses
