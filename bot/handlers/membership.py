"""Whether a chat still hears the bot, and where it moved: update -> asleep, awake or renamed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from telegram import Bot, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ChatMemberHandler, ContextTypes, filters

from bot.admission import Mode
from bot.cards import sentence
from bot.context import Desk
from bot.handlers import NEW, Handler, Turns, on_command, on_message
from bot.handlers.places import may_post
from bot.languages import wording_for_reader
from bot.replies import reply, wording_of

logger = logging.getLogger(__name__)


def handlers(desk: Desk) -> Iterator[Handler]:
    """To stand in a group before the others: `/start` is welcomed there too."""
    subscribers = desk.ledger.subscribers
    turns = Turns()

    async def membership(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        changed = update.my_chat_member
        if changed is None:
            return
        member, chat = changed.new_chat_member, changed.chat
        now = desk.clock()
        async with turns.of(chat.id):
            if may_post(member, chat):
                await asyncio.to_thread(subscribers.awake, chat.id, now)
            else:
                logger.info("chat %d hears nothing any more: %s", chat.id, member.status)
                await asyncio.to_thread(subscribers.asleep, chat.id, str(member.status), now)
                return
        if not may_post(changed.old_chat_member, chat):
            await _greet(changed, desk)

    async def migration(message: Message) -> None:
        # Each of the two groups gets such a message; both tell the same.
        old, new = message.chat_id, message.migrate_to_chat_id
        if new is None:
            old, new = message.migrate_from_chat_id or message.chat_id, message.chat_id
        logger.info("chat %d is now %d", old, new)
        async with turns.of(new):
            await asyncio.to_thread(desk.admission.moved, old, new, desk.clock())
            await asyncio.to_thread(subscribers.move, old, new)
            desk.languages.moved(old, new)
            # It left the old group in order to be in the new one.
            await asyncio.to_thread(subscribers.awake, new, desk.clock())

    async def opened(message: Message) -> None:
        # A closed topic's place sleeps; those of topics that are still closed fall asleep again.
        await asyncio.to_thread(subscribers.awake, message.chat_id, desk.clock())

    async def start(message: Message) -> None:
        chat_id = message.chat_id
        async with turns.of(chat_id):
            places = await asyncio.to_thread(subscribers.awake, chat_id, desk.clock())
        count = 0
        for place in places:
            count += len(await asyncio.to_thread(subscribers.subscriptions, place.id))
        if count:
            await reply(message, sentence(wording_of(message).say("awake-again", count=count)))

    yield ChatMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER)
    yield on_message(NEW & filters.StatusUpdate.MIGRATE, migration)
    yield on_message(NEW & filters.StatusUpdate.FORUM_TOPIC_REOPENED, opened)
    yield on_command("start", start)


async def _greet(changed: ChatMemberUpdated, desk: Desk) -> None:
    """Tell a group, or who let the bot into a channel, how to go on. No failure is worth a word.

    Nothing where who brought it may not use it, and neither may the chat.
    """
    chat, bot = changed.chat, changed.get_bot()
    wording = wording_for_reader(changed.from_user.language_code, chat.title or "")
    if not await desk.admission.admits(changed.from_user.id, chat.id):
        return
    match chat.type:
        case ChatType.GROUP | ChatType.SUPERGROUP:
            all_may = await desk.admission.admits(None, chat.id)
            said = wording.say("group-hello") if all_may else wording.say("access-group-few")
            if not all_may and desk.admission.mode is Mode.INVITED:
                said += f"\n\n{wording.say('access-group-code')}"
            await _try_to_say(bot, chat.id, said)
        case ChatType.CHANNEL if chat.username:
            said = wording.say("channel-added", channel=f"@{chat.username}")
            await _try_to_say(bot, changed.from_user.id, said)
        case ChatType.CHANNEL:
            title, number = chat.title or "", str(chat.id)
            said = wording.say("channel-added-nameless", title=title, number=number)
            await _try_to_say(bot, changed.from_user.id, said)


async def _try_to_say(bot: Bot, chat_id: int, said: str) -> None:
    try:
        await bot.send_message(chat_id, said)
    except TelegramError as error:
        logger.info("chat %d is not greeted: %r", chat_id, error)
