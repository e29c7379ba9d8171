"""/random, /article and links alone: one article as a card, to be asked about and shared.

chance or link -> archive -> card; a reply to it is a question about it
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

from bot.buttons import ASK, LIKE, button
from bot.cards import sentence, title
from bot.context import Desk
from bot.deep_links import (
    OpenArticle,
    article_payload,
    deep_link,
    opening_of,
    payload_in,
    share_link,
)
from bot.handlers import PRIVATE, Handler, after_command, on_command, on_message
from bot.handlers.addressed import LinkAlone, ToUs
from bot.handlers.places import local_wording
from bot.markup import web_url
from bot.notices import notice
from bot.replies import reply, show_typing, wording_of
from bot.typing_action import typing
from bot.wording import Wording
from retrieval.article import Article

#: Links of one message that are looked up.
_MOST_LINKS = 5
_LINKS: list[str | None] = [MessageEntity.URL, MessageEntity.TEXT_LINK]


def handlers(desk: Desk) -> Iterator[Handler]:
    articles = Articles(desk)

    async def any_article(message: Message) -> None:
        async with typing(partial(show_typing, message)):
            article = await desk.library.browsing.random(desk.chance())
        if article is None:
            await reply(message, sentence(wording_of(message).say("archive-empty")))
        else:
            await articles.show(message, article)

    yield on_command("random", any_article)
    yield on_command("article", articles.at)
    # Whoever sends nothing but an address means what stands there.
    yield on_message(PRIVATE & LinkAlone() & ~ToUs(), articles.at)


class Articles:
    """Shows articles, one at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def at(self, message: Message) -> None:
        """Show the article that the message, or the one it replies to, links to."""
        links = links_of(message)
        if not links:
            await reply(message, sentence(wording_of(message).say("article-usage")))
            return
        async with typing(partial(show_typing, message)):
            article = await self._first(links, message.get_bot().username)
        if article is None:
            await reply(message, sentence(wording_of(message).say("article-unknown")))
        else:
            await self.show(message, article)

    async def of_id(self, message: Message, article_id: str) -> None:
        """Show the article of this id, or say that it is gone."""
        article = await self._desk.library.article(article_id)
        if article is None:
            await reply(message, sentence(wording_of(message).say("article-gone")))
        else:
            await self.show(message, article)

    async def show(self, message: Message, article: Article) -> None:
        """Answer with the article's card. Raises `TelegramError` and `LedgerError`."""
        wording = await local_wording(self._desk, message)
        card = notice(article, wording)
        keyboard = article_keyboard(article, wording, message.get_bot().username)
        now = self._desk.clock()
        for sent in await reply(message, [card], keyboard):
            # A reply to it is a question about it.
            await asyncio.to_thread(
                self._desk.ledger.threads.remember, sent.chat_id, sent.message_id, article.id, now
            )

    async def _first(self, links: list[str], username: str) -> Article | None:
        """The first article that one of the links leads to."""
        for link in links[:_MOST_LINKS]:
            opening = opening_of(payload_in(link, username) or "")
            if isinstance(opening, OpenArticle):
                found = await self._desk.library.article(opening.article_id)
            else:
                found = await self._desk.library.browsing.at(link)
            if found is not None:
                return found
        return None


def links_of(message: Message) -> list[str]:
    """The web addresses of a command and of the message that it replies to, in their order."""
    words = [word for word in after_command(message).split() if "." in word]
    found = [word if "://" in word else f"https://{word}" for word in words]
    for each in (message, message.reply_to_message):
        if each is None:
            continue
        entities = {**each.parse_entities(_LINKS), **each.parse_caption_entities(_LINKS)}
        written = [entity.url or words for entity, words in entities.items()]
        found += [link if "://" in link else f"https://{link}" for link in written]
    return [link for link in dict.fromkeys(found) if web_url(link) is not None]


def article_keyboard(article: Article, wording: Wording, username: str) -> InlineKeyboardMarkup:
    """Below an article's card: ask about it, more like it, share it."""
    link = deep_link(username, article_payload(article.id))
    return InlineKeyboardMarkup(
        [
            [
                button(wording.say("button-ask"), ASK, article.id),
                button(wording.say("button-like"), LIKE, article.id),
            ],
            [
                InlineKeyboardButton(
                    wording.say("button-share"), url=share_link(link, title(article))
                )
            ],
        ]
    )
