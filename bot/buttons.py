"""Buttons below messages: what a press means <-> callback data, and the keyboards of both. Pure.

Data names what is wanted (`daily`, `hour 9`), never "the next one", so that a press that arrives
late or twice does no harm. Changes of settings carry their place, for a channel's are made in a
private chat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.cities import USUAL_ZONES, zone_called
from bot.cutting import shortened
from bot.ledger.records import Place, Rhythm, Subscription
from bot.notices import ON_A_PAGE, WEEKDAYS, clock, described, page_start
from bot.timing import zone_of
from bot.wishes import LOOSEST, STRICTEST
from bot.wording import NAMES, Wording

#: Bytes: https://core.telegram.org/bots/api#inlinekeyboardbutton
LONGEST_DATA = 64

# What a button is for, and the values that it carries.
ASK = "ask"  # article id
LIKE = "like"  # article id
STOP = "stop"  # article id
REMOVE = "remove"  # subscription id
STRICTNESS = "strict"  # subscription id, the strictness wanted
LIST = "list"  # place id, page from 0
PAGE = "page"  # place id, one of PAGES
SET = "set"  # place id, a setting, its values: read it with `change_of`
HITS = "hits"  # answer id, page from 0
WHOLE = "whole"  # answer id, place of the hit from 0
VOTE = "vote"  # answer id, 1 or -1
SHARE = "share"  # answer id, 0
NEWEST = "newest"  # how many, how many newer ones not, marks of tags and sources: `bot.listings`
TAGS = "tags"  # how many more frequent ones not
TAG = "tag"  # its mark
LANGUAGE = "lang"  # place id, or 0 for who presses; a language of `bot.wording`, or CLIENTS_OWN
EXAMPLE = "eg"  # a question as a payload of `bot.deep_links`
FORGET = "forget"  # the number of a person or a chat
ADMIN = "admin"  # a screen of `bot.admin.screens`, its values
UNDO = "undo"  # the number of the delivery below whose notice STOP was pressed

#: No language is chosen: each is answered in that of their client.
CLIENTS_OWN = "client"

MAIN = "main"
PAGES = (MAIN, "rhythm", "hour", "weekday", "quiet", "zone")

#: From and to, in minutes since midnight.
USUAL_QUIET = ((21, 8), (22, 7), (22, 8), (23, 7), (23, 8), (0, 8), (0, 9))


_VERSION = "1"
LONGEST_LABEL = 48
_KIND = re.compile(r"[a-z]{1,16}")
_NUMBER = re.compile(r"-?[1-9][0-9]{0,17}|0")
_WORD = re.compile(r"=[A-Za-z0-9_/+.-]{1,58}")
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button was for: one of the kinds above, with its values."""

    kind: str
    values: tuple[int | str, ...] = ()


def pack(kind: str, *values: int | str) -> str:
    """Callback data that `unpack` reads. Raises `ValueError` for what does not fit into it."""
    # A word is marked as one: an article's id may be all digits.
    told = [str(int(value)) if isinstance(value, int) else f"={value}" for value in values]
    data = ":".join((_VERSION, kind, *told))
    if unpack(data) is None:
        raise ValueError(f"{data!r} cannot be the data of a button")
    return data


def unpack(data: object) -> Pressed | None:
    """What `pack` was given, or None for anything that it never gave, such as an older version's.

    Never raises.
    """
    if not isinstance(data, str) or len(data) > LONGEST_DATA:
        return None
    version, *rest = data.split(":")
    if version != _VERSION or not rest or not _KIND.fullmatch(rest[0]):
        return None
    values: list[int | str] = []
    for told in rest[1:]:
        if _NUMBER.fullmatch(told):
            values.append(int(told))
        elif _WORD.fullmatch(told):
            values.append(told[1:])
        else:
            return None
    return Pressed(rest[0], tuple(values))


def change_of(pressed: Pressed) -> dict[str, Any] | None:
    """The fields of a `Place` that a pressed `SET` asks to change, None where it makes no sense."""
    if pressed.kind != SET:
        return None
    match pressed.values:
        case (int(), "rhythm", str(name)) if name.upper() in Rhythm.__members__:
            return {"rhythm": Rhythm[name.upper()]}
        case (int(), "hour", int(hour)) if 0 <= hour < 24:
            return {"hour": hour}
        case (int(), "weekday", int(day)) if 0 <= day < 7:
            return {"weekday": day}
        case (int(), "quiet"):
            return {"quiet_from": None, "quiet_to": None}
        case (int(), "quiet", int(begin), int(end)) if (
            0 <= begin < _DAY and 0 <= end < _DAY and begin != end
        ):
            return {"quiet_from": begin, "quiet_to": end}
        case (int(), "zone", int(number)) if 0 <= number < len(USUAL_ZONES):
            return {"zone": USUAL_ZONES[number]}
        case (int(), "zone", str(name)) if _is_zone(name):
            return {"zone": name}
        case (int(), "silent" | "preview" | "paused" as switch, 0 | 1 as on):
            return {str(switch): bool(on)}
        case _:
            return None


