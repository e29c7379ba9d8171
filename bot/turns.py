"""Who is next: those who wait, chat by chat -> the first whose chat may be written to.

Pure: moments come in. Replies come before broadcasts, and within each who came first; but who waits
for a chat that must wait is not looked at, however many they are. A step costs the logarithm of the
number of chats with someone waiting, never their number.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Generic, TypeVar

from bot.limits import ChatLimit

#: Seconds between two looks at whether a chat can be forgotten.
_FORGET = 60.0
#: Chats looked at for this in one step.
_LOOKS = 8

ChatId = int | str
Item = TypeVar("Item", bound=Hashable)


class Ranking(Generic[Item]):
    """Items, each with a rank that may change: the lowest first, of equals who came first."""

    def __init__(self) -> None:
        self._places: dict[Item, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, Item]] = []
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._places)

    def put(self, item: Item, rank: float) -> None:
        """Add it, or give it another rank."""
        known = self._places.get(item)
        if known is not None and known[0] == rank:
            return
        self._places[item] = place = (rank, next(self._numbers))
        heappush(self._heap, (*place, item))
        self._tidy()

    def drop(self, item: Item) -> None:
        """Remove it, if it is there."""
        if self._places.pop(item, None) is not None:
            self._tidy()

    def first(self) -> tuple[float, Item] | None:
        """The lowest rank, with its item."""
        while self._heap:
            rank, number, item = self._heap[0]
            if self._places.get(item) == (rank, number):
                return rank, item
            heappop(self._heap)
        return None

    def _tidy(self) -> None:
        # What left stays in the heap until it comes up; most of the heap shall not be that.
        if len(self._heap) > 2 * len(self._places) + 64:
            self._heap = [(*place, item) for item, place in self._places.items()]
            heapify(self._heap)


@dataclass(eq=False, slots=True)
class Chat:
    """A chat that someone waits for, or that was written to not long ago."""

    chat_id: ChatId
    limit: ChatLimit
    replies: OrderedDict[Turn, None] = field(default_factory=OrderedDict)
    broadcasts: OrderedDict[Turn, None] = field(default_factory=OrderedDict)

    @property
    def first(self) -> Turn | None:
        """Whose turn is next here."""
        return next(iter(self.replies or self.broadcasts), None)


@dataclass(eq=False, slots=True)
class Turn:
    """One who waits to write to a chat, `number` being when they came.

    `early` is one who has something to do before the request begins.
    """

    chat: Chat
    number: int
    ahead: bool
    early: bool


class Turns:
    """Those who wait. `burst` is how many replies may go to a chat before 1 a second holds."""

    def __init__(self, burst: int) -> None:
        self._room = burst - 1
        self._numbers = count()
        self._chats: dict[ChatId, Chat] = {}
        self._ready: dict[bool, Ranking[Chat]] = {True: Ranking(), False: Ranking()}
        self._not_yet: Ranking[Chat] = Ranking()
        self._to_forget: deque[tuple[float, Chat]] = deque()  # each chat once

    def __len__(self) -> int:
        """How many chats are remembered."""
        return len(self._chats)

    def chat(self, chat_id: ChatId, now: float) -> Chat:
        """The chat, which is remembered from now on."""
        self._forget(now)
        chat = self._chats.get(chat_id)
        if chat is None:
            is_group = isinstance(chat_id, str) or chat_id < 0
            chat = self._chats[chat_id] = Chat(chat_id, ChatLimit(is_group=is_group))
            self._to_forget.append((now + _FORGET, chat))
        return chat

    def held_until(self, chat_id: ChatId) -> float:
        """Until when Telegram wants nothing for this chat; in the past if it never said so."""
        chat = self._chats.get(chat_id)
        return -math.inf if chat is None else chat.limit.held_until

    def join(self, chat_id: ChatId, now: float, *, ahead: bool, early: bool) -> Turn:
        """Stand in line."""
        chat = self.chat(chat_id, now)
        turn = Turn(chat, next(self._numbers), ahead, early)
        (chat.replies if ahead else chat.broadcasts)[turn] = None
        self.settle(chat, now)
        return turn

    def leave(self, turn: Turn, now: float) -> None:
        """Leave the line: it was one's turn, or one waits no more."""
        chat = turn.chat
        (chat.replies if turn.ahead else chat.broadcasts).pop(turn, None)
        self.settle(chat, now)

    def settle(self, chat: Chat, now: float) -> None:
        """Find out anew when the chat's next may go; after each change of the chat's limit."""
        first, opens = chat.first, math.inf
        if first is not None:
            opens = chat.limit.opens(now, room=self._room if first.ahead else 0)
        for ahead, ready in self._ready.items():
            if first is not None and first.ahead == ahead and opens <= now:
                ready.put(chat, first.number)
            else:
                ready.drop(chat)
        if first is not None and opens > now:
            self._not_yet.put(chat, opens)
        else:
            self._not_yet.drop(chat)

    def first(self, now: float) -> Turn | None:
        """Whose turn is next, all chats together; None if every chat must wait or nobody waits."""
        while (due := self._not_yet.first()) is not None and due[0] <= now:
            self.settle(due[1], now)
        for ahead in (True, False):
            if (found := self._ready[ahead].first()) is not None:
                return found[1].first
        return None

    def opens(self) -> float | None:
        """When the next chat that must wait may be written to; None if no such chat."""
        due = self._not_yet.first()
        return None if due is None else due[0]

    def _forget(self, now: float) -> None:
        """Forget chats with nobody waiting and nothing that still limits them."""
        for _ in range(min(_LOOKS, len(self._to_forget))):
            moment, chat = self._to_forget[0]
            if moment > now:
                return
            self._to_forget.popleft()
            if chat.first is None and chat.limit.is_idle(now):
                del self._chats[chat.chat_id]
            else:
                self._to_forget.append((now + _FORGET, chat))
