"""Time zones that are offered for choice, by cities in the reader's language."""

from __future__ import annotations

from bot.wording import Wording

#: Data in chats name zones by their place in here: only ever append.
USUAL_ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/Moscow",
    "Europe/Berlin",
    "Europe/London",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Australia/Sydney",
)


def city_of(zone: str) -> str:
    """What the wording calls one of `USUAL_ZONES`, behind `city-`."""
    return zone.rpartition("/")[2].lower().replace("_", "-")


def zone_called(zone: str, wording: Wording) -> str:
    """A zone as a person knows it: by its city, or by the IANA name where none is translated."""
    if zone in USUAL_ZONES:
        return wording.say(f"city-{city_of(zone)}")
    return zone.replace("_", " ")
