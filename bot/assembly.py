"""The one place where settings, the archive and Telegram meet: reads as a list of parts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import URL

from bot.access import Limiter, Limits
from bot.admin.office import Office
from bot.admission import Admission, Mode, Rules
from bot.application import BotApplication, build_application
from bot.asking import LocalLibrary
from bot.context import Desk, now
from bot.deliveries import Deliverer
from bot.ledger import Ledger
from bot.ledger.writing import Writer
from bot.notifications import Notifier
from bot.outages import keep_reporting
from bot.pace import Pace
from bot.preparing import Preparation
from bot.profile import Profile, showing
from bot.retrying import Retrying
from bot.schedule import beside, delivering
from bot.serving import Webhook
from bot.sources.assembly import gatherer_of
from bot.terminal import TERMINAL_TOKEN, TerminalRequest
from bot.told import telling
from bot.wording import Wording
from config.settings import Settings
from retrieval.archive.opening import Archive
from retrieval.embedding import SentenceEmbedder
from retrieval.index.following import Follower
from retrieval.progress import Progress, silent
from retrieval.reranking import CrossEncoderReranker
from retrieval.search.answering import Answerer
from retrieval.search.similar import Similar
from retrieval.search.topics import TopicJudge, passes


def archive_file(settings: Settings) -> Path:
    """Where the archive is kept."""
    return settings.data_dir / "archive.sqlite3"


def ledger_file(settings: Settings) -> Path:
    """Where subscriptions and deliveries are kept: not in the archive, whose gathers take long."""
    return settings.data_dir / "ledger.sqlite3"


def index_folder(settings: Settings) -> Path:
    """Where the index is kept."""
    return settings.data_dir / "index"


def embedder_of(settings: Settings) -> SentenceEmbedder:
    """The embedding model; nothing is loaded yet."""
    return SentenceEmbedder(
        settings.embedding.model,
        batch_size=settings.embedding.batch_size,
        threads=settings.embedding.threads,
    )


def reranker_of(settings: Settings) -> CrossEncoderReranker | None:
    """The reranking model, if there is to be one; nothing is loaded yet."""
    if settings.reranker.model is None:
        return None
    return CrossEncoderReranker(settings.reranker.model, threads=settings.embedding.threads)


@contextlib.contextmanager
def opened_archive(settings: Settings) -> Iterator[Archive]:
    """The archive, brought up to date."""
    archive = Archive.open(URL.create("sqlite", database=str(archive_file(settings))))
    try:
        yield archive
    finally:
        archive.close()


@contextlib.contextmanager
def opened_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger, brought up to date."""
    ledger = Ledger.open(URL.create("sqlite", database=str(ledger_file(settings))))
    try:
        yield ledger
    finally:
        ledger.close()


@contextlib.contextmanager
def passing_ledger() -> Iterator[Ledger]:
    """A ledger for trying things out: nothing that is subscribed here is kept, or announced."""
    with tempfile.TemporaryDirectory(prefix="archive-bot-") as folder:
        ledger = Ledger.open(URL.create("sqlite", database=str(Path(folder) / "ledger.sqlite3")))
        try:
            yield ledger
        finally:
            ledger.close()


@dataclass(frozen=True, slots=True)
class OwnedIndex:
    """The index that this process owns, and what answers from it."""

    follower: Follower
    answerer: Answerer
    topics: TopicJudge
    similar: Similar
    preparation: Preparation


@contextlib.contextmanager
def owned_index(
    settings: Settings, archive: Archive, command: str, progress: Progress = silent
) -> Iterator[OwnedIndex]:
    """The index, owned by this process, not yet opened; nothing is loaded yet.

    Raises `IndexOwned`.
    """
    embedder = embedder_of(settings)
    reranker = reranker_of(settings)
    follower = Follower(archive, index_folder(settings), embedder, progress)
    answerer = Answerer(
        archive,
        follower,
        embedder,
        hits=settings.search.hits,
        candidates=settings.search.candidates,
        threshold=settings.search.threshold,
        reranker=reranker,
        reranked=settings.reranker.candidates,
    )
    follower.start(command)
    try:
        yield OwnedIndex(
            follower,
            answerer,
            TopicJudge(archive, follower, embedder),
            Similar(archive, follower),
            Preparation(answerer, reranker),
        )
    finally:
        follower.close()


@contextlib.asynccontextmanager
async def living_library(
    settings: Settings,
    archive: Archive,
    index: OwnedIndex,
    *,
    gathers: bool,
    patience: float,
) -> AsyncIterator[LocalLibrary]:
    """The library that handlers ask, with everything that goes on beside it."""
    library = LocalLibrary(
        archive, index.follower, index.answerer, index.topics, index.similar, patience=patience
    )
    async with contextlib.AsyncExitStack() as stack:
        gatherer = None
        if gathers and settings.sources:
            gatherer = stack.enter_context(gatherer_of(settings, archive))
        await stack.enter_async_context(library)
        rounds = await stack.enter_async_context(
            beside(
                library,
                index.follower,
                gatherer,
                index.preparation,
                follow_interval=settings.index.follow_interval,
            )
        )
        names = [source.name for source in settings.sources]
        library.office = Office(archive, index.follower, names, rounds)
        yield library


