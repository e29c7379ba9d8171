"""Vectors kept in SQL: by model as it really answered, and by the hash of their text."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import event

from retrieval.archive.intaking import text_hash
from retrieval.archive.opening import Archive
from retrieval.archive.vectors import EmbedderRecord
from retrieval.article import Draft
from retrieval.errors import ArchiveError

Vector = NDArray[np.float32]

DIMENSION = 384


def vectors(count: int, seed: int = 0, dimension: int = DIMENSION) -> Vector:
    """L2-normalised, shape (count, dimension)."""
    drawn = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    normed: Vector = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return normed


def recognise(
    archive: Archive, probe: Vector, model: str = "m", query: str = "query: "
) -> EmbedderRecord:
    return archive.vectors.recognise(model, query, "passage: ", probe)


def hold(archive: Archive, texts: Sequence[str]) -> list[str]:
    """Make these texts passages of the archive; their hashes."""
    now = datetime(2026, 5, 1, tzinfo=UTC)
    archive.articles.commit("s", "snapshots", [Draft(text) for text in texts], now)
    return [text_hash(text) for text in texts]


PROBE, *OTHERS = vectors(5)


def test_vectors_come_back_as_well_as_float16_can_say(archive: Archive) -> None:
    own = recognise(archive, PROBE).id
    matrix = vectors(3, seed=1)
    archive.vectors.store(own, dict(zip("abc", matrix, strict=True)))
    loaded = archive.vectors.load(own, ["a", "b", "c", "d"])
    assert sorted(loaded) == ["a", "b", "c"]
    for name, vector in zip("abc", matrix, strict=True):
        assert loaded[name].dtype == np.float32
        assert loaded[name].shape == (DIMENSION,)
        assert float(loaded[name] @ vector) == pytest.approx(1, abs=1e-3)
        loaded[name][0] = 0  # a caller may write to it


def test_vectors_that_are_there_stay_as_they_are(archive: Archive) -> None:
    own = recognise(archive, PROBE).id
    one, two, three = vectors(3, seed=1)
    archive.vectors.store(own, {"a": one})
    archive.vectors.store(own, {"a": two, "b": three})
    loaded = archive.vectors.load(own, "ab")
    assert float(loaded["a"] @ one) > 0.99
    assert float(loaded["b"] @ three) > 0.99
    archive.vectors.store(own, {})


def test_each_model_has_vectors_of_its_own(archive: Archive) -> None:
    """FAILURES 23"""
    one, two = recognise(archive, PROBE), recognise(archive, OTHERS[0], model="n")
    archive.vectors.store(one.id, {"a": OTHERS[1]})
    assert archive.vectors.load(two.id, ["a"]) == {}
    archive.vectors.store(two.id, {"a": OTHERS[2]})
    assert float(archive.vectors.load(one.id, ["a"])["a"] @ OTHERS[1]) > 0.99


def test_more_vectors_than_a_statement_can_take(archive: Archive) -> None:
    own = recognise(archive, PROBE).id
    many = {f"h{number}": vector for number, vector in enumerate(vectors(12_000, dimension=4))}
    archive.vectors.store(own, many)
    assert len(archive.vectors.load(own, [*many, *(f"no{n}" for n in range(40_000))])) == 12_000


def test_a_vector_needs_a_model(archive: Archive) -> None:
    with pytest.raises(ArchiveError):
        archive.vectors.store(99, {"a": PROBE})


@pytest.mark.parametrize(
    ("again", "same"),
    [
        ({}, True),
        ({"probe": PROBE + np.float32(1e-4) * OTHERS[0]}, True),
        ({"probe": OTHERS[0]}, False),
        ({"probe": (PROBE + np.float32(0.2) * OTHERS[0]) / np.float32(1.0198)}, False),
        ({"probe": -PROBE}, False),
        ({"probe": PROBE[:100] / np.linalg.norm(PROBE[:100])}, False),
        ({"model": "another"}, False),
        ({"query": ""}, False),
    ],
)
def test_a_model_is_known_by_how_it_answers(
    archive: Archive, again: dict[str, object], same: bool
) -> None:
    """FAILURES 23: also weights that were exchanged under the same name."""
    first = recognise(archive, PROBE)
    second = recognise(archive, **{"probe": PROBE, **again})
    assert (second == first) is same
    assert recognise(archive, PROBE) == first
    assert second.dimension == len(again.get("probe", PROBE))  # type: ignore[arg-type]


def test_threads_that_meet_a_model_at_once_agree_on_it(archive: Archive) -> None:
    with ThreadPoolExecutor(4) as pool:
        records = list(pool.map(lambda _: recognise(archive, PROBE), range(8)))
    assert len(set(records)) == 1


def test_a_sample_is_of_passages_that_are_there_and_the_same_each_time(archive: Archive) -> None:
    own = recognise(archive, PROBE).id
    texts = [f"第 {n} 篇文章,它们各说各的" for n in range(20)]
    matrix = dict(zip(hold(archive, texts), vectors(20, seed=2), strict=True))
    archive.vectors.store(own, {**matrix, "gone": OTHERS[0]})
    found, sample = archive.vectors.sample(own, 100)
    assert sorted(found) == sorted(texts)
    assert sample.shape == (20, DIMENSION)
    assert sample.dtype == np.float32
    for text, vector in zip(found, sample, strict=True):
        assert float(vector @ matrix[text_hash(text)]) > 0.99
    few, their_vectors = archive.vectors.sample(own, 5)
    assert (few, their_vectors.shape) == (found[:5], (5, DIMENSION))
    assert len(archive.vectors.sample(own + 1, 5)[1]) == 0


def test_tidying_keeps_what_is_of_use(archive: Archive) -> None:
    one, two, three = (recognise(archive, OTHERS[n], model=name).id for n, name in enumerate("abc"))
    hashes = hold(archive, ["第一篇文章说的是缓冲区", "第二篇文章说的是过滤器"])
    for own in (one, two, three):
        archive.vectors.store(own, dict(zip([*hashes, "gone"], vectors(3, seed=own), strict=True)))
    assert archive.vectors.tidy([one, two]) == 3 + 2
    for own, left in ((one, 2), (two, 2), (three, 0)):
        assert len(archive.vectors.load(own, [*hashes, "gone"])) == left
    assert recognise(archive, OTHERS[0], model="a").id == one
    assert archive.vectors.tidy([one, two]) == 0


@pytest.mark.parametrize("task", ["sample", "tidy"])
def test_no_vector_is_a_walk_through_all_excerpts(archive: Archive, task: str) -> None:
    """As SQLite itself explains it: 10,000 passages took a minute, 100,000 never ended."""
    own = recognise(archive, PROBE).id
    statements: list[tuple[str, Any]] = []

    def heard(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        statements.append((statement, parameters))

    engine = archive._database.engine
    event.listen(engine, "before_cursor_execute", heard)
    archive.vectors.sample(own, 10) if task == "sample" else archive.vectors.tidy([own])
    event.remove(engine, "before_cursor_execute", heard)
    (asked,) = [(s, p) for s, p in statements if "excerpts" in s]
    with archive._database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1])
        steps = [str(row.detail) for row in plan if "excerpts" in str(row.detail)]
    assert len(steps) == 1
    assert "ix_excerpts_text_hash (text_hash=?)" in steps[0]


@given(st.text(max_size=50), st.text(max_size=50))
@settings(deadline=None)
def test_texts_have_one_hash_each(one: str, other: str) -> None:
    assert (text_hash(one) == text_hash(other)) is (one == other)
    assert len(text_hash(one)) == 32
