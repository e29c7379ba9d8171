"""What Taiwan calls otherwise than the mainland: 資料庫 and 数据库, 執行緒 and 线程.

Folding characters to Simplified makes 资料库 of 資料庫, which no article of the mainland has. A
question in Traditional characters is therefore read in the words that the archive knows, and each
word of it that has another name counts where either stands: see `reading` and `Reading.widened`.
Questions in Simplified characters, and in other languages, are left alone.

The words are OpenCC's, and those of `taiwan.tsv`, this project's own, which say it better or lack
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import product

from retrieval.index.questions import Form, Origin, Word, pieces
from retrieval.index.tokens import has_traditional, may_be_traditional, normalise

#: Names of at most so many characters are words even where jieba sees none; longer ones are made of
#: words.
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Called:
    """A thing in a question: the name that was chosen for it, and the others it has."""

    name: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as this archive would put it.

    `text` is as it was typed where none of its words is exchanged, in Simplified characters else.
    """

    text: str
    called: tuple[Called, ...] = ()

    def widened(self, words: Iterable[Word]) -> list[Word]:
        """The words of `text`, with the other names of things as further forms.

        A name that is known here is a word, however it was cut.
        """
        by_text = {word.text: word for word in words}
        for thing in self.called:
            if thing.name in by_text or len(thing.name) <= _SHORT:
                own = Word(thing.name, (Form(pieces(thing.name)),))
                by_text[thing.name] = replace(by_text.get(thing.name, own), share=1.0)
            others = [Form(pieces(other), Origin.REGION, text=other) for other in thing.others]
            for text, word in by_text.items():
                if text in thing.name:
                    by_text[text] = word.also(*others)
        return list(by_text.values())


def reading(text: str, having: Callable[[str], int]) -> Reading:
    """Read a question; `having` tells how many of the archive's passages have a Chinese word.

    Of the names of a thing the mainland's usual one is taken that stands somewhere, unless Taiwan's
    stands in more passages; where none stands, the mainland's first, which dictionaries know. Where
    no character tells who asks (演算法), what stands as it is typed is left alone.
    """
    if not may_be_traditional(text):
        return Reading(text)
    sure = has_traditional(text)
    put: list[str] = []
    called: list[Called] = []
    exchanged = False
    for piece, names in _standing(normalise(text), having, _names().longest):
        if not names or (not sure and having(piece)):
            put.append(piece)
            continue
        name = _chosen(piece, names, having)
        exchanged = exchanged or name != piece
        put.append(name)
        called.append(Called(name, tuple(own for own in (piece, *names) if own != name)))
    return Reading("".join(put) if exchanged else text, tuple(called))


def _standing(
    folded: str, having: Callable[[str], int], longest: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Pieces as of `_pieces`; what stands nowhere and is put together gives its parts."""
    names = _names()
    for piece, others in _pieces(folded, names.by_name, longest):
        if piece in names.together and not any(map(having, (piece, *others))):
            yield from _standing(piece, having, len(piece) - 1)
        else:
            yield piece, others


def _chosen(here: str, there: Sequence[str], having: Callable[[str], int]) -> str:
    standing = next((name for name in there if having(name)), None)
    own = having(here)
    if standing is None:
        return here if own else there[0]
    # One character stands in many a word that means something else.
    return here if own and (len(standing) == 1 or own > having(standing)) else standing


def _pieces(
    folded: str, names: Mapping[str, tuple[str, ...]], longest: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a text is made of: names, the longest, with those elsewhere, and single characters."""
    start = 0
    while start < len(folded):
        for end in range(min(len(folded), start + longest), start, -1):
            if folded[start:end] in names:
                break
        else:
            end = start + 1
        yield folded[start:end], names.get(folded[start:end], ())
        start = end


@dataclass(frozen=True, slots=True)
class _Names:
    """The mainland's names by Taiwan's, in Simplified characters.

    What is called the same in both is there too, with none: it is no part of something else.
    `together` are names of which the mainland's is made of those for the parts: 訊息佇列.
    """

    by_name: Mapping[str, tuple[str, ...]]
    together: frozenset[str]
    longest: int


def load() -> None:
    """Read the lists of words now, which the first question that needs them does else."""
    _names()


@cache
def _names() -> _Names:
    names: dict[str, tuple[str, ...]] = {}
    phrases = resources.files("opencc").joinpath("dictionary/TWPhrasesRev.txt")
    own = resources.files(__package__).joinpath("taiwan.tsv")
    for file, between in ((phrases, " "), (own, "; ")):
        for line in file.read_text(encoding="utf-8").splitlines():
            here, _, there = line.partition("\t")
            if there and len(here) > 1 and not line.startswith("#"):
                key = normalise(here)
                others = dict.fromkeys(map(normalise, there.split(between)))
                names[key] = tuple(name for name in others if name != key)
    together = frozenset(key for key in names if _put_together(key, names))
    return _Names(names, together, max(map(len, names)))


def _put_together(name: str, names: Mapping[str, tuple[str, ...]]) -> bool:
    parts = [(piece, *others) for piece, others in _pieces(name, names, len(name) - 1)]
    return any(there in map("".join, product(*parts)) for there in names[name])
