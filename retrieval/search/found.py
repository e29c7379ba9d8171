"""A candidate with what the archive says of it now, and how it stands beside the others. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from retrieval.archive.articles import Passage
from retrieval.article import Article, Excerpt
from retrieval.excerpts import sentences
from retrieval.index.lexical import WeightedWord, terms_of
from retrieval.index.sketch import checksum
from retrieval.index.tokens import passage_terms
from retrieval.search.answer import Hit
from retrieval.search.confidence import FIELD
from retrieval.search.fusion import Scored, best_first, covered, within
from retrieval.search.phrases import folded, holds
from retrieval.search.question import Question
from retrieval.search.verbatim import Asked, verbatim
from retrieval.search.verbatim import folded as folded_units

#: Share of a question, literally, that says all that was asked.
SAYS_IT = 0.9
#: Characters of an article that count as its opening.
_OPENING = 60
#: Candidates, the best, that are compared with the question word for word.
_COMPARED = 6
#: Openings whose terms are remembered.
_REMEMBERED = 1_000
#: Least share of the best excerpt's coverage that another must have itself to stand beside it.
_ALSO = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate with what the archive says of it."""

    scored: Scored
    passage: Passage
    article: Article
    reranked: float | None = None


def first_sentence(text: str) -> str:
    """What a text begins with, without white space around it; the text where it is nothing else."""
    return next((part for whole in sentences(text) if (part := whole.strip())), text)


def tells_itself(excerpt: Excerpt, words: Sequence[WeightedWord], best: float) -> bool:
    """Whether a passage itself, without its article's title, tells about as much as the best."""
    return covered(words, frozenset(passage_terms(excerpt.text))) >= _ALSO * best


def rivals(literal: float, behind: Sequence[tuple[float, float]]) -> list[float]:
    """Scores of the articles that a hit must stand apart from, best first.

    Where it says all that was asked, so may others: a subject of many articles. They do not speak
    against it, and are left out.
    """
    others = [score for score, said in behind if min(literal, said) < SAYS_IT]
    return sorted(others if literal >= SAYS_IT else others[:FIELD], reverse=True)[:FIELD]


def no_less_sure(hits: Sequence[Hit], threshold: float) -> list[Hit]:
    """Hits in a reranker's order: whatever it puts before a hit is at least as likely an answer."""
    sure = 0.0
    judged: list[Hit] = []
    for hit in reversed(hits):
        if hit.evidence is not None:
            sure = max(sure, hit.evidence.confidence)
            told = replace(hit.evidence, confidence=sure)
            hit = replace(hit, evidence=told, relevant=hit.relevant or sure >= threshold)
        judged.append(hit)
    return judged[::-1]


def as_now(
    scored: Scored,
    excerpt: Excerpt,
    words: Sequence[WeightedWord],
    known: Mapping[str, int],
    chance: float,
) -> Scored:
    """The same, where the text is another than the index knows by its words alone."""
    if checksum(excerpt.text) == known[scored.excerpt_id]:
        return scored
    share = covered(words, frozenset(terms_of(excerpt)))
    return replace(scored, coverage=share, cosine=min(scored.cosine, chance))


def opening_terms(article: Article) -> frozenset[str]:
    """The terms of an article's title and first words."""
    return _distinct_terms(f"{article.title}\n{article.opening[:_OPENING]}")


@lru_cache(maxsize=_REMEMBERED)
def _distinct_terms(text: str) -> frozenset[str]:
    return frozenset(passage_terms(text))


def quotes(question: Question, article: Article, passage: Passage) -> bool:
    """Whether every quoted phrase stands in the passage or its article's title."""
    texts = folded(article.title), folded(passage.excerpt.text)
    return all(any(holds(phrase, text) for text in texts) for phrase in question.phrases)


def excluded(question: Question, article: Article, passage: Passage) -> bool:
    """Whether what must not stand there does, in the passage or its article's title."""
    if not question.excluded:
        return False
    texts = folded(article.title), folded(passage.excerpt.text)
    return any(holds(phrase, text) for phrase in question.excluded for text in texts)


def compared(text: str, words: Sequence[WeightedWord], found: Sequence[Found]) -> list[Found]:
    """The candidates in their order when the best are also compared with the question closely."""
    asked = Asked.of(text, words)
    openings = [opening_terms(one.article) for one in found[:_COMPARED]]
    there = within(words, frozenset().union(*openings))
    closer = [
        replace(
            one,
            scored=replace(
                one.scored,
                verbatim=verbatim(asked, folded_units(one.passage.excerpt.text)),
                opening=covered(there, opening),
            ),
        )
        for one, opening in zip(found, openings, strict=False)
    ]
    by_id = {one.scored.excerpt_id: one for one in [*closer, *found[_COMPARED:]]}
    return [by_id[s.excerpt_id] for s in best_first([o.scored for o in by_id.values()])]
