"""Updates posted to the bot's webhook, one after the other, again until it takes them."""

from __future__ import annotations

import asyncio

import httpx

from tests.bot.bot_api import FakeTelegram

#: Seconds before what the webhook did not take is posted again, and that it may take.
PAUSE, PATIENCE = 0.3, 30.0


async def post_updates(telegram: FakeTelegram) -> None:
    """For as long as the server runs."""
    async with httpx.AsyncClient(timeout=PATIENCE, verify=False, trust_env=False) as client:
        while True:
            if not telegram.webhook:
                telegram.news.clear()
                await telegram.news.wait()
                continue
            waiting = telegram.wanted(telegram.repeated + telegram.pending)
            if not waiting:
                telegram.news.clear()
                await telegram.news.wait()
                continue
            update = waiting[0]
            if await _taken(client, telegram, update):
                if update in telegram.repeated:
                    telegram.repeated.remove(update)
                else:
                    telegram.confirm(update["update_id"])
            else:
                await asyncio.sleep(PAUSE)


async def _taken(client: httpx.AsyncClient, telegram: FakeTelegram, update: object) -> bool:
    headers = {}
    if "secret_token" in telegram.webhook:
        headers["X-Telegram-Bot-Api-Secret-Token"] = telegram.webhook["secret_token"]
    try:
        response = await client.post(telegram.webhook["url"], json=update, headers=headers)
    except httpx.HTTPError:
        return False
    return response.is_success
