"""What is kept is told in plain words, and what is forgotten is gone everywhere, at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.access import Limiter, Limits
from bot.application import BotApplication, build_application
from bot.buttons import FORGET, pack
from bot.context import Desk
from bot.forgetting import Forgetting
from bot.ledger import Ledger
from bot.ledger.answers import GivenAnswer
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.chats import BOT_ID
from tests.bot.fakes import FakeLibrary
from tests.bot.ledger.test_forgetting import left_of
from tests.bot.memory import holders
from tests.bot.messages import Call
from tests.bot.newsroom import Newsroom
from tests.bot.people import Person
from tests.bot.post import Post

ME, OTHER = 7_001_234_501, 7_001_234_502
GROUP, CHANNEL = -1_007_001_234_503, -1_007_001_234_504


@pytest.fixture
def me(subscribing: BotApplication, telegram: FakeTelegram) -> Person:
    return Person(subscribing, telegram, person_id=ME)


def member(application: BotApplication, telegram: FakeTelegram, person_id: int) -> Person:
    """Somebody in the group that number `ME` administers."""
    telegram.chats.add(GROUP, "supergroup", title="Readers", admins={ME})
    chat = {"id": GROUP, "type": "supergroup", "title": "Readers"}
    return Person(application, telegram, chat=chat, person_id=person_id)


@pytest.mark.parametrize(
    ("language_code", "days", "words"),
    [
        ("en", 0, ["not stored", "/forget", "number"]),
        ("en", 1, ["for 1 day."]),
        ("en", 30, ["for 30 days."]),
        ("zh-hans", 0, ["不保存", "/forget"]),
        ("zh-tw", 30, ["30 天"]),
    ],
)
async def test_privacy_says_what_is_kept_and_for_how_long(
    desk: Desk, telegram: FakeTelegram, language_code: str, days: int, words: list[str]
) -> None:
    application = build_application(
        desk.library,
        desk=replace(desk, keep_questions=days),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    async with application:
        (sent,) = await Person(application, telegram, language_code=language_code).says("/privacy")
    assert all(each in sent.text for each in words)


async def test_forget_asks_once_then_deletes_everything(
    me: Person, ledger: Ledger, desk: Desk, library: FakeLibrary
) -> None:
    await me.says("/subscribe #LLM")
    await me.says("/settings silent on")
    (answered,) = await me.says("how does it work?")
    await me.presses(answered, "👍")
    (asked,) = await me.says("/forget")
    assert "everything I keep of you" in asked.text
    assert ledger.subscribers.place(ME) is not None
    pressed = await me.presses(asked, "Forget everything")
    assert (pressed.answers, pressed.sent) == (1, [])
    (told,) = pressed.edits
    assert "Subscriptions: 1, announcements: 0, answers: 1, votes: 1." in told.text
    assert told.buttons == []
    assert left_of(ledger, ME, "how does it work") == set()
    assert desk.questions.of(1) is None
    (again,) = (await me.presses(asked, "Forget everything")).edits
    assert again.text == "There is nothing to delete here."
    (greeting,) = await me.says("/start")
    assert greeting.text.startswith("Hello!")
    assert "no subscriptions" in (await me.says("/subscriptions"))[0].text
    assert "with a sound" in (await me.says("/settings"))[0].text
    assert (await me.presses(answered, "👎")).alert


async def test_the_language_that_was_chosen_is_forgotten(me: Person, ledger: Ledger) -> None:
    await me.says("/language 中文")
    (asked,) = await me.says("/forget")
    await me.presses(asked, "全部删除")
    assert (await me.says("/start"))[0].text.startswith("Hello!")
    assert left_of(ledger, ME) == set()


async def test_what_i_asked_in_a_group_goes_and_what_others_asked_stays(
    subscribing: BotApplication, telegram: FakeTelegram, me: Person, ledger: Ledger
) -> None:
    here, there = (member(subscribing, telegram, each) for each in (ME, OTHER))
    (mine,) = await here.says("/ask my words")
    await there.presses(mine, "👍")
    await there.says("/ask your words")
    await me.presses((await me.says("/forget"))[0], "Forget everything")
    assert left_of(ledger, ME, "my words") == set()
    assert left_of(ledger, OTHER) == {"ledger_answers", "ledger_feedback"}


async def test_an_admin_has_the_group_forgotten_and_nobody_else(
    subscribing: BotApplication, telegram: FakeTelegram, ledger: Ledger
) -> None:
    admin, guest = (member(subscribing, telegram, each) for each in (ME, OTHER))
    topic = {"message_thread_id": 9, "is_topic_message": True}
    await admin.says("/subscribe #LLM")
    await admin.says("/subscribe #RAG", **topic)
    await guest.says("/ask how?")
    (refused,) = await guest.says("/forget")
    assert "Only the administrators" in refused.text
    (asked,) = await admin.says("/forget", **topic)
    assert "“Readers”" in asked.text
    pressed = await guest.presses(asked, "Forget everything")
    assert (pressed.toast, pressed.alert) == ("Only an administrator can do this.", True)
    assert ledger.subscribers.place(GROUP, 9) is not None
    (told,) = (await admin.presses(asked, "Forget everything")).edits
    assert "Subscriptions: 2" in told.text
    assert left_of(ledger, GROUP) == set()


async def test_a_channel_is_forgotten_in_a_private_chat_with_its_admin(
    subscribing: BotApplication, me: Person, telegram: FakeTelegram, ledger: Ledger
) -> None:
    telegram.chats.add(CHANNEL, "channel", title="News", username="newsroom", admins={ME, BOT_ID})
    await me.says("/subscribe @newsroom #LLM")
    (asked,) = await me.says("/forget @newsroom")
    stranger = Person(subscribing, telegram, person_id=OTHER)
    assert (await stranger.presses(asked, "Forget everything")).alert
    assert left_of(ledger, CHANNEL)
    await me.presses(asked, "Forget everything")
    assert left_of(ledger, CHANNEL) == set()


@pytest.mark.parametrize("values", [(ME,), (GROUP,), (0,), (), ("words",), (OTHER, OTHER)])
async def test_a_forged_button_deletes_nothing(
    subscribing: BotApplication,
    telegram: FakeTelegram,
    me: Person,
    ledger: Ledger,
    values: tuple[int | str, ...],
) -> None:
    await me.says("/subscribe")
    await member(subscribing, telegram, ME).says("/subscribe")
    stranger = Person(subscribing, telegram, person_id=OTHER)
    (sent,) = await stranger.says("/start")
    message = stranger.message_of(sent)
    assert (await stranger.presses_data(pack(FORGET, *values), message=message)).alert
    assert ledger.subscribers.counts()["subscriptions"] == 2


async def test_an_answer_that_comes_after_the_forgetting_is_not_remembered(
    me: Person, ledger: Ledger, desk: Desk, library: FakeLibrary
) -> None:
    library.gate.clear()
    asking = asyncio.create_task(me.says("secret words"))
    async with asyncio.timeout(10):
        while not library.questions:  # noqa: ASYNC110  the library tells nobody
            await asyncio.sleep(0)
    await me.presses((await me.says("/forget"))[0], "Forget everything")
    library.gate.set()
    sent = await asking
    assert "梯度检查点" in sent[-1].text
    assert left_of(ledger, ME, "secret words") == set()
    assert desk.questions.of(1) is None


async def test_a_vote_that_comes_after_the_forgetting_is_not_kept(
    me: Person, ledger: Ledger, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (answered,) = await me.says("secret words")
    read = ledger.answers.by_id

    def forgotten_in_the_same_moment(answer_id: int) -> GivenAnswer | None:
        given = read(answer_id)
        desk.forgetting.begin(ME)
        ledger.do(ledger.forgetting(ME))
        return given

    monkeypatch.setattr(ledger.answers, "by_id", forgotten_in_the_same_moment)
    assert (await me.presses(answered, "👍")).alert
    assert left_of(ledger, ME, "secret words") == set()


async def test_no_memory_holds_who_was_forgotten_but_the_count_that_limits_them(
    desk: Desk, telegram: FakeTelegram
) -> None:
    desk = replace(desk, limiter=Limiter(Limits(10, 100, 30)))
    application = build_application(
        desk.library,
        desk=desk,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    async with application:
        me = Person(application, telegram, person_id=ME)
        await me.says("/subscribe #LLM")
        await me.says("/language English")
        asked = me.update("secret wrods")
        (answered,) = await me.happens(asked)
        edited = {**asked["message"], "text": "secret words", "edit_date": 1_760_000_001}
        await me.happens({"update_id": 10**9, "edited_message": edited})
        await me.presses(answered, "👍")
        await me.types("secret")
        await member(application, telegram, ME).says("/ask secret words")
        assert any("Questions" in each for each in holders(ME, application, desk))
        await me.presses((await me.says("/forget"))[0], "Forget everything")
        assert holders(ME, application, desk) == {
            "Desk > Limiter > OrderedDict > tuple",
            "Desk > Forgetting > deque",  # what is under way for them must not be written down
        }


async def test_nothing_more_is_announced_to_whoever_was_forgotten(
    tmp_path: Path, telegram: FakeTelegram
) -> None:
    room = Newsroom(tmp_path)
    try:
        for person in (ME, OTHER):
            room.subscribe(room.place(person))
        room.publish("one", "two", "three")
        room.notify()
        room.later(seconds=2)
        post = Post(room, telegram)
        forgotten = False

        def forget_at_the_first() -> bool:
            """In the midst of the sending."""
            nonlocal forgotten
            if not forgotten and telegram.shown(ME):
                room.ledger.do(room.ledger.forgetting(ME))
                forgotten = True
            return forgotten and post.is_done()

        await post.deliver(forget_at_the_first)
        before = len(telegram.shown(ME))
        room.publish("four")
        room.edit("one", title="one, mended")
        await post.goes_on()
        assert len(telegram.shown(ME)) == before
        assert len(telegram.shown(OTHER)) == 4
        assert left_of(room.ledger, ME) == set()
    finally:
        room.close()


async def test_notices_of_whoever_was_forgotten_are_edited_no_more(
    tmp_path: Path, telegram: FakeTelegram
) -> None:
    room = Newsroom(tmp_path)
    try:
        room.subscribe(room.place(ME))
        room.publish("one", "two", "three")
        post = Post(room, telegram)
        await post.goes_on(seconds=2)
        assert len(telegram.shown(ME)) == 3
        for title in ("one", "two", "three"):
            room.edit(title, title=f"{title}, mended")

        def forget_at_the_first(call: Call) -> None:
            if call.method == "editMessageText":
                room.ledger.do(room.ledger.forgetting(ME))

        telegram.chance = forget_at_the_first
        await post.goes_on(seconds=2)
        assert len(telegram.edits) == 1
        assert left_of(room.ledger, ME) == set()
    finally:
        room.close()


async def test_the_terminal_forgets_where_it_is_typed(desk: Desk, telegram: FakeTelegram) -> None:
    application = build_application(
        desk.library,
        desk=replace(desk, buttons=False),
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    async with application:
        me = Person(application, telegram, person_id=ME)
        await me.says("/subscribe")
        assert "/forget everything" in (await me.says("/forget"))[0].text
        assert "Subscriptions: 1" in (await me.says("/forget everything"))[0].text


async def test_names_of_people_are_not_kept(me: Person, ledger: Ledger) -> None:
    await me.says("/subscribe")
    await me.says("how?")
    assert left_of(ledger, "Ada") == set()


def test_forgetting_is_seen_from_a_mark_on_and_where_it_is_too_long_ago() -> None:
    forgetting = Forgetting(most=2)
    mark = forgetting.mark()
    assert not forgetting.since(mark, 1, None)
    forgetting.begin(1)
    assert forgetting.since(mark, None, 1)
    assert not forgetting.since(mark, 2)
    assert not forgetting.since(forgetting.mark(), 1)
    for _ in range(2):
        forgetting.begin(3)
    assert forgetting.since(mark, 2)
