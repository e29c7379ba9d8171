"""What a subscription asks of new articles: typed words -> a wish -> whether one fits. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """What an article must be to be announced; the empty wish is for everything.

    It carries any of `tags`, holds each of `phrases` and none of `excluded`, and is about `about`,
    a subject in plain words, as surely as `strictness` asks, from -2 (loose) to 2.
    """

    tags: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    about: str = ""
    strictness: int = 0
