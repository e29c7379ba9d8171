"""The latency bench draws an archive, answers from it, and says where the time went."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.drawn import Writer, drawn_vectors, example_passages
from benchmarks.latency import BESIDE, ELSE, EMBEDDING, STAGES, different, run
from retrieval.embedding import SentenceEmbedder
from retrieval.index.lexical import LexicalIndex

PASSAGES = 300
#: Enough of the examples to have both languages, few enough to embed quickly.
EXAMPLES = example_passages()[:4]


def test_a_run_tells_where_the_time_goes_and_the_next_one_builds_nothing(
    tmp_path: Path, bundled: SentenceEmbedder, capsys: pytest.CaptureFixture[str]
) -> None:
    home, search = tmp_path / "drawn", LexicalIndex.search
    lines = list(run(home, PASSAGES, 6, bundled, EXAMPLES))
    held = re.match(r"(\d+) passages, 6 questions", lines[0])
    assert held is not None
    assert PASSAGES <= int(held[1]) < PASSAGES + 5
    medians = {
        row[1]: float(row[2])
        for line in lines
        if (row := re.fullmatch(r"\| (?:- )?(.+?) \| ([\d.]+) \| [\d.]+ \| [\d.]+ \|", line))
    }
    assert list(medians) == [EMBEDDING, ELSE, *BESIDE, *STAGES, "the rest"]
    assert all(medians[stage] > 0 for stage in (*BESIDE, *STAGES))
    assert any(re.match(r"everything else / one embedding: \d+\.\d\d", line) for line in lines)
    assert LexicalIndex.search is search
    assert "building the index" in capsys.readouterr().err
    again = list(run(home, PASSAGES, 6, bundled, EXAMPLES))
    assert again[0] == lines[0]
    assert "building the index" not in capsys.readouterr().err


def test_the_same_articles_are_drawn_each_time() -> None:
    drafts = Writer(EXAMPLES).drafts(50)
    assert Writer(EXAMPLES).drafts(50) == drafts
    assert len({draft.text for draft in drafts}) == len(drafts)


def test_drawn_vectors_are_unit_vectors_near_their_own_topic() -> None:
    chance = np.random.default_rng(1)
    centres = chance.normal(loc=0.2, size=(6, 384)).astype(np.float32)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    numbers = list(range(60))
    matrix = drawn_vectors(numbers, centres, [True, False] * 3, chance)
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-5)
    nearest = (matrix @ centres.T).argmax(axis=1)
    assert (nearest == np.array(numbers) % 6).mean() > 0.5


def test_no_question_is_asked_twice() -> None:
    asked = different(["a?", "b?"], 5)
    assert len(asked) == len(set(asked)) == 5
