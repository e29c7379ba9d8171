"""Dates as people and programs write them -> UTC-aware moments.

A whole text is a date or it is none: numbers, words and Chinese by the expressions here, what is
left over by dateparser, if it looks like a date at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

#: Years. What lies outside is a mistake of the page, or no date.
FIRST_YEAR = 1970
LAST_YEAR = 2200
#: Characters.
_LONGEST = 120
_LONGEST_FOR_DATEPARSER = 80

_MONTHS = {
    name: number
    for number, names in enumerate(
        """jan january|feb february|mar march|apr april|may|jun june|jul july|aug august
        |sep sept september|oct october|nov november|dec december""".split("|"),
        start=1,
    )
    for name in names.split()
}
#: Hours east of Greenwich: RFC 2822, section 4.3, then those met most in feeds.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "bst": 1, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2,
    "eest": 3, "msk": 3, "ist": 5.5, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
}  # fmt: skip
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}

_LABEL = re.compile(
    r"^(?:(?:(?:first )?(?:published|posted|updated|created|written|date|on|at)\b"
    r"|[发發][布表佈]|更新|创建|編輯|编辑|修改|撰写|日期|时间|時間|[于於在日])\s*)+[:：]?\s*",
    re.IGNORECASE,
)
_CHINESE_NUMBER = re.compile(
    r"[〇零一二三四五六七八九十两]+(?=\s*(?:[年月日号號时時点點分秒天周个個]|小时|小時|星期))"
)
_WEEKDAY_NAME = re.compile(
    r"\s*[(（]?\s*(?:(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]|(?<=[(（])[一二三四五六日]"
    r"|\b(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?)\s*[)）]?\s*,?\s*",
    re.IGNORECASE,
)

_HALF = r"(?P<half>上午|早上|早晨|凌晨|清晨|中午|下午|傍晚|晚上|晚间)?"
_TIME = (
    rf"(?:{_HALF}\s*(?P<hour>\d{{1,2}})\s*(?:[:时時点點]\s*(?P<minute>\d{{1,2}})?"
    r"(?:\s*[:分]\s*(?P<second>\d{1,2})?(?:[.,](?P<fraction>\d{1,12}))?\s*秒?)?|(?=\s*[ap]\.?m))"
    r"\s*(?P<noon>[ap]\.?m\.?)?)"
)
_ZONE = (
    r"(?:\s*(?P<zone>(?:utc|gmt)?\s*[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,4}\b)"
    r"(?:\s*\(?[a-z]{2,5}\)?|\s*\[[\w/+-]{1,40}\])?)?"
)
_CLOCK = rf"(?:(?:\s*[,t]\s*|\s+at\s+|\s*){_TIME}{_ZONE})?"
_YEAR = r"(?P<year>\d{4})"
_NAME = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


#: Each names year, month (or its name) and day, and maybe a time.
_ABSOLUTE = tuple(
    map(
        _whole,
        (
            rf"{_YEAR}\s*(?P<mark>[-/.])\s*(?P<month>\d{{1,2}})\s*(?P=mark)\s*{_DAY}(?!\d){_CLOCK}",
            rf"{_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月(?:\s*{_DAY}\s*[日号號]?)?{_CLOCK}",
            rf"{_YEAR}-(?P<month>\d{{2}})",
            rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})"
            r"(?:t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?:[.,](?P<fraction>\d{1,12}))?"
            rf"{_ZONE})?",
            rf"{_DAY}(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_NAME}[\s,-]+(?P<year>\d{{4}}|\d{{2}}){_CLOCK}",
            rf"{_NAME}\s*{_DAY}(?:st|nd|rd|th)?\s*,?\s+{_YEAR}{_CLOCK}",
            rf"{_NAME}\s+{_DAY}\s+{_TIME}(?:\s+(?P<zone>[a-z]{{1,4}}|[+-]\d{{2}}:?\d{{2}}))?\s+{_YEAR}",
            rf"(?P<month>\d{{1,2}})\s*月\s*{_DAY}\s*[日号號]?,?\s*{_YEAR}{_CLOCK}",
            rf"{_DAY}\.(?P<month>\d{{1,2}})\.{_YEAR}{_CLOCK}",
        ),
    )
)
_WITHOUT_YEAR = tuple(
    map(
        _whole,
        (
            rf"(?P<month>\d{{1,2}})\s*月\s*{_DAY}\s*[日号號]{_CLOCK}",
            rf"{_NAME}\s+{_DAY}(?:st|nd|rd|th)?{_CLOCK}",
            rf"{_DAY}(?:st|nd|rd|th)?\s+{_NAME}{_CLOCK}",
        ),
    )
)
_STAMP = re.compile(r"(?P<seconds>\d{10})(?:\.\d{1,9})?|(?P<thousandths>\d{13})", re.ASCII)
_WEEK_OR_ORDINAL = re.compile(r"\d{4}-?W\d{2}-?\d|\d{4}-\d{3}", re.ASCII)
_DAYS_BACK = {
    "今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2, "大前天": 3,
}  # fmt: skip
_DAY_WORD = _whole(rf"(?P<word>{'|'.join(sorted(_DAYS_BACK, key=len, reverse=True))}){_CLOCK}")
_NOW = frozenset("刚刚 剛剛 刚才 now".split()) | {"just now"}
_UNITS: Mapping[str, str] = {
    "s": "秒 秒钟 秒鐘 s sec secs second seconds",
    "m": "分 分钟 分鐘 min mins minute minutes",
    "h": "时 小时 小時 个小时 個小時 钟头 h hr hrs hour hours",
    "d": "天 日 d day days",
    "w": "周 週 星期 个星期 礼拜 w week weeks",
    "M": "月 个月 個月 month months mo mos",
    "y": "年 y yr yrs year years",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_AGO = re.compile(
    r"(?:about |around |over |约|大约|约莫)?(?P<count>\d{1,6}|an?|one|半|几)\s*"
    rf"(?P<unit>{'|'.join(sorted(_UNIT_OF, key=len, reverse=True))})\s*(?:ago|之?前|以前)",
    re.IGNORECASE,
)
_FOR_DATEPARSER = re.compile(r"(?:19[7-9]|2[01]\d)\d(?!\d)")
_RELATIVE_FOR_DATEPARSER = re.compile(r"\bago\b|\blast\b|前$|^上|半", re.IGNORECASE)


def parse_moment(text: str, now: datetime | None = None) -> datetime | None:
    """The moment that a text names, or None where it names none; naive ones are taken as UTC.

    A date alone is its first moment. `now` is what relative ones (`3 天前`) and days without a
    year count from; without it these are none. Never raises.
    """
    if len(text) > 4 * _LONGEST:
        return None
    text = " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").split())
    if not 2 <= len(text) <= _LONGEST:
        return None
    text = _CHINESE_NUMBER.sub(lambda number: _number(number[0]), text)
    if now is not None and now.tzinfo is None:
        now = now.replace(tzinfo=UTC)
    forms = dict.fromkeys((text, _plain(text)))
    for reading in (_stamp, _absolute, _relative, _by_dateparser):
        for form in forms:
            try:
                moment = reading(form, now)
                moment = moment and moment.astimezone(UTC)
            except (ValueError, OverflowError):
                return None  # a date by its form that no calendar has
            if moment:
                return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None
    return None


def _plain(text: str) -> str:
    """The text without the name of the day and without what it is the date of."""
    return _WEEKDAY_NAME.sub(" ", _LABEL.sub("", text)).strip(" ,.:;|·")


def _number(chinese: str) -> str:
    """`十四` -> 14, `二〇二六` -> 2026."""
    if "十" not in chinese:
        return "".join(str(_DIGITS[char]) for char in chinese)
    tens, _, ones = chinese.partition("十")
    value = 10 * (_DIGITS.get(tens, 1) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)
    return str(value)


def _stamp(text: str, _: datetime | None) -> datetime | None:
    if match := _STAMP.fullmatch(text):
        if match["seconds"]:
            return datetime.fromtimestamp(float(text), UTC)
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    if not _WEEK_OR_ORDINAL.fullmatch(text):
        return None
    if "W" in text:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return datetime.strptime(f"{text} +0000", "%Y-%j %z")


def _absolute(text: str, now: datetime | None) -> datetime | None:
    for pattern in _ABSOLUTE:
        if match := pattern.fullmatch(text):
            return _moment(match, int(match["year"]))
    if now is None:
        return None
    for pattern in _WITHOUT_YEAR:
        if match := pattern.fullmatch(text):
            moment = _moment(match, now.year)
            return moment if moment <= now + timedelta(days=1) else _moment(match, now.year - 1)
    return None


def _moment(match: re.Match[str], year: int) -> datetime:
    """The moment that a match's parts name. Raises `ValueError` where the calendar has none."""
    said = match.groupdict()
    if len(said.get("year") or "") == 2:  # RFC 2822, section 4.3, turning where Unix time begins
        year += 2000 if year < FIRST_YEAR % 100 else 1900
    month = _MONTHS[said["name"].lower()] if said.get("name") else int(said["month"])
    day = datetime(year, month, int(said["day"]) if said.get("day") else 1, tzinfo=_zone(said))
    return day + _since_midnight(said)


