"""When a source is looked at next: intervals, failures, what its server asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.archive.fetches import Fared
from retrieval.timing import LONGEST_RETRY, next_look, retry_after

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
INTERVAL = 900.0
GATHERED = Fared("blog", "feed", NOW, settings="same")

intervals = st.floats(1, 1e7) | st.floats(1, allow_infinity=False, allow_nan=False)
chances = st.floats(0, 1)


def failed(at: datetime, **fields: object) -> Fared:
    return replace(GATHERED, failed_at=at, failure="down", failures=1, **fields)  # type: ignore[arg-type]


# --- after a failure -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failures", "interval", "seconds"),
    [
        (1, 900, 900),
        (2, 900, 1800),
        (3, 900, 3600),
        (4, 900, 7200),
        (5, 900, 10_800),  # not 14,400: three hours at the most
        (6, 900, 10_800),
        (1, 1, 1),
        (11, 1, 1024),
        (1, 86_400, 86_400),  # looked at once a day: never more often because it fails
        (9, 86_400, 86_400),
        (10**9, 60, 10_800),
        (0, 900, 900),
    ],
)
def test_pauses_double_up_to_three_hours_or_the_interval(
    failures: int, interval: float, seconds: float
) -> None:
    assert retry_after(failures, interval, 0.5) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("chance", "share"), [(0.0, 0.75), (0.5, 1.0), (1.0, 1.25)])
def test_pauses_are_spread_by_a_quarter_either_way(chance: float, share: float) -> None:
    assert retry_after(1, 1000, chance) == timedelta(seconds=1000 * share)
    assert retry_after(50, 1000, chance) == LONGEST_RETRY * share


@given(st.integers(0, 10**6), intervals, chances)
@settings(deadline=None)
def test_a_pause_is_never_shorter_for_one_more_failure(
    failures: int, interval: float, chance: float
) -> None:
    pause = retry_after(failures, interval, chance)
    assert timedelta(0) < pause <= retry_after(failures + 1, interval, chance)
    assert NOW + pause > NOW


@given(st.integers(1, 10**6), st.floats(1, 1e7), chances)
@settings(deadline=None)
def test_a_failing_source_is_looked_at_within_four_hours_or_its_interval_and_a_quarter(
    failures: int, interval: float, chance: float
) -> None:
    pause = retry_after(failures, interval, chance)
    longest = max(LONGEST_RETRY, timedelta(seconds=interval))
    assert timedelta(seconds=interval) * 0.75 <= pause + SECOND / 1000
    assert pause <= longest * 1.25 + SECOND / 1000


# --- the next look ---------------------------------------------------------------------------


def due(state: Fared | None, at: datetime, interval: float = INTERVAL) -> bool:
    return at >= next_look(state, interval, "same", at)


def test_a_source_never_looked_at_is_due_at_once() -> None:
    assert due(None, NOW)
    assert due(replace(GATHERED, gathered_at=None), NOW)


def test_a_gathered_source_is_due_after_its_interval_to_the_second() -> None:
    assert not due(GATHERED, NOW)
    assert not due(GATHERED, NOW + SECOND * (INTERVAL - 1))
    assert due(GATHERED, NOW + SECOND * INTERVAL)


def test_changed_settings_make_it_due_at_once() -> None:
    assert due(replace(GATHERED, settings="other"), NOW)
    assert due(replace(failed(NOW, retry_at=NOW + SECOND), settings="other"), NOW)


def test_settings_not_known_yet_are_no_change() -> None:
    assert not due(replace(GATHERED, settings=None), NOW)


def test_after_a_failure_the_pause_counts_not_the_interval() -> None:
    soon = failed(NOW, retry_at=NOW + SECOND * 5)
    assert not due(soon, NOW + SECOND * 4)
    assert due(soon, NOW + SECOND * 5)
    late = failed(NOW, retry_at=NOW + SECOND * (INTERVAL + 5))
    assert not due(late, NOW + SECOND * (INTERVAL + 4))
    assert due(late, NOW + SECOND * (INTERVAL + 5))


def test_the_interval_counts_from_the_last_try_whichever_way_it_went() -> None:
    """As an archive of an earlier release has it: a failure, and no moment to try again."""
    later = failed(NOW + SECOND * 100)
    assert not due(later, NOW + SECOND * (INTERVAL + 99))
    assert due(later, NOW + SECOND * (INTERVAL + 100))


@pytest.mark.parametrize(
    "state",
    [
        replace(GATHERED, gathered_at=None),
        GATHERED,
        replace(GATHERED, settings="other"),
        failed(NOW, retry_at=NOW + SECOND),
        failed(NOW),
    ],
)
def test_what_the_server_asked_for_is_kept_whatever_else(state: Fared) -> None:
    until = NOW + timedelta(hours=3)
    waiting = replace(state, wait_until=until)
    assert not due(waiting, until - SECOND)
    assert due(waiting, until)


def test_a_wish_that_is_over_delays_nothing() -> None:
    passed = replace(GATHERED, wait_until=NOW - timedelta(days=1))
    assert not due(passed, NOW + SECOND * (INTERVAL - 1))
    assert due(passed, NOW + SECOND * INTERVAL)
    assert due(replace(passed, settings="other"), NOW)


@given(
    st.integers(-1000, 10**8).map(lambda seconds: NOW + SECOND * seconds),
    intervals,
    st.booleans(),
)
@settings(deadline=None)
def test_any_interval_that_may_be_set_can_be_reckoned_with(
    at: datetime, interval: float, fails: bool
) -> None:
    """An owner may mean `never` by a number of seconds that no calendar has."""
    state = failed(NOW) if fails else GATHERED
    if interval <= (at - NOW).total_seconds():
        assert due(state, at, interval)
    elif interval > (at - NOW).total_seconds() + 1:
        assert not due(state, at, interval)
