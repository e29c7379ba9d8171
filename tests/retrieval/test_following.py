"""The index follows the log through crashes, damage, edits and other models. All parts are real."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import Matrix, SentenceEmbedder
from retrieval.errors import IndexDamaged, IndexNotReady, IndexOwned
from retrieval.index.following import Follower
from retrieval.index.home import Generation, IndexHome
from tests.retrieval.counting import Counting
from tests.retrieval.shelf import LINES, Shelf


@pytest.fixture
def counting(bundled: SentenceEmbedder) -> Counting:
    return Counting(bundled)


@pytest.fixture
def shelf(tmp_path: Path, counting: Counting) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path, counting)
    shelf.gather(*LINES)
    yield shelf
    shelf.close()


def embedded(counting: Counting) -> list[str]:
    """The archive's passages that were embedded: the probe that knows models again is not one."""
    return [text for text in counting.passages if "brown fox" not in text]


def titles(shelf: Shelf, follower: Follower, question: str) -> list[str]:
    return [hit.article.title for hit in shelf.ask(follower, question).hits]


def current(shelf: Shelf) -> Generation:
    generation = IndexHome(shelf.index).current()
    assert generation is not None
    return generation


def assert_whole(shelf: Shelf, follower: Follower) -> None:
    """Every article is found first by its own text, and nothing else is in the index."""
    ids = {p.excerpt.id for p in shelf.archive.articles.passages(shelf.archive.articles.ids())}
    with follower.searching() as index:
        assert set(index.vectors.ids()) == ids
        assert index.words.count() == len(ids)
    for article in shelf.archive.articles.latest(100):
        assert shelf.ask(follower, article.opening).hits[0].article.id == article.id


def test_how_much_is_done_counts_what_was_embedded_long_ago(
    shelf: Shelf, counting: Counting
) -> None:
    shelf.follow().close()
    shutil.rmtree(shelf.index)
    shelf.gather("跳表用多层链表代替平衡树,查找的期望代价是对数级。", *LINES)
    shares: list[float] = []

    class Telling(Counting):
        def embed_passages(self, texts: Sequence[str]) -> Matrix:
            shares.append(follower.share)
            return super().embed_passages(texts)

    follower = Follower(shelf.archive, shelf.index, Telling(counting._inner))
    follower.start("test")
    follower.catch_up()
    assert (shares[-1], follower.share) == (0.8, 1.0)
    follower.close()


def test_every_article_is_found(shelf: Shelf) -> None:
    assert_whole(shelf, shelf.follow())


def test_an_open_index_takes_in_what_is_gathered_meanwhile(
    shelf: Shelf, counting: Counting
) -> None:
    follower = shelf.follow()
    counting.passages.clear()
    new = "跳表用多层链表代替平衡树,查找的期望代价是对数级。"
    shelf.gather(new, *LINES)
    assert follower.catch_up() == 1
    assert embedded(counting) == [new]
    assert titles(shelf, follower, "跳表")[0].startswith("跳表")
    assert_whole(shelf, follower)
    assert follower.catch_up() == 0


def test_an_edited_article_is_found_by_its_new_text_alone(shelf: Shelf) -> None:
    """FAILURES 22: the old text is never shown."""
    follower = shelf.follow()
    grown = LINES[2] + "第 i 个样本以 k/i 的概率留下。"
    report = shelf.gather(LINES[0], LINES[1], grown, LINES[3])
    assert report.total().changed == 1
    stale = shelf.ask(follower, "蓄水池采样").hits[0]
    assert stale.excerpt == grown, "what is shown is what the archive has, also before following"
    follower.catch_up()
    assert shelf.ask(follower, "蓄水池采样").hits[0].excerpt == grown
    assert_whole(shelf, follower)


def test_a_shortened_article_leaves_no_passage_behind(
    tmp_path: Path, bundled: SentenceEmbedder
) -> None:
    """FAILURES 22: also where it had several passages."""
    shelf = Shelf(tmp_path, bundled)
    sentence = "向量时钟为每个节点记一个计数器,合并时逐项取最大值,由此判断两个事件谁先谁后。"
    long = sentence + "".join(
        f"第{n}轮合并之后各节点的计数器仍然只增不减,谁也不会倒退。" for n in range(60)
    )
    shelf.gather(long, LINES[0])
    follower = shelf.follow()
    assert shelf.archive.articles.counts().excerpts > 2
    shelf.gather(sentence, LINES[0])
    follower.catch_up()
    assert shelf.archive.articles.counts().excerpts == 2
    assert_whole(shelf, follower)
    shelf.close()


