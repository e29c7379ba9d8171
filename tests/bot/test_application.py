"""The application as it is built: where its requests go."""

from __future__ import annotations

import os
from typing import Any

import httpx
import pytest
from telegram.error import InvalidToken
from telegram.request import HTTPXRequest

from bot.application import build_application
from tests.bot.bot_api import TOKEN, FakeTelegram
from tests.bot.fakes import FakeLibrary
from tests.bot.people import Person


async def test_requests_go_to_telegram_by_default(person: Person, telegram: FakeTelegram) -> None:
    await person.says("/start")
    assert telegram.urls[-1] == f"https://api.telegram.org/bot{TOKEN}/sendMessage"


@pytest.mark.parametrize("base_url", ["http://localhost:8081", "http://localhost:8081/"])
async def test_requests_go_to_another_server_if_wished(
    library: FakeLibrary, telegram: FakeTelegram, base_url: str
) -> None:
    application = build_application(
        library,
        token=TOKEN,
        base_url=base_url,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    async with application:
        await application.bot.get_updates(timeout=0)
        assert telegram.urls == [
            f"http://localhost:8081/bot{TOKEN}/getMe",
            f"http://localhost:8081/bot{TOKEN}/getUpdates",
        ]
        assert application.bot.base_file_url == f"http://localhost:8081/file/bot{TOKEN}"


@pytest.mark.parametrize(
    "proxy", ["http://127.0.0.1:3128", "https://127.0.0.1:3128", "socks5://127.0.0.1:1080"]
)
async def test_a_proxy_stands_before_both_kinds_of_requests(
    library: FakeLibrary, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    proxies: list[Any] = []
    build = HTTPXRequest._build_client

    def spy(self: HTTPXRequest) -> httpx.AsyncClient:
        client = build(self)
        proxies.append(self._client_kwargs["proxy"])
        assert client.timeout.as_dict().keys() == {"connect", "read", "write", "pool"}
        assert all(seconds for seconds in client.timeout.as_dict().values())
        return client

    monkeypatch.setattr(HTTPXRequest, "_build_client", spy)
    application = build_application(library, token=TOKEN, proxy=proxy)
    assert proxies == [proxy, proxy]
    for request in application.bot._request:
        await request.shutdown()


def test_what_cannot_be_built_says_so(library: FakeLibrary) -> None:
    with pytest.raises(ValueError, match="proxy"):
        build_application(library, token=TOKEN, proxy="gopher://127.0.0.1")
    with pytest.raises(InvalidToken):
        build_application(library, token="")


async def test_the_limit_of_latest_is_a_plain_value(
    library: FakeLibrary, telegram: FakeTelegram
) -> None:
    application = build_application(
        library,
        token=TOKEN,
        latest_limit=2,
        request=telegram.request(),
        get_updates_request=telegram.request(),
    )
    async with application:
        (sent,) = await Person(application, telegram).says("/latest")
    assert len(sent.links) == 2


def test_floods_raise_no_deprecation_warnings(
    library: FakeLibrary, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PTB_TIMEDELTA")
    build_application(library, token=TOKEN, request=telegram.request())
    assert os.environ["PTB_TIMEDELTA"] == "1"