def _since_midnight(said: Mapping[str, str | None]) -> timedelta:
    hour = int(said.get("hour") or 0)
    minute = int(said.get("minute") or 0)
    second = min(59, int(said.get("second") or 0))  # a leap second
    later = (said.get("noon") or "").lower().startswith("p") or (said.get("half") or "") in (
        "下午", "傍晚", "晚上", "晚间",
    )  # fmt: skip
    if later and hour < 12:
        hour += 12
    elif hour == 12 and (
        (said.get("noon") or "").lower().startswith("a") or said.get("half") == "凌晨"
    ):
        hour = 0
    if hour > 24 or minute > 59 or (hour == 24 and (minute or second)):
        raise ValueError("no time of a day")
    millionths = int((said.get("fraction") or "")[:6].ljust(6, "0"))
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=millionths)


def _zone(said: Mapping[str, str | None]) -> timezone:
    zone = re.sub(r"\s", "", said.get("zone") or "").lower()
    if zone in _ZONES or not zone:
        return timezone(timedelta(hours=_ZONES.get(zone, 0)))
    sign, digits = re.fullmatch(r"(?:utc|gmt)?([+-])(.+)", zone), ""
    if sign is None:
        raise ValueError("no zone that is known")
    digits = sign[2].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    east = timedelta(hours=hours, minutes=minutes)
    return timezone(east if sign[1] == "+" else -east)


