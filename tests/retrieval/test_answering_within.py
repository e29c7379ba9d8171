"""Questions to one article: nothing but its own excerpts answers. All parts real."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from retrieval.article import Draft
from retrieval.embedding import SentenceEmbedder
from retrieval.search.answer import Answer
from retrieval.search.answering import Answerer
from tests.retrieval.library import keys, stock
from tests.retrieval.shelf import NOW, Shelf

LONG = "Harbour notes"
Ask = Callable[[str, str | None], Answer]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("within"), bundled)
    stock(shelf)
    text = "\n\n".join(
        [
            "The harbour silts up every winter. " * 20,
            "Cranes were moved by treadmills, in which two men walked side by side. " * 12,
            "The lighthouse burned coal until the lamp of whale oil came. " * 15,
        ]
    )
    shelf.archive.articles.commit("more", "feed", [Draft(title=LONG, text=text)], NOW)
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def answerer(shelf: Shelf) -> Answerer:
    return Answerer(shelf.archive, shelf.follow(), shelf.embedder)


@pytest.fixture(scope="module")
def ids(shelf: Shelf) -> dict[str, str]:
    return {article.title: article.id for article in shelf.archive.articles.latest(100)}


@pytest.fixture(scope="module")
def ask(answerer: Answerer) -> Ask:
    return lambda question, article: answerer.answer([question], [article])[0]


def test_only_its_own_excerpts_answer(ask: Ask, ids: dict[str, str]) -> None:
    everywhere = ask("wild yeast", None)
    assert everywhere.hits[0].article.title == "A slow loaf"
    assert len(everywhere.hits) > 1
    inside = ask("wild yeast", ids["A slow loaf"])
    assert keys(inside) == ["yeast"]
    assert inside.relevant
    elsewhere = ask("wild yeast", ids["Ice at work"])
    assert keys(elsewhere) == ["glacier"]
    assert not elsewhere.relevant


def test_the_excerpt_that_answers_comes_from_anywhere_in_it(ask: Ask, ids: dict[str, str]) -> None:
    for question, said in (("how were the cranes moved", "treadmill"), ("灯塔烧什么", "whale oil")):
        (hit,) = ask(question, ids[LONG]).hits
        assert hit.article.title == LONG
        assert said in hit.excerpt


def test_each_question_of_several_has_its_own(answerer: Answerer, ids: dict[str, str]) -> None:
    within = [ids["Ice at work"], None, ids["分布式锁"]]
    answers = answerer.answer(["glacier", "glacier", "锁过期"], within)
    assert keys(answers[0]) == ["glacier"]
    assert len(answers[1].hits) > 1
    assert keys(answers[2]) == ["lock"]


def test_filters_and_phrases_hold_inside_too(ask: Ask, ids: dict[str, str]) -> None:
    loaf = ids["A slow loaf"]
    assert keys(ask('"wild yeast"', loaf)) == ["yeast"]
    assert ask('"wild yeast"', ids["Ice at work"]).hits == ()
    assert keys(ask("yeast tag:bread", loaf)) == ["yeast"]
    assert ask("yeast tag:geology", loaf).hits == ()
    assert keys(ask("tag:bread", loaf)) == ["yeast"]
    assert ask("tag:geology", loaf).hits == ()
    assert ask("yeast -flour", loaf).hits == ()


def test_an_article_that_is_not_there_answers_nothing(ask: Ask) -> None:
    for question in ("glacier", '"wild yeast"', "tag:bread", ""):
        answer = ask(question, "no such article")
        assert (answer.hits, answer.relevant) == ((), False)
