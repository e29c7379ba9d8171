"""The vectors of what was asked lately, so that it is not embedded again. Thread-safe."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import Embedder

Vector = NDArray[np.float32]


class QueryVectors:
    """Embeds queries together, and remembers the `most` asked last: 1.5 KB each."""

    def __init__(self, embedder: Embedder, most: int) -> None:
        self._embedder = embedder
        self._most = most
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of these texts, shape (dimension,), of an empty text (0,).

        Raises `EmbeddingError`.
        """
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text and text not in known]
        if missing:
            known |= zip(missing, self._embedder.embed_queries(missing), strict=True)
        with self._lock:
            for text, vector in known.items():
                self._vectors[text] = vector
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
        return [known.get(text, np.zeros(0, np.float32)) for text in texts]
