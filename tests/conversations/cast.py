"""The people and places of a script, as the tests' Telegram knows them."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.conversations import updates
from tests.conversations.chat import Room
from tests.conversations.script import Place, Script, ScriptError
from tests.conversations.updates import Spot
from tests.telegram_server import TelegramServer

Json = dict[str, Any]

#: The number of the first of a script's people; the next have the next, and below zero are groups.
FIRST_PERSON = 1001
_ELSEWHERE = ("private", "any chat")


class Cast:
    """Who there is, what is where, and where what happens now happens: in private at first."""

    def __init__(self, script: Script, server: TelegramServer) -> None:
        self._places = script.places
        self._server = server
        # Everywhere the same, for some can be read.
        self._numbers = count(FIRST_PERSON)
        self.people: dict[str, Json] = {}
        self.rooms: dict[tuple[int, int], Room] = {}
        self.here: Place | None = None
        self._topic = ""
        self._chats: dict[str, Json] = {}
        self._topics: dict[tuple[str, str], int] = {}
        for person in script.people.values():
            number = next(self._numbers)
            self.people[person.name] = updates.person_of(number, person.name, person.language)
            self._chats[person.name] = self._chat(number, "private", title=person.name)
            self.rooms[number, 0] = Room(person.name)
        for place in script.places.values():
            self._build(place)

    def go(self, words: str) -> None:
        """What follows happens in a place, in a topic of it, or in private."""
        name, _, topic = words.partition(", ")
        if name not in (*_ELSEWHERE, *self._places):
            raise ScriptError(f"there is no place called {name}")
        self.here, self._topic = self._places.get(name), topic
        if self.here is not None and topic and (name, topic) not in self._topics:
            raise ScriptError(f"{name} has no topic {topic}")

    def spot(self, who: str) -> Spot:
        """Where what somebody does now happens."""
        if self.here is None:
            return Spot(self._chats[who])
        name, topic = self.here.name, self._topic
        return Spot(self._chats[name], self._topics[name, topic] if topic else 0, topic)

    def room(self, who: str) -> Room | None:
        """The same as a room; None in private where nobody is named."""
        if self.here is None and not who:
            return None
        spot = self.spot(who)
        return self.rooms[spot.chat["id"], spot.topic]

    def room_of(self, chat_id: int, topic: int) -> Room:
        """The room of these numbers."""
        return self.rooms.get((chat_id, topic)) or self.rooms[chat_id, 0]

    def place(self) -> Place:
        """Where this happens, which must be no private chat."""
        if self.here is None:
            raise ScriptError("this cannot happen in private")
        return self.here

    def grow(self) -> tuple[Json, Json]:
        """The group of here becomes a supergroup; both as chats."""
        place = self.place()
        before, number = self._chats[place.name], -next(self._numbers)
        after = self._chats[place.name] = self._chat(number, "supergroup", title=place.name)
        self._server.telegram.control("move", old=before["id"], new=number)
        self.rooms[number, 0] = Room(place.name, "supergroup")
        return before, after

    def _build(self, place: Place) -> None:
        number = -next(self._numbers)
        kind = "supergroup" if place.kind == "forum" else place.kind
        fields: Json = {"title": place.name, "admins": [self.people[place.owner]["id"]]}
        if place.kind == "forum":
            fields["is_forum"] = True
        if place.username is not None:
            fields["username"] = place.username
        self._chats[place.name] = self._chat(number, kind, **fields)
        self.rooms[number, 0] = Room(place.name, kind)
        for topic_number, topic in enumerate(place.topics, 50):
            self._topics[place.name, topic] = topic_number
            self.rooms[number, topic_number] = Room(place.name, kind, topic)

    def _chat(self, number: int, kind: str, **fields: Any) -> Json:
        """A chat that was never before, whatever had this number in another conversation."""
        anew: Json = {"gone": None, "moved_to": None, "username": None, "is_forum": False}
        chat = self._server.chat(number, kind, **(anew | {"admins": [], "left": []} | fields))
        if "username" in fields:
            chat["username"] = fields["username"]
        return chat
