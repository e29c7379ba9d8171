"""The articles nearest in meaning to one, in whatever language."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrieval.archive.opening import Archive
from retrieval.article import Article
from retrieval.errors import IndexDamaged
from retrieval.index.following import Follower, OpenIndex
from retrieval.index.lexical import sketches_of
from retrieval.index.sketch import Sketches
from retrieval.search.candidates import article_of
from retrieval.search.phrases import folded

Matrix = NDArray[np.float32]

#: Passages looked at for each article that is asked for: several may be of one.
_PASSAGES_PER_ARTICLE = 8
#: What no vector's length is divided by less than.
_SHORTEST = 1e-9
#: Passages looked at beside, in place of those of the article itself and of its doubles.
_BEYOND = 50


class Similar:
    """Finds articles like one, in an index that is followed elsewhere. Thread-safe."""

    def __init__(self, archive: Archive, follower: Follower) -> None:
        self._archive = archive
        self._follower = follower

    def to(self, article_id: str, limit: int) -> list[Article]:
        """The articles nearest to one, nearest first, at most `limit`, none of the same title.

        None for an article that the index has not. Raises `IndexNotReady`, `ArchiveError`, and
        `IndexDamaged`, after which the follower's next catching up mends the index.
        """
        most = self._archive.articles.most_excerpts([article_id]).get(article_id, 0)
        try:
            with self._follower.searching() as index:
                near = _nearest(index, article_id, most, limit) if most and limit > 0 else []
        except IndexDamaged as error:
            self._follower.distrust(str(error))
            raise
        there = self._archive.articles.by_id([article_id, *near])
        titles = {folded(there[article_id].title)} if article_id in there else set()
        found = []
        for own in near:
            if own in there and folded(there[own].title) not in titles:
                titles.add(folded(there[own].title))
                found.append(there[own])
        return found[:limit]


def _nearest(index: OpenIndex, article_id: str, most: int, limit: int) -> list[str]:
    """The ids of articles by their nearest passages, without the one itself."""
    stored = index.words.search([], most, [article_id])
    if not stored:
        return []
    dimension = index.embedder.dimension
    own = sketches_of(stored, dimension)
    wanted = limit * _PASSAGES_PER_ARTICLE + len(stored) + _BEYOND
    plain = index.moments.neutral(_normal(own.vectors.mean(axis=0)))
    passages = index.vectors.nearest(plain, min(wanted, index.vectors.count()))
    near = index.words.sketches(passages, dimension)
    likeness = _normal(_apart(index, near)) @ _normal(_apart(index, own).mean(axis=0))
    found = dict.fromkeys(article_of(near.ids[place]) for place in np.argsort(-likeness))
    found.pop(article_id, None)
    return list(found)


def _apart(index: OpenIndex, passages: Sketches) -> Matrix:
    """How each passage's vector differs from that of a chance text of its language: (n, d)."""
    moments = index.moments
    tilted = np.outer(passages.shares - moments.latin, moments.tilt)
    return (passages.vectors - moments.mean - tilted).astype(np.float32)


def _normal(vectors: Matrix) -> Matrix:
    """L2-normalised."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    normal: Matrix = (vectors / np.maximum(lengths, _SHORTEST)).astype(np.float32)
    return normal
