"""The chats that the tests' Telegram knows, and why one may refuse a message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]

BOT_ID = 7
#: Thread 1 is a forum's general topic: what is sent to it must not name it.
GENERAL = 1

Gone = Literal[
    "blocked", "kicked", "deactivated", "deleted", "never started", "not found", "no rights"
]
_GONE: dict[Gone, tuple[int, str]] = {
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "kicked": (403, "Forbidden: bot was kicked from the {type} chat"),
    "deactivated": (403, "Forbidden: user is deactivated"),
    "deleted": (403, "Forbidden: the group chat was deleted"),
    "never started": (403, "Forbidden: bot can't initiate conversation with a user"),
    "not found": (400, "Bad Request: chat not found"),
    "no rights": (400, "Bad Request: not enough rights to send text messages to the chat"),
}


class Refusal(Exception):
    """Telegram's no: an error code, a description and further parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


@dataclass
class Chat:
    """A chat; tests change it as people do.

    `admins` are the ids of people, and of the bot, who administer it: in a channel the bot must be
    one of them. `gone` says why the bot can reach nobody here, `moved_to` which supergroup this
    group has become.
    """

    id: int
    type: str
    title: str = ""
    username: str | None = None
    is_forum: bool = False
    admins: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    gone: Gone | None = None
    moved_to: int | None = None
    closed_topics: set[int] = field(default_factory=set)
    deleted_topics: set[int] = field(default_factory=set)

    @property
    def facts(self) -> Json:
        """It as a `Chat` of the Bot API."""
        found: Json = {"id": self.id, "type": self.type}
        found["first_name" if self.type == "private" else "title"] = self.title
        if self.username is not None:
            found["username"] = self.username
        if self.is_forum:
            found["is_forum"] = True
        return found

    @property
    def full_facts(self) -> Json:
        """It as a `ChatFullInfo`."""
        gifts = "gifts_from_channels limited_gifts premium_subscription unique_gifts".split()
        return {
            **self.facts,
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys([*gifts, "unlimited_gifts"], False),
        }

    def member(self, user_id: int) -> Json:
        """What someone is here, as a `ChatMember`."""
        person: Json = {"id": user_id, "is_bot": user_id == BOT_ID, "first_name": f"No. {user_id}"}
        if user_id in self.left or (user_id == BOT_ID and self.gone == "kicked"):
            return {"status": "left", "user": person}
        if user_id not in self.admins:
            return {"status": "member", "user": person}
        if user_id == min(self.admins - {BOT_ID}, default=None):
            return {"status": "creator", "user": person, "is_anonymous": False}
        rights = (
            "can_be_edited can_change_info can_delete_messages can_delete_stories can_edit_stories"
            " can_invite_users can_manage_chat can_manage_video_chats can_post_stories"
            " can_promote_members can_restrict_members can_send_welcome_messages is_anonymous"
        ).split()
        may = dict.fromkeys(rights, False) | {"can_manage_chat": True}
        if self.type == "channel":
            may |= {"can_post_messages": True, "can_edit_messages": True}
        return {"status": "administrator", "user": person, **may}

    def check(self) -> None:
        """Raises `Refusal` where the bot can do nothing here."""
        if self.moved_to is not None:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, text, migrate_to_chat_id=self.moved_to)
        if self.gone is not None:
            code, text = _GONE[self.gone]
            raise Refusal(code, text.format(type=self.type))

    def check_message(self, topic: int | None) -> None:
        """Raises `Refusal` where no message can be written here, or in this topic."""
        self.check()
        if self.type == "channel" and BOT_ID not in self.admins:
            raise Refusal(400, "Bad Request: need administrator rights in the channel chat")
        if topic is None:
            return
        if topic == GENERAL or topic in self.deleted_topics or self.type in ("private", "channel"):
            raise Refusal(400, "Bad Request: message thread not found")
        if topic in self.closed_topics:
            raise Refusal(400, "Bad Request: TOPIC_CLOSED")


class Chats:
    """All of them; one that nobody told of is made up when the bot writes to it."""

    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}

    def add(self, chat_id: int, type: str, **fields: Any) -> Chat:
        """A chat with these fields of `Chat`; one that was there before is changed."""
        chat = self._chats.setdefault(chat_id, Chat(chat_id, type))
        chat.type = type
        for name, value in fields.items():
            if not hasattr(chat, name):
                raise TypeError(f"a chat has no {name}")
            setattr(chat, name, value)
        return chat

    def __getitem__(self, chat_id: int | str) -> Chat:
        """By number or by @name. Raises `Refusal` for a name that nobody has."""
        if isinstance(chat_id, int):
            if chat_id not in self._chats:
                kind = "private" if chat_id > 0 else "supergroup"
                self._chats[chat_id] = Chat(chat_id, kind, f"Chat {chat_id}")
            return self._chats[chat_id]
        for chat in self._chats.values():
            if chat.username is not None and f"@{chat.username}".lower() == chat_id.lower():
                return chat
        raise Refusal(400, "Bad Request: chat not found")

    def move(self, old: int, new: int) -> Chat:
        """A group becomes a supergroup; what its members were they still are."""
        group = self[old]
        group.moved_to = new
        return self.add(new, "supergroup", title=group.title, admins=set(group.admins))
