"""Everything that the bot can say, of an archive and to people as hostile as can be.

The tests' Telegram refuses what Telegram would, and notes what the Bot API does not know; here is
looked at what is left: whether there is something to see, and whether it could disturb its
surroundings.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.application import BotApplication, build_application
from bot.buttons import ASK, LONGEST_LABEL, button
from bot.cards import one_line, sentence
from bot.context import Desk
from bot.cutting import blank
from bot.ledger.records import Rhythm
from bot.markup import clean
from bot.retrying import Retrying
from bot.wording import LANGUAGES, Wording
from retrieval.errors import ArchiveError, IndexNotReady
from retrieval.search.answer import Answer
from tests.bot.bot_api import TOKEN, FakeTelegram, Sent
from tests.bot.chats import BOT_ID, Chat
from tests.bot.fakes import FakeLibrary, answer, hit, newest
from tests.bot.hostile import HOSTILE
from tests.bot.inline import chosen
from tests.bot.messages import Call, written
from tests.bot.newsroom import Newsroom
from tests.bot.people import Json, Person
from tests.bot.post import Post
from tests.bot.shelves import Shelves
from tests.bot.test_wording import catalogue

#: What turns around or reaches beyond its own words, and what Telegram takes from nobody.
UNWANTED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
#: A button that changes nothing has no need to.
_AS_BEFORE = "message is not modified"
CHAT = Chat(1, "private")
#: The variables that are numbers; all others are words.
_NUMBERS = frozenset(
    "count days first last minutes most page pages percent seconds"
    " subscriptions announcements answers votes".split()
)
CODES = {"en": "en", "zh-Hans": "zh-hans", "zh-Hant": "zh-hant"}


class Judge:
    """Looks at what was said since it looked last."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram = telegram
        self._calls = self._sent = self._edits = 0

    def look(self) -> None:
        telegram = self._telegram
        assert telegram.violations == []
        for call in telegram.journal[self._calls :]:
            assert call.refused is None or _AS_BEFORE in call.refused, call
            self._look_beside_the_chat(call)
        for sent in (*telegram.sent[self._sent :], *telegram.edits[self._edits :]):
            self._look_in_the_chat(sent)
        self._calls = len(telegram.journal)
        self._sent, self._edits = len(telegram.sent), len(telegram.edits)

    def _look_beside_the_chat(self, call: Call) -> None:
        told = call.parameters
        if call.method == "answerCallbackQuery" and "text" in told:
            seen(told["text"])
        if call.method == "answerInlineQuery":
            for each in told["results"]:
                seen(each["title"])
                seen(each.get("description", each["title"]))
                said = chosen(each, call)
                self._look_in_the_chat(said)

    def _look_in_the_chat(self, sent: Sent) -> None:
        seen(sent.text)
        for each in sent.buttons:
            seen(each["text"])
            assert "\n" not in each["text"]
            assert len(each["text"]) <= LONGEST_LABEL + 1
        for kind in ("text_link", "blockquote", "expandable_blockquote"):
            for marked in sent.marked(kind):
                seen(marked)


def seen(words: str) -> None:
    """Something is to be seen of it, and nothing in it could disturb what stands around it."""
    assert not blank(words), words
    assert not UNWANTED.search(words), words


@pytest.fixture
def judge(telegram: FakeTelegram, caplog: pytest.LogCaptureFixture) -> Iterator[Judge]:
    yield Judge(telegram)
    mistakes = [each for each in caplog.records if each.levelname in ("WARNING", "ERROR")]
    assert [each.getMessage() for each in mistakes if each.name != "bot.handlers.failures"] == []


@pytest.fixture(params=LANGUAGES)
async def reader(
    request: pytest.FixtureRequest,
    shelves: Shelves,
    desk: Desk,
    telegram: FakeTelegram,
    retrying: Retrying,
) -> AsyncIterator[Person]:
    """Somebody of this language; the archive holds all that is hostile, everywhere."""
    for each in HOSTILE:
        shelves.publish(each, each, "plain", text=each)
    application = build_application(
        desk.library,
        desk=desk,
        token=TOKEN,
        request=telegram.request(),
        get_updates_request=telegram.request(),
        retrying=retrying,
    )
    async with application:
        yield Person(application, telegram, language_code=CODES[request.param])


