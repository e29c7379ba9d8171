"""Fits the confidence: which signals tell answerable questions from others, and by how much.

    python -m benchmarks.calibration --blog FOLDER --cmrc FILE [--keep FOLDER]

The signals are the product's own, of the first hit of each question of the development halves; of
CMRC 2018 and the reading set some articles are left out of the archive, so that questions on them
have no answer. In each archive the answerable questions count together as much as the others; the
intercept is then moved to where three of five questions have an answer.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.questions import (
    LANGUAGES,
    Question,
    QuestionSet,
    cmrc,
    example,
    over_pages,
    parallel,
)
from benchmarks.retrieval import ANSWERED, Bench, RememberingEmbedder, auroc
from retrieval.search.confidence import Signals

SIGNALS = ("lead", "margin", "above", "told", "missing")
#: The weight of `size` is given, not fitted: the archives at hand differ in more than size. Within
#: CMRC it comes out at -0.5 to -0.2.
SIZE = -0.35
#: Share of questions that have an answer, where the bot lives.
PRIOR = 0.6
#: Paragraphs of CMRC in an archive, every so many-th question asked.
SIZES = ((30, 7), (100, 7), (300, 5), (600, 5))
#: What an archive counts for: a set of questions that readers type more than one of a textbook.
OWN, OTHERS = 3.0, 1.0
#: Ridge on the weights of standardised signals.
_RIDGE = 1e-3
_STEPS = 50
#: The product's own, where no setting says otherwise.
THRESHOLD = 0.5

Matrix = NDArray[np.float64]


def half_left_out(one: QuestionSet) -> QuestionSet:
    """The same with only the first half of its articles in the archive."""
    kept = one.drafts[: len(one.drafts) // 2]
    there = {draft.text for draft in kept}
    questions = [
        q if q.answers[0] in there else Question(q.text, "left out", ()) for q in one.questions
    ]
    return QuestionSet(f"{one.name}, half left out", kept, tuple(questions))


def together(sets: Sequence[QuestionSet]) -> QuestionSet:
    """One archive of all articles, asked all questions."""
    drafts = {draft.text: replace(draft, guid=None, link=None) for s in sets for draft in s.drafts}
    questions = tuple(question for s in sets for question in s.questions)
    return QuestionSet("all together", tuple(drafts.values()), questions)


def archives(blog: Path, file: Path) -> Iterator[tuple[QuestionSet, float]]:
    """What it is fitted on, with what each counts for."""
    own = [example("example", "dev"), over_pages("blog", blog, "dev")]
    yield from ((one, OWN) for one in own)
    for size, every in SIZES:
        yield replace(cmrc(file, size, every), name=f"CMRC 2018, {size}"), OTHERS
    reading = [parallel(asked, told, "dev") for asked in LANGUAGES for told in LANGUAGES]
    yield from ((half_left_out(one), OTHERS) for one in reading)
    paragraphs = replace(cmrc(file, 848, 1), questions=())
    others = [replace(one, questions=()) for one in reading if one.name in ("zh-zh", "en-en")]
    yield together([*own, *others, paragraphs]), OWN


def observed(
    one: QuestionSet, embedder: RememberingEmbedder
) -> tuple[Matrix, NDArray[np.bool_], list[str], float]:
    """Signals of the first hits, (n, len(SIGNALS)), whether there is an answer, kinds, size."""
    with tempfile.TemporaryDirectory() as home:
        bench = Bench(Path(home), one.drafts, embedder)
        rows, flags, kinds = [], [], []
        size = math.log(bench.follower.passages)
        for question in one.questions:
            hits = bench.answerer.answer([question.text])[0].hits
            if hits and hits[0].evidence:
                rows.append(told(hits[0].evidence.signals))
                flags.append(bool(question.answers))
                kinds.append(question.kind)
        bench.close()
    embedder.keep()
    return np.array(rows), np.array(flags), kinds, size


def told(signals: Signals) -> list[float]:
    """The signals as the regression takes them."""
    return [
        math.sqrt(value) if name == "told" else value
        for name, value in ((name, getattr(signals, name)) for name in SIGNALS)
    ]


def fitted(x: Matrix, y: NDArray[np.bool_], weight: Matrix, given: Matrix) -> Matrix:
    """Intercept and weights of a weighted logistic regression, by Newton's method.

    `given` is what is known of each row's log-odds beforehand.
    """
    mean, scale = x.mean(axis=0), x.std(axis=0)
    table = np.column_stack([np.ones(len(x)), (x - mean) / scale])
    ridge = _RIDGE * weight.sum() * np.diag([0.0, *[1.0] * x.shape[1]])
    beta = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-(table @ beta + given)))
        gradient = table.T @ (weight * (y - p)) - ridge @ beta
        curvature = (table * (weight * p * (1 - p))[:, None]).T @ table + ridge
        beta = beta + np.linalg.solve(curvature, gradient)
    slopes = beta[1:] / scale
    return np.array([beta[0] - slopes @ mean, *slopes])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blog", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--cmrc", type=Path, required=True, metavar="FILE")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    embedder = RememberingEmbedder(arguments.keep and arguments.keep / "embeddings.pickle")
    sets = []
    for one, counts in archives(arguments.blog, arguments.cmrc):
        x, y, kinds, size = observed(one, embedder)
        weight = counts * np.where(y, 0.5 / max(1, y.sum()), 0.5 / max(1, (~y).sum()))
        sets.append((one.name, x, y, weight, kinds, np.full(len(x), SIZE * size)))
    beta = fitted(
        np.vstack([row[1] for row in sets]),
        np.concatenate([row[2] for row in sets]),
        np.concatenate([row[3] for row in sets]),
        np.concatenate([row[5] for row in sets]),
    )
    beta[0] += math.log(PRIOR / (1 - PRIOR))
    print("intercept", *SIGNALS)
    print(*(f"{value:.3f}" for value in beta))
    for name, signals, flags, _, kinds, known in sets:
        p = 1 / (1 + np.exp(-(beta[0] + signals @ beta[1:] + known)))
        print(f"{name}: {_told(p, flags, np.array(kinds))}")


def _told(p: Matrix, y: NDArray[np.bool_], kinds: NDArray[np.str_]) -> str:
    bar = np.quantile(p[y], 1 - ANSWERED, method="lower")
    parts = [
        f"AUROC {auroc(p.tolist(), y.tolist()):.3f}",
        f"unanswerable answered where {ANSWERED:.0%} of the answerable are"
        f" {(p[~y] >= bar).mean():.3f}",
        f"answered: answerable {(p[y] >= THRESHOLD).mean():.3f}, others"
        f" {(p[~y] >= THRESHOLD).mean():.3f}",
        *(
            f"{kind} {(p[kinds == kind] >= THRESHOLD).mean():.3f}"
            for kind in ("near", "far")
            if (kinds == kind).any()
        ),
    ]
    return "; ".join(parts)


if __name__ == "__main__":
    main()
