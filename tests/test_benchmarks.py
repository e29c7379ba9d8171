"""The bench measures what it says: on perfect and on hopeless rankings, on sets that are sound."""

from __future__ import annotations

import hashlib
import json
import math
import sys
import unicodedata
from pathlib import Path

import pytest

from benchmarks.questions import (
    EXAMPLE_SETS,
    LANGUAGES,
    TAIWAN,
    Question,
    all_golden,
    cmrc,
    example,
    over_pages,
    parallel,
    rows,
)
from benchmarks.retrieval import Bench, RememberingEmbedder, auroc, cell, main, report
from retrieval.article import Draft
from retrieval.embedding import SentenceEmbedder
from retrieval.index.tokens import normalise
from tests.retrieval.shelf import LINES

#: Kinds of questions that nothing answers.
UNANSWERABLE = {"near", "far"}


def test_auroc() -> None:
    assert auroc([0.9, 0.8, 0.1], [True, True, False]) == 1.0
    assert auroc([0.1, 0.9], [True, False]) == 0.0
    assert auroc([0.5, 0.5], [True, False]) == 0.5
    assert math.isnan(auroc([0.5], [True]))


def test_a_cell_tells_the_four_measures() -> None:
    assert cell([1, 1]) == "1.0000, 1.0000, 1.0000, 1.0000"
    assert cell([float("inf")]) == "0.0000, 0.0000, 0.0000, 0.0000"
    assert cell([3]) == f"0.0000, 1.0000, {1 / 3:.4f}, 0.5000"
    assert cell([11]) == "0.0000, 0.0000, 0.0000, 0.0000", "MRR and nDCG look at ten"
    assert (
        cell([1, 4]) == f"0.5000, 0.5000, {(1 + 1 / 4) / 2:.4f}, {(1 + 1 / math.log2(5)) / 2:.4f}"
    )


# --- the golden sets -----------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLE_SETS)
def test_every_golden_question_names_articles_of_the_example_archive(name: str) -> None:
    halves = {split: example(name, split) for split in ("dev", "test")}
    for half in halves.values():
        texts = [draft.text for draft in half.drafts]
        assert len(texts) == 64
        for question in half.questions:
            assert all(texts.count(answer) == 1 for answer in question.answers)
            assert bool(question.answers) != (question.kind in UNANSWERABLE)
    asked = [question.text for half in halves.values() for question in half.questions]
    assert len(asked) == len(set(asked)) >= 200, "and none is in both halves"
    kinds = [question.kind for question in example(name, "all").questions]
    assert len(kinds) == len(asked)
    assert name == "paraphrased" or sum(kind in UNANSWERABLE for kind in kinds) >= 50


def test_questions_from_taiwan_are_in_its_characters() -> None:
    halves = {split: example(TAIWAN, split) for split in ("dev", "test")}
    asked = [question for half in halves.values() for question in half.questions]
    assert len({question.text for question in asked}) == len(asked) >= 120
    for question in asked:
        assert normalise(question.text) != unicodedata.normalize("NFKC", question.text)
        assert bool(question.answers) != (question.kind in UNANSWERABLE)
    for half in halves.values():
        assert {question.kind for question in half.questions} == {
            *("zh", "zh-en", "zh-short", "zh-en-short", "near", "far")
        }


@pytest.mark.parametrize("asked", LANGUAGES)
@pytest.mark.parametrize("told", LANGUAGES)
def test_the_reading_set_is_parallel(asked: str, told: str) -> None:
    halves = [parallel(asked, told, split) for split in ("dev", "test")]
    archive = {draft.text for draft in halves[0].drafts}
    assert archive == {draft.text for draft in halves[1].drafts}, "both halves are asked of all"
    questions = [question for half in halves for question in half.questions]
    assert len(questions) >= 300
    assert len({question.text for question in questions}) == len(questions)
    for question in questions:
        assert question.kind == f"{asked}-{told}"
        (answer,) = question.answers
        assert answer in archive
        chinese = any("\u4e00" <= char <= "\u9fff" for char in question.text)
        assert chinese == (asked == "zh")


def test_the_blogs_texts_are_named_by_their_digests() -> None:
    """They are not ours to quote."""
    for row in rows("blog"):
        for article in row["articles"]:
            assert len(article) == 16
            assert int(article, 16) >= 0


def test_all_sets_come_in_one_list(tmp_path: Path) -> None:
    names = [one.name for one in all_golden("dev", None)]
    parallels = [f"parallel {a}-{b}" for a in LANGUAGES for b in LANGUAGES]
    assert names == [*EXAMPLE_SETS, TAIWAN, *parallels]
    assert all(one.questions for one in all_golden("all", None))


def test_an_answer_is_named_by_its_opening_or_its_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join(["chrome", "LATEST UPDATES", *LINES, "1 2", ""])
    (tmp_path / "page.txt").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(LINES[2].encode()).hexdigest()[:16]
    golden = [
        {"question": "by opening", "kind": "zh", "split": "dev", "articles": [LINES[0][:12]]},
        {"question": "by digest", "kind": "zh", "split": "dev", "articles": [digest]},
        {"question": "elsewhere", "kind": "far", "split": "test", "articles": []},
    ]
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, golden)), encoding="utf-8")
    monkeypatch.setattr("benchmarks.questions.GOLDEN", tmp_path)
    found = over_pages("own", tmp_path, "dev").questions
    assert [question.answers for question in found] == [(LINES[0],), (LINES[2],)]
    assert [q.text for q in over_pages("own", tmp_path, "all").questions][2:] == ["elsewhere"]


