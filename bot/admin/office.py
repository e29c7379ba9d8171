"""The archive and its gathering as whoever looks after the bot sees them.

archive, index, rounds -> what there is, how sources fare; gather now -> what came
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from retrieval.archive.fetches import SourceState
from retrieval.archive.opening import Archive
from retrieval.gathering import SourceReport

logger = logging.getLogger(__name__)


class Indexing(Protocol):
    """Part of `retrieval.index.following.Follower`."""

    @property
    def is_open(self) -> bool:
        """Whether questions can be answered from it."""

    @property
    def share(self) -> float:
        """How much of it is built, 0 to 1."""


class Gathering(Protocol):
    """Part of `bot.rounds.Rounds`."""

    async def gather(self, name: str) -> SourceReport | None:
        """Gather one source now; None where it could not end."""

    @property
    def under_way(self) -> Sequence[str]:
        """The sources that are being gathered."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the archive holds; `share` is how much of the index is built, None where all of it."""

    articles: int
    excerpts: int
    share: float | None


class Office:
    """Use as an async context manager as long as requests to Telegram pass.

    `names` are the sources of the settings, `rounds` is None where this process gathers nothing.
    """

    def __init__(
        self, archive: Archive, index: Indexing, names: Sequence[str], rounds: Gathering | None
    ) -> None:
        self._archive = archive
        self._index = index
        self._rounds = rounds
        self._errands: set[asyncio.Task[None]] = set()
        self.names = tuple(names)

    async def __aenter__(self) -> Office:
        return self

    async def __aexit__(self, *_: object) -> None:
        errands = [*self._errands]
        for errand in errands:
            errand.cancel()
        await asyncio.gather(*errands, return_exceptions=True)

    @property
    def gathers(self) -> bool:
        """Whether anything can be gathered here."""
        return self._rounds is not None and bool(self.names)

    @property
    def under_way(self) -> Sequence[str]:
        """The sources that are being gathered now."""
        return () if self._rounds is None else self._rounds.under_way

    async def holdings(self) -> Holdings:
        """What there is. Raises `ArchiveError`."""
        counts = await asyncio.to_thread(self._archive.articles.counts)
        share = None if self._index.is_open else self._index.share
        return Holdings(counts.articles, counts.excerpts, share)

    async def sources(self) -> list[SourceState]:
        """How each source fares, in the settings' order; one without a kind was never looked at.

        Raises `ArchiveError`.
        """
        states = {each.name: each for each in await asyncio.to_thread(self._archive.fetches.states)}
        return [states.get(name) or SourceState(name, "") for name in self.names]

    async def gather(self, names: Sequence[str]) -> list[SourceReport | None]:
        """Gather these now, each beside no other round of its own; None for those that did not end.

        Why not is in the log.
        """
        rounds = self._rounds
        if rounds is None:
            return [None for _ in names]
        return [*await asyncio.gather(*map(rounds.gather, names))]

    def begin(self, errand: Coroutine[Any, Any, None]) -> None:
        """Do what takes longer than a press may; it ends with the bot. From the event loop."""

        async def done() -> None:
            try:
                await errand
            except Exception:  # nobody waits for it to raise
                logger.exception("what an admin began has failed")

        task = asyncio.create_task(done(), name="errand")
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
