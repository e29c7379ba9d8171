"""Work done by several threads that never keep the process alive."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds between two chances for Ctrl-C to be noticed.
_TICK = 0.2


def in_parallel(
    work: Callable[[Item], Result], items: Sequence[Item], workers: int
) -> list[Result]:
    """The results of the work on each item, in the items' order.

    Raises what the first failing piece raised. Then, and on Ctrl-C, nothing more is begun, and what
    is under way is not waited for: the threads are daemons, as one may hang in a request for long.
    """
    waiting: queue.SimpleQueue[tuple[int, Item]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Result | None, BaseException | None]] = queue.SimpleQueue()
    over = threading.Event()
    for numbered in enumerate(items):
        waiting.put(numbered)

    def run() -> None:
        while not over.is_set():
            try:
                number, item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((number, work(item), None))
            except BaseException as error:  # handed to whoever waits
                over.set()
                done.put((number, None, error))

    results: dict[int, Result] = {}
    try:  # Ctrl-C may come while they start, too
        for n in range(min(workers, len(items))):
            threading.Thread(target=run, name=f"gather-{n}", daemon=True).start()
        while len(results) < len(items):
            try:
                number, result, error = done.get(timeout=_TICK)
            except queue.Empty:
                continue
            if error is not None:
                raise error
            results[number] = result  # type: ignore[assignment]  # None only beside an error
    finally:
        over.set()
    return [results[number] for number in range(len(items))]
