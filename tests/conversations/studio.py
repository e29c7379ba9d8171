"""What all conversations share: a model, the tests' Telegram, an event loop, the archive as read."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from bot import assembly
from bot.sources.assembly import gatherer_of
from config.settings import Settings
from retrieval.embedding import Embedder
from tests.conversations.embedders import Remembering
from tests.telegram_server import TelegramServer

T = TypeVar("T")

EXAMPLE = Path(__file__).parents[2] / "examples"
#: A Wednesday, two days after the newest article of the example archive.
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
#: Seconds after which something never happens.
NEVER = 60.0


class Clock:
    """Stands still until it is set."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bot", daemon=True)
        self._thread.start()

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin the work."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work. Raises what it raises, and `TimeoutError`."""
        return self.begin(work).result(NEVER)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(NEVER)
        self._loop.close()


class Studio:
    """What all worlds share. `home` is an empty folder."""

    def __init__(self, home: Path, embedder: Embedder, server: TelegramServer) -> None:
        self.home = home
        self.embedder = Remembering(embedder)
        self.server = server
        self.loop = Loop()
        self.numbers = count(1)
        #: The archive as it is after its first gather, and as it is once it was read.
        self.gathered, self.read = home / "gathered", home / "read"
        self._prepare()

    def close(self) -> None:
        self.loop.close()

    def settings(self, folder: Path, sections: Mapping[str, Mapping[str, Any]]) -> Settings:
        """Those of the example, over a folder with `pages` and `data`."""
        source = {
            "kind": "snapshots",
            "name": "example",
            "folder": folder / "pages",
            "page_url": "https://blog.example.org/",
        }
        own: dict[str, Any] = {name: dict(values) for name, values in sections.items()}
        own["telegram"] = {"base_url": self.server.address, **own.get("telegram", {})}
        own["index"] = {"follow_interval": 3600}  # `World.publish` follows
        own["gather"] = {"interval": 10**9}  # and gathers
        own["profile"] = {"enabled": False}  # it has tests of its own
        return Settings(data_dir=folder / "data", sources=(source,), **own)

    def _prepare(self) -> None:
        shutil.copytree(EXAMPLE / "pages", self.gathered / "pages")
        settings = self.settings(self.gathered, {})
        settings.data_dir.mkdir()
        with (
            assembly.opened_archive(settings) as archive,
            gatherer_of(settings, archive, clock=Clock()) as gatherer,
        ):
            assert not gatherer.gather().failures
        with assembly.opened_ledger(settings):
            pass
        shutil.copytree(self.gathered, self.read)
        settings = self.settings(self.read, {})
        with (
            assembly.opened_archive(settings) as archive,
            assembled_with(self.embedder, Clock()),
            assembly.owned_index(settings, archive, "the tests") as index,
        ):
            index.follower.catch_up()


@contextlib.contextmanager
def assembled_with(embedder: Embedder, clock: Clock) -> Iterator[None]:
    """What the assembly makes itself: models are loaded once for all worlds."""
    with (
        patch.object(assembly, "embedder_of", lambda _: embedder),
        patch.object(assembly, "gatherer_of", partial(gatherer_of, clock=clock)),
    ):
        yield
