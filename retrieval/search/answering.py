"""A question's way: words and vector -> candidates -> exact score -> confidence -> answer."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

from retrieval.archive.opening import Archive
from retrieval.embedding import Embedder
from retrieval.errors import IndexDamaged, RerankingError
from retrieval.index import commonness
from retrieval.index.following import Follower, OpenIndex
from retrieval.index.lexical import WeightedWord, sketches_of
from retrieval.index.tokens import may_be_traditional
from retrieval.reranking import Reranker
from retrieval.search import taiwan
from retrieval.search.answer import Answer, Evidence, Hit, Seconds
from retrieval.search.candidates import (
    Candidates,
    article_of,
    candidates,
    filtered,
    nearest,
    quoting,
)
from retrieval.search.confidence import FIELD, Judge, calibration_of
from retrieval.search.dictionary import Dictionary
from retrieval.search.evidence import evidence_of
from retrieval.search.found import (
    SAYS_IT,
    Found,
    as_now,
    compared,
    excluded,
    first_sentence,
    no_less_sure,
    quotes,
    rivals,
    tells_itself,
)
from retrieval.search.fusion import Coverage, Scored, score
from retrieval.search.highlight import most_telling
from retrieval.search.question import Question, parse
from retrieval.search.remembered import QueryVectors, Vector
from retrieval.search.taiwan import Reading
from retrieval.search.words import reading_of, words_of

logger = logging.getLogger(__name__)

#: Characters of a question that are looked at: about as many tokens as the model takes at once.
LONGEST_QUESTION = 800
#: Questions whose vectors are remembered: 1.5 MB.
_REMEMBERED = 1_000
#: Candidates read from the archive, at most, for each hit: several may be of one article.
_READ_PER_HIT = 3
#: Articles read beyond the hits: a few may be gone meanwhile, and a hit stands apart from some.
_READ_BEYOND = FIELD
#: Threads that ask for the nearest vectors beside those that ask for words.
_BESIDE = 4
#: Articles that a filter may leave.
_MOST_MATCHING = 100_000
#: Hits, the first, whose telling sentence is looked for even where they are no answer.
_HIGHLIGHTED = 3
#: A question of so few words is a look-up, and what says all of them literally is found: so sure.
_KEYWORDS, _FOUND = 2, 0.6
#: Excerpts beside the best one that a hit gives.
_MORE = 2

_Dense = Callable[[], Mapping[str, bytes]]


class Answerer:
    """Answers questions from an index that is followed elsewhere. Thread-safe.

    `hits` bounds the hits of an answer, `candidates` the passages that each half of the search
    puts forward, `threshold` is the confidence from which an answer counts as one. A `reranker`
    reads the `reranked` best passages and orders them anew.
    """

    def __init__(
        self,
        archive: Archive,
        follower: Follower,
        embedder: Embedder,
        *,
        hits: int = 10,
        candidates: int = 50,
        threshold: float = 0.5,
        reranker: Reranker | None = None,
        reranked: int = 20,
    ) -> None:
        self._archive = archive
        self._follower = follower
        self._hits = hits
        self._candidates = candidates
        self._threshold = threshold
        self._reranker = reranker
        self._reranked = reranked
        self._dictionary = Dictionary()
        self._beside = ThreadPoolExecutor(_BESIDE, thread_name_prefix="nearest")
        self._complained = ""
        self._vectors = QueryVectors(embedder, _REMEMBERED)

    def prepare(self) -> None:
        """Load the dictionary and the lists of words now, so that no question waits for them."""
        self._dictionary.load()
        taiwan.load()
        commonness.load()

    def answer(
        self, questions: Sequence[str], within: Sequence[str | None] | None = None
    ) -> list[Answer]:
        """Answer questions, embedding them together.

        `within` names for each question the article, by its id, whose excerpts alone may answer, or
        None for all. Raises `IndexNotReady`, `EmbeddingError`, `ArchiveError`, and `IndexDamaged`,
        after which the follower's next catching up mends the index. `seconds.embed` is each
        question's share of the common embedding.
        """
        if not questions:
            return []
        asked = [parse(question) for question in questions]
        inside = within or [None] * len(questions)
        try:
            readings = self._readings([question.text[:LONGEST_QUESTION] for question in asked])
            started = time.perf_counter()
            vectors = self._vectors.of([reading.text for reading in readings])
            embed = (time.perf_counter() - started) / len(questions)
            return [
                self._answer(question, reading, vector, embed, article)
                for question, reading, vector, article in zip(
                    asked, readings, vectors, inside, strict=True
                )
            ]
        except IndexDamaged as error:
            self._follower.distrust(str(error))
            raise

    def _readings(self, texts: Sequence[str]) -> list[Reading]:
        """The questions in the words of the archive, which only some need to be asked for."""
        if not any(map(may_be_traditional, texts)):
            return [Reading(text) for text in texts]
        with self._follower.searching() as index:
            return [reading_of(text, index) for text in texts]

    def _answer(
        self,
        question: Question,
        reading: Reading,
        query: Vector,
        embed: float,
        inside: str | None,
    ) -> Answer:
        started = time.perf_counter()
        if question.text:
            hits = self._searched(question, reading, query, inside)
        else:  # nothing at all asks for nothing
            hits = self._newest(question, inside) if question.filter else []
        search = time.perf_counter() - started
        first = hits[0] if hits else None
        sure = 0.0 if first is None else first.evidence.confidence if first.evidence else 1.0
        return Answer(
            question=question.asked,
            relevant=first is not None and first.relevant,
            confidence=sure,
            hits=tuple(hits),
            seconds=Seconds(embed=embed, search=search, total=embed + search),
        )

    def _newest(self, question: Question, inside: str | None) -> list[Hit]:
        """The newest articles that pass a filter which nothing else was asked beside."""
        with self._follower.searching():
            pass  # raises as for every question while there is no index
        most = _MOST_MATCHING if inside else self._hits * _READ_PER_HIT
        ids = self._archive.articles.matching(question.filter, most)
        if inside:
            ids = [own for own in ids if own == inside]
        openings = self._archive.articles.excerpts([f"{own}:0" for own in ids])
        there = [openings[f"{own}:0"] for own in ids if f"{own}:0" in openings]
        kept = [
            (passage, article)
            for passage, article in there
            if not excluded(question, article, passage)
        ]
        return [
            Hit(
                article=article,
                excerpt=passage.excerpt.text,
                highlight=most_telling(passage.excerpt.text, []),
                score=0.0,
            )
            for passage, article in kept[: self._hits]
        ]

    def _searched(
        self, question: Question, reading: Reading, query: Vector, inside: str | None
    ) -> list[Hit]:
        with self._follower.searching() as index:
            with self._near(question, index, query, inside) as dense:
                words = index.words.weigh(words_of(reading, index, self._dictionary))
                found = self._candidates_of(question, index, query, words, dense, inside)
            passages = sketches_of(found.sketches, index.embedder.dimension)
            coverage = Coverage(words, passages)
            bonus = index.moments.language_bonus(query, passages.shares)
            calibration = calibration_of(index.embedder.model)
            ranked = score(query, passages, bonus, coverage.shares(), calibration.unit)
            chance = index.moments.chance(query)
            judge = Judge(
                words,
                mean=chance,
                passages=index.moments.count,
                rarest=index.words.rarest(),
                calibration=calibration,
            )
        gained = dict(zip(passages.ids, bonus.tolist(), strict=True))

        def evidence(one: Found, behind: Sequence[float]) -> Evidence:
            signals = judge.signals(one.scored, behind)
            return evidence_of(
                one.scored,
                gained[one.scored.excerpt_id],
                found,
                coverage,
                words,
                judge.confidence(signals),
                signals,
                one.reranked,
            )

        known = dict(zip(passages.ids, passages.texts.tolist(), strict=True))
        best = self._read(question, ranked, words, known, chance)
        ordered = self._ordered(reading.text, words, best)
        return self._hits_of(question, ordered, words, evidence, coverage.literal)

    @contextlib.contextmanager
    def _near(
        self, question: Question, index: OpenIndex, query: Vector, inside: str | None
    ) -> Iterator[_Dense | None]:
        """The dense half, in another thread, where it is needed: Chroma computes without the GIL.

        However it goes, that thread is done before the index may be closed.
        """
        if question.phrases or question.filter or inside:
            yield None
            return
        started = self._beside.submit(nearest, index, query, self._candidates)
        try:
            yield started.result
        finally:
            wait([started])

    def _candidates_of(
        self,
        question: Question,
        index: OpenIndex,
        query: Vector,
        words: Sequence[WeightedWord],
        dense: _Dense | None,
        inside: str | None,
    ) -> Candidates:
        allowed = None if inside is None else {inside}
        if question.filter:
            matching = set(self._archive.articles.matching(question.filter, _MOST_MATCHING))
            allowed = matching if allowed is None else allowed & matching
        if question.phrases:
            quoted = quoting(index, question.phrases)
            kept = {
                own: sketch
                for own, sketch in quoted.sketches.items()
                if allowed is None or article_of(own) in allowed
            }
            return Candidates({}, {own: quoted.lexical[own] for own in kept}, kept)
        if allowed is not None:
            return filtered(index, query, words, self._candidates, allowed)
        return candidates(index, query, words, self._candidates, dense)

    def _read(
        self,
        question: Question,
        ranked: Sequence[Scored],
        words: Sequence[WeightedWord],
        known: Mapping[str, int],
        chance: float,
    ) -> list[Found]:
        """The best candidates as the archive has them now.

        The archive has the word: what the index still holds of a shortened or withdrawn article is
        not there any more, and is not shown; one edited just now, whose text is not that `known` to
        the index (by its checksum), is judged by the words that it has now, and its meaning by
        `chance`: the cosine that the archive has on the whole.
        """
        judged = bool(question.phrases or question.excluded)
        best = ranked if judged else self._worth_reading(ranked)
        there = self._archive.articles.excerpts([scored.excerpt_id for scored in best])
        found = [
            Found(as_now(scored, passage.excerpt, words, known, chance), passage, article)
            for scored in best
            if scored.excerpt_id in there
            for passage, article in (there[scored.excerpt_id],)
        ]
        if judged:
            found = [
                one
                for one in found
                if quotes(question, one.article, one.passage)
                and not excluded(question, one.article, one.passage)
            ]
        return found

    def _worth_reading(self, ranked: Sequence[Scored]) -> list[Scored]:
        """The best candidates, as many as make the hits."""
        articles: set[str] = set()
        best = []
        for scored in ranked[: self._hits * _READ_PER_HIT]:
            articles.add(article_of(scored.excerpt_id))
            if len(articles) > self._hits + _READ_BEYOND:
                break
            best.append(scored)
        return best

    def _ordered(
        self, text: str, words: Sequence[WeightedWord], found: Sequence[Found]
    ) -> list[Found]:
        """The candidates by all evidence: also word for word, then as a reranker reads them."""
        ordered = compared(text, words, found)
        if self._reranker is None or not ordered:
            return ordered
        read, rest = ordered[: self._reranked], ordered[self._reranked :]
        try:
            scores = self._reranker.scores(text, [one.passage.excerpt.text for one in read])
        except RerankingError as error:
            if str(error) != self._complained:
                self._complained = str(error)
                logger.warning("answering without the reranker: %s", error)
            return ordered
        read = [
            replace(one, reranked=float(score)) for one, score in zip(read, scores, strict=True)
        ]
        return [*sorted(read, key=lambda one: -(one.reranked or 0.0)), *rest]

    def _hits_of(
        self,
        question: Question,
        found: Sequence[Found],
        words: Sequence[WeightedWord],
        evidence: Callable[[Found, Sequence[float]], Evidence],
        literal: Callable[[str], float],
    ) -> list[Hit]:
        """One hit an article: its best excerpt, and those beside it that would answer as well."""
        by_article: dict[str, list[Found]] = {}
        for one in found:
            by_article.setdefault(one.article.id, []).append(one)
        groups = list(by_article.values())
        best = [(group[0].scored.score, literal(group[0].scored.excerpt_id)) for group in groups]
        hits = []
        for place, (first, *others) in enumerate(groups[: self._hits], start=1):
            behind = rivals(best[place - 1][1], best[place:])
            told = evidence(first, behind)
            if best[place - 1][1] >= SAYS_IT and len(words) <= _KEYWORDS:
                told = replace(told, confidence=max(told.confidence, _FOUND))
            relevant = self._relevant(question, told)
            text = first.passage.excerpt.text
            looked_at = relevant or place <= _HIGHLIGHTED
            more = [
                other.passage.excerpt
                for other in others
                if tells_itself(other.passage.excerpt, words, first.scored.coverage)
                and self._relevant(question, evidence(other, behind))
            ][:_MORE]
            hits.append(
                Hit(
                    article=first.article,
                    excerpt=text,
                    highlight=most_telling(text, words) if looked_at else first_sentence(text),
                    score=first.scored.score,
                    relevant=relevant,
                    more=tuple(excerpt.text for excerpt in more),
                    evidence=told,
                    ordinal=first.passage.excerpt.ordinal,
                    more_ordinals=tuple(excerpt.ordinal for excerpt in more),
                )
            )
        return no_less_sure(hits, self._threshold) if self._reranker else hits

    def _relevant(self, question: Question, evidence: Evidence) -> bool:
        # Whoever quotes a phrase has said what an answer is: that it stands there.
        return bool(question.phrases) or evidence.confidence >= self._threshold
