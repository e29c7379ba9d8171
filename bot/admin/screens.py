"""The screens of /admin: what there is -> text and buttons. Pure.

Every text here fits into one message, whatever a source, a server or an article wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.admin.office import Holdings
from bot.buttons import ADMIN, button, in_rows
from bot.cards import lines, one_line
from bot.cutting import blank, fits, shortened, split
from bot.ledger.census import Census
from bot.ledger.records import Bulletin, DeadLetter, Spread
from bot.markup import Text, bold, text
from bot.notices import clock
from bot.telegram_html import parse_html
from bot.wording import Wording
from retrieval.archive.fetches import SourceState
from retrieval.gathering import SourceReport
from retrieval.identity import digest

T = TypeVar("T")

#: On one page of each.
SOURCES_ON_A_PAGE, LETTERS_ON_A_PAGE, BULLETINS_SHOWN = 5, 5, 5
#: Buttons of sources on one page.
_CHOICES = 8
#: Characters of a name, of a title and of a reason; a reason may quote a server.
_LONGEST_NAME, _LONGEST_TITLE, _LONGEST_REASON = 64, 100, 200
#: Sources of which a report tells the trouble.
_MOST_TROUBLES = 8

#: What the buttons of `ADMIN` lead to, and which values follow.
MAIN = "main"
STATISTICS = "stats"
SOURCES = "sources"  # page from 0
GATHER = "gather"  # page from 0
GATHER_ALL = "all"
GATHER_ONE = "one"  # `mark_of` the source
FAILED = "failed"  # page from 0
AGAIN = "again"  # delivery id, page from 0
AGAIN_ALL = "againall"
ANNOUNCE = "announce"
WRITE = "write"
SEND = "send"  # bulletin id
CANCEL = "cancel"  # bulletin id
SPREAD = "spread"  # bulletin id


@dataclass(frozen=True, slots=True)
class Screen:
    """One message of /admin."""

    said: Text
    keyboard: InlineKeyboardMarkup


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at it: in which language, and by which clock."""

    wording: Wording
    zone: tzinfo

    def say(self, sentence: str, /, **values: str | int) -> str:
        """As the wording says it."""
        return self.wording.say(sentence, **values)

    def moment(self, moment: datetime) -> str:
        """A day and the time, such as `14 Mar 2026 07:30`."""
        local = moment.astimezone(self.zone)
        return f"{self.wording.day(moment, self.zone)} {clock(60 * local.hour + local.minute)}"


def mark_of(source: str) -> str:
    """What a button names a source by, whose name may be too long for it."""
    return digest(source)[:12]


def main_screen(
    holdings: Holdings | None, failing: int, dead: int, reader: Reader, now: datetime
) -> Screen:
    """Where to go, and what needs somebody's eyes."""
    troubles = []
    if holdings is not None and holdings.share is not None:
        troubles.append(text(_index(holdings.share, reader.wording)))
    if failing:
        troubles.append(text(reader.say("admin-sources-fail", count=failing)))
    if dead:
        troubles.append(text(reader.say("admin-letters-wait", count=dead)))
    said = _apart(
        bold(reader.say("admin-heading")),
        lines(*troubles) if troubles else text(reader.say("admin-all-well")),
        text(reader.say("admin-as-of", moment=reader.moment(now))),
    )
    rows = [
        [
            _to(reader.say("button-statistics"), STATISTICS),
            _to(reader.say("button-sources"), SOURCES, 0),
        ],
        [_to(reader.say("button-gather"), GATHER, 0), _to(reader.say("button-failed"), FAILED, 0)],
        [_to(reader.say("button-announce"), ANNOUNCE), _to(reader.say("button-refresh"), MAIN)],
    ]
    return Screen(said, InlineKeyboardMarkup(rows))


def statistics_screen(holdings: Holdings | None, census: Census, reader: Reader) -> Screen:
    """Everything that can be counted."""
    c = census
    archive = []
    if holdings is not None:
        articles, excerpts = holdings.articles, holdings.excerpts
        archive.append(text(reader.say("admin-archive", articles=articles, excerpts=excerpts)))
        archive.append(text(_index(holdings.share, reader.wording)))
    said = _apart(
        bold(reader.say("admin-statistics")),
        lines(*archive),
        lines(
            text(
                reader.say("admin-places", private=c.private, groups=c.groups, channels=c.channels)
            ),
            text(reader.say("admin-deaf", asleep=c.asleep, paused=c.paused)),
        ),
        text(
            reader.say(
                "admin-wishes",
                everything=c.everything,
                tags=c.tags,
                words=c.words,
                topics=c.topics,
            )
        ),
        text(reader.say("admin-deliveries", waiting=c.waiting, sent=c.sent, dead=c.dead)),
        lines(
            text(reader.say("admin-answered", day=c.answered, week=c.answered_week)),
            text(reader.say("admin-votes", good=c.good, bad=c.bad)),
        ),
    )
    return Screen(
        said, _keyboard([[_to(reader.say("button-refresh"), STATISTICS)]], reader.wording)
    )


