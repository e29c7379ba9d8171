"""Which articles are about a topic: topics x articles -> signals -> probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.archive.chunks import chunked
from retrieval.archive.opening import Archive
from retrieval.article import Article
from retrieval.embedding import Embedder
from retrieval.errors import IndexDamaged, IndexNotReady
from retrieval.index.following import Follower, OpenIndex
from retrieval.index.native import translated
from retrieval.index.sketch import Sketches, checksum, sketch
from retrieval.index.tokens import passage_terms
from retrieval.search.about import THRESHOLDS, Signals, passes, probability
from retrieval.search.candidates import article_of
from retrieval.search.confidence import above_chance, calibration_of
from retrieval.search.dictionary import Dictionary
from retrieval.search.fields import Fields, Named, fields
from retrieval.search.found import opening_terms
from retrieval.search.fusion import Coverage
from retrieval.search.remembered import QueryVectors, Vector
from retrieval.search.words import words_of

__all__ = ["THRESHOLDS", "TopicJudge", "passes"]

#: Topics whose vectors are remembered: 15 MB.
_REMEMBERED = 10_000
#: Topics judged while the index is held: questions wait meanwhile, some hundredths of a second.
_STEP = 100
#: Passages that an article's evidence is the mean of, the best: what is told once in passing is no
#: subject of a long article.
_BEST = 2
#: What all subjects together, none of which an article tells much of, share in it.
_NO_SUBJECT = 0.5
#: Of the evidence for several subjects at once, how much the least may be lifted to their mean.
_LIFTED = 1.5


@dataclass(frozen=True, slots=True)
class _Articles:
    """Articles laid out to be judged: their passages' sketches, then one of each one's opening."""

    ids: tuple[str, ...]
    sketches: Sketches
    owners: NDArray[np.intp]  # of each passage its article's place in `ids`

    @property
    def passages(self) -> int:
        return len(self.owners)


class TopicJudge:
    """Judges what articles are about, from an index that is followed elsewhere. Thread-safe."""

    def __init__(self, archive: Archive, follower: Follower, embedder: Embedder) -> None:
        self._archive = archive
        self._follower = follower
        self._vectors = QueryVectors(embedder, _REMEMBERED)
        self._dictionary = Dictionary()

    def judge(self, topics: Sequence[str], article_ids: Sequence[str]) -> list[dict[str, float]]:
        """For each topic the probability, 0 to 1, that each article is about it, by their ids.

        Articles that are withdrawn, or have no text, are left out. Raises `IndexNotReady` while
        the index has not all of the others as they are now, `EmbeddingError`, `ArchiveError`, and
        `IndexDamaged`, after which the follower's next catching up mends the index.
        """
        there = self._archive.articles.by_id(article_ids)
        judged, lacking = self._judge(topics, there)
        if lacking:
            raise IndexNotReady(f"{len(lacking)} of {len(there)} articles are not indexed yet")
        return [
            dict(zip(ids, probability(signals).tolist(), strict=True)) for ids, signals in judged
        ]

    def signals(
        self, topics: Sequence[str], article_ids: Sequence[str]
    ) -> list[tuple[tuple[str, ...], Signals]]:
        """For each topic the articles' ids and what tells of them. Raises as `judge`."""
        return self._judge(topics, self._archive.articles.by_id(article_ids))[0]

    def recent(self, topic: str, strictness: int, limit: int, over: int = 200) -> list[Article]:
        """Of the newest `over` articles those that pass, newest first, at most `limit`.

        What is not indexed yet is left out. Raises `IndexNotReady` where there is no index at all,
        otherwise as `judge`.
        """
        newest = {article.id: article for article in self._archive.articles.latest(over)}
        ((ids, signals),), _ = self._judge([topic], newest)
        sure = dict(zip(ids, probability(signals).tolist(), strict=True))
        about = [own for own in newest if own in sure and passes(sure[own], strictness)]
        return [newest[own] for own in about[:limit]]

    def _judge(
        self, topics: Sequence[str], there: Mapping[str, Article]
    ) -> tuple[list[tuple[tuple[str, ...], Signals]], set[str]]:
        """The signals, and the ids of articles that the index has not as they are now."""
        vectors = self._vectors.of(topics)
        known = fields()
        most = sum(self._archive.articles.most_excerpts(there).values())
        lacking: set[str] = set()
        judged: list[tuple[tuple[str, ...], Signals]] = []
        try:
            for step in chunked(list(zip(topics, vectors, strict=True)), _STEP):
                with self._follower.searching() as index:
                    articles, lacking = _laid_out(index, there, most)
                    judged.extend(self._signals(index, known, step, articles))
        except IndexDamaged as error:
            self._follower.distrust(str(error))
            raise
        if not topics:
            with self._follower.searching():
                pass  # raises as for any topic while there is no index
        return judged, lacking

    def _signals(
        self,
        index: OpenIndex,
        known: Fields,
        topics: Sequence[tuple[str, Vector]],
        articles: _Articles,
    ) -> list[tuple[tuple[str, ...], Signals]]:
        named = [known.named(topic) for topic, _ in topics]
        asked = [
            words_of(text, index, self._dictionary)
            for (topic, _), one in zip(topics, named, strict=True)
            for text in (topic, one.rest)
        ]
        weighed = index.words.weigh([word for words in asked for word in words])
        belonging = index.words.weigh(known.words)
        values = Coverage([*belonging, *weighed], articles.sketches).values()
        values /= index.words.rarest()
        worth = np.array([word.weight for word in weighed]) / index.words.rarest()
        share = np.array([word.word.share for word in weighed])
        end, first = articles.passages, len(belonging)
        told = known.told(values[:end, :first])
        most = told.max(axis=1, initial=0.0) + _NO_SUBJECT
        found = []
        ends = np.cumsum([0, *map(len, asked)])
        for number, ((_, vector), one) in enumerate(zip(topics, named, strict=True)):
            start, middle, stop = ends[2 * number : 2 * number + 3]
            held = values[:, first + start : first + middle] @ share[start:middle]
            rest = worth[middle:stop] - values[:end, first + middle : first + stop]
            field = _evidence(one, told)
            signals = Signals(
                known=bool(one.parts),
                above=_best(_above(index, vector, articles), articles),
                told=_best(held[:end], articles),
                opening=held[end:],
                field=_best(field, articles),
                share=_best(field / most, articles),
                lacking=-_best(-(rest @ share[middle:stop]), articles),
            )
            found.append((articles.ids, signals))
        return found


