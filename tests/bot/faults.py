"""What may go wrong between the bot and Telegram, each for one call: perform -> response or error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx

from tests.bot.judging import Json

#: Does what was asked for; the answer that Telegram would give.
Perform = Callable[[], httpx.Response]
Fault = Callable[[Perform], httpx.Response | Awaitable[httpx.Response]]


def error(code: int, description: str, **parameters: int) -> httpx.Response:
    body: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return httpx.Response(code, json=body)


def refusing(code: int, description: str, **parameters: int) -> Fault:
    """Telegram says no, and does nothing."""
    return lambda _: error(code, description, **parameters)


def flood(seconds: int) -> Fault:
    return refusing(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def page(code: int) -> Fault:
    """Something between the bot and Telegram answers with a page of its own."""
    return lambda _: httpx.Response(code, text="<html>nginx</html>")


def unreachable(_: Perform) -> httpx.Response:
    raise httpx.ConnectError("no route")


def reset(_: Perform) -> httpx.Response:
    raise httpx.ReadError("connection reset by peer")


def lost_reply(perform: Perform) -> httpx.Response:
    """Telegram does it, but its answer never arrives."""
    perform()
    raise httpx.ReadTimeout("")


def truncated_reply(perform: Perform) -> httpx.Response:
    """Telegram does it, but half of its answer is lost."""
    whole = perform().content
    return httpx.Response(200, content=whole[: len(whole) // 2])


def reply_without_result(perform: Perform) -> httpx.Response:
    perform()
    return httpx.Response(200, json={"ok": True})
