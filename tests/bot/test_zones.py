"""Zones: what people call the place where they live finds its zone."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.zone_names import NAMES_OF_ZONES
from bot.zones import MOST, find_zones, zone_of


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("shanghai", "Asia/Shanghai"),
        ("上海", "Asia/Shanghai"),
        ("上海市", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("Beijing time", "Asia/Shanghai"),
        ("我在中国上海", "Asia/Shanghai"),
        ("香港", "Asia/Hong_Kong"),
        ("臺北", "Asia/Taipei"),
        ("台北", "Asia/Taipei"),
        ("新加坡", "Asia/Singapore"),
        ("Singapore", "Asia/Singapore"),
        ("東京", "Asia/Tokyo"),
        ("京都", "Asia/Tokyo"),
        ("首尔", "Asia/Seoul"),
        ("伦敦", "Europe/London"),
        ("倫敦", "Europe/London"),
        ("巴黎", "Europe/Paris"),
        ("柏林", "Europe/Berlin"),
        ("纽约", "America/New_York"),
        ("美国纽约", "America/New_York"),
        ("洛杉矶", "America/Los_Angeles"),
        ("舊金山", "America/Los_Angeles"),
        ("San Francisco", "America/Los_Angeles"),
        ("悉尼", "Australia/Sydney"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("EUROPE BERLIN", "Europe/Berlin"),
        ("Berlin, Germany", "Europe/Berlin"),
        ("time zone: Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("St. John's", "America/St_Johns"),
        ("Xi'an", "Asia/Shanghai"),
        ("Shangai", "Asia/Shanghai"),
        ("Lisb", "Europe/Lisbon"),
        ("japan", "Asia/Tokyo"),
        ("UTC", "UTC"),
        ("gmt", "UTC"),
        ("PST", "America/Los_Angeles"),
        ("Pacific Time", "America/Los_Angeles"),
        ("Central European Time", "Europe/Berlin"),
        ("gmt+5:30", "Asia/Kolkata"),
        ("+0545", "Asia/Kathmandu"),
        ("Etc/GMT-8", "Etc/GMT-8"),
        ("Etc/GMT+8", "Etc/GMT+8"),
        ("US/Pacific", "US/Pacific"),
    ],
)
def test_a_place_has_a_zone(words: str, zone: str) -> None:
    assert find_zones(words) == [zone]


@pytest.mark.parametrize("words", ["", " ", "???", "hello", "the", "nothing", "xyz", "8", "asia", "北", "north pole", "GMT-5:30", "+15", "-13", "utc+99", "+8:99", "Factory", "localtime", "Mars/Olympus", "../etc/passwd", "x" * 999, "\x00", "\ud800"])  # fmt: skip
def test_what_is_no_place_finds_nothing(words: str) -> None:
    assert find_zones(words) == []


def test_what_may_mean_several_finds_them() -> None:
    assert find_zones("CST") == ["Asia/Shanghai", "America/Chicago"]
    assert find_zones("美国")[0] == "America/New_York"
    assert {"Europe/London", "America/Toronto"} <= set(find_zones("London, Canada"))
    assert len(find_zones("san")) > 1


@pytest.mark.parametrize(
    "words", ["UTC+8", "utc 8", "GMT+08:00", "+8", "＋８", "+0800", "东八区", "東八區"]
)
def test_east_of_greenwich(words: str) -> None:
    assert find_zones(words)[0] == "Asia/Shanghai"


@pytest.mark.parametrize("words", ["UTC-8", "GMT−8", "-8", "–8", "西八区"])
def test_west_of_greenwich(words: str) -> None:
    assert find_zones(words)[:2] == ["Etc/GMT+8", "America/Los_Angeles"]


@pytest.mark.parametrize("hours", range(-12, 15))
def test_an_offset_finds_zones_that_have_it(hours: int) -> None:
    offset = timedelta(hours=hours)
    found = find_zones(f"UTC{hours:+d}")
    for zone in found:
        seasons = [datetime(2026, month, 15, tzinfo=zone_of(zone)).utcoffset() for month in (1, 7)]
        assert offset in seasons, zone
    always = datetime(2026, 1, 15, tzinfo=zone_of(found[0]))
    assert always.utcoffset() == always.replace(month=7).utcoffset() == offset


def test_every_name_of_iana_is_known() -> None:
    for name in zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"}:
        assert zone_of(name).utcoffset(datetime(2026, 1, 1, tzinfo=UTC)) is not None
        if "/" not in name:
            assert find_zones(name), name
            continue
        for spelled in (name, name.upper(), name.lower(), name.replace("_", " ")):
            assert find_zones(spelled) == [name]
        if name.startswith(("Africa/", "Asia/", "Europe/", "Pacific/")):
            assert find_zones(name.rpartition("/")[2]), name


def test_every_name_of_the_table_finds_its_zone() -> None:
    said: set[str] = set()
    for line in NAMES_OF_ZONES.strip().replace("\n  ", " ").splitlines():
        zones, _, names = line.partition(": ")
        for name in names.split(", "):
            assert find_zones(name) == zones.split(), name
            assert name not in said
            said.add(name)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "/etc/passwd", "a\x00b", "x" * 300, "\ud800"])  # fmt: skip
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        zone_of(name)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=15) | st.text(st.sampled_from("utcgm+-:0159 区东西八十/_上海"), max_size=9))
def test_whatever_is_typed_finds_zones_or_none(words: str) -> None:
    found = find_zones(words)
    assert len(found) == len(set(found)) <= MOST
    for name in found:
        zone_of(name)
