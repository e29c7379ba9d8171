"""How often the right article stands first, and how well answers are told from refusals.

    python -m benchmarks.retrieval                    the golden sets, development half
    python -m benchmarks.retrieval --split test       the other half: not for tuning
    python -m benchmarks.retrieval --blog FOLDER      also over the page snapshots in that folder
    python -m benchmarks.retrieval --cmrc FILE        CMRC 2018 in its SQuAD-like JSON instead
    python -m benchmarks.retrieval --keep FOLDER      remember embeddings there for the next run
    python -m benchmarks.retrieval --without bridge   the product without one of its parts

Everything runs through the product's own index; `dense` and `lexical` rank its passages by one half
of the evidence, `rrf` by their reciprocal rank fusion (Cormack 2009, k = 60).
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.questions import Question, QuestionSet, all_golden, cmrc
from bot.cards import NEAREST_FROM, SHOWN_HITS
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.embedding import Matrix, SentenceEmbedder
from retrieval.index import lexical
from retrieval.index.following import Follower
from retrieval.index.moments import Moments
from retrieval.index.questions import question_words
from retrieval.search import dictionary, fusion, words
from retrieval.search.answer import Answer
from retrieval.search.answering import Answerer

METHODS = ("dense", "lexical", "rrf", "product")
DEEP = 1_000
#: Share of the answerable questions that a threshold must let through, to compare refusals by.
ANSWERED = 0.98
_TOP = 10


def _no_language(moments: Moments, _: Matrix, shares: Matrix) -> NDArray[np.float64]:
    del moments
    return np.zeros(len(shares))


#: Parts of the product that it can be measured without: what stands in their place.
PARTS: Mapping[str, tuple[object, str, object]] = {
    "terms": (dictionary, "terms", lambda: iter(())),
    "bridge": (words, "bridged", lambda asked, *_: list(asked)),
    "spelling": (words, "_mended", lambda word, *_: word),
    "rarity": (lexical, "expected", lambda _: 0.0),
    "language": (Moments, "language_bonus", _no_language),
    "coverage": (fusion, "COVERAGE_WEIGHT", 0.0),
    "verbatim": (fusion, "VERBATIM_WEIGHT", 0.0),
    "opening": (fusion, "OPENING_WEIGHT", 0.0),
}


class RememberingEmbedder(SentenceEmbedder):
    """The bundled model, with every vector it made kept in a file."""

    def __init__(self, file: Path | None) -> None:
        super().__init__()
        self._file = file
        self._known: dict[tuple[str, str], Matrix] = {}
        if file is not None and file.exists():
            with file.open("rb") as stored:
                self._known = pickle.load(stored)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._remembered("query", texts)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._remembered("passage", texts)

    def _remembered(self, kind: str, texts: Sequence[str]) -> Matrix:
        missing = [text for text in dict.fromkeys(texts) if (kind, text) not in self._known]
        if missing:
            embed = super().embed_queries if kind == "query" else super().embed_passages
            for text, vector in zip(missing, embed(missing), strict=True):
                self._known[kind, text] = vector
        return np.stack([self._known[kind, text] for text in texts])

    def keep(self) -> None:
        """Write what is known."""
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_bytes(pickle.dumps(self._known))


class Bench:
    """One archive, indexed, and every way of ranking it."""

    def __init__(self, home: Path, drafts: Sequence[Draft], embedder: SentenceEmbedder) -> None:
        self.archive = Archive.open(f"sqlite:///{home / 'archive.sqlite3'}")
        self.archive.articles.commit("bench", "bench", drafts, datetime.now(UTC))
        self.embedder = embedder
        self.follower = Follower(self.archive, home / "index", embedder)
        self.follower.start("bench")
        self.follower.catch_up()
        self.answerer = Answerer(self.archive, self.follower, embedder)

    def rankings(self, question: str) -> tuple[dict[str, list[str]], Answer]:
        """Article ids in order by method, and the product's answer."""
        vector = self.embedder.embed_queries([question])[0]
        with self.follower.searching() as index:
            weighed = index.words.weigh(question_words(question))
            dense = _articles(index.vectors.nearest(vector, min(DEEP, index.vectors.count())))
            by_words = _articles([*index.words.search(weighed, DEEP)])
        ranks: dict[str, float] = defaultdict(float)
        for ranking in (dense, by_words):
            for place, article in enumerate(ranking, start=1):
                ranks[article] += 1 / (60 + place)
        answer = self.answerer.answer([question])[0]
        return {
            "dense": dense,
            "lexical": by_words,
            "rrf": sorted(ranks, key=lambda article: -ranks[article]),
            "product": [hit.article.id for hit in answer.hits],
        }, answer

    def close(self) -> None:
        self.follower.close()
        self.archive.close()


