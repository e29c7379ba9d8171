"""What was given up, to be sent again: dead letters -> text and buttons. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.admin.screens import (
    AGAIN,
    AGAIN_ALL,
    FAILED,
    LONGEST_TITLE,
    Reader,
    Screen,
    apart,
    keyboard,
    pages_of,
    reason_of,
    to,
    turning,
)
from bot.buttons import in_rows
from bot.cards import lines, one_line
from bot.cutting import blank, shortened
from bot.ledger.records import DeadLetter
from bot.markup import Text, bold, text

#: On one page.
LETTERS_ON_A_PAGE = 5


def failed_screen(
    letters: Sequence[DeadLetter], titles: Mapping[str, str], count: int, page: int, reader: Reader
) -> Screen:
    """A page of what was given up, of `count` altogether; `titles` are by what is told."""
    if not letters:
        return Screen(text(reader.say("admin-no-letters")), keyboard([], reader.wording))
    first = page * LETTERS_ON_A_PAGE + 1
    blocks = [_letter(number, each, titles, reader) for number, each in enumerate(letters, first)]
    again = [
        to(reader.say("button-again", number=number), AGAIN, each.delivery.id, page)
        for number, each in enumerate(letters, first)
    ]
    rows = [
        *in_rows(again, 3),
        [to(reader.say("button-again-all"), AGAIN_ALL)],
        turning(FAILED, page, pages_of(count, LETTERS_ON_A_PAGE)),
    ]
    said = apart(bold(reader.say("admin-letters", count=count)), *blocks)
    return Screen(said, keyboard(rows, reader.wording))


def _letter(number: int, letter: DeadLetter, titles: Mapping[str, str], reader: Reader) -> Text:
    delivery, kind = letter.delivery, letter.place.kind
    place = {
        "private": lambda: reader.say("kind-private"),
        "channel": lambda: reader.say("kind-channel"),
    }.get(kind, lambda: reader.say("kind-group"))()
    title = shortened(one_line(titles.get(delivery.article_id, "")), LONGEST_TITLE)
    named = delivery.article_id if blank(title) else title
    return lines(
        text(f"{number}. ", bold(named)),
        text(f"{place} · {reader.moment(delivery.created_at)}"),
        text(reason_of(delivery.error or "")),
    )
