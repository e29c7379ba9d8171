"""Whether a message speaks to the bot, and what it says: message -> words without the bot's name.

A group's messages come as Telegram's privacy mode lets them through, which admins can switch off:
nothing here relies on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from telegram import Message, MessageEntity
from telegram.ext import filters

from bot.deep_links import OpenArticle, opening_of, payload_in

_COMMAND = re.compile(r"/([A-Za-z0-9_]+)(?:@(\w+))?(?=\s|$)")
#: What parts a name from the words said to who has it, and what goes close behind a word.
_PARTING = ",:，：、 "
_CLOSE = ("\n", *",.?!;:)，。？！；：、）")


class Mentioned(filters.MessageFilter):
    """Messages that name the bot, anywhere in them."""

    def filter(self, message: Message) -> bool:
        return next(_mentions(message), None) is not None


class ToUs(filters.MessageFilter):
    """Replies to a message of this bot."""

    def filter(self, message: Message) -> bool:
        replied = message.reply_to_message
        # All that is said in a topic replies, for Telegram, to what opened the topic.
        if replied is None or replied.forum_topic_created is not None:
            return False
        return replied.from_user is not None and replied.from_user.id == message.get_bot().id


class AskedBelow(filters.MessageFilter):
    """Pictures and the like below which stands /ask, which the library takes for no command."""

    def filter(self, message: Message) -> bool:
        return CommandedBelow().filter(message) and asked_in(message) is not None


class CommandedBelow(filters.MessageFilter):
    """Pictures and the like below which stands a command, of this bot or of another."""

    def filter(self, message: Message) -> bool:
        return any(
            each.offset == 0 and each.type == MessageEntity.BOT_COMMAND
            for each in message.caption_entities
        )


class LinkAlone(filters.MessageFilter):
    """Messages that are nothing but one link."""

    def filter(self, message: Message) -> bool:
        said = message.text or ""
        whole = (0, len(said.encode("utf-16-le", "surrogatepass")) // 2)
        return any(
            each.type == MessageEntity.URL and (each.offset, each.length) == whole
            for each in message.entities
        )


def words_of(message: Message) -> str:
    """What a message says, without the bot's name."""
    said = message.text or message.caption or ""
    stretches = sorted((each.offset, each.length) for each in _mentions(message))
    if not stretches:
        return said
    units = said.encode("utf-16-le", "surrogatepass")
    pieces, taken = [], 0
    for offset, length in [*stretches, (len(units), 0)]:
        piece = units[2 * taken : 2 * offset].decode("utf-16-le", "surrogatepass")
        pieces.append(piece.strip(" "))
        taken = offset + length
    if not pieces[0]:
        pieces[1] = pieces[1].lstrip(_PARTING)
    if not pieces[-1]:
        pieces[-2] = pieces[-2].rstrip(_PARTING)
    whole = ""
    for piece in filter(None, pieces):
        close = not whole or whole.endswith("\n") or piece.startswith(_CLOSE)
        whole += piece if close else f" {piece}"
    return whole


def asked_in(message: Message) -> str | None:
    """What a message asks, behind /ask or without; None where it is any other command."""
    words = words_of(message)
    command = _COMMAND.match(words)
    if command is None:
        return words
    name = message.get_bot().username
    if command[1].lower() != "ask" or (command[2] or name).lower() != name.lower():
        return None
    return " ".join(words[command.end() :].split())


def is_card(message: Message | None) -> bool:
    """Whether somebody chose it from what the bot offers in any chat."""
    via = None if message is None else message.via_bot
    return via is not None and message is not None and via.id == message.get_bot().id


def card_of(message: Message) -> str | None:
    """The article of such a card, which the link below it opens."""
    if not is_card(message) or message.reply_markup is None:
        return None
    name = message.get_bot().username
    for each in chain.from_iterable(message.reply_markup.inline_keyboard):
        opening = opening_of(payload_in(each.url or "", name) or "")
        if isinstance(opening, OpenArticle):
            return opening.article_id
    return None


def _mentions(message: Message) -> Iterator[MessageEntity]:
    said = message.text or message.caption or ""
    bot = message.get_bot()
    name = f"@{bot.username}".lower()
    units = said.encode("utf-16-le", "surrogatepass")
    for entity in message.entities or message.caption_entities:
        if entity.type == MessageEntity.TEXT_MENTION:
            if entity.user is not None and entity.user.id == bot.id:
                yield entity
        elif entity.type == MessageEntity.MENTION:
            start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
            if units[start:end].decode("utf-16-le", "replace").lower() == name:
                yield entity
