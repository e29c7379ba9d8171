"""What a planned message says, and its looks: rows, what they tell -> what Telegram is given.

Pure.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.buttons import notice_keyboard
from bot.composing import Planned, Single
from bot.cutting import fits
from bot.ledger.records import Bulletin, Place
from bot.markup import text
from bot.notices import listing, notice, plain_notice, shown
from bot.screen import on_screen
from bot.telegram_html import parse_html
from bot.timing import zone_or_utc
from bot.told import Told
from bot.wording import Wording
from retrieval.article import Article


@dataclass(frozen=True, slots=True)
class Announcement:
    """The message's source, HTML unless `parse_mode` is None, and what stands below it.

    `looks` is a digest of what a notice shows (`bot.notices.shown`), None for a listing and a
    bulletin.
    """

    words: str
    parse_mode: ParseMode | None
    keyboard: InlineKeyboardMarkup | None
    preview: LinkPreviewOptions
    looks: str | None = None


def announcement(
    place: Place, planned: Planned, told: Mapping[str, Told], *, plain: bool = False
) -> Announcement:
    """The message, `plain` where Telegram refused its looks. All that it tells must be there."""
    if isinstance(planned, Single):
        what = told[planned.row.article_id]
        if isinstance(what, Bulletin):
            return _bulletin(place, what, again=planned.again, plain=plain)
        return _notice(place, what, again=planned.again, plain=plain)
    articles = {own: what for own, what in told.items() if isinstance(what, Article)}
    wording, zone = Wording(place.language), zone_or_utc(place.zone)
    channel = place.kind == "channel"
    best = [(articles[row.article_id], row.score) for row in planned.rows]
    whole = listing(best, wording, zone, kind=planned.kind, again=planned.again, channel=channel)
    words = whole.plain if plain else whole.html
    return Announcement(words, _parse_mode(plain), None, _preview(False))


def _notice(place: Place, article: Article, *, again: bool, plain: bool) -> Announcement:
    wording, zone = Wording(place.language), zone_or_utc(place.zone)
    words = (
        plain_notice(article, wording, zone, again=again)
        if plain
        else notice(article, wording, zone, again=again).html
    )
    keyboard = notice_keyboard(article.id, wording, channel=place.kind == "channel")
    preview = _preview(place.preview)
    return Announcement(words, _parse_mode(plain), keyboard, preview, shown(article))


def _bulletin(place: Place, bulletin: Bulletin, *, again: bool, plain: bool) -> Announcement:
    remark = Wording(place.language).say("notice-again") if again else ""
    if plain:  # with the addresses of its links behind them, where there is room for all of it
        parsed = parse_html(bulletin.html)
        both = (on_screen(parsed, colour=False), parsed.text)
        shown = [text(f"{remark}\n\n{each}").stripped() for each in both]
        words = next(filter(fits, shown), shown[-1]).plain
    else:
        words = bulletin.html + (f"\n\n<i>{html.escape(remark)}</i>" if again else "")
    return Announcement(words, _parse_mode(plain), None, _preview(place.preview))


def _parse_mode(plain: bool) -> ParseMode | None:
    return None if plain else ParseMode.HTML


def _preview(shown: bool) -> LinkPreviewOptions:
    return LinkPreviewOptions(is_disabled=not shown)
