"""People who write to the bot, and the updates that Telegram makes of it."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

from telegram import Update
from telegram.ext import Application

from tests.bot.bot_api import FakeTelegram, Sent

Json = dict[str, Any]

_COMMAND = re.compile(r"/[A-Za-z0-9_]+(?:@\w+)?")
_ids = count(1)


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
                found["entities"] = [
                    {"type": "bot_command", "offset": 0, "length": len(command.group())}
                ]
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
