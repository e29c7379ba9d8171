"""Words kept inside a PNG, which nobody sees: https://www.w3.org/TR/png/#11tEXt. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from struct import pack, unpack_from
from zlib import crc32

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEY = b"Comment\x00"


def stamped(png: bytes, words: str) -> bytes:
    """The picture with these ASCII words in it, and without those that it had."""
    head, *rest = (each for each in _chunks(png) if each[0] != b"tEXt")
    return SIGNATURE + b"".join(
        pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))
        for kind, data in (head, (b"tEXt", _KEY + words.encode("ascii")), *rest)
    )


def stamp_of(png: bytes) -> str | None:
    """The words in it, None where there are none. Raises `ValueError` for what is no PNG."""
    for kind, data in _chunks(png):
        if kind == b"tEXt" and data.startswith(_KEY):
            return data.removeprefix(_KEY).decode("ascii")
    return None


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(SIGNATURE):
        raise ValueError("this is no PNG")
    place = len(SIGNATURE)
    while place < len(png):
        (length,) = unpack_from(">I", png, place)
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += length + 12
