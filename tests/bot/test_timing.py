"""Timing: digests and quiet hours keep to the clock on the wall, in every zone, at every change."""

from __future__ import annotations

import zoneinfo
from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ledger.records import Place, Rhythm
from bot.timing import due, next_digest, parse_hours, quiet_until
from bot.wishes import Trouble

unhurried = settings(deadline=None)
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"})
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Every clock change of these years was or will be at such a moment.
STEP = timedelta(minutes=1)

moments = st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - as `datetimes` wants them
zones = st.sampled_from(ZONES).map(ZoneInfo)
minutes = st.integers(0, 24 * 60 - 1)


def at(local: str, zone: str, fold: int = 0) -> datetime:
    """A local time, as `2026-03-29 09:00`, in UTC."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def wall(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


@cache
def all_changes() -> list[tuple[datetime, ZoneInfo]]:
    """Every time that a clock was or will be set: in the year of Samoa's new date, and in five."""
    found = []
    for zone in map(ZoneInfo, ZONES):
        for begin, end in ((2011, 2012), (2022, 2027)):
            moment, last = datetime(begin, 7, 1, tzinfo=UTC), datetime(end, 7, 1, tzinfo=UTC)
            while moment < last:
                later = moment + 10 * DAY
                if moment.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
                    found.append((change_between(moment, later, zone), zone))
                moment = later
    return found


def ways_of_changing() -> list[tuple[datetime, ZoneInfo]]:
    """One change for each difference, hour and weekday that there are."""
    ways = {
        (wall(change, zone) - (before := wall(change - STEP, zone)), before.time(), change.weekday()): (change, zone)
        for change, zone in all_changes()
    }  # fmt: skip
    return list(ways.values())


def change_between(early: datetime, late: datetime, zone: tzinfo) -> datetime:
    offset = early.astimezone(zone).utcoffset()
    while late - early > STEP:
        middle = early + (late - early) // STEP // 2 * STEP
        same = middle.astimezone(zone).utcoffset() == offset
        early, late = (middle, late) if same else (early, middle)
    return late


def digests(begin: datetime, end: datetime, zone: tzinfo, hour: int) -> list[datetime]:
    found = [next_digest(begin, zone, hour, None)]
    while found[-1] <= end:
        found.append(next_digest(found[-1], zone, hour, None))
    return found[:-1]


