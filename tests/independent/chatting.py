"""People who write to the bot through telemelya, and what it recorded of the bot's answers."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from bot.telegram_html import Parsed, parse_html
from tests.bot.judging import Json
from tests.bot.messages import Sent

#: Seconds in which a bot over a new data folder answers anything.
PATIENCE = 120.0


@dataclass(frozen=True)
class Chat:
    """A private chat with the bot; the person has its number."""

    address: str
    token: str
    number: int = 77

    def say(self, words: str) -> None:
        """Write this; a command is one by its slash."""
        self._control("send_update", {"chat_id": self.number, "text": words})

    def press(self, sent: Sent, label: str) -> None:
        """Press the button below a message whose label holds this."""
        pressed = {"callback_data": sent.button(label), "callback_message_id": sent.message_id}
        self._control("send_update", {"chat_id": self.number, **pressed})

    def calls(self) -> list[tuple[str, Json]]:
        """All that the bot did here, each call's method and parameters, in their order."""
        return [(each["method"], each["raw"]) for each in self._responses()]

    def recorded(self, method: str) -> list[Json]:
        """The parameters of all calls of a method so far, and the message's id, in their order."""
        return [
            {"message_id": each.get("message_id"), **each["raw"]}
            for each in self._responses()
            if each["method"] == method
        ]

    def messages(self, method: str = "sendMessage") -> list[Sent]:
        """The messages that were sent, or what became of those that were edited."""
        return [_sent(each) for each in self.recorded(method)]

    def wait_for(self, count: int, method: str = "sendMessage") -> list[Sent]:
        """The messages so far, once there are this many."""
        until(lambda: len(self.recorded(method)) >= count, f"message {count} never came")
        return self.messages(method)

    def ask(self, words: str) -> Sent:
        """Write this, and what is answered."""
        count = len(self.recorded("sendMessage"))
        self.say(words)
        return self.wait_for(count + 1)[-1]

    def _responses(self) -> list[Json]:
        response = httpx.get(
            f"{self.address}/api/v1/test/responses",
            params={"session_id": str(self.number)},
            headers={"Authorization": "Bearer any"},
            timeout=30,
            trust_env=False,
        )
        response.raise_for_status()
        found: list[Json] = response.json()["responses"]
        return found

    def _control(self, action: str, told: Json) -> None:
        response = httpx.post(
            f"{self.address}/api/v1/test/{action}",
            params={"bot_token": self.token},
            json=told,
            headers={"Authorization": "Bearer any", "X-Test-Session": str(self.number)},
            timeout=30,
            trust_env=False,
        )
        assert response.is_success, response.text
        delivery = response.json()["delivery"]
        assert delivery["status_code"] == 200, delivery


def _sent(call: Json) -> Sent:
    html = str(call["text"])
    parsed = parse_html(html) if call.get("parse_mode") == "HTML" else Parsed(html, ())
    return Sent(call["chat_id"], html, parsed, call, call["message_id"])


def until(happened: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    """Raises `AssertionError` where it does not happen in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


@contextmanager
def telemelya(python: Path, folder: Path) -> Iterator[str]:
    """The address of a running server of that environment, which ends where the block ends."""
    command = [str(python), str(Path(__file__).with_name("server.py"))]
    # Not in our own folder: it would read settings from our `.env`.
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, "telemelya did not start: what it wrote above says why"
        try:
            until(lambda: _answers(address), "telemelya never answered")
            yield address
        finally:
            process.stdin.close()
            try:
                process.wait(10)
            finally:
                process.kill()


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False).is_success
    except httpx.TransportError:
        return False


@contextmanager
def secret_added(url: str, secret: str) -> Iterator[str]:
    """An address that hands posts on to `url` with the webhook's secret, which telemelya forgets."""

    class Hand(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {
                "Content-Type": "application/json",
                "X-Telegram-Bot-Api-Secret-Token": secret,
            }
            taken = httpx.post(url, content=body, headers=headers, timeout=30, trust_env=False)
            self.send_response(taken.status_code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing is worth telling."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hand)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
