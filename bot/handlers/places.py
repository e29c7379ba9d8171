"""Which place a command or a press is about, and whether its author may change what goes there.

message -> target -> place of the ledger, and back from a place to those who may change it
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from telegram import Bot, Chat, ChatFullInfo, ChatMember, Message, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.admission import SubscribedBy
from bot.context import Desk
from bot.errors import LedgerError
from bot.handlers import after_command
from bot.handlers.presses import Press
from bot.ledger.records import ChatFacts, Place
from bot.notices import channel_of
from bot.outcomes import Gone, Refused, outcome_of
from bot.replies import wording_of
from bot.timing import zone_or_utc
from bot.wording import Wording

logger = logging.getLogger(__name__)

_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
# A channel by its public name, or by the number that Telegram gives to channels and supergroups.
_ELSEWHERE = re.compile(r"(@[A-Za-z]\w{3,31}|-100\d{7,13})(?:\s+|$)", re.ASCII)

_CHINESE_ZONES = {
    "hant": "Asia/Taipei",
    "tw": "Asia/Taipei",
    "hk": "Asia/Hong_Kong",
    "mo": "Asia/Macau",
    "sg": "Asia/Singapore",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A place that the author may change; `words` are what else the command said.

    `called` is what it named the channel by, empty where it means here.
    """

    chat: ChatFacts
    topic: int
    words: str
    called: str = ""


@dataclass(frozen=True, slots=True)
class Denied:
    """Why not: a kind sentence, in the author's language."""

    said: str


def zone_for(language_code: str | None, default: str) -> str:
    """The time zone of a new place: `default`, or what a Chinese client tells where that is UTC."""
    first, *rest = (language_code or "").lower().replace("_", "-").split("-")
    if default != "UTC" or first != "zh":
        return default
    # The territory says more than the script: zh-hant-hk.
    zones = [_CHINESE_ZONES[part] for part in reversed(rest) if part in _CHINESE_ZONES]
    return zones[0] if zones else "Asia/Shanghai"


