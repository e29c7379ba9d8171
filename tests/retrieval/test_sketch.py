"""Sketches of passages: what was put in is read back, and terms are told as sets would tell them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.sketch import Sketches, checksum, hashes, sketch

unhurried = settings(deadline=None)

DIMENSION = 3
terms = st.text(st.characters(), max_size=6) | st.sampled_from(["环", "形", "环形", "wal", "log"])
shares = st.floats(0, 1, width=16)
vectors = st.lists(st.floats(-1, 1, width=16), min_size=DIMENSION, max_size=DIMENSION)
passages = st.lists(st.tuples(st.lists(terms, max_size=12), shares, vectors), max_size=6)


def made(drawn: list[tuple[list[str], float, list[float]]]) -> Sketches:
    stored = [
        (f"p{n}", sketch(f"text {n}", held, share, np.array(vector, np.float32)))
        for n, (held, share, vector) in enumerate(drawn)
    ]
    return Sketches.of(stored, DIMENSION)


@given(passages)
@unhurried
def test_what_was_put_in_is_read_back(
    drawn: list[tuple[list[str], float, list[float]]],
) -> None:
    read = made(drawn)
    assert len(read) == len(drawn)
    assert read.ids == tuple(f"p{n}" for n in range(len(drawn)))
    assert read.shares.tolist() == [share for _, share, _ in drawn]
    assert read.vectors.shape == (len(drawn), DIMENSION)
    assert read.vectors.dtype == np.float32
    assert read.vectors.tolist() == [vector for _, _, vector in drawn]


@given(passages, st.lists(terms, max_size=8))
@unhurried
def test_which_passages_hold_which_terms(
    drawn: list[tuple[list[str], float, list[float]]], asked: list[str]
) -> None:
    """Also where no passage, or no term, is there; the order and repetitions do not matter."""
    wanted = np.unique(hashes(asked))
    held = [set(hashes(own).tolist()) for own, _, _ in drawn]
    found = made(drawn).holding(wanted)
    assert found.shape == (len(drawn), len(wanted))
    assert found.tolist() == [[term in own for term in wanted.tolist()] for own in held]


def test_a_term_said_twice_is_kept_once() -> None:
    vector = np.zeros(DIMENSION, np.float32)
    assert sketch("", ["wal", "log", "wal"], 1, vector) == sketch("", ["log", "wal"], 1, vector)


def test_the_words_of_a_language_have_hashes_of_their_own() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    chinese = [chr(0x4E00 + n) + chr(0x4E00 + 7 * n % 20_000) for n in range(20_000)]
    words = {*chinese, *(a + b + c for a in letters for b in letters for c in letters)}
    assert len(set(hashes(words).tolist())) == len(words)


@pytest.mark.parametrize("raw", [b"", b"abc", b"x" * (4 + 2 * DIMENSION - 1)])
def test_a_vector_that_is_cut_off_is_told(raw: bytes) -> None:
    with pytest.raises(ValueError, match="cut off"):
        Sketches.of([("fine", sketch("", [], 0, np.zeros(DIMENSION, np.float32))), ("p", raw)], 3)


@given(st.binary(max_size=60))
@unhurried
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        read = Sketches.of([("p", raw)], DIMENSION)
    except ValueError:
        return
    assert read.holding(np.unique(hashes(["wal", "log"]))).shape == (1, 2)


def test_a_text_is_known_again_by_its_checksum() -> None:
    vector = np.zeros(DIMENSION, np.float32)
    read = Sketches.of([("p", sketch("环形缓冲区", ["环形"], 0, vector))], DIMENSION)
    assert read.texts.tolist() == [checksum("环形缓冲区")]
    assert checksum("环形缓冲") != checksum("环形缓冲区")
