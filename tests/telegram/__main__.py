"""`python -m tests.telegram --port 0`: prints its address, then serves until its input ends."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys

import httpx

from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.limits import Limits
from tests.telegram.control import Control
from tests.telegram.webhook import post_updates
from tests.telegram.wire import SILENCE, Wire

CONTROL = "/control/"


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes any that is free")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--limits", metavar="RATE,CHAT,GROUP", help="kept strictly, as 30,1,20")
    parser.add_argument("--silence", type=float, default=SILENCE, help="seconds of a lost answer")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


async def serve(chosen: argparse.Namespace) -> None:
    """The server, until standard input ends: whoever started it has ended by then."""
    telegram = FakeTelegram(chosen.token)
    if chosen.limits:
        rate, chat, group = map(int, chosen.limits.split(","))
        telegram.limits = Limits(rate, chat, group)
    control = Control(telegram)

    async def handle(path: str, body: bytes) -> httpx.Response:
        if not path.startswith(CONTROL):
            return await telegram.answer(path, body)
        try:
            told = control.answer(path.removeprefix(CONTROL), json.loads(body or b"{}"))
        except (KeyError, TypeError, ValueError) as error:
            return httpx.Response(400, text=repr(error))
        return httpx.Response(200, json=told)

    server = await Wire(handle, chosen.silence).listen(chosen.port)
    posting = asyncio.create_task(post_updates(telegram))
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await _input_ends()
    posting.cancel()
    server.close()


async def _input_ends() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(4096):
        pass


if __name__ == "__main__":
    main()
