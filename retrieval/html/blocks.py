"""A page's tree -> its text, block by block: paragraphs, headings, lists, tables, code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from retrieval.html.codeblocks import fenced, is_beside_code, is_code_block
from retrieval.html.formulas import Formula, formula_of, is_typeset
from retrieval.html.markup import INVISIBLE, Element, classes, is_unread

#: Opening tags -> what marks such a line in the text.
HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
#: Elements that begin and end a line.
BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form header hgroup hr html legend li main menu nav ol p pre section
    summary table tbody tfoot thead tr td th ul search optgroup frameset noframes
    """.split()
) | frozenset(HEADINGS)
_LISTS = frozenset("ul ol menu dir".split())
#: Deeper lists are not indented further.
_DEEPEST = 8

_SPACE = re.compile(r"\s+")
_EDGE = "\v"  # in a paragraph being written: a line ends here, if it has not ended already
_GAPS = re.compile(r"[ \n\v]*[\n\v][ \n\v]*| {2,}")
_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
_POWER = re.compile(r"[-+−]?(?:\d{1,4}|[a-zT])")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, table, fenced code, or a line of a list.

    `listed` tells which list of the page it is a line of, counted from 1, and is 0 for the rest.
    """

    text: str
    listed: int = 0


class _List:
    """A list being written: what marks its next item."""

    def __init__(self, element: Element) -> None:
        self.ordered = element.tag == "ol"
        start = element.get("start") or ""
        self.number = int(start) if _NUMBER.fullmatch(start) else 1

    def marker(self) -> str:
        if not self.ordered:
            return "- "
        self.number += 1
        return f"{self.number - 1}. "


class _Item:
    """An item being written: `marker` until its first line has taken it."""

    def __init__(self, marker: str, depth: int) -> None:
        self.marker = marker
        self.indent = "  " * min(depth, _DEEPEST)


class _Writing:
    """The blocks written so far and the paragraph being written."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.begun_lists = 0
        self.inline: list[str] = []
        self.lists: list[_List] = []
        self.items: list[_Item] = []
        self.rows: list[str] | None = None
        self.cells: list[str] = []
        self.in_cell = False

    def say(self, text: str | None) -> None:
        if text:
            self.inline.append(_SPACE.sub(" ", INVISIBLE.sub("", text)))

    def say_formula(self, formula: Formula) -> None:
        if formula.tex:
            edge = _EDGE if formula.display else ""
            self.inline.append(f"{edge}{formula}{edge}")

    def break_line(self) -> None:
        self.inline.append("\n")

    def paragraph(self) -> str:
        """What was said since the last block, its lines ended by one newline, or two."""
        said = _GAPS.sub(_gap, "".join(self.inline)).strip()
        self.inline.clear()
        return said

    def end_block(self, heading: str = "") -> None:
        if self.in_cell:
            self.inline.append(" ")
            return
        said = self.paragraph()
        if not said:
            return
        if heading:
            self.add(f"{heading} {' '.join(said.split())}")
        elif self.items:
            self._end_lines_of_item(said)
        else:
            self.blocks.append(Block(said))

    def _end_lines_of_item(self, said: str) -> None:
        item = self.items[-1]
        for line in filter(None, said.split("\n")):
            hanging = " " * len(item.marker) if item.marker else "  "
            self.blocks.append(
                Block(item.indent + (item.marker or hanging) + line, self.begun_lists)
            )
            item.marker = ""

    def add(self, block: str) -> None:
        """A block that stands alone even in a list: a heading, code, a table."""
        if block:
            if self.items:
                self.items[-1].marker = ""
            self.blocks.append(Block(block))


def joined(blocks: Iterable[Block]) -> str:
    """The text that blocks make: a blank line between them, but not inside a list."""
    text: list[str] = []
    last = 0
    for block in blocks:
        text.append(("\n" if block.listed and block.listed == last else "\n\n") + block.text)
        last = block.listed
    return "".join(text).strip()


def _gap(match: re.Match[str]) -> str:
    gap = match[0]
    if "\n" in gap or _EDGE in gap:
        return "\n\n" if gap.count("\n") > 1 else "\n"
    return " "


