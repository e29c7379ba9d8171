"""`archive-bot doctor`: every part tried, each with what to do if it does not work."""

from __future__ import annotations

import argparse
import asyncio
import platform
import sys
from collections.abc import Callable, Iterator
from functools import partial

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.assembly import (
    embedder_of,
    index_folder,
    opened_archive,
    reranker_of,
)
from bot.sources.assembly import plain_fetch, reader_of
from config.settings import Settings
from config.sources import Source
from retrieval.errors import RetrievalError
from retrieval.index.home import IndexHome

Check = Callable[[Settings], str]


class Ailing(Exception):
    """A part does not work; the text says what to do."""


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    healthy = True
    for name, check in _checks(settings):
        try:
            line = f"ok    {name}: {check(settings)}"
        except (Ailing, RetrievalError, OSError) as error:
            healthy = False
            line = f"FAIL  {name}: {error}"
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0 if healthy else 1


def _checks(settings: Settings) -> Iterator[tuple[str, Check]]:
    yield "python", lambda _: f"{platform.python_version()} on {platform.platform()}"
    yield "settings", lambda s: str(s.config_file or "environment and defaults alone")
    yield "data folder", _data_folder
    yield "archive", _archive
    if not settings.sources:
        yield "sources", _no_source
    for source in settings.sources:
        yield f"source {source.name}", partial(_source, source)
    yield "embedding model", _model
    yield "reranker", _reranker
    yield "index", _index
    yield "access", _access
    yield "telegram", _telegram


def _data_folder(settings: Settings) -> str:
    folder = settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".doctor"
    probe.write_text("", encoding="utf-8")
    probe.unlink()
    return f"{folder} can be written"


def _archive(settings: Settings) -> str:
    with opened_archive(settings) as archive:
        counts = archive.articles.counts()
    if not counts.articles:
        return "empty; run archive-bot gather"
    return f"{counts.articles} articles, {counts.excerpts} excerpts"


def _no_source(_: Settings) -> str:
    raise Ailing("none is listed; add [[sources]] to archive-bot.toml, or name one with --config")


def _source(source: Source, settings: Settings) -> str:
    with plain_fetch(settings, source) as fetch:
        reading = reader_of(source).read(fetch)
    return f"{len(reading.drafts)} articles can be read"


def _model(settings: Settings) -> str:
    dimension = embedder_of(settings).embed_queries(["doctor"]).shape[1]
    return f"{settings.embedding.model} answers with {dimension} dimensions"


def _reranker(settings: Settings) -> str:
    reranker = reranker_of(settings)
    if reranker is None:
        return "none set; ARCHIVE_BOT_RERANKER__MODEL would name one"
    reranker.scores("doctor", ["a passage"])
    return f"{reranker.model} scores passages"


def _index(settings: Settings) -> str:
    home = IndexHome(index_folder(settings))
    owner, state = home.owner(), home.peek()
    used = f", in use by {owner}" if owner else ""
    if state is None:
        return f"none yet; the next gather, ask, chat or run builds it{used}"
    if state.writing and not owner:
        return "a write was interrupted; the next gather, ask, chat or run rebuilds it"
    return f"{state.passages} excerpts by model {state.model}{used}"


def _access(settings: Settings) -> str:
    access = settings.access
    if access.mode != "public":
        code = " and whoever has the code" if access.mode == "invited" else ""
        named = f"{len(access.people)} people, {len(access.chats)} chats"
        return f"{access.mode}: {named}, the admins{code}"
    if access.people or access.chats:
        raise Ailing(
            "access.people or access.chats is set, but access.mode is public, so everybody may use"
            " the bot; set it to listed, or take them away"
        )
    return "public: everybody may use the bot"


def _telegram(settings: Settings) -> str:
    token = settings.telegram.token
    if token is None:
        return "no token set: run needs ARCHIVE_BOT_TELEGRAM__TOKEN, chat does not"
    proxy = settings.telegram.proxy
    root = settings.telegram.base_url or "https://api.telegram.org"

    async def name() -> str:
        request = HTTPXRequest(proxy=proxy.get_secret_value() if proxy else None)
        secret = token.get_secret_value()
        async with Bot(secret, base_url=f"{root}/bot", request=request) as bot:
            return f"the token belongs to @{bot.username}"

    try:
        return asyncio.run(name())
    except TelegramError as error:
        # The library puts the token into some of its texts.
        reason = error.message.replace(token.get_secret_value(), "***")
        raise Ailing(
            f"{reason}; check ARCHIVE_BOT_TELEGRAM__TOKEN, the network, and whether a proxy is"
            " needed (ARCHIVE_BOT_TELEGRAM__PROXY)"
        ) from None
