"""The articles nearest in meaning to one, in whatever language."""

from __future__ import annotations

import numpy as np

from retrieval.archive.opening import Archive
from retrieval.article import Article
from retrieval.errors import IndexDamaged
from retrieval.index.following import Follower, OpenIndex
from retrieval.index.lexical import sketches_of
from retrieval.search.candidates import article_of
from retrieval.search.phrases import folded

#: Passages looked at for each article that is asked for: several may be of one.
_PASSAGES_PER_ARTICLE = 8
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
    own = sketches_of(stored, index.embedder.dimension)
    mean = own.vectors.mean(axis=0)
    mean = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    wanted = limit * _PASSAGES_PER_ARTICLE + len(stored) + _BEYOND
    passages = index.vectors.nearest(
        index.moments.neutral(mean), min(wanted, index.vectors.count())
    )
    found = dict.fromkeys(article_of(passage) for passage in passages)
    found.pop(article_id, None)
    return list(found)
