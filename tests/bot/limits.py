"""Telegram's three limits, kept strictly: no burst is forgiven, no second is rounded.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Window:
    """At most `most` in any `seconds`; only what was let through counts."""

    most: int
    seconds: float
    moments: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until there is room, 0 where there is."""
        while self.moments and self.moments[0] <= now - self.seconds:
            self.moments.popleft()
        if len(self.moments) < self.most:
            return 0.0
        return self.moments[-self.most] + self.seconds - now


class Limits:
    """So many messages in any second to all, to one chat, and in any minute to one group.

    Groups and channels are the chats with negative numbers. `chat` and `group` of 0 limit nothing.
    Chats can also be closed for a while, as Telegram closes one after a flood.
    """

    def __init__(
        self,
        rate: int = 30,
        chat: int = 1,
        group: int = 20,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._all = Window(rate, 1.0)
        self._chats: dict[int, Window] = defaultdict(lambda: Window(chat or 10**9, 1.0))
        self._groups: dict[int, Window] = defaultdict(lambda: Window(group or 10**9, 60.0))
        self._closed: dict[int | None, float] = {}

    def close(self, seconds: float, chat_id: int | None = None) -> None:
        """Nothing goes to this chat for so long; to none, where none is named."""
        self._closed[chat_id] = self._clock() + seconds

    def refuses(self, chat_id: int) -> int | None:
        """The `retry_after` with which a message is refused now; None: it is let through."""
        now = self._clock()
        windows = [self._all, self._chats[chat_id]]
        if chat_id < 0:
            windows.append(self._groups[chat_id])
        wait = max(window.wait(now) for window in windows)
        wait = max(wait, *(self._closed.get(each, now) - now for each in (None, chat_id)))
        if wait > 0:
            return math.ceil(wait)
        for window in windows:
            window.moments.append(now)
        return None
