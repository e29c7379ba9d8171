"""What is loaded before the first question comes."""

from __future__ import annotations

import threading
import time

import pytest

from bot.preparing import Preparation
from retrieval.errors import RerankingError


class Dictionary:
    """Stands for an answerer whose dictionary takes as long as the gate is closed."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.loaded_by: list[str] = []
        self.error: Exception | None = None

    def prepare(self) -> None:
        assert self.gate.wait(10)
        if self.error is not None:
            raise self.error
        self.loaded_by.append(threading.current_thread().name)


class Reranker:
    def __init__(self, error: RerankingError | None = None) -> None:
        self.error = error
        self.times = 0

    def load(self) -> None:
        self.times += 1
        if self.error is not None:
            raise self.error


def test_the_dictionary_is_loaded_beside_and_waited_for_at_the_end() -> None:
    dictionary, reranker = Dictionary(), Reranker()
    preparation = Preparation(dictionary, reranker)
    preparation.begin()
    preparation.begin()
    assert (dictionary.loaded_by, reranker.times) == ([], 0)

    def open_the_gate() -> None:
        while not reranker.times:
            time.sleep(0.01)
        dictionary.gate.set()

    threading.Thread(target=open_the_gate).start()
    preparation.finish()
    preparation.finish()
    assert (dictionary.loaded_by, reranker.times) == (["prepare"], 1)


def test_finishing_what_was_not_begun_loads_all() -> None:
    dictionary = Dictionary()
    dictionary.gate.set()
    Preparation(dictionary).finish()
    assert dictionary.loaded_by == ["prepare"]


def test_a_reranker_that_cannot_be_loaded_is_told_once_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    dictionary = Dictionary()
    dictionary.gate.set()
    preparation = Preparation(dictionary, Reranker(RerankingError("no such folder")))
    preparation.finish()
    preparation.finish()
    assert caplog.text.count("answering without the reranker: no such folder") == 1
    assert dictionary.loaded_by == ["prepare"]


def test_a_dictionary_that_cannot_be_loaded_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    dictionary = Dictionary()
    dictionary.gate.set()
    dictionary.error = OSError("the package is damaged")
    Preparation(dictionary).finish()
    assert "the package is damaged" in caplog.text


def test_who_is_told_to_stop_waits_for_no_dictionary() -> None:
    dictionary = Dictionary()
    preparation = Preparation(dictionary)
    waiting = threading.Thread(target=preparation.finish)
    waiting.start()
    preparation.stop()
    waiting.join(5)
    assert not waiting.is_alive()
    dictionary.gate.set()
