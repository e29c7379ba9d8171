"""Question and passages to scores: a cross-encoder reads them together, loaded when needed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import RerankingError
from retrieval.pretrained import place_of, prepare_torch

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

logger = logging.getLogger(__name__)

Scores = NDArray[np.float32]

#: Seconds that pass before a model that could not be loaded is tried again: a hub out of reach
#: takes most of a minute to show so, and every question would wait for it.
RETRY_AFTER = 300.0

_REMEDY = (
    "set ARCHIVE_BOT_RERANKER__MODEL to a folder that holds a sentence-transformers cross-encoder"
    " or to the id of one on the hub, or leave it unset to do without"
)


class Reranker(Protocol):
    """Reads question and passage together. Thread-safe; raises `RerankingError`."""

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        """How well each passage answers, 0 to 1, float32, shape (len(passages),).

        They order the passages of one question; no model's scores are promised to be
        probabilities.
        """


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one output: a folder, or a hub id.

    Nothing is loaded or imported before the first passage that is to be read; a hub id is the only
    value that may download anything. One question is read at a time. What is longer than the model
    reads at once is cut, the longer of question and passage first.
    """

    def __init__(
        self,
        model: str,
        *,
        batch_size: int = 16,
        threads: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = model
        self._batch_size = batch_size
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: CrossEncoder | None = None
        self._clock = clock
        self._failed: tuple[float, str] | None = None

    @property
    def model(self) -> str:
        """What the model is called in the settings."""
        return self._name

    def load(self) -> CrossEncoder:
        """Load the model unless it is there. Takes seconds; raises `RerankingError`.

        For RETRY_AFTER seconds after a failure the same error is raised at once.
        """
        with self._lock:
            if self._loaded is not None:
                return self._loaded
            if self._failed and self._clock() - self._failed[0] < RETRY_AFTER:
                raise RerankingError(self._failed[1])
            started = time.monotonic()
            try:
                self._loaded = self._load()
            except RerankingError as error:
                self._failed = (self._clock(), str(error))
                raise
            logger.debug(
                "reranking model %s loaded in %.1f s", self._name, time.monotonic() - started
            )
            return self._loaded

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        if not passages:
            return np.zeros(0, dtype=np.float32)
        model = self.load()
        # Half a surrogate pair is no text that a tokeniser can read.
        asked, *read = [t.encode("utf-8", "replace").decode("utf-8") for t in (question, *passages)]
        from torch import nn

        with self._lock:
            try:
                predicted = model.predict(
                    [(asked, passage) for passage in read],
                    batch_size=self._batch_size,
                    show_progress_bar=False,
                    # Many models (ms-marco) are saved without one and give logits.
                    activation_fn=nn.Sigmoid(),
                )
            except Exception as error:  # a model runs code of its own: anything may come
                raise RerankingError(
                    f"the reranking model {self._name!r} failed ({_line(error)}); {_REMEDY}"
                ) from error
        scores = np.asarray(predicted, dtype=np.float32)
        if scores.shape != (len(passages),) or not np.isfinite(scores).all():
            raise RerankingError(
                f"the reranking model {self._name!r} gave something else than a number for each"
                f" passage: its files may be damaged; {_REMEDY}"
            )
        return scores

    def _load(self) -> CrossEncoder:
        try:
            model = self._open()
            unfit = _unfit(model)
        except Exception as error:  # missing files, no network, a broken folder: many types
            raise RerankingError(
                f"the reranking model {self._name!r} cannot be loaded ({_line(error)}); {_REMEDY}"
            ) from error
        if unfit:
            raise RerankingError(f"the model {self._name!r} is no reranker: {unfit}; {_REMEDY}")
        return model

    def _open(self) -> CrossEncoder:
        place = place_of(self._name)
        prepare_torch(self._threads)
        from sentence_transformers import CrossEncoder

        model: CrossEncoder = CrossEncoder(place.name, local_files_only=place.is_local)
        return model


def _unfit(model: CrossEncoder) -> str | None:
    """Why the model cannot tell how well a passage answers, if it cannot."""
    from sentence_transformers.base.modules import Transformer

    last = model[-1]
    if isinstance(last, Transformer):
        # For a model without a head of its own, such as an embedding model, the library draws one
        # at random, and only logs so.
        kinds = last.model.config.architectures or []
        if kinds and not any(kind.endswith("ForSequenceClassification") for kind in kinds):
            return f"it is a {' or '.join(kinds)}, which was not trained to judge pairs of texts"
    if model.num_labels != 1:
        return f"it sorts pairs of texts into {model.num_labels} classes instead of scoring them"
    return None


def _line(error: Exception) -> str:
    """The libraries' errors run over several lines."""
    return " ".join(str(error).split()) or type(error).__name__