def sources_screen(states: Sequence[SourceState], page: int, reader: Reader) -> Screen:
    """How each source fares."""
    if not states:
        return Screen(text(reader.say("admin-no-sources")), _keyboard([], reader.wording))
    page, pages, shown = _page(states, page, SOURCES_ON_A_PAGE)
    blocks = [_source(each, reader) for each in shown]
    said = _apart(bold(reader.say("admin-sources", count=len(states))), *blocks)
    turning = _turning(SOURCES, page, pages)
    return Screen(said, _keyboard([turning], reader.wording))


def gather_screen(
    names: Sequence[str], under_way: Sequence[str], page: int, reader: Reader
) -> Screen:
    """Which source shall be gathered; none of `names` where nothing is gathered here."""
    if not names:
        return Screen(text(reader.say("admin-gathers-nothing")), _keyboard([], reader.wording))
    busy = [text(reader.say("admin-gathering", names=_several(under_way)))] if under_way else []
    page, pages, shown = _page(names, page, _CHOICES)
    choices = [_to(_name(each), GATHER_ONE, mark_of(each)) for each in shown]
    rows = [
        [_to(reader.say("button-gather-all"), GATHER_ALL)],
        *in_rows(choices, 2),
        _turning(GATHER, page, pages),
    ]
    said = _apart(bold(reader.say("admin-gather-which")), *busy)
    return Screen(said, _keyboard(rows, reader.wording))


def gathering_screen(names: Sequence[str], reader: Reader) -> Screen:
    """While these are being gathered."""
    said = text(reader.wording.say("admin-gathering", names=_several(names)))
    return Screen(said, _keyboard([], reader.wording))


def gathered_screen(
    names: Sequence[str], reports: Sequence[SourceReport | None], reader: Reader
) -> Screen:
    """What came; `reports` are those of `names`, in their order."""
    taken = [each.intake for each in reports if each is not None and each.intake is not None]
    new, changed = sum(each.new for each in taken), sum(each.changed for each in taken)
    blocks = [bold(reader.say("admin-gathered", names=_several(names)))]
    if taken:
        blocks.append(text(reader.say("admin-came", new=new, changed=changed)))
    troubles = [
        text(f"⚠ {_name(name)}: {trouble}")
        for name, report in zip(names, reports, strict=True)
        if (trouble := _trouble(report, reader))
    ]
    if troubles:
        blocks.append(lines(*troubles[:_MOST_TROUBLES]))
    if len(troubles) > _MOST_TROUBLES:
        blocks.append(text(reader.say("admin-more-troubles", count=len(troubles) - _MOST_TROUBLES)))
    again = [
        _to(reader.say("button-gather"), GATHER, 0),
        _to(reader.say("button-sources"), SOURCES, 0),
    ]
    return Screen(_apart(*blocks), _keyboard([again], reader.wording))


def failed_screen(
    letters: Sequence[DeadLetter], titles: Mapping[str, str], count: int, page: int, reader: Reader
) -> Screen:
    """A page of what was given up, of `count` altogether; `titles` are by what is told."""
    if not letters:
        return Screen(text(reader.say("admin-no-letters")), _keyboard([], reader.wording))
    first = page * LETTERS_ON_A_PAGE + 1
    blocks = [_letter(number, each, titles, reader) for number, each in enumerate(letters, first)]
    again = [
        _to(reader.say("button-again", number=number), AGAIN, each.delivery.id, page)
        for number, each in enumerate(letters, first)
    ]
    rows = [
        *in_rows(again, 3),
        [_to(reader.say("button-again-all"), AGAIN_ALL)],
        _turning(FAILED, page, pages_of(count, LETTERS_ON_A_PAGE)),
    ]
    said = _apart(bold(reader.say("admin-letters", count=count)), *blocks)
    return Screen(said, _keyboard(rows, reader.wording))


def announce_screen(
    told: Sequence[Bulletin], spread: Mapping[int, Spread], places: int, reader: Reader
) -> Screen:
    """What was told to all of late, and how to tell more; `places` would hear it now."""
    blocks = [
        bold(reader.say("admin-announce")),
        text(reader.say("admin-announce-how", places=places)),
    ]
    for each in told:
        moment = "" if each.told_at is None else reader.moment(each.told_at)
        head = text(f"{moment} · {opening_of(each)}")
        blocks.append(lines(head, text(spread_text(spread[each.id], reader.wording))))
    rows = [[_to(reader.say("button-write"), WRITE), _to(reader.say("button-refresh"), ANNOUNCE)]]
    return Screen(_apart(*blocks), _keyboard(rows, reader.wording))


def draft_keyboard(bulletin_id: int, places: int, wording: Wording) -> InlineKeyboardMarkup:
    """Below what is to be told, as people will see it."""
    return InlineKeyboardMarkup(
        [
            [_to(wording.say("button-send-to", places=places), SEND, bulletin_id)],
            [_to(wording.say("button-cancel"), CANCEL, bulletin_id)],
        ]
    )


