"""Names that a text itself introduces as the same thing.

text -> brackets and `又称` -> names on both sides -> pairs

    梯度检查点(Gradient Checkpointing)      where the Chinese begins is judged word by word
    PA(Pixel Accuracy,像素精度)             every name with every other
    Reciprocal rank fusion (RRF)            letters of a short form must fit what it stands for
    惜字塔,又称惜字楼                       two Chinese names only where the text says so

A pair missed costs little, a wrong one lets a question meet texts about something else: whatever
is doubtful is left out. Pure, and linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

import rjieba

from retrieval.index.around_names import (
    ASIDES,
    BEFORE,
    BEFORE_VERBS,
    GLUE,
    HEADS,
    INSIDE_WORDS,
    KINDS,
    MAYBE_WITHIN,
    NOT_IN_NAME,
    NOT_LAST,
    NOT_OPENING,
    PLACES,
    SURELY_BEFORE,
    TITLES,
)
from retrieval.index.names import (
    CHINESE,
    EAST,
    HAN,
    LATIN,
    LONGEST,
    LONGEST_CHINESE,
    LONGEST_PERSON,
    MOST_WORDS,
    SHORTEST_CHINESE,
    Name,
    agree,
    is_place,
    name_of,
)
from retrieval.index.short_forms import abbreviates, content_words, is_short_form
from retrieval.index.tokens import latin_terms, normalise

#: Most pairs taken out of one text, and most places looked at for them.
MOST_PAIRS, _MOST_PLACES = 200, 5_000
#: Most words of a Latin name that neither a short form nor Chinese text delimits.
_MOST_WORDS_IN_PROSE = 4
#: Chinese that follows a Latin word at once is often the rest of a mixed name, unless this long.
_OWN = 4
#: Parts of one bracket that all name the thing.
_MOST_PARTS = 4

_BRACKET = re.compile(r"\(([^()\n]{2,120})\)")
_PART = re.compile(r"[,;、/]|(?<=[a-z]) or ")
_LATIN_END = re.compile(rf"(?:[^\W_{EAST}]+(?:[-'’]| & | ))*[^\W_{EAST}]+$")
_CHINESE_END = re.compile(rf"[{HAN}]+(?:[·・‧][{HAN}]+)*$")
_QUOTED = re.compile(r"[“「『《\"]([^“”「」『』《》\"]{2,80})[”」』》\"]$")
_QUOTES = "“”「」『』《》\"' "

_LANGUAGE = r"(?:英文|英语|中文|汉语|德语|法语|拉丁语|意大利语|西班牙语|俄语|葡萄牙语)"
_SAME = (
    r"(?:又称|又名|又叫|亦称|亦名|也称|也叫|也叫做|或称|俗称|简称|简写|缩写|全称|全名|别名|别称"
    r"|(?:aka|also known as|also called|abbreviated as|abbreviated|short for|stands for)(?![a-z])"
    r"|a\.k\.a\.)"
)
#: What may open a bracket's part and says that a name of the same thing follows.
_LABEL = re.compile(
    rf"(?:(?:{_LANGUAGE}(?:名称|全称|简称|缩写|名)?|{_SAME}|学名|即|也就是)(?:之?为|作|是)?"
    r"(?:[: ] ?|(?=[“「『《\"])|(?<=[\u4e00-\u9fff])))+",
    re.IGNORECASE,
)
#: The same in running text.
_SAYS = re.compile(rf"(?:, ?| )?(?<![a-z]){_SAME}(?:之?为|作|是)?:? ?", re.IGNORECASE)
_CLAUSE_END = re.compile(r" ?(?:[,。.;!?、(\n”」』》]|是|$)")
_CLAUSE_STARTS = re.compile(r"[,。.;:!?、()\n“”「」『』]")

#: A number with its measure: `一扇`, `两座`.
_COUNTED = re.compile("[一两几数多每这那某各][个种扇条座名位份套项款只部本家次组块批片台架间颗支]")
_SURELY = re.compile(rf".*(?:{'|'.join(SURELY_BEFORE)})(?=..)")
#: Joining words: where the Latin name has one, the Chinese may have the other inside.
_JOINED = {"and": "和与及", "to": "到对至", "or": "或", "&": "和与及"}
#: Words with which an expansion may go on behind what its short form stands for.
_TRAILING = frozenset(
    "algorithm layer layers loss method model models module network networks system".split()
)


def introductions(text: str) -> list[tuple[str, str]]:
    """Pairs of names for the same thing, each once, in the order of the text.

    Names are as they stand there but with width folded and Simplified, at most `LONGEST`
    characters; at most `MOST_PAIRS` pairs.
    """
    plain = normalise(text)
    found: dict[tuple[str, str], None] = {}
    for names in _groups(plain):
        for one, other in combinations(dict.fromkeys(name.text for name in names), 2):
            if (other, one) not in found:
                found[one, other] = None
        if len(found) >= MOST_PAIRS:
            break
    return list(found)[:MOST_PAIRS]


def key(name: str) -> str:
    """The form in which names are compared: Latin words as the index has them, or Chinese.

    `Gradient Checkpointing` -> `gradient checkpoint`; `梯度檢查點` -> `梯度检查点`; empty for a
    name that has neither.
    """
    plain = normalise(name)
    if re.search(rf"[{HAN}]", plain):
        return "".join(plain.split())
    return " ".join(latin_terms(plain))


def pairs(text: str) -> list[tuple[str, str]]:
    """`introductions` as keys, each once in one direction; none with itself or with nothing."""
    found: dict[tuple[str, str], None] = {}
    for one, other in introductions(text):
        pair = key(one), key(other)
        if all(pair) and pair[0] != pair[1] and pair[::-1] not in found:
            found[pair] = None
    return list(found)


def _groups(text: str) -> Iterator[Sequence[Name]]:
    """Names that mean one thing, bracket by bracket, then where the text says so outside."""
    for place, match in enumerate(_BRACKET.finditer(text)):
        if place >= _MOST_PLACES:
            break
        yield _bracketed(text[max(0, match.start() - LONGEST - 2) : match.start()], match[1])
    for place, match in enumerate(_SAYS.finditer(text)):
        if place >= _MOST_PLACES:
            break
        yield _said(text, match)


def _bracketed(before: str, inside: str) -> Sequence[Name]:
    parts: list[Name] = []
    said = False  # that a Chinese name for the Chinese before follows
    for part in _PART.split(inside):
        stripped = part.strip(" :")
        label = _LABEL.match(stripped)
        said = said or (label is not None and not label[0].startswith(("即", "也就是")))
        bare = stripped[label.end() if label else 0 :].strip(_QUOTES)
        if not bare:
            continue
        name = name_of(bare, said=label is not None)
        if name is None:
            return ()
        parts.append(name)
    parts = _trimmed(parts, before)
    if not 0 < len(parts) <= _MOST_PARTS or not agree(parts, said=said):
        return ()
    first = _name_before(before, parts, said=said)
    return (first, *parts) if first and agree([first, *parts], said=said) else ()


def _trimmed(parts: list[Name], before: str) -> list[Name]:
    """Expansions without the words that follow what the short form stands for."""
    short = (re.search(r"[^\W_]+$", before.rstrip(" ")) or [""])[0]
    trimmed = []
    for part in parts:
        words = part.text.split(" ")
        if not part.chinese and len(words) > 2 and words[-1].casefold() in _TRAILING:
            shorter = " ".join(words[:-1])
            if not abbreviates(short, part.text) and abbreviates(short, shorter):
                part = Name(shorter, False)
        trimmed.append(part)
    return trimmed


def _name_before(before: str, parts: Sequence[Name], *, said: bool) -> Name | None:
    """The name that ends where a bracket opens."""
    before = before.removesuffix(" ")
    if quoted := _QUOTED.search(before):
        return name_of(quoted[1], said=said)
    if match := _CHINESE_END.search(before):
        return _chinese_before(before[: match.start()], match[0], parts)
    if match := _LATIN_END.search(before):
        return _latin_before(match[0].split(" "), parts)
    return None


def _latin_before(words: list[str], parts: Sequence[Name]) -> Name | None:
    latin = [part.text for part in parts if not part.chinese]
    if latin:
        if any(abbreviates(words[-1], other) for other in latin):
            return name_of(words[-1], said=True)
        for whole in (True, False):  # initials alone are surer than letters inside words
            for count in range(1, min(len(words), MOST_WORDS) + 1):
                phrase = " ".join(words[-count:])
                if any(abbreviates(other, phrase, initials=whole) for other in latin):
                    return name_of(phrase, said=True)
        return None
    for position in range(len(words) - 1, -1, -1):
        if words[position].casefold() in NOT_IN_NAME:
            words = words[position + 1 :]
            break
    if not 0 < len(words) <= _MOST_WORDS_IN_PROSE:
        return None
    return name_of(" ".join(words), said=True)


def _chinese_before(context: str, run: str, parts: Sequence[Name]) -> Name | None:
    latin = [part.text for part in parts if not part.chinese]
    if re.search(r"[·・‧]", run):
        return _person(run)
    if sure := _SURELY.match(run, max(0, len(run) - 3 * LONGEST_CHINESE)):
        context, run = run[: sure.end()], run[sure.end() :]
    words = _words(run[-2 * LONGEST_CHINESE :])
    start = _name_start(words, latin)
    cut = words[start - 1] if start else ""
    if start == 0:
        if len(run) > 2 * LONGEST_CHINESE or words[0] in BEFORE:
            return None
        if context.endswith((")", "·", "・", "‧")):
            return None
        if re.search(r"(?<![^\W\d_])\d+ ?$", context):
            return None  # the run opens with what is counted
    elif words[start - 1] in BEFORE_VERBS and _is_verb(words[start]):
        start += 1
    name = "".join(words[start:])
    if cut in INSIDE_WORDS and (
        (start > 1 and _is_splinter(words[start - 2]))
        or (cut not in "有是为" and cut == words[start - 1] and rjieba.has_word(cut + name[:1]))
    ):
        return None  # jieba may have cut through the name: `向 量化`
    if cut in HEADS and any(_is_short_of(name, other, cut) for other in latin):
        start, cut, name = start - 1, "", cut + name
    mixed = start == 0 and re.search(rf"[^\W_{HAN}] ?$", context)
    if mixed and (len(name) < _OWN or name[0] in PLACES):
        return None
    if (
        name.startswith(NOT_OPENING)
        or name.endswith(NOT_LAST)
        or not SHORTEST_CHINESE <= len(name) <= LONGEST_CHINESE
        or (name.endswith(KINDS) and any(_is_proper(other) for other in latin))
        or any(_is_short_of(name, other, cut) for other in latin)
    ):
        return None
    return Name(name, True)


def _words(run: str) -> list[str]:
    """Words of a run of Chinese, those that jieba has guessed cut behind what they begin with."""
    words: list[str] = []
    cut = rjieba.cut(run)
    for place, word in enumerate(cut, 1):
        within = max(word.rfind(char) for char in GLUE) + 1
        guessed = len(word) > 1 and not rjieba.has_word(word)
        if guessed and within > 0 and (within < len(word) or place < len(cut)):
            words += [word[: within - 1], word[within - 1 : within], word[within:]]
        else:
            words.append(word)
    return [word for word in words if word]


def _name_start(words: Sequence[str], latin: Sequence[str]) -> int:
    """From which word on a run is the name; its last word is, whatever it is."""
    joined = "".join(_JOINED.get(word, "") for name in latin for word in name.casefold().split(" "))
    start = len(words) - 1
    while start > 0:
        before = words[start - 1]
        paired = before == "对" and start > 1 and words[start - 2][-1] in "成配绝相一"
        outside = before in BEFORE or _COUNTED.fullmatch(before)
        if outside and not paired and before not in joined:
            break
        start -= 1
    return start


def _is_splinter(word: str) -> bool:
    return len(word) == 1 and word not in BEFORE


def _is_verb(word: str) -> bool:
    return str(rjieba.tag(word)[0][1]).startswith("v")


def _is_short_of(chinese: str, latin: str, cut: str) -> bool:
    """Whether Chinese behind a word that was cut off is too short for it to be all of the name."""
    if is_short_form(latin):
        words, per_word = len(latin), 1.5 if cut in MAYBE_WITHIN else 0.0
    else:
        words, per_word = len(content_words(latin)), 1.5 if len(cut) == 1 else 0.0
        if cut in MAYBE_WITHIN:
            per_word = 2.0
    return words > 1 and len(chinese) < per_word * words


def _is_proper(latin: str) -> bool:
    """Whether a name is one capitalised word, no short form: rather one thing than a kind."""
    return " " not in latin and not latin.islower() and not latin.rstrip("s").isupper()


def _person(run: str) -> Name | None:
    first = re.split(r"[·・‧]", run)[0]
    words = rjieba.cut(first[-2 * LONGEST_CHINESE :])
    name = words[-1] + run[len(first) :]
    for title in TITLES:
        name = name.removesuffix(title)
    if (
        len(words[-1]) < SHORTEST_CHINESE
        or words[-1] in BEFORE
        or len(name) > LONGEST_PERSON
        or (len(words) > 1 and _is_splinter(words[-2]))
    ):
        return None
    return Name(name, True)


def _said(text: str, match: re.Match[str]) -> Sequence[Name]:
    """Names on both sides of `又称` outside brackets, where each is all of its clause."""
    before = text[max(0, match.start() - LONGEST - 2) : match.start()]
    if before.endswith(")") and "(" in before:  # names in between were seen to already
        before = before[: before.rindex("(")].rstrip(" ")
    quoted = _QUOTED.search(before)
    clause = quoted[1] if quoted else re.split(_CLAUSE_STARTS, before)[-1]
    for earlier in _SAYS.finditer(clause):
        clause = clause[earlier.end() :]
        break
    first = name_of(clause.strip(), said=True)
    if first and not match[0].startswith(",") and (is_place(first.text) or first.text in ASIDES):
        return ()  # `广州又称`: that is where it is called so
    names = [first] if first else []
    position = match.end()
    while first and len(names) <= _MOST_PARTS:
        after = text[position : position + LONGEST + 2]
        found = CHINESE.match(after.lstrip("“「『《")) or LATIN.match(after.lstrip("“「『《"))
        opened = len(after) - len(after.lstrip("“「『《"))
        name = name_of(re.split(r"是|,", found[0])[0], said=True) if found else None
        if found is None or name is None:
            break
        end = position + opened + len(name.text)
        if not _CLAUSE_END.match(text, end):
            break
        names.append(name)
        closed = end + bool(re.match("[”」』》]", text[end : end + 1]))
        if text[closed : closed + 1] != "、":
            break
        position = closed + 1
    return names if len(names) > 1 and agree(names, said=True) else ()
