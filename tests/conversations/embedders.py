"""Embedders of the conversations: the real one, made to embed nothing twice, or to stop half-way."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import Embedder, Matrix

Vector = NDArray[np.float32]

#: Seconds after which nobody will let an embedder go.
_NEVER = 60.0
#: Passages that are embedded before one that is held stops.
_BEFORE = 32


class Remembering:
    """An embedder that embeds no passage twice."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vector] = {}

    @property
    def model(self) -> str:
        return self._embedder.model

    @property
    def query_prompt(self) -> str:
        return self._embedder.query_prompt

    @property
    def passage_prompt(self) -> str:
        return self._embedder.passage_prompt

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        new = [text for text in texts if text not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.embed_passages(new), strict=True))
        return np.stack([self._known[text] for text in texts])


class Held(Remembering):
    """One that stops in the middle of the archive until it is let go."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self._embedded = 0
        self.reached = threading.Event()
        self.free = threading.Event()

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        if self._embedded >= _BEFORE:
            self.reached.set()
            assert self.free.wait(_NEVER), "nobody let the embedder go"
        self._embedded += len(texts)
        return super().embed_passages(texts)
