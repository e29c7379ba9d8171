"""`archive-bot deliveries`: how announcements fare; those given up, to be sent again by hand."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.assembly import opened_archive, opened_ledger
from bot.errors import UsageError
from bot.ledger.records import DeadLetter, Place
from bot.output import iso, print_json
from config.settings import Settings
from retrieval.article import Article

#: Dead letters that are listed, the newest.
_MOST = 1_000


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    with opened_ledger(settings) as ledger:
        if arguments.retry is not None:
            return _revive(ledger.outbox.revive(_ids(arguments.retry), datetime.now(UTC)))
        counts = ledger.outbox.counts()
        letters = ledger.outbox.dead_letters(_MOST) if arguments.failed else []
    with opened_archive(settings) as archive:
        articles = archive.articles.by_id(letter.delivery.article_id for letter in letters)
    if arguments.json:
        failed = [_fields(letter, articles.get(letter.delivery.article_id)) for letter in letters]
        print_json({"counts": counts, **({"failed": failed} if arguments.failed else {})})
    elif arguments.failed:
        sys.stdout.write(_listed(letters, {own: a.title for own, a in articles.items()}))
    else:
        sys.stdout.write("".join(f"{count:>8}  {state}\n" for state, count in counts.items()))
        if counts.get("dead"):
            sys.stdout.write("archive-bot deliveries --failed lists the dead ones.\n")
    return 0


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


def _fields(letter: DeadLetter, article: Article | None) -> dict[str, Any]:
    delivery, place = letter.delivery, letter.place
    return {
        "id": delivery.id,
        "article_id": delivery.article_id,
        "title": article.title if article else None,
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
