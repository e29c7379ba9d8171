"""The lexical index: BM25 over terms, on disk, replaced article by article."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Excerpt
from retrieval.errors import IndexDamaged
from retrieval.index.lexical import LexicalIndex
from retrieval.index.questions import Form, Origin, Word, question_words
from retrieval.index.sketch import hashes
from retrieval.search.fusion import Coverage

#: Of the vectors that the tests' passages have.
DIMENSION = 4

PASSAGES = {
    "ring": "环形缓冲区用一个定长数组首尾相接,写指针追上读指针时要么覆盖旧数据,要么等待。",
    "bloom": "A bloom filter answers whether a key may be in a set; it may lie about a member.",
    "wal": "Write-ahead logging makes a crash harmless: the WAL is flushed before the page.",
    "log": "日志先行:写页之前先写日志,写日志,写日志,数据库就不怕断电。",
    "kimi": "KimiVL 是一个多模态模型,激活参数不多。",
}


def excerpts(passages: dict[str, str]) -> list[Excerpt]:
    return [Excerpt(own, 0, text) for own, text in passages.items()]


def apply(index: LexicalIndex, remove: Sequence[str], add: Sequence[Excerpt]) -> None:
    """Replace articles, with vectors that tell which passage they are of."""
    vectors = [[n, len(excerpt.text), 0, 1] for n, excerpt in enumerate(add)]
    index.apply(remove, add, np.array(vectors, np.float32).reshape(len(add), DIMENSION))


def coverage(index: LexicalIndex, question: str, *ids: str) -> dict[str, float]:
    """How much of a question each of these passages covers."""
    passages = index.sketches(ids, DIMENSION)
    shares = Coverage(index.weigh(question_words(question)), passages).shares()
    return dict(zip(passages.ids, shares.tolist(), strict=True))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LexicalIndex]:
    index = LexicalIndex.create(tmp_path / "words")
    apply(index, [], excerpts(PASSAGES))
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
        "bloom?~2^9",
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
    apply(
        index,
        ["bloom"],
        [Excerpt("bloom", n, text) for n, text in enumerate(["cuckoo hashing", "蓄水池"])],
    )
    assert search(index, "bloom filter") == []
    assert [*index.search(index.weigh(question_words("蓄水池")), 9)] == ["bloom:1"]
    assert index.count() == len(PASSAGES) + 1


def test_an_article_removed_is_gone(index: LexicalIndex) -> None:
    apply(index, ["wal", "nobody"], [])
    assert search(index, "write-ahead logging") == []
    assert index.count() == len(PASSAGES) - 1
    assert index.sketches(["wal:0"], DIMENSION).ids == ()


def test_an_id_that_begins_like_another_is_another(index: LexicalIndex) -> None:
    apply(index, [], [Excerpt("ring2", 0, "环形队列")])
    apply(index, ["ring"], [])
    assert search(index, "环形") == ["ring2"]


def test_an_index_opened_again_holds_what_it_held(index: LexicalIndex, tmp_path: Path) -> None:
    index.close()
    again = LexicalIndex.open(tmp_path / "words")
    assert again.count() == len(PASSAGES)
    assert search(again, "bloom filter") == ["bloom"]
    apply(again, ["bloom"], [Excerpt("new", 0, "一篇新文章")])
    assert search(again, "新文章") == ["new"]
    assert search(again, "bloom filter") == []
    again.close()


def test_an_index_that_was_closed_can_be_written_again(index: LexicalIndex) -> None:
    index.close()
    index.close()
    apply(index, [], [Excerpt("new", 0, "一篇新文章")])
    assert search(index, "新文章") == ["new"]


def test_it_is_searched_while_it_is_written(index: LexicalIndex) -> None:
    def ask(_: int) -> set[str]:
        return set(search(index, "bloom filter"))

    with ThreadPoolExecutor(3) as pool:
        found = pool.map(ask, range(60))
        for number in range(10):
            apply(index, [f"n{number}"], [Excerpt(f"n{number}", 0, "环形缓冲区又一篇")])
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
    found = weights(index, "写 bloom blorptang")
    assert 0 < found["写"] < found["bloom"] < found["blorptang"]
    apply(index, [], [Excerpt(f"more{n}", 0, "bloom") for n in range(9)])
    assert weights(index, "bloom")["bloom"] < found["bloom"]


def test_weights_stay_true_when_articles_are_replaced_again_and_again(tmp_path: Path) -> None:
    """Tantivy counts deleted passages until it merges them away."""
    index = LexicalIndex.create(tmp_path / "words")
    kept = [Excerpt(f"k{n}", 0, "日志 先行") for n in range(3)]
    apply(index, [], [*kept, Excerpt("a", 0, "日志 缓冲区")])
    for turn in range(6):
        mine = [Excerpt(own, 0, f"日志 第{turn}次") for own in ("a", "k0", "k1")]
        apply(index, ["a", "k0", "k1"], mine)
    for question in ("日志", "日志 先行", "缓冲区", "日志 缓冲区 nowhere"):
        weighed = index.weigh(question_words(question))
        assert all(each.weight > 0 for each in weighed)
        assert all(form.value > 0 for each in weighed for form in each.forms)
        covered = coverage(index, question, *index.search(weighed, 9))
        assert bool(covered) == (question != "缓冲区"), "no passage has it any more"
        assert all(0 < share <= 1 for share in covered.values())
    index.close()


def test_a_form_counts_for_its_credit_and_its_rarest_term(index: LexicalIndex) -> None:
    word = Word(
        "log",
        (
            Form(frozenset({"日志"}), Origin.DICTIONARY, 0.5),
            Form(frozenset({"日志", "断电"}), Origin.DICTIONARY, 0.1),
            Form(frozenset({"log", "nowhere"})),
            Form(frozenset({"log"})),
        ),
    )
    apply(index, [], [Excerpt("more", 0, "log 日志")])
    (weighed,) = index.weigh([word])
    assert [sorted(form.form.terms) for form in weighed.forms] == [
        ["log"],
        ["日志"],
        ["断电", "日志"],
    ], "most telling first, without what no passage has"
    itself, translated, both = (form.value for form in weighed.forms)
    assert weighed.weight == itself
    assert 0 < translated <= 0.5 * itself, "never more than the word at its credit"
    assert 0 < both <= 0.1 * itself


def test_a_word_that_stands_nowhere_weighs_what_it_would_be_worth(index: LexicalIndex) -> None:
    """So that a passage which lacks it covers the less of the question."""
    (nowhere, bloom) = index.weigh(question_words("blorptang bloom"))
    assert nowhere.forms == ()
    assert nowhere.weight > bloom.weight
    assert coverage(index, "blorptang bloom", "bloom:0")["bloom:0"] < 0.5
    apply(index, [], [Excerpt("new", 0, "blorptang")])
    assert coverage(index, "blorptang bloom", "new:0", "bloom:0")["new:0"] == pytest.approx(
        0.5, abs=0.1
    )


def test_what_only_asks_finds_but_weighs_nothing(index: LexicalIndex) -> None:
    weighed = index.weigh(question_words("whether it is"))
    assert [each.weight for each in weighed] == [0] * len(weighed)
    assert [*index.search(weighed, 1)] == ["bloom:0"]
    assert coverage(index, "whether it is", "bloom:0") == {"bloom:0": 0}


def test_a_translation_finds_but_less_surely_than_the_word(index: LexicalIndex) -> None:
    word = Word(
        "filter",
        (Form(frozenset({"filter"})), Form(frozenset({"滤波"}), Origin.DICTIONARY, 0.3)),
    )
    apply(index, [], [Excerpt("translated", 0, "滤波"), Excerpt("itself", 0, "filter")])
    found = [*index.search(index.weigh([word]), 9)]
    assert found.index("itself:0") < found.index("translated:0")


@pytest.mark.parametrize(
    ("beginning", "ends"),
    [
        ("bloo", ["bloom", "bloomfilt"]),
        ("flus", ["flush", "flushedbefor"]),
        ("kimi", ["kimi", "kimivl"]),
        ("blo", []),
        ("", []),
        ("多模态", []),
        ("zzz", []),
    ],
)
def test_what_begins_so(index: LexicalIndex, beginning: str, ends: list[str]) -> None:
    """FAILURES 20"""
    assert sorted(index.completions(beginning)) == ends


@pytest.mark.parametrize(
    ("question", "stands"),
    [("bloom", True), ("Kimi-VL", True), ("blo", False), ("日志", True), ("咖啡", False)],
)
def test_whether_a_word_stands_anywhere(index: LexicalIndex, question: str, stands: bool) -> None:
    assert any(index.stands(word) for word in question_words(question)) is stands


def test_only_the_words_own_spelling_makes_it_stand(index: LexicalIndex) -> None:
    (word,) = question_words("blomm")
    bloom = frozenset({"bloom"})
    assert not index.stands(word.also(Form(bloom, Origin.SPELLING), Form(bloom, Origin.DICTIONARY)))
    assert index.stands(word.also(Form(bloom)))


# --- what scoring reads --------------------------------------------------------------------


def test_a_passage_is_read_back_with_its_terms_vector_and_language(index: LexicalIndex) -> None:
    read = index.sketches(["kimi:0", "nobody:0", "bloom:0", "ring:0"], DIMENSION)
    assert read.ids == ("bloom:0", "kimi:0", "ring:0")
    assert len(read) == 3
    wanted = sorted(hashes(["kimivl", "vl", "多", "模态", "bloom"]).tolist())
    held = read.holding(np.array(wanted, np.uint32))
    assert held.sum(axis=1).tolist() == [1, 4, 0]
    assert read.vectors[0].tolist() == [1, len(PASSAGES["bloom"]), 0, 1]
    assert read.shares[0] == 1
    assert 0 < read.shares[1] < 0.5
    assert read.shares[2] == 0


@pytest.mark.parametrize("ids", [[], ["nobody:0"]])
def test_of_no_passage_there_is_nothing_to_score(index: LexicalIndex, ids: list[str]) -> None:
    read = index.sketches(ids, DIMENSION)
    assert (read.ids, read.vectors.shape) == ((), (0, DIMENSION))
    assert Coverage(index.weigh(question_words("bloom")), read).shares().shape == (0,)


def test_vectors_of_another_length_are_a_damaged_index(index: LexicalIndex) -> None:
    with pytest.raises(IndexDamaged):
        index.sketches(["ring:0"], 384)


def test_a_check_finds_passages_that_lost_words_or_vector(index: LexicalIndex) -> None:
    passages = excerpts(PASSAGES)[:2]
    vectors = np.array([[n, len(p.text), 0, 1] for n, p in enumerate(passages)], np.float32)
    index.check(passages, vectors)
    index.check([], np.zeros((0, 0), np.float32))
    with pytest.raises(IndexDamaged, match="ring:0"):
        index.check(passages, vectors + 1)
    with pytest.raises(IndexDamaged, match="bloom:0"):
        index.check([Excerpt("bloom", 0, "something else")], vectors[1:])
    with pytest.raises(IndexDamaged, match="gone:0"):
        index.check([Excerpt("gone", 0, "a bloom filter")], vectors[:1])


def test_articles_named_are_the_only_ones_searched(index: LexicalIndex) -> None:
    words = index.weigh(question_words("bloom 日志"))
    assert sorted(index.search(words, 9)) == ["bloom:0", "log:0"]
    assert [*index.search(words, 9, ["log", "nobody"])] == ["log:0"]
    assert sorted(index.search(words, 9, ["log", "ring"])) == ["log:0", "ring:0"]
    assert next(iter(index.search(words, 9, ["log", "ring"]))) == "log:0", (
        "what has the words comes first"
    )
    assert sorted(index.search([], 9, ["log", "ring"])) == ["log:0", "ring:0"]
    assert index.search(words, 9, []) == {}


def test_passages_that_hold_all_words_in_some_form(index: LexicalIndex) -> None:
    def holding(words: str, limit: int = 9) -> list[str]:
        return [*index.holding(question_words(words), limit)]

    assert holding("bloom filters bloom") == ["bloom:0"]
    assert holding("Kimi-VL") == ["kimi:0"]
    assert holding("bloom 日志") == []
    assert holding("") == []
    assert len(holding("写", 1)) == 1


@pytest.mark.parametrize("text", ["😀", "...", "x"])
def test_a_passage_without_words_is_held_too(index: LexicalIndex, text: str) -> None:
    apply(index, [], [Excerpt("odd", 0, text)])
    assert index.count() == len(PASSAGES) + 1
    (held,) = index.sketches(["odd:0"], DIMENSION).holding(hashes(["x"]))
    assert held.tolist() == [text == "x"]


@given(st.lists(st.text(st.characters(), max_size=80), min_size=1, max_size=4))
@settings(deadline=None, max_examples=40)
def test_any_passage_is_found_by_its_own_words(texts: Sequence[str]) -> None:
    index = _shared()
    everything = [Excerpt(f"t{number}", 0, text) for number, text in enumerate(texts)]
    apply(index, [f"t{number}" for number in range(4)], everything)
    assert index.count() == len(texts)
    for excerpt in everything:
        if words := question_words(excerpt.text):
            assert excerpt.id in index.search(index.weigh(words), 10)
        if any(word.telling for word in words):
            covered = coverage(index, excerpt.text, excerpt.id)
            assert covered == {excerpt.id: pytest.approx(1)}


_index: list[LexicalIndex] = []


@pytest.fixture(autouse=True, scope="module")
def _one_index_for_the_property(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    _index.append(LexicalIndex.create(tmp_path_factory.mktemp("lexical") / "words"))
    yield
    _index.pop().close()


def _shared() -> LexicalIndex:
    return _index[0]
