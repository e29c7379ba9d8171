"""The structure of an article's text: its headings, what stands below each, its fenced code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.identity import columns

#: In columns (a Chinese character takes two); a longer line that begins like a heading is text.
WIDEST_HEADING = 120

_HEADING = re.compile(r"(?P<mark>#{1,6}) +(?P<said>\S.*?)(?: +#+)?\s*$")
_OPENING = re.compile(r" {0,3}(?P<fence>`{3,40})(?P<language>[^`\s]{0,40})\s*$")
_CLOSING = re.compile(r" {0,3}(?P<fence>`{3,})\s*$")
#: Characters. A heading with more white space than that is none.
_LONGEST_LINE = 200
_NESTING = " › "
#: In columns: of an outer heading, less than this tells nothing.
_NARROWEST_OUTER = 12
#: Headings in a row with nothing between that are kept for what comes below them.
_MOST_WAITING = 3


@dataclass(frozen=True, slots=True)
class Code:
    """Fenced code: its lines, and what opens and closes it."""

    lines: tuple[str, ...]
    fence: str = "```"
    language: str = ""

    def __str__(self) -> str:
        return "\n".join((f"{self.fence}{self.language}", *self.lines, self.fence))


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading; the number of its line tells it from others that say the same."""

    level: int
    said: str
    line: int
    written: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading: prose and code in their order, never nothing.

    `label` is the heading with the one above it, at most `WIDEST_HEADING` columns, and empty
    before the first. `above` are headings just before it with nothing below that the label does
    not tell.
    """

    label: str
    above: tuple[str, ...]
    parts: tuple[str | Code, ...]


def sections(text: str) -> list[Section]:
    """The text in its order. Nothing is lost but the marks of headings.

    A heading below which nothing comes is no heading but text, and a fence that is never closed
    is no fence.
    """
    found: list[Section] = []
    path: list[_Heading] = []
    waiting: list[_Heading] = []  # headings since the last text
    for heading, parts in _below_headings(_parts(text)):
        if heading is not None:
            path = [*(outer for outer in path if outer.level < heading.level), heading]
            waiting.append(heading)
        above = path
        if not parts:
            if len(waiting) <= _MOST_WAITING:
                continue
            above = path[:-1]
            parts = [waiting.pop().said]
        label, told = _label(above)
        untold = max((n for n, each in enumerate(waiting) if each not in told), default=-1)
        lines = tuple(each.said for each in waiting[: untold + 1])
        found.append(Section(label, lines, tuple(parts)))
        waiting.clear()
    return found


def _label(path: Sequence[_Heading]) -> tuple[str, Sequence[_Heading]]:
    """The heading of a section with the one above it as far as there is room; which are whole."""
    if len(path) < 2:
        return "".join(each.said for each in path), path
    outer, inner = path[-2:]
    room = WIDEST_HEADING - columns(inner.said) - columns(_NESTING)
    if columns(outer.said) <= room:
        return f"{outer.said}{_NESTING}{inner.said}", (outer, inner)
    if room < _NARROWEST_OUTER:
        return inner.said, (inner,)
    return f"{outer.said[: (room - 1) // 2].rstrip()}…{_NESTING}{inner.said}", (inner,)


def _below_headings(
    parts: Sequence[str | Code | _Heading],
) -> Iterator[tuple[_Heading | None, list[str | Code]]]:
    """Each heading with what comes before the next; the last ones, if nothing comes, as text."""
    last = max((n for n, part in enumerate(parts) if not isinstance(part, _Heading)), default=-1)
    heading: _Heading | None = None
    below: list[str | Code] = []
    for number, part in enumerate(parts):
        if isinstance(part, _Heading) and number < last:
            if heading or below:
                yield heading, below
            heading, below = part, []
        else:
            below.append(part.written if isinstance(part, _Heading) else part)
    if heading or below:
        yield heading, below


def _parts(text: str) -> list[str | Code | _Heading]:
    """Prose, code and headings; no prose is blank."""
    lines = text.split("\n")
    parts: list[str | Code | _Heading] = []
    prose: list[str] = []

    def end_prose() -> None:
        said = "\n".join(prose).strip()
        if said:
            parts.append(said)
        prose.clear()

    closings = [(n, len(m["fence"])) for n, line in enumerate(lines) if (m := _CLOSING.match(line))]
    hopeless = 1_000  # a fence this long, or longer, is closed nowhere below
    number = passed = 0
    while number < len(lines):
        line = lines[number]
        opening = _OPENING.match(line)
        if opening and len(opening["fence"]) < hopeless:
            while passed < len(closings) and closings[passed][0] <= number:
                passed += 1
            length = len(opening["fence"])
            closing = passed
            while closing < len(closings) and closings[closing][1] < length:
                closing += 1
            if closing == len(closings):
                hopeless = length
            else:
                end = closings[closing][0]
                inside = tuple(lines[number + 1 : end])
                if any(each.strip() for each in inside):
                    end_prose()
                    parts.append(Code(inside, opening["fence"], opening["language"]))
                else:
                    prose.extend(lines[number : end + 1])
                number = end + 1
                continue
        heading = _HEADING.match(line) if len(line) <= _LONGEST_LINE else None
        if heading and columns(heading["said"]) <= WIDEST_HEADING:
            end_prose()
            parts.append(_Heading(len(heading["mark"]), heading["said"], number, line.strip()))
        else:
            prose.append(line)
        number += 1
    end_prose()
    return parts
