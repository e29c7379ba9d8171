"""What a planned message says, and its looks: rows, articles -> what Telegram is given. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.buttons import notice_keyboard
from bot.composing import Planned, Single
from bot.ledger.records import Place
from bot.notices import listing, notice, plain_notice, shown
from bot.timing import zone_or_utc
from bot.wording import Wording
from retrieval.article import Article


@dataclass(frozen=True, slots=True)
class Announcement:
    """The message's source, HTML unless `parse_mode` is None, and what stands below it.

    `looks` is a digest of what a notice shows (`bot.notices.shown`), None for a listing.
    """

    words: str
    parse_mode: ParseMode | None
    keyboard: InlineKeyboardMarkup | None
    preview: LinkPreviewOptions
    looks: str | None = None


def announcement(
    place: Place, planned: Planned, articles: Mapping[str, Article], *, plain: bool = False
) -> Announcement:
    """The message, `plain` where Telegram refused its looks. All its articles must be there."""
    wording, zone = Wording(place.language), zone_or_utc(place.zone)
    channel, again = place.kind == "channel", planned.again
    parse_mode = None if plain else ParseMode.HTML
    if isinstance(planned, Single):
        article = articles[planned.row.article_id]
        words = (
            plain_notice(article, wording, zone, again=again)
            if plain
            else notice(article, wording, zone, again=again).html
        )
        keyboard = notice_keyboard(article.id, wording, channel=channel)
        preview = LinkPreviewOptions(is_disabled=not place.preview)
        return Announcement(words, parse_mode, keyboard, preview, shown(article))
    best = [(articles[row.article_id], row.score) for row in planned.rows]
    text = listing(best, wording, zone, kind=planned.kind, again=again, channel=channel)
    words = text.plain if plain else text.html
    return Announcement(words, parse_mode, None, LinkPreviewOptions(is_disabled=True))
