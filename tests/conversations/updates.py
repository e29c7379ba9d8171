"""What people do, as the updates that Telegram makes of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from bot.telegram_html import Parsed
from tests.bot.bot_api import ME
from tests.bot.chats import BOT_ID, Chat

Json = dict[str, Any]

#: The bot itself, as it is named in updates.
BOT: Json = {key: ME[key] for key in ("id", "is_bot", "first_name", "username")}
#: Numbers of people's messages: none of the bot's has such a one.
_numbers = count(500_000)
_ENTITIES = {
    "bot_command": re.compile(r"^/\w+(?:@\w+)?"),
    "mention": re.compile(r"(?<!\w)@\w{4,}"),
    "url": re.compile(r"https?://\S+"),
}
_FILE = {"file_id": "f", "file_unique_id": "u"}
_MEDIA: dict[str, Json] = {
    "sticker": {
        "sticker": {
            **_FILE,
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
    },
    "voice message": {"voice": {**_FILE, "duration": 3}},
    "photo": {"photo": [{**_FILE, "width": 90, "height": 90}]},
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is said: a chat, as updates name it, and a topic of it, if it has any."""

    chat: Json
    topic: int = 0
    topic_name: str = ""

    def message(self, sender: Json, at: datetime, **fields: Any) -> Json:
        """A message here. In a topic it replies, for Telegram, to what opened the topic."""
        found: Json = {
            "message_id": next(_numbers),
            "date": int(at.timestamp()),
            "chat": self.chat,
            "from": sender,
        }
        if self.topic:
            found |= {"message_thread_id": self.topic, "is_topic_message": True}
            opening = {"name": self.topic_name, "icon_color": 0x6FB9F0}
            found["reply_to_message"] = {
                **found,
                "message_id": self.topic,
                "forum_topic_created": opening,
            }
        return found | fields


def person_of(number: int, name: str, language: str) -> Json:
    """Someone as the Bot API's `User`."""
    return {"id": number, "is_bot": False, "first_name": name, "language_code": language}


def written(words: str) -> Json:
    """The fields of a message that says this."""
    entities = [
        {"type": kind, "offset": _units(words[: found.start()]), "length": _units(found.group())}
        for kind, pattern in _ENTITIES.items()
        for found in pattern.finditer(words)
    ]
    return {"text": words, **({"entities": entities} if entities else {})}


def media(kind: str) -> Json:
    """The fields of a message that is no text."""
    return _MEDIA[kind]


def forwarded(at: datetime) -> Json:
    """The fields of a message that was forwarded from somebody."""
    origin = {"type": "hidden_user", "date": int(at.timestamp()), "sender_user_name": "Somebody"}
    return {"forward_origin": origin}


def of_the_bot(spot: Spot, number: int, at: datetime, parsed: Parsed, markup: Json | None) -> Json:
    """A message of the bot's, as an update tells of it that presses or replies to it."""
    found = spot.message(BOT, at, message_id=number, text=parsed.text)
    found.pop("reply_to_message", None)
    if markup and "inline_keyboard" in markup:
        found["reply_markup"] = {"inline_keyboard": markup["inline_keyboard"]}
    entities = [*_entities(parsed)]
    return found | ({"entities": entities} if entities else {})


def membership(chat: Json, sender: Json, at: datetime, old: str, new: str) -> Json:
    """What the bot is in a chat changes, such as from `left` to `member`."""
    return {
        "chat": chat,
        "from": sender,
        "date": int(at.timestamp()),
        "old_chat_member": _member(chat, old),
        "new_chat_member": _member(chat, new),
    }


def _member(chat: Json, status: str) -> Json:
    if status == "kicked":
        return {"status": status, "user": BOT, "until_date": 0}
    # Somebody of a smaller number has made the chat.
    admins = {1, BOT_ID} if status == "administrator" else set()
    here = Chat(chat["id"], chat["type"], admins=admins)
    if status == "left":
        here.left.add(BOT_ID)
    return here.member(BOT_ID)


def _entities(parsed: Parsed) -> Iterator[Json]:
    for each in parsed.entities:
        link = {} if each.url is None else {"url": each.url}
        yield {"type": each.type, "offset": each.offset, "length": each.length, **link}


def _units(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
