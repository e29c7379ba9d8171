"""Questions from a chat through the real library: filters, phrases, refusals. All but Telegram real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.application import build_application
from bot.asking import LocalLibrary
from retrieval.embedding import SentenceEmbedder
from retrieval.index.following import Follower
from retrieval.search.answering import Answerer
from retrieval.search.similar import Similar
from retrieval.search.topics import TopicJudge
from tests.bot.bot_api import TOKEN, FakeTelegram, Sent
from tests.bot.people import Person
from tests.retrieval.library import JOURNAL, LIBRARY, NOTES, stock
from tests.retrieval.shelf import Shelf


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceEmbedder) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("chats"), bundled)
    stock(shelf)
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def follower(shelf: Shelf) -> Follower:
    return shelf.follow()


@pytest.fixture
async def reader(shelf: Shelf, follower: Follower, telegram: FakeTelegram) -> AsyncIterator[Person]:
    answerer = Answerer(shelf.archive, follower, shelf.embedder)
    topics = TopicJudge(shelf.archive, follower, shelf.embedder)
    similar = Similar(shelf.archive, follower)
    async with LocalLibrary(
        shelf.archive, follower, answerer, topics, similar, patience=5
    ) as library:
        library.ready()
        application = build_application(
            library,
            token=TOKEN,
            request=telegram.request(),
            get_updates_request=telegram.request(),
        )
        async with application:
            yield Person(application, telegram)


def titles(sent: Sent) -> list[str]:
    return sent.marked("text_link")


def having(*keys: str) -> list[str]:
    return [LIBRARY[key].title or "" for key in keys]


async def test_a_question_is_answered_from_what_its_filter_leaves(reader: Person) -> None:
    question = "显存被什么占了 KV cache"
    (sent,) = await reader.says(question)
    assert titles(sent)[:1] == having("kv")
    (sent,) = await reader.says(f"{question} tag:GPU source:notes")
    assert titles(sent)[:1] == having("kv")
    (sent,) = await reader.says(f"/ask {question} before:2026 tag:gpu")
    assert not set(titles(sent)) & set(having("kv"))
    (sent,) = await reader.says(f"{question} -tag:GPU")
    assert not set(titles(sent)) & set(having("kv", "queue", "unet"))


async def test_filters_alone_list_the_newest_and_call_them_no_answers(reader: Person) -> None:
    (sent,) = await reader.says("tag:GPU")
    assert sent.text.startswith("The newest 3 articles that match\n\n1. U-Net revisited\n")
    assert titles(sent) == having("unet", "kv", "queue")
    (sent,) = await reader.says("标签:GPU 来源:notes")
    assert titles(sent) == having("kv", "queue")
    (sent,) = await reader.says('source:"field journal" after:2026')
    assert titles(sent) == having("unet", "luebeck")
    (sent,) = await reader.says("tag:bread")
    assert sent.text.startswith("The newest article that matches\n")


async def test_a_filter_that_leaves_nothing_is_a_refusal(reader: Person) -> None:
    for question in ("tag:no-such", "KV cache tag:no-such"):
        (sent,) = await reader.says(question)
        assert sent.text.startswith("The archive has nothing on this")
        assert "nearest" not in sent.text
        assert sent.links == []


async def test_phrases_and_exclusions(reader: Person) -> None:
    (sent,) = await reader.says('"skip connection"')
    assert titles(sent) == having("unet")
    (sent,) = await reader.says('"connection skip"')
    assert titles(sent) == []
    (sent,) = await reader.says("honeybee nectar dance -comb")
    assert not set(titles(sent)) & set(having("bees"))


async def test_a_refusal_names_what_is_nearest_as_such(reader: Person) -> None:
    """FAILURES 19"""
    (sent,) = await reader.says("what do insects tell each other?")
    refusal, heading, nearest = sent.text.partition("The nearest I have, though not an answer:\n")
    assert refusal.startswith("The archive has nothing on this")
    assert heading
    known = [draft.title for draft in (*NOTES.values(), *JOURNAL.values())]
    assert len(nearest.splitlines()) == 3
    assert nearest.startswith("• The dance\n")
    assert all(line.removeprefix("• ") in known for line in nearest.splitlines())
    assert sent.links == []


@pytest.mark.parametrize("question", ["which restaurant has the best roast duck?", "红烧肉怎么做"])
async def test_where_nothing_is_near_nothing_is_named(reader: Person, question: str) -> None:
    """FAILURES 19"""
    (sent,) = await reader.says(question)
    assert "nearest" not in sent.text
    assert "接近" not in sent.text
    assert sent.links == []
    assert sent.buttons == []


async def test_the_same_question_again_gets_the_same_answer(reader: Person) -> None:
    (first,) = await reader.says("what joins the encoder to the decoder?")
    (again,) = await reader.says("what joins the encoder to the decoder?")
    assert first.html == again.html
    assert titles(first)[:1] == having("unet")