# --- a report ------------------------------------------------------------------------------


def test_a_report_over_a_small_archive(tmp_path: Path, bundled: SentenceEmbedder) -> None:
    bench = Bench(tmp_path, [Draft(text=line) for line in LINES], bundled)
    questions = [
        Question("环形缓冲区写满了怎么办", "known", (LINES[0],)),
        Question("bloom filter", "known", (LINES[1],)),
        Question("bloom filter", "mistaken", (LINES[0],)),
        Question("北京烤鸭哪家好吃", "far", ()),
    ]
    lines = list(report(bench, questions, wrong=True))
    brief = list(report(bench, questions))
    bench.close()
    known = next(line for line in lines if line.startswith("| known (2)"))
    assert known.endswith("| 1.0000, 1.0000, 1.0000, 1.0000 |")
    mistaken = next(line for line in lines if line.startswith("| mistaken (1)"))
    assert mistaken.split(" | ")[-1].startswith("0.0000, ")
    assert any(line.startswith("| all (3)") for line in lines)
    assert "answered, known: 1.000" in lines
    assert "answered, far: 0.000" in lines
    assert "AUROC of the confidence: 1.0000" in lines
    assert "unanswerable answered where 98% of the answerable are: 0.000" in lines
    (wrong,) = [line for line in lines if line.startswith("place ")]
    assert wrong.endswith(": bloom filter")
    assert [line for line in lines if line != wrong] == brief


def test_an_answer_of_several_passages_counts_once_and_by_its_beginning(
    tmp_path: Path, bundled: SentenceEmbedder
) -> None:
    long = "".join(f"第{n}节讲环形缓冲区的第{n}个边界情况,并给出一段代码。" for n in range(60))
    bench = Bench(tmp_path, [Draft(text=text) for text in (*LINES[1:], long)], bundled)
    assert bench.archive.articles.counts().excerpts > len(LINES) + 1
    rankings, answer = bench.rankings("环形缓冲区的边界情况")
    for method, ranking in rankings.items():
        assert len(ranking) == len(set(ranking)), method
        assert ranking[0] == answer.hits[0].article.id, method
    lines = list(report(bench, [Question("环形缓冲区的边界情况", "long", (long,))]))
    bench.close()
    assert next(line for line in lines if line.startswith("| long (1)")).count("1.0000") == 16


def test_embeddings_are_remembered_from_run_to_run(
    tmp_path: Path, bundled: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "keep" / "embeddings.pickle"
    loaded = bundled.load()
    monkeypatch.setattr(SentenceEmbedder, "load", lambda _: loaded)
    first = RememberingEmbedder(file)
    asked = first.embed_queries(["bloom", "堆", "bloom"])
    told = first.embed_passages(["bloom"])
    assert (asked[0] == asked[2]).all()
    assert not (asked[0] == told[0]).all(), "a question's vector is not a passage's"
    assert asked[:1] @ bundled.embed_queries(["bloom"]).T == pytest.approx(1, abs=1e-3)
    first.keep()

    def refuse(_: SentenceEmbedder) -> None:
        raise AssertionError("the model was asked")

    monkeypatch.setattr(SentenceEmbedder, "load", refuse)
    again = RememberingEmbedder(file)
    assert (again.embed_queries(["堆", "bloom"]) == asked[1:]).all()
    assert (again.embed_passages(["bloom"]) == told).all()
    with pytest.raises(AssertionError, match="the model was asked"):
        again.embed_passages(["堆"])


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
    asked = cmrc(squad, paragraphs=3, every=2)
    assert [draft.text for draft in asked.drafts] == list(LINES[:3])
    assert [question.text for question in asked.questions] == ["q0a", "q1a", "q2a", "q3a"]
    assert [question.answers for question in asked.questions] == [
        (LINES[0],),
        (LINES[1],),
        (LINES[2],),
        (),
    ]


def test_the_command_reports_on_the_set_it_is_given(
    squad: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(squad.read_text(encoding="utf-8"))
    for paragraph in data["data"][0]["paragraphs"]:
        paragraph["qas"] = [{"question": paragraph["context"][:20]}]
    squad.write_text(json.dumps(data), encoding="utf-8")
    keep = squad.parent / "keep"
    arguments = ["--cmrc", str(squad), "--paragraphs", "3", "--keep", str(keep), "--wrong"]
    monkeypatch.setattr(sys, "argv", ["benchmarks.retrieval", *arguments])
    main()
    said = capsys.readouterr().out
    assert "## CMRC 2018: 3 articles, 4 questions" in said
    assert "| answerable (3) | " in said
    assert "answered, answerable: 1.000" in said
    assert "answered, left out: " in said
    assert (keep / "embeddings.pickle").exists()