def told_keyboard(bulletin_id: int, wording: Wording) -> InlineKeyboardMarkup:
    """The same once it was told."""
    return InlineKeyboardMarkup([[_to(wording.say("button-spread"), SPREAD, bulletin_id)]])


def spread_text(spread: Spread, wording: Wording) -> str:
    """How far a bulletin has come, in one line."""
    said = wording.say("admin-spread", sent=spread.sent, waiting=spread.waiting, dead=spread.dead)
    if spread.stopped:
        said += " " + wording.say("admin-spread-stopped", count=spread.stopped)
    return said


def opening_of(bulletin: Bulletin) -> str:
    """Its first words, in one line."""
    return shortened(one_line(parse_html(bulletin.html).text), _LONGEST_TITLE)


def pages_of(count: int, size: int) -> int:
    """How many pages so many take, at least one."""
    return max(1, (count - 1) // size + 1)


def _source(state: SourceState, reader: Reader) -> Text:
    name = bold(("⚠ " if state.failure else "") + _name(state.name))
    if not state.kind:
        return lines(name, text(reader.say("admin-source-new")))
    told = [text(reader.say("admin-source-holds", kind=state.kind, articles=state.articles))]
    looked = max(filter(None, (state.gathered_at, state.failed_at)), default=None)
    if looked is not None:
        told.append(text(reader.say("admin-source-looked", moment=reader.moment(looked))))
    if state.brought_at is not None:
        told.append(
            text(reader.say("admin-source-brought", moment=reader.moment(state.brought_at)))
        )
    if state.failure and state.failing_since is not None:
        since, reason = reader.moment(state.failing_since), _reason(state.failure)
        told.append(text(reader.say("admin-source-fails", since=since, reason=reason)))
    if state.wait_until is not None:
        told.append(text(reader.say("admin-source-waits", moment=reader.moment(state.wait_until))))
    return lines(name, *told)


def _trouble(report: SourceReport | None, reader: Reader) -> str:
    if report is None:
        return reader.say("admin-gather-broken")
    if report.failure is not None:
        return _reason(str(report.failure))
    if report.waits_until is not None:
        return reader.say("admin-source-waits", moment=reader.moment(report.waits_until))
    return "" if report.cut is None else _reason(report.cut)


def _letter(number: int, letter: DeadLetter, titles: Mapping[str, str], reader: Reader) -> Text:
    delivery, kind = letter.delivery, letter.place.kind
    place = {
        "private": lambda: reader.say("kind-private"),
        "channel": lambda: reader.say("kind-channel"),
    }.get(kind, lambda: reader.say("kind-group"))()
    title = shortened(one_line(titles.get(delivery.article_id, "")), _LONGEST_TITLE)
    named = delivery.article_id if blank(title) else title
    return lines(
        text(f"{number}. ", bold(named)),
        text(f"{place} · {reader.moment(delivery.created_at)}"),
        text(_reason(delivery.error or "")),
    )


def _index(share: float | None, wording: Wording) -> str:
    if share is None:
        return wording.say("admin-index-ready")
    return wording.say("admin-index-share", percent=int(min(max(share, 0), 1) * 100))


def _name(source: str) -> str:
    name = shortened(one_line(source), _LONGEST_NAME)
    return "?" if blank(name) else name


def _several(names: Sequence[str]) -> str:
    """Some of them, in a row."""
    shown = ", ".join(map(_name, names[:_MOST_TROUBLES]))
    return shown + (f" … +{len(names) - _MOST_TROUBLES}" if len(names) > _MOST_TROUBLES else "")


def _reason(told: str) -> str:
    return shortened(one_line(told), _LONGEST_REASON)


def _page(items: Sequence[T], page: int, size: int) -> tuple[int, int, Sequence[T]]:
    pages = pages_of(len(items), size)
    page = max(0, min(page, pages - 1))
    return page, pages, items[page * size : (page + 1) * size]


def _turning(screen: str, page: int, pages: int) -> list[InlineKeyboardButton]:
    turning = []
    if page > 0:
        turning.append(_to("‹", screen, page - 1))
    if pages > 1:
        turning.append(_to(f"{page + 1}/{pages}", screen, page))
    if page + 1 < pages:
        turning.append(_to("›", screen, page + 1))
    return turning


def _keyboard(
    rows: Sequence[Sequence[InlineKeyboardButton]], wording: Wording
) -> InlineKeyboardMarkup:
    """The rows, and the way back."""
    back = [_to(wording.say("button-back"), MAIN)]
    return InlineKeyboardMarkup([*(row for row in rows if row), back])


def _to(label: str, screen: str, *values: int | str) -> InlineKeyboardButton:
    return button(label, ADMIN, screen, *values)


def _apart(*blocks: Text) -> Text:
    """The blocks with a blank line between them, as far as one message holds them."""
    there = [each for each in blocks if each.plain.strip()]
    whole = text(*(piece for each in there for piece in (each, "\n\n"))).stripped()
    return whole if fits(whole) else split(whole)[0]