def test_nothing_is_embedded_twice_over_restarts(shelf: Shelf, counting: Counting) -> None:
    shelf.follow().close()
    counting.passages.clear()
    assert_whole(shelf, shelf.follow())
    assert embedded(counting) == []


def test_a_deleted_index_is_rebuilt_without_embedding(shelf: Shelf, counting: Counting) -> None:
    shelf.follow().close()
    shutil.rmtree(shelf.index)
    counting.passages.clear()
    assert_whole(shelf, shelf.follow())
    assert embedded(counting) == []


def test_a_crash_between_archive_and_index_heals(tmp_path: Path, bundled: SentenceEmbedder) -> None:
    """FAILURES 1 for the index: killed after the commit, before the index heard of it."""
    script = """
        import os, signal, sys
        from pathlib import Path
        from retrieval.embedding import SentenceEmbedder
        from tests.retrieval.shelf import LINES, Shelf

        shelf = Shelf(Path(sys.argv[1]), SentenceEmbedder())
        shelf.gather(*LINES[:2])
        follower = shelf.follow()
        shelf.gather(*LINES)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = run_script(script, tmp_path)
    assert done.returncode == -signal.SIGKILL, done.stderr
    shelf = Shelf(tmp_path, bundled)
    assert shelf.archive.articles.counts().articles == len(LINES)
    assert_whole(shelf, shelf.follow())
    shelf.close()


@pytest.mark.parametrize("after", ["delete", "upsert", "words"])
def test_a_crash_in_the_middle_of_a_write_heals(
    tmp_path: Path, bundled: SentenceEmbedder, after: str, caplog: pytest.LogCaptureFixture
) -> None:
    """FAILURES 22: an interrupted write never hides an article."""
    script = f"""
        import os, signal, sys
        from pathlib import Path
        from retrieval.embedding import SentenceEmbedder
        from retrieval.index.lexical import LexicalIndex
        from retrieval.index.vectors import VectorIndex
        from tests.retrieval.shelf import LINES, Shelf

        shelf = Shelf(Path(sys.argv[1]), SentenceEmbedder())
        shelf.gather(*LINES)
        follower = shelf.follow()

        def killing(kind, name):
            real = getattr(kind, name)
            def step(*args):
                real(*args)
                os.kill(os.getpid(), signal.SIGKILL)
            setattr(kind, name, step)

        killing(*{{
            "delete": (VectorIndex, "delete"),
            "upsert": (VectorIndex, "upsert"),
            "words": (LexicalIndex, "apply"),
        }}[{after!r}])
        if {after!r} == "delete":
            from retrieval.archive.schema import articles
            with shelf.archive._database.write() as connection:
                connection.execute(articles.update().values(most_excerpts=3))
        shelf.gather(LINES[0] + "多写者时要用原子操作推进写指针。", *LINES[1:])
        follower.catch_up()
    """
    done = run_script(script, tmp_path)
    assert done.returncode == -signal.SIGKILL, done.stderr
    shelf = Shelf(tmp_path, bundled)
    with caplog.at_level(logging.INFO):
        assert_whole(shelf, shelf.follow())
    assert "was interrupted while it was written" in caplog.text
    shelf.close()


def run_script(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(folder)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.parametrize("victim", ["chroma.sqlite3", "data_level0.bin", "header.bin", "whole"])
def test_a_truncated_chroma_folder_is_rebuilt(
    shelf: Shelf, counting: Counting, victim: str, caplog: pytest.LogCaptureFixture
) -> None:
    """FAILURES 24: Chroma may crash the process on such a folder, so it is tried in another."""
    shelf.follow().close()
    vectors = current(shelf).vectors
    if victim == "whole":
        shutil.rmtree(vectors)
        vectors.mkdir()
    else:
        file = next(vectors.rglob(victim))
        with file.open("r+b") as opened:
            opened.truncate(file.stat().st_size // 3)
    before = current(shelf).folder
    counting.passages.clear()
    with caplog.at_level(logging.INFO):
        assert_whole(shelf, shelf.follow())
    assert embedded(counting) == []
    if current(shelf).folder != before:
        assert "is damaged" in caplog.text
        assert not before.exists(), "the damaged folder is gone"
    else:
        assert victim == "header.bin" or victim == "data_level0.bin", "Chroma healed it by itself"


def test_a_damaged_lexical_index_is_rebuilt(shelf: Shelf) -> None:
    shelf.follow().close()
    for file in current(shelf).words.glob("*.idx"):
        file.write_bytes(b"")
    (current(shelf).words / "meta.json").write_text("{", encoding="utf-8")
    assert_whole(shelf, shelf.follow())


@pytest.mark.parametrize("suffix", ["idx", "pos", "store", "term", "fast", "fieldnorm"])
@pytest.mark.parametrize("damage", ["gone", "garbage"])
def test_damaged_words_are_mended_by_the_time_a_question_is_answered(
    shelf: Shelf, counting: Counting, suffix: str, damage: str
) -> None:
    """Found at the opening or by the search itself; nothing is embedded again."""
    shelf.follow().close()
    for file in current(shelf).words.glob(f"*.{suffix}"):
        size = file.stat().st_size
        file.unlink()
        if damage == "garbage":
            file.write_bytes(bytes(range(1, 250)) * (size // 249 + 1))
    counting.passages.clear()
    follower = shelf.follow()
    try:
        assert_whole(shelf, follower)
    except IndexDamaged:
        follower.catch_up()
        assert_whole(shelf, follower)
    assert embedded(counting) == []


@pytest.mark.parametrize(
    "edits",
    [
        {"cursor": "abc"},
        {"cursor": None},
        {"cursor": 10**9},
        {"passages": "5"},
        {"passages": 5},
        {"embedder_id": 77},
        {"embedder_id": [1]},
        {"writing": "no"},
        {"unheard": 1},
        {"files": []},
        {"files": 7},
        {"model": "nonsuch/model"},
    ],
)
def test_a_doctored_state_does_no_harm(shelf: Shelf, edits: dict[str, object]) -> None:
    shelf.follow().close()
    file = current(shelf).folder / "state.json"
    state = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**state, **edits}), encoding="utf-8")
    assert_whole(shelf, shelf.follow())


@pytest.mark.parametrize("part", ["vectors", "words"])
@pytest.mark.parametrize("left", ["nothing", "file"])
def test_a_part_that_is_gone_is_rebuilt(shelf: Shelf, part: str, left: str) -> None:
    shelf.follow().close()
    folder = current(shelf).folder / part
    shutil.rmtree(folder)
    if left == "file":
        folder.write_text("x")
    assert_whole(shelf, shelf.follow())


@pytest.mark.parametrize("text", ["", "{", "{}", '{"format": 99}', "null", "[]", '"x"'])
def test_a_torn_state_is_rebuilt(shelf: Shelf, text: str) -> None:
    shelf.follow().close()
    (current(shelf).folder / "state.json").write_text(text, encoding="utf-8")
    assert_whole(shelf, shelf.follow())


def test_a_second_owner_is_refused_at_once_and_told_who(shelf: Shelf) -> None:
    """FAILURES 24."""
    follower = shelf.follow()
    second = Follower(shelf.archive, shelf.index, shelf.embedder)
    with pytest.raises(IndexOwned, match=rf"belongs to `test` \(process {os.getpid()} on "):
        second.start("another")
    follower.close()
    second.start("another")
    second.close()


def test_another_model_of_the_same_dimension_is_noticed(
    shelf: Shelf, other_model: SentenceEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    """FAILURES 23."""
    shelf.follow().close()
    before = current(shelf)
    with caplog.at_level(logging.INFO):
        follower = shelf.follow(other_model)
    assert "the embedding model changed (bundled, 384 dimensions, to" in caplog.text
    assert f"{len(LINES)} passages, of which {len(LINES)} must be embedded" in caplog.text
    assert not before.folder.exists()
    with follower.searching() as index:
        own = shelf.archive.articles.passages(shelf.archive.articles.ids())[0]
        stored = shelf.archive.vectors.load(index.embedder.id, [own.text_hash])[own.text_hash]
    fresh = other_model.embed_passages([own.excerpt.text])[0]
    assert float(stored @ fresh) == pytest.approx(1.0, abs=1e-3)


def test_weights_exchanged_under_the_same_name_are_noticed(
    shelf: Shelf, counting: Counting, other_model: SentenceEmbedder
) -> None:
    """FAILURES 23: same name, same dimension, other weights."""
    shelf.follow().close()

    class Exchanged(Counting):
        @property
        def model(self) -> str:
            return "bundled"

    exchanged = Exchanged(other_model)
    shelf.follow(exchanged)
    assert sorted(embedded(exchanged)) == sorted(LINES)


def test_a_new_archive_under_an_old_index_is_noticed(
    shelf: Shelf, bundled: SentenceEmbedder
) -> None:
    shelf.follow().close()
    shelf.archive.close()
    for file in shelf.home.glob("archive.sqlite3*"):
        file.unlink()
    fresh = Shelf(shelf.home, bundled)
    fresh.gather("红黑树靠旋转和变色维持近似平衡,最长路径不超过最短路径的两倍。")
    follower = fresh.follow()
    assert_whole(fresh, follower)
    assert len(titles(fresh, follower, "环形缓冲区")) == 1
    fresh.close()


def test_an_empty_archive_is_searched_in_vain(tmp_path: Path, bundled: SentenceEmbedder) -> None:
    shelf = Shelf(tmp_path, bundled)
    answer = shelf.ask(shelf.follow(), "anything at all")
    assert (answer.relevant, answer.confidence, answer.hits) == (False, 0.0, ())
    shelf.close()


def test_before_the_first_catching_up_a_search_is_told_to_wait(shelf: Shelf) -> None:
    follower = Follower(shelf.archive, shelf.index, shelf.embedder)
    with pytest.raises(IndexNotReady, match="still being built"), follower.searching():
        pass


def test_an_interrupted_embedding_goes_on_where_it_was(
    shelf: Shelf, bundled: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in a long embedding: what was embedded stays embedded."""
    monkeypatch.setattr("retrieval.index.following._EMBED_STEP", 1)

    class Interrupted(Counting):
        def embed_passages(self, texts: Sequence[str]) -> Matrix:
            if len(embedded(self)) == 3:
                raise KeyboardInterrupt
            return super().embed_passages(texts)

    first = Interrupted(bundled)
    with pytest.raises(KeyboardInterrupt):
        shelf.follow(first)
    shelf.close()
    again = Counting(bundled)
    reopened = Shelf(shelf.home, again)
    assert_whole(reopened, reopened.follow())
    assert sorted(embedded(first) + embedded(again)) == sorted(LINES)
    reopened.close()