async def press_all(
    reader: Person, judge: Judge, sent: Sent, *, but: tuple[str, ...] = ()
) -> list[Sent]:
    """Press each button once; the messages that came of it."""
    came = []
    for each in sent.buttons:
        data = each.get("callback_data", "")
        if data and data.split(":")[1] not in but:
            pressed = await reader.presses_data(data, message=reader.message_of(sent))
            assert pressed.answers == 1
            came += [*pressed.sent, *pressed.edits]
            judge.look()
    return came


def words_for(reader: Person) -> list[str]:
    """All of them in English, and half of them in each Chinese: the rest would say no more."""
    first, step = {"en": (0, 1), "zh-hans": (0, 2), "zh-hant": (1, 2)}[
        reader.sender["language_code"]
    ]
    return HOSTILE[first::step]


async def test_looking_around(reader: Person, judge: Judge, shelves: Shelves) -> None:
    """FAILURES 12, FAILURES 13"""
    all_there = shelves.archive.articles.latest(99)
    looks = ["/start", "/help", "/privacy", "/latest", "/latest 20", "/latest #plain 20", "/tags"]
    looks += [f"/article {each.link}" for each in all_there[::2]]
    looks += [f"/start a_{each.id}" for each in all_there[1::2]]
    for words in looks:
        for sent in await reader.says(words):
            judge.look()
            await press_all(reader, judge, sent)
    for word in words_for(reader):
        for command in ("/latest", "/latest #", "/latest source:", "/article", "/nope"):
            assert len(await reader.says(f"{command} {word}"[:4096])) >= 1
        judge.look()
    for query in ("", "tag:plain", *words_for(reader)):
        assert len(await reader.types(query[:256])) == 1
    judge.look()


async def test_asking(reader: Person, judge: Judge, shelves: Shelves, library: FakeLibrary) -> None:
    """FAILURES 12, FAILURES 13, FAILURES 21"""
    hits = [
        hit(each, each.title * 2, each.title, more=(each.title, "plain"))
        for each in shelves.archive.articles.latest(99)
    ]
    library.answers_within = answer(relevant=False)
    for number, word in enumerate(words_for(reader)[::2]):
        library.answer = answer(*hits[2 * number :], *hits[: 2 * number])
        for sent in await reader.says(word[:4096]):
            pages = await press_all(reader, judge, sent)
            if number % 9 == 0:
                for page in pages:
                    await press_all(reader, judge, page)
            await reader.replies(sent, word[:4096])
        await reader.says(caption=word[:1024], photo=[])
        judge.look()
    asked = reader.update("what?")
    await reader.happens(asked)
    for told in (
        answer(*hits, relevant=False),
        answer(*(newest(each.article, each.excerpt) for each in hits)),
        answer(relevant=False),
        IndexNotReady("loading", progress=0.4),
        ArchiveError("the disk is full"),
    ):
        library.error = told if isinstance(told, Exception) else None
        library.answer = told if isinstance(told, Answer) else library.answer
        for word in words_for(reader)[1::3]:
            await reader.says(f"/ask {word}"[:4096])
            await reader.types(word[:256])
            edited = {**asked["message"], "text": word[:4096], "edit_date": 1_760_000_001}
            await reader.happens(
                {"update_id": reader.update()["update_id"], "edited_message": edited}
            )
        judge.look()
    assert len({edited.text for edited in reader.telegram.edits}) > 3


