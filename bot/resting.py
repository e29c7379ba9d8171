"""When announcements leave Telegram alone: what went wrong -> for how long nothing is begun. Pure.

Moments come in, as seconds of any steady clock.
"""

from __future__ import annotations

import math

#: Seconds of the first rest, and of the longest.
PAUSE, LONGEST_PAUSE = 1.0, 30.0
#: Answers lost in a row after which it is Telegram that is out of order, not a message.
_DOUBTS = 3


class Resting:
    """Rests become longer while nothing succeeds between them."""

    def __init__(self) -> None:
        self._until = -math.inf
        self._pause = PAUSE
        self._doubts = 0

    def rests(self, now: float) -> bool:
        """Whether nothing is to be begun."""
        return now < self._until

    @property
    def in_doubt(self) -> bool:
        """Whether no answers come: then one message at a time shows whether it is better."""
        return self._doubts >= _DOUBTS

    def begin(self, now: float, seconds: float | None = None) -> float | None:
        """Rest, by the length of the pauses before if no `seconds` are told; how long.

        None within a rest: the same trouble, met by another that was under way.
        """
        if self.rests(now):
            return None
        seconds = self._pause if seconds is None else seconds
        self._until = now + seconds
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return seconds

    def doubted(self) -> None:
        """An answer was lost."""
        self._doubts += 1

    def answered(self) -> None:
        """Telegram answered, whatever it said."""
        self._doubts = 0

    def succeeded(self) -> None:
        """A message was accepted."""
        self._doubts = 0
        self._pause = PAUSE
