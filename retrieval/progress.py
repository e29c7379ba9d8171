"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told of every step of a long work; must return at once."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """`done` of `total` steps of `what` are behind us."""


def silent(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""
