"""Where a text may be cut: between words, Chinese ones too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import rjieba

_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_ALNUM = rf"[^\W{_CJK}]"
#: Inside a Latin word or a number (`can't`, `1,000`, `v2.0`): rules WB5 to WB13 of
#: https://unicode.org/reports/tr29/, as browsers go by them.
_INSIDE = re.compile(
    rf"(?<={_ALNUM})(?=[.:,'’·]?{_ALNUM})|(?<={_ALNUM}[.:,'’·])(?={_ALNUM})|(?<=[\u0300-\u036f])(?={_ALNUM})|(?<=\u200d)"
)


def pieces(text: str) -> Iterator[str]:
    """The text in its order, nothing lost, in pieces between any two of which it may be cut."""
    start = end = 0
    for word in rjieba.cut(text):
        end += len(word)
        if end == len(text) or not _inside(text, end):
            yield text[start:end]
            start = end


def _inside(text: str, position: int) -> bool:
    """Whether a cut here would split a word, or a mark from its letter."""
    joins = unicodedata.category(text[position]) in ("Mn", "Mc", "Me", "Cf", "Sk")
    return joins or _INSIDE.match(text, position) is not None
