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

_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"[。!?!?;;…]+[”’」』)）\]\"']*\s*|[.!?]+[\"')\]]*\s+|\n+")


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

    Never empty for a text that is not; the last excerpt takes up a remainder too short to stand.
    """
    pieces: list[str] = []
    for paragraph in _PARAGRAPH.split(text.strip()):
        for number, sentence in enumerate(sentences(paragraph)):
            opens = number == 0 and bool(pieces)
            pieces.extend(_bounded(("\n\n" if opens else "") + sentence))
    excerpts: list[str] = []
    current = ""
    for piece in pieces:
        if current.strip() and columns(current + piece) > LONGEST:
            excerpts.append(current.strip())
            current = ""
        current += piece
    if current.strip():
        excerpts.append(current.strip())
    return excerpts


def _bounded(piece: str) -> Iterator[str]:
    """A sentence, or, where it alone is too long, pieces of it."""
    while columns(piece) > LONGEST:
        cut = LONGEST // 2
        space = piece.rfind(" ", cut // 2, cut)
        cut = space + 1 if space > 0 else cut
        yield piece[:cut]
        piece = piece[cut:]
    yield piece
