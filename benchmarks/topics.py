"""How well subscriptions hear of what they are about, and of nothing else.

    python -m benchmarks.topics                  topics in plain words, development half
    python -m benchmarks.topics --split test     the other half: not for tuning
    python -m benchmarks.topics --wrong          list what came out wrong
    python -m benchmarks.topics --fit            fit the weights on the development half
    python -m benchmarks.topics --cross          judge each topic by weights fitted without it
    python -m benchmarks.topics --without fields the product without what fields.tsv tells
    python -m benchmarks.topics --blog FOLDER    over the page snapshots in that folder instead

Each article of the example archive is judged for each topic as if it were new. Tags and words are
measured beside: tags against the archive's own, words against a list of articles that hold them.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration import fitted
from benchmarks.questions import example, rows
from benchmarks.retrieval import Bench, RememberingEmbedder
from bot.wishes import Wish, parse_wish, wants
from retrieval.article import Draft
from retrieval.index.tokens import latin_share
from retrieval.search.about import THRESHOLDS, Model, Signals, passes, probability
from retrieval.search.topics import TopicJudge
from retrieval.sources.snapshot import SnapshotReader

KNOWN = ("above", "opening", "field", "share", "foremost")
UNKNOWN = ("above", "covered", "headed")
#: The weights of what an article lacks of a topic: few golden topics say more than they name, so
#: that they cannot be fitted.
GIVEN = {"missing": -10.0, "unlike": -4.0}
#: Signals whose square roots the regression takes.
ROOTS = ("opening", "field")
WORDS = "keywords"
#: Parts of the topics in cross-validation.
FOLDS = 8


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, or a wish for words, with the beginnings of the texts that it asks for.

    Of those in `borderline` people disagree, or are not sure: they are judged neither way.
    """

    text: str
    kind: str
    language: str
    articles: tuple[str, ...]
    borderline: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Pairs of topic and article: announced and wanted, announced and not, wanted and not."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Of what was announced, the share that was wanted; 1 where nothing was."""
        announced = self.right + self.wrong
        return self.right / announced if announced else 1.0

    @property
    def recall(self) -> float:
        """Of what was wanted, the share that was announced; 1 where nothing was."""
        wanted = self.right + self.missed
        return self.right / wanted if wanted else 1.0

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}, recall {self.recall:.3f}"


def golden(split: str, *, words: bool = False) -> list[Topic]:
    """The golden topics of a half, or its wishes for words."""
    return [
        Topic(
            row["topic"],
            row["kind"],
            row.get("language", ""),
            tuple(row["articles"]),
            tuple(row.get("borderline", ())),
        )
        for row in rows("topics")
        if split in (row["split"], "all") and (row["kind"] == WORDS) == words
    ]


def over_blog(texts: Sequence[str]) -> list[Topic]:
    """The topics over the blog: its texts, which are not ours to quote, go by their digests."""
    known = {hashlib.sha256(text.encode()).hexdigest()[:16]: text for text in texts}
    return [
        Topic(row["topic"], row["kind"], row["language"], tuple(known[a] for a in row["articles"]))
        for row in rows("topics_blog")
    ]


def heard(wishes: Sequence[Topic], drafts: Sequence[Draft]) -> Iterator[str]:
    """Lines for wishes of words and of tags."""
    each = []
    for wish in wishes:
        asked = parse_wish(wish.text)
        assert isinstance(asked, Wish), wish.text
        texts = {draft.text: draft.text for draft in drafts}
        told = [d.text for d in drafts if wants(asked, d.tags, [d.title or "", d.text])]
        each.append(tally(told, wanted(wish, texts)))
    yield f"words ({len(each)} wishes): {sum(each, Tally())}"
    tags = {tag for draft in drafts for tag in draft.tags}
    each = [
        tally(
            [d.text for d in drafts if wants(Wish(tags=(tag,)), d.tags, [d.text])],
            [d.text for d in drafts if tag in d.tags],
        )
        for tag in sorted(tags)
    ]
    yield f"tags ({len(each)}): {sum(each, Tally())}"


