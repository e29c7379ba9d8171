"""When a source is looked at next. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from retrieval.archive.fetches import Fared

#: A source that keeps failing is still tried so often: its recovery should be news the same day.
LONGEST_RETRY = timedelta(hours=3)
#: Whoever sets a longer interval means `never`, and no calendar has all the moments they may name.
LONGEST_INTERVAL = timedelta(days=36_500)


def retry_after(failures: int, interval: float, chance: float) -> timedelta:
    """How long to wait after so many failures in a row.

    `interval` (seconds) doubled with each failure but the first, up to `LONGEST_RETRY` or the
    interval itself where that is longer; then spread by `chance` (0 to 1) over 75 to 125 percent,
    so that sources which failed together do not come back together.
    """
    interval = min(interval, LONGEST_INTERVAL.total_seconds())
    longest = max(LONGEST_RETRY.total_seconds(), interval)
    pause = min(interval * 2 ** min(max(failures - 1, 0), 30), longest)
    return timedelta(seconds=pause * (0.75 + chance / 2))


def next_look(state: Fared | None, interval: float, settings: str, now: datetime) -> datetime:
    """The moment from which on a source is due; `now` or earlier where it is.

    A source never looked at, or whose settings changed since, is due at once, but for what its
    server asked for.
    """
    if state is None:
        return now
    wait = state.wait_until or now
    if state.settings is not None and state.settings != settings:
        return wait
    tried = max(filter(None, (state.gathered_at, state.failed_at)), default=None)
    if tried is None:
        return wait
    if state.retry_at is not None:
        return max(state.retry_at, wait)
    pause = timedelta(seconds=min(interval, LONGEST_INTERVAL.total_seconds()))
    return max(tried + pause, state.wait_until or tried)
