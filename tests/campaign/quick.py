"""A stand-in for the embedding model that needs no time to load, for gathers killed in a test.

What is tested is that nothing is lost or doubled, not how well it is found: words are hashed.
"""

from __future__ import annotations

import itertools
import re
import sys
import time
import zlib
from collections.abc import Sequence

import numpy as np

from retrieval.embedding import Matrix

DIMENSION = 128
#: Seconds for a passage, so that there is an embedding to be killed in.
_PAUSE = 0.005

_TERM = re.compile(r"[a-z]+|\d+|[一-鿿]", re.IGNORECASE)


class QuickEmbedder:
    """Keeps to the `Embedder` protocol: texts with the same words are near."""

    model = "quick"
    query_prompt = passage_prompt = ""

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return np.stack([_hashed(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        time.sleep(_PAUSE * len(texts))
        return self.embed_queries(texts)


def _hashed(text: str) -> Matrix:
    vector = np.full(DIMENSION, 1e-3, np.float32)
    terms = _TERM.findall(text.lower())
    for term in [*terms, *map("".join, itertools.pairwise(terms))]:
        number = zlib.crc32(term.encode())
        vector[number % DIMENSION] += 1 if number & 0x10000 else -1
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def main() -> None:
    """`archive-bot` with this in place of the model."""
    from bot import assembly
    from bot.cli import main

    assembly.embedder_of = lambda _settings: QuickEmbedder()  # type: ignore[assignment,return-value]
    sys.exit(main())
