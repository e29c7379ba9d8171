"""What the tests' Telegram shows of the bot itself: its name, its descriptions, its menus.

The limits are those that TDLib keeps (`set_commands`, `validate_bot_language_code`) and that
https://core.telegram.org/bots/api#setmyname and its neighbours tell of.
"""

from __future__ import annotations

import re
from typing import Any

import httpx

from tests.bot.chats import Chats, Refusal
from tests.bot.messages import Call

Json = dict[str, Any]

_LONGEST = {"name": 64, "description": 512, "short_description": 120}
_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat")
_OK = {"ok": True, "result": True}


class ShownProfile:
    """Takes what the bot sets, and tells what people see of it. Its methods are named as calls."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._words: dict[tuple[str, str], str] = {}
        self._menus: dict[tuple[str, str], list[Json]] = {}

    def write(self, field: str, words: str) -> None:
        """As the owner does it in the chat with @BotFather."""
        self._words[field, ""] = words

    def words(self, field: str, code: str = "") -> str:
        """A name, description or short_description, as a client in this language shows it."""
        return self._words.get((field, code)) or self._words.get((field, ""), "")

    def menu(self, chat_id: int, code: str = "", *, administers: bool = False) -> dict[str, str]:
        """Commands and what they do, as somebody in a chat sees them."""
        private = ("all_private_chats",)
        group = (*(("all_chat_administrators",) if administers else ()), "all_group_chats")
        for scope in (_chat(chat_id), *(private if chat_id > 0 else group), "default"):
            for language in (code, ""):
                if found := self._menus.get((scope, language)):
                    return {each["command"]: each["description"] for each in found}
        return {}

    def setMyName(self, call: Call) -> httpx.Response:  # noqa: N802
        return self._set_words(call, "name")

    def setMyDescription(self, call: Call) -> httpx.Response:  # noqa: N802
        return self._set_words(call, "description")

    def setMyShortDescription(self, call: Call) -> httpx.Response:  # noqa: N802
        return self._set_words(call, "short_description")

    def getMyDescription(self, call: Call) -> httpx.Response:  # noqa: N802
        return self._get_words(call, "description")

    def getMyShortDescription(self, call: Call) -> httpx.Response:  # noqa: N802
        return self._get_words(call, "short_description")

    def setMyCommands(self, call: Call) -> httpx.Response:  # noqa: N802
        where = self._scope(call), _language(call)
        commands = call.parameters["commands"]
        if len(commands) > 100:
            raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for each in commands:
            if not re.fullmatch("[a-z0-9_]{1,32}", each["command"]):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(each["description"].strip()) <= 256:
                raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self._menus[where] = commands
        return httpx.Response(200, json=_OK)

    def deleteMyCommands(self, call: Call) -> httpx.Response:  # noqa: N802
        self._menus.pop((self._scope(call), _language(call)), None)
        return httpx.Response(200, json=_OK)

    def _set_words(self, call: Call, field: str) -> httpx.Response:
        words, code = call.parameters.get(field, ""), _language(call)
        if len(words) > _LONGEST[field]:
            raise Refusal(400, f"Bad Request: the bot's {field} is too long")
        self._words[field, code] = words
        return httpx.Response(200, json=_OK)

    def _get_words(self, call: Call, field: str) -> httpx.Response:
        words = self.words(field, _language(call))
        return httpx.Response(200, json={"ok": True, "result": {field: words}})

    def _scope(self, call: Call) -> str:
        scope = call.parameters.get("scope", {"type": "default"})
        if scope.get("type") not in _SCOPES:
            raise Refusal(400, "Bad Request: can't parse BotCommandScope: Unsupported type")
        if scope["type"] != "chat":
            return str(scope["type"])
        self._chats[scope["chat_id"]].check()
        return _chat(scope["chat_id"])


def _chat(chat_id: int) -> str:
    return f"chat {chat_id}"


def _language(call: Call) -> str:
    code = call.parameters.get("language_code", "")
    if not re.fullmatch("(?:[a-z]{2})?", code):
        raise Refusal(400, "Bad Request: Invalid language code specified")
    return str(code)