def notice_keyboard(
    article_id: str, wording: Wording, *, channel: bool = False
) -> InlineKeyboardMarkup | None:
    """Below a notice; None in a channel, whose readers may neither ask in it nor stop it."""
    if channel:
        return None
    return _keyboard(
        [
            [
                button(wording.say("button-ask"), ASK, article_id),
                button(wording.say("button-like"), LIKE, article_id),
            ],
            [button(wording.say("button-stop"), STOP, article_id)],
        ]
    )


def answer_keyboard(
    answer_id: int,
    wording: Wording,
    *,
    page: int = 0,
    pages: int = 1,
    cut: Sequence[int] = (),
    like: tuple[int, str] | None = None,
    votes: bool = True,
) -> InlineKeyboardMarkup | None:
    """Below a page of an answer; None where there is nothing to press.

    `cut` are the places, from 0, of hits whose excerpt is not shown whole; `like` is the place of
    a hit, and its article.
    """
    turning = []
    if page > 0:
        turning.append(button("‹", HITS, answer_id, page - 1))
    if pages > 1:
        turning.append(button(f"{page + 1}/{pages}", HITS, answer_id, page))
    if page + 1 < pages:
        turning.append(button("›", HITS, answer_id, page + 1))
    whole = [
        button(
            f"📄 {place + 1}" if len(cut) > 1 else wording.say("button-whole", number=place + 1),
            WHOLE,
            answer_id,
            place,
        )
        for place in cut
    ]
    onwards = []
    if like is not None:
        place, article_id = like
        onwards.append(button(wording.say("button-like-hit", number=place + 1), LIKE, article_id))
    if votes and like is not None:
        onwards.append(button(wording.say("button-share"), SHARE, answer_id, 0))
    last = [button("👍", VOTE, answer_id, 1), button("👎", VOTE, answer_id, -1)] if votes else []
    rows = [turning, whole, onwards, last]
    return _keyboard(rows) if any(rows) else None


def subscriptions_keyboard(
    subscriptions: Sequence[Subscription], wording: Wording, page: int = 0
) -> InlineKeyboardMarkup | None:
    """A button each to remove one, a page of them at a time; None where there are none.

    `subscriptions` are all of one place; a page beyond the last is the last.
    """
    if not subscriptions:
        return None
    first = page_start(len(subscriptions), page)
    rows = [
        [button(f"✕ {described(one.wish, wording)}", REMOVE, one.id)]
        for one in subscriptions[first : first + ON_A_PAGE]
    ]
    place, page = subscriptions[0].place_id, first // ON_A_PAGE
    turning = []
    if page > 0:
        turning.append(button(wording.say("button-back"), LIST, place, page - 1))
    if first + ON_A_PAGE < len(subscriptions):
        turning.append(button(wording.say("button-next"), LIST, place, page + 1))
    return _keyboard([*rows, turning])


def strictness_keyboard(subscription: Subscription, wording: Wording) -> InlineKeyboardMarkup:
    """Below the confirmation of a subscription about something: stricter, looser, not at all."""
    strictness = subscription.wish.strictness
    turning = []
    if strictness > LOOSEST:
        looser = wording.say("button-looser")
        turning.append(button(looser, STRICTNESS, subscription.id, strictness - 1))
    if strictness < STRICTEST:
        stricter = wording.say("button-stricter")
        turning.append(button(stricter, STRICTNESS, subscription.id, strictness + 1))
    return _keyboard([turning, [button(wording.say("button-remove"), REMOVE, subscription.id)]])


def settings_keyboard(place: Place, wording: Wording, page: str = MAIN) -> InlineKeyboardMarkup:
    """The buttons of one of `PAGES`; an unknown page is the first."""
    rows = {
        "rhythm": _rhythms,
        "hour": _hours,
        "weekday": _weekdays,
        "quiet": _quiet,
    }
    if page == "zone":
        return zone_keyboard(place, wording)
    if page not in rows:
        return _keyboard(_main(place, wording))
    return _keyboard([*rows[page](place, wording), _back(place, wording)])


