"""When two texts are the same article: the rules, each written once.

1. The same text, whatever its width, case, white space and closing ellipsis, is one article.
2. A text that only grew (or was cut shorter) is the same article, edited: one is the beginning of
   the other, and what they share is long enough to be no chance.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

#: Shared beginnings shorter than this, in columns (a Chinese character takes two), prove nothing:
#: about eight Chinese characters or three English words.
SHORTEST_SHARED_BEGINNING = 16


def columns(text: str) -> int:
    """Width of a text in terminal columns: wide and full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """The text without what identity ignores: width, case, white space, a closing ellipsis."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return unicodedata.normalize("NFKC", plain).rstrip(".…。")


def fingerprint(text: str) -> str:
    """32 hexadecimal digits that equal texts (rule 1) share: the first half of their SHA-256."""
    return hashlib.sha256(folded(text).encode()).hexdigest()[:32]


def opening_fingerprint(text: str) -> str:
    """What texts share when rule 2 may hold between them: a digest of their shortest beginning."""
    opening = ""
    for char in folded(text)[:SHORTEST_SHARED_BEGINNING]:
        if columns(opening) >= SHORTEST_SHARED_BEGINNING:
            break
        opening += char
    return hashlib.sha256(opening.encode()).hexdigest()[:32]


def is_edit(one: str, other: str) -> bool:
    """Whether one text is the beginning of the other (rule 2). Texts equal by rule 1 are too."""
    shorter, longer = sorted((folded(one), folded(other)), key=len)
    return longer.startswith(shorter) and columns(shorter) >= SHORTEST_SHARED_BEGINNING
