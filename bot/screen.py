"""A message as a terminal shows it: parsed HTML -> lines.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.telegram_html import Entity, Parsed

BAR = "│ "
_BOLD, _ITALIC, _DIM, _RESET = "\033[1m", "\033[3m", "\033[2m", "\033[0m"
_LOOKS = {"bold": _BOLD, "italic": _ITALIC}
_QUOTES = ("blockquote", "expandable_blockquote")


def on_screen(parsed: Parsed, *, colour: bool) -> str:
    """The text with a bar before quotes, the URL behind links, and ANSI codes if `colour`."""
    lines = [""]
    quoted = False
    behind = -1  # the line behind a quote that ended last
    for piece, looks, ended in _runs(parsed):
        if quoted != (quoted := any(look.type in _QUOTES for look in looks)) and lines[-1]:
            # A quote is a block of its own, whatever stands beside it.
            lines.append("")
            piece = piece.removeprefix("\n")
            behind = len(lines) - 1 if not quoted else behind
        elif quoted and not lines[-1] and behind == len(lines) - 1:
            lines.append("")  # or two quotes would look like one
        codes = "".join(_LOOKS.get(look.type, "") for look in looks) if colour else ""
        for number, line in enumerate(piece.split("\n")):
            if number:
                lines.append("")
            if quoted and not lines[-1]:
                lines[-1] = f"{_DIM}{BAR}{_RESET}" if colour else BAR
            lines[-1] += f"{codes}{line}{_RESET}" if codes and line else line
        for url in (look.url for look in ended if look.url):
            lines[-1] += f" {_DIM}<{url}>{_RESET}" if colour else f" <{url}>"
    return "\n".join(line.rstrip() for line in lines)


def _runs(parsed: Parsed) -> Iterator[tuple[str, list[Entity], list[Entity]]]:
    """Runs of one look: the characters, the entities over them, and those that end with them."""
    units = parsed.text.encode("utf-16-le")
    edges = {0, len(units) // 2}
    for entity in parsed.entities:
        edges |= {entity.offset, entity.offset + entity.length}
    places = sorted(edges)
    for start, end in pairwise(places):
        over = [
            entity
            for entity in parsed.entities
            if entity.offset <= start and end <= entity.offset + entity.length
        ]
        ended = [entity for entity in over if entity.offset + entity.length == end]
        yield units[2 * start : 2 * end].decode("utf-16-le"), over, ended
