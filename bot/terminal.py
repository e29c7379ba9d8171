"""The bot in a terminal: lines -> updates -> the application -> its requests -> the screen.

No token and no network: python-telegram-bot's own request interface is answered in this process,
as strictly as Telegram would.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TextIO

from telegram import Update
from telegram.ext import Application
from telegram.request import BaseRequest, RequestData

from bot.cutting import LONGEST_MESSAGE, LONGEST_SOURCE
from bot.screen import on_screen
from bot.telegram_html import Entity, HtmlError, Parsed, parse_html

TERMINAL_TOKEN = "1:terminal"  # the library insists on the shape of one
PROMPT = "you> "

_BOT = {"id": 1, "is_bot": True, "first_name": "Archive bot", "username": "archive_bot"}
_YOU = {"id": 2, "is_bot": False, "first_name": "You"}
_CHAT = {"id": 2, "type": "private", "first_name": "You"}
_COMMAND = re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")

Json = dict[str, Any]


class BadRequestError(Exception):
    """The text is the description of a 400."""


class TerminalRequest(BaseRequest):
    """Answers the Bot API in this process.

    `show` gets each message that Telegram would have shown, `show_typing` is called for each
    typing action.
    """

    def __init__(
        self,
        show: Callable[[Parsed], None] = lambda _: None,
        show_typing: Callable[[], None] = lambda: None,
    ) -> None:
        self.show = show
        self.show_typing = show_typing
        self._message_id = 0
        self._answers: dict[str, Callable[[Json], Any]] = {
            "getMe": lambda _: _BOT,
            "sendMessage": self._send_message,
            "editMessageText": self._send_message,
            "sendChatAction": self._send_chat_action,
            "deleteWebhook": lambda _: True,
        }

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def next_message_id(self) -> int:
        self._message_id += 1
        return self._message_id

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        try:
            answer = self._answers.get(name)
            if answer is None:
                raise BadRequestError(f"a terminal has no use for the method {name}")
            result = answer(dict(request_data.parameters) if request_data else {})
        except BadRequestError as error:
            description = f"Bad Request: {error}"
            return 400, _json({"ok": False, "error_code": 400, "description": description})
        return 200, _json({"ok": True, "result": result})

    def _send_message(self, parameters: Json) -> Json:
        parsed = _shown(parameters)
        message_id = parameters.get("message_id") or self.next_message_id()
        self.show(parsed)
        return {
            "message_id": message_id,
            "date": int(time.time()),
            "from": _BOT,
            "chat": {**_CHAT, "id": parameters["chat_id"]},
            "text": parsed.text,
            "entities": [_entity(entity) for entity in parsed.entities],
        }

    def _send_chat_action(self, parameters: Json) -> bool:
        if parameters.get("action") == "typing":
            self.show_typing()
        return True


async def converse(
    application: Application[Any, Any, Any, Any, Any, Any],
    lines: AsyncIterator[str],
    out: TextIO,
    *,
    language_code: str | None = None,
    colour: bool = False,
    interactive: bool = False,
) -> None:
    """Feed each line as a private message, and print what a phone would show.

    The application's requests must be a `TerminalRequest`. A line is read only after the one before
    is answered. `interactive` means that a person types: they get a prompt and see the typing
    action; otherwise each line is echoed. Ends with the lines.
    """
    request = application.bot.request
    if not isinstance(request, TerminalRequest):
        raise TypeError(f"the application must speak through a TerminalRequest, not {request!r}")
    screen = _Screen(out, colour=colour, interactive=interactive)
    request.show, request.show_typing = screen.show, screen.show_typing
    async with application:
        while True:
            line = await screen.next_line(lines)
            if line is None:
                return
            if not line.strip():
                continue
            update = _update(request.next_message_id(), line.strip(), language_code)
            await application.process_update(Update.de_json(update, application.bot))
            screen.wipe_typing()


class _Screen:
    """Writes what a person reads; `typing ...` is wiped before anything else."""

    def __init__(self, out: TextIO, *, colour: bool, interactive: bool) -> None:
        self._out = out
        self._colour = colour
        self._interactive = interactive
        self._typing = False

    async def next_line(self, lines: AsyncIterator[str]) -> str | None:
        """The next line, or None at their end."""
        if self._interactive:
            self._write(PROMPT)
        try:
            line = await anext(lines)
        except (StopAsyncIteration, EOFError, KeyboardInterrupt, asyncio.CancelledError) as end:
            if self._interactive:
                self._write("\n")
            if isinstance(end, asyncio.CancelledError):
                raise
            return None
        if not self._interactive and line.strip():
            self._write(f"{PROMPT}{line.strip()}\n")
        return line

    def show(self, parsed: Parsed) -> None:
        self.wipe_typing()
        self._write(f"{on_screen(parsed, colour=self._colour)}\n\n")

    def show_typing(self) -> None:
        if self._interactive and self._out.isatty() and not self._typing:
            self._typing = True
            self._write("…")

    def wipe_typing(self) -> None:
        if self._typing:
            self._typing = False
            self._write("\r \r")

    def _write(self, words: str) -> None:
        try:
            self._out.write(words)
        except UnicodeEncodeError:  # a terminal that knows no Chinese is no reason to stop
            encoding = self._out.encoding or "ascii"
            self._out.write(words.encode(encoding, "replace").decode(encoding))
        self._out.flush()


def _shown(parameters: Json) -> Parsed:
    """What Telegram would show of a message, after the same checks."""
    source = parameters.get("text", "")
    if len(source.encode("utf-8", "replace")) > LONGEST_SOURCE:
        raise BadRequestError("text is too long")
    html = parameters.get("parse_mode") == "HTML"
    try:
        parsed = parse_html(source) if html else Parsed(source, ())
    except HtmlError as error:
        raise BadRequestError(f"can't parse entities: {error}") from error
    if not parsed.text.strip():
        raise BadRequestError("message text is empty")
    if _units(parsed.text) > LONGEST_MESSAGE:
        raise BadRequestError("message is too long")
    return parsed


def _update(message_id: int, words: str, language_code: str | None) -> Json:
    commands = [
        {
            "type": "bot_command",
            "offset": _units(words[: found.start()]),
            "length": _units(found.group()),
        }
        for found in _COMMAND.finditer(words)
    ]
    return {
        "update_id": message_id,
        "message": {
            "message_id": message_id,
            "date": int(time.time()),
            "chat": _CHAT,
            "from": {**_YOU, **({"language_code": language_code} if language_code else {})},
            "text": words,
            **({"entities": commands} if commands else {}),
        },
    }


def _entity(entity: Entity) -> Json:
    url = {} if entity.url is None else {"url": entity.url}
    return {"type": entity.type, "offset": entity.offset, "length": entity.length, **url}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _json(value: Json) -> bytes:
    return json.dumps(value).encode()
