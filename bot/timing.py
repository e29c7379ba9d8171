"""When a place hears of things: its time zone, its digests, its quiet hours. Pure.

Local times are those of the wall clock. One that a clock set forward leaps over is the first moment
after the leap; one that a clock set back shows twice is the first of the two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.ledger.records import Place, Rhythm
from bot.wishes import Trouble
from bot.zones import find_zones, zone_of, zone_or_utc

__all__ = [
    "due",
    "find_zones",
    "next_digest",
    "parse_hours",
    "quiet_until",
    "zone_of",
    "zone_or_utc",
]

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
#: Two weeks, for a zone may leave out the weekday that is asked for, and what is left of a day.
_DAYS_AHEAD = 17

#: Quiet hours in a row: a leap of the clock may end within those of the next day.
_MOST_LEAPS = 3

_OFF = frozenset("off no none never 0 关 关闭 關 關閉 无 無 否 不要 取消".split())
_CLOCK = re.compile(
    r"(?P<before>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚|夜里|夜裡|夜间|夜間)? ?"
    r"(?P<hour>\d{1,2})(?:(?:[:.h]|(?P<point> ?[点點时時]) ?)(?P<minute>\d{2}|半)?分?整?"
    r"|(?P<joined>(?<=\d\d)\d\d))? ?"
    r"(?P<after>[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_TO = re.compile(r" ?(?:[-‐‑‒–—―−~～〜]+|\b(?:to|and|until|till)\b|到|至) ?", re.IGNORECASE)
_FROM = re.compile(r"^(?:from|between|从|從) ?", re.IGNORECASE)


def next_digest(after: datetime, zone: tzinfo, hour: int, weekday: int | None) -> datetime:
    """The first digest later than `after`, in UTC: at `hour` there, on `weekday` (0 is Monday).

    Every local day has one, or every such weekday, however long it is. A day that the zone left out
    when it crossed the date line has none.
    """
    today = after.astimezone(zone).date()
    days = (today + number * _DAY for number in range(-1, _DAYS_AHEAD))
    return next(
        moment
        for day in days
        if weekday in (None, day.weekday())
        if (moment := _moment(day, hour * 60, zone)) > after and _exists(day, zone)
    )


def quiet_until(
    now: datetime, zone: tzinfo, quiet_from: int | None, quiet_to: int | None
) -> datetime | None:
    """The end, in UTC, of the quiet hours that `now` falls into; None if it falls into none.

    They are minutes since midnight, and go over midnight where they end earlier than they begin;
    there are none where they end as they begin.
    """
    if quiet_from is None or quiet_to is None:
        return None
    until = now
    for _ in range(_MOST_LEAPS):
        if _is_quiet(until, zone, quiet_from, quiet_to):
            until = min(end for end in _times(until, quiet_to, zone) if end > until)
    return until if until > now else None


def due(place: Place, now: datetime) -> datetime:
    """When an article that came now is to be told at a place, in UTC."""
    zone = zone_or_utc(place.zone)
    moment = now.astimezone(UTC)
    if place.rhythm is not Rhythm.AT_ONCE:
        weekday = place.weekday if place.rhythm is Rhythm.WEEKLY else None
        moment = next_digest(now, zone, place.hour, weekday)
    return quiet_until(moment, zone, place.quiet_from, place.quiet_to) or moment


def parse_hours(words: str) -> tuple[int, int] | Trouble | None:
    """Quiet hours that a person typed, as minutes since midnight; None where they want none.

    `22-7`, `22:30-07:00`, `10pm to 7am`, `晚上10点到早上7点`; `off`, `关`. Never raises.
    """
    typed = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    if typed in _OFF:
        return None
    match [_minutes(each) for each in _TO.split(_FROM.sub("", typed))]:
        case [int() as begin, int() as end] if begin != end:
            return begin, end
        case _:  # hours that never end among them: what came would never be told
            return Trouble("hours-not-understood")


def _minutes(typed: str) -> int | None:
    """A time of day as minutes since midnight, midnight itself also being 24."""
    clock = _CLOCK.fullmatch(typed)
    if clock is None:
        return None
    hour = int(clock["hour"])
    minute = 30 if clock["minute"] == "半" else int(clock["minute"] or clock["joined"] or 0)
    said = (clock["before"] or clock["after"] or "")[:1]
    if said and 1 <= hour <= 12:
        hour %= 12
        # At night and at noon, 12 is the end of the half; whoever says 1 at night has slept.
        if said in "p中下傍" or (said in "晚夜" and hour >= 5):
            hour += 12
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return (hour * 60 + minute) % (24 * 60)


def _is_quiet(moment: datetime, zone: tzinfo, quiet_from: int, quiet_to: int) -> bool:
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute
    if quiet_from <= quiet_to:
        return quiet_from <= minute < quiet_to
    return minute >= quiet_from or minute < quiet_to


def _times(now: datetime, minute: int, zone: tzinfo) -> Iterator[datetime]:
    """The moments around now when the clocks show so many minutes, the second ones too."""
    today = now.astimezone(zone).date()
    for number in range(-1, 4):
        for fold in (0, 1):
            yield _moment(today + number * _DAY, minute, zone, fold)


def _exists(day: date, zone: tzinfo) -> bool:
    """Whether a zone has this day; Samoa had no 30 December 2011."""
    return _moment(day, 0, zone).astimezone(zone).date() == day


def _moment(day: date, minute: int, zone: tzinfo, fold: int = 0) -> datetime:
    """A wall-clock time in UTC."""
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # The clock leaps over it: between these two, as either side of the leap counts.
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while late - early > _SECOND:  # leaps are at whole seconds
        middle = early + (late - early) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late
