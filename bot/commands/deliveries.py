"""`archive-bot deliveries`: how announcements fare; those given up, to be sent again by hand."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.admin.bulletins import opening_of
from bot.assembly import opened_archive, opened_ledger
from bot.errors import UsageError
from bot.ledger.records import Bulletin, DeadLetter, Place
from bot.output import iso, print_json
from bot.told import Told, look_up
from config.settings import Settings

#: Dead letters that are listed, the newest.
_MOST = 1_000


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    with opened_ledger(settings) as ledger:
        if arguments.retry is not None:
            return _revive(ledger.outbox.revive(_ids(arguments.retry), datetime.now(UTC)))
        counts = ledger.outbox.counts()
        letters = ledger.outbox.dead_letters(_MOST) if arguments.failed else []
        names = [letter.delivery.article_id for letter in letters]
        with opened_archive(settings) as archive:
            titles = _titles(look_up(archive, ledger, names))
    if arguments.json:
        failed = [_fields(letter, titles.get(letter.delivery.article_id)) for letter in letters]
        print_json({"counts": counts, **({"failed": failed} if arguments.failed else {})})
    elif arguments.failed:
        sys.stdout.write(_listed(letters, titles))
    else:
        sys.stdout.write("".join(f"{count:>8}  {state}\n" for state, count in counts.items()))
        if counts.get("dead"):
            sys.stdout.write("archive-bot deliveries --failed lists the dead ones.\n")
    return 0


def _titles(told: Mapping[str, Told]) -> dict[str, str]:
    """By its name the title of an article, the first words of a bulletin."""
    return {
        name: opening_of(what) if isinstance(what, Bulletin) else what.title
        for name, what in told.items()
    }


def _ids(words: Sequence[str]) -> list[int] | None:
    """The numbers given, None for `all`."""
    if list(words) == ["all"]:
        return None
    try:
        return [int(word) for word in words]
    except ValueError:
        raise UsageError(
            "--retry takes numbers as `archive-bot deliveries --failed` shows them, or `all`"
        ) from None


def _revive(count: int) -> int:
    sys.stdout.write(f"{count} will be sent again by the running bot, or the next one.\n")
    return 0


def _fields(letter: DeadLetter, title: str | None) -> dict[str, Any]:
    delivery, place = letter.delivery, letter.place
    return {
        "id": delivery.id,
        "article_id": delivery.article_id,
        "title": title,
        "chat_id": place.chat_id,
        "topic": place.topic or None,
        "chat": place.title,
        "created_at": iso(delivery.created_at),
        "unknown_outcomes": delivery.unknown,
        "error": delivery.error,
    }


def _listed(letters: Sequence[DeadLetter], titles: dict[str, str]) -> str:
    if not letters:
        return "Nothing was given up.\n"
    lines = []
    for letter in letters:
        delivery = letter.delivery
        title = titles.get(delivery.article_id, delivery.article_id)
        lines += [
            f"{delivery.id}  {title}",
            f"    to {_where(letter.place)}, since {iso(delivery.created_at)}: {delivery.error}",
        ]
    lines.append("Send them again: archive-bot deliveries --retry NUMBER ..., or --retry all")
    return "\n".join(lines) + "\n"


def _where(place: Place) -> str:
    named = f"{place.title!r} ({place.chat_id})" if place.title else f"chat {place.chat_id}"
    return f"{named}, topic {place.topic}" if place.topic else named