def _relative(text: str, now: datetime | None) -> datetime | None:
    if now is None:
        return None
    if text.lower() in _NOW:
        return now
    if match := _DAY_WORD.fullmatch(text):
        day = now - timedelta(days=_DAYS_BACK[match["word"].lower()])
        if match["hour"] is None:
            return day
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
        if match["zone"]:
            midnight = midnight.replace(tzinfo=_zone(match.groupdict()))
        return midnight + _since_midnight(match.groupdict())
    if not (match := _AGO.fullmatch(text)):
        return None
    unit = _UNIT_OF.get(match["unit"]) or _UNIT_OF[match["unit"].lower()]
    count = {"半": 0.5, "几": 3, "a": 1, "an": 1, "one": 1}.get(match["count"].lower())
    count = float(match["count"]) if count is None else count
    if unit in _SECONDS:
        return now - timedelta(seconds=count * _SECONDS[unit])
    months = round(count * 12) if unit == "y" else round(count)
    if unit == "M" and count == 0.5:
        return now - timedelta(days=15)
    years, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = min(now.day, (date(years + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day)
    return now.replace(year=years, month=month + 1, day=last)


def _by_dateparser(text: str, now: datetime | None) -> datetime | None:
    """What the expressions above do not know. A year makes a date, and only a few words do else."""
    names_year = _FOR_DATEPARSER.search(text) is not None
    is_relative = now is not None and _RELATIVE_FOR_DATEPARSER.search(text) is not None
    if len(text) >= _LONGEST_FOR_DATEPARSER or not (names_year or is_relative):
        return None
    from dateparser import parse  # takes half a second

    try:
        found: datetime | None = parse(
            text,
            languages=["zh", "en"],
            settings={
                "TIMEZONE": "UTC",
                "RETURN_AS_TIMEZONE_AWARE": True,
                "RELATIVE_BASE": (now or datetime(1970, 1, 1, tzinfo=UTC)).replace(tzinfo=None),
                "REQUIRE_PARTS": ["year", "month", "day"],
                "PARSERS": ["relative-time"] if is_relative else ["absolute-time"],
            },
        )
        return found
    except Exception:  # it fails on odd texts in ways of its own, none of which is a date
        return None
