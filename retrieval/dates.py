"""Dates as people and programs write them -> UTC-aware moments."""

from __future__ import annotations

from datetime import UTC, datetime


def parse_moment(text: str, now: datetime | None = None) -> datetime | None:
    """The moment that a text names, or None where it names none; naive ones are taken as UTC.

    `now` is what relative ones (`3 天前`) count from. Never raises.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