def zone_keyboard(
    place: Place, wording: Wording, zones: Sequence[str] = USUAL_ZONES
) -> InlineKeyboardMarkup:
    """A choice of time zones, IANA names, such as those found for what somebody typed."""
    buttons = []
    for zone in zones:
        usual = USUAL_ZONES.index(zone) if zone in USUAL_ZONES else None
        city = zone if usual is None else zone_called(zone, wording)
        value = zone if usual is None else usual
        buttons.append(_choice(city, place.zone == zone, place, "zone", value))
    return _keyboard([*in_rows(buttons, 3), _back(place, wording)])


def language_keyboard(place_id: int, chosen: str | None, own: str | None) -> InlineKeyboardMarkup:
    """A choice of languages; `own` is what stands on the button for that of the client, if any.

    Who presses chooses for the place, for themselves where that is 0.
    """

    def choice(label: str, value: str, is_chosen: bool) -> InlineKeyboardButton:
        return button(f"✓ {label}" if is_chosen else label, LANGUAGE, place_id, value)

    rows = [[choice(name, code, code == chosen)] for code, name in NAMES.items()]
    if own is not None:
        rows.append([choice(own, CLIENTS_OWN, chosen is None)])
    return _keyboard(rows)


def _is_zone(name: str) -> bool:
    try:
        zone_of(name)
    except ValueError:
        return False
    return True


def _main(place: Place, wording: Wording) -> list[list[InlineKeyboardButton]]:
    def page(label: str, name: str) -> InlineKeyboardButton:
        return button(label, PAGE, place.id, name)

    digest = [page(wording.say("button-rhythm"), "rhythm")]
    if place.rhythm is Rhythm.WEEKLY:
        digest.append(page(wording.say("button-weekday"), "weekday"))
    if place.rhythm is not Rhythm.AT_ONCE:
        digest.append(page(wording.say("button-hour"), "hour"))
    silent = wording.say("button-sound") if place.silent else wording.say("button-silent")
    preview = wording.say("button-no-preview") if place.preview else wording.say("button-preview")
    paused = wording.say("button-resume") if place.paused else wording.say("button-pause")
    return [
        digest,
        [page(wording.say("button-quiet"), "quiet"), page(wording.say("button-zone"), "zone")],
        [
            button(silent, SET, place.id, "silent", not place.silent),
            button(preview, SET, place.id, "preview", not place.preview),
        ],
        [button(paused, SET, place.id, "paused", not place.paused)],
    ]


def _rhythms(place: Place, wording: Wording) -> list[list[InlineKeyboardButton]]:
    labels = {
        Rhythm.AT_ONCE: wording.say("button-at-once"),
        Rhythm.DAILY: wording.say("button-daily"),
        Rhythm.WEEKLY: wording.say("button-weekly"),
    }
    return [
        [_choice(label, place.rhythm is rhythm, place, "rhythm", rhythm.name.lower())]
        for rhythm, label in labels.items()
    ]


def _hours(place: Place, _: Wording) -> list[list[InlineKeyboardButton]]:
    hours = [
        _choice(clock(60 * hour), place.hour == hour, place, "hour", hour) for hour in range(24)
    ]
    return in_rows(hours, 6)


def _weekdays(place: Place, wording: Wording) -> list[list[InlineKeyboardButton]]:
    days = [
        _choice(wording.say(f"day-{name}"), place.weekday == day, place, "weekday", day)
        for day, name in enumerate(WEEKDAYS)
    ]
    return in_rows(days, 2)


def _quiet(place: Place, wording: Wording) -> list[list[InlineKeyboardButton]]:
    chosen = (place.quiet_from, place.quiet_to)
    ranges = [
        _choice(f"{clock(begin)}-{clock(end)}", chosen == (begin, end), place, "quiet", begin, end)
        for begin, end in ((60 * begin, 60 * end) for begin, end in USUAL_QUIET)
    ]
    never = _choice(wording.say("button-never-quiet"), chosen == (None, None), place, "quiet")
    return [*in_rows(ranges, 2), [never]]


def _back(place: Place, wording: Wording) -> list[InlineKeyboardButton]:
    return [button(wording.say("button-back"), PAGE, place.id, MAIN)]


def _choice(
    label: str, chosen: bool, place: Place, setting: str, *values: int | str
) -> InlineKeyboardButton:
    return button(f"✓ {label}" if chosen else label, SET, place.id, setting, *values)


def button(label: str, kind: str, *values: int | str) -> InlineKeyboardButton:
    """A button of a kind above; a long label is cut. Raises `ValueError` as `pack` does."""
    return InlineKeyboardButton(shortened(label, LONGEST_LABEL), callback_data=pack(kind, *values))


def in_rows(
    buttons: Sequence[InlineKeyboardButton], width: int
) -> list[list[InlineKeyboardButton]]:
    """The buttons in their order, at most `width` of them in a row."""
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]


def _keyboard(rows: Sequence[Sequence[InlineKeyboardButton]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([row for row in rows if row])
