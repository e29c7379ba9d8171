"""Who may use the bot: settings and what the ledger remembers -> yes or no, from memory.

A number is let in because the settings name it, because it came by the invitation code, or because
it is what a named group has become. Announcements also go where somebody who is let in subscribed
a group or channel that is not: whoever else is there is not let in by it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

logger = logging.getLogger(__name__)

#: Numbers held in memory, some hundred bytes each; further ones are read where they are needed.
MOST = 100_000

_BECAME, _BY_CODE, _SUBSCRIBED_BY = "was", "code", "by"
_LINK = re.compile(r"[a-z]_.*|inline", re.DOTALL)


class Mode(StrEnum):
    """Whom the bot answers: everybody; those named; or these and who has the code."""

    PUBLIC = "public"
    LISTED = "listed"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say. `named` are people, groups and channels.

    With `old_codes` those who came by an earlier code stay.
    """

    mode: Mode = Mode.PUBLIC
    named: frozenset[int] = frozenset()
    code: str | None = field(default=None, repr=False)
    old_codes: bool = True


@dataclass(frozen=True, slots=True)
class ByCode:
    """Came by the code with this digest."""

    digest: str

    def __str__(self) -> str:
        return f"{_BY_CODE}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Became:
    """A supergroup; the group had this number before."""

    old: int

    def __str__(self) -> str:
        return f"{_BECAME}:{self.old}"


@dataclass(frozen=True, slots=True)
class SubscribedBy:
    """A group or channel that this person subscribed."""

    person_id: int

    def __str__(self) -> str:
        return f"{_SUBSCRIBED_BY}:{self.person_id}"


#: Why a number is let in, as far as the ledger knows; `str` is what the ledger keeps.
Origin = ByCode | Became | SubscribedBy


def origin_of(kept: str | None) -> Origin | None:
    """What `str` of an origin tells; None for anything else."""
    kind, _, told = (kept or "").partition(":")
    if kind == _BY_CODE and told:
        return ByCode(told)
    if kind in (_BECAME, _SUBSCRIBED_BY) and re.fullmatch(r"-?[0-9]{1,19}", told):
        return Became(int(told)) if kind == _BECAME else SubscribedBy(int(told))
    return None


def digest_of(code: str) -> str:
    """24 characters by which the ledger remembers a code; slow, so that guessing from them is."""
    made = hashlib.scrypt(code.encode(), salt=b"archive-bot code", n=2**13, r=8, p=1, dklen=12)
    return made.hex()


def is_try(payload: str) -> bool:
    """Whether what stands behind /start is meant for a code: our links begin with `a_` or the like.

    The settings take no code of that shape.
    """
    return bool(payload) and _LINK.fullmatch(payload) is None


class Store(Protocol):
    """Part of `bot.ledger.People`: both may raise `LedgerError`; called in threads."""

    def origin(self, number: int) -> str | None: ...

    def let_in(self, number: int, origin: str, now: datetime) -> None: ...


