"""Why a hit stands where it stands: evidence -> lines for a person, fields for a program. Pure.

Evidence names Latin words as the index has them, their endings cut off. Here they are spelled again
as question and passage spell them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.output import answer_fields, padded
from retrieval.identity import columns
from retrieval.index.questions import Origin
from retrieval.index.tokens import LONGEST_CHAIN, latin_words, normalise, parts_of, runs, term_of
from retrieval.search.answer import Answer, CoveredWord, Evidence, Hit

#: Words of a question that a person is shown, the heaviest; --json has all.
_SHOWN_WORDS = 24
#: Stands behind a word of which the index's form is all that is known.
_AS_INDEXED = "*"

_SIGNALS = {
    "lead": "of its score above the next article's",
    "margin": "above the fourth article's behind it",
    "above": "of its cosine above what chance gives this question",
    "told": "rare words of the question covered, weighed by how rare",
    "missing": "of the question's words, weighed so, stand nowhere in the archive",
    "size": "the natural logarithm of the archive's passages",
}
_HOW = {
    Origin.ITSELF: "itself",
    Origin.BEGINNING: "beginning of",
    Origin.SPELLING: "spelling of",
    Origin.REGION: "elsewhere called",
    Origin.DICTIONARY: "dictionary:",
}


def explained_fields(answer: Answer) -> dict[str, Any]:
    """An answer as `ask --json --explain` gives it: each hit with its `evidence`."""
    fields = answer_fields(answer)
    for hit, told in zip(answer.hits, fields["hits"], strict=True):
        told["evidence"] = _fields(answer.question, hit)
    return fields


def explanation(question: str, hit: Hit) -> list[str]:
    """A hit's evidence as a terminal shows it: what it adds up to, then word for word."""
    told = hit.evidence
    if told is None:
        return ["nothing was asked but filters, which it passes"]
    return [*_aligned(_facts(hit, told)), "", *_table(question, hit, told)]


def _facts(hit: Hit, told: Evidence) -> list[Sequence[str]]:
    language = f"; {told.language:+.3f} for its language is left out" if told.language else ""
    facts: list[Sequence[str]] = [
        ("confidence", f"{told.confidence:.3f}", "an answer" if hit.relevant else "not an answer"),
        ("score", f"{hit.score:.3f}", "what the next four give, each by its weight"),
        ("cosine", f"{told.cosine:.3f}", f"{_place(told.dense_rank)} by meaning{language}"),
        ("coverage", f"{told.coverage:.3f}", f"{_place(told.lexical_rank)} by words"),
        ("verbatim", f"{told.verbatim:.3f}", "of the question stands there word for word"),
        ("opening", f"{told.opening:.3f}", "of it stands in the title and the first words"),
    ]
    if told.reranked is not None:
        facts.append(("reranker", f"{told.reranked:.3f}", "has the last word on the order"))
    facts.extend(
        (name, f"{value:.3f}", _SIGNALS.get(name, "")) for name, value in _signals(told).items()
    )
    return facts


def _place(rank: int | None) -> str:
    return "not put forward" if rank is None else f"place {rank}"


def _table(question: str, hit: Hit, told: Evidence) -> list[str]:
    if not told.words:
        return ["the question has no words to look for"]
    shown = sorted(told.words, key=lambda word: -word.weight)[:_SHOWN_WORDS]
    asked, written = _written(question), _written(f"{hit.article.title}\n{hit.excerpt}")
    rows: list[Sequence[str]] = [("word", "share", "covered", "in the passage")]
    for word in told.words:
        if word in shown:
            held = f"{word.covered:.1%}" if word.origin is not None else "-"
            text = _spelled(word.text, asked, _AS_INDEXED)
            rows.append((text, f"{word.weight:.1%}", held, _how(word, text, written)))
    lines = _aligned(rows)
    if rest := len(told.words) - len(shown):
        lines.append(f"and {rest} more of less weight")
    if any(_AS_INDEXED in line for line in lines):
        lines.append(f"{_AS_INDEXED} as the index has it, its ending cut off")
    return lines


def _how(word: CoveredWord, shown: str, written: Mapping[str, str]) -> str:
    if word.origin is None or word.form is None:
        return "-" if word.weight else "- (tells nothing in this archive)"
    form = _spelled(word.form, written, _AS_INDEXED)
    if word.origin is Origin.ITSELF:
        same = form.removesuffix(_AS_INDEXED).casefold() == shown.casefold()
        return _HOW[word.origin] if same or form.endswith(_AS_INDEXED) else f"itself: {form}"
    return f"{_HOW[word.origin]} {form}"


def _fields(question: str, hit: Hit) -> dict[str, Any] | None:
    told = hit.evidence
    if told is None:
        return None
    asked, written = _written(question), _written(f"{hit.article.title}\n{hit.excerpt}")
    return {
        "confidence": round(told.confidence, 4),
        "relevant": hit.relevant,
        "cosine": round(told.cosine, 4),
        "language": round(told.language, 4),
        "dense_rank": told.dense_rank,
        "coverage": round(told.coverage, 4),
        "lexical_rank": told.lexical_rank,
        "verbatim": round(told.verbatim, 4),
        "opening": round(told.opening, 4),
        "reranked": None if told.reranked is None else round(told.reranked, 4),
        "signals": {name: round(value, 4) for name, value in _signals(told).items()},
        "words": [
            {
                "word": _spelled(word.text, asked),
                "weight": round(word.weight, 4),
                "covered": round(word.covered, 4),
                "form": None if word.form is None else _spelled(word.form, written),
                "origin": None if word.origin is None else word.origin.value,
            }
            for word in told.words
        ],
    }


def _signals(told: Evidence) -> dict[str, float]:
    return asdict(told.signals)


def _written(text: str) -> dict[str, str]:
    """How a text writes what the index has as one term: a word, or a name of several."""
    written: dict[str, str] = {}
    for kind, run in runs(normalise(text)):
        if kind != "latin":
            continue
        words, joints = latin_words(run)
        for word in words:
            written.setdefault(term_of(word), word)
        for first, word in enumerate(words):
            for part in parts_of(word):
                written.setdefault(part, word)
            name, plain = word, word
            for last in range(first + 1, min(len(words), first + LONGEST_CHAIN)):
                name, plain = name + joints[last - 1] + words[last], plain + words[last]
                written.setdefault(term_of(plain), name)
    return written


def _spelled(terms: str, written: Mapping[str, str], mark: str = "") -> str:
    """Terms with spaces between them, each as it is written, or marked where nothing tells how."""
    return " ".join(
        written.get(term, term + mark if term.isascii() and term.isalpha() else term)
        for term in terms.split(" ")
    )


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as columns: the first and the last to the left, those between, figures, to the right."""
    widths = [max(columns(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for first, *figures, last in rows:
        cells = [padded(first, widths[0])]
        for figure, width in zip(figures, widths[1:], strict=False):
            cells.append(" " * (width - columns(figure)) + figure)
        lines.append("  ".join([*cells, last]).rstrip())
    return lines
