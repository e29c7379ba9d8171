"""/random and /article: one article, and what people do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.application import BotApplication
from retrieval.errors import ArchiveError
from tests.bot.bot_api import FakeTelegram, Sent
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Json, Person
from tests.bot.shelves import Shelves


def url_of(sent: Sent, label: str) -> str:
    (found,) = (each["url"] for each in sent.buttons if label in each["text"])
    return str(found)


@pytest.fixture
def stocked(shelves: Shelves) -> Shelves:
    shelves.publish("Saving memory", "LLM", text="First sentence. Second sentence of the first.")
    shelves.publish("省显存", "大模型", text="梯度检查点用计算换显存。反向传播时重新计算激活值。")
    return shelves


async def test_any_article_is_shown_with_its_link_and_its_buttons(
    stocked: Shelves, reader: Person
) -> None:
    links = set()
    for _ in range(20):
        (sent,) = await reader.says("/random")
        links |= set(sent.links)
        labels = [each["text"] for each in sent.buttons]
        assert labels == ["Ask about this", "More like this", "Share"]
    assert links == {"https://blog.example/1", "https://blog.example/2"}


async def test_an_empty_archive_has_no_article_to_show(shelves: Shelves, reader: Person) -> None:
    (sent,) = await reader.says("/random")
    assert sent.text.startswith("The archive holds no articles yet.")


@pytest.mark.parametrize(
    "link",
    [
        "https://blog.example/1",
        "http://www.blog.example/1/?utm_source=telegram",
        "blog.example/1",
        "look: https://blog.example/1",
    ],
)
async def test_an_article_is_shown_by_its_link_however_that_is_written(
    stocked: Shelves, reader: Person, link: str
) -> None:
    (sent,) = await reader.says(f"/article {link}")
    assert sent.links == ["https://blog.example/1"]
    assert sent.text.startswith("Saving memory\nLLM · 1 May 2026\n")


async def test_an_article_is_shown_by_a_link_in_what_is_replied_to(
    stocked: Shelves, reader: Person
) -> None:
    named = reader.message(
        "read this one",
        entities=[{"type": "text_link", "offset": 5, "length": 4, "url": "https://blog.example/2"}],
    )
    (sent,) = await reader.says("/article", reply_to_message=named)
    assert sent.links == ["https://blog.example/2"]
    plain = reader.message(
        "😀 https://blog.example/1 nice", entities=[{"type": "url", "offset": 3, "length": 22}]
    )
    (sent,) = await reader.says("/article", reply_to_message=plain)
    assert sent.links == ["https://blog.example/1"]
    photo = reader.message(
        photo=[],
        caption="blog.example/2",
        caption_entities=[{"type": "url", "offset": 0, "length": 14}],
    )
    (sent,) = await reader.says("/article", reply_to_message=photo)
    assert sent.links == ["https://blog.example/2"]


@pytest.mark.parametrize("link", ["https://blog.example/1", "blog.example/1"])
async def test_an_address_alone_is_enough_in_private(
    stocked: Shelves, reader: Person, library: FakeLibrary, link: str
) -> None:
    whole = [{"type": "url", "offset": 0, "length": len(link)}]
    (sent,) = await reader.says(link, entities=whole)
    assert sent.links == ["https://blog.example/1"]
    (told,) = await reader.says("other.example/1", entities=[{**whole[0], "length": 15}])
    assert told.text.startswith("The archive has no article at this address.")
    assert library.questions == []
    more = [{"type": "url", "offset": 6, "length": len(link)}]
    await reader.says(f"about {link}", entities=more)
    assert library.questions == [f"about {link}"]


async def test_an_address_alone_is_no_business_of_the_bot_in_a_group(
    stocked: Shelves, readers: Callable[..., Person]
) -> None:
    whole = [{"type": "url", "offset": 0, "length": 22}]
    assert await readers(51).says("https://blog.example/1", entities=whole) == []


async def test_what_the_archive_does_not_have_and_what_is_no_link(
    stocked: Shelves, reader: Person
) -> None:
    for link in ("https://blog.example/3", "https://blog.example/", "https://other.example/1"):
        (sent,) = await reader.says(f"/article {link}")
        assert sent.text.startswith("The archive has no article at this address.")
    no_link = reader.message("no link")
    for words, fields in (("", {}), ("memory", {}), ("", {"reply_to_message": no_link})):
        (sent,) = await reader.says(f"/article {words}".strip(), **fields)
        assert sent.text.startswith("Which article?")


async def test_a_withdrawn_article_is_not_shown(stocked: Shelves, reader: Person) -> None:
    """FAILURES 22"""
    stocked.withdraw(stocked.archive.articles.latest(1)[0])
    (sent,) = await reader.says("/article https://blog.example/2")
    assert sent.links == []
    for _ in range(5):
        (sent,) = await reader.says("/random")
        assert sent.links == ["https://blog.example/1"]


async def test_a_question_about_it_goes_to_it_alone(
    stocked: Shelves, reader: Person, library: FakeLibrary
) -> None:
    (sent,) = await reader.says("/article https://blog.example/1")
    own = stocked.archive.articles.latest(2)[1].id
    assert len(await reader.replies(sent, "how?")) == 1
    assert library.within[0] == own
    pressed = await reader.presses(sent, "Ask about this")
    (prompt,) = pressed.sent
    assert (pressed.answers, "“Saving memory”" in prompt.text) == (1, True)
    assert len(await reader.replies(prompt, "and why?")) == 1
    assert library.within[-1] == own
    (more,) = (await reader.presses(sent, "More like this")).sent
    assert more.links == ["https://blog.example/2"]


async def test_it_is_shared_by_a_link_that_opens_it(stocked: Shelves, reader: Person) -> None:
    (sent,) = await reader.says("/article https://blog.example/1")
    told = parse_qs(urlsplit(url_of(sent, "Share")).query)
    own = stocked.archive.articles.latest(2)[1].id
    assert told == {
        "url": [f"https://t.me/test_archive_bot?start=a_{own}"],
        "text": ["Saving memory"],
    }
    (again,) = await reader.says(f"/article {told['url'][0]}")
    assert again.text == sent.text


async def test_in_a_topic_of_a_group_in_chinese(
    stocked: Shelves,
    subscribing: BotApplication,
    telegram: FakeTelegram,
) -> None:
    chat = {"id": -100, "type": "supergroup", "title": "Readers", "is_forum": True}
    member = Person(subscribing, telegram, chat=chat, language_code="zh-hans")
    there: Json = {"message_thread_id": 9, "is_topic_message": True}
    (sent,) = await member.says("/article https://blog.example/2", **there)
    assert sent.topic == 9
    assert [each["text"] for each in sent.buttons] == ["就这篇提问", "更多类似的", "分享"]


async def test_hostile_articles_are_shown_and_shared(shelves: Shelves, reader: Person) -> None:
    """FAILURES 12"""
    for words in ("C#<T> & _x_", "😀" * 3_000, "&lt; &amp", "👨‍👩‍👧‍👦" * 99):
        shelves.publish(words, words, text=words * 2)
        link = shelves.archive.articles.latest(1)[0].link
        (sent,) = await reader.says(f"/article {link}")
        assert sent.links == [link]
        assert len(url_of(sent, "Share")) < 2048


async def test_an_archive_that_is_down_is_said_to_be(
    stocked: Shelves, reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ArchiveError("the archive's database refused")

    for name in ("random", "by_link"):
        monkeypatch.setattr(stocked.archive.articles, name, fail)
    for words in ("/random", "/article https://blog.example/1"):
        (sent,) = await reader.says(words)
        assert "part of me is down" in sent.text
