"""The newest questions, in memory alone: their words, for votes, and which edit came last."""

from __future__ import annotations

from collections.abc import Iterable

#: How many are remembered, of each.
_MOST = 1_000


class Questions:
    """By the number of the answer. Used from one event loop."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._asked: dict[int, tuple[int | None, str]] = {}

    def remember(self, answer_id: int, person_id: int | None, question: str) -> None:
        """This is what was asked; the oldest beyond the bound is forgotten."""
        self._asked.pop(answer_id, None)
        self._asked[answer_id] = (person_id, question)
        if len(self._asked) > self._most:
            del self._asked[next(iter(self._asked))]

    def of(self, answer_id: int) -> str | None:
        """What was asked, None where that is forgotten."""
        found = self._asked.get(answer_id)
        return None if found is None else found[1]

    def drop(self, answer_ids: Iterable[int]) -> None:
        """Forget what these answers were given to."""
        for number in answer_ids:
            self._asked.pop(number, None)

    def forget(self, person_id: int) -> int:
        """Forget what a person asked; how many questions those were."""
        mine = [number for number, (asker, _) in self._asked.items() if asker == person_id]
        for number in mine:
            del self._asked[number]
        return len(mine)


class Edits:
    """The newest edit of each of the messages that were edited last, by the update's number."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._newest: dict[tuple[int, int], int] = {}

    def note(self, chat_id: int, message_id: int, number: int) -> bool:
        """Whether no newer one of this message is known; from now on this one is."""
        known = self._newest.pop((chat_id, message_id), number)
        self._newest[chat_id, message_id] = max(known, number)
        if len(self._newest) > self._most:
            del self._newest[next(iter(self._newest))]
        return number >= known

    def is_newest(self, chat_id: int, message_id: int, number: int) -> bool:
        """Whether no newer one is known."""
        return number >= self._newest.get((chat_id, message_id), number)

    def forget(self, chat_id: int) -> None:
        """Forget those of a chat."""
        for where in [each for each in self._newest if each[0] == chat_id]:
            del self._newest[where]

    def __len__(self) -> int:
        return len(self._newest)