def _laid_out(
    index: OpenIndex, there: Mapping[str, Article], most: int
) -> tuple[_Articles, set[str]]:
    """The articles that the index has, and the ids of those that it has not as they are now.

    `most` bounds their passages.
    """
    ids = list(there)
    dimension = index.embedder.dimension
    stored = index.words.search([], most, ids) if most else {}
    own: dict[str, list[str]] = {article: [] for article in ids}
    for passage in stored:
        own[article_of(passage)].append(passage)
    lacking = {article for article in ids if there[article].opening and not own[article]}
    kept = tuple(article for article in ids if own[article])
    passages = [passage for article in kept for passage in own[article]]
    openings = [(article, _opening(there[article], dimension)) for article in kept]
    with translated("does not give passages back"):
        sketches = Sketches.of([(p, stored[p]) for p in passages] + openings, dimension)
    texts = dict(zip(sketches.ids, sketches.texts.tolist(), strict=True))
    stale = {
        article for article in kept if texts.get(f"{article}:0") != checksum(there[article].opening)
    }
    places = {article: place for place, article in enumerate(kept)}
    owners = np.array([places[article_of(passage)] for passage in passages], np.intp)
    return _Articles(kept, sketches, owners), lacking | stale


def _opening(article: Article, dimension: int) -> bytes:
    """A sketch of an article's title, first words and tags, which name its subject."""
    terms = opening_terms(article) | set(passage_terms(" ".join(article.tags)))
    return sketch("", terms, 0.0, np.zeros(dimension, np.float32))


def _above(index: OpenIndex, query: Vector, articles: _Articles) -> NDArray[np.float64]:
    """How far each passage's cosine stands above chance, in e5's cosines."""
    if not len(query):
        return np.zeros(articles.passages)
    calibration = calibration_of(index.embedder.model)
    vectors = articles.sketches.vectors[: articles.passages]
    shares = articles.sketches.shares[: articles.passages]
    cosines = vectors @ query - index.moments.language_bonus(query, shares)
    chance, count = index.moments.chance(query), index.moments.count
    return calibration.unit * np.array(
        [above_chance(cosine, chance, count, calibration) for cosine in cosines.tolist()]
    )


def _evidence(named: Named, told: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each passage tells of what a topic names, shape (passages,).

    Of a topic of several parts any will do; within one part all subjects must be told of.
    """
    best = np.zeros(len(told))
    for part in named.parts:
        each = np.stack([told[:, list(subjects)].max(axis=1) for subjects in part])
        both = np.minimum(_LIFTED * each.min(axis=0), each.mean(axis=0))
        best = np.maximum(best, both)
    return best


def _best(values: NDArray[np.float64], articles: _Articles) -> NDArray[np.float64]:
    """Of the passages' values each article's: the mean of its best, shape (articles,)."""
    found = np.zeros(len(articles.ids))
    for place in range(len(articles.ids)):
        own = np.sort(values[articles.owners == place])[::-1][:_BEST]
        found[place] = own.mean()
    return found
