"""The lexical index: BM25 over terms, on disk, replaced article by article."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Excerpt
from retrieval.errors import IndexDamaged
from retrieval.index.lexical import LexicalIndex
from retrieval.index.tokens import question_words
from retrieval.search.fusion import coverage

PASSAGES = {
    "ring": "环形缓冲区用一个定长数组首尾相接,写指针追上读指针时要么覆盖旧数据,要么等待。",
    "bloom": "A bloom filter answers whether a key may be in a set; it may lie about a member.",
    "wal": "Write-ahead logging makes a crash harmless: the WAL is flushed before the page.",
    "log": "日志先行:写页之前先写日志,写日志,写日志,数据库就不怕断电。",
    "kimi": "KimiVL 是一个多模态模型,激活参数不多。",
}


def excerpts(passages: dict[str, str]) -> list[Excerpt]:
    return [Excerpt(own, 0, text) for own, text in passages.items()]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LexicalIndex]:
    index = LexicalIndex.create(tmp_path / "words")
    index.apply([], excerpts(PASSAGES))
    yield index
    index.close()


def search(index: LexicalIndex, question: str, limit: int = 10) -> list[str]:
    return [
        own.rpartition(":")[0] for own in index.search(index.weigh(question_words(question)), limit)
    ]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("环形缓冲区怎么工作", "ring"),
        ("bloom filters", "bloom"),
        ("What is write ahead logging?", "wal"),
        ("writeahead", "wal"),
        ("写日志", "log"),
        ("Kimi-VL", "kimi"),
        ("kimi vl 有多少参数", "kimi"),
        ("ＫＩＭＩＶＬ", "kimi"),
        ("數據庫斷電", "log"),
        ("钥 键 覆", "ring"),
    ],
)
def test_the_passage_that_is_about_it_comes_first(
    index: LexicalIndex, question: str, best: str
) -> None:
    assert search(index, question)[0] == best


@pytest.mark.parametrize("question", ["咖啡拉花", "zzzz", "", "😀", "?!"])
def test_what_nothing_speaks_of_finds_nothing(index: LexicalIndex, question: str) -> None:
    assert search(index, question) == []


def test_no_more_hits_than_asked_for(index: LexicalIndex) -> None:
    assert len(search(index, "写 a the key wal 数据", limit=2)) == 2


@pytest.mark.parametrize(
    "query",
    [
        '"ahead write"',
        "-bloom",
        "+bloom AND NOT bloom",
        "terms:bloom",
        "bloom*",
        "bloo?m~2^9",
        "[bloom TO bloom]",
        "{!bloom}",
        "bloom\\",
        "(bloom",
        "' OR 1=1 -- bloom",
        "/bloom/",
        "id:ring bloom",
    ],
)
def test_query_syntax_is_plain_text(index: LexicalIndex, query: str) -> None:
    """FAILURES 21"""
    plain = "".join(char if char.isalnum() else " " for char in query)
    assert search(index, query) == search(index, plain) != []


# --- writing -------------------------------------------------------------------------------


def test_an_article_replaced_shows_only_its_new_passages(index: LexicalIndex) -> None:
    """FAILURES 22"""
    index.apply(
        ["bloom"],
        [Excerpt("bloom", n, text) for n, text in enumerate(["cuckoo hashing", "蓄水池"])],
    )
    assert search(index, "bloom filter") == []
    assert index.search(index.weigh(question_words("蓄水池")), 9) == ["bloom:1"]
    assert index.count() == len(PASSAGES) + 1


def test_an_article_removed_is_gone(index: LexicalIndex) -> None:
    index.apply(["wal", "nobody"], [])
    assert search(index, "write-ahead logging") == []
    assert index.count() == len(PASSAGES) - 1
    assert index.terms(["wal:0"]) == {}


def test_an_id_that_begins_like_another_is_another(index: LexicalIndex) -> None:
    index.apply([], [Excerpt("ring2", 0, "环形队列")])
    index.apply(["ring"], [])
    assert search(index, "环形") == ["ring2"]


def test_an_index_opened_again_holds_what_it_held(index: LexicalIndex, tmp_path: Path) -> None:
    index.close()
    again = LexicalIndex.open(tmp_path / "words")
    assert again.count() == len(PASSAGES)
    assert search(again, "bloom filter") == ["bloom"]
    again.apply(["bloom"], [Excerpt("new", 0, "一篇新文章")])
    assert search(again, "新文章") == ["new"]
    assert search(again, "bloom filter") == []
    again.close()


def test_an_index_that_was_closed_can_be_written_again(index: LexicalIndex) -> None:
    index.close()
    index.close()
    index.apply([], [Excerpt("new", 0, "一篇新文章")])
    assert search(index, "新文章") == ["new"]


def test_it_is_searched_while_it_is_written(index: LexicalIndex) -> None:
    def ask(_: int) -> set[str]:
        return set(search(index, "bloom filter"))

    with ThreadPoolExecutor(3) as pool:
        found = pool.map(ask, range(60))
        for number in range(10):
            index.apply([f"n{number}"], [Excerpt(f"n{number}", 0, "环形缓冲区又一篇")])
        assert set(map(frozenset, found)) == {frozenset({"bloom"})}


def test_a_folder_that_holds_an_index_is_not_made_anew(index: LexicalIndex, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        LexicalIndex.create(tmp_path / "words")


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


def emptied(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def torn(folder: Path) -> None:
    os.truncate(folder / "meta.json", 20)


def rotten(folder: Path) -> None:
    (folder / "meta.json").write_bytes(b"\xff" * 200)


def segmentless(folder: Path) -> None:
    for file in folder.iterdir():
        if "." in file.name and not file.name.startswith(".") and file.name != "meta.json":
            file.unlink()


@pytest.mark.parametrize("harm", [gone, emptied, torn, rotten, segmentless])
def test_a_damaged_index_says_so(
    index: LexicalIndex, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    index.close()
    harm(tmp_path / "words")
    with pytest.raises(IndexDamaged, match="words"):
        LexicalIndex.open(tmp_path / "words")


# --- words and their weights ---------------------------------------------------------------


def weights(index: LexicalIndex, question: str) -> dict[str, float]:
    return {weighed.word.text: weighed.weight for weighed in index.weigh(question_words(question))}


def test_a_rare_word_weighs_more_than_a_common_one(index: LexicalIndex) -> None:
    found = weights(index, "写 bloom nowhere")
    assert 0 < found["写"] < found["bloom"] < found["nowher"]


def test_weights_stay_true_when_articles_are_replaced_again_and_again(tmp_path: Path) -> None:
    """Tantivy counts deleted passages until it merges them away."""
    index = LexicalIndex.create(tmp_path / "words")
    kept = [Excerpt(f"k{n}", 0, "日志 先行") for n in range(3)]
    index.apply([], [*kept, Excerpt("a", 0, "日志 缓冲区")])
    for turn in range(6):
        mine = [Excerpt(own, 0, f"日志 第{turn}次") for own in ("a", "k0", "k1")]
        index.apply(["a", "k0", "k1"], mine)
    for question in ("日志", "日志 先行", "缓冲区", "日志 缓冲区 nowhere"):
        weighed = index.weigh(question_words(question))
        assert all(each.weight > 0 for each in weighed)
        for own in index.search(weighed, 9):
            assert 0 <= coverage(weighed, index.terms([own])[own]) <= 1
    index.close()


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        ("blo", ["bloom"]),
        ("flus", ["wal"]),
        ("KIM", ["kimi"]),
        ("harml", ["wal"]),
        ("bl", []),
        ("多模", ["kimi"]),
    ],
)
def test_a_word_may_be_the_beginning_of_another(
    index: LexicalIndex, beginning: str, found: list[str]
) -> None:
    """FAILURES 20"""
    assert search(index, beginning) == found


def test_a_word_that_stands_there_is_no_beginning(index: LexicalIndex) -> None:
    index.apply([], [Excerpt("key", 0, "a key"), Excerpt("keyboard", 0, "keyboards")])
    assert sorted(search(index, "key")) == ["bloom", "key"]


def test_a_completed_word_stays_telling_or_not(index: LexicalIndex) -> None:
    index.apply([], [Excerpt("whatever", 0, "whatever")])
    (weighed,) = index.weigh(question_words("what"))
    assert frozenset({"whatev"}) in weighed.word.forms
    assert not weighed.word.telling


def test_terms_are_those_of_the_passages_asked_for(index: LexicalIndex) -> None:
    terms = index.terms(["kimi:0", "nobody:0", "ring:0"])
    assert sorted(terms) == ["kimi:0", "ring:0"]
    assert {"kimivl", "kimi", "vl", "多", "模态"} <= terms["kimi:0"]
    assert index.terms([]) == {}


@pytest.mark.parametrize("text", ["😀", "...", "x"])
def test_a_passage_without_words_is_held_too(index: LexicalIndex, text: str) -> None:
    index.apply([], [Excerpt("odd", 0, text)])
    assert index.count() == len(PASSAGES) + 1
    assert index.terms(["odd:0"])["odd:0"] <= {"x"}


@given(st.lists(st.text(st.characters(), max_size=80), min_size=1, max_size=4))
@settings(deadline=None, max_examples=40)
def test_any_passage_is_found_by_its_own_words(texts: Sequence[str]) -> None:
    index = _shared()
    everything = [Excerpt(f"t{number}", 0, text) for number, text in enumerate(texts)]
    index.apply([f"t{number}" for number in range(4)], everything)
    assert index.count() == len(texts)
    for excerpt in everything:
        if words := question_words(excerpt.text):
            weighed = index.weigh(words)
            assert excerpt.id in index.search(weighed, 10)
        if any(word.telling for word in words):
            assert coverage(weighed, index.terms([excerpt.id])[excerpt.id]) == pytest.approx(1)


_index: list[LexicalIndex] = []


@pytest.fixture(autouse=True, scope="module")
def _one_index_for_the_property(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    _index.append(LexicalIndex.create(tmp_path_factory.mktemp("lexical") / "words"))
    yield
    _index.pop().close()


def _shared() -> LexicalIndex:
    return _index[0]
