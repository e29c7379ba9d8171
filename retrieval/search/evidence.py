"""Putting a hit's evidence together, for whoever asks why it stands where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.index.lexical import WeightedWord
from retrieval.index.questions import Origin
from retrieval.search.answer import CoveredWord, Evidence
from retrieval.search.candidates import Candidates
from retrieval.search.confidence import Signals
from retrieval.search.fusion import Coverage, Scored


def evidence_of(
    scored: Scored,
    language: float,
    found: Candidates,
    coverage: Coverage,
    words: Sequence[WeightedWord],
    confidence: float,
    signals: Signals,
    reranked: float | None,
) -> Evidence:
    """All that is known of one candidate."""
    return Evidence(
        cosine=scored.cosine,
        language=language,
        coverage=scored.coverage,
        verbatim=scored.verbatim,
        opening=scored.opening,
        confidence=confidence,
        signals=signals,
        dense_rank=found.dense.get(scored.excerpt_id),
        lexical_rank=found.lexical.get(scored.excerpt_id),
        words=tuple(_covered(words, coverage, scored.excerpt_id)),
        reranked=reranked,
    )


def _covered(
    words: Sequence[WeightedWord], coverage: Coverage, excerpt_id: str
) -> list[CoveredWord]:
    total = sum(word.word.share * word.weight for word in words) or 1.0
    told = []
    for word, valued in zip(words, coverage.forms_in(excerpt_id), strict=True):
        weight = word.word.share * word.weight / total
        if valued is None or not word.weight:
            told.append(CoveredWord(word.word.text, weight, 0.0))
            continue
        form = valued.form
        told.append(
            CoveredWord(
                word.word.text,
                weight,
                word.word.share * min(valued.value, word.weight) / total,
                word.word.text
                if form.origin is Origin.ITSELF
                else form.text or " ".join(sorted(form.terms)),
                form.origin,
            )
        )
    return told
