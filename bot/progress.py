"""Progress for people: a bar on a terminal, a log line now and then elsewhere."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

logger = logging.getLogger(__name__)

#: Seconds between two log lines of one work.
_PAUSE = 10.0


class BarProgress:
    """A bar for each kind of work, gone when the work is done. Thread-safe."""

    def __init__(self, stream: TextIO) -> None:
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(file=stream),
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def __call__(self, what: str, done: int, total: int) -> None:
        with self._lock:
            self._show(what, done, total)

    def _show(self, what: str, done: int, total: int) -> None:
        if what not in self._tasks:
            if done >= total:
                return
            if not self._tasks:
                self._bars.start()
            self._tasks[what] = self._bars.add_task(what, total=total)
        self._bars.update(self._tasks[what], completed=done, total=total)
        if done >= total:
            self._bars.remove_task(self._tasks.pop(what))
            if not self._tasks:
                self._bars.stop()

    def close(self) -> None:
        """Leave the terminal as it was, also in the middle of a work."""
        self._bars.stop()


class LogProgress:
    """A log line when a work has been going on for a while, not at every step."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said: dict[str, float] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        now = self._clock()
        if done >= total:
            self._said.pop(what, None)
        elif now - self._said.setdefault(what, now) >= _PAUSE:
            self._said[what] = now
            logger.info("%s: %d of %d", what, done, total)

    def close(self) -> None:
        """Nothing to leave."""


Shown = BarProgress | LogProgress


@contextlib.contextmanager
def shown_progress() -> Iterator[Shown]:
    """The progress that suits stderr; what it drew is gone afterwards."""
    progress: Shown = BarProgress(sys.stderr) if sys.stderr.isatty() else LogProgress()
    try:
        yield progress
    finally:
        progress.close()
