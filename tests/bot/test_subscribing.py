"""Subscribing and unsubscribing, as people see it: in private, in groups, for channels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.application import BotApplication
from bot.buttons import REMOVE, STRICTNESS, pack
from bot.ledger import Ledger
from bot.ledger.records import ChatFacts, Subscription
from bot.notices import described
from bot.wishes import Wish
from bot.wording import Wording
from retrieval.errors import ArchiveError, IndexNotReady
from tests.bot.bot_api import FakeTelegram, refusing
from tests.bot.chats import BOT_ID
from tests.bot.fakes import FakeLibrary, article
from tests.bot.people import Person

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}


def subscriptions(ledger: Ledger, chat_id: int = 50, topic: int = 0) -> list[Subscription]:
    place = ledger.subscribers.place(chat_id, topic)
    return [] if place is None else ledger.subscribers.subscriptions(place.id)


def wished(ledger: Ledger, chat_id: int = 50, topic: int = 0) -> list[str]:
    """What a chat is subscribed to, in words."""
    english = Wording("en")
    return [described(each.wish, english) for each in subscriptions(ledger, chat_id, topic)]


# Subscribing


async def test_subscribing_sends_one_message_and_nothing_old(
    reader: Person, library: FakeLibrary, ledger: Ledger, telegram: FakeTelegram
) -> None:
    """FAILURES 7"""
    library.articles = [article(number) for number in range(500)]
    library.newest_change = 500
    (sent,) = await reader.says("/subscribe")
    assert sent.text.startswith("Subscribed: every new article.")
    assert "Nothing old is sent. New articles come at once" in sent.text
    assert "/settings" in sent.text
    assert "/subscriptions" in sent.text
    assert sent.links == []
    assert [each.since for each in subscriptions(ledger)] == [500]
    assert len(telegram.sent) == 1


async def test_in_chinese(
    subscribing: BotApplication, telegram: FakeTelegram, ledger: Ledger
) -> None:
    person = Person(subscribing, telegram, language_code="zh-hans")
    (sent,) = await person.says("/subscribe 关于 Article")
    assert sent.text.startswith("订阅好了：")
    assert "Article 1" in sent.text
    place = ledger.subscribers.place(50)
    assert place is not None
    assert (place.language, place.zone) == ("zh-Hans", "Asia/Shanghai")
    assert wished(ledger) == ["about “Article”"]


async def test_a_topic_shows_what_would_have_matched_and_is_adjusted_in_place(
    reader: Person, ledger: Ledger, telegram: FakeTelegram
) -> None:
    (sent,) = await reader.says("/subscribe about Article")
    assert "these 3 would have been announced" in sent.text
    assert len(sent.links) == 3
    stricter = await reader.presses(sent, "Stricter")
    (edited,) = stricter.edits
    assert (stricter.sent, stricter.answers, stricter.toast) == ([], 1, None)
    assert edited.message_id == sent.message_id
    assert "about “Article” (stricter)" in edited.text
    assert len(edited.links) == 2
    (strictest,) = (await reader.presses(edited, "Stricter")).edits
    assert [each["text"] for each in strictest.buttons] == ["Looser", "Remove"]
    assert [each.wish.strictness for each in subscriptions(ledger)] == [2]
    (looser,) = (await reader.presses(strictest, "Looser")).edits
    assert len(looser.links) == 2
    (gone,) = (await reader.presses(looser, "Remove")).edits
    assert gone.text == "Removed: about “Article” (stricter)."
    assert gone.buttons == []
    assert subscriptions(ledger) == []
    late = await reader.presses(looser, "Looser")
    assert (late.toast, late.alert) == ("This subscription was removed already.", True)
    assert len(telegram.sent) == 1


async def test_the_same_strictness_pressed_twice_is_no_error(
    reader: Person, caplog: pytest.LogCaptureFixture
) -> None:
    (sent,) = await reader.says("/subscribe about Article")
    assert len((await reader.presses(sent, "Stricter")).edits) == 1
    again = await reader.presses(sent, "Stricter")
    assert (again.edits, again.sent, again.answers, again.toast) == ([], [], 1, None)
    assert "failed" not in caplog.text


@pytest.mark.parametrize("error", [IndexNotReady("loading"), ArchiveError("disk")])
async def test_a_topic_counts_also_while_the_index_is_not_ready(
    reader: Person, library: FakeLibrary, ledger: Ledger, error: Exception
) -> None:
    library.error = error
    (sent,) = await reader.says("/subscribe about Article")
    assert "I cannot show yet which of the latest articles" in sent.text
    assert wished(ledger) == ["about “Article”"]
    library.error = None
    (edited,) = (await reader.presses(sent, "Looser")).edits
    assert len(edited.links) == 4


@pytest.mark.parametrize(
    ("words", "links"),
    [
        ("#LLM", ["https://blog.example/2"]),
        ("cache -vLLM", ["https://blog.example/1"]),
        ('"KV cache"', ["https://blog.example/1", "https://blog.example/2"]),
        ("about cache #LLM", ["https://blog.example/2"]),
        ("about cache -vLLM", ["https://blog.example/1"]),
    ],
)
async def test_words_and_tags_show_what_would_have_matched(
    reader: Person, library: FakeLibrary, words: str, links: list[str]
) -> None:
    library.articles = [
        article(1, title="The KV cache"),
        article(2, title="The KV cache of vLLM", tags=("LLM",)),
        article(3, title="Something else"),
    ]
    (sent,) = await reader.says(f"/subscribe {words}")
    assert sent.links == links


async def test_it_counts_all_that_would_have_matched_and_shows_the_newest(
    reader: Person, library: FakeLibrary
) -> None:
    library.articles = [article(number, tags=("LLM",)) for number in range(12)]
    (sent,) = await reader.says("/subscribe #LLM")
    assert "12 of the latest articles would have been announced, the newest:" in sent.text
    assert len(sent.links) == 5


async def test_commands_that_waited_together_are_done_in_their_order(
    reader: Person, ledger: Ledger
) -> None:
    first, last = reader.update("/subscribe #LLM"), reader.update("/unsubscribe all")
    await asyncio.gather(reader.happens(first), reader.happens(last))
    assert subscriptions(ledger) == []


async def test_nothing_that_would_have_matched_is_said(reader: Person) -> None:
    (sent,) = await reader.says("/subscribe #Unheard")
    assert "None of the latest articles would have been announced." in sent.text


@pytest.mark.parametrize(
    ("first", "second"),
    [("", ""), ("#LLM", "tag:llm"), ("about Article", "关于 article"), ("a b", "b a")],
)
async def test_the_same_wish_twice_is_one(
    reader: Person, ledger: Ledger, first: str, second: str
) -> None:
    await reader.says(f"/subscribe {first}")
    (sent,) = await reader.says(f"/subscribe {second}")
    assert sent.text.startswith("You have this already: ")
    assert len(subscriptions(ledger)) == 1


async def test_a_place_may_have_fifty(reader: Person, ledger: Ledger) -> None:
    place = ledger.subscribers.ensure(ChatFacts(50, "private"), 0, NOW, zone="UTC", language="en")
    for number in range(50):
        ledger.subscribers.add(place.id, Wish(tags=(f"t{number}",)), 0, NOW)
    (sent,) = await reader.says("/subscribe #more")
    assert sent.text.startswith("That would be more than 50 subscriptions here.")
    (sent,) = await reader.says("/subscribe #t3")
    assert sent.text.startswith("You have this already")
    assert len(subscriptions(ledger)) == 50


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("-vLLM", "You said only what you do not want."),
        ("about", "About what?"),
        ("x" * 300, "That is too long for me."),
        ("#LLM @mychannel", "Please name the channel first"),
        ("https://t.me/mychannel", "Please name the channel first"),
        (" ".join(f"w{n}" for n in range(20)), "That is too much at once."),
    ],
)
async def test_what_is_no_wish_is_explained(
    reader: Person, ledger: Ledger, words: str, said: str
) -> None:
    (sent,) = await reader.says(f"/subscribe {words}")
    assert sent.text.startswith(said)
    assert subscriptions(ledger) == []


async def test_markup_in_a_wish_is_words(reader: Person) -> None:
    """FAILURES 12"""
    (sent,) = await reader.says('/subscribe "C#<T> & _x_"')
    assert "“C#<T> & _x_”" in sent.text
    (listed,) = await reader.says("/subscriptions")
    assert "“C#<T> & _x_”" in listed.text


async def test_the_confirmation_of_a_digest_tells_by_which_clock(
    subscribing: BotApplication, telegram: FakeTelegram
) -> None:
    person = Person(subscribing, telegram, language_code="zh-hant")
    await person.says("/settings daily 9")
    (sent,) = await person.says("/subscribe")
    assert "每天 09:00" in sent.text
    assert "時區：台北" in sent.text


async def test_a_chat_that_slept_is_awake_when_it_subscribes(
    reader: Person, ledger: Ledger
) -> None:
    await reader.says("/subscribe #a")
    ledger.subscribers.asleep(50, "blocked", NOW)
    await reader.says("/subscribe #b")
    place = ledger.subscribers.place(50)
    assert place is not None
    assert place.asleep is None


async def test_a_ledger_that_is_down_is_apologised_for(
    reader: Person, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    await reader.says("/subscribe")
    (listed,) = await reader.says("/subscriptions")
    ledger.do(lambda connection: connection.execute(text("DROP TABLE ledger_subscriptions")))
    (sent,) = await reader.says("/subscribe #a")
    assert sent.text.startswith("A part of me is down")
    pressed = await reader.presses(listed, "every new article")
    assert (pressed.answers, pressed.alert, pressed.sent) == (1, True, [])
    assert (pressed.toast or "").startswith("A part of me is down")
    assert "failed" in caplog.text


# Groups


async def test_in_a_group_only_admins_may(
    readers: Callable[..., Person], ledger: Ledger, telegram: FakeTelegram
) -> None:
    member, admin = readers(51), readers(50)
    for command in ("/subscribe", "/unsubscribe all", "/subscribe #a"):
        (sent,) = await member.says(command)
        assert sent.text.startswith("Only the administrators of this group")
    assert subscriptions(ledger, -100) == []
    (sent,) = await admin.says("/subscribe")
    assert sent.text.startswith("Subscribed:")
    assert wished(ledger, -100) == ["every new article"]
    (listed,) = await member.says("/subscriptions")
    pressed = await member.presses(listed, "every new article")
    assert pressed.alert
    assert (pressed.toast or "").startswith("Only the administrators")
    assert len(subscriptions(ledger, -100)) == 1
    assert len((await admin.presses(listed, "every new article")).edits) == 1
    assert subscriptions(ledger, -100) == []


async def test_an_admin_may_stay_anonymous(readers: Callable[..., Person], ledger: Ledger) -> None:
    admin = readers(51)
    admin.sender = ANONYMOUS
    channel = {"id": -200, "type": "channel", "title": "Elsewhere"}
    (sent,) = await admin.says("/subscribe", sender_chat=channel)
    assert sent.text.startswith("Only the administrators")
    (sent,) = await admin.says("/subscribe", sender_chat=admin.chat)
    assert sent.text.startswith("Subscribed:")
    assert wished(ledger, -100) == ["every new article"]


async def test_a_topic_is_a_place_of_its_own(
    readers: Callable[..., Person], ledger: Ledger
) -> None:
    admin = readers(is_forum=True)
    there = {"message_thread_id": 9, "is_topic_message": True}
    (sent,) = await admin.says("/subscribe #LLM", **there)
    assert sent.topic == 9
    (sent,) = await admin.says("/subscribe #RAG")
    assert sent.topic == 0
    assert wished(ledger, -100, 9) == ["#LLM"]
    assert wished(ledger, -100, 0) == ["#RAG"]
    (listed,) = await admin.says("/subscriptions", **there)
    assert listed.topic == 9
    assert "#LLM" in listed.text
    assert "#RAG" not in listed.text
    # A chain of replies in the General topic has a number, too.
    (sent,) = await admin.says("/unsubscribe", message_thread_id=77)
    assert sent.text == "Removed: #RAG."


# Channels


async def test_a_channel_is_subscribed_by_its_admin_in_private(
    reader: Person, telegram: FakeTelegram, ledger: Ledger
) -> None:
    telegram.chats.add(
        -1001234567890, "channel", title="News", username="news_here", admins={50, BOT_ID}
    )
    (sent,) = await reader.says("/subscribe @news_here about Article")
    assert sent.chat_id == 50
    assert sent.text.startswith("Subscribed for News: about “Article”.")
    assert "/settings @news_here changes that, /subscriptions @news_here shows" in sent.text
    assert len((await reader.presses(sent, "Stricter")).edits) == 1
    (sent,) = await reader.says("/subscribe -1001234567890 #LLM")
    assert sent.text.startswith("Subscribed for News: #LLM.")
    assert "/settings -1001234567890 changes that" in sent.text
    assert wished(ledger, -1001234567890) == ["about “Article” (stricter)", "#LLM"]
    assert subscriptions(ledger, 50) == []
    (listed,) = await reader.says("/subscriptions @News_Here")
    assert "2 subscriptions of News" in listed.text
    (pressed,) = (await reader.presses(listed, "#LLM")).edits
    assert "One subscription of News" in pressed.text
    (sent,) = await reader.says("/unsubscribe @news_here all")
    assert sent.text == (
        "Removed the subscription of News. New articles will not be announced there any more."
    )
    assert subscriptions(ledger, -1001234567890) == []
    for asked in ("/subscriptions @news_here", "/unsubscribe @news_here #LLM"):
        (none,) = await reader.says(asked)
        assert none.text.startswith("News has no subscriptions yet. /subscribe @news_here has")
    assert {each.chat_id for each in telegram.sent} == {50}
    await reader.says("/subscribe @news_here #LLM")
    (sent,) = await reader.says("/unsubscribe @news_here #LLM")
    assert sent.text == "Removed for News: #LLM."
    await reader.says("/subscribe @news_here")
    (listed,) = await reader.says("/subscriptions @news_here")
    telegram.chats.add(-1001234567890, "channel", admins={51, BOT_ID})
    denied = await reader.presses(listed, "every new article")
    assert (denied.toast, denied.alert) == ("Only an administrator of News can do this.", True)


async def test_of_a_channel_that_nobody_ever_subscribed_it_is_said_so(
    reader: Person, telegram: FakeTelegram
) -> None:
    telegram.chats.add(-1001, "channel", title="News", username="news_here", admins={50, BOT_ID})
    for asked in ("/subscriptions @news_here", "/unsubscribe @news_here all"):
        (none,) = await reader.says(asked)
        assert none.text.startswith("News has no subscriptions yet. /subscribe @news_here has")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"admins": {51, BOT_ID}}, "Only an administrator of @news_here can do this."),
        ({"admins": {50, 51}}, "Please make me an administrator of @news_here"),
        ({"admins": {50}, "gone": "kicked"}, "I cannot find the channel @news_here."),
        ({"username": "other_name", "admins": {50, BOT_ID}}, "I cannot find the channel"),
        ({"type": "supergroup", "admins": {50, BOT_ID}}, "@news_here is not a channel."),
    ],
)
@pytest.mark.parametrize("command", ["/subscribe @news_here", "/unsubscribe @news_here all"])
async def test_a_channel_needs_an_admin_and_the_bot(
    reader: Person,
    telegram: FakeTelegram,
    ledger: Ledger,
    fields: dict[str, object],
    words: str,
    command: str,
) -> None:
    kind = str(fields.get("type", "channel"))
    rest = {name: value for name, value in fields.items() if name != "type"}
    telegram.chats.add(-1001, kind, **{"title": "News", "username": "news_here", **rest})
    (sent,) = await reader.says(command)
    assert sent.text.startswith(words)
    assert subscriptions(ledger, -1001) == []


async def test_channels_are_not_subscribed_from_a_group(
    readers: Callable[..., Person], telegram: FakeTelegram
) -> None:
    telegram.chats.add(-1001, "channel", username="news_here", admins={50, BOT_ID})
    (sent,) = await readers().says("/subscribe @news_here")
    assert sent.text == "Please send me this in our private chat."


async def test_a_channel_that_cannot_be_asked_for_is_a_failure_not_an_answer(
    reader: Person, telegram: FakeTelegram
) -> None:
    telegram.fail("getChat", *[refusing(500, "Internal Server Error")] * 4)
    (sent,) = await reader.says("/subscribe @news_here")
    assert sent.text.startswith("Sorry, something went wrong on my side.")


# Lists and the end of subscriptions


async def test_the_list_removes_in_place(reader: Person, ledger: Ledger) -> None:
    for words in ("#a", "#b", "#c"):
        await reader.says(f"/subscribe {words}")
    (listed,) = await reader.says("/subscriptions")
    assert "3 subscriptions" in listed.text
    reaction = await reader.presses(listed, "#b")
    (edited,) = reaction.edits
    assert reaction.toast == "Removed: #b."
    assert "2 subscriptions" in edited.text
    assert [each["text"] for each in edited.buttons] == ["✕ #a", "✕ #c"]
    again = await reader.presses(listed, "#b")
    assert (again.toast, again.alert) == ("This subscription was removed already.", True)
    (edited,) = (await reader.presses(edited, "#a")).edits
    (edited,) = (await reader.presses(edited, "#c")).edits
    assert edited.text.startswith("There are no subscriptions here yet.")
    assert edited.buttons == []
    assert subscriptions(ledger) == []


async def test_a_long_list_has_pages(reader: Person) -> None:
    for number in range(1, 24):
        await reader.says(f"/subscribe #t{number:02}")
    (listed,) = await reader.says("/subscriptions")
    assert "Page 1 of 3" in listed.text
    (second,) = (await reader.presses(listed, "Next")).edits
    assert "11. #t11" in second.text
    (third,) = (await reader.presses(second, "Next")).edits
    assert "23. #t23" in third.text
    (after,) = (await reader.presses(third, "#t22")).edits
    assert "Page 3 of 3" in after.text
    assert "22. #t23" in after.text
    (back,) = (await reader.presses(after, "Back")).edits
    assert "Page 2 of 3" in back.text


@pytest.mark.parametrize(
    ("words", "said", "left"),
    [
        ("#b", "Removed: #b.", ["#a", "about “x”"]),
        ("about X", "Removed: about “x”.", ["#a", "#b"]),
        ("all", "Removed all 3 subscriptions.", []),
        ("全部", "Removed all 3 subscriptions.", []),
        ("", "Which one should I remove?", ["#a", "#b", "about “x”"]),
        ("#z", "There is no such subscription here: #z.", ["#a", "#b", "about “x”"]),
        ("-vLLM", "You said only what you do not want.", ["#a", "#b", "about “x”"]),
    ],
)
async def test_unsubscribing(
    reader: Person, ledger: Ledger, words: str, said: str, left: list[str]
) -> None:
    for wish in ("#a", "#b", "about x"):
        await reader.says(f"/subscribe {wish}")
    (sent,) = await reader.says(f"/unsubscribe {words}")
    assert sent.text.startswith(said)
    assert wished(ledger) == left
    if len(left) == 3 and words != "-vLLM":
        assert [each["text"] for each in sent.buttons] == ["✕ #a", "✕ #b", "✕ about “x”"]


async def test_unsubscribing_from_the_only_one_or_from_none(reader: Person) -> None:
    await reader.says("/subscribe #a")
    (sent,) = await reader.says("/unsubscribe")
    assert sent.text == "Removed: #a."
    (sent,) = await reader.says("/unsubscribe")
    assert sent.text.startswith("There is nothing to remove")
    (sent,) = await reader.says("/unsubscribe all")
    assert sent.text.startswith("There is nothing to remove")
    (sent,) = await reader.says("/subscriptions")
    assert sent.text.startswith("There are no subscriptions here yet.")


async def test_nobody_touches_what_is_anothers(
    reader: Person, subscribing: BotApplication, telegram: FakeTelegram, ledger: Ledger
) -> None:
    await reader.says("/subscribe about Article")
    (own,) = subscriptions(ledger)
    stranger = Person(subscribing, telegram, person_id=66)
    below = stranger.message_of((await stranger.says("/start"))[0])
    for data in (pack(REMOVE, own.id), pack(STRICTNESS, own.id, 2)):
        reaction = await stranger.presses_data(data, message=below)
        assert (reaction.answers, reaction.alert, reaction.edits) == (1, True, [])
    assert subscriptions(ledger) == [own]
