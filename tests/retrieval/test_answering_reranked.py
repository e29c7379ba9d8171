"""A reranker reads the best passages again and has the last word on their order. All parts real."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.embedding import SentenceEmbedder
from retrieval.index.following import Follower
from retrieval.reranking import CrossEncoderReranker
from retrieval.search.answer import Answer
from retrieval.search.answering import Answerer
from tests.retrieval.shelf import LINES, Shelf

#: The reranking model sees nothing but marks.
MARKED = LINES[3] + " §"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("reranked"), bundled)
    shelf.gather(*LINES[:3], MARKED)
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def follower(shelf: Shelf) -> Follower:
    return shelf.follow()


def ask(
    shelf: Shelf, follower: Follower, question: str, model: Path | str | None, reranked: int = 20
) -> Answer:
    reranker = CrossEncoderReranker(str(model)) if model else None
    answerer = Answerer(
        shelf.archive, follower, shelf.embedder, reranker=reranker, reranked=reranked
    )
    return answerer.answer([question])[0]


def order(answer: Answer) -> list[str]:
    return [hit.excerpt for hit in answer.hits]


def reranked(answer: Answer) -> list[float | None]:
    return [hit.evidence.reranked if hit.evidence else None for hit in answer.hits]


def test_what_it_puts_first_is_first(shelf: Shelf, follower: Follower, cross_encoder: Path) -> None:
    plain = ask(shelf, follower, "bloom filter §", None)
    assert order(plain)[0] == LINES[1]
    assert reranked(plain) == [None] * len(LINES)
    read = ask(shelf, follower, "bloom filter §", cross_encoder)
    assert order(read)[0] == MARKED
    assert sorted(order(read)) == sorted(order(plain))
    first, *others = reranked(read)
    assert first == pytest.approx(0.97, abs=0.01)
    assert all(score == pytest.approx(0.02, abs=0.01) for score in others)


def test_where_it_sees_no_difference_the_order_stays(
    shelf: Shelf, follower: Follower, cross_encoder: Path
) -> None:
    plain = ask(shelf, follower, "bloom filter", None)
    assert order(ask(shelf, follower, "bloom filter", cross_encoder)) == order(plain)


def test_it_reads_only_the_best(shelf: Shelf, follower: Follower, cross_encoder: Path) -> None:
    plain = ask(shelf, follower, "bloom filter §", None)
    place = order(plain).index(MARKED)
    assert place > 0
    unread = ask(shelf, follower, "bloom filter §", cross_encoder, reranked=place)
    assert order(unread) == order(plain)
    assert [score is None for score in reranked(unread)] == [n >= place for n in range(len(LINES))]
    read = ask(shelf, follower, "bloom filter §", cross_encoder, reranked=place + 1)
    assert order(read)[0] == MARKED


def test_without_its_model_questions_are_answered_all_the_same(
    shelf: Shelf, follower: Follower, caplog: pytest.LogCaptureFixture
) -> None:
    plain = ask(shelf, follower, "bloom filter", None)
    with caplog.at_level(logging.WARNING):
        answer = ask(shelf, follower, "bloom filter", "/nowhere/at/all")
    assert (answer.hits, answer.confidence) == (plain.hits, plain.confidence)
    assert answer.relevant
    assert "answering without the reranker" in caplog.text
    assert "set ARCHIVE_BOT_RERANKER__MODEL" in caplog.text


def test_filters_and_phrases_hold_for_what_it_reads(
    shelf: Shelf, follower: Follower, cross_encoder: Path
) -> None:
    assert order(ask(shelf, follower, '"bloom filter" §', cross_encoder)) == [LINES[1]]
    excluded = ask(shelf, follower, "bloom filter § -harmless", cross_encoder)
    assert MARKED not in order(excluded)
    assert ask(shelf, follower, "source:nope bloom §", cross_encoder).hits == ()
