"""The tests' Telegram as a process of its own: what it is told to do, it does, over a real wire."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import itertools
import json
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import httpx
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.telegram.faults import KINDS, LOST_REPLY
from tests.telegram_server import TOKEN, TelegramServer, Told, telegram_server


@pytest.fixture(scope="module")
def process() -> Iterator[TelegramServer]:
    with telegram_server("--silence", "30") as server:
        yield server


@pytest.fixture
def server(process: TelegramServer) -> Iterator[TelegramServer]:
    yield process
    assert process.telegram.violations == []


@pytest.fixture
async def bot(server: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with Bot(
        TOKEN,
        base_url=f"{server.address}/bot",
        request=HTTPXRequest(read_timeout=1),
        get_updates_request=HTTPXRequest(),
    ) as bot:
        yield bot


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "flood", "seconds": 43_837}, RetryAfter),
        ("blocked", Forbidden),
        ("kicked", Forbidden),
        ("bad markup", BadRequest),
        ({"kind": "refused", "code": 400, "description": "Bad Request: no"}, BadRequest),
        ("5xx before", NetworkError),
        ("5xx after", NetworkError),
        ("reset before", NetworkError),
        ("reset after", NetworkError),
        ("lost", TimedOut),
        ("truncated", TelegramError),
        ("without result", KeyError),
        ({"kind": "slow", "seconds": 0.2}, None),
    ],
)
async def test_a_fault_is_met_once(
    bot: Bot, server: TelegramServer, fault: Told, error: type[Exception] | None
) -> None:
    before = len(server.telegram.sent)
    server.telegram.fail("sendMessage", fault)
    if error is None:
        await bot.send_message(5, "x")
    else:
        with pytest.raises(error):
            await bot.send_message(5, "x")
    kind = fault["kind"] if isinstance(fault, dict) else fault
    done = error is None or kind in LOST_REPLY
    assert kind in KINDS
    assert len(server.telegram.sent) - before == done
    assert server.telegram.journal[-1]["fault"] == kind
    assert (server.telegram.journal[-1]["message_id"] is not None) == done
    await bot.send_message(5, "x")
    assert server.telegram.journal[-1]["fault"] is None


async def test_chance_is_the_same_again(bot: Bot, server: TelegramServer) -> None:
    met = []
    for _ in range(2):
        server.telegram.control(
            "chance", share=0.5, kinds=["blocked", "truncated"], methods=["sendMessage"], seed=4
        )
        for _ in range(20):
            with contextlib.suppress(TelegramError):
                await bot.send_message(6, "x")
        await bot.get_me()
        met.append([call["fault"] for call in server.telegram.journal[-21:]])
    server.telegram.control("chance", share=0, kinds=[], methods=[], seed=0)
    assert met[0] == met[1]
    assert set(met[0]) == {None, "blocked", "truncated"}
    assert met[0][-1] is None, "getMe is none of the methods"


async def test_a_closed_chat_says_how_long(bot: Bot, server: TelegramServer) -> None:
    server.telegram.control("close", seconds=43_837, chat_id=9)
    with pytest.raises(RetryAfter, match=r"43837|12:10"):
        await bot.send_message(9, "x")
    await bot.send_message(10, "x")


async def test_people_write_press_and_leave(bot: Bot, server: TelegramServer) -> None:
    number = server.say("/start now", chat_id=5)
    (update,) = await bot.get_updates(timeout=20)
    assert update.message is not None
    assert (update.update_id, update.message.text) == (number, "/start now")
    await bot.get_updates(offset=number + 1)
    server.telegram.control("repeat")
    forum = server.chat(-70, "supergroup", title="Forum", is_forum=True, admins=[5])
    server.say("hm", chat=forum, topic=3, person_id=5)
    server.membership(forum, "member", "administrator")
    server.membership({"id": 5, "type": "private", "first_name": "A"}, "member", "kicked")
    again, topic, promoted, blocked = await bot.get_updates(
        offset=number + 1, allowed_updates=["message", "my_chat_member"]
    )
    assert again.update_id == number
    assert topic.message is not None
    assert topic.message.message_thread_id == 3
    assert promoted.my_chat_member is not None
    assert promoted.my_chat_member.new_chat_member.status == "administrator"
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    await bot.get_updates(offset=blocked.update_id + 1)
    assert server.telegram.confirmed == blocked.update_id
    member = await bot.get_chat_member(-70, 5)
    assert member.status == "creator"


async def test_who_is_killed_while_polling_is_forgotten(bot: Bot, server: TelegramServer) -> None:
    async with httpx.AsyncClient(trust_env=False) as killed:
        request = killed.post(f"{server.address}/bot{TOKEN}/getUpdates", data={"timeout": "20"})
        polling = asyncio.create_task(request)
        await asyncio.sleep(0.1)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    number = server.say("hello")
    assert [each.update_id for each in await waiting] == [number]
    await bot.get_updates(offset=number + 1)


async def test_a_webhook_gets_its_updates_with_the_secret(bot: Bot, server: TelegramServer) -> None:
    got: list[tuple[str | None, int]] = []
    all_came = threading.Event()

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], body["update_id"]))
            if len(got) == 3:
                all_came.set()
            self.send_response(500 if len(got) == 1 else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Hook) as hook:
        thread = threading.Thread(target=hook.serve_forever, args=(0.02,))
        thread.start()
        try:
            url = f"http://127.0.0.1:{hook.server_port}/hook"
            await bot.set_webhook(url, secret_token="s3cret")
            numbers = [server.say("one"), server.say("two")]
            await asyncio.to_thread(all_came.wait, 20)
        finally:
            hook.shutdown()
            thread.join()
    assert got == [("s3cret", numbers[0]), ("s3cret", numbers[0]), ("s3cret", numbers[1])]
    assert (await bot.get_webhook_info()).url == url
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


def test_it_takes_many_at_once(server: TelegramServer) -> None:
    """What it takes must never be what a measurement of the bot measures."""
    before = len(server.telegram.sent)

    def send(chat: int) -> None:
        with httpx.Client(base_url=server.address, trust_env=False) as client:
            for _ in range(25):
                body = urlencode({"chat_id": chat, "text": "x"})
                assert client.post(f"/bot{TOKEN}/sendMessage", content=body).is_success

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, range(100, 140)))
    sent = server.telegram.sent[before:]
    assert len(sent) == 1000
    assert len({each.message_id for each in sent}) == 1000
    assert all(one.at <= other.at for one, other in itertools.pairwise(sent))


def test_what_nobody_understands_is_said(server: TelegramServer) -> None:
    with pytest.raises(AssertionError, match="flod"):
        server.telegram.fail("sendMessage", "flod")
