"""The golden topics are sound, and the bench counts what it says."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import fields

import numpy as np
import pytest

from benchmarks.questions import example, rows
from benchmarks.topics import (
    Tally,
    Topic,
    crossed,
    disputed,
    fit,
    golden,
    heard,
    main,
    over_blog,
    report,
    tally,
    wanted,
    without_fields,
)
from retrieval.article import Draft
from retrieval.search.about import THRESHOLDS, Signals

TEXTS = {"a": "甲文讲索引", "b": "An article on pages", "c": "乙文讲别的"}
TOPICS = [
    Topic("索引", "broad", "zh", ("甲文",)),
    Topic("pages", "broad", "en", ("甲文", "An article")),
    Topic("gardening", "near", "en", ()),
]


def test_every_golden_topic_names_articles_of_the_example_archive() -> None:
    texts = [draft.text for draft in example("example", "all").drafts]
    topics = golden("all") + golden("all", words=True)
    for topic in topics:
        for opening in topic.articles + topic.borderline:
            assert sum(text.startswith(opening) for text in texts) == 1
        assert not set(topic.articles) & set(topic.borderline)
    asked = [topic.text for topic in topics]
    assert len(asked) == len(set(asked)), "and none stands twice, or in both halves"
    ids = [row["id"] for row in rows("topics")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("split", ["dev", "test"])
def test_both_halves_have_topics_of_every_kind_in_both_languages(split: str) -> None:
    topics = golden(split)
    assert len(topics) >= 58
    for language in ("zh", "en"):
        kinds = [topic.kind for topic in topics if topic.language == language]
        assert set(kinds) == {"broad", "middle", "narrow", "near", "far"}
        assert kinds.count("near") >= 6
    assert not any(topic.articles for topic in topics if topic.kind in ("near", "far"))
    assert len(golden(split, words=True)) >= 10


def test_a_tally() -> None:
    one = tally(["a", "b", "c"], ["b", "d"])
    assert one == Tally(right=1, wrong=2, missed=1)
    assert one.precision == pytest.approx(1 / 3)
    assert one.recall == 0.5
    assert one + Tally(right=1) == Tally(2, 2, 1)
    assert (Tally().precision, Tally().recall) == (1.0, 1.0)
    assert str(Tally(1, 1, 0)) == "precision 0.500, recall 1.000"


def test_what_a_topic_asks_for() -> None:
    assert [wanted(topic, TEXTS) for topic in TOPICS] == [{"a"}, {"a", "b"}, set()]


def test_what_is_judged_neither_way_counts_neither_way() -> None:
    topics = [Topic("索引", "broad", "zh", ("甲文",), borderline=("An article",)), *TOPICS[2:]]
    assert [disputed(topic, TEXTS) for topic in topics] == [{"b"}, set()]
    for sure in (0.0, 0.95):
        judged = [{"a": 0.95, "b": sure, "c": 0.0}, {"c": 0.0}]
        lines = list(report(topics, judged, TEXTS, wrong=True))
        usual = next(line for line in lines if line.startswith("strictness +0"))
        assert "precision 1.000, recall 1.000" in usual
        assert not any(line.startswith(("missed", "wrong")) for line in lines)


def test_a_report_counts_pairs() -> None:
    judged = [{"a": 0.95, "b": 0.0, "c": 0.0}, {"a": 0.0, "b": 0.95, "c": 0.0}, {"c": 0.95}]
    lines = list(report(TOPICS, judged, TEXTS, wrong=True))
    usual = next(line for line in lines if line.startswith("strictness +0"))
    assert "precision 0.667, recall 0.667; by topic 1.000, 0.750" in usual
    assert "1 of 1 that should be silent are not" in usual
    assert "broad (2): precision 1.000, recall 0.667, wrong 0" in lines
    assert "en topics, zh articles: precision 0.000, recall 0.000" in lines
    assert "en topics, en articles: precision 1.000, recall 1.000" in lines
    assert [line.split(":")[0] for line in lines[-2:]] == ["missed, 0.00", "wrong, 0.95"]
    assert sum(line.startswith("strictness") for line in lines) == len(THRESHOLDS)


def test_wishes_for_words_and_tags_are_counted() -> None:
    drafts = [Draft(text=text, tags=(own,)) for own, text in TEXTS.items()]
    wishes = [
        Topic('"索引"', "keywords", "", ("甲文",)),
        Topic("pages -article", "keywords", "", ("An article",)),
    ]
    words, tags = heard(wishes, drafts)
    assert words == "words (2 wishes): precision 1.000, recall 0.500"
    assert tags == "tags (3): precision 1.000, recall 1.000"


def test_texts_that_are_not_ours_go_by_their_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha256(TEXTS["a"].encode()).hexdigest()[:16]
    row = {"topic": "索引", "kind": "broad", "language": "zh", "articles": [digest]}
    monkeypatch.setattr("benchmarks.topics.rows", lambda _: [row])
    assert over_blog([*TEXTS.values()]) == [Topic("索引", "broad", "zh", (TEXTS["a"],))]


def test_the_fit_finds_what_tells() -> None:
    chance = np.random.default_rng(3)
    found = []
    texts = {str(n): f"text {n}" for n in range(40)}
    topics = []
    for number in range(12):
        asked = chance.random(40) < 0.3
        drawn = [each.name for each in fields(Signals) if each.name not in ("known", "unlike")]
        noise = {name: chance.random(40) for name in drawn} | {"unlike": np.zeros(40)}
        noise["share"] = asked * 0.5 + chance.random(40)
        found.append((tuple(texts), Signals(known=number % 2 == 0, **noise)))
        openings = tuple(f"text {n}" for n in range(10, 40) if asked[n])
        topics.append(Topic(str(number), "broad", "en", openings or ("text 39",)))
    known, unknown = fit(topics, found, texts)
    assert known.share > 3 * max(abs(known.opening), abs(known.above))
    assert unknown.share == 0
    judged = crossed(topics, found, texts)
    assert [set(sure) for sure in judged] == [set(texts)] * len(topics)
    sure = [
        sure[own]
        for topic, sure in zip(topics, judged, strict=True)
        for own in texts
        if (own in wanted(topic, texts))
    ]
    unsure = [
        sure[own]
        for topic, sure in zip(topics, judged, strict=True)
        for own in texts
        if own not in wanted(topic, texts)
    ]
    assert np.mean(sure) > np.mean(unsure)
    assert not without_fields(found[0][1]).known


def test_the_command_reports(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On fewer topics than the golden ones, which would take half a minute to embed."""
    few = [topic for topic in golden("dev") if topic.text in ("数据库", "SQLite", "扩散模型")]
    monkeypatch.setattr("benchmarks.topics.golden", lambda *_, **__: few)
    monkeypatch.setattr(
        "benchmarks.topics.example",
        lambda *_: type("Set", (), {"drafts": example("example", "all").drafts[::7]}),
    )
    monkeypatch.setattr(sys, "argv", ["benchmarks.topics", "--without", "fields"])
    main()
    said = capsys.readouterr().out
    assert "strictness +0: precision " in said
    assert "0 of 1 that should be silent are not" in said
