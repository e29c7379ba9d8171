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
import logging
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drawn import build, example_passages
from benchmarks.questions import example
from retrieval.archive.articles import ArticleStore
from retrieval.embedding import Embedder, SentenceEmbedder
from retrieval.index.lexical import LexicalIndex
from retrieval.index.vectors import VectorIndex
from retrieval.search import answering
from retrieval.search.answering import Answerer
from retrieval.search.fusion import Coverage

#: What another thread does meanwhile: no part of what is left over.
BESIDE: dict[str, tuple[tuple[Any, str], ...]] = {
    "beside the next three: dense candidates (Chroma)": ((VectorIndex, "nearest"),),
    "and their sketches (tantivy)": ((LexicalIndex, "read"),),
}
#: Where a question's time goes: what is said of it, and the product's functions that spend it.
STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "words of the question, mended, translated": ((answering, "words_of"),),
    "weighing them (tantivy)": ((LexicalIndex, "weigh"),),
    "lexical candidates (tantivy)": ((LexicalIndex, "search"),),
    "scoring": (
        (answering, "sketches_of"),
        (answering, "Coverage"),
        (Coverage, "shares"),
        (answering, "score"),
    ),
    "excerpts and articles of the best (SQL)": ((ArticleStore, "excerpts"),),
    "word for word, and openings": ((Answerer, "_ordered"),),
    "evidence": ((answering, "evidence_of"),),
    "highlights": ((answering, "most_telling"),),
}
EMBEDDING, ELSE, REST = "one embedding", "everything else", "the rest"


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of a person's time, and of the processor's."""

    wall: float
    processor: float

    @classmethod
    def until_now(cls, clock: Callable[[], float] = time.process_time) -> Spent:
        """Since no matter when: only differences tell. `clock` counts the processor's seconds."""
        return cls(1e3 * time.perf_counter(), 1e3 * clock())

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.processor + other.processor)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.wall - other.wall, self.processor - other.processor)


NOTHING = Spent(0.0, 0.0)


class Stopwatch:
    """What was spent by stage since it was last read."""

    def __init__(self) -> None:
        self._spent: dict[str, Spent] = {}

    @contextlib.contextmanager
    def watching(self, embedder: Embedder) -> Iterator[None]:
        """Time the product's functions meanwhile; they are put back afterwards."""
        watched = {**BESIDE, **STAGES}
        places = [(owner, name, stage) for stage, of in watched.items() for owner, name in of]
        with contextlib.ExitStack() as undoing:
            for owner, name, stage in [*places, (embedder, "embed_queries", EMBEDDING)]:
                original = getattr(owner, name)
                setattr(owner, name, self._timed(original, stage))
                undoing.callback(setattr, owner, name, original)
            yield

    def _timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        # The model computes with threads of its own; everything else in one.
        clock = time.process_time if stage == EMBEDDING else time.thread_time

        def timed(*arguments: Any, **named: Any) -> Any:
            started = Spent.until_now(clock)
            try:
                return function(*arguments, **named)
            finally:
                spent = Spent.until_now(clock) - started
                self._spent[stage] = self._spent.get(stage, NOTHING) + spent

        return timed

    def read(self) -> dict[str, Spent]:
        """What was spent, then nothing."""
        spent, self._spent = self._spent, {}
        return spent


def ask(answerer: Answerer, embedder: Embedder, questions: Sequence[str]) -> list[dict[str, Spent]]:
    """Ask one after the other: what each spent on its embedding, all else, and its stages."""
    watch = Stopwatch()
    timed = []
    with watch.watching(embedder):
        for question in questions:
            watch.read()
            started = Spent.until_now()
            answerer.answer([question])
            whole = Spent.until_now() - started
            spent = watch.read()
            other = whole - spent[EMBEDDING]
            beside = {stage: spent.get(stage, NOTHING) for stage in BESIDE}
            stages = {stage: spent.get(stage, NOTHING) for stage in STAGES}
            rest = other - sum(stages.values(), NOTHING)
            rest -= Spent(0.0, sum(each.processor for each in beside.values()))
            stages = {**beside, **stages}
            timed.append({EMBEDDING: spent[EMBEDDING], ELSE: other, **stages, REST: rest})
    return timed


def report(timed: Sequence[dict[str, Spent]]) -> Iterator[str]:
    """Lines of a Markdown table, then the ratio."""
    yield "| ms a question | median | 90th percentile | processor, median |"
    yield "| --- | --- | --- | --- |"
    for name in timed[0]:
        walls = [spent[name].wall for spent in timed]
        processor = statistics.median(spent[name].processor for spent in timed)
        stage = "- " if name not in (EMBEDDING, ELSE) else ""
        yield (
            f"| {stage}{name} | {statistics.median(walls):.2f} | {np.percentile(walls, 90):.2f}"
            f" | {processor:.2f} |"
        )
    ratios = [spent[ELSE].wall / spent[EMBEDDING].wall for spent in timed]
    busy = [spent[ELSE].processor / spent[EMBEDDING].processor for spent in timed]
    yield ""
    yield (
        f"{ELSE} / {EMBEDDING}: {statistics.median(ratios):.2f}"
        f" (median of {len(ratios)} pairs; half of them between"
        f" {np.percentile(ratios, 25):.2f} and {np.percentile(ratios, 75):.2f});"
        f" of processor time: {statistics.median(busy):.2f}"
    )


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
    texts = [question.text for question in example("example", "dev").questions]
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
    logging.basicConfig(format="%(message)s")
    logging.getLogger("retrieval").setLevel(logging.INFO)  # why an index is built anew
    with tempfile.TemporaryDirectory() as passing:
        home = (arguments.keep or Path(passing)) / f"drawn-{arguments.passages}"
        model, examples = SentenceEmbedder(), example_passages()
        for line in run(home, arguments.passages, arguments.questions, model, examples):
            print(line, flush=True)


if __name__ == "__main__":
    main()
