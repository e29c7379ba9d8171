"""Work done by several threads that never keep the process alive."""

from __future__ import annotations

import contextlib
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

    Raises what the first failing piece raised, and does not wait for the others then, nor on
    Ctrl-C: the threads are daemons, as one of them may hang in a request for long.
    """
    waiting: queue.SimpleQueue[tuple[int, Item]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Result | None, BaseException | None]] = queue.SimpleQueue()
    for numbered in enumerate(items):
        waiting.put(numbered)

    def run() -> None:
        while True:
            try:
                number, item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((number, work(item), None))
            except BaseException as error:  # handed to whoever waits
                done.put((number, None, error))

    for n in range(min(workers, len(items))):
        threading.Thread(target=run, name=f"gather-{n}", daemon=True).start()
    results: dict[int, Result] = {}
    while len(results) < len(items):
        try:
            number, result, error = done.get(timeout=_TICK)
        except queue.Empty:
            continue
        if error is not None:
            with contextlib.suppress(queue.Empty):  # the rest is not begun
                while True:
                    waiting.get_nowait()
            raise error
        results[number] = result  # type: ignore[assignment]  # None only beside an error
    return [results[number] for number in range(len(items))]
