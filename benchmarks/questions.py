"""The sets of questions that retrieval is measured on, and the archives they are asked of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.article import Draft
from retrieval.sources.snapshot import SnapshotReader

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "benchmarks" / "golden"
#: Sets over the example archive, from questions that name their subject to such as hide it.
EXAMPLE_SETS = ("example", "paraphrased", "hard")
#: Another over it: as readers in Taiwan ask, in their characters and their words.
TAIWAN = "taiwan"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, of some kind, and the texts that answer it, none where nothing does."""

    text: str
    kind: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """An archive and what it is asked."""

    name: str
    drafts: tuple[Draft, ...]
    questions: tuple[Question, ...]


def over_pages(name: str, folder: Path, split: str) -> QuestionSet:
    """A set of `golden` over page snapshots.

    Its `articles` are the openings of the texts that answer or, where the text is not ours to
    quote, the first 16 digits of its SHA-256. Questions of the split `open` are left out: nobody
    has told yet what answers them.
    """
    drafts = SnapshotReader(name="pages", folder=folder).read().drafts
    by_digest = {hashlib.sha256(d.text.encode()).hexdigest()[:16]: d.text for d in drafts}

    def answer(said: str) -> str:
        return by_digest.get(said) or next(d.text for d in drafts if d.text.startswith(said))

    questions = [
        Question(row["question"], row["kind"], tuple(map(answer, row["articles"])))
        for row in rows(name)
        if split in (row["split"], "all") and row["split"] != "open"
    ]
    return QuestionSet(name, tuple(drafts), tuple(questions))


def example(name: str, split: str) -> QuestionSet:
    """One of `EXAMPLE_SETS`, or `TAIWAN`."""
    return over_pages(name, ROOT / "examples" / "pages", split)


def parallel(asked: str, told: str, split: str) -> QuestionSet:
    """Questions in one language over all paragraphs of the reading set in another, or the same."""
    paragraphs = rows("parallel")
    questions = [
        Question(question[asked], f"{asked}-{told}", (row[told],))
        for row in paragraphs
        if split in (row["split"], "all")
        for question in row["questions"]
    ]
    drafts = tuple(Draft(text=row[told]) for row in paragraphs)
    return QuestionSet(f"parallel {asked}-{told}", drafts, tuple(questions))


def cmrc(file: Path, paragraphs: int, every: int) -> QuestionSet:
    """The first paragraphs as archive, every so many-th question; of left-out ones, no answer."""
    data = json.loads(file.read_text(encoding="utf-8"))["data"]
    whole = [paragraph for article in data for paragraph in article["paragraphs"]]
    questions = [
        Question(
            qa["question"],
            "answerable" if number < paragraphs else "left out",
            (paragraph["context"].strip(),) if number < paragraphs else (),
        )
        for number, paragraph in enumerate(whole)
        for qa in paragraph["qas"]
    ]
    drafts = tuple(Draft(text=paragraph["context"]) for paragraph in whole[:paragraphs])
    return QuestionSet("CMRC 2018", drafts, tuple(questions[::every]))


def all_golden(split: str, blog: Path | None) -> Sequence[QuestionSet]:
    """All of our own sets, that over the blog's pages where they are at hand."""
    sets = [example(name, split) for name in (*EXAMPLE_SETS, TAIWAN)]
    if blog is not None:
        sets.append(over_pages("blog", blog, split))
    return [*sets, *(parallel(a, b, split) for a in LANGUAGES for b in LANGUAGES)]


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a golden file."""
    text = (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]
