"""A script, played: steps -> people's updates -> the bot -> what each of them led to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.telegram_html import Parsed, parse_html
from tests.bot.bot_api import ME
from tests.bot.chats import BOT_ID
from tests.conversations import seeing, updates
from tests.conversations.cast import FIRST_PERSON, Cast
from tests.conversations.chat import Event, Happened, Message, Pressed, Record, Room, Typed
from tests.conversations.script import Script, ScriptError, Step, moment_of
from tests.conversations.studio import Studio
from tests.conversations.updates import Spot
from tests.conversations.world import Transport, World

Json = dict[str, Any]

_LINK = re.compile(rf"https://t\.me/{ME['username']}\?start=[\w-]+")


@dataclass(frozen=True)
class Played:
    """What happened. `by_paragraph` has what the bot did for each, `rooms` where that was."""

    record: Record
    by_paragraph: list[list[Event]]
    rooms: list[Room | None]
    violations: list[str]


def play(script: Script, studio: Studio, transport: Transport) -> Played:
    """Raises `ScriptError` for a step that cannot be done, such as pressing what is not there."""
    people = {name: number for number, name in enumerate(script.people, FIRST_PERSON)}
    sections = {**script.settings}
    if script.caretakers:
        admins = [people[name] for name in script.caretakers]
        sections["access"] = {**sections.get("access", {}), "admins": admins}
    world = World(studio, transport, sections, still_read=script.still_read)
    world.start()
    try:
        stage = Stage(script, world)
        played = Played(stage.record, [], [], [])
        for paragraph in script.paragraphs:
            done = [] if paragraph.step is None else stage.do(paragraph.step)
            played.by_paragraph.append(done)
            played.rooms.append(None if paragraph.step is None else stage.room(paragraph.step.who))
    finally:
        world.stop()
    played.violations.extend(studio.server.telegram.violations)
    return played


class Stage:
    """The people of a script in their chats."""

    def __init__(self, script: Script, world: World) -> None:
        self.record = Record(script.title)
        self._world = world
        self._server = world.studio.server
        self._queries = count(next(world.studio.numbers) * 1000)
        self._cast = Cast(script, self._server)
        self._said: dict[int, str] = {}
        self._mine: dict[tuple[str, int], Json] = {}  # what each said last, by person and chat
        self._shown: dict[int, Json] = {}
        self._query: Json = {}
        self._offered: Json = {}
        self._links: list[str] = []
        self._calls = len(self._server.telegram.journal)

    def room(self, who: str) -> Room | None:
        """Where someone is, None in private where nobody is named."""
        return self._cast.room(who)

    def do(self, step: Step) -> list[Event]:
        """Do a step; what the bot did for it."""
        own: list[Event] = getattr(self, step.verb)(step) or []
        told = self._server.telegram.journal[self._calls :]
        self._calls += len(told)
        at = self._world.clock()
        for call in told:
            self._links += _links_in(call["parameters"].get("text", ""))
        found = seeing.seen(told, self._cast.room_of, self._said, self._shown, at)
        if own:
            found = [*found, *own]
        self._offered = next(
            (c["parameters"] for c in reversed(told) if c["method"] == "answerInlineQuery"),
            self._offered,
        )
        order = list(self._cast.rooms.values())
        # Several chats hear at once, in no order.
        messages = sorted(
            (each for each in found if isinstance(each, Message)),
            key=lambda each: order.index(each.room) if each.room in order else -1,
        )
        found = [*messages, *(each for each in found if not isinstance(each, Message))]
        self.record.events += found
        return found

    # --- steps, each named by its verb -----------------------------------------------------

    def goes(self, step: Step) -> None:
        self._cast.go(step.words)

    def says(self, step: Step, **fields: Any) -> None:
        self._write(step.who, updates.written(step.words) | fields)

    def replies(self, step: Step) -> None:
        spot = self._cast.spot(step.who)
        number = self._newest(step, lambda parsed, _: step.to in parsed.text)
        self.says(step, reply_to_message=self._bots(spot, number))

    def forwards(self, step: Step) -> None:
        self.says(step, **updates.forwarded(self._world.clock()))

    def sends(self, step: Step) -> None:
        self._write(step.who, updates.media(step.words))

    def edits(self, step: Step) -> None:
        spot = self._cast.spot(step.who)
        before = self._mine[step.who, spot.chat["id"]]
        now = self._world.clock()
        fields = {"edit_date": int(now.timestamp()), **updates.written(step.words)}
        message = {**before, "entities": [], **fields}
        self._said[message["message_id"]] = step.words
        self._happen({"edited_message": message})

    def presses(self, step: Step) -> None:
        spot = self._cast.spot(step.who)
        number = self._newest(step, lambda _, labels: step.words in labels)
        (button,) = [
            each
            for row in self._shown[number]["reply_markup"]["inline_keyboard"]
            for each in row
            if each["text"] == step.words
        ][:1]
        room, at = self._cast.room_of(spot.chat["id"], spot.topic), self._world.clock()
        self.record.events.append(Pressed(room, step.who, at, number, step.words))
        if "url" in button:
            self._open(step.who, button["url"])
            return
        query = {
            "id": str(next(self._queries)),
            "from": self._cast.people[step.who],
            "chat_instance": "1",
            "message": self._bots(spot, number),
            "data": button["callback_data"],
        }
        self._happen({"callback_query": query})

    def types(self, step: Step, offset: str = "") -> None:
        self._query = {
            "id": str(next(self._queries)),
            "from": self._cast.people[step.who],
            "query": step.words,
            "offset": offset,
        }
        typed = Typed(step.who, self._world.clock(), step.words, offset)
        self.record.events.append(typed)
        self._happen({"inline_query": self._query})

    def scrolls(self, step: Step) -> None:
        again = Step("types", step.who, self._query["query"])
        self.types(again, self._offered["next_offset"])

    def chooses(self, step: Step) -> list[Event]:
        for result in self._offered["results"]:
            if step.words in result["title"]:
                self._links += _links_in(json.dumps(result))
                return [seeing.chosen(result, step.who, self._world.clock())]
        raise ScriptError(f"nothing of this name was offered: {step.words}")

    def opens(self, step: Step) -> None:
        if not self._links:
            raise ScriptError("there is no link to the bot")
        self._open(step.who, self._links[-1])

    def adds(self, step: Step) -> None:
        self._become(step.who, "left", "member")

    def promotes(self, step: Step) -> None:
        chat = self._cast.spot(step.who).chat
        admins = [self._cast.people[self._cast.place().owner]["id"], BOT_ID]
        self._server.telegram.control("chat", chat_id=chat["id"], type=chat["type"], admins=admins)
        self._become(step.who, "left" if chat["type"] == "channel" else "member", "administrator")

    def blocks(self, step: Step) -> None:
        self._server.telegram.control(
            "chat", chat_id=self._cast.people[step.who]["id"], type="private", gone="blocked"
        )
        self._become(step.who, "member", "kicked")

    def unblocks(self, step: Step) -> None:
        self._server.telegram.control(
            "chat", chat_id=self._cast.people[step.who]["id"], type="private", gone=None
        )
        self._become(step.who, "kicked", "member")

    def moves(self, _: Step) -> None:
        owner, at = self._cast.people[self._cast.place().owner], self._world.clock()
        before, after = self._cast.grow()
        old = Spot(before).message(owner, at, migrate_to_chat_id=after["id"])
        new = Spot(after).message(owner, at, migrate_from_chat_id=before["id"])
        self._happen({"message": old})
        self._happen({"message": new})
        self._note("The group becomes a supergroup")

    def appears(self, step: Step) -> None:
        self._note(f"New in the archive: {step.words}")
        self._world.publish(step.words, step.to)

    def passes(self, step: Step) -> None:
        self._note(f"It is {step.words}")
        self._world.pass_to(moment_of(step.words))

    def is_read(self, _: Step) -> None:
        self._note("The archive is read")
        self._world.read_on()

    def restarts(self, _: Step) -> None:
        self._note("The bot starts again")
        self._world.stop()
        self._world.start()

    # --- what they are made of -------------------------------------------------------------

    def _write(self, who: str, fields: Json) -> None:
        spot, now = self._cast.spot(who), self._world.clock()
        message = spot.message(self._cast.people[who], now, **fields)
        number, words = message["message_id"], message.get("text", "")
        self._said[number] = words
        self._mine[who, spot.chat["id"]] = message
        room = self._cast.room_of(spot.chat["id"], spot.topic)
        self.record.events.append(Message(room, number, who, now, words))
        self._happen({"message": message})

    def _happen(self, update: Json) -> None:
        self._world.settle(self._server.happen(update))

    def _note(self, words: str) -> None:
        self.record.events.append(Happened(self._world.clock(), words))

    def _become(self, who: str, old: str, new: str) -> None:
        chat, now = self._cast.spot(who).chat, self._world.clock()
        change = updates.membership(chat, self._cast.people[who], now, old, new)
        self._happen({"my_chat_member": change})

    def _open(self, who: str, link: str) -> None:
        """A link to the bot opens the private chat with it, and has a command sent there."""
        if not _opens_bot(link):
            raise ScriptError(f"this link does not lead to the bot: {link}")
        (payload,) = parse_qs(urlsplit(link).query)["start"]
        self._cast.go("private")
        self._write(who, updates.written(f"/start {payload}"))

    def _newest(self, step: Step, fits: Callable[[Parsed, list[str]], bool]) -> int:
        """The number of the bot's newest message here with such a text and such buttons."""
        spot = self._cast.spot(step.who)
        here, seen = (spot.chat["id"], spot.topic), []
        for number, told in sorted(self._shown.items(), reverse=True):
            if (told["chat_id"], told.get("message_thread_id", 0)) != here:
                continue
            rows = told.get("reply_markup", {}).get("inline_keyboard", [])
            labels = [each["text"] for row in rows for each in row]
            if fits(_parsed(told), labels):
                return number
            seen += labels
        raise ScriptError(f"there is nothing to do this with: {step}; there are {seen}")

    def _bots(self, spot: Spot, number: int) -> Json:
        told = self._shown[number]
        now = self._world.clock()
        return updates.of_the_bot(spot, number, now, _parsed(told), told.get("reply_markup"))


def _parsed(told: Json) -> Parsed:
    return (
        parse_html(told["text"]) if told.get("parse_mode") == "HTML" else Parsed(told["text"], ())
    )


def _opens_bot(link: str) -> bool:
    return _LINK.fullmatch(link) is not None


def _links_in(words: str) -> list[str]:
    """Links that open the bot."""
    return _LINK.findall(words)
