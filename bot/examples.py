"""Example questions out of an archive's own titles: newest articles -> what a button asks. Pure.

A title is asked as it stands, for a search for it finds what it names; one that is a question, or
a part of one, is asked first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cards import one_line
from bot.cutting import EDGES
from bot.deep_links import question_payload
from bot.wording import CHINESE
from retrieval.article import Article
from retrieval.filter import name_key
from retrieval.identity import columns
from retrieval.titles import GENERIC

#: How many are shown, and among how many articles, the newest, they are looked for.
SHOWN, LOOKED_BACK = 3, 200
#: Characters of a payload of /start that a button's data holds.
LONGEST_PAYLOAD = 58
#: In columns: less says too little, more does not fit beside a thumb.
_NARROWEST, _WIDEST = 8, 42

_HAN = re.compile("[\u3400-\u9fff]")
#: What parts a title from its subtitle, a heading from the text that it runs into, a site from its
#: page.
_SEAM = re.compile(
    r"\s*[|｜·•—–]+\s*|\s+-+\s+|[:：；;]\s*|(?<=[?？。！!])\s*"
    r"|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"
)
_ASKS = re.compile(
    r"[?？]$|什么|什麼|怎么|怎麼|怎样|怎樣|如何|为何|為何|吗$|嗎$|哪"
    r"|^(?:how|what|why|when|where|which|who|is|are|do|does|can|should) ",
    re.IGNORECASE,
)
#: Numbers of a series, versions, dates: nothing that one would ask.
_COUNTED = re.compile(
    r"(?:第\s*)?[\d一二三四五六七八九十]+\s*[期周集篇讲講]|#\s*\d+|\b(?:issue|part|week|vol)\b"
    r"|\d{4}[-/.年]\d|周报|月报|日报|週報|newsletter|changelog|release notes|weekly"
    r"|\bv?\d+\.\d+\.\d+",
    re.IGNORECASE,
)
_PAIRS = ("()", "（）", "[]", "【】", "《》", "“”", "「」", "<>", "{}")
_LINK = re.compile(r"https?:|www\.", re.IGNORECASE)
_MARKUP = re.compile(r"[`{}<>\\_*$]|\[|\]")


@dataclass(frozen=True, slots=True)
class _Candidate:
    question: str
    rank: int
    tag: str
    chinese: bool


def examples_of(articles: Sequence[Article], language: str) -> list[str]:
    """At most `SHOWN` questions, those in the reader's language first, on different tags.

    `articles` are the newest, newest first: the same ones bring the same questions.
    """
    candidates = sorted(_candidates(articles), key=lambda each: each.rank)  # stable: newest first
    chosen: list[_Candidate] = []
    wants_chinese = language.startswith(CHINESE[:2])
    for own in (True, False):
        spoken = [each for each in candidates if (each.chinese == wants_chinese) == own]
        for varied in (True, False):
            for each in spoken:
                if len(chosen) == SHOWN:
                    break
                tags = {other.tag for other in chosen}
                known = {other.question.casefold() for other in chosen}
                if each.question.casefold() not in known and not (varied and each.tag in tags):
                    chosen.append(each)
    return [each.question for each in chosen]


def _candidates(articles: Sequence[Article]) -> Iterator[_Candidate]:
    """The best question of each article whose title holds one."""
    for article in articles[:LOOKED_BACK]:
        title = one_line(article.title)
        pieces = [title, *(piece for piece in _SEAM.split(title) if piece != title)]
        fit = [piece for each in pieces if _fits(piece := each.strip(EDGES))]
        if not fit or _COUNTED.search(title) or _LINK.search(title):
            continue
        asking = [piece for piece in fit if _ASKS.search(piece)]
        best = min(asking, key=columns) if asking else fit[0]
        yield _Candidate(
            best,
            rank=0 if asking else 1 if best == title else 2,
            tag=name_key(article.tags[0]) if article.tags else "",
            chinese=_HAN.search(best) is not None,
        )


def _fits(piece: str) -> bool:
    words = piece.split()
    return (
        _NARROWEST <= columns(piece) <= _WIDEST
        and (len(words) > 1 or _HAN.search(piece) is not None)
        and piece.casefold() not in GENERIC
        and "…" not in piece
        and not _MARKUP.search(piece)
        and all(piece.count(pair[0]) == piece.count(pair[1]) for pair in _PAIRS)
        and question_payload(piece, LONGEST_PAYLOAD) is not None
    )
