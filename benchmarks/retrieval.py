"""How often the right article stands first, and how well answers are told from refusals.

    python -m benchmarks.retrieval                       golden questions, development half
    python -m benchmarks.retrieval --split test          the other half: not for tuning
    python -m benchmarks.retrieval --cmrc FILE           CMRC 2018 in its SQuAD-like JSON

Everything runs through the product's own index; `dense`, `lexical` and `rrf` rank its candidates by
one half of the evidence, or by reciprocal rank fusion (Cormack 2009, k = 60), for comparison.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.embedding import SentenceEmbedder
from retrieval.index.following import Follower
from retrieval.index.tokens import question_words
from retrieval.search.answering import Answerer
from retrieval.sources.snapshot import SnapshotReader

ROOT = Path(__file__).parent.parent
METHODS = ("dense", "lexical", "rrf", "product")
DEEP = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the openings of the texts that answer it, none where nothing does."""

    text: str
    kind: str
    openings: tuple[str, ...]


def golden(split: str) -> tuple[list[Draft], list[Question]]:
    """The example archive and one half of its questions."""
    drafts = SnapshotReader(name="example", folder=ROOT / "examples" / "pages").read().drafts
    rows = (ROOT / "benchmarks" / "golden" / "questions.jsonl").read_text(encoding="utf-8")
    questions = [
        Question(row["question"], row["kind"], tuple(row["articles"]))
        for row in map(json.loads, rows.splitlines())
        if row["split"] == split
    ]
    return list(drafts), questions


def cmrc(file: Path, paragraphs: int, every: int) -> tuple[list[Draft], list[Question]]:
    """The first paragraphs as archive, every so many-th question; of left-out ones, no answer."""
    data = json.loads(file.read_text(encoding="utf-8"))["data"]
    whole = [paragraph for article in data for paragraph in article["paragraphs"]]
    drafts = [Draft(text=paragraph["context"]) for paragraph in whole[:paragraphs]]
    questions = [
        Question(
            qa["question"],
            "answerable" if number < paragraphs else "left out",
            (paragraph["context"].strip(),) if number < paragraphs else (),
        )
        for number, paragraph in enumerate(whole)
        for qa in paragraph["qas"]
    ]
    return drafts, questions[::every]


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Area under the ROC curve: how often a positive one scores above a negative one."""
    values, flags = np.array(scores), np.array(positive)
    yes, no = values[flags], values[~flags]
    if not len(yes) or not len(no):
        return float("nan")
    above = (yes[:, None] > no[None, :]).mean() + 0.5 * (yes[:, None] == no[None, :]).mean()
    return float(above)


class Bench:
    """One archive, indexed, and every way of ranking it."""

    def __init__(self, home: Path, drafts: Sequence[Draft]) -> None:
        self.archive = Archive.open(f"sqlite:///{home / 'archive.sqlite3'}")
        self.archive.articles.commit("bench", "bench", drafts, datetime.now(UTC))
        self.embedder = SentenceEmbedder()
        self.follower = Follower(self.archive, home / "index", self.embedder)
        self.follower.start("bench")
        self.follower.catch_up()
        self.answerer = Answerer(self.archive, self.follower, self.embedder)

    def rankings(self, question: str) -> tuple[dict[str, list[str]], float]:
        """Article ids in order by method, and the product's confidence."""
        vector = self.embedder.embed_queries([question])[0]
        with self.follower.searching() as index:
            words = index.words.weigh(question_words(question))
            dense = _articles(index.vectors.nearest(vector, min(DEEP, index.vectors.count())))
            lexical = _articles(index.words.search(words, DEEP))
        ranks: dict[str, float] = defaultdict(float)
        for ranking in (dense, lexical):
            for place, article in enumerate(ranking, start=1):
                ranks[article] += 1 / (60 + place)
        answer = self.answerer.answer([question])[0]
        return {
            "dense": dense,
            "lexical": lexical,
            "rrf": sorted(ranks, key=lambda article: -ranks[article]),
            "product": [hit.article.id for hit in answer.hits],
        }, answer.confidence

    def close(self) -> None:
        self.follower.close()
        self.archive.close()


def _articles(excerpts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(own.rpartition(":")[0] for own in excerpts))


def report(bench: Bench, questions: Sequence[Question]) -> Iterator[str]:
    """Lines of a Markdown table, then the refusals."""
    texts = {
        passage.excerpt.article_id: passage.excerpt.text
        for passage in reversed(bench.archive.articles.passages(bench.archive.articles.ids()))
    }
    places: dict[tuple[str, str], list[float]] = defaultdict(list)
    confidences: list[tuple[Question, float]] = []
    for question in questions:
        rankings, sure = bench.rankings(question.text)
        confidences.append((question, sure))
        for method in METHODS if question.openings else ():
            place = next(
                (
                    place
                    for place, article in enumerate(rankings[method], start=1)
                    if any(
                        texts[article].startswith(o) or o.startswith(texts[article])
                        for o in question.openings
                    )
                ),
                float("inf"),
            )
            for kind in (question.kind, "all"):
                places[method, kind].append(place)
    yield "| questions | " + " | ".join(f"{m} hit@1, hit@3, MRR@10" for m in METHODS) + " |"
    yield "| --- |" + " --- |" * len(METHODS)
    for kind in dict.fromkeys(kind for _, kind in places):
        cells = [_cell(places[method, kind]) for method in METHODS]
        yield f"| {kind} ({len(places['product', kind])}) | " + " | ".join(cells) + " |"
    yield ""
    yield from _refusals(confidences)


def _cell(places: Sequence[float]) -> str:
    values = np.array(places)
    reciprocal = np.where(values <= 10, 1 / values, 0)
    return f"{(values <= 1).mean():.3f}, {(values <= 3).mean():.3f}, {reciprocal.mean():.3f}"


def _refusals(confidences: Sequence[tuple[Question, float]]) -> Iterator[str]:
    answerable = [bool(question.openings) for question, _ in confidences]
    area = auroc([sure for _, sure in confidences], answerable)
    yield f"AUROC of the confidence: {area:.3f}"
    for kind in dict.fromkeys(question.kind for question, _ in confidences):
        answered = [sure >= 0.5 for question, sure in confidences if question.kind == kind]
        yield f"answered, {kind}: {np.mean(answered):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=["dev", "test"], default="dev")
    parser.add_argument("--cmrc", type=Path, metavar="FILE")
    parser.add_argument("--paragraphs", type=int, default=848, help="of CMRC, as the archive")
    parser.add_argument("--every", type=int, default=1, help="every so many-th question of CMRC")
    arguments = parser.parse_args()
    drafts, questions = (
        cmrc(arguments.cmrc, arguments.paragraphs, arguments.every)
        if arguments.cmrc
        else golden(arguments.split)
    )
    with tempfile.TemporaryDirectory() as home:
        bench = Bench(Path(home), drafts)
        for line in report(bench, questions):
            print(line, flush=True)
        bench.close()


if __name__ == "__main__":
    main()
