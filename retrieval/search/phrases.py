"""Whether a text holds a phrase, however either is spelled. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from retrieval.index.tokens import normalise

#: Characters that a phrase, or an excluded word, may have: two long sentences.
LONGEST_PHRASE = 200

#: Scripts whose words nothing parts, Japanese and Korean ones among them.
_CHINESE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003134f"
)
_LATIN = rf"[^\W_{_CHINESE}]"
_DASHES = "-_\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_QUOTES = {**dict.fromkeys("‘’ʼ", "'"), **dict.fromkeys("“”„«»「」『』", '"')}
_HYPHEN = re.compile(r" ?-[- ]*")
_SPACE_AT_CHINESE = re.compile(rf"(?<=[{_CHINESE}]) | (?=[{_CHINESE}])")
_PIECE = re.compile(rf"(?P<latin>{_LATIN}+)|(?P<joint>[- ])|.")


class _Signs(dict[int, str | None]):
    """What `str.translate` makes of each character, looked up once each.

    Characters one by one: converted among its neighbours, a Traditional one may become another
    than alone, and a phrase would miss the sentence that it was copied from.
    """

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        if char in _DASHES:
            found: str | None = "-"
        elif unicodedata.category(char) == "Cf":  # soft hyphens, zero-width spaces
            found = None
        else:
            found = _QUOTES.get(char) or normalise(char)
        self[code] = found
        return found


_SIGNS = _Signs()


def folded(text: str) -> str:
    """A text as phrases are looked up in it.

    Width, case, Traditional and Simplified, kinds of quotes and of white space make no difference;
    hyphens, dashes and underscores are one `-`; between Chinese there is no white space.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = " ".join(plain.translate(_SIGNS).split())
    return _SPACE_AT_CHINESE.sub("", _HYPHEN.sub("-", plain))


def holds(phrase: str, folded_passage: str) -> bool:
    """Whether a text, given as `folded` made it, holds the phrase.

    Where a phrase has a hyphen or a space, the text may have either or none, and a hyphen anywhere
    in Latin words: `kv cache` and `KVCache` are in `KV-cache`. What begins or ends with a letter of
    an alphabet does so at the border of a word: `port` is not in `important`.
    """
    return bool(_pattern(phrase).search(folded_passage))


@lru_cache(maxsize=1024)
def _pattern(phrase: str) -> re.Pattern[str]:
    plain = folded(phrase)
    bare = plain.strip("- ") or plain
    written = []
    for piece in _PIECE.finditer(bare):
        if piece["latin"]:
            written.append("-?".join(map(re.escape, piece[0])))
        else:
            written.append("[- ]?" if piece["joint"] and bare != piece[0] else re.escape(piece[0]))
    begins = rf"(?<!{_LATIN})" if re.match(_LATIN, bare) else ""
    ends = rf"(?!{_LATIN})" if re.search(rf"{_LATIN}\Z", bare) else ""
    return re.compile(begins + "".join(written) + ends, re.DOTALL)
