"""Serving: starting, polling through trouble, and stopping without losing an answer."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError

from bot.application import BotApplication, build_application
from bot.errors import BotError
from bot.retrying import Retrying
from bot.serving import PollingLog, Webhook, serve
from bot.updates import ALLOWED_UPDATES
from tests.bot import bot_api
from tests.bot.bot_api import TOKEN, FakeTelegram, refusing
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person
from tests.telegram.webhook import post_updates

CONFLICT = refusing(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running",
)


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


@asynccontextmanager
async def serving(
    application: BotApplication, grace: float = 5, webhook: Webhook | None = None
) -> AsyncIterator[asyncio.Event]:
    """Serve while the block runs, then stop and wait for the end."""
    stop, ready = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(
        serve(application, stop, webhook=webhook, grace=grace, on_ready=ready.set, sleep=no_sleep)
    )
    await asyncio.wait_for(ready.wait(), 10)
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_bot_starts_answers_and_stops(
    idle_application: BotApplication, telegram: FakeTelegram
) -> None:
    person = Person(idle_application, telegram)
    async with serving(idle_application):
        assert [name for name, _ in telegram.calls][:2] == ["getMe", "deleteWebhook"]
        telegram.receive(person.update("/start"))
        await until(lambda: telegram.sent)
    assert telegram.sent[0].text.startswith("Hello!")
    assert telegram.called("getUpdates")[0]["allowed_updates"] == list(ALLOWED_UPDATES)
    assert not idle_application.running


async def test_updates_that_waited_are_answered_once_over_a_restart(
    library: FakeLibrary, telegram: FakeTelegram
) -> None:
    """FAILURES 28"""

    def build() -> BotApplication:
        return build_application(
            library,
            token=TOKEN,
            request=telegram.request(),
            get_updates_request=telegram.request(),
            retrying=Retrying(sleep=no_sleep),
        )

    first, second = build(), build()
    waiting = [Person(first, telegram).update(f"question {number}") for number in range(5)]
    telegram.receive(*waiting)
    async with serving(first):
        await until(lambda: len(telegram.sent) == 5)
    assert telegram.confirmed == waiting[-1]["update_id"]
    async with serving(second):
        await asyncio.sleep(0.1)
    assert len(telegram.sent) == 5
    assert sorted(library.questions) == [f"question {number}" for number in range(5)]


async def test_updates_fetched_again_after_a_lost_confirmation_are_answered_once(
    idle_application: BotApplication, telegram: FakeTelegram
) -> None:
    """FAILURES 28"""
    person = Person(idle_application, telegram)
    update = person.update("/start")
    telegram.receive(update)
    async with serving(idle_application):
        await until(lambda: telegram.sent)
        again = httpx.Response(200, json={"ok": True, "result": [update]})
        telegram.fail("getUpdates", lambda _: again)
        telegram.receive(person.update("/help"))
        await until(lambda: len(telegram.sent) >= 2)
        await asyncio.sleep(0.05)
    assert [each.text[:5] for each in telegram.sent] == ["Hello", "Here "]


async def test_a_second_instance_is_one_clear_sentence(
    idle_application: BotApplication,
    telegram: FakeTelegram,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """FAILURES 29"""
    person = Person(idle_application, telegram)
    telegram.fail("getUpdates", CONFLICT, CONFLICT)
    async with serving(idle_application):
        telegram.receive(person.update("/start"))
        await until(lambda: telegram.sent)  # and it goes on
        telegram.fail("getUpdates", *[CONFLICT] * 9)
        telegram.receive(person.update("/start"))
        await until(lambda: len(telegram.faults["getUpdates"]) < 9)
    assert "Traceback" not in caplog.text
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    said = [record for record in ours if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in said] == [
        "Another instance is running with the same token, so Telegram gives each of them only some "
        "of the messages. Stop one of the two, or give it a token of its own."
    ]
    assert said[0].exc_info is None


async def test_network_faults_while_polling_are_one_line(
    idle_application: BotApplication,
    telegram: FakeTelegram,
    caplog: pytest.LogCaptureFixture,
) -> None:
    person = Person(idle_application, telegram)
    telegram.fail("getUpdates", bot_api.reset, refusing(502, "Bad Gateway"))
    async with serving(idle_application):
        telegram.receive(person.update("/start"))
        await until(lambda: telegram.sent)
    said = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(said) == 1
    assert "polling goes on" in said[0].getMessage()
    assert said[0].exc_info is None


def test_the_same_trouble_is_logged_again_only_after_a_while(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = 0.0
    log = PollingLog(clock=lambda: now)
    for _ in range(50):
        log(NetworkError("reset"))
        log(Conflict("terminated by other getUpdates request"))
    assert len(caplog.records) == 2
    now = 301.0
    log(NetworkError("reset"))
    assert len(caplog.records) == 3
    log(Conflict("can't use getUpdates method while webhook is active"))
    assert "webhook" in caplog.records[-1].getMessage()


async def test_a_token_that_telegram_does_not_know_surfaces_without_the_token(
    idle_application: BotApplication,
    telegram: FakeTelegram,
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram.token = "7:another"
    with pytest.raises(InvalidToken) as raised:
        await asyncio.wait_for(serve(idle_application, asyncio.Event()), 10)
    assert str(raised.value) == "Telegram does not know this token"
    assert TOKEN not in caplog.text
    assert all(request._client.is_closed for request in idle_application.bot._request)  # type: ignore[attr-defined]


async def test_a_token_revoked_later_ends_the_bot(
    idle_application: BotApplication, telegram: FakeTelegram
) -> None:
    stop = asyncio.Event()
    ready = asyncio.Event()
    task = asyncio.create_task(serve(idle_application, stop, on_ready=ready.set))
    await asyncio.wait_for(ready.wait(), 10)
    telegram.token = "7:another"
    telegram.receive(Person(idle_application, telegram).update("/start"))
    with pytest.raises(InvalidToken, match="no longer knows"):
        await asyncio.wait_for(task, 10)
    assert not idle_application.running


async def test_a_start_without_network_waits_for_it(
    idle_application: BotApplication,
    telegram: FakeTelegram,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """FAILURES 25"""
    telegram.fail("getMe", *[bot_api.unreachable] * 10)
    async with serving(idle_application):
        pass
    said = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(said) == 2
    assert "cannot be reached" in said[0].getMessage()
    assert said[0].exc_info is None


async def test_a_refusal_at_the_start_that_no_waiting_mends_surfaces(
    idle_application: BotApplication, telegram: FakeTelegram
) -> None:
    telegram.fail("getMe", refusing(400, "Bad Request: logged out"))
    with pytest.raises(BadRequest):
        await asyncio.wait_for(serve(idle_application, asyncio.Event()), 10)


async def test_it_stops_also_while_it_starts(
    idle_application: BotApplication, telegram: FakeTelegram
) -> None:
    stop = asyncio.Event()
    forever = asyncio.Event()

    async def sleep(_: float) -> None:
        stop.set()
        await forever.wait()

    telegram.fail("getMe", *[bot_api.unreachable] * 10)
    await asyncio.wait_for(serve(idle_application, stop, sleep=sleep), 10)
    assert telegram.called("getUpdates") == []


async def test_an_answer_under_way_is_finished_before_the_end(
    idle_application: BotApplication, telegram: FakeTelegram, library: FakeLibrary
) -> None:
    library.gate.clear()
    async with serving(idle_application) as stop:
        telegram.receive(Person(idle_application, telegram).update("a question"))
        await until(lambda: library.questions)
        stop.set()
        asyncio.get_running_loop().call_later(0.2, library.gate.set)
    assert len(telegram.sent) == 1


async def test_an_answer_that_never_comes_does_not_keep_the_bot_from_stopping(
    idle_application: BotApplication,
    telegram: FakeTelegram,
    library: FakeLibrary,
    caplog: pytest.LogCaptureFixture,
) -> None:
    library.gate.clear()
    async with serving(idle_application, grace=0.2):
        telegram.receive(Person(idle_application, telegram).update("a question"))
        await until(lambda: library.questions)
    assert "1 messages stay without an answer" in caplog.text
    assert telegram.sent == []


async def test_cancelling_serve_winds_down_too(
    idle_application: BotApplication, telegram: FakeTelegram
) -> None:
    ready = asyncio.Event()
    task = asyncio.create_task(serve(idle_application, asyncio.Event(), on_ready=ready.set))
    await asyncio.wait_for(ready.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not idle_application.running
    assert all(request._client.is_closed for request in idle_application.bot._request)  # type: ignore[attr-defined]


# --- posts instead of questions ---------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def posted(telegram: FakeTelegram) -> AsyncIterator[None]:
    task = asyncio.create_task(post_updates(telegram))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_updates_posted_to_a_webhook_are_answered_once(
    idle_application: BotApplication, telegram: FakeTelegram
) -> None:
    """FAILURES 28: what waited while the bot was away, too."""
    port = free_port()
    webhook = Webhook.of(f"http://127.0.0.1:{port}/bot/here", "127.0.0.1", port, TOKEN)
    person = Person(idle_application, telegram)
    telegram.receive(person.update("/start"))
    async with serving(idle_application, webhook=webhook):
        async with posted(telegram):
            await until(lambda: len(telegram.sent) == 1)
            telegram.repeat()
            telegram.receive(person.update("/help"))
            await until(lambda: len(telegram.sent) == 2)
        assert "getUpdates" not in dict(telegram.calls)
        async with httpx.AsyncClient(trust_env=False) as stranger:
            forged = await stranger.post(webhook.url, json=person.update("/start"))
            elsewhere = await stranger.post(
                f"http://127.0.0.1:{port}/", json=person.update("/start")
            )
        assert (forged.status_code, elsewhere.status_code) == (403, 404)
    assert len(telegram.sent) == 2
    assert telegram.webhook["url"] == webhook.url, "what comes meanwhile waits at Telegram"
    assert telegram.webhook["secret_token"] == webhook.secret
    assert TOKEN not in webhook.secret


async def test_a_port_that_is_taken_is_told_in_a_sentence(
    idle_application: BotApplication,
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        webhook = Webhook.of("https://bot.example.org/", "127.0.0.1", port, TOKEN)
        with pytest.raises(BotError, match=r"cannot listen on 127\.0\.0\.1:\d+ .*webhook_port"):
            await serve(idle_application, asyncio.Event(), webhook=webhook, sleep=no_sleep)
