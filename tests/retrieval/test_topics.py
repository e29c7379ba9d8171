"""Which articles are about a topic, on real parts: in either language, only as the index knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from retrieval.article import Draft
from retrieval.embedding import Matrix, SentenceEmbedder
from retrieval.errors import IndexDamaged, IndexNotReady
from retrieval.index.following import Follower
from retrieval.search.about import passes
from retrieval.search.topics import TopicJudge
from tests.retrieval.library import key_of, stock
from tests.retrieval.shelf import NOW, Shelf

MORE = {
    "sqlite": "SQLite 的 WAL 模式:改动先追加到日志文件,读者看自己的快照,写事务提交时不再挡住读者。",
    "locking": "Optimistic concurrency control: a version number in each row, and an UPDATE that"
    " affects zero rows means that another transaction committed first.",
    "detector": "NMS 按分数取框,与它 IoU 超过阈值的检测框一律删除;DETR 用匈牙利匹配,不需要它。",
    "focal": "Focal loss: a one-stage detector scores 100k anchors per image, most of them easy"
    " background, and the few foreground boxes are drowned by them.",
    "clipping": "梯度裁剪按全局范数缩放梯度,防止单个坏 batch 把模型带飞;混合精度时先还原缩放。",
    "tcp": "BBR 分别估计瓶颈带宽与最小 RTT,丢包本身不触发降速;CUBIC 一丢包就把拥塞窗口乘 0.7。",
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("topics"), bundled)
    stock(shelf)
    drafts = [
        Draft(title=key, text=text, link=f"https://e.org/{key}") for key, text in MORE.items()
    ]
    shelf.archive.articles.commit("more", "feed", drafts, NOW)
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def follower(shelf: Shelf) -> Follower:
    return shelf.follow()


@pytest.fixture(scope="module")
def judge(shelf: Shelf, follower: Follower) -> TopicJudge:
    return TopicJudge(shelf.archive, follower, shelf.embedder)


def key(shelf: Shelf, article_id: str) -> str:
    article = shelf.archive.articles.by_id([article_id])[article_id]
    return article.title if article.title in MORE else key_of(article)


def about(shelf: Shelf, judge: TopicJudge, topic: str, strictness: int = 0) -> set[str]:
    (sure,) = judge.judge([topic], shelf.archive.articles.ids())
    return {key(shelf, own) for own, value in sure.items() if passes(value, strictness)}


@pytest.mark.parametrize("topic", ["databases", "数据库"])
def test_a_broad_topic_is_recognised_in_either_language(
    shelf: Shelf, judge: TopicJudge, topic: str
) -> None:
    """Neither article says the word."""
    assert {"sqlite", "locking"} <= about(shelf, judge, topic) <= {"sqlite", "locking", "index"}


@pytest.mark.parametrize(
    ("topic", "articles"),
    [
        ("object detection", {"detector", "focal"}),
        ("目标检测", {"detector", "focal"}),
        ("congestion control", {"tcp"}),
        ("gradient clipping", {"clipping"}),
        ("分布式锁", {"lock"}),
        ("sourdough bread", {"yeast"}),
    ],
)
def test_topics_find_what_is_about_them_and_nothing_else(
    shelf: Shelf, judge: TopicJudge, topic: str, articles: set[str]
) -> None:
    assert about(shelf, judge, topic) == articles


@pytest.mark.parametrize(
    "topic", ["扩散模型", "stock markets", "OAuth 单点登录", "football", "", "?"]
)
def test_what_nothing_is_about_is_silent(shelf: Shelf, judge: TopicJudge, topic: str) -> None:
    assert about(shelf, judge, topic) == set()


def test_looser_lets_no_less_through(shelf: Shelf, judge: TopicJudge) -> None:
    each = [about(shelf, judge, "databases", strictness) for strictness in range(-2, 3)]
    assert all(looser >= stricter for looser, stricter in pairwise(each))


def test_topics_are_judged_alike_alone_and_together(shelf: Shelf, judge: TopicJudge) -> None:
    ids = shelf.archive.articles.ids()
    topics = ["databases", "目标检测", "sourdough bread"]
    together = judge.judge(topics, ids)
    assert [set(sure) for sure in together] == [set(ids)] * 3
    assert all(0 <= value <= 1 for sure in together for value in sure.values())
    for topic, sure in zip(topics, together, strict=True):
        (alone,) = judge.judge([topic], ids)
        assert alone == pytest.approx(sure, abs=1e-4)
        (one,) = judge.judge([topic], ids[:1])
        assert one == {ids[0]: pytest.approx(sure[ids[0]], abs=1e-4)}


def test_no_topics_or_no_articles_is_nothing_to_judge(shelf: Shelf, judge: TopicJudge) -> None:
    assert judge.judge([], shelf.archive.articles.ids()) == []
    assert judge.judge(["databases"], []) == [{}]
    assert judge.judge(["databases"], ["no such article"]) == [{}]


def test_recent_shows_the_newest_first(shelf: Shelf, judge: TopicJudge) -> None:
    newest = [article.id for article in shelf.archive.articles.latest(100)]
    found = judge.recent("object detection", 0, 5)
    assert {key(shelf, article.id) for article in found} == {"detector", "focal"}
    assert [a.id for a in found] == [own for own in newest if own in {a.id for a in found}]
    assert judge.recent("object detection", 0, 1) == found[:1]
    assert judge.recent("object detection", 0, 0) == []
    first = newest.index(found[0].id)
    assert judge.recent("object detection", 0, 5, over=first) == []
    assert judge.recent("object detection", 0, 5, over=first + 1) == found[:1]


def test_topics_are_embedded_once(
    shelf: Shelf, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = TopicJudge(shelf.archive, follower, shelf.embedder)
    asked: list[str] = []
    embed = shelf.embedder.embed_queries

    def counting(texts: Sequence[str]) -> Matrix:
        asked.extend(texts)
        return embed(texts)

    monkeypatch.setattr(shelf.embedder, "embed_queries", counting)
    ids = shelf.archive.articles.ids()
    for _ in range(2):
        judge.judge(["databases", "Python", "databases"], ids)
        judge.recent("Python", 0, 3)
    assert asked == ["databases", "Python"]


def test_what_is_not_indexed_as_it_is_now_is_not_judged(
    tmp_path: Path, bundled: SentenceEmbedder
) -> None:
    shelf = Shelf(tmp_path, bundled)
    stock(shelf)
    follower = Follower(shelf.archive, shelf.index, bundled)
    judge = TopicJudge(shelf.archive, follower, bundled)
    ids = shelf.archive.articles.ids()
    for topics in ([], ["bread"]):
        with pytest.raises(IndexNotReady):
            judge.judge(topics, ids)
    with pytest.raises(IndexNotReady):
        judge.recent("bread", 0, 3)
    follower.start("test")
    shelf.followers.append(follower)
    follower.catch_up()
    judge.judge(["bread"], ids)

    added = Draft(title="Rye", text="Rye bread needs sourdough.", link="https://e.org/rye")
    shelf.archive.articles.commit("more", "feed", [added], NOW)
    (fresh,) = set(shelf.archive.articles.ids()) - set(ids)
    with pytest.raises(IndexNotReady, match="1 of 1 articles are not indexed yet"):
        judge.judge(["bread"], [fresh])
    assert fresh not in {article.id for article in judge.recent("rye bread", -2, 9)}
    follower.catch_up()
    assert passes(judge.judge(["rye bread"], [fresh])[0][fresh], 0)
    assert fresh in {article.id for article in judge.recent("rye bread", -2, 9)}

    edited = replace(added, text="A glacier moves a metre a day.")
    shelf.archive.articles.commit("more", "feed", [edited], NOW)
    with pytest.raises(IndexNotReady):
        judge.judge(["rye bread"], [fresh])
    shelf.archive.articles.withdraw([fresh], NOW)
    assert judge.judge(["rye bread"], [fresh, ids[0]])[0].keys() == {ids[0]}
    shelf.close()


def test_a_subject_is_not_what_a_long_article_mentions_once(
    tmp_path: Path, bundled: SentenceEmbedder
) -> None:
    shelf = Shelf(tmp_path, bundled)
    stock(shelf)
    bread = "".join(
        f"Step {n}: fold the sourdough, let the yeast rise for {n} hours and keep the flour warm. "
        for n in range(60)
    )
    aside = " The recipe is kept in SQLite, a database with a write-ahead log and transactions."
    shelf.archive.articles.commit("more", "feed", [Draft(title="Loaves", text=bread + aside)], NOW)
    shelf.follow()
    judge = TopicJudge(shelf.archive, shelf.followers[0], bundled)
    own = next(a.id for a in shelf.archive.articles.latest(100) if a.title == "Loaves")
    bread_sure, databases_sure = (
        judge.judge([topic], [own])[0][own] for topic in ("sourdough bread", "databases")
    )
    assert passes(bread_sure, 0)
    assert not passes(databases_sure, 0)
    shelf.close()


def test_a_damaged_index_is_distrusted(
    shelf: Shelf, follower: Follower, judge: TopicJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: Any) -> None:
        raise IndexDamaged("does not answer")

    reasons: list[str] = []
    monkeypatch.setattr("retrieval.search.topics.words_of", damaged)
    monkeypatch.setattr(follower, "distrust", reasons.append)
    with pytest.raises(IndexDamaged):
        judge.judge(["databases"], shelf.archive.articles.ids())
    assert reasons == ["does not answer"]
