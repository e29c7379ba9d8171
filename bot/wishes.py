"""What a subscription asks of new articles: typed words -> a wish -> whether one fits. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from retrieval.filter import name_key
from retrieval.search.phrases import folded

LOOSEST = -2
STRICTEST = 2


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

    def __post_init__(self) -> None:
        if not LOOSEST <= self.strictness <= STRICTEST:
            raise ValueError(f"strictness goes from {LOOSEST} to {STRICTEST}: {self.strictness}")

    @property
    def everything(self) -> bool:
        """Whether it asks for nothing in particular."""
        return not (self.tags or self.phrases or self.excluded or self.about)

    @property
    def key(self) -> str:
        """What makes two wishes the same, 32 characters long.

        Order, repetition and every spelling that makes no difference to `wants` make none here, nor
        does `strictness`: a stricter wish is the same one, changed.
        """
        canonical = json.dumps(
            [
                sorted({name_key(tag) for tag in self.tags}),
                sorted({phrase_key(phrase) for phrase in self.phrases}),
                sorted({phrase_key(phrase) for phrase in self.excluded}),
                folded(self.about),
            ]
        )
        return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()

    def to_json(self) -> str:
        """Itself as ASCII, for `from_json`."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def from_json(cls, written: str) -> Wish:
        """The wish that `to_json` wrote. Raises `ValueError` where it is none."""
        try:
            fields: dict[str, Any] = json.loads(written)
            for name in ("tags", "phrases", "excluded"):
                fields[name] = tuple(fields.get(name, ()))
            return cls(**fields)
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"this is no wish: {written[:200]}") from error


def phrase_key(phrase: str) -> str:
    """What spellings of a phrase share that are found in the same texts."""
    plain = folded(phrase)
    return plain.strip("- ").replace(" ", "-") or plain