def test_a_stopped_embedding_ends_at_its_next_step(shelf: Shelf) -> None:
    follower = Follower(shelf.archive, shelf.index, shelf.embedder)
    follower.start("test")
    follower.stop()
    with pytest.raises(IndexNotReady, match="stopped"):
        follower.catch_up()
    follower.close()


class Untouchable:
    """A model that takes so long to load that nobody should have asked for it."""

    model = "bundled"
    query_prompt = passage_prompt = ""

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        raise AssertionError("the model was asked")

    embed_passages = embed_queries


def test_who_is_stopped_loads_no_model_any_more(shelf: Shelf) -> None:
    follower = Follower(shelf.archive, shelf.index, Untouchable())
    follower.start("test")
    follower.stop()
    with pytest.raises(IndexNotReady, match="stopped"):
        follower.catch_up()
    follower.close()


def test_a_gather_that_changed_nothing_leaves_the_model_alone(shelf: Shelf, tmp_path: Path) -> None:
    shelf.follow().close()
    follower = Follower(shelf.archive, shelf.index, Untouchable())
    follower.start("gather")
    assert follower.catch_up(for_search=False) == 0
    follower.close()


def test_the_chance_cosine_is_the_mean_over_the_archive(shelf: Shelf) -> None:
    with shelf.follow().searching() as index:
        assert index.moments.count == len(LINES)
        query = shelf.embedder.embed_queries(["bloom filter"])[0]
        mean = index.moments.chance(query)
        hashes = [
            p.text_hash for p in shelf.archive.articles.passages(shelf.archive.articles.ids())
        ]
        stored = np.stack(list(shelf.archive.vectors.load(index.embedder.id, hashes).values()))
    cosines = stored @ query
    assert mean == pytest.approx(float(cosines.mean()), abs=1e-5)


def test_a_write_that_chroma_refuses_rebuilds_the_index_at_once(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    follower = shelf.follow()
    with follower.searching() as index:
        broken = index.vectors._collection

    def refuse(**_: object) -> None:
        raise RuntimeError("Error loading hnsw index")

    monkeypatch.setattr(broken, "upsert", refuse)
    shelf.gather("跳表用多层链表代替平衡树,查找的期望代价是对数级。", *LINES)
    with caplog.at_level(logging.INFO):
        follower.catch_up()
    assert "does not take vectors in (Error loading hnsw index)" in caplog.text
    assert_whole(shelf, follower)


def test_going_back_to_the_model_before_embeds_nothing(
    shelf: Shelf, counting: Counting, other_model: SentenceEmbedder
) -> None:
    shelf.follow().close()
    shelf.follow(other_model).close()
    counting.passages.clear()
    assert_whole(shelf, shelf.follow())
    assert embedded(counting) == []
