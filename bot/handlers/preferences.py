"""/settings and its buttons: when and how a place hears of new articles.

words or press -> changes -> ledger -> the settings as they are now, in place where a button asked
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from telegram import Message

from bot.buttons import MAIN, PAGE, PAGES, SET, change_of, settings_keyboard, zone_keyboard
from bot.cards import sentence
from bot.context import Desk
from bot.cutting import shortened
from bot.handlers import Handler, Turns, on_command
from bot.handlers.places import Denied, ensured, place_of_press, target_of
from bot.handlers.presses import Press, Shown, on_button
from bot.ledger.records import Place
from bot.markup import Text
from bot.notices import LONGEST_LISTED, settings_text
from bot.replies import redraw, reply, wording_of
from bot.timing import due
from bot.typed_settings import Zones, parse_setting
from bot.wishes import Trouble
from bot.wording import Wording


def handlers(desk: Desk) -> Iterator[Handler]:
    preferences = _Preferences(desk)
    yield on_command("settings", preferences.settings)
    yield on_button({PAGE}, preferences.turn, preferences.turns)
    yield on_button({SET}, preferences.change, preferences.turns)


class _Preferences:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.turns = Turns()

    async def settings(self, message: Message) -> None:
        """Show the settings; change first what the words behind the command say."""
        wording = wording_of(message)
        target = await target_of(message)
        if isinstance(target, Denied):
            await reply(message, sentence(target.said))
            return
        place = await ensured(self._desk, target, message)
        if not target.words:
            said = await self._text(place, wording)
            await reply(message, [said], settings_keyboard(place, wording))
            return
        wished = parse_setting(target.words)
        if isinstance(wished, Zones):
            if len(wished.names) > 1:
                keyboard = zone_keyboard(place, wording, wished.names)
                await reply(message, sentence(wording.say("zone-several")), keyboard)
                return
            wished = (
                {"zone": wished.names[0]}
                if wished.names
                else Trouble("zone-unknown", {"words": shortened(wished.words, LONGEST_LISTED)})
            )
        if isinstance(wished, Trouble):
            await reply(message, sentence(wording.say(wished.reason, **wished.values)))
            return
        async with self.turns.of(place.id):
            place = await self._set(place, wished)
        said = await self._text(place, wording, said=_saved(wished, wording))
        await reply(message, [said], settings_keyboard(place, wording))

    async def turn(self, press: Press) -> Shown | None:
        """Another page of the settings."""
        match press.pressed.values:
            case (int(place_id), str(page)) if page in PAGES:
                place = await place_of_press(self._desk, press, place_id)
            case _:
                return Shown(press.wording.say("button-old"), alert=True)
        if isinstance(place, Denied):
            return Shown(place.said, alert=True)
        await self._redraw(press, place, page)
        return None

    async def change(self, press: Press) -> Shown | None:
        """Change what the button says, and show what has become of it."""
        changes = change_of(press.pressed)
        if changes is None:
            return Shown(press.wording.say("button-old"), alert=True)
        place = await place_of_press(self._desk, press, press.pressed.values[0])
        if isinstance(place, Denied):
            return Shown(place.said, alert=True)
        async with self.turns.of(place.id):
            place = await self._set(place, changes)
            await self._redraw(press, place, MAIN)
        return Shown(_saved(changes, press.wording))

    async def _set(self, place: Place, changes: Mapping[str, Any]) -> Place:
        since = None
        if place.paused and changes.get("paused") is False:
            # What appeared meanwhile may not have been looked at yet: it is not sent either.
            since = await self._desk.library.end()
        changed = await asyncio.to_thread(
            self._desk.ledger.subscribers.set,
            place.id,
            self._desk.clock(),
            due=due,
            since=since,
            **changes,
        )
        return replace(changed, called=place.called)

    async def _text(self, place: Place, wording: Wording, page: str = MAIN, said: str = "") -> Text:
        wished = await asyncio.to_thread(self._desk.ledger.subscribers.subscriptions, place.id)
        now = self._desk.clock()
        return settings_text(place, wording, now, page, subscribed=bool(wished), said=said)

    async def _redraw(self, press: Press, place: Place, page: str) -> None:
        said = await self._text(place, press.wording, page)
        keyboard = settings_keyboard(place, press.wording, page)
        await redraw(press.bot, press.chat.id, press.message_id, said, keyboard)


def _saved(changes: Mapping[str, Any], wording: Wording) -> str:
    match changes.get("paused"):
        case True:
            return wording.say("setting-paused")
        case False:
            return wording.say("setting-resumed")
        case _:
            return wording.say("setting-saved")
