"""HTTP/1.1 as far as a client of the Bot API speaks it: connections -> requests -> responses."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import httpx

#: Answers the request for a path with this body. An `httpx.TransportError` is no answer at all.
Handle = Callable[[str, bytes], Awaitable[httpx.Response]]

#: Bytes that the head of a request may have.
_HEAD = 65536
#: Seconds for which an answer that never comes keeps its connection open.
SILENCE = 60.0


class Wire:
    """Speaks HTTP for one handler; `silence` is how long a lost answer leaves its asker waiting."""

    def __init__(self, handle: Handle, silence: float = SILENCE) -> None:
        self._handle = handle
        self._silence = silence

    async def listen(self, port: int) -> asyncio.Server:
        """Listen on the loopback; port 0 takes any that is free."""
        return await asyncio.start_server(
            self._talk, "127.0.0.1", port, limit=_HEAD, backlog=1024, start_serving=True
        )

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a client that goes away, or is killed, is what this server is for
        finally:
            with contextlib.suppress(OSError):
                writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection goes on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length") or 0))
        _, path, _ = first.split(" ")
        try:
            response = await self._handle(path, body)
        except (httpx.ReadTimeout, httpx.ReadError, httpx.ConnectError) as fault:
            if isinstance(fault, httpx.ReadTimeout):
                await self._until_gone(reader)
            _reset(writer)
            return False
        content = response.content
        writer.write(
            f"HTTP/1.1 {response.status_code} {_phrase(response.status_code)}\r\n"
            f"Content-Type: {response.headers.get('Content-Type', 'text/plain')}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n".encode("latin-1")
            + content
        )
        await writer.drain()
        return headers.get("connection", "").lower() != "close"

    async def _until_gone(self, reader: asyncio.StreamReader) -> None:
        """Until the client gives up, or the silence has lasted long enough."""
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(self._silence):
                await reader.read(1)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Closing with a linger time of 0 sends RST instead of FIN."""
    wire = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Odd"
