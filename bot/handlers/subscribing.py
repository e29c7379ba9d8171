"""/subscribe, /subscriptions and /unsubscribe, with their buttons.

words -> wish -> ledger -> confirmation, which its buttons change in place
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from telegram import Message
from telegram.constants import ChatType

from bot.buttons import (
    LIST,
    REMOVE,
    STRICTNESS,
    strictness_keyboard,
    subscriptions_keyboard,
    unpack,
)
from bot.cards import sentence
from bot.context import Desk, Library
from bot.handlers import Answering, Handler, Turns, on_command
from bot.handlers.places import Denied, Target, ensured, place_of_press, target_of
from bot.handlers.presses import Press, Shown, on_button
from bot.ledger.records import Place, Subscription
from bot.markup import text
from bot.notices import ON_A_PAGE, channel_of, confirmation, described, subscriptions_text
from bot.replies import redraw, reply, show_typing, wording_of
from bot.typing_action import typing
from bot.wishes import LOOSEST, STRICTEST, Trouble, Wish, parse_wish
from bot.wording import Wording
from retrieval.article import Article
from retrieval.errors import IndexNotReady, RetrievalError

logger = logging.getLogger(__name__)

#: Subscriptions that one place may have: each costs work for every new article.
MOST = 50
#: More than the newest articles among which the library looks: all that match are counted.
_MOST_COUNTED = 500
_ALL = frozenset({"all", "全部", "所有"})


def handlers(desk: Desk) -> Iterator[Handler]:
    subscribing = _Subscribing(desk)
    yield on_command("subscribe", subscribing.subscribe)
    yield on_command("subscriptions", subscribing.in_order(subscribing.show))
    yield on_command("unsubscribe", subscribing.in_order(subscribing.unsubscribe))
    yield on_button({REMOVE}, subscribing.remove, subscribing.turns)
    yield on_button({LIST}, subscribing.turn, subscribing.turns)
    yield on_button({STRICTNESS}, subscribing.adjust, subscribing.turns)


class _Subscribing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._subscribers = desk.ledger.subscribers
        self.turns = Turns()

    def in_order(self, answering: Answering) -> Answering:
        """One command of a chat after the other: those that waited for the bot come together."""

        async def in_turn(message: Message) -> None:
            async with self.turns.of(message.chat_id):
                await answering(message)

        return in_turn

    async def subscribe(self, message: Message) -> None:
        wording = wording_of(message)
        async with self.turns.of(message.chat_id):  # what would match may take its time
            added = await self._add(message, wording)
        if added is None:
            return
        place, subscription, new = added
        async with typing(partial(show_typing, message)):
            matches = await would_match(self._desk.library, subscription.wish)
        keyboard = strictness_keyboard(subscription, wording) if subscription.wish.about else None
        now = self._desk.clock()
        said = confirmation(subscription.wish, wording, matches, place=place, new=new, now=now)
        await reply(message, [said], keyboard)

    async def _add(
        self, message: Message, wording: Wording
    ) -> tuple[Place, Subscription, bool] | None:
        """The subscription and whether it is new; None where the person was told why not."""
        target = await target_of(message)
        if isinstance(target, Denied):
            await reply(message, sentence(target.said))
            return None
        wish = parse_wish(target.words)
        if isinstance(wish, Trouble):
            await reply(message, sentence(wording.say(wish.reason, **wish.values)))
            return None
        async with self.turns.of((target.chat.chat_id, target.topic)):
            place = await ensured(self._desk, target, message)
            before = await self._of(place)
            known = any(each.wish.key == wish.key for each in before)
            if len(before) >= MOST and not known:
                await reply(message, sentence(wording.say("too-many-subscriptions", most=MOST)))
                return None
            since = await self._desk.library.end()
            subscription, new = await asyncio.to_thread(
                self._subscribers.add, place.id, wish, since, self._desk.clock()
            )
        return place, subscription, new

    async def show(self, message: Message) -> None:
        """The list, with a button each to remove one."""
        target = await target_of(message, to_look=True)
        if isinstance(target, Denied):
            await reply(message, sentence(target.said))
            return
        place = await self._place(target)
        if place is None and target.called:
            await reply(message, sentence(_none_of(target, wording_of(message))))
            return
        await self._list(message, place)

    async def unsubscribe(self, message: Message) -> None:
        wording = wording_of(message)
        target = await target_of(message)
        if isinstance(target, Denied):
            await reply(message, sentence(target.said))
            return
        place = await self._place(target)
        subscriptions = [] if place is None else await self._of(place)
        if place is None or not subscriptions:
            said = wording.say("nothing-to-unsubscribe")
            if target.called:
                said = _none_of(target, wording)
            await reply(message, sentence(said))
            return
        if target.words.casefold() in _ALL:
            count = len(await self._remove(subscriptions))
            said = wording.say("unsubscribed-all", count=count)
            if place.kind == ChatType.CHANNEL:
                channel = channel_of(place)
                said = wording.say("unsubscribed-all-channel", count=count, channel=channel)
            await reply(message, sentence(said))
            return
        meant, unknown = subscriptions, wording.say("unsubscribe-which")
        if target.words:
            wish = parse_wish(target.words)
            if isinstance(wish, Trouble):
                await reply(message, sentence(wording.say(wish.reason, **wish.values)))
                return
            meant = [each for each in subscriptions if each.wish.key == wish.key]
            unknown = wording.say("unsubscribe-unknown", wish=described(wish, wording))
        if len(meant) == 1:
            await self._remove(meant)
            await reply(message, sentence(_removed(meant[0].wish, place, wording)))
        else:
            await self._list(message, place, unknown)

    async def remove(self, press: Press) -> Shown | None:
        """A button of the list, or of a confirmation: the message says what became of it."""
        match press.pressed.values:
            case (int(subscription_id),):
                found = await self._permitted(press, subscription_id)
            case _:
                return Shown(press.wording.say("button-old"), alert=True)
        if isinstance(found, Shown):
            return found
        subscription, place = found
        async with self.turns.of((place.chat_id, place.topic)):
            before = [each.id for each in await self._of(place)]
            await self._remove([subscription])
            said = _removed(subscription.wish, place, press.wording)
            if _has_strictness(press.message):
                await redraw(press.bot, press.chat.id, press.message_id, text(said))
            else:
                page = (
                    before.index(subscription.id) // ON_A_PAGE if subscription.id in before else 0
                )
                await self._redraw_list(press, place, page)
        return Shown(said)

    async def turn(self, press: Press) -> Shown | None:
        """Another page of the list."""
        match press.pressed.values:
            case (int(place_id), int(page)):
                place = await place_of_press(self._desk, press, place_id)
            case _:
                return Shown(press.wording.say("button-old"), alert=True)
        if isinstance(place, Denied):
            return Shown(place.said, alert=True)
        async with self.turns.of((place.chat_id, place.topic)):
            await self._redraw_list(press, place, page)
        return None

    async def adjust(self, press: Press) -> Shown | None:
        """Stricter or looser: the confirmation shows what would have matched so."""
        match press.pressed.values:
            case (int(subscription_id), int(strictness)) if LOOSEST <= strictness <= STRICTEST:
                found = await self._permitted(press, subscription_id)
            case _:
                return Shown(press.wording.say("button-old"), alert=True)
        if isinstance(found, Shown):
            return found
        subscription, place = found
        async with self.turns.of((place.chat_id, place.topic)):
            changed = await asyncio.to_thread(
                self._subscribers.change,
                subscription.id,
                replace(subscription.wish, strictness=strictness),
            )
            if changed is None:
                return Shown(press.wording.say("subscription-gone"), alert=True)
            matches = await would_match(self._desk.library, changed.wish)
            said = confirmation(changed.wish, press.wording, matches, place=place, changed=True)
            keyboard = strictness_keyboard(changed, press.wording)
            await redraw(press.bot, press.chat.id, press.message_id, said, keyboard)
        return None

    async def _permitted(
        self, press: Press, subscription_id: int
    ) -> tuple[Subscription, Place] | Shown:
        """The subscription and its place, if who pressed may change it."""
        subscription = await asyncio.to_thread(self._subscribers.subscription, subscription_id)
        if subscription is None:
            return Shown(press.wording.say("subscription-gone"), alert=True)
        place = await place_of_press(self._desk, press, subscription.place_id)
        if isinstance(place, Denied):
            return Shown(place.said, alert=True)
        return subscription, place

    async def _place(self, target: Target) -> Place | None:
        where = (target.chat.chat_id, target.topic)
        place = await asyncio.to_thread(self._subscribers.place, *where)
        return None if place is None else replace(place, called=target.called)

    async def _of(self, place: Place) -> list[Subscription]:
        return await asyncio.to_thread(self._subscribers.subscriptions, place.id)

    async def _remove(self, subscriptions: Sequence[Subscription]) -> list[Subscription]:
        ids = [each.id for each in subscriptions]
        return await asyncio.to_thread(self._subscribers.remove, ids)

    async def _list(self, message: Message, place: Place | None, heading: str = "") -> None:
        wording = wording_of(message)
        subscriptions = [] if place is None else await self._of(place)
        listed = subscriptions_text(subscriptions, place, wording)
        said = text(heading, "\n\n", listed) if heading else listed
        await reply(message, [said], subscriptions_keyboard(subscriptions, wording))

    async def _redraw_list(self, press: Press, place: Place, page: int) -> None:
        subscriptions = await self._of(place)
        said = subscriptions_text(subscriptions, place, press.wording, page)
        keyboard = subscriptions_keyboard(subscriptions, press.wording, page)
        await redraw(press.bot, press.chat.id, press.message_id, said, keyboard)


async def would_match(library: Library, wish: Wish) -> Sequence[Article] | None:
    """Of the newest articles those that the wish would have announced, newest first.

    None where that cannot be told now. Never raises a `RetrievalError`: the subscription is made.
    """
    if wish.everything:
        return ()
    try:
        if not wish.about:
            return await library.with_words(wish, _MOST_COUNTED)
        rest = replace(wish, about="")
        if rest.everything:
            return await library.about(wish.about, wish.strictness, _MOST_COUNTED)
        fitting = {each.id for each in await library.with_words(rest, _MOST_COUNTED)}
        about = await library.about(wish.about, wish.strictness, _MOST_COUNTED)
        return [each for each in about if each.id in fitting]
    except IndexNotReady as error:
        logger.info("what would have matched cannot be told: %s", error)
    except RetrievalError:
        logger.exception("what would have matched cannot be told")
    return None


def _none_of(target: Target, wording: Wording) -> str:
    """That a channel has no subscriptions."""
    channel = target.chat.title or target.called
    return wording.say("no-subscriptions-channel", channel=channel, where=f" {target.called}")


def _removed(wish: Wish, place: Place, wording: Wording) -> str:
    told = described(wish, wording)
    if place.kind != ChatType.CHANNEL:
        return wording.say("unsubscribed", wish=told)
    return wording.say("unsubscribed-channel", wish=told, channel=channel_of(place))


def _has_strictness(message: Message | None) -> bool:
    """Whether the message is a confirmation; else it is the list."""
    keyboard = None if message is None else message.reply_markup
    buttons = [] if keyboard is None else [each for row in keyboard.inline_keyboard for each in row]
    pressed = [unpack(each.callback_data) for each in buttons]
    return any(each is not None and each.kind == STRICTNESS for each in pressed)
