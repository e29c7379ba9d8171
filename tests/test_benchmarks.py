"""The bench measures what it says: on a perfect and on a hopeless ranking."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.retrieval import ROOT, Bench, Question, auroc, cmrc, golden, report
from retrieval.article import Draft
from tests.retrieval.shelf import LINES


def test_auroc() -> None:
    assert auroc([0.9, 0.8, 0.1], [True, True, False]) == 1.0
    assert auroc([0.1, 0.9], [True, False]) == 0.0
    assert auroc([0.5, 0.5], [True, False]) == 0.5


def test_every_golden_question_names_articles_of_the_example_archive() -> None:
    for split in ("dev", "test"):
        drafts, questions = golden(split)
        assert len(drafts) == 64
        for question in questions:
            for opening in question.openings:
                assert sum(draft.text.startswith(opening) for draft in drafts) == 1
    rows = (ROOT / "benchmarks" / "golden" / "questions.jsonl").read_text(encoding="utf-8")
    kinds = [json.loads(row)["kind"] for row in rows.splitlines()]
    assert len(kinds) >= 200
    assert kinds.count("near") + kinds.count("far") >= 50


def test_a_report_over_a_small_archive(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [Draft(text=line) for line in LINES])
    questions = [
        Question("环形缓冲区写满了怎么办", "known", (LINES[0],)),
        Question("bloom filter", "known", (LINES[1],)),
        Question("bloom filter", "mistaken", (LINES[0],)),
        Question("北京烤鸭哪家好吃", "far", ()),
    ]
    lines = list(report(bench, questions))
    bench.close()
    known = next(line for line in lines if line.startswith("| known (2)"))
    assert known.endswith("| 1.000, 1.000, 1.000 |")
    mistaken = next(line for line in lines if line.startswith("| mistaken (1)"))
    assert "| 0.000, " in mistaken
    assert "answered, known: 1.00" in lines
    assert "answered, far: 0.00" in lines


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    paragraphs = [
        {"context": line, "qas": [{"question": f"q{n}a"}, {"question": f"q{n}b"}]}
        for n, line in enumerate(LINES)
    ]
    file = tmp_path / "cmrc.json"
    file.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return file


def test_cmrc_leaves_out_what_it_is_told_to(squad: Path) -> None:
    drafts, questions = cmrc(squad, paragraphs=3, every=2)
    assert [draft.text for draft in drafts] == list(LINES[:3])
    assert [question.text for question in questions] == ["q0a", "q1a", "q2a", "q3a"]
    assert [bool(question.openings) for question in questions] == [True, True, True, False]