async def test_subscribing(reader: Person, judge: Judge) -> None:
    """FAILURES 12"""
    for word in words_for(reader):
        said = []
        for wish in ("", "#", "about "):
            said += await reader.says(f"/subscribe {wish}{word}"[:4096])
        for sent in said:
            await press_all(reader, judge, sent, but=("remove",))
        await reader.says(f"/unsubscribe {word}"[:4096])
        await reader.says(f"/subscribe {word}"[:4096])
        for command in ("/settings zone", "/settings", "/language"):
            assert len(await reader.says(f"{command} {word}"[:4096])) == 1
        judge.look()
    (listed,) = await reader.says("/subscriptions")
    for page in await press_all(reader, judge, listed, but=("remove",)):
        await press_all(reader, judge, page)
    (shown,) = await reader.says("/settings")
    for page in await press_all(reader, judge, shown):
        await press_all(reader, judge, page)
    (asked,) = await reader.says("/forget")
    await press_all(reader, judge, asked)


async def test_chats_that_are_called_anything(
    subscribing: BotApplication, judge: Judge, telegram: FakeTelegram
) -> None:
    """FAILURES 12"""
    for number, title in enumerate(HOSTILE):
        name = clean(title)[:255] or "?"  # as Telegram has it
        group: Json = {"id": -100 - number, "type": "supergroup", "title": name}
        channel: Json = {"id": -1001000000000 - number, "type": "channel", "title": name}
        for chat in (group, channel):
            telegram.chats.add(chat["id"], chat["type"], title=name, admins={50, BOT_ID})
        code = [*CODES.values()][number % 3]
        admin = Person(subscribing, telegram, chat=group, language_code=code)
        for said in ("/subscribe", "/settings", "/language", "/forget"):
            (*_, sent) = await admin.says(said)
        await press_all(admin, judge, sent)
        inside = Person(subscribing, telegram, chat=channel, language_code=code)
        rights = telegram.chats[channel["id"]].member(BOT_ID)
        own = {key: value for key, value in rights.items() if key != "user"}
        await inside.changes_membership({"status": "left"}, own)
        owner = Person(subscribing, telegram, language_code=code)
        for said in ("/subscribe", "/subscriptions", "/settings", "/language", "/forget"):
            (*_, sent) = await owner.says(f"{said} {channel['id']}")
        await press_all(owner, judge, sent)
        judge.look()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_announcing(
    tmp_path: Path, telegram: FakeTelegram, judge: Judge, language: str
) -> None:
    """FAILURES 12, FAILURES 13"""
    room = Newsroom(tmp_path)
    post = Post(room, telegram, burst=100)
    once = room.place(1, language=language)
    daily = room.place(2, language=language, rhythm=Rhythm.DAILY)
    channel = room.place(-3, language=language)
    for place in (once, daily, channel):
        room.subscribe(place)
    room.publish(*HOSTILE, tags=tuple(HOSTILE[-5:]))
    await post.goes_on()
    assert len(telegram.sent) == 2 * len(HOSTILE)
    judge.look()
    room.shelf = [
        replace(draft, title=f"{draft.title}\u202e &lt", link=f"{draft.link}?a=<b>&lt;")
        for draft in room.shelf
    ]
    room.gather()
    await post.goes_on(minutes=5)
    assert len(telegram.edits) > len(HOSTILE)
    judge.look()
    await post.goes_on(days=1)
    assert len(telegram.shown(2)) == 1
    judge.look()
    room.publish(*HOSTILE[::-1])
    room.notify()
    await post.goes_on(hours=9)
    assert len(telegram.shown(1)) == len(HOSTILE) + 1
    judge.look()
    room.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence(language: str, caplog: pytest.LogCaptureFixture) -> None:
    """FAILURES 12, FAILURES 13: with anything in the place of its variables."""
    wording = Wording(language)
    varied = {name: variables for name, variables in catalogue(language).items() if variables}
    assert len(varied) > 50
    for name, variables in varied.items():
        for word in HOSTILE:
            values = {each: 3 if each in _NUMBERS else word for each in variables}
            said = wording.say(name, **values)
            for part in sentence(said):
                written(Call("sendMessage", {"text": part.html, "parse_mode": "HTML"}, 0), CHAT, 1)
                seen(part.plain)
            assert "{" not in said.replace(word, "").replace(word[:1000], ""), said
            seen(button(one_line(said), ASK, "a").text)
    assert caplog.records == []
