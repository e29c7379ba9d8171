"""HTTP/2 as it arrives, looked at for the one thing that would make httpcore wait for ever.

A server may say that it takes no requests at all (RFC 9113, 6.5.2: a limit of 0 for concurrent
streams). httpcore then waits, with no timeout, for its own request to be over before it goes on.
"""

from __future__ import annotations

import struct

import httpcore

_HEADER = 9
_SETTINGS = 4
_MAX_CONCURRENT_STREAMS = 3
#: Bytes of settings that are looked at; larger frames are an error by themselves.
_LARGEST = 16 * 1024


class Frames:
    """The frames of one connection."""

    def __init__(self) -> None:
        self._header = b""
        self._payload = b""
        self._left = 0

    def look_at(self, data: bytes) -> None:
        """Go on with the data that arrived.

        Raises `httpcore.RemoteProtocolError` when the server says that it takes no requests.
        """
        at = 0
        while at < len(data):
            if len(self._header) < _HEADER:
                part = data[at : at + _HEADER - len(self._header)]
                self._header += part
                if len(self._header) == _HEADER:
                    self._left = int.from_bytes(self._header[:3], "big")
            else:
                part = data[at : at + self._left]
                self._left -= len(part)
                if self._header[3] == _SETTINGS and len(self._payload) < _LARGEST:
                    self._payload += part
            at += len(part)
            if len(self._header) == _HEADER and self._left == 0:
                self._end()

    def _end(self) -> None:
        payload, self._header, self._payload = self._payload, b"", b""
        for start in range(0, len(payload) - 5, 6):
            name, value = struct.unpack_from(">HL", payload, start)
            if name == _MAX_CONCURRENT_STREAMS and value == 0:
                raise httpcore.RemoteProtocolError("the server says that it takes no requests")
