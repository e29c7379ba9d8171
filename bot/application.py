"""The Telegram application: library and plain values -> handlers wired to requests."""

from __future__ import annotations

import os
from itertools import chain
from typing import Any

from telegram.ext import Application, ContextTypes, ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from bot.context import Library
from bot.handlers import ask, latest, otherwise, welcome
from bot.handlers.failures import on_error
from bot.menu import set_menu
from bot.retrying import Retrying
from bot.serving import serve
from bot.updates import Processor, once_only

__all__ = ["BotApplication", "build_application", "serve"]

BotApplication = Application[
    ExtBot[None], ContextTypes.DEFAULT_TYPE, dict[Any, Any], dict[Any, Any], dict[Any, Any], None
]

CONCURRENT_UPDATES = 256
# Each update may hold two connections (typing and reply), so none ever waits for another's.
CONNECTIONS = 2 * CONCURRENT_UPDATES


def build_application(
    library: Library,
    *,
    token: str,
    base_url: str | None = None,
    proxy: str | None = None,
    request: BaseRequest | None = None,
    get_updates_request: BaseRequest | None = None,
    latest_limit: int = 5,
    retrying: Retrying | None = None,
) -> BotApplication:
    """Wire everything; nothing is sent yet.

    `base_url` is the root of a Bot API server, such as `http://localhost:8081`, and `proxy` an
    http, https or socks5 URL for both kinds of requests; neither matters to a `request` given.
    Raises `telegram.error.InvalidToken` for an empty token and `ValueError` for a proxy that is no
    such URL.
    """
    # The library's documented way of choosing its future types; without it each 429 warns.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    builder = (
        Application.builder()
        .token(token)
        .request(request or _request(proxy, connections=CONNECTIONS))
        .get_updates_request(get_updates_request or _request(proxy, connections=4))
        .rate_limiter(retrying or Retrying())
        .concurrent_updates(Processor(CONCURRENT_UPDATES))
        .job_queue(None)
        .post_init(_post_init)
    )
    if base_url is not None:
        root = base_url.rstrip("/")
        builder = builder.base_url(f"{root}/bot").base_file_url(f"{root}/file/bot")
    application: BotApplication = builder.build()
    application.add_handler(once_only(), group=-1)
    application.add_handlers(
        [
            *chain(
                welcome.handlers(),
                ask.handlers(library),
                latest.handlers(library, latest_limit),
                otherwise.handlers(),
            )
        ]
    )
    application.add_error_handler(on_error)
    return application


def _request(proxy: str | None, *, connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=10,
        read_timeout=20,
        write_timeout=20,
        pool_timeout=10,
        proxy=proxy,
    )


async def _post_init(application: BotApplication) -> None:
    await set_menu(application.bot)
