"""The Telegram application: library and plain values -> handlers wired to requests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain
from typing import Any

from telegram.ext import Application, ContextTypes, ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from bot.context import Desk, Library
from bot.handlers import (
    Handler,
    admin,
    article,
    ask,
    feedback,
    gate,
    inline,
    language,
    latest,
    membership,
    noticed,
    otherwise,
    paging,
    preferences,
    privacy,
    sharing,
    subscribing,
    tags,
    welcome,
)
from bot.handlers.failures import on_error
from bot.retrying import Retrying
from bot.serving import serve
from bot.updates import Processor, Remembered, once_only, when_handled

__all__ = ["BotApplication", "build_application", "serve"]

BotApplication = Application[
    ExtBot[None], ContextTypes.DEFAULT_TYPE, dict[Any, Any], dict[Any, Any], dict[Any, Any], None
]

#: Groups of handlers: an update passes through all of them, and meets one handler of each.
_FIRST, _SPEAKING, _GATE, _BEFORE, _LAST = -9, -8, -7, -1, 1
CONCURRENT_UPDATES = 256
# Each update may hold two connections (typing and reply), so none ever waits for another's.
CONNECTIONS = 2 * CONCURRENT_UPDATES


class _Forgetful(BotApplication):
    """Remembers nobody.

    python-telegram-bot notes the number of everyone who writes, for a persistence that is not used
    here: without it nothing ever takes them out again.
    """

    __slots__ = ()

    def _mark_for_persistence_update(self, **_: Any) -> None:
        """Nothing is to be kept."""


def build_application(
    library: Library,
    *,
    desk: Desk | None = None,
    token: str,
    base_url: str | None = None,
    proxy: str | None = None,
    request: BaseRequest | None = None,
    get_updates_request: BaseRequest | None = None,
    latest_limit: int = 5,
    retrying: Retrying | None = None,
) -> BotApplication:
    """Wire everything; nothing is sent yet. Without a `desk` nobody can subscribe.

    `base_url` is the root of a Bot API server, such as `http://localhost:8081`, and `proxy` an
    http, https or socks5 URL for both kinds of requests; neither matters to a `request` given.
    Raises `telegram.error.InvalidToken` for an empty token and `ValueError` for a proxy that is no
    such URL.
    """
    # The library's documented way of choosing its future types; without it each 429 warns.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    builder = (
        Application.builder()
        .application_class(_Forgetful)
        .token(token)
        .request(request or _request(proxy, connections=CONNECTIONS))
        .get_updates_request(get_updates_request or _request(proxy, connections=4))
        .rate_limiter(retrying or Retrying())
        .concurrent_updates(Processor(CONCURRENT_UPDATES))
        .job_queue(None)
    )
    if base_url is not None:
        root = base_url.rstrip("/")
        builder = builder.base_url(f"{root}/bot").base_file_url(f"{root}/file/bot")
    application: BotApplication = builder.build()
    known = () if desk is None else desk.ledger.seen.all()
    buttons = desk is None or desk.buttons
    albums = Remembered(256)
    application.add_handler(once_only(Remembered(known=known)), group=_FIRST)
    application.add_handler(language.speaking(desk), group=_SPEAKING)
    if desk is not None:
        desk.languages.load(desk.ledger.languages.lately)
        application.add_handler(gate.gate(desk), group=_GATE)
        application.add_handlers([*membership.handlers(desk)], group=_BEFORE)
        application.add_handler(when_handled(desk.ledger.seen), group=_LAST)
    application.add_handlers(
        [
            *chain(
                welcome.handlers(library, desk),
                () if desk is None else _of_subscriptions(desk),
                () if desk is None else _of_answers(desk),
                () if desk is None else article.handlers(desk),
                ask.handlers(library, desk, albums),
                latest.handlers(library, latest_limit, desk, buttons=buttons),
                tags.handlers(library, buttons=buttons),
                inline.handlers(library, opens=desk is not None, personal=_is_closed(desk)),
                otherwise.handlers(albums),
            )
        ]
    )
    application.add_error_handler(on_error)
    return application


def _is_closed(desk: Desk | None) -> bool:
    """Whether not everybody may see what is found."""
    return desk is not None and not desk.admission.is_public


def _of_subscriptions(desk: Desk) -> Iterator[Handler]:
    """Before plain words are questions: some are what a setting is to be."""
    return chain(
        admin.handlers(desk),
        subscribing.handlers(desk),
        preferences.handlers(desk),
        language.handlers(desk),
        noticed.handlers(desk),
        privacy.handlers(desk),
    )


def _of_answers(desk: Desk) -> Iterator[Handler]:
    return chain(paging.handlers(desk), feedback.handlers(desk), sharing.handlers(desk))


def _request(proxy: str | None, *, connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=10,
        read_timeout=20,
        write_timeout=20,
        pool_timeout=10,
        proxy=proxy,
    )
