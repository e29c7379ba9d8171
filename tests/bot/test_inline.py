"""The bot's name and a question, typed in any chat: cards to choose from."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.application import build_application
from bot.context import Desk
from bot.deep_links import OpenQuestion, opening_of
from bot.handlers import inline
from retrieval.errors import EmbeddingError, IndexNotReady
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.fakes import FakeLibrary, answer, article, hit
from tests.bot.hostile import HOSTILE
from tests.bot.inline import chosen
from tests.bot.messages import Call, Sent
from tests.bot.people import Person
from tests.bot.shelves import Shelves

Json = dict[str, Any]


def titles(told: Json) -> list[str]:
    return [result["title"] for result in told["results"]]


def message(result: Json) -> Sent:
    """What stands in the chat when this is chosen."""
    return chosen(result, Call("chosen", {}, 0))


async def test_a_question_is_answered_by_cards_to_choose_from(
    reader: Person, library: FakeLibrary
) -> None:
    library.answer = answer(hit(article(1, tags=("LLM",))), hit(article(2)))
    (told,) = await reader.types("梯度检查点")
    assert library.questions == ["梯度检查点"]
    first, second = told["results"]
    assert first["title"] == "Article 1"
    assert first["description"] == "梯度检查点用计算换显存。"
    assert first["url"] == "https://blog.example/1"
    sent = message(first)
    assert sent.links == ["https://blog.example/1"]
    assert sent.text.startswith("Article 1\nLLM · ")
    assert sent.marked("blockquote") == ["开头一句。梯度检查点用计算换显存。最后一句。"]
    assert "梯度检查点用计算换显存。" in sent.marked("bold")
    assert sent.buttons == [
        {"text": "就这篇提问", "url": "https://t.me/test_archive_bot?start=a_a1"}
    ]
    assert second["id"] != first["id"]
    assert (told["cache_time"], told["is_personal"]) == (300, False)
    assert told.get("next_offset", "") == ""


@pytest.mark.parametrize("query", ["", "a", " ", "\u200b", "?"])
async def test_before_there_is_a_question_the_newest_are_shown(
    reader: Person, library: FakeLibrary, query: str
) -> None:
    (told,) = await reader.types(query)
    assert titles(told) == [f"Article {number}" for number in range(1, 11)]
    assert message(told["results"][0]).links == ["https://blog.example/1"]
    assert told["results"][0]["description"].startswith("梯度检查点用计算换显存。")
    assert library.questions == []


async def test_a_single_chinese_character_is_a_question(
    reader: Person, library: FakeLibrary
) -> None:
    """FAILURES 20"""
    (told,) = await reader.types("卷")
    assert library.questions == ["卷"]
    assert titles(told) == ["Article 1"]


async def test_pages_go_on_to_the_last(reader: Person, library: FakeLibrary) -> None:
    library.articles = [article(number) for number in range(1, 26)]
    library.answer = answer(*(hit(article(number)) for number in range(1, 24)))
    for query, count in (("", 25), ("what?", 23)):
        offset, seen, ids = "", [], []
        for _ in range(3):
            (told,) = await reader.types(query, offset)
            seen += titles(told)
            ids += [result["id"] for result in told["results"]]
            offset = told.get("next_offset", "")
        assert seen == [f"Article {number}" for number in range(1, count + 1)]
        assert offset == ""
        assert len({*ids}) == count


async def test_filters_alone_page_through_all_that_pass(
    shelves: Shelves, reader: Person, library: FakeLibrary
) -> None:
    shelves.publish_many(12, "LLM")
    shelves.publish("Bread", "food")
    (told,) = await reader.types("tag:LLM")
    assert titles(told) == [f"title {number}" for number in range(12, 2, -1)]
    (told,) = await reader.types("tag:LLM", told["next_offset"])
    assert titles(told) == ["title 2", "title 1"]
    assert library.questions == []


@pytest.mark.parametrize("offset", ["x", "-1", "1e3", "²", "9" * 50, "99999", "500"])
async def test_offsets_that_lead_nowhere_show_nothing(reader: Person, offset: str) -> None:
    for query in ("", "what?"):
        (told,) = await reader.types(query, offset)
        assert (told["results"], told.get("next_offset", "")) == ([], "")


async def test_where_nothing_is_found_it_can_be_asked_in_private(
    reader: Person, library: FakeLibrary
) -> None:
    """FAILURES 19"""
    library.answer = answer(hit(), relevant=False)
    (told,) = await reader.types("roast duck")
    (hint,) = told["results"]
    assert hint["title"] == "The archive has nothing on this, as far as I can see."
    assert message(hint).links == []
    assert told["is_personal"] is True
    assert told["button"]["text"] == "Ask me in private"
    assert opening_of(told["button"]["start_parameter"]) == OpenQuestion("roast duck")
    (told,) = await reader.types("roast duck " * 30)
    assert (await reader.says(f"/start {told['button']['start_parameter']}"))[0].text.startswith(
        "Hello!"
    )


async def test_an_empty_archive_says_so(reader: Person, library: FakeLibrary) -> None:
    library.articles = []
    (told,) = await reader.types("")
    assert titles(told) == ["The archive holds no articles yet. Please come back a little later."]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (IndexNotReady("loading", progress=0.4), "Still preparing"),
        (EmbeddingError("no model"), "Something is down"),
        (ZeroDivisionError("bug"), "Something is down"),
    ],
)
async def test_what_cannot_be_answered_now_is_not_kept_for_long(
    reader: Person, library: FakeLibrary, error: Exception, said: str
) -> None:
    library.error = error
    (told,) = await reader.types("what?")
    assert told["results"] == []
    assert told["button"]["text"].startswith(said)
    assert told["cache_time"] <= 10
    assert told["is_personal"] is True
    library.error = None
    (told,) = await reader.types("what?")
    assert titles(told) == ["Article 1"]


async def test_only_the_newest_of_what_a_person_types_is_worked_on(
    reader: Person, readers: Any, library: FakeLibrary, telegram: FakeTelegram
) -> None:
    library.gate.clear()
    typing = []
    for query in ("gr", "grad", "gradient"):
        typing.append(asyncio.create_task(reader.types(query)))
        await asyncio.sleep(0.02)
    other = asyncio.create_task(readers(51).types("other"))
    await asyncio.sleep(0.02)
    assert typing[0].done()
    assert typing[1].done()
    library.gate.set()
    await asyncio.gather(*typing, other)
    assert library.questions == ["gr", "grad", "gradient", "other"]
    assert len(telegram.called("answerInlineQuery")) == 2


async def test_what_takes_too_long_is_given_up_before_telegram_does(
    telegram: FakeTelegram, library: FakeLibrary
) -> None:
    application = build_application(
        library,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    (impatient,) = inline.handlers(library, opens=False, patience=0.05)
    application.add_handler(impatient, group=-20)
    application.handlers[0] = []
    async with application:
        library.gate.clear()
        (told,) = await Person(application, telegram).types("what?")
    assert (told["results"], told["cache_time"]) == ([], 5)


async def test_an_answer_that_comes_too_late_is_no_failure(
    reader: Person, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.old_queries.add("q")
    await reader.types("what?", query_id="q")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_without_links_that_open_articles_cards_have_no_button(
    person: Person, library: FakeLibrary
) -> None:
    (told,) = await person.types("what?")
    assert message(told["results"][0]).buttons == []


def test_no_archive_is_too_hostile(desk: Desk, telegram: FakeTelegram) -> None:
    """FAILURES 12, FAILURES 13"""
    library = desk.library
    assert isinstance(library, FakeLibrary)
    application = build_application(
        library,
        desk=desk,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    person = Person(application, telegram)
    words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20))
    links = st.sampled_from([None, "javascript:x", "https://blog.example/" + "&" * 2_000])

    with asyncio.Runner() as runner:
        runner.run(application.initialize())

        @settings(deadline=None, max_examples=60)
        @given(st.lists(st.tuples(words, words, words, links), min_size=1, max_size=12))
        def shows(drawn: list[tuple[str, str, str, str | None]]) -> None:
            library.articles = [
                article(number, title=title, opening=opening, link=link)
                for number, (title, opening, _, link) in enumerate(drawn)
            ]
            library.answer = answer(
                *(
                    hit(each, told, told[: len(told) // 2])
                    for each, (_, _, told, _) in zip(library.articles, drawn, strict=True)
                )
            )
            for query in ("", "what?"):
                (told,) = runner.run(person.types(query))
                assert len(told["results"]) == min(len(drawn), 10)
            refused = [call for call in telegram.journal if call.status != 200]
            assert refused == []

        shows()
        runner.run(application.shutdown())
