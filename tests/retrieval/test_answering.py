"""Questions over a small archive, with every part real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.embedding import SentenceEmbedder
from retrieval.index.following import Follower
from retrieval.search.answer import Answer
from retrieval.search.answering import Answerer
from tests.retrieval.shelf import LINES, Shelf

NAMES = (
    "TwoStream 网络用两路卷积分别看 RGB 帧和光流,最后融合两路的 softmax 得分。",
    "All-Reduce 可以拆成 ReduceScatter 和 AllGather 两步,环形算法让每台机器的流量与台数无关。",
    "堆排序原地完成,最坏情况也是 n log n,但缓存不友好。",
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("answering"), bundled)
    shelf.gather(*LINES, *NAMES)
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def follower(shelf: Shelf) -> Follower:
    return shelf.follow()


@pytest.fixture
def ask(shelf: Shelf, follower: Follower):
    def ask(question: str) -> Answer:
        return shelf.ask(follower, question)

    return ask


@pytest.mark.parametrize(
    ("question", "excerpt"),
    [
        ("two-stream", NAMES[0]),
        ("two stream", NAMES[0]),
        ("ＴｗｏＳｔｒｅａｍ", NAMES[0]),
        ("TWOSTREAM 網絡", NAMES[0]),
        ("reduce-scatter", NAMES[1]),
        ("reducescatter", NAMES[1]),
        ("allreduce", NAMES[1]),
        ("環形緩衝區", LINES[0]),
        ("堆排序", NAMES[2]),
        ("堆", NAMES[2]),
        ("蓄水", LINES[2]),
        ("bloo", LINES[1]),
        ("write ahead log", LINES[3]),
    ],
)
def test_spellings_do_not_matter(ask, question: str, excerpt: str) -> None:
    """FAILURES 20: also a single character and a part of a word."""
    answer = ask(question)
    assert answer.hits[0].excerpt == excerpt
    assert answer.relevant


@pytest.mark.parametrize(
    "question",
    [
        '"bloom filter" -member OR (lie*',
        "-bloom +filter ~lie^2 AND NOT",
        "filter: [a TO b] {x} \\ / ? *",
        "'; DROP TABLE articles; -- bloom filter",
        "bloom\x00filter\ud800\n\tlie",
        "布隆" * 5_000 + " bloom filter",
    ],
)
def test_query_syntax_is_a_search(ask, question: str) -> None:
    """FAILURES 21."""
    assert ask(question).hits


@pytest.mark.parametrize("question", ["", " ", "???", "。。。", "🙂🙂", "\u200b", "的", "the"])
def test_a_question_without_words_is_declined(ask, question: str) -> None:
    """FAILURES 19."""
    answer = ask(question)
    assert not answer.relevant
    assert answer.shown(3) == ()


def test_different_chinese_questions_get_different_answers(ask) -> None:
    """FAILURES 20."""
    first = {
        ask(question).hits[0].excerpt for question in ("环形缓冲区写满", "随机抽样", "原地排序")
    }
    assert len(first) == 3


def test_an_answer_is_ranked_and_holds_every_article_once(ask) -> None:
    answer = ask("how does a bloom filter work")
    assert len({hit.article.id for hit in answer.hits}) == len(answer.hits) == len(LINES + NAMES)
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    assert answer.hits[0].relevant
    assert not answer.hits[-1].relevant
    assert answer.shown(3) == (answer.hits[0],)


def test_questions_are_answered_together_as_alone(shelf: Shelf, follower: Follower) -> None:
    answerer = Answerer(shelf.archive, follower, shelf.embedder)
    questions = ["堆排序", "bloom filter", "北京烤鸭哪家好吃"]
    together = answerer.answer(questions)
    for question, answer in zip(questions, together, strict=True):
        (alone,) = answerer.answer([question])
        assert answer.question == question
        assert [hit.article.id for hit in answer.hits] == [hit.article.id for hit in alone.hits]
        assert answer.confidence == pytest.approx(alone.confidence, abs=1e-3)
    assert answerer.answer([]) == []


def test_the_highlight_is_the_sentence_that_answers(
    tmp_path: Path, bundled: SentenceEmbedder
) -> None:
    shelf = Shelf(tmp_path, bundled)
    telling = "为了避免惊群,新版内核在唤醒时只叫醒一个等待者。"
    shelf.gather(
        "服务端的几个老问题各有各的历史。" + telling + "最后,连接数还受文件描述符上限的限制。",
        *LINES,
    )
    hit = shelf.ask(shelf.follow(), "怎么避免惊群").hits[0]
    assert hit.highlight == telling
    shelf.close()


def test_several_excerpts_of_one_article_are_one_hit(
    tmp_path: Path, bundled: SentenceEmbedder
) -> None:
    shelf = Shelf(tmp_path, bundled)
    filler = "".join(f"第{n}节先回顾前面的推导,再补充几个常见的边界情况。" for n in range(40))
    telling = "余弦退火让学习率沿余弦曲线降到零,配合热重启可以跳出局部极小。"
    shelf.gather(filler + telling + filler, *LINES)
    assert shelf.archive.articles.counts().excerpts > len(LINES) + 2
    answer = shelf.ask(shelf.follow(), "余弦退火和热重启")
    ids = [hit.article.id for hit in answer.hits]
    assert len(ids) == len(set(ids)) == len(LINES) + 1
    assert telling in answer.hits[0].excerpt
    shelf.close()
