"""How an article begins: its opening -> the whole sentences that a notice shows of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.cutting import EDGES, clipped
from bot.markup import clean
from retrieval.article import Article
from retrieval.excerpts import formulas_of, sentences
from retrieval.titles import derive_title

#: Characters. Sentences are taken up to the first; one that is longer than all that gets up to the
#: second, and is cut between two words beyond it. Fewer than `_LEAST` say too little.
USUAL = 300
LONGEST = 450
_LEAST = 80
MOST_LINES = 12
_READ = 4000  # characters of an opening that are looked at

_FENCE = re.compile(r" {0,3}`{3,}[^`\s]*\s*")
_HEADING_MARK = re.compile(r"^#{1,6} +(?=\S)")
_WHOLE = re.compile(r"`[^`\n]{1,300}`|https?://[^\s，。；）]{1,300}")
_CHINESE = re.compile("[\u3400-\u9fff]$")
# How a line goes on behind a title that is no part of its sentence.
_APART = re.compile(r"$|[:：;；，。…—|!?！？]|[.\-–](?=\s|$)|\s+[\-–—|:：]\s")
_GOES_ON = ";\uff1b"  # behind these a sentence goes on

Spans = list[tuple[int, int]]


def beginning(article: Article) -> str:
    """The first sentences, about 300 characters, without the title said once more.

    Lines stay lines. Code, formulas and addresses are never cut through unless they are longer than
    a notice shows of all; code is shown without its fences.
    """
    opening = clean(article.opening[:_READ])
    lines, code = _lines(opening)
    name = " ".join(clean(article.title).split())
    if lines and not code[0]:
        derived = article.title == derive_title(opening)
        lines[0] = _without(name, lines[0], derived)
        if not lines[0]:
            lines, code = lines[1:], code[1:]
    lines, code = lines[:MOST_LINES], code[:MOST_LINES]
    plain = "\n".join(lines)
    if len(plain) <= USUAL:
        return plain
    whole = sorted((*formulas_of(plain), *_spans(plain), *_code_spans(lines, code)))
    ends = [end for end in _ends(plain) if not _around(whole, end)]
    usual = max((end for end in ends if end <= USUAL), default=0)
    if usual < _LEAST:
        usual = next((end for end in ends if USUAL < end <= LONGEST), 0)
    if usual:
        return plain[:usual].rstrip()
    return _cut(plain, whole)


def _lines(opening: str) -> tuple[list[str], list[bool]]:
    """The lines that say something, and which of them are code."""
    lines, code = [], []
    fenced = False
    for line in opening.split("\n"):
        if _FENCE.fullmatch(line):
            fenced = not fenced
            continue
        said = line.rstrip() if fenced else _HEADING_MARK.sub("", " ".join(line.split()), count=1)
        if said:
            lines.append(said)
            code.append(fenced)
    return lines, code


def _without(title: str, line: str, derived: bool) -> str:
    """The line without a title that opens it and ends there, where one may be left out.

    A title that was cut short, or one that is the subject of the sentence, is part of what is said:
    unless it was `derived` from this very line, which goes on where the title ends.
    """
    name = title.rstrip(EDGES)
    if not name or not line.casefold().startswith(name.casefold()):
        return line
    rest = line[len(name) :]
    if derived:
        left = rest.lstrip(EDGES + "!?！？")
        return f"…{left}" if left and title.endswith("…") else left
    if title.endswith("…"):
        return line
    spaced = rest[:1].isspace() and _CHINESE.search(name) is not None
    return rest.lstrip(EDGES + "!?！？") if spaced or _APART.match(rest) else line


def _ends(plain: str) -> Iterator[int]:
    """Where sentences end, without the white space behind them."""
    end = 0
    for sentence in sentences(plain):
        end += len(sentence)
        if not sentence.rstrip().endswith(tuple(_GOES_ON)) or sentence.endswith("\n"):
            yield end - (len(sentence) - len(sentence.rstrip()))


def _spans(plain: str) -> Spans:
    return [match.span() for match in _WHOLE.finditer(plain)]


def _code_spans(lines: Sequence[str], code: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start = 0
    for line, is_code in zip(lines, code, strict=True):
        if is_code:
            yield start, start + len(line)
        start += len(line) + 1


def _around(whole: Spans, place: int) -> tuple[int, int] | None:
    """What must stay whole and would be cut through at this place."""
    return next(((start, end) for start, end in whole if start < place < end), None)


def _cut(plain: str, whole: Spans) -> str:
    """Cut between two words, before or behind what must stay whole if that is not too long."""
    place = len(clipped(plain, USUAL))
    if span := _around(whole, place):
        start, end = span
        place = start if start >= _LEAST else end if end <= LONGEST else place
    return plain[:place].rstrip(EDGES) + "…"