def _articles(excerpts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(own.rpartition(":")[0] for own in excerpts))


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Area under the ROC curve: how often a positive one scores above a negative one."""
    values, flags = np.array(scores), np.array(positive)
    yes, no = values[flags], values[~flags]
    if not len(yes) or not len(no):
        return float("nan")
    above = (yes[:, None] > no[None, :]).mean() + 0.5 * (yes[:, None] == no[None, :]).mean()
    return float(above)


def report(bench: Bench, questions: Sequence[Question], wrong: bool = False) -> Iterator[str]:
    """Lines of a Markdown table, then the refusals, then, if asked, what came out wrong."""
    texts = {
        passage.excerpt.article_id: passage.excerpt.text
        for passage in reversed(bench.archive.articles.passages(bench.archive.articles.ids()))
    }
    places: dict[tuple[str, str], list[float]] = defaultdict(list)
    answers: list[tuple[Question, Answer]] = []
    mistaken: list[str] = []
    declined: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        rankings, answer = bench.rankings(question.text)
        answers.append((question, answer))
        if not question.answers:
            if answer.relevant:
                mistaken.append(f"answered, {answer.confidence:.2f}: {question.text}")
            else:
                declined[question.kind].append(answer.confidence)
            continue
        for method in METHODS:
            place = _place(rankings[method], question, texts)
            for kind in (question.kind, "all"):
                places[method, kind].append(place)
        if not answer.relevant:
            kind = "answered by one of the nearest" if place <= SHOWN_HITS else "by none of them"
            declined[kind].append(answer.confidence)
        if place != 1 or not answer.relevant:
            mistaken.append(f"place {place}, {answer.confidence:.2f}: {question.text}")
    yield "| questions | " + " | ".join(f"{m} hit@1, hit@3, MRR, nDCG" for m in METHODS) + " |"
    yield "| --- |" + " --- |" * len(METHODS)
    for kind in dict.fromkeys(kind for _, kind in places):
        cells = [cell(places[method, kind]) for method in METHODS]
        yield f"| {kind} ({len(places['product', kind])}) | " + " | ".join(cells) + " |"
    yield ""
    yield from _refusals(answers)
    for kind, sure in declined.items():
        named = np.mean(np.array(sure) >= NEAREST_FROM)
        yield f"declined, {kind}: {len(sure)}, the nearest named of {named:.3f}"
    if wrong:
        yield from mistaken


def _place(ranking: Sequence[str], question: Question, texts: Mapping[str, str]) -> float:
    """The place, from 1, of the first article that answers; infinity where none is found."""
    return next(
        (
            place
            for place, article in enumerate(ranking, start=1)
            if any(answer.startswith(texts[article]) for answer in question.answers)
        ),
        float("inf"),
    )


def cell(places: Sequence[float]) -> str:
    """hit@1, hit@3, MRR@10, nDCG@10 (one right article each: 1 / log2(1 + place))."""
    values: NDArray[np.float64] = np.array(places)
    within = values <= _TOP
    reciprocal = np.where(within, 1 / values, 0)
    gain = np.where(within, 1 / np.log2(1 + values), 0)
    return (
        f"{(values <= 1).mean():.4f}, {(values <= 3).mean():.4f}, "
        f"{reciprocal.mean():.4f}, {gain.mean():.4f}"
    )


def _refusals(answers: Sequence[tuple[Question, Answer]]) -> Iterator[str]:
    answerable = np.array([bool(question.answers) for question, _ in answers])
    sure = np.array([answer.confidence for _, answer in answers])
    if answerable.any() and not answerable.all():
        yield f"AUROC of the confidence: {auroc(sure.tolist(), answerable.tolist()):.4f}"
        bar = np.quantile(sure[answerable], 1 - ANSWERED, method="lower")
        passed = (sure[~answerable] >= bar).mean()
        yield f"unanswerable answered where {ANSWERED:.0%} of the answerable are: {passed:.3f}"
    for kind in dict.fromkeys(question.kind for question, _ in answers):
        answered = [answer.relevant for question, answer in answers if question.kind == kind]
        yield f"answered, {kind}: {np.mean(answered):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=["dev", "test", "all"], default="dev")
    parser.add_argument("--blog", type=Path, metavar="FOLDER")
    parser.add_argument("--cmrc", type=Path, metavar="FILE")
    parser.add_argument("--paragraphs", type=int, default=848, help="of CMRC, as the archive")
    parser.add_argument("--every", type=int, default=1, help="every so many-th question of CMRC")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--only", metavar="SETS", help="names of golden sets, commas between")
    parser.add_argument("--without", choices=PARTS, action="append", default=[])
    parser.add_argument("--wrong", action="store_true", help="list what came out wrong")
    arguments = parser.parse_args()
    for part in arguments.without:
        setattr(*PARTS[part])
    sets: Sequence[QuestionSet] = (
        [cmrc(arguments.cmrc, arguments.paragraphs, arguments.every)]
        if arguments.cmrc
        else all_golden(arguments.split, arguments.blog)
    )
    embedder = RememberingEmbedder(arguments.keep and arguments.keep / "embeddings.pickle")
    for one in sets:
        if arguments.only and one.name not in arguments.only.split(","):
            continue
        print(f"\n## {one.name}: {len(one.drafts)} articles, {len(one.questions)} questions\n")
        with tempfile.TemporaryDirectory() as home:
            bench = Bench(Path(home), one.drafts, embedder)
            for line in report(bench, one.questions, arguments.wrong):
                print(line, flush=True)
            bench.close()
        embedder.keep()


if __name__ == "__main__":
    main()
