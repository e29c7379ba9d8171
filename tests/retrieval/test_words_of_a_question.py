"""The words of a question with every form in which one index, a real one, may hold them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrieval.embedding import SentenceEmbedder
from retrieval.index.following import Follower
from retrieval.index.questions import Origin, Word
from retrieval.search.dictionary import Dictionary
from retrieval.search.words import words_of
from tests.retrieval.library import stock
from tests.retrieval.shelf import Shelf

DICTIONARY = Dictionary()


@pytest.fixture(scope="module")
def follower(
    tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder
) -> Iterator[Follower]:
    shelf = Shelf(tmp_path_factory.mktemp("words"), bundled)
    stock(shelf)
    yield shelf.follow()
    shelf.close()


def words(follower: Follower, question: str) -> dict[str, Word]:
    with follower.searching() as index:
        return {word.text: word for word in words_of(question, index, DICTIONARY)}


def terms(word: Word, origin: Origin) -> set[frozenset[str]]:
    return {form.terms for form in word.forms if form.origin is origin}


@pytest.mark.parametrize(
    ("question", "end"),
    [("sourd", "sourdough"), ("SEGM", "segment"), ("prefetchq", "prefetchqueu")],
)
def test_a_word_may_be_the_beginning_of_another(
    follower: Follower, question: str, end: str
) -> None:
    """FAILURES 20: a part of a word."""
    (word,) = words(follower, question).values()
    assert frozenset({end}) in terms(word, Origin.BEGINNING)


@pytest.mark.parametrize("question", ["sal", "salt", "log", "so", "分布"])
def test_a_word_that_stands_there_or_is_too_short_is_no_beginning(
    follower: Follower, question: str
) -> None:
    for word in words(follower, question).values():
        own = {frozenset({word.text})}
        assert terms(word, Origin.ITSELF) == own
        if question != "sal":
            assert terms(word, Origin.BEGINNING) == set()


def test_a_completed_word_stays_telling_or_not(follower: Follower) -> None:
    (asking,) = words(follower, "how").values()
    assert not asking.telling
    (telling,) = words(follower, "sourd").values()
    assert telling.telling


@pytest.mark.parametrize(
    ("question", "word", "translation"),
    [
        ("怎么养酵母", "酵母", {"yeast"}),
        ("how does a distributed lock expire", "lock", {"锁"}),
        ("a glacier", "glacier", {"冰川"}),
    ],
)
def test_words_are_translated(
    follower: Follower, question: str, word: str, translation: set[str]
) -> None:
    assert frozenset(translation) in terms(words(follower, question)[word], Origin.DICTIONARY)


@pytest.mark.parametrize("question", ["", "?!", "\x00", "\ud800", "x" * 5_000, "什么" * 2_000])
def test_any_question_has_its_words(follower: Follower, question: str) -> None:
    for word in words(follower, question).values():
        assert word.forms
