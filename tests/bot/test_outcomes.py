"""Outcomes: judged on errors as python-telegram-bot really raises them, from real responses."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import ChatMigrated, Conflict, EndPointNotFound, RetryAfter, TelegramError

from bot.outcomes import (
    Barred,
    Gone,
    Moved,
    Outcome,
    Passing,
    Refused,
    Unknown,
    Wait,
    outcome_of,
)
from tests.bot import bot_api
from tests.bot.bot_api import TOKEN, FakeTelegram, Fault, flood, page, refusing


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (flood(30), Wait(30)),
        (flood(43_837), Wait(43_837)),
        (
            refusing(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=-1001,
            ),
            Moved(-1001),
        ),
        (refusing(403, "Forbidden: bot was blocked by the user"), Gone),
        (refusing(403, "Forbidden: user is deactivated"), Gone),
        (refusing(403, "Forbidden: bot was kicked from the supergroup chat"), Gone),
        (refusing(403, "Forbidden: bot can't initiate conversation with a user"), Gone),
        (refusing(400, "Bad Request: chat not found"), Gone),
        (refusing(400, "Bad Request: PEER_ID_INVALID"), Gone),
        (refusing(400, "Bad Request: not enough rights to send text messages to the chat"), Gone),
        (refusing(400, "Bad Request: can't parse entities: Unsupported start tag"), Refused),
        (refusing(400, "Bad Request: message is too long"), Refused),
        (refusing(413, "Request Entity Too Large"), Refused),
        (refusing(401, "Unauthorized"), Barred),
        (refusing(404, "Not Found"), Barred),
        (refusing(409, "Conflict: terminated by other getUpdates request"), Barred),
        (refusing(500, "Internal Server Error"), Unknown),
        (refusing(502, "Bad Gateway"), Unknown),
        (bot_api.reset, Unknown),
        (bot_api.lost_reply, Unknown),
        (bot_api.truncated_reply, Unknown),
        (bot_api.unreachable, Passing),
        # A proxy's own pages: their codes are not Telegram's verdicts.
        (page(200), Unknown),
        (page(403), Unknown),
        (page(404), Unknown),
        (page(502), Unknown),
    ],
)
async def test_errors_are_grouped_by_what_follows_from_them(
    telegram: FakeTelegram, fault: Fault, expected: Outcome | type[Outcome]
) -> None:
    """FAILURES 10"""
    async with Bot(
        TOKEN, request=telegram.request(), get_updates_request=telegram.request()
    ) as bot:
        telegram.fail("sendMessage", fault)
        with pytest.raises(TelegramError) as raised:
            await bot.send_message(1, "hello")
    outcome = outcome_of(raised.value)
    assert outcome == expected if not isinstance(expected, type) else type(outcome) is expected


def test_errors_without_a_response() -> None:
    assert outcome_of(RetryAfter(5)) == Wait(5.0)
    assert outcome_of(ChatMigrated(-5)) == Moved(-5)
    assert isinstance(outcome_of(Conflict("x")), Barred)
    assert isinstance(outcome_of(EndPointNotFound("x")), Refused)
    assert outcome_of(TelegramError("Invalid server response")) == Unknown(
        "TelegramError: Invalid server response"
    )
