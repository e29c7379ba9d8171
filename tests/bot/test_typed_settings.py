"""Settings as people type them: whatever they write is understood or explained."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ledger.records import Place, Rhythm
from bot.timing import zone_of
from bot.typed_settings import Zones, parse_setting
from bot.wishes import Trouble
from bot.wording import LANGUAGES, Wording

PLACE = Place(1, 50, 0, "private", "Ada", "en", "UTC")
PIECES = (
    "zone", "时区", "quiet", "免打扰", "daily", "每天", "weekly", "每周", "每周日", "now", "silent",
    "preview", "pause", "resume", "off", "on", "开", "9", "22-7", "24", "9pm", "13 am", "晚上8点", "周三",
    "friday", "mon", "Shanghai", "上海", "UTC+8", "-", ":", "\x00", "９", "天", "٣", "İ",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("daily 0", 0),
        ("daily 23", 23),
        ("daily at 7", 7),
        ("daily 7:00", 7),
        ("daily 12 am", 0),
        ("daily 12 pm", 12),
        ("daily 8 p.m.", 20),
        ("ＤＡＩＬＹ ９", 9),
        ("每天8点", 8),
        ("每天早上8点", 8),
        ("每天晚上8点", 20),
        ("每天下午 3 點", 15),
        ("每天中午12点", 12),
        ("每天中午1点", 13),
        ("每天20:00", 20),
        ("每天 21 点整", 21),
        ("每周五晚上九点", None),
        ("daily 24", None),
        ("daily 0 am", None),
        ("daily 13 pm", None),
        ("daily 9:30", None),
        ("daily -1", None),
    ],
)
def test_hours(typed: str, hour: int | None) -> None:
    wished = parse_setting(typed)
    if hour is None:
        assert wished == Trouble("hour-not-understood")
    else:
        assert wished == {"rhythm": Rhythm.DAILY, "hour": hour}


@pytest.mark.parametrize(
    ("typed", "weekday"),
    [
        *((f"weekly {day}", number) for number, day in enumerate("mon tue wed thu fri sat sun".split())),
        *((f"每周{day}", number) for number, day in enumerate("一二三四五六日")),
        ("每周 星期天", 6),
        ("每星期三", 2),
        ("weekly on Wednesday", 2),
    ],
)  # fmt: skip
def test_weekdays(typed: str, weekday: int) -> None:
    assert parse_setting(typed) == {"rhythm": Rhythm.WEEKLY, "weekday": weekday}
    assert parse_setting(f"{typed} 9") == {"rhythm": Rhythm.WEEKLY, "weekday": weekday, "hour": 9}


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=6).flatmap(
        lambda pieces: st.sampled_from((" ".join(pieces), "".join(pieces)))
    )
)
def test_whatever_is_typed_is_understood_or_explained(typed: str) -> None:
    wished = parse_setting(typed)
    if isinstance(wished, Trouble):
        for language in LANGUAGES:
            assert len(Wording(language).say(wished.reason, **wished.values)) > 1
    elif isinstance(wished, Zones):
        assert all(zone_of(name) for name in wished.names)
    else:
        changed: dict[str, Any] = dict(wished)
        place = dataclasses.replace(PLACE, **changed)
        assert 0 <= place.hour < 24
        assert 0 <= place.weekday < 7
        assert (place.quiet_from is None) is (place.quiet_to is None)
