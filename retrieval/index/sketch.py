"""What scoring needs of a passage, in a few bytes that are read without parsing any text.

    float32 share | uint32 text | float16 vector[dimension] | uint32 hashes[n], ascending

`text` is the CRC-32 of the text that all this was made of. A hash, CRC-32 too, stands for a term:
that a question's terms and a passage's differ and one hash agrees happens once in some ten thousand
passages, and then moves a score by one word's weight.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SHARE = np.dtype("<f4")
_VECTOR = np.dtype("<f2")
_HASH = np.dtype("<u4")

Hashes = NDArray[np.uint32]


def hashes(terms: Iterable[str]) -> Hashes:
    """The hashes of these terms, in their order."""
    return np.array([zlib.crc32(term.encode("utf-8", "replace")) for term in terms], _HASH)


def checksum(text: str) -> int:
    """What a text is known again by: whether the archive still says what was indexed."""
    return zlib.crc32(text.encode("utf-8", "replace"))


def sketch(text: str, terms: Iterable[str], share: float, vector: NDArray[np.float32]) -> bytes:
    """The bytes for a passage of this text, terms, Latin share (0 to 1) and vector."""
    distinct = np.unique(hashes(terms))
    return b"".join(
        (
            np.array([share], _SHARE).tobytes(),
            np.array([checksum(text)], _HASH).tobytes(),
            vector.astype(_VECTOR).tobytes(),
            distinct.tobytes(),
        )
    )


@dataclass(frozen=True, slots=True)
class Sketches:
    """Some passages at once: `vectors` (n, dimension) float32, `shares` and `texts` (n,)."""

    ids: tuple[str, ...]
    texts: NDArray[np.uint32]
    vectors: NDArray[np.float32]
    shares: NDArray[np.float32]
    _hashes: Hashes
    _ends: NDArray[np.int64]

    @classmethod
    def of(cls, stored: Sequence[tuple[str, bytes]], dimension: int) -> Sketches:
        """Those of these ids and bytes. Raises ValueError where the bytes are something else."""
        start = _SHARE.itemsize + _HASH.itemsize
        head = start + dimension * _VECTOR.itemsize
        if any(len(raw) < head for _, raw in stored):
            raise ValueError("a passage's vector is cut off")
        heads = np.frombuffer(b"".join(raw[:head] for _, raw in stored), np.uint8)
        table = heads.reshape(len(stored), head)
        tails = [raw[head:] for _, raw in stored]
        counts = np.array([len(tail) // _HASH.itemsize for tail in tails], np.int64)
        return cls(
            ids=tuple(own for own, _ in stored),
            texts=np.ascontiguousarray(table[:, _SHARE.itemsize : start]).view(_HASH)[:, 0],
            vectors=np.ascontiguousarray(table[:, start:]).view(_VECTOR).astype(np.float32),
            shares=np.ascontiguousarray(table[:, : _SHARE.itemsize]).view(_SHARE)[:, 0],
            _hashes=np.frombuffer(b"".join(tails), _HASH),
            _ends=np.cumsum(counts),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def holding(self, wanted: Hashes) -> NDArray[np.bool_]:
        """Which passages hold which terms, shape (n, len(wanted)); `wanted` must be ascending."""
        found = np.zeros((len(self.ids), len(wanted)), np.bool_)
        if len(wanted) and len(self._hashes):
            place = np.searchsorted(wanted, self._hashes)
            place[place == len(wanted)] = 0
            hit = np.flatnonzero(wanted[place] == self._hashes)
            found[np.searchsorted(self._ends, hit, side="right"), place[hit]] = True
        return found
