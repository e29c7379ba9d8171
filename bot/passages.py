"""An excerpt as people read it: its words -> headings bold, code as code, what answers in bold.

Pure. Excerpts open with their heading on a line of its own, and keep code between fences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.cutting import EDGES, clipped, shortened
from bot.markup import Text, bold, clean, code, text
from retrieval.excerpts import sentences
from retrieval.identity import columns
from retrieval.sections import WIDEST_HEADING

#: Characters; a longer excerpt is folded. Of several the first is read and the others are looked
#: over: these are folded sooner.
FOLDED_FROM, FURTHER_FOLDED_FROM = 300, 120
#: Columns (a Chinese character takes two) that are surely seen of a folded quote.
_SEEN = 90
#: Columns of a sentence that is shown before the one that answers, if they are no more.
_LEADING = 60

_FENCE = re.compile(r" {0,3}`{3,}[^`\s]*[ \t]*")
_NO_HEADING = re.compile(r"[-|•*>]|\d+[.)] ")
_ENDS = tuple("。.!?！？;；,，:：…")

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is shown of a passage, and whether that is less than all of it."""

    text: Text
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """The plain words without fences, and the stretches of them that are code or headings."""

    plain: str
    code: tuple[Stretch, ...]
    headings: tuple[Stretch, ...]


def plain_passage(words: str) -> str:
    """The words as people read them: without the lines that only fence code."""
    return _read(words).plain


def passage(words: str, highlight: str = "") -> Text:
    """All of it, with the highlight in bold where it stands there."""
    read = _read(words)
    if not read.plain:
        return text(clean(words).strip())
    return _styled(read, _found(read, highlight)).stripped()


def excerpt(words: str, highlight: str, longest: int, folded_from: int = FOLDED_FROM) -> Excerpt:
    """At most so many characters of it; of what will be folded, from where one sees the highlight.

    What is left out at an end is told by an ellipsis.
    """
    read = _read(words)
    found = _found(read, highlight)
    if not read.plain:
        return Excerpt(text(shortened(clean(words).strip(), longest)))
    end = len(read.plain)
    start = 0 if end <= min(folded_from, longest) else _start(read, found)
    if end - start > longest:
        end = start + len(clipped(read.plain[start:], longest))
    shown = _styled(read, found).between(start, end).stripped()
    before = "" if not start else "…\n" if _inside(start, read.code) else "… "
    if end < len(read.plain):
        return Excerpt(text(before, _without_edges(shown), "…"), cut=True)
    return Excerpt(text(before, shown), cut=start > 0)


def _without_edges(shown: Text) -> Text:
    plain = shown.plain
    return shown.between(0, len(plain.rstrip(EDGES)))


def _start(read: _Read, found: Stretch) -> int:
    """Where to begin: at the beginning, or near the highlight if that would not be seen."""
    if found[1] <= found[0] or columns(read.plain[: found[0]]) <= _SEEN:
        return 0
    if _inside(found[0], read.code):
        return read.plain.rfind("\n", 0, found[0]) + 1
    *_, before = sentences(read.plain[: found[0]]) or [""]
    near = columns(before) <= _LEADING and not before.endswith("\n")
    return found[0] - len(before) if near else found[0]


def _found(read: _Read, highlight: str) -> Stretch:
    """Where the highlight stands; an empty stretch where it does not."""
    wanted = _read(highlight).plain
    place = read.plain.find(wanted) if wanted else -1
    return (place, place + len(wanted)) if place >= 0 else (0, 0)


def _styled(read: _Read, found: Stretch) -> Text:
    edges = {0, len(read.plain), *found}
    for stretch in (*read.code, *read.headings):
        edges |= {*stretch}
    pieces = []
    for start, end in pairwise(sorted(edges)):
        piece = read.plain[start:end]
        if _inside(start, read.code):
            pieces.append(code(piece))
        elif found[0] <= start < found[1] or _inside(start, read.headings):
            pieces.append(bold(piece))
        else:
            pieces.append(text(piece))
    return text(*pieces)


def _inside(place: int, stretches: tuple[Stretch, ...]) -> bool:
    return any(start <= place < end for start, end in stretches)


def _read(words: str) -> _Read:
    lines = list(_lines(clean(words)))
    while lines and not lines[0][0].strip():
        lines.pop(0)
    while lines and not lines[-1][0].strip():
        lines.pop()
    if lines and not lines[0][1]:
        lines[0] = (lines[0][0].lstrip(), False)
    if lines:
        lines[-1] = (lines[-1][0].rstrip(), lines[-1][1])
    blocks: list[Stretch] = []
    headings: list[Stretch] = []
    start = 0
    opens = True  # a paragraph
    for number, (line, is_code) in enumerate(lines):
        end = start + len(line)
        if is_code:
            begun = blocks.pop()[0] if number and lines[number - 1][1] else start
            blocks.append((begun, end))
        elif opens and number + 1 < len(lines) and lines[number + 1][0].strip() and _heads(line):
            headings.append((start, end))
        opens = not line.strip()
        start = end + 1
    return _Read("\n".join(line for line, _ in lines), tuple(blocks), tuple(headings))


def _heads(line: str) -> bool:
    """Whether a line that opens a paragraph is its heading: short, and ended by no mark."""
    return (
        0 < columns(line) <= WIDEST_HEADING
        and not line.endswith(_ENDS)
        and not _NO_HEADING.match(line)
    )


def _lines(words: str) -> Iterator[tuple[str, bool]]:
    """Lines, and whether each is code: without fences, and no two blank ones in a row."""
    fenced = False
    blank = False
    for line in words.split("\n"):
        if _FENCE.fullmatch(line):
            fenced = not fenced
            continue
        if not line.strip() and blank:
            continue
        blank = not line.strip()
        yield line, fenced