def topic_of(message: Message) -> int:
    """The forum topic that a message stands in, or 0: a chain of replies has a number too."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0


async def zone_of_reader(desk: Desk | None, chat: Chat, topic: int, person: User | None) -> tzinfo:
    """By whose clock a chat's days are told: its place's, else that of a place made there now."""
    if desk is None:
        return UTC
    code = person.language_code if person is not None and chat.type == ChatType.PRIVATE else None
    zone = zone_for(code, desk.zone)
    try:
        place = await asyncio.to_thread(desk.ledger.subscribers.place, chat.id, topic)
    except LedgerError as error:  # nobody goes without an answer for this
        logger.error("nobody knows what time it is in chat %d: %s", chat.id, error)
    else:
        zone = zone if place is None else place.zone
    return zone_or_utc(zone)


async def local_wording(desk: Desk | None, message: Message) -> Wording:
    """The wording for whoever wrote the message, with the days of where they read it."""
    zone = await zone_of_reader(desk, message.chat, topic_of(message), message.from_user)
    return wording_of(message).in_zone(zone)


async def local_to_press(desk: Desk | None, press: Press) -> Wording:
    """The same for who pressed a button."""
    topic = 0 if press.message is None else topic_of(press.message)
    return press.wording.in_zone(await zone_of_reader(desk, press.chat, topic, press.person))


def facts_of(chat: Chat | ChatFullInfo) -> ChatFacts:
    """What is kept of a chat: the names of groups and channels, not those of people."""
    return ChatFacts(chat.id, str(chat.type), chat.title or "")


async def target_of(message: Message, *, to_look: bool = False) -> Target | Denied:
    """Where the command is to take effect: here, or in the channel that it names first.

    `to_look` is a command that changes nothing: in a group everybody may see what everybody hears.
    Raises `TelegramError` where Telegram cannot be asked.
    """
    words = after_command(message)
    elsewhere = _ELSEWHERE.match(words)
    if elsewhere is not None:
        channel = await _channel(message, elsewhere[1])
        if isinstance(channel, Denied):
            return channel
        return Target(channel, 0, words[elsewhere.end() :], elsewhere[1])
    if not to_look and not await _may_change_here(message):
        return Denied(wording_of(message).say("admins-only"))
    return Target(facts_of(message.chat), topic_of(message), words)


async def ensured(desk: Desk, target: Target, message: Message) -> Place:
    """The target's place in the ledger, made now if there was none, and awake.

    A group or channel that is not let in itself hears of news because of who does this.
    """
    person = message.from_user
    zone = zone_for(None if person is None else person.language_code, desk.zone)
    now = desk.clock()
    place = await asyncio.to_thread(
        desk.ledger.subscribers.ensure,
        target.chat,
        target.topic,
        now,
        zone=zone,
        language=wording_of(message).language,
        preview=desk.preview,
    )
    if place.asleep is not None:
        # Someone writes from there, or is an admin of where the bot may post: it hears.
        await asyncio.to_thread(desk.ledger.subscribers.awake, place.chat_id, now)
        place = replace(place, asleep=None, asleep_since=None)
    chat_id, admission = place.chat_id, desk.admission
    served = admission.is_public or await asyncio.to_thread(admission.serves, chat_id)
    if person is not None and not served:
        origin = SubscribedBy(person.id)
        people = desk.ledger.people
        await desk.writer.do(people.letting_in(chat_id, str(origin), now, allowed=False))
        admission.keep(chat_id, origin)
    return replace(place, called=target.called)


async def place_of_press(desk: Desk, press: Press, place_id: object) -> Place | Denied:
    """The place that a button is about, if who pressed it may change it.

    Never trusts the button: its data can be forged. Raises `TelegramError`.
    """
    found: dict[int, Place] = {}
    if isinstance(place_id, int):
        found = await asyncio.to_thread(desk.ledger.subscribers.by_id, [place_id])
    place = found.get(place_id) if isinstance(place_id, int) else None
    if place is None or (place.is_private and place.chat_id != press.person.id):
        return Denied(press.wording.say("button-old"))
    if place.is_private:
        return place
    if await is_admin(press.bot, place.chat_id, press.person.id):
        if place.kind != ChatType.CHANNEL:
            return place
        name = (await press.bot.get_chat(place.chat_id)).username
        return replace(place, called=f"@{name}" if name else "")
    if place.kind == ChatType.CHANNEL:
        return Denied(press.wording.say("channel-admins-only", channel=channel_of(place)))
    return Denied(press.wording.say("admins-only"))


async def _may_change_here(message: Message) -> bool:
    if message.chat.type == ChatType.PRIVATE:
        return True
    if message.sender_chat is not None:
        # An admin who stays anonymous writes as the group itself; a channel may write there too.
        return message.sender_chat.id == message.chat_id
    person = message.from_user
    return person is not None and await is_admin(message.get_bot(), message.chat_id, person.id)


async def _channel(message: Message, name: str) -> ChatFacts | Denied:
    bot, person, wording = message.get_bot(), message.from_user, wording_of(message)
    if message.chat.type != ChatType.PRIVATE or person is None:
        return Denied(wording.say("channel-private-only"))
    try:
        chat = await bot.get_chat(int(name) if name.startswith("-") else name)
    except TelegramError as error:
        if not isinstance(outcome_of(error), Gone | Refused):
            raise
        return Denied(wording.say("channel-unknown", channel=name))
    if chat.type != ChatType.CHANNEL:
        return Denied(wording.say("channel-not-a-channel", channel=name))
    # The bot first: of a channel that it does not administer, Telegram tells it no members.
    me = await _member(bot, chat.id, bot.id)
    if me is None or not may_post(me, chat):
        return Denied(wording.say("channel-add-me", channel=name))
    if not await is_admin(bot, chat.id, person.id):
        return Denied(wording.say("channel-admins-only", channel=name))
    return facts_of(chat)


async def is_admin(bot: Bot, chat_id: int, person_id: int) -> bool:
    """Whether this person administers the chat. Raises `TelegramError`."""
    member = await _member(bot, chat_id, person_id)
    return member is not None and member.status in _ADMINS


async def _member(bot: Bot, chat_id: int, person_id: int) -> ChatMember | None:
    """None where Telegram does not tell, as of a channel that the bot does not administer."""
    try:
        return await bot.get_chat_member(chat_id, person_id)
    except TelegramError as error:
        if not isinstance(outcome_of(error), Gone | Refused):
            raise
        return None


def may_post(member: ChatMember, chat: Chat | ChatFullInfo) -> bool:
    """Whether this member may write what everybody in the chat reads."""
    match member.status:
        case ChatMemberStatus.LEFT | ChatMemberStatus.BANNED:
            return False
        case ChatMemberStatus.RESTRICTED:
            return bool(getattr(member, "is_member", False)) and bool(
                getattr(member, "can_send_messages", False)
            )
        case ChatMemberStatus.MEMBER:
            return chat.type != ChatType.CHANNEL
        case ChatMemberStatus.ADMINISTRATOR if chat.type == ChatType.CHANNEL:
            return bool(getattr(member, "can_post_messages", False))
        case _:
            return True
