"""What a reader brings home, and what it is asked through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from retrieval.article import Draft


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a source holds now: drafts newest first, no article twice."""

    drafts: tuple[Draft, ...]


class Reader(Protocol):
    """One source of articles."""

    @property
    def name(self) -> str:
        """The source's name, unique among all sources."""

    @property
    def kind(self) -> str:
        """The kind of source, as in the sources file."""

    def read(self) -> Reading:
        """Read the whole source. Raises `SourceError` and then has changed nothing."""
