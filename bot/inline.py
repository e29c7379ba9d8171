"""What is offered where somebody types the bot's name in any chat: hits and articles -> results.

Pure. A result that is chosen is a message of whoever chose it: one article, with its link.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from telegram.constants import ParseMode

from bot.beginning import beginning
from bot.cards import one_line, shared_card, title
from bot.cutting import blank, fits, narrowed, split
from bot.deep_links import article_payload, deep_link
from bot.markup import Text, web_url
from bot.notices import notice
from bot.passages import excerpt, plain_passage
from bot.wording import Wording
from retrieval.article import Article
from retrieval.search.answer import Hit

#: Results on a page; Telegram takes 50: https://core.telegram.org/bots/api#answerinlinequery
PAGE = 10
#: Columns below a title: two lines on a phone.
_DESCRIPTION = 120
#: Characters of an excerpt, the most that fit are taken.
_LONGEST = (900, 600, 300, 150)
#: Bytes of a result's id: https://core.telegram.org/bots/api#inlinequeryresultarticle
_LONGEST_ID = 64

#: The link below a card leads to this bot, if it can open articles.
Username = str | None


def hit_results(
    hits: Sequence[Hit], first: int, wording: Wording, username: Username
) -> list[InlineQueryResultArticle]:
    """What answers; `first` is the place of the first among all, which makes ids unique."""
    return [
        _result(
            place,
            hit.article,
            plain_passage(hit.highlight or hit.excerpt),
            _hit_text(hit, wording),
            wording,
            username,
        )
        for place, hit in enumerate(hits, first)
    ]


def article_results(
    articles: Sequence[Article], first: int, wording: Wording, username: Username
) -> list[InlineQueryResultArticle]:
    """The same for articles that nothing was asked of."""
    return [
        _result(
            place, article, beginning(article), notice(article, wording, UTC), wording, username
        )
        for place, article in enumerate(articles, first)
    ]


def hint_result(said: str, below: str) -> InlineQueryResultArticle:
    """A sentence where there is nothing else to choose; chosen all the same, it is said."""
    return InlineQueryResultArticle(
        "hint", said, InputTextMessageContent(said), description=below or None
    )


def _result(
    place: int, article: Article, told: str, content: Text, wording: Wording, username: Username
) -> InlineQueryResultArticle:
    keyboard = None
    if username is not None:
        opens = deep_link(username, article_payload(article.id))
        label = wording.say("button-ask")
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(label, url=opens)]])
    below = narrowed(one_line(told), _DESCRIPTION)
    return InlineQueryResultArticle(
        f"{place}-{article.id}".encode()[:_LONGEST_ID].decode(errors="ignore"),
        title(article),
        InputTextMessageContent(content.html, ParseMode.HTML),
        reply_markup=keyboard,
        url=web_url(article.link),
        description=None if blank(below) else below,
    )


def _hit_text(hit: Hit, wording: Wording) -> Text:
    cards = list(_cards(hit, wording))
    # A link of two thousand marks that HTML must spell out leaves room for little.
    return next((card for card in cards if fits(card)), split(cards[-1])[0])


def _cards(hit: Hit, wording: Wording) -> Iterator[Text]:
    """The same card with less and less of the excerpt."""
    for longest in _LONGEST:
        shown = excerpt(hit.excerpt, hit.highlight, longest).text
        yield shared_card(hit.article, shown, wording)
