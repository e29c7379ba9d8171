"""Who was forgotten while something was under way for them: that is not written down any more."""

from __future__ import annotations

from collections import deque

#: How many are remembered, in memory alone.
_MOST = 1_000


class Forgetting:
    """Numbers of people and chats, in the order they were forgotten. For one event loop."""

    def __init__(self, most: int = _MOST) -> None:
        self._forgotten: deque[int] = deque(maxlen=most)
        self._count = 0

    def begin(self, number: int) -> None:
        """Call this before the deletion is put into the line of the writer."""
        self._forgotten.append(number)
        self._count += 1

    def mark(self) -> int:
        """How far it is now, for `since`."""
        return self._count

    def since(self, mark: int, *numbers: int | None) -> bool:
        """Whether one of them was, since the mark; yes too where that is not known any more."""
        lately = self._count - mark
        if lately > len(self._forgotten):
            return True
        return lately > 0 and any(each in numbers for each in [*self._forgotten][-lately:])
