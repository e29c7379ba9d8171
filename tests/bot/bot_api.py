"""Telegram's Bot API as far as the tests need it: judges every request and every response.

The facts in `bot_api.json` are the names, types and obligations of the fields of the official Bot
API; a field it does not know is a mistake of ours.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from telegram.request import HTTPXRequest

from bot.telegram_html import HtmlError, Parsed, parse_html

FACTS = json.loads(Path(__file__).with_name("bot_api.json").read_text())
TOKEN = "7:secret-token"
ME = {
    "id": 7,
    "is_bot": True,
    "first_name": "Archive",
    "username": "test_archive_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}

Json = dict[str, Any]
Fault = Callable[[Callable[[], httpx.Response]], httpx.Response]


@dataclass(frozen=True)
class Sent:
    """A message as a phone would show it."""

    chat_id: int
    html: str
    parsed: Parsed
    parameters: Json

    @property
    def text(self) -> str:
        return self.parsed.text

    @property
    def links(self) -> list[str]:
        return [entity.url for entity in self.parsed.entities if entity.url]

    def marked(self, kind: str) -> list[str]:
        """The pieces of text that stand under an entity of this type."""
        units = self.text.encode("utf-16-le")
        return [
            units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le")
            for each in self.parsed.entities
            if each.type == kind
        ]


class FakeTelegram:
    """A Bot API server behind `httpx.MockTransport`, with switches for its faults."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, Json]] = []
        self.urls: list[str] = []
        self.violations: list[str] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.pending: list[Json] = []
        self.confirmed = 0
        self._news = asyncio.Event()
        self._message_id = 1000

    def request(self) -> HTTPXRequest:
        return HTTPXRequest(httpx_kwargs={"transport": httpx.MockTransport(self._handle)})

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of the method meet these faults, one each."""
        self.faults.setdefault(method, deque()).extend(faults)

    def receive(self, *updates: Json) -> None:
        """Updates that wait to be fetched by `getUpdates`."""
        for update in updates:
            self._judge(update, "Update", "an update of the test's own")
        self.pending.extend(updates)
        self._news.set()

    def called(self, method: str) -> list[Json]:
        return [parameters for name, parameters in self.calls if name == method]

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        self.urls.append(str(request.url))
        *_, secret, method = request.url.path.split("/")
        if secret != f"bot{self.token}":
            return error(401, "Unauthorized")
        facts = FACTS["methods"].get(method)
        if facts is None:
            self.violations.append(f"{method} is not known to the tests")
            return error(404, "Not Found: method not found")
        fields = dict(parse_qsl((await request.aread()).decode(), keep_blank_values=True))
        parameters = {}
        for name, value in fields.items():
            kind = facts.get(name, {"type": "String"})["type"]
            parameters[name] = value if kind == "String" else _json_or_text(value)
        self._judge_fields(parameters, facts, method)
        self.calls.append((method, parameters))
        if method == "getUpdates" and not self.faults.get(method):
            await self._wait_for_news(parameters)

        def perform() -> httpx.Response:
            response: httpx.Response = getattr(self, f"_{method}")(parameters)
            return response

        faults = self.faults.get(method)
        return faults.popleft()(perform) if faults else perform()

    def _getMe(self, _: Json) -> httpx.Response:  # noqa: N802
        return self._ok(ME, "User")

    def _deleteWebhook(self, _: Json) -> httpx.Response:  # noqa: N802
        return self._ok(True)

    def _setMyCommands(self, _: Json) -> httpx.Response:  # noqa: N802
        return self._ok(True)

    def _sendChatAction(self, _: Json) -> httpx.Response:  # noqa: N802
        return self._ok(True)

    def _sendMessage(self, parameters: Json) -> httpx.Response:  # noqa: N802
        source = parameters["text"]
        try:
            html = parameters.get("parse_mode") == "HTML"
            parsed = parse_html(source) if html else Parsed(source, ())
        except HtmlError as refusal:
            return error(400, f"Bad Request: can't parse entities: {refusal}")
        if not parsed.text.strip():
            return error(400, "Bad Request: message text is empty")
        if len(parsed.text.encode("utf-16-le")) // 2 > 4096:
            return error(400, "Bad Request: message is too long")
        self._message_id += 1
        self.sent.append(Sent(parameters["chat_id"], source, parsed, parameters))
        message = {
            "message_id": self._message_id,
            "date": 1_760_000_000,
            "chat": {"id": parameters["chat_id"], "type": "private"},
            "from": {key: ME[key] for key in ("id", "is_bot", "first_name", "username")},
            "text": parsed.text,
        }
        return self._ok(message, "Message")

    def _getUpdates(self, parameters: Json) -> httpx.Response:  # noqa: N802
        offset = parameters.get("offset", 0)
        self.confirmed = max(self.confirmed, offset - 1)
        self.pending = [each for each in self.pending if each["update_id"] >= offset]
        return self._ok(self.pending)

    async def _wait_for_news(self, parameters: Json) -> None:
        fresh = [e for e in self.pending if e["update_id"] >= parameters.get("offset", 0)]
        if not fresh and parameters.get("timeout"):
            self._news.clear()
            await self._news.wait()

    def _ok(self, result: Any, kind: str | None = None) -> httpx.Response:
        if kind is not None:
            self._judge(result, kind, "a response of the tests")
        return httpx.Response(200, json={"ok": True, "result": result})

    def _judge(self, value: Any, kind: str, where: str) -> None:
        """Note what in `value` is not of the Bot API's type `kind`."""
        if " or " in kind:
            if not any(self._is(value, each) for each in kind.split(" or ")):
                self.violations.append(f"{where}: {value!r} is no {kind}")
        elif kind.startswith("Array of "):
            if not isinstance(value, list):
                self.violations.append(f"{where}: {value!r} is no array")
                return
            for each in value:
                self._judge(each, kind.removeprefix("Array of "), where)
        elif kind in FACTS["types"] and isinstance(value, dict):
            self._judge_fields(value, FACTS["types"][kind], f"{where}: {kind}")
        elif not self._is(value, kind):
            self.violations.append(f"{where}: {value!r} is no {kind}")

    def _judge_fields(self, values: Json, facts: Json, where: str) -> None:
        for name, value in values.items():
            if name in facts:
                self._judge(value, facts[name]["type"], f"{where}.{name}")
            else:
                self.violations.append(f"{where} has no field {name}")
        for name, fact in facts.items():
            if fact["required"] and name not in values:
                self.violations.append(f"{where} lacks {name}")

    @staticmethod
    def _is(value: Any, kind: str) -> bool:
        match kind:
            case "Integer":
                return isinstance(value, int) and not isinstance(value, bool)
            case "String":
                return isinstance(value, str)
            case "Boolean":
                return isinstance(value, bool)
            case "True":
                return value is True
            case _:
                return isinstance(value, dict)


