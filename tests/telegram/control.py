"""What tests say to the server and read from it: JSON in, JSON out, at /control/NAME."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from tests.bot.bot_api import FakeTelegram
from tests.bot.limits import Limits
from tests.bot.messages import Sent
from tests.telegram.faults import Chance, fault_of

Json = dict[str, Any]

_SETS = {"admins", "left", "closed_topics", "deleted_topics"}


class Control:
    """Everything that people, Telegram's operators and the test's judge do."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram = telegram
        self._actions: dict[str, Callable[..., Json | None]] = {
            "receive": self._receive,
            "repeat": self._repeat,
            "fail": self._fail,
            "chance": self._chance,
            "chat": self._chat,
            "move": self._move,
            "limits": self._limits,
            "close": self._close,
            "sent": self._sent,
            "edits": self._edits,
            "calls": self._calls,
            "numbers": self._numbers,
            "state": self._state,
        }

    def answer(self, name: str, told: Json) -> Json:
        """Raises `KeyError` for a name it does not know, `TypeError` for what it lacks."""
        return self._actions[name](**told) or {}

    def _receive(self, updates: list[Json]) -> None:
        self._telegram.receive(*updates)

    def _repeat(self) -> None:
        self._telegram.repeat()

    def _fail(self, method: str, faults: list[Json | str], chat_id: int | None = None) -> None:
        self._telegram.fail(method, *map(fault_of, faults), chat_id=chat_id)

    def _chance(self, share: float, kinds: list[Json | str], methods: list[str], seed: int) -> None:
        for kind in kinds:
            fault_of(kind)
        chance = Chance(self._telegram, share, kinds, methods, seed)
        self._telegram.chance = chance if share else None

    def _chat(self, chat_id: int, type: str, **fields: Any) -> None:
        changed = {name: set(v) if name in _SETS else v for name, v in fields.items()}
        self._telegram.chats.add(chat_id, type, **changed)

    def _move(self, old: int, new: int) -> None:
        self._telegram.chats.move(old, new)

    def _limits(self, rate: int, chat: int, group: int) -> None:
        self._telegram.limits = Limits(rate, chat, group)

    def _close(self, seconds: float, chat_id: int | None = None) -> None:
        if self._telegram.limits is None:
            self._telegram.limits = Limits(10**9, 0, 0)
        self._telegram.limits.close(seconds, chat_id)

    def _sent(self, since: int = 0) -> Json:
        return {"messages": [_told(each) for each in self._telegram.sent[since:]]}

    def _edits(self, since: int = 0) -> Json:
        return {"messages": [_told(each) for each in self._telegram.edits[since:]]}

    def _calls(self, since: int = 0) -> Json:
        return {"calls": [asdict(each) for each in self._telegram.journal[since:]]}

    def _numbers(self) -> Json:
        """What can be asked for every few milliseconds."""
        telegram = self._telegram
        return {
            "sent": len(telegram.sent),
            "edits": len(telegram.edits),
            "calls": len(telegram.journal),
            "pending": len(telegram.pending),
            "confirmed": telegram.confirmed,
        }

    def _state(self) -> Json:
        telegram = self._telegram
        return self._numbers() | {
            "violations": telegram.violations,
            "webhook": telegram.webhook,
            "methods": Counter(call.method for call in telegram.journal),
            "statuses": Counter(str(call.status) for call in telegram.journal),
            "faults": Counter(call.fault for call in telegram.journal if call.fault),
        }


def _told(sent: Sent) -> Json:
    return {
        "chat_id": sent.chat_id,
        "html": sent.html,
        "parameters": sent.parameters,
        "message_id": sent.message_id,
        "at": sent.at,
    }
