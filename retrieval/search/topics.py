"""Which articles are about a topic: topics x articles -> signals -> probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

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
from retrieval.search.fields import fields
from retrieval.search.found import opening_terms
from retrieval.search.fusion import Coverage
from retrieval.search.naming import Named
from retrieval.search.remembered import QueryVectors, Vector
from retrieval.search.told import Told
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
_LIFTED = 1.25


@dataclass(frozen=True, slots=True)
class _Articles:
    """Articles laid out to be judged: their passages' sketches, then one of each one's opening."""

    ids: tuple[str, ...]
    sketches: Sketches
    owners: NDArray[np.intp]  # of each passage its article's place in `ids`
    told: Told  # by the passages
    opening: Told  # by the openings

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
        judged = self._judge(topics, there, every=True)
        return [
            dict(zip(ids, probability(signals).tolist(), strict=True)) for ids, signals in judged
        ]

    def signals(
        self, topics: Sequence[str], article_ids: Sequence[str]
    ) -> list[tuple[tuple[str, ...], Signals]]:
        """For each topic the articles' ids and what tells of them. Raises as `judge`."""
        return self._judge(topics, self._archive.articles.by_id(article_ids), every=True)

    def recent(self, topic: str, strictness: int, limit: int, over: int = 200) -> list[Article]:
        """Of the newest `over` articles those that pass, newest first, at most `limit`.

        What is not indexed yet is left out. Raises `IndexNotReady` where there is no index at all,
        otherwise as `judge`.
        """
        newest = {article.id: article for article in self._archive.articles.latest(over)}
        ((ids, signals),) = self._judge([topic], newest, every=False)
        sure = dict(zip(ids, probability(signals).tolist(), strict=True))
        about = [own for own in newest if own in sure and passes(sure[own], strictness)]
        return [newest[own] for own in about[:limit]]

    def _judge(
        self, topics: Sequence[str], there: Mapping[str, Article], *, every: bool
    ) -> list[tuple[tuple[str, ...], Signals]]:
        """The signals of the articles that the index has, or, if asked so, of `every` one."""
        topics = [_subject_of(topic) for topic in topics]
        vectors = self._vectors.of(topics)
        most = sum(self._archive.articles.most_excerpts(there).values())
        judged: list[tuple[tuple[str, ...], Signals]] = []
        try:
            with self._follower.searching() as index:
                articles, lacking = _laid_out(index, there, most)
            if every and lacking:
                raise IndexNotReady(f"{len(lacking)} of {len(there)} articles are not indexed yet")
            for step in chunked(zip(topics, vectors, strict=True), _STEP):
                with self._follower.searching() as index:
                    signals = self._signals(index, step, articles)
                judged.extend((articles.ids, one) for one in signals)
        except IndexDamaged as error:
            self._follower.distrust(str(error))
            raise
        return judged

    def _signals(
        self, index: OpenIndex, topics: Sequence[tuple[str, Vector]], articles: _Articles
    ) -> list[Signals]:
        named = [_named(topic) for topic, _ in topics]
        asked = [
            words_of(text, index, self._dictionary) if text else []
            for (topic, _), one in zip(topics, named, strict=True)
            for text in (topic, one.rest)
        ]
        weighed = index.words.weigh([word for words in asked for word in words])
        share = np.array([word.word.share for word in weighed]) / index.words.rarest()
        worth = share * np.array([word.weight for word in weighed])
        values = Coverage(weighed, articles.sketches).values() * share
        end = articles.passages
        ends = np.cumsum([0, *map(len, asked)])
        held = np.stack([values[:, a:b].sum(axis=1) for a, b in pairwise(ends)], axis=1)
        there = values > 0
        stands = np.stack([there[:, a:b].sum(axis=1) for a, b in pairwise(ends)], axis=1)
        words = np.diff(ends)
        whole = np.array([worth[a:b].sum() for a, b in pairwise(ends)])
        field = np.stack([_evidence(one, articles.told) for one in named], axis=1)
        begun = np.stack([_evidence(one, articles.opening) for one in named], axis=1)
        shares = np.stack([_share(one, articles.told) for one in named], axis=1)
        above = _above(index, [vector for _, vector in topics], articles)
        told, lacking = held[:end, ::2], words[1::2] - stands[:end, 1::2]
        best = [_best(signal, articles) for signal in (above, told, field, shares)]
        least = np.maximum(-_best(-lacking, articles), 0.0)
        return [
            Signals(
                known=bool(one.parts),
                above=best[0][:, number],
                covered=best[1][:, number] / (whole[2 * number] or 1.0),
                headed=held[end:, 2 * number] / (whole[2 * number] or 1.0),
                opening=held[end:, 2 * number],
                field=best[2][:, number],
                begun=begun[:, number],
                share=best[3][:, number],
                missing=least[:, number] / (words[2 * number] or 1),
                unlike=np.minimum(least[:, number], 1.0) * float(fields().is_wide(one)),
            )
            for number, one in enumerate(named)
        ]


