"""Dates in every usual form, and words and numbers that are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.dates import FIRST_YEAR, LAST_YEAR, parse_moment

unhurried = settings(deadline=None)

NOW = datetime(2026, 3, 17, 12, 0, tzinfo=UTC)  # a Tuesday


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # ISO 8601 and what passes for it
        ("2026-03-14", "2026-03-14"),
        (" 2026-03-14\n", "2026-03-14"),
        ("2026-03", "2026-03-01"),
        ("20260314", "2026-03-14"),
        ("2026-W11-6", "2026-03-14"),
        ("2026-073", "2026-03-14"),
        ("2026-03-14T08:30", "2026-03-14 08:30"),
        ("2026-03-14 08:30:15.123456+08:00", "2026-03-14 00:30:15.123456"),
        ("2026-03-14T08:30:00Z", "2026-03-14 08:30"),
        ("2026-03-14T08:30:00,5-0500", "2026-03-14 13:30:00.500"),
        ("20260314T083000Z", "2026-03-14 08:30"),
        ("20260314083000", "2026-03-14 08:30"),
        ("2026-03-14T24:00:00", "2026-03-15"),
        ("2026-12-31T23:59:60Z", "2026-12-31 23:59:59"),
        ("2026-3-14T8:30", "2026-03-14 08:30"),
        ("2026-03-14T08:30:00.000+08:00[Asia/Shanghai]", "2026-03-14 00:30"),
        ("2026-03-14 08:30:00 +0800 CST", "2026-03-14 00:30"),
        ("2026-03-14 08:30 UTC", "2026-03-14 08:30"),
        ("2026-03-14 08:30 UTC+8", "2026-03-14 00:30"),
        # RFC 2822, HTTP, and what C's ctime and date print
        ("Sat, 14 Mar 2026 08:30:00 +0800", "2026-03-14 00:30"),
        ("Sat, 14 Mar 2026 08:30:00 +0800 (CST)", "2026-03-14 00:30"),
        ("Sat, 14 Mar 2026 08:30:00 GMT", "2026-03-14 08:30"),
        ("Saturday, 14-Mar-26 08:30:00 GMT", "2026-03-14 08:30"),
        ("14 Mar 26 08:30 EST", "2026-03-14 13:30"),
        ("Sat Mar 14 08:30:00 2026", "2026-03-14 08:30"),
        ("Sat Mar 14 08:30:00 UTC 2026", "2026-03-14 08:30"),
        # Chinese
        ("2026年3月14日 08:30", "2026-03-14 08:30"),
        ("2026 年 3 月 14 日", "2026-03-14"),
        ("2026年3月14日星期六 下午3:05", "2026-03-14 15:05"),
        ("2026年3月14日（周六）凌晨 12:05", "2026-03-14 00:05"),
        ("2026年03月14日08时30分15秒", "2026-03-14 08:30:15"),
        ("二〇二六年三月十四日", "2026-03-14"),
        ("二〇二六年十月三十一日", "2026-10-31"),
        ("2026年三月", "2026-03-01"),
        ("三月 14, 2026", "2026-03-14"),
        ("２０２６－０３－１４　０８：３０", "2026-03-14 08:30"),
        ("发布于 2026-03-14", "2026-03-14"),
        ("發表於2026年3月14日", "2026-03-14"),
        # others
        ("2026/3/14", "2026-03-14"),
        ("2026.03.14", "2026-03-14"),
        ("2026.3.14 8:05 PM", "2026-03-14 20:05"),
        ("14.03.2026", "2026-03-14"),
        ("14 Mar 2026", "2026-03-14"),
        ("14th of March, 2026", "2026-03-14"),
        ("March 14, 2026", "2026-03-14"),
        ("Sept. 1st, 2025", "2025-09-01"),
        ("Mar 14, 2026 at 12:30 am", "2026-03-14 00:30"),
        ("Published on March 14, 2026", "2026-03-14"),
        ("03/14/2026", "2026-03-14"),
        # Unix time
        ("1770000000", "2026-02-02 02:40"),
        ("1770000000000", "2026-02-02 02:40"),
        # Nothing is corrected: a date to come is what the page says.
        ("2199-01-01", "2199-01-01"),
    ],
)
def test_a_date(text: str, moment: str) -> None:
    """FAILURES 16"""
    found = parse_moment(text)
    assert found == utc(moment)
    assert found is not None
    assert found.tzinfo is UTC
    assert parse_moment(text, NOW) == found, "what names its year needs no now"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("3天前", "2026-03-14 12:00"),
        ("3 天前", "2026-03-14 12:00"),
        ("三天前", "2026-03-14 12:00"),
        ("十二天前", "2026-03-05 12:00"),
        ("3 days ago", "2026-03-14 12:00"),
        ("an hour ago", "2026-03-17 11:00"),
        ("2 hrs ago", "2026-03-17 10:00"),
        ("半小时前", "2026-03-17 11:30"),
        ("5 分钟前", "2026-03-17 11:55"),
        ("2个月前", "2026-01-17 12:00"),
        ("1年前", "2025-03-17 12:00"),
        ("上周", "2026-03-10 12:00"),
        ("last week", "2026-03-10 12:00"),
        ("刚刚", "2026-03-17 12:00"),
        ("昨天", "2026-03-16 12:00"),
        ("yesterday", "2026-03-16 12:00"),
        ("Yesterday at 8:30 pm", "2026-03-16 20:30"),
        ("昨天 08:30", "2026-03-16 08:30"),
        ("前天", "2026-03-15 12:00"),
        ("3月14日", "2026-03-14 00:00"),
        ("12月31日", "2025-12-31 00:00"),
        ("Mar 14", "2026-03-14 00:00"),
    ],
)
def test_a_date_that_counts_from_now(text: str, moment: str) -> None:
    assert parse_moment(text, NOW) == utc(moment)
    assert parse_moment(text) is None


def test_yesterday_is_a_day_of_the_zone_that_now_has() -> None:
    shanghai = timezone(timedelta(hours=8))
    now = datetime(2026, 3, 17, 7, 0, tzinfo=shanghai)
    assert parse_moment("昨天 08:30", now) == utc("2026-03-16 00:30")


def test_the_last_day_of_a_shorter_month() -> None:
    assert parse_moment("1个月前", utc("2026-03-31")) == utc("2026-02-28")


@pytest.mark.parametrize(
    "text",
    """最近|Read more|阅读更多|5|12|v1.2|1.2.3|10.20|2026|3 min read|5 comments|1000 views|前言|上一篇
    |半监督学习|May|last but not least|v2026.3|10.1.2026.4|192.168.1.1|2026 in review|Python 3.12
    |2026-02-31|2026年2月31日|31 February 2026|2026-13-01|2026-03-14T25:00|2026-03-14 — a title
    |1969-12-31|2201-01-01|9999999999|0000-00-00|999999 years ago||-|年月日|0""".split("|"),
)
def test_no_date(text: str) -> None:
    assert parse_moment(text.strip(), NOW) is None


@given(
    st.one_of(
        st.text(max_size=150),
        st.lists(
            st.sampled_from(
                "2026 03 14 - / . : , T Z + 年 月 日 时 十 三 天前 ago 昨天 am Mar 上午 (六) 99 1e9 inf ² ٣ \0 \ud800".split(
                    " "
                )
            ),
            max_size=9,
        ).map("".join),
    ),
    st.sampled_from([None, NOW, datetime(1970, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)]),
)
@example("1 month ago", datetime(1, 1, 1, tzinfo=UTC))
@example("昨天", datetime(1, 1, 1, tzinfo=UTC))
@unhurried
def test_any_text_is_a_moment_or_none(text: str, now: datetime | None) -> None:
    moment = parse_moment(text, now)
    if moment is not None:
        assert moment.tzinfo is UTC
        assert FIRST_YEAR <= moment.year <= LAST_YEAR


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 12, 30)), st.integers(-14 * 4, 14 * 4))  # noqa: DTZ001  the zone is added
@unhurried
def test_a_moment_is_found_again_in_each_form(moment: datetime, quarters: int) -> None:
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    for text in (
        moment.isoformat(),
        moment.strftime("%a, %d %b %Y %H:%M:%S %z"),
        moment.strftime("%Y/%m/%d %H:%M:%S%z"),
        moment.strftime("%B %d, %Y %I:%M:%S %p %z"),
    ):
        assert parse_moment(text) == moment, text


def test_a_huge_text_is_no_date() -> None:
    assert parse_moment("2026-03-14 " * 100_000) is None
