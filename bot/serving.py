"""The application at work: initialize -> take updates, until told to stop -> wind down.

Updates are asked for (`getUpdates`), or posted by Telegram to a webhook.

What `Application.run_polling` does, but beside other tasks of one event loop, with one line for
each fault that passes, and ending early where no waiting would help.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application

from bot.errors import BotError
from bot.outcomes import Passing, Unknown, Wait, outcome_of
from bot.updates import ALLOWED_UPDATES, Processor

logger = logging.getLogger(__name__)

GRACE = 15.0  # seconds that answers under way get when the bot stops
LONGEST_PAUSE = 30.0  # seconds between two tries to reach Telegram at the start
REMINDER = 300.0  # seconds before the same trouble is logged again
POLL = 20  # seconds that one `getUpdates` waits for news


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates (`url`), and where we take them; whoever knows not `secret`
    is turned away.
    """

    url: str
    listen: str
    port: int
    secret: str

    @classmethod
    def of(cls, url: str, listen: str, port: int, token: str) -> Webhook:
        """Its secret is the same for all that know the token, and tells nothing of it."""
        return cls(url, listen, port, hmac.digest(token.encode(), b"webhook", "sha256").hex())


AnyApplication = Application[Any, Any, Any, Any, Any, Any]


async def serve(
    application: AnyApplication,
    stop: asyncio.Event,
    *,
    webhook: Webhook | None = None,
    grace: float = GRACE,
    on_ready: Callable[[], object] | None = None,
    alongside: Callable[[], AbstractAsyncContextManager[object]] = nullcontext,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Answer people until `stop` is set; answers under way get `grace` seconds to be finished.

    While Telegram cannot be reached it is tried again for as long as it takes. `on_ready` is called
    once polling has begun; `alongside` is entered then, and left while requests still pass. Raises
    `telegram.error.InvalidToken` (its text never holds the token) when Telegram refuses the token,
    at the start or later, and any other `TelegramError` that trying again would not mend.
    """
    if application.updater is None:
        raise ValueError("the application was built without an updater: it cannot poll")
    try:
        if await _unless(stop, _start(application, webhook, sleep)):
            how = "polling" if webhook is None else f"taking posts to {webhook.url}"
            logger.info("%s as @%s", how, application.bot.username)
            if on_ready is not None:
                on_ready()
            async with alongside():
                await _until(stop, _polling_task(application))
    finally:
        await _wind_down(application, grace)


class PollingLog:
    """Logs what went wrong while polling, in one line each, and the same trouble not every second.

    `clock` gives seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._logged: dict[type[TelegramError], float] = {}

    def __call__(self, error: TelegramError) -> None:
        now = self._clock()
        last = self._logged.get(type(error))
        if last is not None and now - last < REMINDER:
            logger.debug("still polling in vain: %r", error)
            return
        self._logged[type(error)] = now
        if not isinstance(error, Conflict):
            logger.warning("Telegram did not answer (%r); polling goes on", error)
        elif "webhook" in error.message.lower():
            logger.error(
                "Another program has set a webhook for this bot's token, so polling is refused. "
                "Stop that program, or give this one a token of its own."
            )
        else:
            logger.error(
                "Another instance is running with the same token, so Telegram gives each of them "
                "only some of the messages. Stop one of the two, or give it a token of its own."
            )


async def _start(
    application: AnyApplication,
    webhook: Webhook | None,
    sleep: Callable[[float], Awaitable[object]],
) -> None:
    assert application.updater is not None
    await _reach(application.initialize, sleep)
    await application.start()
    if webhook is not None:
        await _listen(application, webhook)
        return
    await application.updater.start_polling(
        timeout=POLL,
        bootstrap_retries=-1,
        allowed_updates=ALLOWED_UPDATES,
        error_callback=PollingLog(),
    )


async def _listen(application: AnyApplication, webhook: Webhook) -> None:
    """Raises `BotError` where the port cannot be had."""
    assert application.updater is not None
    family = socket.AF_INET6 if ":" in webhook.listen else socket.AF_INET
    try:
        taken = socket.create_server((webhook.listen, webhook.port), family=family)
    except OSError as error:
        raise BotError(
            f"the webhook cannot listen on {webhook.listen}:{webhook.port} ({error.strerror}): set"
            " telegram.webhook_listen and telegram.webhook_port to what is free here"
        ) from error
    taken.setblocking(False)
    await application.updater.start_webhook(
        unix=taken,  # any listening socket will do: one of ours fails with a sentence
        url_path=urlsplit(webhook.url).path,
        webhook_url=webhook.url,
        secret_token=webhook.secret,
        allowed_updates=ALLOWED_UPDATES,
        bootstrap_retries=-1,
    )


async def _reach(
    action: Callable[[], Coroutine[Any, Any, None]],
    sleep: Callable[[float], Awaitable[object]],
) -> None:
    """Try until Telegram is reached or refuses for good."""
    pause = 1.0
    while True:
        try:
            return await action()
        except InvalidToken:
            # The library puts the token into the text; ours may be logged.
            raise InvalidToken("Telegram does not know this token") from None
        except TelegramError as error:
            match outcome_of(error):
                case Wait(seconds):
                    pause = seconds
                case Passing() | Unknown():
                    pause = min(2 * pause, LONGEST_PAUSE)
                case _:
                    raise
            logger.warning("Telegram cannot be reached (%r); trying again in %g s", error, pause)
        await sleep(pause)


def _polling_task(application: AnyApplication) -> asyncio.Task[None] | None:
    """The task that polls. It ends by itself only when Telegram no longer knows the token.

    python-telegram-bot keeps it to itself, and tells nobody of that end but the log.
    """
    return getattr(application.updater, "_Updater__polling_task", None)


async def _until(stop: asyncio.Event, polling: asyncio.Task[None] | None) -> None:
    """Wait for `stop`, or for polling to end. Raises what it ended with."""
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait(
        {stopping} if polling is None else {stopping, polling}, return_when=asyncio.FIRST_COMPLETED
    )
    stopping.cancel()
    if polling is not None and polling.done() and not polling.cancelled():
        error = polling.exception()
        if isinstance(error, InvalidToken):
            raise InvalidToken("Telegram no longer knows this token") from None
        if error is not None:
            raise error


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do the work unless `stop` is set before it is done; whether it was done."""
    working = asyncio.create_task(work, name="start")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not working.done():
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    if working.cancelled():
        return False
    working.result()
    return True


async def _wind_down(application: AnyApplication, grace: float) -> None:
    """Take no more updates, finish those under way, close the connections. Never raises."""
    try:
        async with asyncio.timeout(grace):
            if application.updater is not None and application.updater.running:
                with _no_tracebacks("telegram.ext.Updater"):
                    await application.updater.stop()
    except (TelegramError, TimeoutError) as error:
        logger.debug("polling ended with %r", error)
    try:
        async with asyncio.timeout(grace):
            if application.running:
                await application.stop()
    except TimeoutError:
        logger.warning("stopping without waiting any longer for answers under way")
    if isinstance(application.update_processor, Processor):
        cut = await application.update_processor.cancel_all()
        if cut:
            logger.warning("%d messages stay without an answer", cut)
    try:
        await application.shutdown()
        # An application that never got through its initialization leaves its bot as it is.
        await application.bot.shutdown()
    except Exception:  # it ends all the same
        logger.exception("the connections to Telegram were not closed cleanly")


@contextmanager
def _no_tracebacks(name: str) -> Iterator[None]:
    """Let a logger say what went wrong, but in one line.

    At its end the updater confirms what it fetched, and logs a traceback when Telegram is out of
    reach or another instance polls: both are known by then.
    """

    def shorten(record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True

    target = logging.getLogger(name)
    target.addFilter(shorten)
    try:
        yield
    finally:
        target.removeFilter(shorten)
