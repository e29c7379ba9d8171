"""What the first question would otherwise wait for, loaded before it comes."""

from __future__ import annotations

import logging
import threading
from typing import Protocol

from retrieval.errors import RerankingError

logger = logging.getLogger(__name__)

#: Seconds that the dictionary may take; it takes three on a small machine that is at rest.
_PATIENCE = 120.0


class Prepares(Protocol):
    """Part of `retrieval.search.answering.Answerer`."""

    def prepare(self) -> None:
        """Load what it needs besides models."""


class Loads(Protocol):
    """Part of `retrieval.reranking.CrossEncoderReranker`."""

    def load(self) -> object:
        """Load the model unless it is there; raises `RerankingError`."""


class Preparation:
    """Loads the dictionary beside the embedding model, and the reranker after it.

    After it, because two threads that import torch's libraries at once may each meet the other's
    half. Both calls may be repeated, from one thread at a time.
    """

    def __init__(self, answerer: Prepares, reranker: Loads | None = None) -> None:
        self._answerer = answerer
        self._reranker = reranker
        # A daemon: whoever stops the program in these seconds need not wait for it.
        self._thread = threading.Thread(target=self._prepare, name="prepare", daemon=True)
        self._begun = self._finished = False
        self._settled = threading.Event()

    def begin(self) -> None:
        """Begin with what needs no model, in a thread of its own."""
        if not self._begun:
            self._begun = True
            self._thread.start()

    def finish(self) -> None:
        """Load the rest; to be called when the embedding model is there. Takes seconds.

        A reranker that cannot be loaded is logged: questions are answered without it.
        """
        if self._finished:
            return
        self._finished = True
        self.begin()
        if self._reranker is not None:
            try:
                self._reranker.load()
            except RerankingError as error:
                logger.error("answering without the reranker: %s", error)
        self._settled.wait(_PATIENCE)

    def stop(self) -> None:
        """Whoever waits in `finish` waits no longer. From any thread."""
        self._settled.set()

    def _prepare(self) -> None:
        try:
            self._answerer.prepare()
        except Exception:  # the first question meets the same, and its asker is told
            logger.exception("the dictionary cannot be loaded")
        finally:
            self._settled.set()
