"""The tests' Telegram as a process of its own, and people who write to the bot through it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from bot.telegram_html import Parsed, parse_html
from tests.bot.chats import BOT_ID, Chat
from tests.bot.judging import Json
from tests.bot.messages import Sent

TOKEN = "123456:AAtoken-of-the-tests-token-of-the-tests"
ROOT = Path(__file__).parent.parent

#: A fault by its name, or with more to say: see `tests.telegram.faults`.
Told = str | Json


class RemoteTelegram:
    """The server's `FakeTelegram` as it may be read from outside."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/control/", timeout=60, trust_env=False)
        self._messages: dict[str, list[Sent]] = {"sent": [], "edits": []}
        self._journal: list[Json] = []
        self._lock = threading.Lock()

    def control(self, name: str, **told: Any) -> Json:
        """Say something to the server; what it answers."""
        response = self._client.post(name, json=told)
        assert response.is_success, f"{name} {told}: {response.text}"
        answer: Json = response.json()
        return answer

    def close(self) -> None:
        self._client.close()

    @property
    def sent(self) -> list[Sent]:
        return self._all("sent")

    @property
    def edits(self) -> list[Sent]:
        return self._all("edits")

    @property
    def journal(self) -> list[Json]:
        """All calls so far, each with the fields of `tests.bot.messages.Call`."""
        with self._lock:
            known = self._journal
            # What was under way is asked for again: it may be answered by now.
            done = (n for n, call in enumerate(known) if call["status"] is None)
            del known[next(done, len(known)) :]
            known += self.control("calls", since=len(known))["calls"]
            return list(known)

    @property
    def violations(self) -> list[str]:
        return list(self.state["violations"])

    @property
    def confirmed(self) -> int:
        return int(self.state["confirmed"])

    @property
    def state(self) -> Json:
        """Numbers of everything."""
        return self.control("state")

    def called(self, method: str) -> list[Json]:
        return [call["parameters"] for call in self.journal if call["method"] == method]

    def receive(self, *updates: Json) -> None:
        self.control("receive", updates=updates)

    def fail(self, method: str, *faults: Told, chat_id: int | None = None) -> None:
        """The next calls of the method (for this chat, if one is named) meet these, one each."""
        self.control("fail", method=method, faults=faults, chat_id=chat_id)

    def _all(self, kind: str) -> list[Sent]:
        with self._lock:
            known = self._messages[kind]
            known += [_sent(each) for each in self.control(kind, since=len(known))["messages"]]
            return list(known)


def _sent(told: Json) -> Sent:
    html = told["parameters"].get("parse_mode") == "HTML"
    parsed = parse_html(told["html"]) if html else Parsed(told["html"], ())
    return Sent(parsed=parsed, **told)


class TelegramServer:
    """The server at an address, and what people do in it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.telegram = RemoteTelegram(address)
        self._numbers = count(1)

    def say(
        self,
        text: str,
        *,
        update_id: int | None = None,
        chat_id: int = 77,
        person_id: int | None = None,
        topic: int = 0,
        chat: Json | None = None,
    ) -> int:
        """A person writes this, in a private chat unless `chat` tells more; the update's id."""
        chat = chat or {"id": chat_id, "type": "private", "first_name": "Ada"}
        message: Json = {
            "message_id": 10 + next(self._numbers),
            "date": int(time.time()),
            "chat": chat,
            "from": _person(chat_id if person_id is None else person_id),
            "text": text,
        }
        if topic:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.happen({"message": message}, update_id)

    def press(self, sent: Sent, label: str, *, person_id: int | None = None) -> int:
        """A person presses the button below a message whose label holds this."""
        chat = {"id": sent.chat_id, "type": "private" if sent.chat_id > 0 else "supergroup"}
        message = {
            "message_id": sent.message_id,
            "date": int(time.time()),
            "chat": chat,
            "text": sent.text,
        }
        query = {
            "id": str(next(self._numbers)),
            "from": _person(sent.chat_id if person_id is None else person_id),
            "message": message,
            "chat_instance": "1",
            "data": sent.button(label),
        }
        return self.happen({"callback_query": query})

    def membership(self, chat: Json, old: str, new: str, *, person_id: int = 77) -> int:
        """What the bot is in a chat changes, such as from `member` to `kicked`."""
        change = {
            "chat": chat,
            "from": _person(person_id),
            "date": int(time.time()),
            "old_chat_member": _membership(chat, old),
            "new_chat_member": _membership(chat, new),
        }
        return self.happen({"my_chat_member": change})

    def happen(self, update: Json, update_id: int | None = None) -> int:
        """An update of any kind."""
        number = next(self._numbers) if update_id is None else update_id
        self.telegram.receive({"update_id": number, **update})
        return number

    def chat(self, chat_id: int, type: str, **fields: Any) -> Json:
        """There is a chat with these fields of `tests.bot.chats.Chat`; it, as updates name it."""
        self.telegram.control("chat", chat_id=chat_id, type=type, **fields)
        name = "first_name" if type == "private" else "title"
        facts: Json = {"id": chat_id, "type": type, name: fields.get("title", "")}
        return facts | ({"is_forum": True} if fields.get("is_forum") else {})

    def wait_for(self, count: int, seconds: float = 90) -> list[Sent]:
        """The messages sent so far, once there are this many."""
        deadline = time.monotonic() + seconds
        while len(sent := self.telegram.sent) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(sent) >= count, f"only {len(sent)} messages came"
        return sent

    def wait_until_polled(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self._polled() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self._polled(), "the bot never polled"

    def _polled(self) -> bool:
        return "getUpdates" in self.telegram.state["methods"]


def _person(person_id: int) -> Json:
    return {"id": person_id, "is_bot": False, "first_name": "Ada", "language_code": "en"}


def _membership(chat: Json, status: str) -> Json:
    """What the bot is in a chat, as a `ChatMember`."""
    if status == "kicked":
        bot = {"id": BOT_ID, "is_bot": True, "first_name": "Archive"}
        return {"status": status, "user": bot, "until_date": 0}
    is_admin = status == "administrator"
    # With somebody of a smaller number who has made the chat.
    here = Chat(chat["id"], chat["type"], admins={1, BOT_ID} if is_admin else set())
    if status == "left":
        here.left.add(BOT_ID)
    return here.member(BOT_ID)


@contextmanager
def telegram_server(*options: str, token: str = TOKEN) -> Iterator[TelegramServer]:
    """A running server, which ends where the block ends; options as of `python -m tests.telegram`."""
    command = [sys.executable, "-m", "tests.telegram", "--port", "0", "--token", token, *options]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, "the server did not start"
        server = TelegramServer(address)
        try:
            yield server
        finally:
            server.telegram.close()
            process.stdin.close()
            try:
                process.wait(10)
            finally:
                process.kill()
