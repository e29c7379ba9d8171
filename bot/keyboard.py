"""Lines as a person types them, or as a file or a pipe holds them: text stream -> lines."""

from __future__ import annotations

import asyncio
import codecs
import os
from collections.abc import AsyncIterator
from typing import TextIO


async def lines_of(stream: TextIO) -> AsyncIterator[str]:
    """The stream's lines without their line breaks, until its end; undecodable bytes replaced.

    A keyboard or a pipe is watched by the event loop, for a thread waiting in `readline` would keep
    the program from ending at Ctrl-C. What cannot be watched (a file, anything on Windows) is read
    in a thread.
    """
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()
    try:
        descriptor = stream.fileno()
        # Read in the callback: only there it is certain that reading does not block.
        loop.add_reader(descriptor, lambda: chunks.put_nowait(os.read(descriptor, 65536)))
    except (OSError, ValueError, NotImplementedError):
        while line := await asyncio.to_thread(stream.readline):
            yield line.rstrip("\r\n")
        return
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    pending = ""
    try:
        while True:
            chunk = await chunks.get()
            pending += decoder.decode(chunk, final=not chunk)
            *whole, pending = pending.split("\n")
            for line in whole:
                yield line.rstrip("\r")
            if not chunk:
                break
    finally:
        loop.remove_reader(descriptor)
    if pending:
        yield pending
