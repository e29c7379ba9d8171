"""A question's way: words and vector -> candidates -> exact score -> confidence -> answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from retrieval.archive.articles import Passage
from retrieval.archive.opening import Archive
from retrieval.embedding import Embedder
from retrieval.errors import IndexDamaged
from retrieval.index.following import Follower, OpenIndex
from retrieval.index.lexical import WeightedWord
from retrieval.index.tokens import latin_share, question_words
from retrieval.search.answer import Answer, Hit, Seconds
from retrieval.search.confidence import calibration_of, confidence
from retrieval.search.fusion import Scored, score
from retrieval.search.highlight import most_telling

#: Characters of a question that are looked at: about as many tokens as the model takes at once.
LONGEST_QUESTION = 800


class Answerer:
    """Answers questions from an index that is followed elsewhere. Thread-safe.

    `hits` bounds the hits of an answer, `candidates` the passages that each half of the search
    puts forward, `threshold` is the confidence from which an answer counts as one.
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
    ) -> None:
        self._archive = archive
        self._follower = follower
        self._embedder = embedder
        self._hits = hits
        self._candidates = candidates
        self._threshold = threshold

    def answer(self, questions: Sequence[str]) -> list[Answer]:
        """Answer questions, embedding them together.

        Raises `IndexNotReady`, `EmbeddingError`, `ArchiveError`, and `IndexDamaged`, after which
        the follower's next catching up mends the index. `seconds.embed` is each question's share
        of the common embedding.
        """
        if not questions:
            return []
        started = time.perf_counter()
        vectors = self._embedder.embed_queries([q[:LONGEST_QUESTION] for q in questions])
        embed = (time.perf_counter() - started) / len(questions)
        try:
            return [self._search(q, v, embed) for q, v in zip(questions, vectors, strict=True)]
        except IndexDamaged as error:
            self._follower.distrust(str(error))
            raise

    def _search(self, question: str, query: NDArray[np.float32], embed: float) -> Answer:
        started = time.perf_counter()
        words = question_words(question[:LONGEST_QUESTION])
        with self._follower.searching() as index:
            weighed = index.words.weigh(words)
            ranked, passages = self._rank(index, query, weighed)
            sure = partial(
                confidence,
                mean=index.moments.chance(query),
                passages=index.moments.count,
                calibration=calibration_of(index.embedder.model),
            )
        hits = self._hits_of(ranked, passages, weighed, sure)
        best = sure(ranked[0]) if hits else 0.0
        search = time.perf_counter() - started
        return Answer(
            question=question,
            relevant=bool(hits) and hits[0].relevant,
            confidence=best,
            hits=tuple(hits),
            seconds=Seconds(embed=embed, search=search, total=embed + search),
        )

    def _rank(
        self, index: OpenIndex, query: NDArray[np.float32], words: Sequence[WeightedWord]
    ) -> tuple[list[Scored], dict[str, Passage]]:
        """The candidates of both halves by exact score, and what the archive says they are.

        The archive has the word: what the index still holds of a shortened or withdrawn article is
        not there any more, and is not shown.
        """
        dense = index.vectors.nearest(query, self._candidates)
        lexical = index.words.search(words, self._candidates)
        candidates = list(dict.fromkeys([*dense, *lexical]))
        articles = dict.fromkeys(own.rpartition(":")[0] for own in candidates)
        wanted = set(candidates)
        passages = {
            passage.excerpt.id: passage
            for passage in self._archive.articles.passages(articles)
            if passage.excerpt.id in wanted
        }
        stored = self._archive.vectors.load(
            index.embedder.id, [passage.text_hash for passage in passages.values()]
        )
        vectors = {
            own: stored[passage.text_hash]
            for own, passage in passages.items()
            if passage.text_hash in stored
        }
        # Edited just now and not embedded yet: the old text's vector finds it meanwhile.
        vectors |= index.vectors.vectors([own for own in passages if own not in vectors])
        bonus = {
            own: index.moments.language_bonus(query, latin_share(passages[own].excerpt.text))
            for own in vectors
        }
        terms = index.words.terms(list(vectors))
        return score(query, words, vectors, terms, bonus), passages

    def _hits_of(
        self,
        ranked: Sequence[Scored],
        passages: dict[str, Passage],
        words: Sequence[WeightedWord],
        sure: Callable[[Scored], float],
    ) -> list[Hit]:
        """One hit an article, its best excerpt."""
        best: dict[str, Scored] = {}
        for scored in ranked:
            best.setdefault(passages[scored.excerpt_id].excerpt.article_id, scored)
        articles = self._archive.articles.by_id(list(best)[: self._hits])
        return [
            Hit(
                article=articles[article_id],
                excerpt=passages[scored.excerpt_id].excerpt.text,
                highlight=most_telling(passages[scored.excerpt_id].excerpt.text, words),
                score=scored.score,
                relevant=sure(scored) >= self._threshold,
            )
            for article_id, scored in list(best.items())[: self._hits]
            if article_id in articles
        ]
