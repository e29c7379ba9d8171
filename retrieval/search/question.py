"""What a person typed, taken apart: plain words, quoted phrases, exclusions, filters. Pure.

- `tag:` `source:` `after:` `before:`, in Chinese `标签:` `来源:` `之后:` `之前:`, at the beginning
  of a word, whatever the case of key and name; the colon may be full-width. A name with spaces
  stands in quotes; names with commas between them are several. Filters of several keys must all
  hold; of several tags an article must carry all, of several sources it is from any one; of several
  dates the narrowest counts. A date is a year, a month or a day, `2026`, `2026-03`, `2026/3/1`,
  `2026年3月`, and means its first moment in UTC. With a minus before it a filter is turned round.
- A phrase in double quotes must stand in what is found. In Chinese, quotes of typographers mark a
  term as often as a phrase (什么是“注意力”?): “ ” 「 」 『 』 « » „ “ hold a phrase only where they
  stand apart from the words around them. Straight ones, also full-width, may touch Chinese, but not
  Latin letters and other signs: inches and code are no phrases. Single quotes never are.
- `-word` and `-"a phrase"` must not stand in what is found. The minus must begin a word and touch
  what it excludes; a number after it is a negative number, and a single Latin letter an option of a
  command (`git rebase -i`). A long dash never counts: keyboards make one of two hyphens.

Whatever else looks like one of these is part of the question: a search box does not argue.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from retrieval.filter import Filter, name_key
from retrieval.search.phrases import LONGEST_PHRASE

_KEYS = {
    **dict.fromkeys(("tag", "标签", "標籤"), "tags"),
    **dict.fromkeys(("source", "来源", "來源"), "sources"),
    **dict.fromkeys(("after", "之后", "之後"), "after"),
    **dict.fromkeys(("before", "之前"), "before"),
}
_TURNED = {
    "tags": "not_tags",
    "sources": "not_sources",
    "after": "before",
    "before": "after",
}
_MINUS = "-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
_CLOSING = {
    '"': '"\uff02',
    "\uff02": '"\uff02',
    "“": "”",
    "„": "“”",
    "«": "»",
    "「": "」",
    "『": "』",
}
_STRAIGHT = '"\uff02'
#: What ends a name or an excluded word besides white space, which Chinese does without.
_STOPS = "，。、；？！"
#: No part of a word that they end.
_ENDINGS = ".,;:?!"

_SPECIAL = re.compile(
    rf"(?<!\S)(?P<minus>[{_MINUS}]?)(?P<key>{'|'.join(_KEYS)})[:：]"
    rf"|(?<!\S)[{_MINUS}](?=[^\W_]|[{''.join(_CLOSING)}])"
    rf"|(?P<quote>[{''.join(_CLOSING)}])",
    re.IGNORECASE,
)
_QUOTED = {
    mark: re.compile(
        rf"{mark}(?P<inner>(?!\s)[^{mark}{closing}\n]{{1,{LONGEST_PHRASE}}}(?<!\s))[{closing}]"
    )
    for mark, closing in _CLOSING.items()
}
_WORD = re.compile(rf"[^\s{_STOPS}]+")
_NUMBER = re.compile(r"\d[\d.,]*(?:[eE][-+]?\d+)?(?![^\W_\u3000-\U0003134f])")
_DATE = re.compile(
    r"(?P<year>[12]\d{3})(?:[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})日?|月)?|年)?"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what it asks of its hits.

    `asked` is what the person wrote. `text` is what is left of it without filters and exclusions,
    the words of phrases among it: what is embedded and matched. It is empty where only filters, and
    exclusions beside them, are there: the newest articles are wanted then. Each of `phrases` must
    stand in the passage or its title, no hit may hold one of `excluded`: see
    `retrieval.search.phrases`.
    """

    asked: str
    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filter: Filter = field(default_factory=Filter)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a question: `kind` is `words`, `phrase`, `excluded` or a field of `Filter`."""

    kind: str
    texts: tuple[str, ...]
    moment: datetime | None = None


def parse(asked: str) -> Question:
    """Take a question apart. Never raises; takes time in proportion to its length."""
    pieces = list(parts(asked))
    if all(part.kind == "words" for part in pieces):
        return Question(asked, asked)
    wanted = _filter(pieces)
    text = _text(pieces)
    excluded = _once(pieces, "excluded")
    if not any(map(str.isalnum, text)):
        if wanted:
            text = ""
        else:  # somebody looks for just what follows the minus
            text = _text([Part("words", p.texts) if p.kind == "excluded" else p for p in pieces])
            excluded = ()
    return Question(asked, text, _once(pieces, "phrase"), excluded, wanted)


def parts(asked: str) -> Iterator[Part]:
    """The pieces of what was typed, in their order; white space about them is among the words."""
    taken = position = 0
    while special := _SPECIAL.search(asked, position):
        position = special.end()
        if special["quote"]:
            found = _phrase(asked, special.start())
        elif special["key"]:
            found = _filtered(asked, special)
        else:
            found = _excluded(asked, special.end())
        if found:
            if before := asked[taken : special.start()]:
                yield Part("words", (before,))
            part, taken = found
            yield part
            position = taken
    if rest := asked[taken:]:
        yield Part("words", (rest,))


def _phrase(asked: str, start: int) -> tuple[Part, int] | None:
    quoted = _quoted(asked, start)
    if quoted is None:
        return None
    inner, end = quoted
    before, after = asked[start - 1 : start], asked[end : end + 1]
    if asked[start] in _STRAIGHT:
        apart = (not before.isascii() or before.isspace() or not before) and (
            not after.isascii() or after.isspace() or after in f"{_ENDINGS})"
        )
    else:
        apart = (not before or before.isspace()) and not after.isalnum() and len(inner) > 1
    return (Part("phrase", (inner,)), end) if apart else None


def _excluded(asked: str, start: int) -> tuple[Part, int] | None:
    if asked[start] in _CLOSING:
        quoted = _quoted(asked, start)
        return quoted and (Part("excluded", quoted[:1]), quoted[1])
    word = _word(asked, start)
    if not word or len(word) > LONGEST_PHRASE or _NUMBER.match(word):
        return None
    if len(word) == 1 and word.isascii():
        return None
    return Part("excluded", (word,)), start + len(word)


def _filtered(asked: str, special: re.Match[str]) -> tuple[Part, int] | None:
    kind = _KEYS[special["key"].casefold()]
    if special["minus"]:
        kind = _TURNED[kind]
    values: tuple[str, ...]
    start = special.end()
    if asked[start : start + 1] in _CLOSING:
        quoted = _quoted(asked, start)
        if quoted is None:
            return None
        values, end = quoted[:1], quoted[1]
    else:
        word = _word(asked, start)
        if word.startswith((":", "：", "//", "http://", "https://")):
            return None
        values, end = tuple(word.split(",")), start + len(word)
    if kind in ("after", "before"):
        moment = _moment(values[0])
        return (Part(kind, (), moment), end) if moment and len(values) == 1 else None
    names = tuple(name.strip() for name in values if name_key(name))
    return (Part(kind, names), end) if names else None


def _quoted(asked: str, start: int) -> tuple[str, int] | None:
    """What the quotes that open here hold, and where they end."""
    quoted = _QUOTED[asked[start]].match(asked, start)
    if quoted is None or not any(map(str.isalnum, quoted["inner"])):
        return None
    return quoted["inner"], quoted.end()


def _word(asked: str, start: int) -> str:
    """The word that begins here, without what ends a sentence; it may be empty."""
    word = _WORD.match(asked, start)
    return word[0].rstrip(_ENDINGS) if word else ""


def _moment(written: str) -> datetime | None:
    said = _DATE.fullmatch(unicodedata.normalize("NFKC", written).strip())
    if said is None:
        return None
    try:
        return datetime(
            int(said["year"]), int(said["month"] or 1), int(said["day"] or 1), tzinfo=UTC
        )
    except ValueError:  # no calendar has it
        return None


def _once(parts: list[Part], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for part in parts if part.kind == kind for text in part.texts))


def _filter(parts: list[Part]) -> Filter:
    def moments(kind: str) -> list[datetime]:
        return [part.moment for part in parts if part.kind == kind and part.moment]

    return Filter(
        tags=_once(parts, "tags"),
        not_tags=_once(parts, "not_tags"),
        sources=_once(parts, "sources"),
        not_sources=_once(parts, "not_sources"),
        after=max(moments("after"), default=None),
        before=min(moments("before"), default=None),
    )


def _text(parts: list[Part]) -> str:
    """The words and phrases on one line, apart where something stood between them."""
    pieces = [""]
    for before, part in zip([None, *parts], parts, strict=False):
        if part.kind not in ("words", "phrase"):
            pieces.append(" ")
            continue
        (piece,) = part.texts
        if before and before.kind not in ("words", "phrase"):
            piece = piece.lstrip(_STOPS + _ENDINGS)
        if pieces[-1][-1:].isalnum() and piece[:1].isalnum():
            pieces.append(" ")
        pieces.append(piece)
    return " ".join("".join(pieces).split())