def blocks_of(root: Element) -> list[Block]:
    """All that is in an element, in the form that `Draft.text` has, block by block."""
    writing = _Writing()
    layouts = _layouts(root)
    barren: list[Element] = []  # formulas, outermost first, whose TeX was sought and not found
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if _enter(element, writing, layouts, barren):
                writing.say(element.text)
            else:
                walk.skip_subtree()
            continue
        if event == "end":
            _leave(element, writing)
            if barren and barren[-1] is element:
                barren.pop()
        if element is not root:
            writing.say(element.tail)
    writing.end_block()
    return writing.blocks


def _layouts(root: Element) -> set[Element]:
    """Tables that hold headings, code or tables, or one cell a row: these only arrange blocks."""
    open_tables: list[Element] = []
    widest: dict[Element, int] = {}
    layouts: set[Element] = set()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            if element.tag == "table" and open_tables:
                table = open_tables.pop()
                if widest.get(table, 0) < 2:
                    layouts.add(table)
        elif element.tag == "table":
            layouts.update(open_tables[-1:])
            open_tables.append(element)
        elif element.tag == "tr" and open_tables:
            width = sum(1 for _ in element.iterchildren("td", "th"))
            widest[open_tables[-1]] = max(width, widest.get(open_tables[-1], 0))
        elif open_tables and (element.tag in HEADINGS or is_code_block(element)):
            layouts.add(open_tables[-1])
    return layouts


def _enter(
    element: Element, writing: _Writing, layouts: set[Element], barren: list[Element]
) -> bool:
    """Write what begins with an element; whether to go into it."""
    if not barren and (formula := formula_of(element)):
        writing.say_formula(formula)
        return False
    if not barren and is_typeset(element):
        barren.append(element)
    if is_unread(element) or is_beside_code(element):
        return False
    tag = element.tag
    if is_code_block(element):
        writing.end_block()
        writing.add(fenced(element))
        return False
    if tag == "br":
        writing.break_line()
    elif tag == "sup":
        return _enter_superscript(element, writing)
    elif tag in ("td", "th") and writing.rows is not None:
        writing.end_block()
        writing.in_cell = True
    elif tag in BLOCKS:
        writing.end_block()
        _open(element, writing, layouts)
    return True


def _enter_superscript(element: Element, writing: _Writing) -> bool:
    """Footnotes' numbers are left out, powers keep their meaning."""
    names = classes(element)
    if any("footnote" in name for name in names) or (
        len(element) and "#" in (element[0].get("href") or "")
    ):
        return False
    before = writing.inline[-1][-1:] if writing.inline else ""
    if len(element) == 0 and _POWER.fullmatch((element.text or "").strip()) and before.isalnum():
        writing.inline.append("^")
    return True


def _open(element: Element, writing: _Writing, layouts: set[Element]) -> None:
    if writing.in_cell:
        return
    if element.tag in _LISTS:
        writing.begun_lists += not writing.lists
        writing.lists.append(_List(element))
    elif element.tag == "li":
        listed = writing.lists[-1] if writing.lists else None
        writing.items.append(
            _Item(listed.marker() if listed else "- ", max(0, len(writing.lists) - 1))
        )
    elif element.tag == "table" and element not in layouts:
        writing.rows = []


def _leave(element: Element, writing: _Writing) -> None:
    tag = element.tag
    if tag not in BLOCKS:
        return
    if tag in ("td", "th") and writing.rows is not None:
        writing.in_cell = False
        writing.cells.append(" ".join(writing.paragraph().split()))
        return
    writing.end_block(HEADINGS.get(tag, ""))
    if writing.in_cell:
        return
    if tag in _LISTS and writing.lists:
        writing.lists.pop()
    elif tag == "li" and writing.items:
        writing.items.pop()
    elif tag == "tr" and writing.rows is not None:
        told = [cell for cell in writing.cells if cell]
        if told:  # one alone among empty ones is an equation, centred
            writing.rows.append(" | ".join(writing.cells if len(told) > 1 else told).strip())
        writing.cells = []
    elif tag == "table" and writing.rows is not None:
        writing.add("\n".join(writing.rows))
        writing.rows = None
