"""What a question costs beside its embedding, in an archive as large as one likes.

    python -m benchmarks.latency                          100,000 passages, in a passing folder
    python -m benchmarks.latency --keep FOLDER            kept there: the next run starts at once
    python -m benchmarks.latency --passages 10000

The archive is drawn by chance (`benchmarks/drawn.py`); its index and the answers are the product's
own. Each question is asked once, so that no cache knows it; its embedding and the rest of its way
are timed one after the other and compared pair by pair, which steadies the ratio on a busy machine.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drawn import build, example_passages
from benchmarks.retrieval import golden
from retrieval.archive.articles import ArticleStore
from retrieval.archive.vectors import VectorStore
from retrieval.embedding import Embedder, SentenceEmbedder
from retrieval.index.lexical import LexicalIndex
from retrieval.index.vectors import VectorIndex
from retrieval.search import answering
from retrieval.search.answering import Answerer

#: Where a question's time goes: what is said of it, and the product's functions that spend it.
STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "words of the question": ((answering, "question_words"),),
    "weighing them": ((LexicalIndex, "weigh"),),
    "dense candidates (Chroma)": ((VectorIndex, "nearest"),),
    "lexical candidates (tantivy)": ((LexicalIndex, "search"),),
    "passages (SQL)": ((ArticleStore, "passages"),),
    "vectors (SQL, Chroma)": ((VectorStore, "load"), (VectorIndex, "vectors")),
    "languages": ((answering, "latin_share"),),
    "terms (tantivy)": ((LexicalIndex, "terms"),),
    "scoring": ((answering, "score"),),
    "articles of the hits (SQL)": ((ArticleStore, "by_id"),),
    "highlights": ((answering, "most_telling"),),
}
EMBEDDING, ELSE, REST = "one embedding", "everything else", "the rest"


class Stopwatch:
    """Seconds by stage since it was last read."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)

    @contextlib.contextmanager
    def watching(self, embedder: Embedder) -> Iterator[None]:
        """Time the product's functions meanwhile; they are put back afterwards."""
        places = [(owner, name, stage) for stage, of in STAGES.items() for owner, name in of]
        with contextlib.ExitStack() as undoing:
            for owner, name, stage in [*places, (embedder, "embed_queries", EMBEDDING)]:
                original = getattr(owner, name)
                setattr(owner, name, self._timed(original, stage))
                undoing.callback(setattr, owner, name, original)
            yield

    def _timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self._seconds[stage] += time.perf_counter() - started

        return timed

    def read(self) -> dict[str, float]:
        """The seconds, then none."""
        seconds, self._seconds = self._seconds, defaultdict(float)
        return seconds


@dataclass(frozen=True, slots=True)
class Timed:
    """One question's milliseconds: its embedding, everything else, and the stages of that."""

    embedding: float
    other: float
    stages: dict[str, float]


def ask(answerer: Answerer, embedder: Embedder, questions: Sequence[str]) -> list[Timed]:
    """Ask one after the other."""
    watch = Stopwatch()
    timed = []
    with watch.watching(embedder):
        for question in questions:
            watch.read()
            started = time.perf_counter()
            answerer.answer([question])
            whole = time.perf_counter() - started
            seconds = watch.read()
            other = whole - seconds[EMBEDDING]
            stages = {stage: 1e3 * seconds[stage] for stage in STAGES}
            stages[REST] = 1e3 * other - sum(stages.values())
            timed.append(Timed(1e3 * seconds[EMBEDDING], 1e3 * other, stages))
    return timed


def report(timed: Sequence[Timed]) -> Iterator[str]:
    """Lines of a Markdown table, then the ratio."""
    yield "| ms a question | median | 90th percentile |"
    yield "| --- | --- | --- |"
    yield _row(EMBEDDING, [one.embedding for one in timed])
    yield _row(ELSE, [one.other for one in timed])
    for stage in (*STAGES, REST):
        yield _row(f"- {stage}", [one.stages[stage] for one in timed])
    ratios = [one.other / one.embedding for one in timed]
    yield ""
    yield (
        f"{ELSE} / {EMBEDDING}: {statistics.median(ratios):.2f}"
        f" (median of {len(ratios)} pairs; half of them between"
        f" {np.percentile(ratios, 25):.2f} and {np.percentile(ratios, 75):.2f})"
    )


def _row(name: str, values: Sequence[float]) -> str:
    return f"| {name} | {statistics.median(values):.2f} | {np.percentile(values, 90):.2f} |"


def different(questions: Sequence[str], count: int) -> list[str]:
    """So many questions, no two the same: the later rounds ask more politely."""
    rounds = -(-count // len(questions))
    asked = [f"{'请问,' * n}{question}" for n in range(rounds) for question in questions]
    return asked[:count]


def run(
    home: Path, passages: int, questions: int, model: Embedder, examples: Sequence[str]
) -> Iterator[str]:
    """Build in this folder what is not there yet, ask, and tell."""
    stock = build(home, passages, model, examples)
    answerer = Answerer(stock.archive, stock.follower, model)
    ask(answerer, model, [example[:40] for example in examples[:10]])  # warms up
    _, asked = golden("dev")
    texts = [question.text for question in asked]
    timed = ask(answerer, model, different(texts, questions))
    yield f"{stock.follower.passages} passages, {len(timed)} questions"
    yield ""
    yield from report(timed)
    stock.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # KiB on Linux
    yield f"most memory in use: {peak:.0f} MiB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where archives are kept")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        home = (arguments.keep or Path(passing)) / f"drawn-{arguments.passages}"
        model, examples = SentenceEmbedder(), example_passages()
        for line in run(home, arguments.passages, arguments.questions, model, examples):
            print(line, flush=True)


if __name__ == "__main__":
    main()
