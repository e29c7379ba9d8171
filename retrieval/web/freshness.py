"""What response headers say of time: how long an answer stays fresh, when to come again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

#: Seconds. A server that asks for more is mistaken, or would never be looked at again.
LONGEST_WAIT = 7 * 24 * 3600.0

_MAX_AGE = re.compile(r"^max-age\s*=\s*\"?(\d{1,12})\"?$")
_SECONDS = re.compile(r"^[+-]?\d{1,12}(\.\d*)?$")


def fresh_for(headers: httpx.Headers, now: datetime) -> float:
    """How many seconds an answer need not be asked for again; 0 where nothing is said.

    RFC 9111, 4.2: `max-age`, else Expires less Date, less the Age that a cache on the way tells.
    `s-maxage` is for shared caches, which a bot is not.
    """
    directives = [part.strip().lower() for part in headers.get("Cache-Control", "").split(",")]
    names = {directive.partition("=")[0].strip() for directive in directives}
    if names & {"no-cache", "no-store"}:
        return 0.0
    seconds: float | None = None
    if "max-age" in names:
        found = [match for directive in directives if (match := _MAX_AGE.match(directive))]
        seconds = min((float(match[1]) for match in found), default=0.0)
    else:
        expires = moment(headers.get("Expires", ""))
        if expires is not None:
            seconds = (expires - (moment(headers.get("Date", "")) or now)).total_seconds()
    age = headers.get("Age", "").strip()
    if seconds is not None and age.isascii() and age.isdigit():
        seconds -= float(age[:12])
    return _bounded(seconds or 0.0)


def retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """How many seconds a server asks to be left alone (RFC 9110, 10.2.3); None if it does not."""
    said = headers.get("Retry-After", "").strip()
    if _SECONDS.match(said):
        return _bounded(float(said))
    then = moment(said)
    if then is None:
        return None
    # By the server's own clock, where it tells it: ours and its may differ.
    return _bounded((then - (moment(headers.get("Date", "")) or now)).total_seconds())


def moment(text: str) -> datetime | None:
    """An HTTP date, UTC-aware; None for anything else."""
    try:
        then = parsedate_to_datetime(text)
        return (then if then.tzinfo else then.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _bounded(seconds: float) -> float:
    return min(max(0.0, seconds), LONGEST_WAIT)
