"""Words of the newest questions, in memory alone: for votes, and edits that change nothing."""

from __future__ import annotations

from collections.abc import Iterable

#: How many are remembered.
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
