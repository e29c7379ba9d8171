"""Who looks after the bot, and where: in a private chat, and in the admins' group if there is."""

from __future__ import annotations

from telegram import Chat, Message
from telegram.constants import ChatType
from telegram.ext import filters

from bot.context import Desk
from bot.handlers.presses import Press


class Admins(filters.MessageFilter):
    """Messages of admins, there. Nobody else hears that there is anything to look after."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def filter(self, message: Message) -> bool:
        person = message.from_user
        if person is None or message.sender_chat is not None:
            return False
        return _looks_after(self._desk, person.id, message.chat)


def may_press(desk: Desk, press: Press) -> bool:
    """Whether who pressed is an admin, there."""
    return _looks_after(desk, press.person.id, press.chat)


def _looks_after(desk: Desk, person_id: int, chat: Chat) -> bool:
    here = chat.type == ChatType.PRIVATE or chat.id == desk.admin_chat
    return person_id in desk.admins and here
