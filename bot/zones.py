"""Time zones as people name them: cities, offsets, abbreviations -> IANA names. Pure."""

from __future__ import annotations

import difflib
import re
import unicodedata
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from bot.zone_names import NAMES_OF_ZONES
from retrieval.search.phrases import folded

#: Zones that are found at most for what somebody typed.
MOST = 5

_LONGEST = 60  # characters; more than this names no place
_NONE = timedelta()
_MOST_FIXED = 3  # zones without summer time that are offered for an offset
_ALIKE = 0.85  # of `difflib`: one wrong letter in seven, or two that changed places
_REGIONS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()
)
_NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})
#: Old names that IANA keeps for zones of Australia and America.
_VAGUE = frozenset({"north", "south", "west", "center"})
_OFFSET = re.compile(
    r"(?:(?:utc|gmt) ?(?P<sign>[-+])?|(?P<alone>[-+])) ?(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?"
)
_EAST_OR_WEST = re.compile(r"(?P<side>[东西])(?P<hours>十[一二]?|[一二三四五六七八九])区?")
_NUMERALS = ("", *"一二三四五六七八九十", "十一", "十二")
_SIGNS = re.compile(r"[^\w+]+")
_SAID_BESIDE = re.compile(
    r"^(?:时区|time ?zone) ?|(?:( |^)(?:standard )?(?:time ?zone|time)|时间|时区|市)$"
)
#: Instants in winter and in summer.
_SEASONS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `ValueError` where there is none of this name."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"there is no time zone of the name {name!r}") from error


def zone_or_utc(name: str) -> tzinfo:
    """The same, but UTC where newer rules abolished a zone: nobody's news stops for that."""
    try:
        return zone_of(name)
    except ValueError:
        return UTC


def find_zones(words: str) -> list[str]:
    """The zones that a person may mean, as IANA names, best first, at most `MOST`.

    `shanghai`, `上海`, `New York`, `europe/berlin`, `UTC+8`, `+5:30`, `东八区`, `PST`, in any case
    and script. One where the words name one, several where they may mean several. Never raises.
    """
    typed = folded(words[: _LONGEST + 1])
    if not any(map(str.isalnum, typed)) or len(words) > _LONGEST:
        return []
    name = _key(typed)
    if exact := _names().get(name):
        return [exact]
    if (offset := _offset(typed)) is not None:
        return list(_with_offset(offset))[:MOST]
    for said in dict.fromkeys((name, _SAID_BESIDE.sub("", name).strip())):
        for zones in (_called().get(said), _named_in(said), _begun_by(said), _spelled_like(said)):
            if zones:
                return list(dict.fromkeys(zones))[:MOST]
    return []


def _key(name: str) -> str:
    """What spellings of a name share: no accents, signs or scripts."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded(name)) if c.isprintable())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_SIGNS.sub(" ", plain).split())


@cache
def _every() -> tuple[str, ...]:
    """The names that this machine knows; where parts differ in number, the newer names first."""
    every = zoneinfo.available_timezones() - _NO_PLACES
    return tuple(sorted(every, key=lambda name: (-name.count("/"), name)))


@cache
def _names() -> Mapping[str, str]:
    """The names with a region, which say a zone without doubt."""
    return {_key(name): name for name in _every() if "/" in name}


@cache
def _table() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Zones and what they are called."""
    rows = []
    for line in NAMES_OF_ZONES.strip().replace("\n  ", " ").splitlines():
        zones, _, names = line.partition(":")
        known = tuple(zone for zone in zones.split() if zone in _every())
        city = [known[0].rpartition("/")[2]] if len(known) == 1 else []
        if known:
            rows.append((known, tuple(_key(name) for name in (*city, *names.split(",")))))
    return tuple(rows)


@cache
def _called() -> Mapping[str, tuple[str, ...]]:
    """The zones of every name, names that people use first."""
    called: dict[str, tuple[str, ...]] = {}
    for zones, names in _table():
        for name in names:
            called.setdefault(name, zones)
    for name in _every():
        region, _, city = name.partition("/")
        if region in _REGIONS and (key := _key(city.rpartition("/")[2])) not in _VAGUE:
            called.setdefault(key, (name,))
        elif not city:
            called.setdefault(_key(name), (name,))
    return called


def _named_in(said: str) -> tuple[str, ...]:
    """The zones of the names within what was said; of several names those that all of them may be.

    `Berlin, Germany`, `我在上海`.
    """
    groups = [_called()[name[0]] for name in _any_name().finditer(said)]
    common = (
        [zone for zone in groups[0] if all(zone in zones for zones in groups)] if groups else []
    )
    return tuple(common or (zone for zones in groups for zone in zones))


@cache
def _any_name() -> re.Pattern[str]:
    names = sorted(_called(), key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in names if name.isascii() and len(name) > 3)
    chinese = "|".join(name for name in names if not name.isascii() and len(name) > 1)
    return re.compile(rf"(?<!\S)(?:{latin})(?!\S)|{chinese}")


def _begun_by(said: str) -> Iterable[str]:
    """The zones of names that have a word that was said, or one that begins so."""
    if len(said) < (3 if said.isascii() else 2):
        return ()
    begun = f" {said}" if len(said) > 3 or not said.isascii() else f" {said} "
    return [zone for name, zones in _called().items() if begun in f" {name} " for zone in zones]


def _spelled_like(said: str) -> Iterable[str]:
    if len(said) < 5 or not said.isascii():
        return ()
    alike = difflib.get_close_matches(said, list(_called()), n=MOST, cutoff=_ALIKE)
    return [zone for name in alike for zone in _called()[name]]


def _offset(typed: str) -> timedelta | None:
    """How far clocks are ahead of UTC."""
    if said := _OFFSET.fullmatch(typed):
        hours, minutes = int(said["hours"]), int(said["minutes"] or 0)
        if hours > 14 or minutes > 59:
            return None
        ahead = timedelta(hours=hours, minutes=minutes)
        return -ahead if "-" in (said["sign"], said["alone"]) else ahead
    if region := _EAST_OR_WEST.fullmatch(typed):
        return timedelta(hours=_NUMERALS.index(region["hours"])) * (
            1 if region["side"] == "东" else -1
        )
    return None


def _with_offset(offset: timedelta) -> Iterator[str]:
    """Zones that have it all the year, then those that have it in their winter, in their summer."""
    always: list[str] = []
    winter: list[str] = []
    summer: list[str] = []
    for zone in dict.fromkeys(zone for zones, _ in _table() for zone in zones):
        low, high = sorted(
            moment.astimezone(zone_of(zone)).utcoffset() or _NONE for moment in _SEASONS
        )
        if offset in (low, high):
            (always if low == high else winter if offset == low else summer).append(zone)
    hours = offset / timedelta(hours=1)
    named = f"Etc/GMT{-int(hours):+d}"  # their signs are the other way round
    if not always and hours.is_integer() and named in _every():
        always.append(named)
    yield from always[:_MOST_FIXED]
    yield from winter
    yield from summer
