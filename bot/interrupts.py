"""Ctrl-C that Python would lose: raised in a callback of the garbage collector, it is ignored.

https://docs.python.org/3/library/sys.html#sys.unraisablehook
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator

#: Seconds after which it is raised again: here it would be ignored again.
_SOON = 0.05


@contextlib.contextmanager
def interrupts_kept() -> Iterator[None]:
    """While the block runs, an interrupt that was ignored somewhere is raised once more."""
    before = sys.unraisablehook

    def again(lost: sys.UnraisableHookArgs) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            # A real signal: it also ends what the main thread waits for.
            threading.Timer(_SOON, os.kill, (os.getpid(), signal.SIGINT)).start()
        else:
            before(lost)

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = before
