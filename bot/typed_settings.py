"""Settings as people type them behind /settings: words -> changes of a place. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.ledger.records import Rhythm
from bot.markup import clean
from bot.timing import find_zones, parse_hours
from bot.wishes import Trouble

# What each setting is called; a name in Latin letters ends where a word ends.
_NAMES = {
    "zone": ("time zone", "timezone", "zone", "tz", "时区", "時區"),
    "quiet": ("quiet hours", "quiet", "安静", "安靜", "勿扰", "勿擾", "免打扰", "免打擾"),
    "daily": ("daily", "every day", "每天", "每日"),
    "weekly": ("weekly", "every week", "每周", "每週", "每星期"),
    "now": ("at once", "now", "immediately", "立即", "立刻", "马上", "馬上", "即时", "即時"),
    "silent": ("silent", "静音", "靜音"),
    "preview": ("previews", "preview", "预览", "預覽"),
    "pause": ("pause", "暂停", "暫停"),
    "resume": ("resume", "恢复", "恢復", "继续", "繼續"),
}
_ON = frozenset({"", "on", "yes", "1", "开", "開", "是"})
_OFF = frozenset({"off", "no", "0", "关", "關", "否"})
_HOUR = re.compile(
    r"(?:at |@ ?)?(?P<before>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚)? ?"
    r"(?P<hour>\d{1,2})(?:[:.]00| ?[点點时時][整正]?)? ?(?P<after>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE_DAYS = {day: number for number, day in enumerate("一二三四五六日")} | {"天": 6}
_DAY = re.compile(
    r"(?:on )?(?P<latin>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\b"
    r"|(?:周|週|星期|礼拜|禮拜)?(?P<chinese>[一二三四五六日天])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Zones:
    """The time zones, IANA names, that `words` may mean; none where they mean none."""

    words: str
    names: tuple[str, ...]


def parse_setting(words: str) -> Mapping[str, Any] | Zones | Trouble:
    """The fields of a `Place` that a person wants changed.

    `zone Shanghai`, `quiet 22-7`, `daily 9`, `weekly mon 9`, `now`, `silent on`, `preview off`,
    `pause`, `resume`, and the same in Chinese. The `reason` of a `Trouble` is `settings-usage`,
    `hour-not-understood`, or one of `bot.timing.parse_hours`. Never raises.
    """
    name, rest = _named(" ".join(unicodedata.normalize("NFKC", clean(words)).split()))
    match name:
        case "zone" if rest:
            return Zones(rest, tuple(find_zones(rest)))
        case "quiet" if rest:
            hours = parse_hours(rest)
            if isinstance(hours, Trouble):
                return hours
            begin, end = hours or (None, None)
            return {"quiet_from": begin, "quiet_to": end}
        case "daily":
            return _digest({"rhythm": Rhythm.DAILY}, rest)
        case "weekly":
            day = _DAY.match(rest)
            changes: dict[str, Any] = {"rhythm": Rhythm.WEEKLY}
            if day is not None:
                changes["weekday"] = (
                    _DAYS.index(day["latin"][:3].lower())
                    if day["latin"]
                    else _CHINESE_DAYS[day["chinese"]]
                )
                rest = rest[day.end() :].strip(" ,")
            return _digest(changes, rest)
        case "now" if not rest:
            return {"rhythm": Rhythm.AT_ONCE}
        case "silent" | "preview" as switch if rest.casefold() in _ON | _OFF:
            return {switch: rest.casefold() in _ON}
        case "pause" | "resume" if not rest:
            return {"paused": name == "pause"}
        case _:
            return Trouble("settings-usage")


def _named(words: str) -> tuple[str, str]:
    """Which setting the words begin with, and what they say of it."""
    lowered = words.casefold()
    for name, spellings in _NAMES.items():
        for spelling in spellings:
            rest = words[len(spelling) :]
            ends = not spelling.isascii() or not rest[:1].isalnum()
            if lowered.startswith(spelling) and ends:
                return name, rest.strip(" :=,")
    return "", words


def _digest(changes: dict[str, Any], hour: str) -> Mapping[str, Any] | Trouble:
    """The changes and the hour; without one the digest comes when it came before."""
    if not hour:
        return changes
    found = _HOUR.fullmatch(hour)
    number = 24 if found is None else int(found["hour"])
    if found is not None and found["after"]:
        number = number % 12 if 1 <= number <= 12 else 24
    if found is not None and _is_late(found["before"] or found["after"] or "", number):
        number += 12
    if number > 23:
        return Trouble("hour-not-understood")
    return {**changes, "hour": number}


def _is_late(said: str, hour: int) -> bool:
    """Whether the word beside an hour puts it into the second half of the day."""
    if said == "中午":
        return hour < 3
    return hour < 12 and said[:1] in ("p", "P", "下", "傍", "晚")
