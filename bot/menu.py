"""The menu of commands that Telegram shows beside the input field."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.wording import CHINESE, ENGLISH, Wording

logger = logging.getLogger(__name__)

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
PATIENCE = 15.0  # seconds; the menu is no reason to keep people waiting


async def set_menu(bot: Bot, patience: float = PATIENCE) -> None:
    """Set the menu in English for all and in Chinese for clients in Chinese. Never raises."""
    try:
        async with asyncio.timeout(patience):
            await bot.set_my_commands(_menu(ENGLISH))
            await bot.set_my_commands(_menu(CHINESE), language_code="zh")
    except (TelegramError, TimeoutError) as error:
        logger.warning("the menu of commands could not be set: %r", error)


def _menu(language: str) -> list[BotCommand]:
    wording = Wording(language)
    return [BotCommand(command, wording.say(f"menu-{command}")) for command in COMMANDS]
