"""The articles nearest to one, in either language, on real parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retrieval.article import Article, Draft
from retrieval.embedding import SentenceEmbedder
from retrieval.errors import IndexDamaged, IndexNotReady
from retrieval.index.following import Follower
from retrieval.search.similar import Similar
from tests.retrieval.library import stock
from tests.retrieval.shelf import NOW, Shelf

MORE = {
    "面包": "酸面包靠野生酵母和乳酸菌发酵,面团要慢慢醒发一整夜,烤出来才有气孔。",
    "Loaves": "Bread dough made of flour, water and wild yeast rises overnight before it is baked.",
    "Heaps": "Heapsort sorts in place in n log n, but its jumps over the array miss the cache.",
    "heaps": "Sorting with a heap needs no more memory, and takes n log n steps at the worst.",
    "长文": "冰川磨蚀山谷。" + "冰川携带的碎石在山谷末端堆成冰碛垄,河谷因此变宽。" * 60,
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("similar"), bundled)
    stock(shelf)
    drafts = [
        Draft(title=title, text=text, link=f"https://e.org/{number}")
        for number, (title, text) in enumerate(MORE.items())
    ]
    shelf.archive.articles.commit("more", "feed", drafts, NOW)
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def follower(shelf: Shelf) -> Follower:
    return shelf.follow()


@pytest.fixture(scope="module")
def similar(shelf: Shelf, follower: Follower) -> Similar:
    return Similar(shelf.archive, follower)


def own(shelf: Shelf, title: str) -> Article:
    return next(a for a in shelf.archive.articles.latest(100) if a.title == title)


@pytest.mark.parametrize(
    ("title", "others"),
    [
        ("面包", {"Loaves", "A slow loaf"}),
        ("A slow loaf", {"Loaves", "面包"}),
        ("长文", {"Ice at work"}),
        ("Ice at work", {"长文"}),
    ],
)
def test_the_nearest_come_first_in_whatever_language(
    shelf: Shelf, similar: Similar, title: str, others: set[str]
) -> None:
    found = similar.to(own(shelf, title).id, len(others))
    assert {article.title for article in found} == others


def test_an_article_is_not_like_itself_and_comes_once(shelf: Shelf, similar: Similar) -> None:
    for article in shelf.archive.articles.latest(100):
        found = similar.to(article.id, 100)
        ids = [other.id for other in found]
        assert article.id not in ids
        assert len(ids) == len(set(ids))
        assert len(found) >= len(MORE)
        assert [other.id for other in similar.to(article.id, 2)] == ids[:2]


def test_what_has_the_same_title_is_left_out(shelf: Shelf, similar: Similar) -> None:
    titles = [article.title for article in similar.to(own(shelf, "Heaps").id, 100)]
    assert "堆排序" in titles
    assert "heaps" not in titles, "a title spelt otherwise is the same"
    others = [article.title for article in similar.to(own(shelf, "堆排序").id, 100)]
    assert len({"heaps", "Heaps"} & set(others)) == 1, "two of one title are one"


def test_what_is_not_there_has_no_like(shelf: Shelf, similar: Similar) -> None:
    assert similar.to("no such article", 5) == []
    assert similar.to(own(shelf, "Heaps").id, 0) == []


def test_what_is_withdrawn_is_not_shown(tmp_path: Path, bundled: SentenceEmbedder) -> None:
    shelf = Shelf(tmp_path, bundled)
    stock(shelf)
    unready = Similar(shelf.archive, Follower(shelf.archive, shelf.index, bundled))
    article = own(shelf, "A slow loaf")
    with pytest.raises(IndexNotReady):
        unready.to(article.id, 3)
    similar = Similar(shelf.archive, shelf.follow())
    before = similar.to(article.id, 3)
    shelf.archive.articles.withdraw([before[0].id], NOW)
    assert similar.to(article.id, 2) == before[1:]
    shelf.close()


def test_a_damaged_index_is_distrusted(
    shelf: Shelf, follower: Follower, similar: Similar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: Any) -> None:
        raise IndexDamaged("does not answer")

    reasons: list[str] = []
    monkeypatch.setattr("retrieval.search.similar.sketches_of", damaged)
    monkeypatch.setattr(follower, "distrust", reasons.append)
    with pytest.raises(IndexDamaged):
        similar.to(own(shelf, "Heaps").id, 3)
    assert reasons == ["does not answer"]
