"""When two drafts are the same article: what texts, addresses and titles have in common.

The rules, each carried out once, in `retrieval.matching`, strongest first:

1. The same address is the same article (http or https, tracking parameters, a trailing slash do
   not matter: `retrieval.addresses`), unless several articles share it, or the date is another and
   neither GUID, title nor text agrees.
2. The same GUID within one source is the same article, unless several share it, or of address,
   title and date at least two are told and all are others, and so is the text.
3. The same text, whatever its width, case, white space and closing ellipsis, is one article, also
   across sources, unless of address, GUID, title and date at least two are told and all are others;
   or address and date both are; but in another source the same title is enough for a long text.
4. The same title within one source, where no stronger rule holds, is the same article if the date
   or the text agrees, or if neither date nor another address is told.
5. A text that only grew (or was cut shorter) is the same article, edited: one is the beginning of
   the other, and what they share is long enough to be no chance. So is one edited further on, in
   the same source and of the same date, that keeps most of its text.

An article is matched once a reading: what a source lists side by side stays apart.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

#: Shared beginnings shorter than this, in columns (a Chinese character takes two), prove nothing:
#: about eight Chinese characters or three English words.
SHORTEST_SHARED_BEGINNING = 16
#: Marks of headings and code: one source of an article carries them where another one does not.
_MARKS = str.maketrans("", "", "#`")
#: Texts share so much of their pieces (Jaccard) when one is an edit of the other.
ALIKE = 0.4
#: Characters of a text that are compared, and the length of the pieces it is compared in.
_COMPARED, _PIECE = 4_000, 4


def columns(text: str) -> int:
    """Width of a text in terminal columns: wide and full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """The text without what identity ignores: width, case, white space, a closing ellipsis."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return unicodedata.normalize("NFKC", plain).rstrip(".…。")


def said(text: str) -> str:
    """The folded text of an article, without the marks of its form."""
    return folded(text).translate(_MARKS).rstrip(".…。") or folded(text)


def fingerprint(text: str) -> str:
    """32 hexadecimal digits that equal texts (rule 3) share: the first half of their SHA-256."""
    return digest(said(text))


def digest(text: str) -> str:
    """32 hexadecimal digits that name a text: the first half of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def opening_fingerprint(text: str) -> str:
    """What texts share when rule 5 may hold between them: a digest of their shortest beginning."""
    opening = ""
    for char in said(text)[:SHORTEST_SHARED_BEGINNING]:
        if columns(opening) >= SHORTEST_SHARED_BEGINNING:
            break
        opening += char
    return digest(opening)


def is_edit(one: str, other: str) -> bool:
    """Whether one text is the beginning of the other (rule 5). Texts equal by rule 3 are too."""
    shorter, longer = sorted((said(one), said(other)), key=len)
    return longer.startswith(shorter) and columns(shorter) >= SHORTEST_SHARED_BEGINNING


def alike(one: str, other: str) -> bool:
    """Whether two texts say largely the same: an edit of one another, or many common pieces."""
    return is_edit(one, other) or likeness(one, other) >= ALIKE


def likeness(one: str, other: str) -> float:
    """How much two texts have in common, 0 to 1: Jaccard's index of their short pieces."""
    pieces = [
        {text[n : n + _PIECE] for n in range(max(1, len(text) - _PIECE + 1))}
        for text in (said(one)[:_COMPARED], said(other)[:_COMPARED])
    ]
    return len(pieces[0] & pieces[1]) / len(pieces[0] | pieces[1])