def test_every_local_day_has_one_digest_at_its_hour() -> None:
    assert len(ways_of_changing()) > 30
    for change, zone in ways_of_changing():
        begin, end = change - 3 * DAY, change + 3 * DAY
        steps = [begin + number * STEP for number in range((end - begin) // STEP)]
        walls = [wall(step, zone) for step in steps]
        reached = list(accumulate(walls, max))
        days = sorted({shown.date() for shown in walls})[1:-1]
        near = {wall(change + n * HOUR, zone).hour for n in (-2, -1, 0, 1)}
        for hour in {0, 9, 23} | near:
            # The first moment when the clock shows the hour of that day, or is beyond it.
            hours = [datetime.combine(day, time(hour)) for day in days]
            expected = [steps[bisect_left(reached, each)] for each in hours]
            sent = digests(expected[0] - timedelta(seconds=1), expected[-1], zone, hour)
            assert sent == expected, (zone, change, hour)


def test_digests_keep_their_hour_at_every_change_of_every_zone() -> None:
    assert len(all_changes()) > 1000
    for change, zone in all_changes():
        sent = [wall(each, zone) for each in digests(change - 2 * DAY, change + 2 * DAY, zone, 9)]
        assert {shown.time() for shown in sent} == {time(9)}, (zone, change)
        days = [shown.date() for shown in sent]
        assert len(set(days)) == len(days) >= 3, (zone, change)


@settings(unhurried, max_examples=300)
@given(moments, zones, st.integers(0, 23), st.none() | st.integers(0, 6))
def test_the_next_digest_is_the_next(
    after: datetime, zone: ZoneInfo, hour: int, weekday: int | None
) -> None:
    digest = next_digest(after, zone, hour, weekday)
    assert digest.tzinfo is UTC
    assert after < digest <= after + (15 if weekday is not None else 2) * DAY
    local = wall(digest, zone)
    leapt = wall(digest - timedelta(seconds=1), zone) + timedelta(seconds=1) != local
    assert leapt or (local.hour, local.minute, local.second) == (hour, 0, 0)
    assert leapt or weekday in (None, local.weekday())
    assert next_digest(digest - timedelta(microseconds=1), zone, hour, weekday) == digest
    between = after + (digest - after) / 2
    assert next_digest(between, zone, hour, weekday) == digest


@pytest.mark.parametrize(
    ("zone", "hour", "expected"),
    [
        # A day of 23 hours, one of 25, and the hour itself left out and shown twice.
        ("Europe/Berlin", 9, ["2026-03-28 08:00", "2026-03-29 07:00", "2026-03-30 07:00"]),
        ("Europe/Berlin", 9, ["2026-10-24 07:00", "2026-10-25 08:00", "2026-10-26 08:00"]),
        ("Europe/Berlin", 2, ["2026-03-28 01:00", "2026-03-29 01:00", "2026-03-30 00:00"]),
        ("Europe/Berlin", 2, ["2026-10-24 00:00", "2026-10-25 00:00", "2026-10-26 01:00"]),
        # Half an hour.
        ("Australia/Lord_Howe", 2, ["2026-04-03 15:00", "2026-04-04 15:30", "2026-04-05 15:30"]),
        ("Australia/Lord_Howe", 2, ["2026-10-02 15:30", "2026-10-03 15:30", "2026-10-04 15:00"]),
        # At midnight.
        ("Africa/Cairo", 0, ["2026-04-22 22:00", "2026-04-23 22:00", "2026-04-24 21:00"]),
        # Without the last hour of a day, whose digest comes when the next day begins.
        ("America/Nuuk", 23, ["2026-03-28 01:00", "2026-03-29 01:00", "2026-03-30 00:00"]),
        # Without 30 December.
        ("Pacific/Apia", 9, ["2011-12-28 19:00", "2011-12-29 19:00", "2011-12-30 19:00"]),
        ("Asia/Shanghai", 9, ["2026-03-29 01:00", "2026-03-30 01:00", "2026-03-31 01:00"]),
    ],
)  # fmt: skip
def test_digests_on_both_sides_of_a_change(zone: str, hour: int, expected: list[str]) -> None:
    begin, *_, end = [datetime.fromisoformat(f"{moment}+00:00") for moment in expected]
    sent = digests(begin - timedelta(seconds=1), end, ZoneInfo(zone), hour)
    assert [f"{digest:%Y-%m-%d %H:%M}" for digest in sent] == expected


def test_weekly_digests() -> None:
    berlin, apia = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
    saturday = at("2026-03-28 12:00", "Europe/Berlin")
    assert next_digest(saturday, berlin, 9, 0) == at("2026-03-30 09:00", "Europe/Berlin")
    assert next_digest(saturday, berlin, 9, 5) == at("2026-04-04 09:00", "Europe/Berlin")
    assert next_digest(saturday, berlin, 13, 5) == at("2026-03-28 13:00", "Europe/Berlin")
    friday = at("2011-12-23 09:00", "Pacific/Apia")  # the next Friday never was
    assert next_digest(friday, apia, 9, 4) == at("2012-01-06 09:00", "Pacific/Apia")


def test_a_digest_at_its_very_hour_is_the_one_before() -> None:
    nine = at("2026-05-01 09:00", "Asia/Tokyo")
    assert next_digest(nine, ZoneInfo("Asia/Tokyo"), 9, None) == nine + DAY


QUIET = [(22 * 60, 7 * 60), (60, 3 * 60), (90, 150), (120, 180), (0, 23 * 60 + 30), (23 * 60 + 30, 15)]  # fmt: skip


def is_quiet(shown: datetime, begin: int, end: int) -> bool:
    passed = (shown.hour * 60 + shown.minute - begin) % (24 * 60)
    return passed < (end - begin) % (24 * 60)


def test_quiet_hours_keep_to_the_wall_at_every_change() -> None:
    for change, zone in ways_of_changing():
        steps = [change + number * STEP for number in range(-1500, 3000)]
        walls = [wall(step, zone) for step in steps]
        leap = abs(walls[1500] - walls[1499] - STEP)
        for begin, end in QUIET:
            for number in range(0, 2000, 45):
                until = quiet_until(steps[number], zone, begin, end)
                if not is_quiet(walls[number], begin, end):
                    assert until is None
                    continue
                assert until is not None
                last = steps.index(until)
                assert last > number
                assert not is_quiet(walls[last], begin, end)
                # No earlier moment between ends them.
                for shown in walls[number + 1 : last]:
                    assert shown.hour * 60 + shown.minute != end or is_quiet(shown, begin, end)
                # The change makes them no longer than it is, unless it leapt over the only hours
                # of the day that are not quiet.
                length = timedelta(minutes=(end - begin) % (24 * 60))
                most = length + (DAY if length > 22 * HOUR else leap)
                assert until - steps[number] <= most, (zone, change, begin, end)


@settings(unhurried, max_examples=300)
@given(moments, zones, minutes, minutes)
def test_quiet_hours_end(now: datetime, zone: ZoneInfo, begin: int, end: int) -> None:
    until = quiet_until(now, zone, begin, end)
    if until is None:
        assert not is_quiet(wall(now, zone), begin, end)
    else:
        assert is_quiet(wall(now, zone), begin, end)
        assert now < until < now + 2 * DAY
        assert until.tzinfo is UTC
        assert quiet_until(until, zone, begin, end) is None


@pytest.mark.parametrize(
    ("now", "fold", "until"),
    [
        ("2026-03-28 21:59", 0, None),
        ("2026-03-28 22:00", 0, "2026-03-29 07:00"),
        ("2026-03-29 00:30", 0, "2026-03-29 07:00"),
        ("2026-03-29 06:59", 0, "2026-03-29 07:00"),
        ("2026-03-29 07:00", 0, None),
        ("2026-10-24 23:00", 0, "2026-10-25 07:00"),
        ("2026-10-25 02:30", 0, "2026-10-25 07:00"),
        ("2026-10-25 02:30", 1, "2026-10-25 07:00"),
    ],
)
def test_quiet_hours_over_midnight(now: str, fold: int, until: str | None) -> None:
    found = quiet_until(at(now, "Europe/Berlin", fold), ZoneInfo("Europe/Berlin"), 22 * 60, 7 * 60)
    assert found == (until and at(until, "Europe/Berlin"))


def test_quiet_hours_that_end_in_an_hour_left_out_or_shown_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    leap = at("2026-03-29 03:00", "Europe/Berlin")
    assert quiet_until(leap - HOUR, berlin, 22 * 60, 150) == leap
    first, second = (at("2026-10-25 02:30", "Europe/Berlin", fold) for fold in (0, 1))
    assert quiet_until(first - HOUR, berlin, 22 * 60, 150) == first
    assert quiet_until(second - HOUR / 4, berlin, 22 * 60, 150) == second


def test_hours_that_never_end_are_none() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for begin, end in ((0, 0), (420, 420), (None, None), (None, 7), (7, None)):
        assert quiet_until(now, UTC, begin, end) is None


def place(rhythm: Rhythm = Rhythm.AT_ONCE, zone: str = "Asia/Shanghai", **preferences) -> Place:
    return Place(1, 7, 0, "private", "", "en", zone, rhythm, **preferences)


@pytest.mark.parametrize(
    ("of", "now", "expected"),
    [
        (place(), "2026-03-04 12:00", "2026-03-04 12:00"),
        (place(quiet_from=1320, quiet_to=420), "2026-03-04 12:00", "2026-03-04 12:00"),
        (place(quiet_from=1320, quiet_to=420), "2026-03-04 23:10", "2026-03-05 07:00"),
        (place(Rhythm.DAILY), "2026-03-04 08:59", "2026-03-04 09:00"),
        (place(Rhythm.DAILY, hour=20), "2026-03-04 20:00", "2026-03-05 20:00"),
        (place(Rhythm.WEEKLY, weekday=4, hour=18), "2026-03-04 12:00", "2026-03-06 18:00"),
        (place(Rhythm.DAILY, hour=6, quiet_from=1320, quiet_to=450), "2026-03-04 12:00", "2026-03-05 07:30"),
        (place(Rhythm.DAILY, hour=23, quiet_from=1320, quiet_to=450), "2026-03-04 12:00", "2026-03-05 07:30"),
        (place(Rhythm.DAILY, hour=12, quiet_from=1320, quiet_to=450), "2026-03-04 23:00", "2026-03-05 12:00"),
    ],
)  # fmt: skip
def test_when_a_place_is_told(of: Place, now: str, expected: str) -> None:
    assert due(of, at(now, "Asia/Shanghai")) == at(expected, "Asia/Shanghai")


@settings(unhurried, max_examples=200)
@given(
    moments,
    st.sampled_from(ZONES),
    st.sampled_from(list(Rhythm)),
    st.integers(0, 23),
    st.integers(0, 6),
    st.none() | minutes,
    minutes,
)
def test_nothing_is_told_in_quiet_hours_or_too_early(
    now: datetime, zone: str, rhythm: Rhythm, hour: int, weekday: int, begin: int | None, end: int
) -> None:
    of = place(rhythm, zone, hour=hour, weekday=weekday, quiet_from=begin, quiet_to=end)
    told = due(of, now)
    assert told.tzinfo is UTC
    assert now <= told <= now + 17 * DAY
    assert quiet_until(told, ZoneInfo(zone), begin, end) is None
    if rhythm is Rhythm.AT_ONCE and quiet_until(now, ZoneInfo(zone), begin, end) is None:
        assert told == now


def test_a_zone_that_is_no_more_counts_as_utc() -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert due(place(Rhythm.DAILY, "Mars/Olympus"), noon) == noon + 21 * HOUR


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("22-7", "22:00 07:00"),
        ("22:30-07:00", "22:30 07:00"),
        ("22：30～7：15", "22:30 07:15"),
        (" 22 – 7 ", "22:00 07:00"),
        ("2230-0700", "22:30 07:00"),
        ("22.30 to 7", "22:30 07:00"),
        ("from 22 until 7", "22:00 07:00"),
        ("between 1 and 5", "01:00 05:00"),
        ("10pm-7am", "22:00 07:00"),
        ("10:30 p.m. to 7 a.m.", "22:30 07:00"),
        ("12am-12pm", "00:00 12:00"),
        ("24-6", "00:00 06:00"),
        ("22点到7点", "22:00 07:00"),
        ("從22點半到7點", "22:30 07:00"),
        ("晚上10点至早上7点", "22:00 07:00"),
        ("晚上12点到早上6点", "00:00 06:00"),
        ("下午1点-2点", "13:00 02:00"),
        ("中午12点到下午2点", "12:00 14:00"),
    ],
)
def test_hours_that_people_type(words: str, expected: str) -> None:
    hours = parse_hours(words)
    assert isinstance(hours, tuple)
    assert " ".join(f"{each // 60:02}:{each % 60:02}" for each in hours) == expected


@pytest.mark.parametrize(
    "words", ["off", "OFF", "none", "no", "关", "關閉", "无", "不要", " ｏｆｆ "]
)
def test_no_quiet_hours(words: str) -> None:
    assert parse_hours(words) is None


@pytest.mark.parametrize(
    "words", ["", "22", "22-", "-7", "25-7", "22-7-8", "22:60-7", "24:30-7", "soon", "7-7", "0-24", "٢٢-x"]
)  # fmt: skip
def test_what_is_no_hours(words: str) -> None:
    assert parse_hours(words) == Trouble("hours-not-understood")


@settings(unhurried, max_examples=200)
@given(st.text(max_size=12) | st.text(st.sampled_from("0123456789:-~ 点半pmaoff晚上"), max_size=12))
def test_whatever_is_typed_is_hours_or_trouble(words: str) -> None:
    hours = parse_hours(words)
    if isinstance(hours, tuple):
        assert all(0 <= each < 24 * 60 for each in hours)


@given(minutes, minutes)
def test_hours_are_read_as_they_are_shown(begin: int, end: int) -> None:
    shown = "-".join(f"{each // 60:02}:{each % 60:02}" for each in (begin, end))
    if begin != end:
        assert parse_hours(shown) == (begin, end)
