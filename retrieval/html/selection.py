"""A whole page's blocks -> those of its article: trafilatura says which, their form stays ours.

tree -> a mark in each run of text -> trafilatura -> the marks it kept -> the blocks that hold one

What trafilatura itself writes loses nested lists, lines of code and formulas; so it only chooses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise

from lxml import etree

from retrieval.html.blocks import BLOCKS, HEADINGS, Block, blocks_of
from retrieval.html.formulas import formula_of
from retrieval.html.markup import Element, classes, is_unread
from retrieval.identity import columns

#: Characters. Longer pages are not given to trafilatura, whose time grows faster than they do.
LARGEST = 2_000_000
#: Signs to write marks with: printable, no letters, in hardly any page. The first opens a mark,
#: the others are digits. Tai Xuan Jing symbols, else the hexagrams of the Book of Changes.
_ALPHABETS = (range(0x1D300, 0x1D340), range(0x4DC0, 0x4E00))
_DIGITS = 3
#: Classes and ids by which generators and sites name the text of an article, without its head.
_CONTENT = frozenset(
    """
    post-content post-body post__content entry-content entry-body article-content article_content
    article-body article__content markdown-body RichText e-content rich_media_content js_content
    content_views articleBody
    """.split()
)
_MOST_CONTENTS = 20
#: Blocks in a row, and their width in columns, that are let in where both neighbours stay.
_LONGEST_GAP = 2
_WIDEST_GAP = 240
_FIRST_SIGN = re.compile(r"\S")


def article_blocks(root: Element, url: str) -> list[Block]:
    """The blocks of the page's article in their order; none where none is found.

    Marks are left in the tree: it is used up.
    """
    marks = _Marks(root)
    marks.set()
    page = etree.tostring(root, method="html", encoding="unicode")
    if len(page) > LARGEST:
        return []
    said = _extracted(page, url)
    kept = marks.found(said)
    if not kept:
        plain = (line.strip() for line in said.splitlines())
        return [Block(line) for line in plain if line]
    content = _content(root, marks, kept)
    marked = [(block, marks.found(block.text)) for block in blocks_of(root)]
    return marks.removed(_chosen(marked, kept & content if content else kept, content))


def _content(root: Element, marks: _Marks, kept: frozenset[str]) -> frozenset[str]:
    """The marks in the smallest element named for the article's text that has most of the kept.

    None where no element is so named.
    """
    found: list[frozenset[str]] = []
    for element in islice(filter(_is_content, root.iter("*")), _MOST_CONTENTS):
        inside = marks.found("".join(element.itertext("*")))
        if 2 * len(inside & kept) > len(kept):
            found.append(inside)
    return min(found, key=len, default=frozenset())


def _is_content(element: Element) -> bool:
    return (
        element.get("itemprop") == "articleBody"
        or element.get("id") in _CONTENT
        or not _CONTENT.isdisjoint(classes(element))
    )


def likely_date(root: Element, url: str) -> str | None:
    """The day when the page was published, as its text and its address suggest."""
    from trafilatura import extract_metadata

    page = etree.tostring(root, method="html", encoding="unicode")
    if len(page) > LARGEST:
        return None
    return extract_metadata(page, default_url=url, extensive=False).date


def _extracted(page: str, url: str) -> str:
    from trafilatura import extract
    from trafilatura.settings import Extractor

    options = Extractor(
        output_format="txt", recall=True, comments=False, tables=True, dedup=False, url=url
    )
    return extract(page, url=url, options=options) or ""


class _Marks:
    """Marks for the runs of text of one page, each three digits long and an opening sign."""

    def __init__(self, root: Element) -> None:
        self._root = root
        text = "".join(root.itertext())
        signs = next(
            (
                alphabet
                for alphabet in _ALPHABETS
                if not any(chr(code) in text for code in alphabet)
            ),
            _ALPHABETS[0],
        )
        self._digits = [chr(code) for code in signs[1:]]
        self._opening = chr(signs[0])
        self._mark = re.compile(f"{self._opening}([{''.join(self._digits)}]{{{_DIGITS}}})")
        self._count = 0

    def set(self) -> None:
        """Put a mark where each run of text begins, but for what is not text: formulas."""
        fresh = True
        walk = etree.iterwalk(self._root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event in ("start", "end") and element.tag in BLOCKS:
                fresh = True
            if event == "start":
                if is_unread(element) or formula_of(element) is not None:
                    walk.skip_subtree()
                elif fresh and element.text and element.text.strip():
                    element.text = self._marked(element.text)
                    fresh = False
            elif fresh and element.tail and element.tail.strip() and element is not self._root:
                element.tail = self._marked(element.tail)
                fresh = False

    def _marked(self, text: str) -> str:
        number = self._count % len(self._digits) ** _DIGITS
        self._count += 1
        mark = self._opening
        for _ in range(_DIGITS):
            number, digit = divmod(number, len(self._digits))
            mark += self._digits[digit]
        return _FIRST_SIGN.sub(lambda first: mark + first[0], text, count=1)

    def found(self, text: str) -> frozenset[str]:
        return frozenset(self._mark.findall(text))

    def removed(self, blocks: Sequence[Block]) -> list[Block]:
        return [replace(block, text=self._mark.sub("", block.text)) for block in blocks]


def _chosen(
    blocks: Sequence[tuple[Block, frozenset[str]]], kept: frozenset[str], content: frozenset[str]
) -> list[Block]:
    """The blocks with a kept mark, and what belongs to them though it was passed over.

    A block without any mark, as a formula is, stays with the one before it, code with either
    neighbour, a heading with what comes next, a short line or two where both neighbours stay or
    with which the content begins. A heading that nothing follows is left out.
    """
    stays = [not marks.isdisjoint(kept) for _, marks in blocks]
    staying = [number for number, stay in enumerate(stays) if stay]
    begins = next((n for n, (_, marks) in enumerate(blocks) if not marks.isdisjoint(content)), None)
    for before, after in pairwise(staying if begins is None else (begins - 1, *staying)):
        if before == staying[0] and _level(blocks[before][0]) == 1:
            continue  # below the title stands who wrote it when, and under which tags
        gap = [block for block, _ in blocks[before + 1 : after]]
        width = sum(columns(block.text) for block in gap)
        if 0 < len(gap) <= _LONGEST_GAP and width <= _WIDEST_GAP:
            stays[before + 1 : after] = [True] * len(gap)
    for number, (block, marks) in enumerate(blocks):
        before = number > 0 and stays[number - 1]
        after = number + 1 < len(blocks) and stays[number + 1]
        if not marks:
            stays[number] = before or (number == 0 and after)
        elif block.text.startswith("```"):
            stays[number] = stays[number] or before or after
    follows = 7  # the level of the heading next kept; 0 where text comes next
    for number in range(len(blocks) - 1, -1, -1):
        level = _level(blocks[number][0])
        if not level:
            follows = 0 if stays[number] else follows
            continue
        if stays[number]:
            stays[number] = follows == 0 or level < follows < 7
        else:
            stays[number] = number + 1 < len(blocks) and stays[number + 1]
        if stays[number]:
            follows = level
    return [block for (block, _), stay in zip(blocks, stays, strict=True) if stay]


def _level(block: Block) -> int:
    """1 to 6 for a heading, 0 for anything else."""
    mark, _, said = block.text.partition(" ")
    return len(mark) if said and not block.listed and mark in HEADINGS.values() else 0