def error(code: int, description: str, **parameters: int) -> httpx.Response:
    body: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return httpx.Response(code, json=body)


def refusing(code: int, description: str, **parameters: int) -> Fault:
    """Telegram says no, and does nothing."""
    return lambda _: error(code, description, **parameters)


def flood(seconds: int) -> Fault:
    return refusing(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def page(code: int) -> Fault:
    """Something between the bot and Telegram answers with a page of its own."""
    return lambda _: httpx.Response(code, text="<html>nginx</html>")


def unreachable(_: Callable[[], httpx.Response]) -> httpx.Response:
    raise httpx.ConnectError("no route")


def reset(_: Callable[[], httpx.Response]) -> httpx.Response:
    raise httpx.ReadError("connection reset by peer")


def lost_reply(perform: Callable[[], httpx.Response]) -> httpx.Response:
    """Telegram does it, but its answer never arrives."""
    perform()
    raise httpx.ReadTimeout("")


def truncated_reply(perform: Callable[[], httpx.Response]) -> httpx.Response:
    """Telegram does it, but half of its answer is lost."""
    whole = perform().content
    return httpx.Response(200, content=whole[: len(whole) // 2])


def reply_without_result(perform: Callable[[], httpx.Response]) -> httpx.Response:
    perform()
    return httpx.Response(200, json={"ok": True})


def _json_or_text(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