def tally(announced: Collection[str], wanted: Collection[str]) -> Tally:
    """What came of one topic."""
    both = len(set(announced) & set(wanted))
    return Tally(both, len(announced) - both, len(wanted) - both)


def wanted(topic: Topic, texts: Mapping[str, str]) -> set[str]:
    """The ids of the articles that a topic asks for; `texts` are all by their ids."""
    return {own for own, text in texts.items() if _is_any(text, topic.articles)}


def disputed(topic: Topic, texts: Mapping[str, str]) -> set[str]:
    """The ids of the articles that are judged neither way."""
    return {own for own, text in texts.items() if _is_any(text, topic.borderline)}


def _is_any(text: str, articles: Sequence[str]) -> bool:
    """Whether a text, or the first excerpt of one, is one of these, or of these openings."""
    return any(text.startswith(said) or said.startswith(text) for said in articles)


def report(
    topics: Sequence[Topic],
    judged: Sequence[Mapping[str, float]],
    texts: Mapping[str, str],
    *,
    wrong: bool = False,
) -> Iterator[str]:
    """Lines of a table: by strictness, by kind, by the languages of topic and article."""
    judged = [
        {own: sure[own] for own in sorted(sure.keys() - disputed(topic, texts))}
        for topic, sure in zip(topics, judged, strict=True)
    ]
    for strictness in THRESHOLDS:
        each = [
            tally(_announced(sure, strictness), wanted(topic, texts))
            for topic, sure in zip(topics, judged, strict=True)
        ]
        yield f"strictness {strictness:+d}: {_micro_and_macro(each, topics)}"
    each = [
        tally(_announced(sure, 0), wanted(topic, texts))
        for topic, sure in zip(topics, judged, strict=True)
    ]
    for kind in dict.fromkeys(topic.kind for topic in topics):
        own = [one for one, topic in zip(each, topics, strict=True) if topic.kind == kind]
        yield f"{kind} ({len(own)}): {sum(own, Tally())}, wrong {sum(one.wrong for one in own)}"
    language = {own: "en" if latin_share(text) > 0.7 else "zh" for own, text in texts.items()}
    for asked in dict.fromkeys(topic.language for topic in topics):
        for told in ("zh", "en"):
            own = [
                tally(
                    [a for a in _announced(sure, 0) if language[a] == told],
                    [a for a in wanted(topic, texts) if language[a] == told],
                )
                for topic, sure in zip(topics, judged, strict=True)
                if topic.language == asked
            ]
            yield f"{asked} topics, {told} articles: {sum(own, Tally())}"
    if wrong:
        yield from _mistakes(topics, judged, texts)


def _announced(sure: Mapping[str, float], strictness: int) -> list[str]:
    return [own for own, probability in sure.items() if passes(probability, strictness)]


def _micro_and_macro(each: Sequence[Tally], topics: Sequence[Topic]) -> str:
    """Over all pairs, and the mean over topics; of those about which nothing is, how many spoke."""
    some = [one for one, topic in zip(each, topics, strict=True) if topic.articles]
    none = [one for one, topic in zip(each, topics, strict=True) if not topic.articles]
    precision = np.mean([one.precision for one in some])
    recall = np.mean([one.recall for one in some])
    return (
        f"{sum(each, Tally())}; by topic {precision:.3f}, {recall:.3f};"
        f" {sum(one.wrong > 0 for one in none)} of {len(none)} that should be silent are not"
    )


def _mistakes(
    topics: Sequence[Topic], judged: Sequence[Mapping[str, float]], texts: Mapping[str, str]
) -> Iterator[str]:
    for topic, sure in zip(topics, judged, strict=True):
        asked = wanted(topic, texts)
        for own in sorted(sure, key=lambda own: -sure[own]):
            if passes(sure[own], 0) != (own in asked):
                mistake = "missed" if own in asked else "wrong"
                yield f"{mistake}, {sure[own]:.2f}: {topic.text}: {texts[own][:40]!r}"


