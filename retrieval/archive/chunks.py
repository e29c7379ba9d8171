"""Long lists of values, in pieces that a statement can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

#: Values in one IN (...): SQLite's limit is 32,766 variables, PostgreSQL's 65,535.
LARGEST = 5_000


def chunked(items: Iterable[T], size: int = LARGEST) -> Iterator[list[T]]:
    """Lists of at most `size` items."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
