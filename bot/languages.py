"""Which language whoever is being answered chose: ledger -> memory -> the update being handled.

What somebody chose wins over what their client tells; in a group what its administrators chose for
it wins over both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextvars import ContextVar

from bot.wording import LANGUAGES, Wording, wording_for

#: Choices held in memory, a hundred bytes each; further ones are read where they are needed.
MOST = 100_000

# Each update is handled in a task of its own, which begins with what was chosen for it.
_chosen: ContextVar[str | None] = ContextVar("language chosen", default=None)


def speak(language: str | None) -> None:
    """From here on the update that is being handled is answered in this language, if in any."""
    _chosen.set(language)


def wording_for_reader(language_code: str | None, sample: str = "") -> Wording:
    """The wording in the language that was chosen; where none was, as `wording_for` tells it."""
    chosen = _chosen.get()
    return Wording(chosen) if chosen in LANGUAGES else wording_for(language_code, sample)


class Languages:
    """By the numbers of people and chats what they chose, the `most` last ones. For one loop."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: dict[int, str | None] = {}
        self._all = True  # who is not among them chose nothing

    def load(self, read: Callable[[int], Mapping[int, str]]) -> None:
        """Take over what `bot.ledger.languages.ChosenLanguages.lately` gives."""
        for number, language in read(self._most + 1).items():
            self.keep(number, language)

    def keep(self, number: int, language: str | None) -> None:
        """This is chosen now; None is no choice."""
        self._known.pop(number, None)
        if language is None and self._all:
            return
        self._known[number] = language
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
            self._all = False

    def moved(self, old: int, new: int) -> None:
        """The chat has another number now; what was chosen there stays, else it comes along."""
        if self._known.get(new) is None and (language := self._known.get(old)) is not None:
            self.keep(new, language)
        self._known.pop(old, None)

    async def of(self, number: int, read: Callable[[int], str | None]) -> str | None:
        """What was chosen; `read`, called in a thread where memory does not tell, may raise."""
        if number not in self._known and not self._all:
            self.keep(number, await asyncio.to_thread(read, number))
        return self._known.get(number)
