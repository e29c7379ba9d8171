"""`archive-bot run`: the bot in Telegram, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
from datetime import UTC, datetime
from functools import partial

from telegram.error import InvalidToken, TelegramError

from bot.assembly import (
    admission_of,
    deliverer_of,
    desk_of,
    living_library,
    notifier_of,
    opened_archive,
    opened_ledger,
    owned_index,
    owner_told,
    telegram_application,
    webhook_of,
    working,
)
from bot.errors import BotError, UsageError
from bot.ledger.writing import Writer
from bot.pace import Pace
from bot.progress import LogProgress
from bot.retention import forgetting
from bot.schedule import notifying
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
        opened_ledger(settings) as ledger,
        owned_index(settings, archive, "archive-bot run", LogProgress()) as index,
    ):
        admission = admission_of(settings, ledger)
        notifier = notifier_of(settings, archive, ledger, index, admission=admission)
        await asyncio.to_thread(notifier.begin)  # before anything is gathered
        async with (
            Writer(ledger) as writer,
            living_library(settings, archive, index, gathers=True, patience=_PATIENCE) as library,
        ):
            desk = desk_of(settings, library, ledger, writer, admission)
            pace = Pace(settings.telegram.rate)
            application = telegram_application(settings, library, desk, pace, token)
            deliverer = deliverer_of(settings, archive, desk, pace, application)
            async with (
                owner_told(settings, archive, application),
                forgetting(ledger, settings.privacy.keep_questions, clock=_now),
                notifying(notifier, deliverer.wake, interval=settings.notify.interval),
            ):
                await serve(
                    application,
                    stop,
                    webhook=webhook_of(settings, token),
                    alongside=partial(working, settings, desk, application, deliverer),
                )
    return stopped_by


def _now() -> datetime:
    return datetime.now(UTC)
