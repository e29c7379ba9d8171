"""Telegram's Bot API as far as the tests need it: judges every request and every response."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx

from tests.bot.chats import BOT_ID, Chat, Chats, Refusal
from tests.bot.faults import (
    Fault,
    error,
    flood,
    lost_reply,
    page,
    refusing,
    reply_without_result,
    reset,
    truncated_reply,
    unreachable,
)
from tests.bot.inline import check_results
from tests.bot.judging import METHODS, Json, wrong, wrong_fields
from tests.bot.limits import Limits
from tests.bot.messages import Call, Sent, check_markup, written
from tests.bot.profile import ShownProfile

if TYPE_CHECKING:
    from telegram.request import HTTPXRequest

__all__ = [
    "ME",
    "TOKEN",
    "FakeTelegram",
    "Fault",
    "Sent",
    "error",
    "flood",
    "lost_reply",
    "page",
    "refusing",
    "reply_without_result",
    "reset",
    "truncated_reply",
    "unreachable",
]

TOKEN = "7:secret-token"
ME = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "Archive",
    "username": "test_archive_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}
#: What counts against the limits.
MESSAGES = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup"})
_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are"
    " exactly the same as a current content and reply markup of the message"
)


class FakeTelegram:
    """A Bot API server behind `httpx.MockTransport`, with switches for its faults.

    `chats` may be changed as people change them, `limits` set to be kept; `chance` is asked for a
    fault for each call that has none. `sent` holds the messages as they were sent, `edits` as they
    were edited, `shown` how they look now.
    """

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.chats = Chats()
        self.profile = ShownProfile(self.chats)
        self.limits: Limits | None = None
        self.chance: Callable[[Call], Fault | None] | None = None
        self.sent: list[Sent] = []
        self.edits: list[Sent] = []
        self.calls: list[tuple[str, Json]] = []
        self.journal: list[Call] = []
        self.urls: list[str] = []
        self.violations: list[str] = []
        self.pending: list[Json] = []
        self.confirmed = 0
        self.repeated: list[Json] = []
        self.webhook: Json = {}
        self.old_queries: set[str] = set()
        self.news = asyncio.Event()
        self.faults: dict[str, deque[Fault]] = {}
        self._faults_by_chat: dict[tuple[str, int], deque[Fault]] = {}
        self._messages: dict[tuple[int, int], Sent] = {}
        self._confirmed: list[Json] = []
        self._allowed: frozenset[str] = frozenset()
        self._polls = 0
        self._message_id = 1000

    def request(self) -> HTTPXRequest:
        from telegram.request import HTTPXRequest  # a server process has no use for it

        return HTTPXRequest(httpx_kwargs={"transport": httpx.MockTransport(self._handle)})

    def fail(self, method: str, *faults: Fault, chat_id: int | None = None) -> None:
        """The next calls of the method (for this chat, if one is named) meet these, one each."""
        if chat_id is None:
            self.faults.setdefault(method, deque()).extend(faults)
        else:
            self._faults_by_chat.setdefault((method, chat_id), deque()).extend(faults)

    def receive(self, *updates: Json) -> None:
        """Updates that wait to be fetched by `getUpdates`, or to be posted to the webhook."""
        for update in updates:
            self._judge(update, "Update", "an update of the test's own")
        self.pending.extend(updates)
        self.news.set()

    def repeat(self) -> None:
        """The updates that were confirmed last come once more."""
        self.repeated.extend(self._confirmed)
        self.news.set()

    def called(self, method: str) -> list[Json]:
        return [parameters for name, parameters in self.calls if name == method]

    def shown(self, chat_id: int) -> list[Sent]:
        """The messages in a chat as they look now, oldest first."""
        return [message for (chat, _), message in self._messages.items() if chat == chat_id]

    def delete(self, sent: Sent) -> None:
        """Someone deletes this message."""
        self._messages.pop((sent.chat_id, sent.message_id), None)

    def confirm(self, update_id: int) -> None:
        """All updates up to this one were received."""
        done = [each for each in self.pending if each["update_id"] <= update_id]
        self._confirmed = done or self._confirmed
        self.confirmed = max(self.confirmed, update_id)
        self.pending = [each for each in self.pending if each["update_id"] > update_id]

    def wanted(self, updates: list[Json]) -> list[Json]:
        """Those of a kind that the bot has asked for; the others it never hears of."""
        kinds = self._allowed
        return [each for each in updates if not kinds or kinds & each.keys()]

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        return await self.answer(str(request.url), await request.aread())

    async def answer(self, url: str, body: bytes) -> httpx.Response:
        """Answer one request. Raises an `httpx.TransportError` where no answer is to arrive."""
        self.urls.append(url)
        *_, secret, method = url.partition("?")[0].split("/")
        if secret != f"bot{self.token}":
            return error(401, "Unauthorized")
        facts = METHODS.get(method)
        if facts is None or self._method(method) is None:
            self.violations.append(f"{method} is not known to the tests")
            return error(404, "Not Found: method not found")
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        parameters = {}
        for name, value in fields.items():
            kind = facts.get(name, {"type": "String"})["type"]
            parameters[name] = value if kind == "String" else _json_or_text(value)
        self.violations += wrong_fields(parameters, facts, method)
        self.calls.append((method, parameters))
        chat_id = parameters.get("chat_id")
        call = Call(method, parameters, time.time(), chat_id if isinstance(chat_id, int) else None)
        self.journal.append(call)
        if "allowed_updates" in parameters:
            self._allowed = frozenset(parameters["allowed_updates"])
        fault = self._fault(call)
        if method == "getUpdates" and fault is None:
            await self._wait_for_news(call)
        if fault is None:
            response = self._perform(call)
        else:
            call.fault = getattr(fault, "name", getattr(fault, "__name__", "fault"))
            met = fault(lambda: self._perform(call))
            response = await met if inspect.isawaitable(met) else met
        call.status = response.status_code
        return response

    def _fault(self, call: Call) -> Fault | None:
        if call.chat_id is not None and (
            waiting := self._faults_by_chat.get((call.method, call.chat_id))
        ):
            return waiting.popleft()
        if waiting := self.faults.get(call.method):
            return waiting.popleft()
        return None if self.chance is None else self.chance(call)

    def _perform(self, call: Call) -> httpx.Response:
        try:
            if self.limits is not None and call.method in MESSAGES and call.chat_id is not None:
                wait = self.limits.refuses(call.chat_id)
                if wait is not None:
                    said = f"Too Many Requests: retry after {wait}"
                    raise Refusal(429, said, retry_after=wait)
            perform = self._method(call.method)
            assert perform is not None
            response: httpx.Response = perform(call)
        except Refusal as refusal:
            call.refused = refusal.description
            return error(refusal.code, refusal.description, **refusal.parameters)
        return response

    def _method(self, name: str) -> Callable[[Call], httpx.Response] | None:
        found = getattr(self, f"_{name}", None) or getattr(self.profile, name, None)
        return found if callable(found) else None

    def _getMe(self, _: Call) -> httpx.Response:  # noqa: N802
        return self._ok(ME, "User")

    def _sendChatAction(self, call: Call) -> httpx.Response:  # noqa: N802
        self.chats[call.parameters["chat_id"]].check()
        return self._ok(True)

    def _sendMessage(self, call: Call) -> httpx.Response:  # noqa: N802
        chat = self.chats[call.parameters["chat_id"]]
        chat.check_message(call.parameters.get("message_thread_id"))
        self._message_id += 1
        sent = written(call, chat, self._message_id)
        self.sent.append(sent)
        return self._keep(call, chat, sent)

    def _editMessageText(self, call: Call) -> httpx.Response:  # noqa: N802
        chat, before = self._edited(call)
        sent = written(call, chat, before.message_id)
        return self._edit(call, chat, before, sent)

    def _editMessageReplyMarkup(self, call: Call) -> httpx.Response:  # noqa: N802
        chat, before = self._edited(call)
        check_markup(call.parameters.get("reply_markup"))
        parameters = {key: v for key, v in before.parameters.items() if key != "reply_markup"}
        if "reply_markup" in call.parameters:
            parameters["reply_markup"] = call.parameters["reply_markup"]
        return self._edit(call, chat, before, replace(before, parameters=parameters, at=call.at))

    def _deleteMessage(self, call: Call) -> httpx.Response:  # noqa: N802
        key = (self.chats[call.parameters["chat_id"]].id, call.parameters["message_id"])
        if self._messages.pop(key, None) is None:
            raise Refusal(400, "Bad Request: message to delete not found")
        return self._ok(True)

    def _answerCallbackQuery(self, call: Call) -> httpx.Response:  # noqa: N802
        if len(call.parameters.get("text", "")) > 200:
            self.violations.append("answerCallbackQuery.text is longer than 200 characters")
        if call.parameters["callback_query_id"] in self.old_queries:
            old = "query is too old and response timeout expired or query ID is invalid"
            raise Refusal(400, f"Bad Request: {old}")
        return self._ok(True)

    def _answerInlineQuery(self, call: Call) -> httpx.Response:  # noqa: N802
        check_results(call)
        if call.parameters["inline_query_id"] in self.old_queries:
            old = "query is too old and response timeout expired or query ID is invalid"
            raise Refusal(400, f"Bad Request: {old}")
        return self._ok(True)

    def _getChat(self, call: Call) -> httpx.Response:  # noqa: N802
        chat = self.chats[call.parameters["chat_id"]]
        chat.check()
        return self._ok(chat.full_facts, "ChatFullInfo")

    def _getChatMember(self, call: Call) -> httpx.Response:  # noqa: N802
        chat = self.chats[call.parameters["chat_id"]]
        chat.check()
        if chat.type == "channel" and BOT_ID not in chat.admins:
            raise Refusal(400, "Bad Request: member list is inaccessible")
        return self._ok(chat.member(call.parameters["user_id"]), "ChatMember")

    def _getChatAdministrators(self, call: Call) -> httpx.Response:  # noqa: N802
        chat = self.chats[call.parameters["chat_id"]]
        chat.check()
        if chat.type == "private":
            raise Refusal(400, "Bad Request: there are no administrators in the private chat")
        people = sorted(chat.admins - {BOT_ID})  # other bots are left out; so it seems is this one
        return self._ok([chat.member(each) for each in people], "Array of ChatMember")

    def _setWebhook(self, call: Call) -> httpx.Response:  # noqa: N802
        secret = call.parameters.get("secret_token", "x")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = dict(call.parameters) if call.parameters["url"] else {}
        return self._webhook_changed(call)

    def _deleteWebhook(self, call: Call) -> httpx.Response:  # noqa: N802
        self.webhook = {}
        return self._webhook_changed(call)

    def _webhook_changed(self, call: Call) -> httpx.Response:
        if call.parameters.get("drop_pending_updates"):
            self.pending.clear()
        self.news.set()
        return self._ok(True)

    def _getWebhookInfo(self, _: Call) -> httpx.Response:  # noqa: N802
        info = {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": "certificate" in self.webhook,
            "pending_update_count": len(self.pending),
        }
        return self._ok(info, "WebhookInfo")

    def _getUpdates(self, call: Call) -> httpx.Response:  # noqa: N802
        if self.webhook:
            said = "can't use getUpdates method while webhook is active; use deleteWebhook to"
            raise Refusal(409, f"Conflict: {said} delete the webhook first")
        if call.ended:
            said = "terminated by other getUpdates request; make sure that only one bot instance"
            raise Refusal(409, f"Conflict: {said} is running")
        if call.parameters.get("offset"):
            self.confirm(call.parameters["offset"] - 1)
        again, self.repeated = self.repeated, []
        return self._ok(self.wanted(again + self.pending)[: call.parameters.get("limit", 100)])

    async def _wait_for_news(self, call: Call) -> None:
        """Until there is an update to tell of, the time is up, or another asks."""
        parameters = call.parameters
        if parameters.get("offset") and not self.webhook:
            self.confirm(parameters["offset"] - 1)
        self._polls += 1
        mine = self._polls
        self.news.set()
        if not parameters.get("timeout"):
            return
        try:
            async with asyncio.timeout(parameters["timeout"]):
                while mine == self._polls and not self.webhook and not self._fresh(parameters):
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            return
        call.ended = mine != self._polls

    def _fresh(self, parameters: Json) -> bool:
        offset = parameters.get("offset", 0)
        fresh = [each for each in self.pending if each["update_id"] >= offset]
        return bool(self.repeated or self.wanted(fresh))

    def _edited(self, call: Call) -> tuple[Chat, Sent]:
        chat = self.chats[call.parameters["chat_id"]]
        chat.check()
        before = self._messages.get((chat.id, call.parameters["message_id"]))
        if before is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        return chat, before

    def _edit(self, call: Call, chat: Chat, before: Sent, after: Sent) -> httpx.Response:
        if (before.parsed, before.buttons) == (after.parsed, after.buttons):
            raise Refusal(400, _NOT_MODIFIED)
        self.edits.append(after)
        return self._keep(call, chat, after)

    def _keep(self, call: Call, chat: Chat, sent: Sent) -> httpx.Response:
        self._messages[chat.id, sent.message_id] = sent
        call.message_id = sent.message_id
        message: Json = {
            "message_id": sent.message_id,
            "date": int(call.at),
            "chat": chat.facts,
            "from": {key: ME[key] for key in ("id", "is_bot", "first_name", "username")},
            "text": sent.text,
        }
        if sent.topic:
            message |= {"message_thread_id": sent.topic, "is_topic_message": True}
        return self._ok(message, "Message")

    def _ok(self, result: Any, kind: str | None = None) -> httpx.Response:
        if kind is not None:
            self._judge(result, kind, "a response of the tests")
        return httpx.Response(200, json={"ok": True, "result": result})

    def _judge(self, value: Any, kind: str, where: str) -> None:
        self.violations += wrong(value, kind, where)


def _json_or_text(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