def fit(
    topics: Sequence[Topic],
    found: Sequence[tuple[tuple[str, ...], Signals]],
    texts: Mapping[str, str],
) -> tuple[Model, Model]:
    """The models of topics that name a subject, and of others: as if none named any."""
    models: list[Model] = []
    for names, every, given_weights in ((KNOWN, False, GIVEN), (UNKNOWN, True, {})):
        tables: list[NDArray[np.float64]] = []
        given: list[NDArray[np.float64]] = []
        flags: list[bool] = []
        for topic, (ids, signals) in zip(topics, found, strict=True):
            if signals.known or every:
                asked, neither = wanted(topic, texts), disputed(topic, texts)
                judged = [place for place, own in enumerate(ids) if own not in neither]
                table = np.column_stack([_column(signals, name) for name in names])
                tables.append(table[judged])
                given.append(
                    sum(
                        (w * getattr(signals, name)[judged] for name, w in given_weights.items()),
                        start=np.zeros(len(judged)),
                    )
                )
                flags.extend(ids[place] in asked for place in judged)
        x, y = np.concatenate(tables), np.array(flags)
        beta = fitted(x, y, np.ones(len(x)), np.concatenate(given))
        weights = dict(zip(("intercept", *names), beta.tolist(), strict=True))
        models.append(Model(**weights, **given_weights))
    return models[0], models[1]


def crossed(
    topics: Sequence[Topic],
    found: Sequence[tuple[tuple[str, ...], Signals]],
    texts: Mapping[str, str],
) -> list[dict[str, float]]:
    """For each topic the probabilities by models that were fitted on the other folds' topics."""
    order = np.random.default_rng(0).permutation(len(topics))
    judged: list[dict[str, float]] = [{} for _ in topics]
    for fold in range(FOLDS):
        others = [number for place, number in enumerate(order) if place % FOLDS != fold]
        known, unknown = fit([topics[n] for n in others], [found[n] for n in others], texts)
        for number in order[fold::FOLDS]:
            ids, signals = found[number]
            sure = (known if signals.known else unknown).probability(signals)
            judged[number] = dict(zip(ids, sure.tolist(), strict=True))
    return judged


def _column(signals: Signals, name: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = getattr(signals, name)
    return np.sqrt(values) if name in ROOTS else values


def without_fields(signals: Signals) -> Signals:
    """The signals as of a topic that names no subject of fields.tsv."""
    return replace(signals, known=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=["dev", "test", "all"], default="dev")
    parser.add_argument("--wrong", action="store_true", help="list what came out wrong")
    parser.add_argument("--fit", action="store_true", help="print the weights that fit")
    parser.add_argument("--cross", action="store_true", help="cross-validate the weights")
    parser.add_argument("--without", choices=["fields"])
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--blog", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    drafts: Sequence[Draft] = example("example", "all").drafts
    if arguments.blog:
        drafts = SnapshotReader(name="pages", folder=arguments.blog).read().drafts
        topics = over_blog([draft.text for draft in drafts])
    else:
        topics = golden(arguments.split)
        for line in heard(golden(arguments.split, words=True), drafts):
            print(line)
    embedder = RememberingEmbedder(arguments.keep and arguments.keep / "embeddings.pickle")
    with tempfile.TemporaryDirectory() as home:
        bench = Bench(Path(home), drafts, embedder)
        ids = bench.archive.articles.ids()
        passages = reversed(bench.archive.articles.passages(ids))
        texts = {one.excerpt.article_id: one.excerpt.text for one in passages}
        judge = TopicJudge(bench.archive, bench.follower, embedder)
        found = judge.signals([topic.text for topic in topics], ids)
        if arguments.fit:
            for model in fit(topics, found, texts):
                print(model)
        if arguments.without:
            found = [(own, without_fields(signals)) for own, signals in found]
        judged = [
            dict(zip(own, probability(signals).tolist(), strict=True)) for own, signals in found
        ]
        if arguments.cross:
            judged = crossed(topics, found, texts)
        for line in report(topics, judged, texts, wrong=arguments.wrong):
            print(line)
        bench.close()
    embedder.keep()


if __name__ == "__main__":
    main()
