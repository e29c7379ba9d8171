"""Short forms and what they stand for: `RRF` and `Reciprocal Rank Fusion`."""

from __future__ import annotations

import re

#: Letters of a short form.
_SHORTEST, _LONGEST = 2, 10
#: Words of which a Latin name is made: camelCase gives several.
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
#: Words of an expansion for which its short form need not have a letter.
_SKIPPED = frozenset("a an and as at by for from in of on or over per the to via with".split())
#: Words for which a digit may stand.
_DIGITS = {"2": ("two", "to", "second"), "3": ("three", "third"), "4": ("four", "for")}


def is_short_form(name: str) -> bool:
    """Whether a name is one word of few letters, half of them capitals: `RRF`, `RoPE`, `TLEs`."""
    letters = [char for char in name if char.isalpha()]
    return (
        " " not in name
        and _SHORTEST <= len(letters) <= _LONGEST
        and 2 * sum(char.isupper() for char in letters) >= len(letters)
    )


def abbreviates(short: str, long: str, *, initials: bool = False) -> bool:
    """Whether the letters of a short form are those of a longer name, word by word.

    Each word gives its initial, then letters from inside it unless `initials` are asked for;
    joining words and what follows a hyphen may give none; a digit stands for its word: `2PC`.
    """
    letters = re.sub(r"[^\w]", "", short)
    if letters[:-1].isupper() and letters.endswith("s"):
        letters = letters[:-1]
    if (
        not _SHORTEST <= len(letters) <= _LONGEST
        or " " in short
        or len(long) <= len(short)
        or long.isupper()
        or sum(char.isupper() for char in letters) < _SHORTEST
    ):
        return False
    if len(letters) > _SHORTEST and len(_PIECE.findall(long)) == 1:
        return False  # letters picked out of one word prove nothing
    wanted = letters.casefold()
    reached = {0}
    for position, word in enumerate(re.split(r"[ &]+", long)):
        for part, piece in enumerate(_PIECE.findall(word)):
            after = _after(wanted, piece, reached, initials=initials, opening=position == 0)
            reached = after | reached if part else after
        if not reached:
            return False
    return len(wanted) in reached


def content_words(name: str) -> list[str]:
    """The words of a Latin name, hyphens and camelCase undone, without joining words."""
    return [word for word in _PIECE.findall(name) if word.casefold() not in _SKIPPED]


def _after(wanted: str, word: str, reached: set[int], *, initials: bool, opening: bool) -> set[int]:
    """How many letters may have been found behind a word, from how many before it."""
    plain = word.casefold()
    after = set(reached) if plain in _SKIPPED and not opening else set()
    for position in reached:
        if plain in _DIGITS.get(wanted[position : position + 1], ()):
            after.add(position + 1)
        if wanted[position : position + 1] != plain[0]:
            continue
        after.add(position + 1)
        if initials and not word.isupper():
            continue
        at = position + 1
        for char in plain[1:]:
            if wanted[at : at + 1] == char:
                at += 1
                after.add(at)
    return after
