"""People who write to the bot, and the updates that Telegram makes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from telegram import Update
from telegram.ext import Application

from tests.bot.bot_api import ME, FakeTelegram, Sent

Json = dict[str, Any]

_COMMAND = re.compile(r"/[A-Za-z0-9_]+(?:@\w+)?")
_ids = count(1)


@dataclass(frozen=True)
class Reaction:
    """What a person sees for a press: over the chat, and in it.

    `answers` counts how often the button was told to cease to spin.
    """

    answers: int
    toast: str | None
    alert: bool
    sent: list[Sent]
    edits: list[Sent]


class Person:
    """Someone in a chat of theirs with the bot, or in a group."""

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        telegram: FakeTelegram,
        *,
        chat: Json | None = None,
        language_code: str | None = "en",
        person_id: int = 50,
    ) -> None:
        self.application = application
        self.telegram = telegram
        self.chat = chat or {"id": person_id, "type": "private", "first_name": "Ada"}
        self.sender: Json = {"id": person_id, "is_bot": False, "first_name": "Ada"}
        if language_code is not None:
            self.sender["language_code"] = language_code

    def message(self, text: str | None = None, **fields: Any) -> Json:
        found = {
            "message_id": next(_ids),
            "date": 1_760_000_000,
            "chat": self.chat,
            "from": self.sender,
            **fields,
        }
        if text is not None:
            found["text"] = text
            if command := _COMMAND.match(text):
                length = len(command.group())
                looks = [{"type": "bot_command", "offset": 0, "length": length}]
                found.setdefault("entities", looks)
        return found

    def update(self, text: str | None = None, **fields: Any) -> Json:
        return {"update_id": next(_ids), "message": self.message(text, **fields)}

    async def says(self, text: str | None = None, **fields: Any) -> list[Sent]:
        """Write something; what the bot sent by the time it was done with it."""
        return await self.happens(self.update(text, **fields))

    async def happens(self, update: Json) -> list[Sent]:
        before = len(self.telegram.sent)
        self.telegram._judge(update, "Update", "an update of the test's own")
        await self.application.process_update(Update.de_json(update, self.application.bot))
        return self.telegram.sent[before:]

    async def replies(self, sent: Sent, text: str | None = None, **fields: Any) -> list[Sent]:
        """Write something in reply to a message of the bot."""
        return await self.says(text, reply_to_message=self.message_of(sent), **fields)

    async def presses(self, sent: Sent, label: str) -> Reaction:
        """Press the button whose label holds this."""
        return await self.presses_data(sent.button(label), message=self.message_of(sent))

    async def presses_data(self, data: str | None, **fields: Any) -> Reaction:
        """Press a button with this data, below `message`, which may be one of any kind."""
        query: Json = {
            "id": str(next(_ids)),
            "from": self.sender,
            "chat_instance": "c",
            **fields,
        }
        if data is not None:
            query["data"] = data
        answered = len(self.telegram.called("answerCallbackQuery"))
        edited = len(self.telegram.edits)
        sent = await self.happens({"update_id": next(_ids), "callback_query": query})
        answers = self.telegram.called("answerCallbackQuery")[answered:]
        last = answers[-1] if answers else {}
        return Reaction(
            len(answers),
            last.get("text"),
            last.get("show_alert", False),
            sent,
            self.telegram.edits[edited:],
        )

    async def types(self, query: str, offset: str = "", query_id: str | None = None) -> list[Json]:
        """Type the bot's name and this in any chat; how the bot answered, if it did."""
        answered = len(self.telegram.called("answerInlineQuery"))
        told: Json = {
            "id": query_id or str(next(_ids)),
            "from": self.sender,
            "query": query,
            "offset": offset,
        }
        await self.happens({"update_id": next(_ids), "inline_query": told})
        return self.telegram.called("answerInlineQuery")[answered:]

    def message_of(self, sent: Sent) -> Json:
        """A message of the bot as Telegram tells of it."""
        found: Json = {
            "message_id": sent.message_id,
            "date": 1_760_000_000,
            "chat": {**self.chat, "id": sent.chat_id},
            "from": {key: ME[key] for key in ("id", "is_bot", "first_name", "username")},
            "text": sent.text,
        }
        if markup := sent.parameters.get("reply_markup", {}).get("inline_keyboard"):
            found["reply_markup"] = {"inline_keyboard": markup}
        if sent.topic:
            found |= {"message_thread_id": sent.topic, "is_topic_message": True}
        return found

    async def changes_membership(self, old: Json, new: Json) -> list[Sent]:
        """Make the bot something else here; both as a `ChatMember` without its user."""
        bot = {key: ME[key] for key in ("id", "is_bot", "first_name", "username")}
        changed = {
            "chat": self.chat,
            "from": self.sender,
            "date": 1_760_000_000,
            "old_chat_member": {"user": bot, **old},
            "new_chat_member": {"user": bot, **new},
        }
        return await self.happens({"update_id": next(_ids), "my_chat_member": changed})
