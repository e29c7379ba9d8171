"""Which passages are looked at closely: those near in meaning or words, or all that a filter lets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedding import SentenceEmbedder
from retrieval.index.following import OpenIndex
from retrieval.search.candidates import Candidates, article_of, candidates, filtered, quoting
from retrieval.search.dictionary import Dictionary
from retrieval.search.words import words_of
from tests.retrieval.library import LIBRARY, NOTES, key_of, stock
from tests.retrieval.shelf import Shelf

DICTIONARY = Dictionary()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("candidates"), bundled)
    stock(shelf)
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def opened(shelf: Shelf) -> Iterator[OpenIndex]:
    with shelf.follow().searching() as index:
        yield index


@pytest.fixture(scope="module")
def ids(shelf: Shelf) -> dict[str, str]:
    """The id of each article of the library."""
    return {key_of(article): article.id for article in shelf.archive.articles.latest(99)}


def vector(shelf: Shelf, question: str) -> NDArray[np.float32]:
    found: NDArray[np.float32] = shelf.embedder.embed_queries([question])[0]
    return found


def keys(ids: dict[str, str], excerpts: Sequence[str]) -> list[str]:
    by_id = {own: key for key, own in ids.items()}
    return [by_id[article_of(excerpt)] for excerpt in excerpts]


def ask(
    shelf: Shelf, index: OpenIndex, question: str, limit: int, articles: Sequence[str] | None = None
) -> Candidates:
    weighed = index.words.weigh(words_of(question, index, DICTIONARY))
    if articles is None:
        return candidates(index, vector(shelf, question), weighed, limit)
    return filtered(index, vector(shelf, question), weighed, limit, articles)


def test_either_half_puts_its_best_forward(
    shelf: Shelf, opened: OpenIndex, ids: dict[str, str]
) -> None:
    found = ask(shelf, opened, "Lübeck salt", 3)
    assert list(found.dense.values()) == [1, 2, 3]
    assert keys(ids, list(found.lexical)) == ["luebeck"]
    assert keys(ids, list(found.dense))[0] == "luebeck"
    assert len(found.ids) == len(set(found.ids)) == 3


@pytest.mark.parametrize("question", ["酵母怎么发面", "how does yeast raise bread"])
def test_articles_of_either_language_are_put_forward(
    shelf: Shelf, opened: OpenIndex, ids: dict[str, str], question: str
) -> None:
    """Whatever language a question is in, the nearest of the other are not crowded out."""
    near = keys(ids, list(ask(shelf, opened, question, 5).dense))
    assert "yeast" in near
    assert 0 < len([key for key in near if key in NOTES]) < len(near)


def test_of_few_articles_every_passage_is_looked_at(
    shelf: Shelf, opened: OpenIndex, ids: dict[str, str]
) -> None:
    allowed = [ids["heap"], ids["bees"], "nobody"]
    found = ask(shelf, opened, "Lübeck salt", 1, allowed)
    assert sorted(keys(ids, found.ids)) == ["bees", "heap"]


def test_of_no_articles_there_is_nothing(shelf: Shelf, opened: OpenIndex) -> None:
    assert ask(shelf, opened, "Lübeck salt", 9, []).ids == []


def test_of_many_articles_the_best_are_looked_at(
    shelf: Shelf, opened: OpenIndex, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.search.candidates._NAMED_ARTICLES", 2)
    allowed = [ids[key] for key in LIBRARY if key != "luebeck"]
    found = ask(shelf, opened, "Lübeck salt", 3, allowed)
    assert found.ids
    assert "luebeck" not in keys(ids, found.ids)
    allowed.append(ids["luebeck"])
    assert keys(ids, ask(shelf, opened, "Lübeck salt", 3, allowed).ids)[0] == "luebeck"


@pytest.mark.parametrize(
    ("phrases", "held"),
    [
        (["skip connection"], ["unet"]),
        (["skip connection", "organ"], ["unet"]),
        (["skip connection", "honeybee"], []),
        (["書的目錄"], ["index"]),
        (["书的目录"], ["index"]),
        (["kvcache"], ["kv"]),
        (["prefetch queue"], ["queue"]),
        (["connection, so that fine-edges"], ["unet"]),
        (["宕机之后,锁会"], ["lock"]),
        (["式锁要带租"], ["lock"]),
        (["nowhere at all"], []),
    ],
)
def test_passages_with_all_words_of_a_phrase_are_read(
    opened: OpenIndex, ids: dict[str, str], phrases: list[str], held: list[str]
) -> None:
    assert keys(ids, quoting(opened, phrases).ids) == held
