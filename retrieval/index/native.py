"""Errors of native code (Chroma's and tantivy's are Rust), said as ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from retrieval.errors import IndexDamaged


@contextlib.contextmanager
def translated(complaint: str) -> Iterator[None]:
    """Raise `IndexDamaged` for whatever native code fails with: errors of many types, and panics.

    A panic is a BaseException of a type that cannot be imported; Ctrl-C and exits pass.
    """
    try:
        yield
    except IndexDamaged:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise IndexDamaged(f"{complaint} ({reason})") from error
