"""The tests' Telegram on a real socket, for bots that run as processes of their own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from tests.bot.bot_api import FakeTelegram, Sent

TOKEN = "123456:AAtoken-of-the-tests-token-of-the-tests"


class TelegramServer:
    """`FakeTelegram` behind an address; safe to use from the test's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, address: str) -> None:
        self._loop = loop
        self.address = address
        self.telegram = asyncio.run_coroutine_threadsafe(_fake(), loop).result(10)
        self._update_id = 0

    def say(self, text: str, *, update_id: int | None = None, chat_id: int = 77) -> int:
        """A person writes this in a private chat; returns the update's id."""
        self._update_id += 1
        number = self._update_id if update_id is None else update_id
        person = {"id": chat_id, "is_bot": False, "first_name": "Ada", "language_code": "en"}
        message: dict[str, Any] = {
            "message_id": 10 + self._update_id,
            "date": int(time.time()),
            "chat": {"id": chat_id, "type": "private", "first_name": "Ada"},
            "from": person,
            "text": text,
        }
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        update = {"update_id": number, "message": message}
        self._loop.call_soon_threadsafe(self.telegram.receive, update)
        return number

    def wait_for(self, count: int, seconds: float = 90) -> list[Sent]:
        """The messages sent so far, once there are this many."""
        deadline = time.monotonic() + seconds
        while len(self.telegram.sent) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.telegram.sent) >= count, f"only {len(self.telegram.sent)} messages came"
        return list(self.telegram.sent)

    def wait_until_polled(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self.telegram.called("getUpdates") and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.telegram.called("getUpdates"), "the bot never polled"


async def _fake() -> FakeTelegram:
    return FakeTelegram(TOKEN)


@contextmanager
def telegram_server() -> Iterator[TelegramServer]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = httpx.Request("POST", f"http://test{self.path}", content=body)
            handling = asyncio.run_coroutine_threadsafe(server.telegram._handle(request), loop)
            try:
                response = handling.result(60)
            except (httpx.HTTPError, FutureTimeout):
                self.close_connection = True  # a reset, to whoever asked
                return
            try:
                self.send_response(response.status_code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(response.content)))
                self.end_headers()
                self.wfile.write(response.content)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    listening = threading.Thread(target=listener.serve_forever, daemon=True)
    listening.start()
    server = TelegramServer(loop, f"http://127.0.0.1:{listener.server_port}")
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
