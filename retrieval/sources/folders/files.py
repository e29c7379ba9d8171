"""The files of a source: in which order, how large, and as which text they are read."""

from __future__ import annotations

import os
import re
from pathlib import Path

from retrieval.errors import SourceError
from retrieval.web.decoding import decoded

_NEWLINE = re.compile(r"\r\n|\r|\n")
#: A text has none of these characters, or a few strays; in compressed data every tenth is one.
_CONTROL = re.compile("[\0-\x07\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS = 0.01


def natural(name: str) -> list[tuple[int, int, str]]:
    """Sort key that puts page-2 before page-10."""
    parts = re.split(r"([0-9]{1,18})", name)
    return [(0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in parts if p]


def line_after(text: str) -> int:
    """The number of the line that comes where this beginning of a file ends."""
    return len(_NEWLINE.findall(text)) + 1


def bytes_of(file: Path, largest: int) -> bytes:
    """All of a file of at most `largest` bytes. Raises `SourceError`, without the file's name."""
    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            data = opened.read(min(size, largest) + 1)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}") from error
    if len(data) > largest:
        raise SourceError(f"larger than {largest >> 20} MiB; move it elsewhere")
    return data


def text_in(data: bytes, encoding: str | None, *, html: bool) -> str:
    """The text of a file, line ends as they are, guessed as browsers do without an encoding.

    Raises `SourceError` with the line, without the file's name.
    """
    if encoding is None:
        text = decoded(data, None, "html" if html else "text")
    else:
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except (UnicodeError, LookupError) as error:
            line_number = None
            if isinstance(error, UnicodeDecodeError):
                line_number = line_after(data[: error.start].decode(encoding, "ignore"))
            reason = f"not valid {encoding}; save it so, or set `encoding` of this source"
            raise SourceError(reason, line=line_number) from error
    first = _CONTROL.search(text)
    if first and len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text):
        reason = "binary data, not text; move it elsewhere, or set `encoding` of this source"
        raise SourceError(reason, line=line_after(text[: first.start()]))
    return text


def sound(text: str) -> str:
    """The text without what no database takes: zero characters and halves of UTF-16 pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "")
