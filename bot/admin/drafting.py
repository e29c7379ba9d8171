"""What an admin wants told to all: a message of theirs -> Telegram's HTML, or why not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from telegram import Message, MessageEntity

from bot.cutting import LONGEST_MESSAGE, LONGEST_SOURCE, blank
from bot.telegram_html import parse_html
from bot.wishes import Trouble

#: UTF-16 units, and bytes of HTML: what is sent twice because nobody knows whether it arrived says
#: so in a line of its own, in any language.
LONGEST_BULLETIN = LONGEST_MESSAGE - 200
_LONGEST_SOURCE = LONGEST_SOURCE - 1024

#: Looks that are kept. Custom emoji are for bots that paid for them, and a mention of somebody
#: without a name works for nobody who has not met them: of both the words stay.
_KEPT = frozenset(
    {
        MessageEntity.BOLD,
        MessageEntity.ITALIC,
        MessageEntity.UNDERLINE,
        MessageEntity.STRIKETHROUGH,
        MessageEntity.SPOILER,
        MessageEntity.CODE,
        MessageEntity.PRE,
        MessageEntity.TEXT_LINK,
        MessageEntity.BLOCKQUOTE,
        MessageEntity.EXPANDABLE_BLOCKQUOTE,
    }
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be told, as HTML; None where the message says nothing."""

    html: str | None


def draft_of(message: Message) -> Draft | Trouble:
    """What a message says, without the command that it may begin with, its looks kept."""
    if message.text is None:
        return Trouble("announce-text-only")
    said = _without_command(message)
    shown = said.text or ""
    if blank(shown):
        return Draft(None)
    html = _html(said)
    over = len(shown.encode("utf-16-le")) // 2 - LONGEST_BULLETIN
    if over <= 0:
        over = len(html.encode()) - _LONGEST_SOURCE
    if over > 0:
        return Trouble("announce-too-long", {"over": over, "most": LONGEST_BULLETIN})
    return Draft(html)


def _html(message: Message) -> str:
    """Its looks, or where they do not make sense its words alone: they are what matters."""
    plain = escape(message.text or "", quote=False)
    try:
        found = message.text_html or ""
        return found if parse_html(found).text == message.text else plain
    except ValueError:  # an `HtmlError`, or a stretch that ends within a character
        return plain


def _without_command(message: Message) -> Message:
    """The same words behind the command, with the looks that are kept."""
    units = (message.text or "").encode("utf-16-le")
    cut = 0
    for entity in message.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            rest = units[2 * entity.length :].decode("utf-16-le")
            white = rest[: len(rest) - len(rest.lstrip())]
            cut = entity.length + len(white.encode("utf-16-le")) // 2
    kept = [_moved(each, cut) for each in message.entities if each.type in _KEPT]
    return Message(
        message.message_id,
        message.date,
        message.chat,
        text=units[2 * cut :].decode("utf-16-le"),
        entities=[each for each in kept if each.length > 0],
    )


def _moved(entity: MessageEntity, cut: int) -> MessageEntity:
    """The same where so many units are cut off before it, to be put into HTML.

    The library writes addresses and languages into attributes just as they are, and Telegram takes
    a language for one by its prefix: https://core.telegram.org/bots/api#html-style
    """
    begin = max(entity.offset - cut, 0)
    end = max(entity.offset + entity.length - cut, 0)
    url = entity.url and escape(entity.url)
    language = entity.language and f"language-{escape(entity.language)}"
    return MessageEntity(entity.type, begin, end - begin, url=url, language=language)
