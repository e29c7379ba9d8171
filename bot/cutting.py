"""Texts cut to what one message may hold: blocks -> parts.

Pure. A part is cut at a blank line, else at a line, a sentence, a space, and only then between two
characters that belong to no common cluster; its looks go on in the next part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.markup import Text, text
from retrieval.identity import columns

# https://core.telegram.org/bots/api#sendmessage: "1-4096 characters after entities parsing".
LONGEST_MESSAGE = 4096
# https://core.telegram.org/api/entities: entities beyond the hundredth are dropped.
MOST_ENTITIES = 100
# Bytes of HTML; the Bot API server refuses a longer text ("Text is too long") before parsing it:
# https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp
LONGEST_SOURCE = 1 << 15

# In order of preference. Each matches up to where the next part may begin.
_CUTS = (
    re.compile(r"\n[^\S\n]*\n\s*"),
    re.compile(r"\n\s*"),
    # Full-width marks end a sentence by themselves, ASCII ones behind Chinese or before a space.
    re.compile(
        "[。…\uff01\uff1f\uff1b]+[”’」』》\uff09]*\\s*"
        "|(?<=[\u3400-\u9fff])[!?;]+\\s*"
        "|[.!?;]+[\"')\\]”’]*\\s+"
    ),
    re.compile(r"\s+"),
)
#: What an ellipsis, or a title, takes the place of.
EDGES = " \t\n.,:;。，：；、…-–—|"
_FARTHEST_BACK = 64  # a longer cluster is an attack, not a letter


def fits(whole: Text, limit: int = LONGEST_MESSAGE) -> bool:
    """Whether one message can hold the text."""
    return (
        whole.units <= limit
        and whole.entities <= MOST_ENTITIES
        and len(whole.html.encode()) <= LONGEST_SOURCE
    )


def split(whole: Text, limit: int = LONGEST_MESSAGE) -> list[Text]:
    """The text in parts of at most `limit` UTF-16 units, none of them blank.

    Nothing is lost but white space at the cuts and parts without a visible mark. `limit` is at
    least 2, for some characters take two.
    """
    if limit < 2:
        raise ValueError(f"a part needs room for one character, got a limit of {limit}")
    plain = whole.plain
    parts = []
    start = 0
    while start < len(plain):
        if plain[start].isspace():
            start += 1
            continue
        end = _farthest(whole, start, limit)
        cut = end if end == len(plain) else _cut(plain, start, end)
        part = whole.between(start, cut).stripped()
        if not blank(part.plain):
            parts.append(part)
        start = cut
    return parts


def pack(blocks: Iterable[Text], limit: int = LONGEST_MESSAGE) -> list[Text]:
    """The blocks, a blank line between them, in as few parts as keep most blocks whole."""
    parts: list[Text] = []
    for block in blocks:
        if blank(block.plain):
            continue
        if parts and fits(joined := text(parts[-1], "\n\n", block.stripped()), limit):
            parts[-1] = joined
        else:
            parts.extend(split(block, limit))
    return parts


def clipped(plain: str, most: int) -> str:
    """At most `most` code points of the text, cut where `split` would cut."""
    return plain if len(plain) <= most else plain[: _cut(plain, 0, most)].rstrip()


def shortened(plain: str, most: int) -> str:
    """At most `most` code points of the text, and an ellipsis where more was cut off."""
    if len(plain) <= most:
        return plain
    return clipped(plain, most).rstrip(EDGES) + "…"


def narrowed(plain: str, most: int) -> str:
    """The same for `most` columns of a terminal or a phone; a Chinese character takes two."""
    taken = 0
    for count, character in enumerate(plain):
        taken += columns(character)
        if taken > most:
            return shortened(plain, count)
    return plain


def _farthest(whole: Text, start: int, limit: int) -> int:
    """The last end for which the part from `start` fits: fitting is monotonous, so bisect."""
    low, high = start + 1, min(len(whole.plain), start + limit)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(whole.between(start, middle), limit):
            low = middle
        else:
            high = middle - 1
    return low


def _cut(plain: str, start: int, end: int) -> int:
    """Where to cut a part that begins at `start` and must not reach beyond `end`.

    A preferred cut counts only in the latter half: better an uglier cut than crumbs.
    """
    half = start + (end - start + 1) // 2
    for preferred in _CUTS:
        for match in reversed([*preferred.finditer(plain, start, end + 1)]):
            # White space may reach beyond the end, for it is stripped; a full stop may not.
            place = min(match.end(), end)
            if place < half:
                break
            if match.start() + len(match.group().rstrip()) <= end and not _joined(
                plain, start, place
            ):
                return place
    for place in range(end, max(start, end - _FARTHEST_BACK), -1):
        if not _joined(plain, start, place):
            return place
    return end


def _joined(plain: str, start: int, place: int) -> bool:
    """Whether a cut before `place` would part what is read as one character.

    The rules of https://unicode.org/reports/tr29/ that matter for prose and emoji.
    """
    if place >= len(plain):
        return False
    before, after = plain[place - 1], plain[place]
    if after == "\u200d" or before == "\u200d" or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True  # a skin tone; the letters of a flag such as Scotland's
    if _regional(before) and _regional(after):
        first = place - 1
        while first > start and _regional(plain[first - 1]):
            first -= 1
        return (place - first) % 2 == 1
    return False


def _regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def blank(plain: str) -> bool:
    """Whether nothing would be seen; Telegram calls such a message empty."""
    return all(
        character.isspace()
        or character in "\u2800\u3164\u115f\u1160\uffa0"
        or "\ufe00" <= character <= "\ufe0f"
        or unicodedata.category(character) == "Cf"
        for character in plain
    )
