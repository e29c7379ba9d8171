"""`archive-bot run`: the bot in Telegram, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal

from telegram.error import InvalidToken, TelegramError

from bot.assembly import (
    living_library,
    opened_archive,
    owned_index,
    owner_told,
    telegram_application,
)
from bot.errors import BotError, UsageError
from bot.progress import LogProgress
from bot.serving import serve
from config.settings import Settings

logger = logging.getLogger(__name__)

#: Seconds a question waits for an index or a model that is not there yet.
_PATIENCE = 20.0


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    token = settings.telegram.token
    if token is None:
        raise UsageError(
            "there is no token: make a bot with @BotFather in Telegram and set"
            " ARCHIVE_BOT_TELEGRAM__TOKEN to the token it gives you"
            " (to try the bot without one: archive-bot chat)"
        )
    try:
        stopped_by = asyncio.run(_run(settings, token.get_secret_value()))
    except InvalidToken as error:
        raise UsageError(
            f"{error.message}: compare ARCHIVE_BOT_TELEGRAM__TOKEN with what @BotFather shows"
        ) from None
    except TelegramError as error:
        raise BotError(f"Telegram refused: {error.message}") from None
    return 130 if stopped_by == signal.SIGINT else 0


async def _run(settings: Settings, token: str) -> signal.Signals:
    stop = asyncio.Event()
    stopped_by = signal.SIGTERM

    def on_signal(number: signal.Signals) -> None:
        nonlocal stopped_by
        stopped_by = number
        logger.info("stopping")
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal, number)
    with (
        opened_archive(settings) as archive,
        owned_index(settings, archive, "archive-bot run", LogProgress()) as index,
    ):
        async with living_library(
            settings, archive, index, gathers=True, patience=_PATIENCE
        ) as library:
            application = telegram_application(settings, library, token)
            async with owner_told(settings, archive, application):
                await serve(application, stop)
    return stopped_by