@contextlib.asynccontextmanager
async def owner_told(
    settings: Settings, archive: Archive, application: BotApplication
) -> AsyncIterator[None]:
    """Tells the admin chat of sources that fail for a day, if there is such a chat."""
    chat_id = settings.telegram.admin_chat
    if chat_id is None:
        yield
        return
    names = {source.name for source in settings.sources}
    wording = Wording(settings.telegram.admin_language)
    task = asyncio.create_task(
        keep_reporting(application.bot, archive, names, chat_id, wording), name="outages"
    )
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def notifier_of(
    settings: Settings,
    archive: Archive,
    ledger: Ledger,
    index: OwnedIndex,
    clock: Callable[[], datetime] = now,
    admission: Admission | None = None,
) -> Notifier:
    """What turns news into deliveries. Without the desk's admission it learns of no invitation."""
    return Notifier(
        archive,
        ledger,
        index.topics,
        passes,
        edited=timedelta(hours=settings.notify.edit_hours),
        clock=clock,
        serves=(admission or admission_of(settings, ledger)).serves,
    )


def deliverer_of(
    settings: Settings, archive: Archive, desk: Desk, pace: Pace, application: BotApplication
) -> Deliverer:
    """What sends deliveries. The index belongs to this process alone, so the ledger does too."""
    return Deliverer(
        application.bot,
        desk.ledger,
        desk.writer,
        pace,
        telling(archive, desk.ledger),
        by=f"{socket.gethostname()}:{os.getpid()}",
        alone=True,
        burst=settings.notify.burst,
        rate=settings.telegram.rate,
        clock=desk.clock,
        served=desk.admission,
    )


def desk_of(
    settings: Settings,
    library: LocalLibrary,
    ledger: Ledger,
    writer: Writer,
    admission: Admission | None = None,
) -> Desk:
    """What handlers of subscriptions work with. Raises `LedgerError` without an admission."""
    return Desk(
        library,
        ledger,
        writer,
        zone=settings.notify.time_zone,
        preview=settings.notify.preview,
        keep_questions=settings.privacy.keep_questions,
        admins=admins_of(settings),
        admin_chat=settings.telegram.admin_chat,
        office=library.office,
        admission=admission or admission_of(settings, ledger),
        limiter=Limiter(
            Limits(
                settings.limits.person_minute,
                settings.limits.person_day,
                settings.limits.chat_minute,
            )
        ),
    )


@contextlib.asynccontextmanager
async def working(
    settings: Settings, desk: Desk, application: BotApplication, deliverer: Deliverer
) -> AsyncIterator[None]:
    """What goes on as long as the application takes updates."""
    async with contextlib.AsyncExitStack() as stack:
        if desk.office is not None:
            await stack.enter_async_context(desk.office)
        await stack.enter_async_context(delivering(deliverer))
        if settings.profile.enabled:
            profile = profile_of(settings)
            await stack.enter_async_context(showing(application.bot, desk.ledger.notes, profile))
        yield


def profile_of(settings: Settings) -> Profile:
    """What Telegram shows of the bot itself."""
    owners = admins_of(settings)
    if settings.telegram.admin_chat is not None:
        owners |= {settings.telegram.admin_chat}
    wished = settings.profile
    return Profile(wished.name, wished.about, wished.description, owners)


def admission_of(settings: Settings, ledger: Ledger) -> Admission:
    """Who may use the bot. Raises `LedgerError`."""
    access, admin_chat = settings.access, settings.telegram.admin_chat
    named = {*access.people, *access.chats, *admins_of(settings)}
    if admin_chat is not None:
        named.add(admin_chat)
    code = None if access.code is None else access.code.get_secret_value()
    rules = Rules(Mode(access.mode), frozenset(named), code, access.old_codes)
    admission = Admission(rules, ledger.people)
    admission.load(ledger.people.origins)
    return admission


def admins_of(settings: Settings) -> frozenset[int]:
    """The people who look after the bot; in a private chat they have the chat's number."""
    chat_id = settings.telegram.admin_chat
    own = () if chat_id is None or chat_id < 0 else (chat_id,)
    return frozenset((*settings.access.admins, *own))


def telegram_application(
    settings: Settings, library: LocalLibrary, desk: Desk, pace: Pace, token: str
) -> BotApplication:
    """The bot as Telegram will meet it."""
    proxy = settings.telegram.proxy
    return build_application(
        library,
        desk=desk,
        retrying=Retrying(pace),
        token=token,
        base_url=settings.telegram.base_url,
        proxy=proxy.get_secret_value() if proxy is not None else None,
        latest_limit=settings.latest.limit,
    )


def webhook_of(settings: Settings, token: str) -> Webhook | None:
    """Where Telegram posts updates, None where the bot asks for them."""
    telegram = settings.telegram
    if telegram.webhook_url is None:
        return None
    return Webhook.of(telegram.webhook_url, telegram.webhook_listen, telegram.webhook_port, token)


def terminal_application(settings: Settings, library: LocalLibrary, desk: Desk) -> BotApplication:
    """The very same bot, speaking to a terminal, which has no buttons."""
    request = TerminalRequest()
    return build_application(
        library,
        desk=replace(desk, buttons=False, limiter=Limiter(Limits()), admission=Admission()),
        token=TERMINAL_TOKEN,
        request=request,
        get_updates_request=request,
        latest_limit=settings.latest.limit,
    )
