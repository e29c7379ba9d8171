"""/admin: what those who look after the bot see and do, and that nobody else does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.admin.office import Office
from bot.admission import Admission
from bot.application import BotApplication, build_application
from bot.buttons import ADMIN, pack
from bot.context import Desk
from bot.ledger.answers import GivenHit, NewAnswer
from bot.ledger.feedback import BAD, GOOD
from bot.ledger.writing import Writer
from bot.retrying import Retrying
from bot.rounds import Rounds
from retrieval.article import Draft
from retrieval.errors import SourceError
from retrieval.gathering import Gatherer, Source
from retrieval.sources.reading import Fetch, Reading
from tests.bot.bot_api import TOKEN, FakeTelegram, Sent, refusing
from tests.bot.fakes import FakeLibrary
from tests.bot.newsroom import Newsroom
from tests.bot.people import Person
from tests.bot.post import Post

ADA, BOB = 50, 51  # Ada looks after the bot
ADMINS = -100_900


@dataclass
class Index:
    """As far as it is built."""

    is_open: bool = True
    share: float = 0.0


class Shelf:
    """A source that holds some articles, or fails; while its gate is closed, reading it hangs."""

    kind = "feed"

    def __init__(self, name: str, *titles: str) -> None:
        self.name = name
        self.titles = [*titles]
        self.failure: str | None = None
        self.begun = 0
        self.gate = threading.Event()
        self.gate.set()

    def read(self, fetch: Fetch) -> Reading:
        self.begun += 1
        assert self.gate.wait(60)
        if self.failure is not None:
            raise SourceError(self.failure)
        return Reading(tuple(Draft(text=f"{each} tells.", title=each) for each in self.titles))


class House:
    """A newsroom whose bot is looked after."""

    def __init__(self, room: Newsroom, telegram: FakeTelegram) -> None:
        self.room = room
        self.telegram = telegram
        self.post = Post(room, telegram)
        self.library = FakeLibrary()
        self.index = Index()
        self.shelves: list[Shelf] = []
        self.gathers = True
        self.admins = frozenset({ADA})
        self.admission = Admission()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[BotApplication]:
        """The bot, as a new process begins and ends."""
        room = self.room
        gatherer = Gatherer(room.archive, [Source(shelf) for shelf in self.shelves])
        rounds = Rounds(gatherer)
        names = [shelf.name for shelf in self.shelves]
        office = Office(room.archive, self.index, names, rounds if self.gathers else None)

        async def sleep(_: float) -> None:
            return None

        async with AsyncExitStack() as stack:
            writer = await stack.enter_async_context(Writer(room.ledger))
            desk = Desk(
                self.library,
                room.ledger,
                writer,
                admins=self.admins,
                admission=self.admission,
                admin_chat=ADMINS,
                office=office,
                clock=lambda: room.now,
            )
            application = build_application(
                self.library,
                desk=desk,
                token=TOKEN,
                request=self.telegram.request(),
                get_updates_request=self.telegram.request(),
                retrying=Retrying(sleep=sleep),
            )
            stack.push_async_callback(rounds.close)
            await stack.enter_async_context(application)
            await stack.enter_async_context(office)
            yield application

    def person(self, application: BotApplication, number: int = ADA, **fields: object) -> Person:
        return Person(application, self.telegram, person_id=number, **fields)  # type: ignore[arg-type]


@pytest.fixture
def house(tmp_path: Path, telegram: FakeTelegram) -> Iterator[House]:
    room = Newsroom(tmp_path)
    yield House(room, telegram)
    room.close()


@pytest.fixture
async def ada(house: House) -> AsyncIterator[Person]:
    async with house.open() as application:
        yield house.person(application)


async def at(person: Person, *labels: str) -> Sent:
    """What the message of /admin shows behind these buttons."""
    (shown,) = await person.says("/admin")
    for label in labels:
        shown = (await person.presses(shown, label)).edits[0]
    return shown


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110  threads set no event
            await asyncio.sleep(0.005)


# --- who ---------------------------------------------------------------------------------------


async def test_for_everybody_else_it_is_an_unknown_command(house: House) -> None:
    async with house.open() as application:
        bob = house.person(application, BOB)
        for command in ("/admin", "/announce Hello"):
            (sent,) = await bob.says(command)
            assert sent.text.startswith("I do not know this command.")
        group = {"id": -100_1, "type": "supergroup", "title": "Readers"}
        for number in (ADA, BOB):
            assert await house.person(application, number, chat=group).says("/admin") == []
    house.admins = frozenset()
    async with house.open() as application:
        (sent,) = await house.person(application).says("/admin")
        assert sent.text.startswith("I do not know this command.")


async def test_in_the_admins_group_only_admins_of_the_bot(house: House) -> None:
    group = {"id": ADMINS, "type": "supergroup", "title": "Owners"}
    async with house.open() as application:
        bob = house.person(application, BOB, chat=group)
        assert await bob.says("/admin") == []
        (shown,) = await house.person(application, ADA, chat=group).says("/admin")
        assert shown.text.startswith("Looking after me")
        pressed = await bob.presses(shown, "Statistics")
        assert (pressed.edits, pressed.sent, pressed.alert) == ([], [], True)


async def test_no_button_works_for_anybody_else(house: House) -> None:
    house.shelves = [Shelf("blog")]
    house.room.subscribe(house.room.place(7))
    house.room.ledger.do(house.room.ledger.bulletins.draft("Hello", house.room.now))
    alone = ("main", "stats", "all", "againall", "announce", "write")
    numbered = ("sources", "gather", "failed", "again", "send", "cancel", "spread")
    of_bot = {"from": {"id": 7, "is_bot": True, "first_name": "x"}}
    group = {"id": -100_1, "type": "supergroup", "title": "Readers"}
    async with house.open() as application:
        for person in (
            house.person(application, BOB),
            house.person(application, ADA, chat=group),
        ):
            for values in (*((name,) for name in alone), *((name, 1) for name in numbered)):
                message = person.message("any", **of_bot)
                pressed = await person.presses_data(pack(ADMIN, *values), message=message)
                assert (pressed.sent, pressed.edits, pressed.alert) == ([], [], True)
                assert "too old" in (pressed.toast or "")
    assert house.shelves[0].begun == 0
    assert house.room.ledger.bulletins.told(9) == []


async def test_a_button_that_makes_no_sense_is_no_error(ada: Person) -> None:
    shown = await at(ada)
    for values in (("nowhere",), (), (3,), ("one", "deadbeef"), ("again",), ("again", "x", 0)):
        pressed = await ada.presses_data(
            pack(ADMIN, *values),
            message=ada.message_of(shown),
        )
        assert (pressed.answers, pressed.alert) == (1, True)


async def test_it_speaks_chinese_and_works_after_a_restart(house: House) -> None:
    """FAILURES 27"""
    async with house.open() as application:
        (shown,) = await house.person(application, language_code="zh-hans").says("/admin")
        assert shown.text.startswith("维护")
    house.room.restart()
    async with house.open() as application:
        ada = house.person(application, language_code="zh-hans")
        (edited,) = (await ada.presses(shown, "统计")).edits
        assert edited.text.startswith("统计")
        assert "索引已就绪" in edited.text
        (back,) = (await ada.presses(edited, "返回")).edits
        assert back.text.startswith("维护")


# --- statistics and sources --------------------------------------------------------------------


async def test_statistics_count_everything_and_name_nobody(house: House, ada: Person) -> None:
    room, ledger = house.room, house.room.ledger
    for chat in (77_001, 77_002):
        room.subscribe(room.place(chat))
    room.subscribe(room.place(77_001), "#LLM")
    room.subscribe(room.place(-77_003), '"KV cache"')
    room.subscribe(room.place(-77_003, topic=3), "about diffusion")
    room.place(77_004)  # wishes nothing
    ledger.subscribers.asleep(77_002, "blocked", room.now)
    room.publish("news")
    room.notify()
    for days in (0.5, 3, 30):
        hit = GivenHit("a1:0", "words", 0.9, 0.8, True)
        new = NewAnswer(1, 0, (hit,), "en", 1, 77_001)
        number = ledger.do(ledger.answers.add(new, room.now - timedelta(days=days)))
    given = ledger.answers.by_id(number)
    assert given is not None
    for person, vote in ((1, GOOD), (2, GOOD), (3, BAD)):
        ledger.do(ledger.feedback.vote(given, person, vote, None, room.now))
    said = (await at(ada, "Statistics")).text
    for line in (
        "Archive: 2 articles, 2 excerpts.",
        "The index is ready.",
        "Subscribed: 2 private chats, 2 groups, 0 channels.",
        "asleep (they cannot hear me): 1, paused: 0.",
        "to everything 2, to tags 1, to words 1, to subjects 1.",
        "Deliveries: 2 wait, 0 were sent in the last 24 hours, 0 were given up.",
        "Questions answered: 1 in the last 24 hours, 2 in the last 7 days.",
        "👍 2, 👎 1",
    ):
        assert line in said
    assert "77" not in said
    assert "Readers" not in said


async def test_an_index_that_is_being_built_says_how_far_it_is(house: House, ada: Person) -> None:
    house.index.is_open, house.index.share = False, 0.4
    assert "being built: 40 % done" in (await at(ada)).text
    assert "being built: 40 % done" in (await at(ada, "Statistics")).text


async def test_sources_tell_when_they_were_looked_at_and_why_they_fail(house: House) -> None:
    room = house.room
    house.shelves = [Shelf(f"source {number}") for number in range(7)]
    log = room.archive.fetches
    log.record_failure("source 0", "feed", "HTTP 500\nof <b>" + "x" * 5000, room.now)
    room.archive.articles.commit("source 1", "folder", [Draft(text="One. Two.")], room.now)
    async with house.open() as application:
        ada = house.person(application)
        assert "⚠ 1 source cannot be read." in (await at(ada)).text
        shown = await at(ada, "Sources")
        assert shown.text.startswith("7 sources")
        assert "⚠ source 0\nfeed, 0 articles\nLooked at: 3 Aug 2026 12:00" in shown.text
        assert "Fails since 3 Aug 2026 12:00: HTTP 500 of <b>xxx" in shown.text
        assert "source 1\nfolder, 1 articles" in shown.text
        assert "Last brought something new: 3 Aug 2026 12:00" in shown.text
        assert "source 2\nNever looked at yet." in shown.text
        assert "source 5" not in shown.text
        (second,) = (await ada.presses(shown, "›")).edits
        assert "source 5" in second.text
        assert "source 4" not in second.text


async def test_without_sources_it_says_so(house: House, ada: Person) -> None:
    assert "There are no sources yet" in (await at(ada, "Sources")).text
    assert "I gather nothing here" in (await at(ada, "Gather now")).text
    pressed = await ada.presses_data(pack(ADMIN, "all"), message=ada.message_of(await at(ada)))
    assert "I gather nothing here" in pressed.edits[0].text


async def test_where_the_process_does_not_gather_it_says_so(house: House) -> None:
    house.shelves, house.gathers = [Shelf("blog")], False
    async with house.open() as application:
        shown = await at(house.person(application), "Gather now")
        assert "this process does not gather" in shown.text


# --- gather now --------------------------------------------------------------------------------


async def test_gathering_all_edits_the_message_when_it_is_done(
    house: House, telegram: FakeTelegram
) -> None:
    good, bad = Shelf("good", "One", "Two"), Shelf("bad")
    bad.failure = "HTTP 404: no such page"
    good.gate.clear()
    house.shelves = [good, bad]
    async with house.open() as application:
        ada = house.person(application)
        shown = await at(ada, "Gather now")
        (edited,) = (await ada.presses(shown, "All sources")).edits
        assert edited.text == "Gathering good, bad …"
        await until(lambda: good.begun == 1)
        good.gate.set()
        await until(lambda: telegram.edits[-1] is not edited)
        done = telegram.edits[-1]
        assert done.message_id == shown.message_id
        assert done.text == (
            "Gathered: good, bad\n\nNew: 2, changed: 0.\n\n⚠ bad: HTTP 404: no such page"
        )


async def test_one_source_is_gathered_alone_and_not_twice_at_once(
    house: House, telegram: FakeTelegram
) -> None:
    one, other = Shelf("one", "One"), Shelf("other")
    house.shelves = [one, other]
    one.gate.clear()
    async with house.open() as application:
        ada = house.person(application)
        first = await at(ada, "Gather now", "one")
        second = await at(ada, "Gather now")
        assert "Gathering one …" in second.text
        await ada.presses(second, "one")
        await until(lambda: one.begun == 1)
        one.gate.set()
        ids = {first.message_id, second.message_id}
        await until(
            lambda: {e.message_id for e in telegram.edits if "Gathered: one" in e.text} == ids
        )
        assert (one.begun, other.begun) == (1, 0)


async def test_pressed_twice_it_tells_once_what_came(house: House, telegram: FakeTelegram) -> None:
    shelf = Shelf("blog", "One")
    shelf.gate.clear()
    house.shelves = [shelf]
    async with house.open() as application:
        ada = house.person(application)
        shown = await at(ada, "Gather now")
        sent, edits = len(telegram.sent), len(telegram.edits)
        await asyncio.gather(*(ada.presses(shown, "All sources") for _ in range(3)))
        assert len(telegram.called("answerCallbackQuery")) == 1 + 3
        shelf.gate.set()
        await until(lambda: telegram.edits[-1].text.startswith("Gathered"))
        assert [each.text.split()[0] for each in telegram.edits[edits:]] == [
            "Gathering",
            "Gathered:",
        ]
        assert len(telegram.sent) == sent


async def test_who_looks_at_something_else_meanwhile_is_told_in_a_message_of_its_own(
    house: House, telegram: FakeTelegram
) -> None:
    shelf = Shelf("blog", "One")
    shelf.gate.clear()
    house.shelves = [shelf]
    async with house.open() as application:
        ada = house.person(application)
        gathering = await at(ada, "Gather now", "All sources")
        await ada.presses(gathering, "Back")
        edits = len(telegram.edits)
        shelf.gate.set()
        await until(lambda: telegram.sent[-1].text.startswith("Gathered: blog"))
        assert len(telegram.edits) == edits


async def test_the_bot_stops_though_something_is_being_gathered(
    house: House, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.rounds.GRACE", 0.1)
    shelf = Shelf("blog", "One")
    shelf.gate.clear()
    house.shelves = [shelf]
    async with asyncio.timeout(30):
        async with house.open() as application:
            await at(house.person(application), "Gather now", "All sources")
            await until(lambda: shelf.begun == 1)
    shelf.gate.set()
    await until(lambda: not [t for t in threading.enumerate() if t.name == "gather-blog"])


# --- what was given up -------------------------------------------------------------------------


async def given_up(house: House, *titles: str) -> None:
    """Telegram refuses each of these for good."""
    for title in titles:
        house.room.publish(title)
        no = refusing(400, "Bad Request: strange")
        house.telegram.fail("sendMessage", no, no)
        await house.post.goes_on()


async def test_failed_deliveries_are_listed_and_sent_again(
    house: House, ada: Person, telegram: FakeTelegram
) -> None:
    room = house.room
    room.subscribe(room.place(-7))
    await given_up(house, *(f"article {number}" for number in range(6)))
    house.library.articles = room.archive.articles.latest(9)
    assert "⚠ 6 deliveries were given up." in (await at(ada)).text
    shown = await at(ada, "Failed deliveries")
    assert shown.text.startswith("6 deliveries were given up\n\n1. article 5\nGroup · 3 Aug 2026")
    assert "Strange" in shown.text
    assert "Readers" not in shown.text
    (second,) = (await ada.presses(shown, "›")).edits
    assert "6. article 0" in second.text
    again = await ada.presses(second, "6 again")
    assert again.toast == "It is sent again."
    assert again.edits[0].text.startswith("5 deliveries were given up\n\n1. article 5")
    twice = await ada.presses(second, "6 again")
    assert twice.toast == "Nobody wishes to hear it any more, or it was sent already."
    every = await ada.presses(again.edits[0], "Send all again")
    assert every.toast == "5 deliveries are sent again."
    assert every.edits[0].text.startswith("Nothing was given up.")
    before = len(telegram.sent)
    await house.post.deliver()
    assert sum(f"article {n}" in "".join(s.text for s in telegram.sent[before:]) for n in range(6))


async def test_an_article_that_is_no_more_is_listed_by_its_id(house: House, ada: Person) -> None:
    room = house.room
    room.subscribe(room.place(7))
    await given_up(house, "article")
    shown = await at(ada, "Failed deliveries")
    assert f"1. {room.id('article')}\nPrivate chat" in shown.text


@pytest.mark.parametrize("hostile", ["C#<T> & _x_", "\u202e" * 50 + "</b>", "😀" * 10_000, ""])
async def test_screens_hold_whatever_others_wrote(house: House, hostile: str) -> None:
    """FAILURES 12, 13"""
    room = house.room
    house.shelves = [Shelf(f"{hostile[:40]} {number}") for number in range(9)]
    for shelf in house.shelves:
        room.archive.fetches.record_failure(shelf.name, "feed", hostile or "-", room.now)
        shelf.failure = hostile or "-"
    room.subscribe(room.place(-7))
    await given_up(house, *[hostile or "."] * 2)
    house.library.articles = room.archive.articles.latest(9)
    async with house.open() as application:
        ada = house.person(application)
        for path in (["Sources"], ["Sources", "›"], ["Failed deliveries"], ["Gather now"]):
            await at(ada, *path)
        await at(ada, "Gather now", "All sources")
        await until(lambda: house.telegram.edits[-1].text.startswith("Gathered"))
