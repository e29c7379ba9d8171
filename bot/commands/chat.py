"""`archive-bot chat`: the bot itself, in a terminal."""

from __future__ import annotations

import argparse
import asyncio
import locale
import os
import sys

from bot.assembly import (
    desk_of,
    living_library,
    opened_archive,
    owned_index,
    passing_ledger,
    terminal_application,
)
from bot.keyboard import lines_of
from bot.ledger.writing import Writer
from bot.progress import shown_progress
from bot.terminal import converse
from config.settings import Settings

#: Seconds a question waits for the index: a first one over thousands of articles takes minutes.
_PATIENCE = 3600.0


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    asyncio.run(_chat(settings))
    return 0


async def _chat(settings: Settings) -> None:
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    if interactive:
        sys.stderr.write("Write as you would in Telegram; /help shows how, Ctrl-D ends.\n")
    with (
        opened_archive(settings) as archive,
        passing_ledger() as ledger,
        shown_progress() as progress,
        owned_index(settings, archive, "archive-bot chat", progress) as index,
    ):
        async with (
            Writer(ledger) as writer,
            living_library(settings, archive, index, gathers=False, patience=_PATIENCE) as library,
        ):
            desk = desk_of(settings, library, ledger, writer)
            await converse(
                terminal_application(settings, library, desk),
                lines_of(sys.stdin),
                sys.stdout,
                language_code=_language(),
                colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ,
                interactive=interactive,
            )


def _language() -> str | None:
    """The language of the terminal, None where it tells none: the bot then goes by the text."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    language = locale.normalize(named or "C").split(".")[0]
    return None if language in {"C", "POSIX", "en_US"} else language.replace("_", "-")
