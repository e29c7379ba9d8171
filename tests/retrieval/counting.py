"""The real model, remembering what it was asked to embed."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.embedding import Matrix, SentenceEmbedder


class Counting:
    """An embedder around another one; `passages` and `questions` are the texts, in order."""

    def __init__(self, inner: SentenceEmbedder) -> None:
        self._inner = inner
        self.passages: list[str] = []
        self.questions: list[str] = []

    @property
    def model(self) -> str:
        return self._inner.model

    @property
    def query_prompt(self) -> str:
        return self._inner.query_prompt

    @property
    def passage_prompt(self) -> str:
        return self._inner.passage_prompt

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        self.questions.extend(texts)
        return self._inner.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        self.passages.extend(texts)
        return self._inner.embed_passages(texts)
