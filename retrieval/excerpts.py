"""Cutting an article's text into excerpts: whole paragraphs and sentences, none too long to embed.

A passage of more than 512 tokens would lose its tail in the models this is meant for; one of a few
words says too little to be found. Nothing is dropped: the excerpts joined give the text back, but
for white space between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrieval.identity import columns

#: In columns (a Chinese character takes two): about 430 tokens of Chinese, 300 of English.
LONGEST = 1200
#: In columns: a remainder narrower than this at the end of an article says too little alone.
SHORTEST = 120

_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(
    r"[。!?!?;;…]+[”’」』)）\]\"']*\s*|(?<!\.)\.[.!?]{0,9}[\"'”’)\]]{0,9}\s+|\n+"
)


def sentences(text: str) -> list[str]:
    """The text cut after each sentence, nothing lost: the parts joined are the text."""
    parts: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        parts.append(text[start : match.end()])
        start = match.end()
    if start < len(text):
        parts.append(text[start:])
    return parts


def split_into_excerpts(text: str) -> list[str]:
    """Excerpts of at most `LONGEST` columns, cut at paragraphs, else sentences, else anywhere.

    Never empty for a text that is not. A last one narrower than `SHORTEST` takes up sentences of
    the one before it.
    """
    excerpts: list[list[str]] = [[]]
    width = 0
    for piece in _pieces(text.strip()):
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


def _pieces(text: str) -> Iterator[str]:
    """Sentences, bounded; the first of each paragraph but the first opens with a blank line."""
    opening = ""
    for paragraph in _PARAGRAPH.split(text):
        for sentence in sentences(paragraph):
            yield from _bounded(opening + sentence)
            opening = ""
        opening = "\n\n"


def _bounded(piece: str) -> Iterator[str]:
    """A sentence, or, where it alone is too long, pieces of it."""
    start = 0
    while columns(piece[start : start + LONGEST + 1]) > LONGEST:
        cut = start + LONGEST // 2
        space = piece.rfind(" ", cut - LONGEST // 4, cut)
        cut = space + 1 if space > 0 else cut
        yield piece[start:cut]
        start = cut
    yield piece[start:]