@lru_cache(maxsize=_REMEMBERED)
def _subject_of(topic: str) -> str:
    return fields().subject_of(topic)


@lru_cache(maxsize=_REMEMBERED)
def _named(topic: str) -> Named:
    return fields().named(topic)


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
    known = fields()
    weighed = index.words.weigh(known.words)
    standing = [place for place, word in enumerate(weighed) if word.weight and word.forms]
    values = Coverage([weighed[place] for place in standing], sketches).values()
    told, opening = known.told(values / index.words.rarest(), standing).parted(len(passages))
    return _Articles(kept, sketches, owners, told, opening), lacking | stale


def _opening(article: Article, dimension: int) -> bytes:
    """A sketch of an article's title, first words and tags, which name its subject."""
    terms = opening_terms(article) | set(passage_terms(" ".join(article.tags)))
    return sketch("", terms, 0.0, np.zeros(dimension, np.float32))


def _above(index: OpenIndex, queries: Sequence[Vector], articles: _Articles) -> NDArray[np.float64]:
    """How far each passage's cosine to each topic stands above chance, in e5's cosines."""
    calibration = calibration_of(index.embedder.model)
    vectors = articles.sketches.vectors[: articles.passages]
    shares = articles.sketches.shares[: articles.passages]
    found = np.zeros((articles.passages, len(queries)))
    for number, query in enumerate(queries):
        if len(query):  # an empty topic has none
            cosines = vectors @ query - index.moments.language_bonus(query, shares)
            chance = np.full(len(cosines), index.moments.chance(query))
            above = above_chance(cosines, chance, index.moments.count, calibration)
            found[:, number] = calibration.unit * above
    return found


def _evidence(named: Named, told: Told) -> NDArray[np.float64]:
    """How much each text tells of what a topic names, shape (texts,).

    Of a topic of several parts any will do; within one part all subjects must be told of.
    """
    best = np.zeros(len(told.own))
    for part in named.parts:
        each = np.stack([told.of(subjects) for subjects in part])
        both = np.minimum(_LIFTED * each.min(axis=0), each.mean(axis=0))
        best = np.maximum(best, both)
    return best


def _share(named: Named, told: Told) -> NDArray[np.float64]:
    """How much each text tells of what a topic names beside all else that it tells of: (texts,).

    What a named subject is itself a part of is nothing else, nor is a part of it. Two subjects of
    one article share it with each other: together they have that of the greater, unless there is
    next to nothing of the lesser.
    """
    best = np.zeros(len(told.own))
    for part in named.parts:
        each = np.stack([_share_of(subjects, told) for subjects in part])
        most, least = each.max(axis=0), each.min(axis=0)
        best = np.maximum(best, np.minimum(most, most / 2 + _LIFTED * least))
    return best


def _share_of(columns: Sequence[int], told: Told) -> NDArray[np.float64]:
    kin = [own for one in columns for own in fields().kin(one)]
    own = told.of(columns)
    return own / (np.maximum(told.most_beside(kin), own) + _NO_SUBJECT)


def _best(values: NDArray[np.float64], articles: _Articles) -> NDArray[np.float64]:
    """Of the passages' values each article's, the mean of its best: (articles, topics)."""
    found = np.zeros((len(articles.ids), values.shape[1]))
    for place in range(len(articles.ids)):
        own = values[articles.owners == place]
        found[place] = own[0] if len(own) == 1 else np.sort(own, axis=0)[-_BEST:].mean(axis=0)
    return found
