"""What browsing costs in an archive as large as one likes: filters, tags, pages of the newest.

    python -m benchmarks.browsing                         100,000 articles, in a passing folder
    python -m benchmarks.browsing --keep FOLDER           kept there: the next run starts at once
    python -m benchmarks.browsing --articles 10000

The articles are drawn by chance (`benchmarks/drawn.py`), and so are their tags, as often as Zipf
says; there is no index, for none is asked.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.drawn import SEED, Vocabulary, Writer, example_passages, tell
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.filter import Filter

#: Different tags, and how many an article has at most.
TAGS, MOST_TAGS = 5_000, 5
TIMES = 7


def drawn(articles: int) -> list[Draft]:
    """So many articles with tags, newest first."""
    chance = random.Random(SEED)
    tags = Vocabulary([f"Tag {number}" for number in range(TAGS)])
    writer = Writer(example_passages())
    # A draft has one excerpt at least: so many passages need no more articles.
    drafts = writer.drafts(articles + articles // 4)[:articles]
    return [
        replace(draft, tags=tuple(dict.fromkeys(tags.draw(chance, chance.randint(0, MOST_TAGS)))))
        for draft in drafts
    ]


def milliseconds(task: Callable[[], object]) -> float:
    """The median of some times; the first one, which fills caches, does not count."""
    task()
    spent = []
    for _ in range(TIMES):
        started = time.perf_counter()
        task()
        spent.append(1e3 * (time.perf_counter() - started))
    return statistics.median(spent)


def tasks(archive: Archive) -> dict[str, Callable[[], object]]:
    """What is timed, by what is said of it."""
    articles = archive.articles
    ids = articles.ids()
    articles_there = len(ids)
    counts = Counter(tag for own in articles.by_id(ids).values() for tag in own.tags)
    ranked = counts.most_common()
    chosen = {"the commonest": ranked[0], "a middling": ranked[len(ranked) // 20]}
    chosen["the rarest"] = ranked[-1]
    found: dict[str, Callable[[], object]] = {}
    for name, (tag, count) in chosen.items():
        wanted = Filter(tags=(tag,))
        told = f"{name} tag, of {count} articles"
        found[f"the newest 5 of {told}"] = partial(articles.matching, wanted, 5)
        found[f"all of {told}"] = partial(articles.matching, wanted, articles_there)
    without = Filter(not_tags=(ranked[0][0],))
    found["the newest 5 without the commonest tag"] = partial(articles.matching, without, 5)
    found["all without the commonest tag"] = partial(articles.matching, without, articles_there)
    found["the newest 5"] = partial(articles.latest, 5)
    found["5 with their articles, deep down"] = partial(
        articles.newest, Filter(), 5, articles_there // 2
    )
    found["20 tags with their counts"] = partial(archive.tags.most_frequent, 20)
    found["tags near one that there is not"] = partial(archive.tags.near, "tagg 12x", 3)
    found["one article by chance"] = partial(articles.random, 0.4)
    found["one article by its link"] = partial(articles.by_link, "http://example.org/500/?utm_x=1")
    found["a link that no article has, nor any page"] = partial(articles.by_link, "nothing")
    return found


def run(home: Path, articles: int) -> Iterator[str]:
    """A line for each task; the archive stays in `home`."""
    path = home / f"browsing-{articles}.sqlite3"
    fresh = not path.exists()
    started = time.monotonic()
    with contextlib.closing(Archive.open(f"sqlite:///{path}")) as archive:
        tell("opening the archive", started)
        if fresh:
            started = time.monotonic()
            drafts = drawn(articles)
            tell("drawing the articles", started)
            started = time.monotonic()
            archive.articles.commit("drawn", "bench", drafts, datetime.now(UTC))
            tell("committing them", started)
        for told, task in tasks(archive).items():
            yield f"{milliseconds(task):9.1f} ms  {told}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        home = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for line in run(home, arguments.articles):
            print(line, flush=True)


if __name__ == "__main__":
    main()
