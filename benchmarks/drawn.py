"""An archive as large as one likes, drawn by chance, with its index.

The articles are drawn: words of `examples/pages` and invented ones, as often as Zipf says; their
vectors too, around those that the bundled model gives to the passages of `examples/pages`, because
embedding so many takes hours.
"""

from __future__ import annotations

import itertools
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import rjieba

from benchmarks.questions import example
from retrieval.archive.chunks import chunked
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.embedding import Embedder, Matrix
from retrieval.excerpts import split_into_excerpts
from retrieval.index.following import Follower
from retrieval.index.tokens import latin_share, normalise

SEED = 20260501
#: Words beside those of the examples, of either script.
INVENTED = 40_000
#: Zipf-Mandelbrot's shift: the few commonest words stand out less than 1 / rank would have them.
_SHIFT = 2.7
#: Every so many-th article is long: several excerpts.
_LONG_EVERY = 20
#: Words of an excerpt: of its language at large, of its topic, and, in Chinese, Latin names.
_CHINESE, _ENGLISH = (95, 24, 13), (42, 20, 0)
#: What the noise adds to a vector's squared length, and what three passages of one language weigh
#: in it: cosines then lie as those of real passages do (README.md).
_NOISE = 0.043
_MIXTURE = (0.7, 0.4, 0.3)
#: Passages that are embedded without complaint: the follower knows a model by one answer.
_MOST_EMBEDDED = 4


