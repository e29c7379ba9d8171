"""Bodies off the wire -> bytes, decompressed piece by piece and never beyond a bound.

A megabyte of gzip may be a gigabyte of zeros, so no decoder here ever gives more than `PIECE`
bytes at once, and the bound is looked at after each.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli

#: What is asked for in Accept-Encoding.
ACCEPTED = "gzip, deflate, br"
#: Bytes; brotli's own blocks make it up to 128 KiB.
PIECE = 64 * 1024

_GZIP_MAGIC = b"\x1f\x8b"


class BodyError(Exception):
    """A body could not be read; the text says why, as the end of a sentence."""


def whole(pieces: Iterable[bytes], coding: str | None, largest: int, *, cut: bool = False) -> bytes:
    """A body, decompressed by its Content-Encoding; at most `largest` bytes.

    A longer one is an error, or with `cut` ends there. Raises `BodyError`.
    """
    kept: list[bytes] = []
    length = 0
    for piece in _decompressed(_on_the_wire(pieces, largest), coding):
        kept.append(piece)
        length += len(piece)
        if length > largest and cut:
            return b"".join(kept)[:largest]
        if length > largest:
            raise BodyError(f"it is larger than {size(largest)}")
    return b"".join(kept)


def size(count: int) -> str:
    """A number of bytes, in words."""
    for unit, bytes_each in (("MiB", 2**20), ("KiB", 2**10)):
        if count >= bytes_each:
            return f"{count / bytes_each:.4g} {unit}"
    return f"{count} bytes"


def _on_the_wire(pieces: Iterable[bytes], largest: int) -> Iterator[bytes]:
    """The pieces, as long as even uncompressed they could be allowed.

    A compressed stream can go on for ever and decompress to nothing.
    """
    length = 0
    for piece in pieces:
        length += len(piece)
        yield piece
        if length > largest + PIECE:
            raise BodyError(f"it is larger than {size(largest)}")


def _decompressed(pieces: Iterable[bytes], coding: str | None) -> Iterator[bytes]:
    name = (coding or "").strip().lower()
    if name in ("", "identity"):
        return iter(pieces)
    decoder = _DECODERS.get(name)
    if decoder is None:
        raise BodyError(
            f"it is compressed as {name[:40]!r}, which was not asked for and cannot be read"
        )
    return decoder(pieces)


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    return _zlib(pieces, "gzip", 16 + zlib.MAX_WBITS)


def _deflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 9110 means zlib's format; some servers send the bare stream instead."""
    rest = iter(pieces)
    start = b""
    for piece in rest:
        start += piece
        if len(start) >= 2:
            break
    wrapped = len(start) < 2 or (start[0] & 15 == 8 and int.from_bytes(start[:2], "big") % 31 == 0)
    bits = zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS

    def again() -> Iterator[bytes]:
        yield start
        yield from rest

    return _zlib(again(), "deflate", bits)


def _zlib(pieces: Iterable[bytes], name: str, bits: int) -> Iterator[bytes]:
    decoder = zlib.decompressobj(bits)
    begun = over = False
    for piece in pieces:
        data = piece
        while data and not over:
            if decoder.eof:
                # Another member of the same file, or padding, which everybody ignores.
                over = name != "gzip" or not _GZIP_MAGIC.startswith(data[:2])
                if over:
                    break
                decoder = zlib.decompressobj(bits)
            begun = True
            yield from _inflated(decoder, data, name)
            data = decoder.unused_data
    if begun and not decoder.eof:
        raise BodyError(f"it is cut off in the middle of its {name} compression")


def _inflated(decoder: zlib._Decompress, data: bytes, name: str) -> Iterator[bytes]:
    """What one piece decompresses to."""
    full = True
    while (data or full) and not decoder.eof:
        try:
            output = decoder.decompress(data, PIECE)
        except zlib.error as error:
            raise BodyError(f"its {name} compression is broken") from error
        data = decoder.unconsumed_tail
        full = len(output) == PIECE
        yield output


def _brotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    begun = False
    for piece in pieces:
        data, output = piece, b""
        begun = begun or bool(piece)
        # `can_accept_more_data` tells of input only: output may wait even where more is accepted.
        while data or output or not decoder.can_accept_more_data():
            try:
                output = decoder.process(data, output_buffer_limit=PIECE)
            except brotli.error as error:
                raise BodyError("its br compression is broken") from error
            if not data and not output:
                break
            data = b""
            yield output
    if begun and not decoder.is_finished():
        raise BodyError("it is cut off in the middle of its br compression")


_DECODERS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
}
