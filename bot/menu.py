"""The menus of commands that Telegram shows beside the input field: who sees it -> commands. Pure.

In private chats all of them, in groups what everybody there may do, and for the administrators of
groups also what only they may; who looks after the bot has `/admin` besides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from bot.wording import CHINESE, ENGLISH, Wording

COMMANDS = (
    "ask",
    "latest",
    "tags",
    "random",
    "subscribe",
    "subscriptions",
    "unsubscribe",
    "settings",
    "language",
    "privacy",
    "help",
)
ADMIN = "admin"
#: What everybody may do in a group, and what only its administrators may.
_MEMBERS = frozenset({"ask", "latest", "tags", "random", "subscriptions", "help"})
_ADMINISTRATORS = _MEMBERS | {"subscribe", "unsubscribe", "settings", "language"}

#: By the code under which Telegram keeps a menu, the language that it is in. Telegram knows codes
#: of two letters alone, so one Chinese serves all of it; what has no code is for everybody else.
#: https://core.telegram.org/bots/api#setmycommands
CODES = {"": ENGLISH, "zh": CHINESE}

#: All chats of a kind, or one chat by its number.
Audience = Literal["private", "groups", "administrators"] | int


@dataclass(frozen=True, slots=True)
class Menu:
    """What an audience sees whose client speaks the language of one of `CODES`."""

    audience: Audience
    code: str
    commands: tuple[tuple[str, str], ...]  # each with what it does

    @property
    def listed(self) -> list[BotCommand]:
        """It as Telegram takes it."""
        return [BotCommand(command, does) for command, does in self.commands]


def menus(owners: Collection[int] = ()) -> Iterator[Menu]:
    """All menus there are to be; `owners` are the chats where `/admin` is answered."""
    everywhere: list[tuple[Audience, tuple[str, ...]]] = [
        ("private", COMMANDS),
        ("groups", tuple(each for each in COMMANDS if each in _MEMBERS)),
        ("administrators", tuple(each for each in COMMANDS if each in _ADMINISTRATORS)),
    ]
    for chat_id in sorted(owners):
        own = COMMANDS if chat_id > 0 else everywhere[-1][1]
        everywhere.append((chat_id, (*own, ADMIN)))
    for audience, commands in everywhere:
        for code, language in CODES.items():
            wording = Wording(language)
            told = tuple((command, wording.say(f"menu-{command}")) for command in commands)
            yield Menu(audience, code, told)


def scope_of(audience: Audience) -> BotCommandScope:
    """Whom Telegram shows it to."""
    match audience:
        case "private":
            return BotCommandScopeAllPrivateChats()
        case "groups":
            return BotCommandScopeAllGroupChats()
        case "administrators":
            return BotCommandScopeAllChatAdministrators()
        case chat_id:
            return BotCommandScopeChat(chat_id)
