"""Names for sources: from whatever a feed, a page or a folder calls itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import urlsplit

from retrieval.identity import columns
from retrieval.titles import cut_at_word

#: Columns; a name stands in every card and in every line of a table.
WIDEST = 32
#: Characters, as the settings allow them.
_LONGEST = 64

#: What parts the name of a site from that of a page or from its motto.
_SEAM = re.compile(r"\s+[-–—|·•»«:/]+\s+|\s*[|｜»«]\s*|:\s+")
#: Parts that name no site.
_GENERIC = frozenset(
    """home homepage index blog posts articles archive archives feed rss atom news welcome untitled
    首页 主页 博客 文章 归档 订阅 全部文章 最新文章""".split()
)


def sensible(title: str | None, otherwise: str) -> str:
    """A short name on one line out of a title; `otherwise` where that holds none."""
    for text in (title or "", otherwise):
        whole = _one_line(text)
        parts = [part for part in _SEAM.split(whole) if part.casefold() not in _GENERIC]
        parts = [part for part in parts if any(char.isalnum() for char in part)]
        if not parts:
            continue
        if len(parts) == len(_SEAM.split(whole)) and columns(whole) <= WIDEST:
            return whole
        return cut_at_word(parts[0], WIDEST)
    return cut_at_word(_one_line(otherwise) or _one_line(title or ""), WIDEST) or "source"


def apart(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where it is taken, whatever the case."""
    used = {one.casefold() for one in taken}
    if name.casefold() not in used:
        return name
    number = 2
    while (numbered := f"{name[: _LONGEST - 8]} {number}").casefold() in used:
        number += 1
    return numbered


def host_of(url: str) -> str:
    """The host of an address as a name; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _one_line(text: str) -> str:
    printable = "".join(
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") else char for char in text
    )
    return " ".join(printable.split())
