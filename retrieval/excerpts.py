"""Cutting an article's text into excerpts: whole paragraphs and sentences, none too long to embed.

A passage of more than 512 tokens would lose its tail in the models this is meant for; one of a few
words says too little to be found. Nothing is dropped: the excerpts joined give the text back, but
for white space between them. Where the text has headings, each excerpt opens with the one it
stands below, so that it can be understood, and found, alone; code stays between its fences.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from retrieval.identity import columns
from retrieval.sections import Code, Section, sections

#: In columns (a Chinese character takes two): about 430 tokens of Chinese, 300 of English.
LONGEST = 1200
#: In columns: a remainder narrower than this at the end of an article says too little alone.
SHORTEST = 120

_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(
    r"[。!?!?;;…]+[”’」』)）\]\"']*\s*|(?<!\.)\.[.!?]{0,9}[\"'”’)\]]{0,9}\s+|\n+"
)


#: TeX between its delimiters. A dollar before white space opens none: it is money.
_FORMULA = re.compile(
    r"\$\$[^$]{1,2000}\$\$|\$(?![\s$])[^$\n]{0,500}[^$\s]\$(?!\d)"
    r"|\\\[(?:[^\\]|\\[^\[\]]){1,2000}\\\]|\\\((?:[^\\\n]|\\[^()]){1,500}\\\)"
)


def sentences(text: str) -> list[str]:
    """The text cut after each sentence, nothing lost: the parts joined are the text.

    Nothing inside a formula ends a sentence.
    """
    formulas = formulas_of(text)
    parts: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if formulas and formula_around(formulas, match.end()):
            continue
        parts.append(text[start : match.end()])
        start = match.end()
    if start < len(text):
        parts.append(text[start:])
    return parts


def formulas_of(text: str) -> list[tuple[int, int]]:
    """Where the formulas of a text begin and end, in order."""
    return [match.span() for match in _FORMULA.finditer(text)]


def formula_around(formulas: list[tuple[int, int]], position: int) -> tuple[int, int] | None:
    """The formula that a cut at this position would go through."""
    number = bisect_left(formulas, (position, 0)) - 1
    if number >= 0 and formulas[number][0] < position < formulas[number][1]:
        return formulas[number]
    return None


def split_into_excerpts(text: str) -> list[str]:
    """Excerpts of at most `LONGEST` columns, cut at paragraphs, else sentences, else anywhere.

    Never empty for a text that is not. A last one narrower than `SHORTEST` takes up sentences of
    the one before it. Short sections share an excerpt, each below its heading; code is cut between
    lines where it is too long, each part fenced.
    """
    parts = sections(text)
    if len(parts) == 1 and not parts[0].label and all(isinstance(p, str) for p in parts[0].parts):
        return _split_prose(text)
    excerpts: list[_Excerpt] = [_Excerpt()]
    for section in parts:
        _add_section(excerpts, section)
    return [str(excerpt) for excerpt in excerpts if excerpt.width]


def _split_prose(text: str) -> list[str]:
    excerpts: list[list[str]] = [[]]
    width = 0
    for piece in _pieces(text.strip(), LONGEST):
        if width and width + columns(piece) > LONGEST:
            excerpts.append([])
            width = 0
        excerpts[-1].append(piece)
        width += columns(piece)
    if len(excerpts) > 1:
        before, last = excerpts[-2:]
        while width < SHORTEST and len(before) > 1 and width + columns(before[-1]) <= LONGEST:
            width += columns(before[-1])
            last.insert(0, before.pop())
    return [joined for pieces in excerpts if (joined := "".join(pieces).strip())]


@dataclass(slots=True)
class _Excerpt:
    """An excerpt being filled: for each section in it its head and pieces of its body."""

    sections: list[tuple[str, list[str]]] = field(default_factory=list)
    width: int = 0

    def begin(self, head: str) -> None:
        """Make room for a section; two columns for the blank line before it, one after its head."""
        self.width += (2 if self.sections else 0) + (columns(head) + 1 if head else 0)
        self.sections.append((head, []))

    def add(self, piece: str) -> None:
        self.sections[-1][1].append(piece)
        self.width += columns(piece)

    def __str__(self) -> str:
        told = (
            f"{head}\n{body}" if head else body
            for head, pieces in self.sections
            if (body := "".join(pieces).strip("\n"))
        )
        return "\n\n".join(told).strip()


def _add_section(excerpts: list[_Excerpt], section: Section) -> None:
    """Fill a section in: into the present excerpt if it fits there whole, else into new ones."""
    head = "\n".join((*section.above, section.label)).strip("\n")
    room = LONGEST - columns(head) - 3
    pieces = list(_pieces_of(section, room))
    present = excerpts[-1]
    whole = LONGEST - room + sum(map(columns, pieces))
    first = LONGEST - room + columns(pieces[0])
    fits = present.width + (whole if present.width >= SHORTEST else first) <= LONGEST
    if present.width and not fits:
        excerpts.append(_Excerpt())
    begun = len(excerpts)
    excerpts[-1].begin(head)
    for piece in pieces:
        if not piece.strip():
            if excerpts[-1].sections[-1][1]:
                excerpts[-1].add(" ")
            continue
        if excerpts[-1].sections[-1][1] and excerpts[-1].width + columns(piece) > LONGEST:
            excerpts.append(_Excerpt())
            excerpts[-1].begin(section.label)
        excerpts[-1].add(piece)
    if len(excerpts) > begun:
        _level(*excerpts[-2:])


def _level(before: _Excerpt, last: _Excerpt) -> None:
    """Give the last excerpt of a section sentences of the one before it if it says too little."""
    giving, taking = before.sections[-1][1], last.sections[-1][1]
    while sum(map(columns, taking)) < SHORTEST and len(giving) > 1:
        width = columns(giving[-1])
        if last.width + width > LONGEST:
            break
        last.width += width
        before.width -= width
        taking.insert(0, giving.pop())


def _pieces_of(section: Section, room: int) -> Iterator[str]:
    """Sentences and blocks of code, none wider than the room."""
    opening = ""
    for part in section.parts:
        if isinstance(part, Code):
            for code in _bounded_code(part, room - 2):
                yield opening + code
                opening = "\n\n"
        else:
            for sentence in _pieces(part, room - 2):
                yield opening + sentence
                opening = ""
        opening = "\n\n"


def _bounded_code(code: Code, room: int) -> Iterator[str]:
    """The code whole, or parts of it, each between fences, cut between lines as far as possible."""
    if columns(str(code)) <= room:
        yield str(code)
        return
    room -= columns(str(Code(("",), code.fence, code.language)))
    lines: list[str] = []
    width = 0
    for line in code.lines:
        for piece in _bounded(line, room - 1):
            if width + columns(piece) + 1 > room:
                yield from _fenced(lines, code)
                lines, width = [], 0
            lines.append(piece)
            width += columns(piece) + 1
    yield from _fenced(lines, code)


def _fenced(lines: list[str], code: Code) -> Iterator[str]:
    if any(line.strip() for line in lines):
        yield str(Code(tuple(lines), code.fence, code.language))


def _pieces(text: str, widest: int) -> Iterator[str]:
    """Sentences, bounded; the first of each paragraph but the first opens with a blank line."""
    opening = ""
    for paragraph in _PARAGRAPH.split(text):
        for sentence in sentences(paragraph):
            yield from _bounded(opening + sentence, widest)
            opening = ""
        opening = "\n\n"


def _bounded(piece: str, widest: int) -> Iterator[str]:
    """A sentence, or, where it alone is too long, pieces of it."""
    start = 0
    formulas: list[tuple[int, int]] | None = None
    while columns(piece[start : start + widest + 1]) > widest:
        if formulas is None:
            formulas = formulas_of(piece)
        cut = start + widest // 2
        space = piece.rfind(" ", cut - widest // 4, cut)
        cut = space + 1 if space > 0 else cut
        if formula := formula_around(formulas, cut):
            before, after = formula
            if before > start:
                cut = before
            elif columns(piece[start:after]) <= widest:
                cut = after
        yield piece[start:cut]
        start = cut
    yield piece[start:]