class Admission:
    """Who is let in, without a look at the ledger for the `most` last ones. Thread-safe.

    Without a store nobody is remembered. What asks the store raises `LedgerError`.
    """

    def __init__(
        self, rules: Rules | None = None, store: Store | None = None, most: int = MOST
    ) -> None:
        self._rules = rules or Rules()
        self._store = store
        self._most = most
        self._lock = threading.Lock()
        self._known: dict[int, Origin | None] = {}
        self._all = True  # who is not among them came by nothing
        self._digest = None if self._rules.code is None else digest_of(self._rules.code)

    def load(self, lately: Callable[[int], Mapping[int, str]]) -> None:
        """Take over what `bot.ledger.People.origins` gives. Where all are let in, nothing."""
        if not self.is_public:
            for number, kept in lately(self._most + 1).items():
                self.keep(number, origin_of(kept))

    @property
    def mode(self) -> Mode:
        return self._rules.mode

    @property
    def is_public(self) -> bool:
        """Whether everybody is let in."""
        return self._rules.mode is Mode.PUBLIC

    # --- questions ---------------------------------------------------------------------------

    async def admits(self, person_id: int | None, chat_id: int | None) -> bool:
        """Whether this person is answered there: they or the chat are let in."""
        if self.is_public:
            return True
        for number in (person_id, chat_id):
            if number is None:
                continue
            if not self._remembers(number):
                await asyncio.to_thread(self._origin, number)
            if self.lets_in(number):
                return True
        return False

    def lets_in(self, number: int) -> bool:
        """Whether this very person, group or channel is."""
        if self.is_public or number in self._rules.named:
            return True
        return self._counts(self._origin(number))

    def serves(self, chat_id: int) -> bool:
        """Whether announcements go to this chat."""
        if self.lets_in(chat_id):
            return True
        origin = self._origin(chat_id)
        return isinstance(origin, SubscribedBy) and self.lets_in(origin.person_id)

    def opens(self, code: str) -> ByCode | None:
        """How the one who knows this code is let in; None for a wrong one, in the same time."""
        if self._rules.mode is not Mode.INVITED or self._rules.code is None or not self._digest:
            return None
        given, wanted = (
            hashlib.sha256(each.encode("utf-8", "surrogatepass")).digest()
            for each in (code, self._rules.code)
        )
        return ByCode(self._digest) if hmac.compare_digest(given, wanted) else None

    def came_by_code(self, number: int) -> bool:
        """Whether it is by a code alone that this one is let in: forgotten, they are no more."""
        if self.is_public or number in self._rules.named:
            return False
        origin = self._origin(number)
        return isinstance(origin, ByCode) and self._counts(origin)

    # --- changes -----------------------------------------------------------------------------

    def keep(self, number: int, origin: Origin | None) -> None:
        """This is in the ledger now; None where nothing is."""
        with self._lock:
            self._known.pop(number, None)
            if origin is None and self._all:
                return
            self._remember(number, origin)

    def forget(self, number: int) -> None:
        """The ledger has deleted all of this person or chat."""
        self.keep(number, None)
        with self._lock:
            theirs = [n for n, each in self._known.items() if each == SubscribedBy(number)]
        for each in theirs:
            self.keep(each, None)

    def moved(self, old: int, new: int, now: datetime) -> None:
        """Before the ledger moves the chat to another number: it is let in as before. In a thread.

        Under its old number too: news of the moment may still go by that.
        """
        origin, own = self._origin(old), self._origin(new)
        if old in self._rules.named and new not in self._rules.named and old != new:
            origin = Became(old)
            if own != origin:  # both groups tell of it
                logger.warning(
                    "the group %d, which access.chats or telegram.admin_chat names, is now %d:"
                    " please write that number there",
                    old,
                    new,
                )
        named = isinstance(origin, Became)
        # Somebody may have subscribed the new one already, which lets nobody in there.
        better = named or (isinstance(own, SubscribedBy) and self._counts(origin))
        if origin is None or (own is not None and not better):
            return
        self.keep(new, origin)
        if better and self._store is not None:
            self._store.let_in(new, str(origin), now)

    # --- memory ------------------------------------------------------------------------------

    def _counts(self, origin: Origin | None) -> bool:
        match origin:
            case ByCode(digest):
                fresh = self._rules.old_codes or digest == self._digest
                return self._rules.mode is Mode.INVITED and fresh
            case Became(old):
                return old in self._rules.named
            case _:
                return False

    def _remembers(self, number: int) -> bool:
        with self._lock:
            return self._all or number in self._known or number in self._rules.named

    def _origin(self, number: int) -> Origin | None:
        with self._lock:
            if self._all or number in self._known or self._store is None:
                return self._known.get(number)
        found = origin_of(self._store.origin(number))
        with self._lock:
            if number not in self._known:  # somebody may have been let in meanwhile
                self._remember(number, found)
            return self._known[number]

    def _remember(self, number: int, origin: Origin | None) -> None:
        self._known[number] = origin
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
            self._all = False