class Vocabulary:
    """Words to draw from, the commonest first; their frequencies follow Zipf's law."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)
        self._sums = list(itertools.accumulate(1 / (n + _SHIFT) for n in range(1, len(words) + 1)))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        """So many words, with repetitions."""
        return chance.choices(self.words, cum_weights=self._sums, k=count)


class Writer:
    """Writes articles of the examples' kind; the n-th is on the topic of one of their passages."""

    def __init__(self, passages: Sequence[str], seed: int = SEED) -> None:
        self._chance = random.Random(seed)
        self._latin = [latin_share(passage) > 0.5 for passage in passages]
        self._topics = [
            [word for word in rjieba.cut(passage) if word.isalnum()] for passage in passages
        ]
        counts = Counter(word for topic in self._topics for word in topic)
        real = [word for word, _ in counts.most_common()]
        english = [word for word in real if word.isascii()]
        # Simplified, as whoever writes so does throughout; a Traditional article's topic stays so.
        chinese = [normalise(word) for word in real if not word.isascii()]
        characters = normalise("".join(w * counts[w] for w in real if not w.isascii()))
        self._english = Vocabulary([*english, *self._invent(self._name)])
        self._chinese = Vocabulary(
            [*chinese, *self._invent(lambda: "".join(self._chance.choices(characters, k=2)))]
        )

    def _invent(self, word: Callable[[], str]) -> list[str]:
        return list(dict.fromkeys(word() for _ in range(INVENTED // 2)))

    def _name(self) -> str:
        syllables = [
            self._chance.choice("bcdfghklmnprstvz") + self._chance.choice("aeiou")
            for _ in range(self._chance.randint(2, 4))
        ]
        name = "".join(syllables) + self._chance.choice(("", "", "n", "r", "st"))
        return self._chance.choice((name, name, name.title(), name[:3].upper() + "-" + name[3:]))

    def drafts(self, passages: int) -> list[Draft]:
        """Articles, newest first, that have at least so many excerpts together."""
        drafts: list[Draft] = []
        excerpts = 0
        while excerpts < passages:
            draft = self._draft(len(drafts))
            excerpts += len(split_into_excerpts(draft.text))
            drafts.append(draft)
        return drafts

    def _draft(self, number: int) -> Draft:
        topic = number % len(self._topics)
        latin = self._latin[topic]
        parts = 3 if number % _LONG_EVERY == 0 else 1
        own = self._english if latin else self._chinese
        return Draft(
            title=" ".join(own.draw(self._chance, 5)) + f" {number}",
            text="\n\n".join(self._paragraph(topic, latin=latin) for _ in range(parts)),
            link=f"https://example.org/{number}",
            published=datetime(2026, 5, 1, tzinfo=UTC) - timedelta(hours=number),
        )

    def _paragraph(self, topic: int, *, latin: bool) -> str:
        at_large, on_topic, names = _ENGLISH if latin else _CHINESE
        stretch = self._chance.uniform(0.75, 1.3)
        own = self._english if latin else self._chinese
        words = [
            *own.draw(self._chance, round(at_large * stretch)),
            *self._chance.choices(self._topics[topic], k=round(on_topic * stretch)),
            *self._english.draw(self._chance, round(names * stretch)),
        ]
        self._chance.shuffle(words)
        sentences = chunked(words, 16)
        return "".join(_english(part) if latin else _chinese(part) for part in sentences)


def _english(words: Sequence[str]) -> str:
    return f"{' '.join(words[:8])}, {' '.join(words[8:])}. " if words[8:] else " ".join(words)


def _chinese(words: Sequence[str]) -> str:
    spaced = [f" {word} " if word.isascii() else word for word in words]
    return "".join(spaced[:8]) + "," + "".join(spaced[8:]) + "。"


def drawn_vectors(
    numbers: Sequence[int], centres: Matrix, latin: Sequence[bool], chance: np.random.Generator
) -> Matrix:
    """Vectors for passages of these articles, L2-normalised, shape (len(numbers), dimension).

    A passage lies where its language does, plus what sets three passages of the examples in that
    language apart from others, its own topic first, plus noise.
    """
    flags = np.array(latin)
    language = np.stack([centres[flags == flag].mean(axis=0) for flag in flags])
    apart = centres - language
    topics = np.array(numbers) % len(centres)
    mixed = language[topics] + _MIXTURE[0] * apart[topics]
    for weight in _MIXTURE[1:]:
        others = [chance.choice(np.flatnonzero(flags == flags[topic])) for topic in topics]
        mixed += weight * apart[others]
    dimension = centres.shape[1]
    mixed += chance.normal(scale=(_NOISE / dimension) ** 0.5, size=mixed.shape)
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)


class Sparing:
    """The model, which refuses to embed the archive: the vectors drawn for it must be found."""

    def __init__(self, model: Embedder) -> None:
        self._model = model

    @property
    def model(self) -> str:
        return self._model.model

    @property
    def query_prompt(self) -> str:
        return self._model.query_prompt

    @property
    def passage_prompt(self) -> str:
        return self._model.passage_prompt

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._model.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        if len(texts) > _MOST_EMBEDDED:
            raise SystemExit(
                "the vectors drawn for the archive are not what the index looks for: delete the"
                " kept folder, or teach benchmarks/latency.py how passages are embedded now"
            )
        return self._model.embed_passages(texts)


@dataclass(frozen=True, slots=True)
class Stock:
    """An archive with its index, open."""

    archive: Archive
    follower: Follower

    def close(self) -> None:
        self.follower.close()
        self.archive.close()


def build(home: Path, passages: int, model: Embedder, examples: Sequence[str]) -> Stock:
    """An archive of so many passages with its index, made unless it is there, complete."""
    complete = home / "complete"
    fresh = not complete.exists()
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
    archive = Archive.open(f"sqlite:///{home / 'archive.sqlite3'}")
    follower = Follower(archive, home / "index", Sparing(model))
    follower.start("bench")
    started = time.monotonic()
    follower.catch_up()
    tell("opening the index", started)
    if fresh:
        _fill(archive, follower, passages, model, examples)
        complete.touch()
    return Stock(archive, follower)


def _fill(
    archive: Archive,
    follower: Follower,
    passages: int,
    model: Embedder,
    examples: Sequence[str],
) -> None:
    started = time.monotonic()
    drafts = Writer(examples).drafts(passages)
    tell("drawing the articles", started)
    started = time.monotonic()
    archive.articles.commit("drawn", "bench", drafts, datetime.now(UTC))
    tell("committing them", started)
    started = time.monotonic()
    centres = model.embed_passages(examples)
    tell(f"embedding {len(examples)} passages of the examples", started)
    started = time.monotonic()
    latin = [latin_share(passage) > 0.5 for passage in examples]
    with follower.searching() as index:
        embedder_id = index.embedder.id
    chance = np.random.default_rng(SEED)
    for ids in chunked(archive.articles.ids()):
        links = {own: article.link or "" for own, article in archive.articles.by_id(ids).items()}
        there = archive.articles.passages(ids)
        numbers = [int(links[p.excerpt.article_id].rpartition("/")[2]) for p in there]
        matrix = drawn_vectors(numbers, centres, latin, chance)
        hashes = [passage.text_hash for passage in there]
        archive.vectors.store(embedder_id, dict(zip(hashes, matrix, strict=True)))
    tell("drawing and storing their vectors", started)
    started = time.monotonic()
    follower.rebuild("its archive was drawn anew")
    tell("building the index", started)


def tell(what: str, started: float) -> None:
    print(f"{what}: {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def example_passages() -> list[str]:
    """The excerpts of the example archive."""
    drafts = example("example", "dev").drafts
    return [excerpt for draft in drafts for excerpt in split_into_excerpts(draft.text)]
