"""Bodies: decompressed piece by piece, never beyond the bound."""

from __future__ import annotations

import functools
import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.web.bodies import BodyError, size, whole

MIB = 2**20

unhurried = settings(deadline=None)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


#: A name for the test, the coding said, and how it is packed.
FORMS: dict[str, tuple[str | None, Callable[[bytes], bytes]]] = {
    "plain": (None, bytes),
    "identity": ("identity", bytes),
    "gzip": ("gzip", gzip.compress),
    "x-gzip": (" X-GZip ", gzip.compress),
    "members": ("gzip", lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:])),
    "padded": ("gzip", lambda data: gzip.compress(data) + b"\0" * 9),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
}


def pieces(data: bytes, length: int) -> Iterator[bytes]:
    return (data[start : start + length] for start in range(0, len(data), length))


@pytest.mark.parametrize("form", FORMS)
@given(
    data=st.binary(max_size=2000) | st.binary(max_size=300).map(lambda data: data * 1000),
    length=st.integers(1, 5000),
)
@unhurried
def test_any_body_comes_out_as_it_went_in(form: str, data: bytes, length: int) -> None:
    coding, pack = FORMS[form]
    packed = pack(data)
    assert whole(pieces(packed, length if len(data) < 3000 else 70_000), coding, MIB) == data


@pytest.mark.parametrize("coding", [None, "", "identity", "gzip", "deflate", "br"])
def test_an_empty_body_is_empty_whatever_it_says(coding: str | None) -> None:
    assert whole([], coding, 10) == b""
    assert whole([b"", b""], coding, 10) == b""


@functools.cache
def zeros(coding: str) -> bytes:
    """A gibibyte of zeros, compressed without ever having them all."""
    block = bytes(MIB)
    if coding == "br":
        press = brotli.Compressor(quality=5, lgwin=22)
        parts = [press.process(block) for _ in range(1024)]
        return b"".join(parts) + bytes(press.finish())
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS + (16 if coding == "gzip" else 0))
    parts = [packer.compress(block) for _ in range(1024)]
    return b"".join(parts) + packer.flush()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("length", [1000, 10**9])
def test_a_gibibyte_of_zeros_takes_no_more_memory_than_is_allowed(coding: str, length: int) -> None:
    bomb = zeros(coding)
    assert len(bomb) < 2 * MIB
    tracemalloc.start()
    try:
        with pytest.raises(BodyError, match="larger than 10 MiB"):
            whole(pieces(bomb, length), coding, 10 * MIB)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 13 * MIB


@pytest.mark.parametrize("form", FORMS)
def test_the_bound_is_exact(form: str) -> None:
    coding, pack = FORMS[form]
    data = bytes(range(256)) * 400
    assert whole([pack(data)], coding, len(data)) == data
    with pytest.raises(BodyError, match="larger than"):
        whole([pack(data)], coding, len(data) - 1)
    assert whole([pack(data)], coding, 1000, cut=True) == data[:1000]


@pytest.mark.parametrize("form", ["gzip", "x-gzip", "deflate", "raw deflate", "br"])
@given(data=st.data())
@unhurried
def test_a_body_that_ends_early_is_refused(form: str, data: st.DataObject) -> None:
    coding, pack = FORMS[form]
    packed = pack(b"some text that is long enough to be worth packing " * 5)
    end = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(BodyError, match="cut off"):
        whole([packed[:end]], coding, MIB)


@given(st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]), st.lists(st.binary()))
@unhurried
def test_any_bytes_are_read_or_refused(coding: str, data: list[bytes]) -> None:
    told = ""
    try:
        assert len(whole(data, coding, 1000)) <= 1000
    except BodyError as error:
        told = str(error)
    assert told == "" or told.startswith("it")


def test_an_unknown_coding_is_named() -> None:
    with pytest.raises(BodyError, match="'zstd'"):
        whole([b"x"], "zstd", 10)


@pytest.mark.parametrize(
    ("coding", "start", "piece"),
    [
        ("gzip", b"", gzip.compress(b"", mtime=0)),
        ("deflate", b"\x78\x9c", b"\0\0\0\xff\xff"),
        (None, b"", b"x"),
    ],
)
def test_a_stream_without_an_end_is_ended(coding: str | None, start: bytes, piece: bytes) -> None:
    """Empty members and empty blocks take room on the wire, and none once decompressed."""
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        yield start
        for _ in range(1000):
            sent.append(1)
            yield piece * 3000

    with pytest.raises(BodyError, match="larger than 1 MiB"):
        whole(endless(), coding, MIB)
    assert len(sent) < 1000


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 bytes"),
        (1000, "1000 bytes"),
        (500 * 1024, "500 KiB"),
        (MIB, "1 MiB"),
        (10 * MIB, "10 MiB"),
    ],
)
def test_sizes_in_words(count: int, words: str) -> None:
    assert size(count) == words
