"""What a part of the bot still holds in memory: an object -> everything that it leads to."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

#: What belongs to the tests, and statements that SQLAlchemy keeps with what they asked first.
_ELSEWHERE = ("tests.", "sqlalchemy.", "_pytest.", "asyncio.", "logging")


def holders(number: int, *roots: object) -> set[str]:
    """The names of the types of whatever holds the number, a few steps up from it."""
    found = set()
    known: set[int] = set()
    waiting: list[tuple[Any, tuple[str, ...]]] = [(root, ()) for root in roots]
    while waiting:
        value, way = waiting.pop()
        if id(value) in known:
            continue
        known.add(id(value))
        named = (*way, type(value).__qualname__)
        for inner in _inside(value):
            if isinstance(inner, int) and inner == number:
                found.add(" > ".join(named[-4:]))
            elif _is_ours(inner):
                waiting.append((inner, named))
    return found


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, FunctionType):  # its globals lead everywhere
        yield from (value.__closure__ or ())
        return
    yield from gc.get_referents(value)


def _is_ours(value: Any) -> bool:
    if isinstance(value, type | ModuleType | str | bytes | int | float):
        return False
    return not type(value).__module__.startswith(_ELSEWHERE)
