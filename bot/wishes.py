"""What a subscription asks of new articles: typed words -> a wish -> whether one fits. Pure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from retrieval.filter import name_key
from retrieval.search.phrases import folded, holds
from retrieval.search.question import parts

LOOSEST = -2
STRICTEST = 2
#: Characters that a person may type for one wish.
LONGEST = 200
#: Tags, phrases, excluded words and a subject that one wish may have together.
MOST_PARTS = 10

_EVERYTHING = frozenset("all everything * 全部 所有 一切 全部文章 所有文章".split())
_ABOUT = re.compile(
    r"(?:(?:all|any|every|some)(?:thing)? |(?:articles?|posts?|news) )*about(?=[ :：]|$)[:：]?"
    r"|(?:所有|一切|任何|全部)?(?:关于|關於)[:：]?",
    re.IGNORECASE,
)
_OF_ARTICLES = re.compile(r" ?的 ?(?:所有|全部)?(?:文章|内容|內容|帖子)$")
#: Also several without anything between them, and with the `#` behind that Chinese sites set.
_HASHTAGS = re.compile(
    r"(?<![^\s,，、;；。])(?P<minus>[-－]?)(?:[#＃][^\s#＃,，、;；。！？\"“”「」]+)+[#＃]?"
)
_HASHTAG = re.compile(r"[A-Za-z][#＃](?!\w)|[^#＃]+")  # `#C#`, and others
#: Filters of questions, where a person left a space behind the colon or a date that is none.
_LOOSE_TAG = re.compile(r"(?<!\S)(-?(?:tag|标签|標籤)[:：]) ", re.IGNORECASE)
_LOOSE_FILTER = re.compile(
    r"(?<!\S)-?(?:(?P<source>source|来源|來源)|after|之后|之後|before|之前)[:：]", re.IGNORECASE
)
#: Words that name a channel, where no command looks for one.
_CHANNEL = re.compile(r"@|(?:https?://)?(?:t|telegram)\.me/", re.IGNORECASE)
_REFUSED = {
    "not_tags": "wish-not-tag",
    **dict.fromkeys(("sources", "not_sources"), "wish-no-source"),
    **dict.fromkeys(("after", "before"), "wish-no-dates"),
}
#: A comma within a number is a part of it.
_BETWEEN_WORDS = re.compile(r"[\s，、；。！？]+|(?<!\d),|,(?!\d)")
_QUOTES = "\"＂“”„«»「」『』‘’'()（）"
_ENDINGS = ".,;:?!，、；：。？！"
_JOINTS = str.maketrans("", "", "- ")


@dataclass(frozen=True, slots=True)
class Wish:
    """What an article must be to be announced; the empty wish is for everything.

    It carries any of `tags`, holds each of `phrases` and none of `excluded`, and is about `about`,
    a subject in plain words, as surely as `strictness` asks, from -2 (loose) to 2.
    """

    tags: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    about: str = ""
    strictness: int = 0

    def __post_init__(self) -> None:
        if not LOOSEST <= self.strictness <= STRICTEST:
            raise ValueError(f"strictness goes from {LOOSEST} to {STRICTEST}: {self.strictness}")

    @property
    def everything(self) -> bool:
        """Whether it asks for nothing in particular."""
        return not (self.tags or self.phrases or self.excluded or self.about)

    @property
    def key(self) -> str:
        """What makes two wishes the same, 32 characters long.

        Order, repetition and every spelling that makes no difference to `wants` make none here, nor
        does `strictness`: a stricter wish is the same one, changed.
        """
        canonical = json.dumps(
            [
                sorted(set(map(_tag_key, self.tags))),
                sorted(set(map(_phrase_key, self.phrases))),
                sorted(set(map(_phrase_key, self.excluded))),
                folded(self.about),
            ]
        )
        return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()

    def to_json(self) -> str:
        """Itself as ASCII, for `from_json`."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def from_json(cls, written: str) -> Wish:
        """The wish that `to_json` wrote. Raises `ValueError` where it is none."""
        try:
            fields: dict[str, Any] = json.loads(written)
            for name in ("tags", "phrases", "excluded"):
                fields[name] = tuple(fields.get(name, ()))
            return cls(**fields)
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"this is no wish: {written[:200]}") from error


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why typed words are no wish, or no hours: the name of the sentence that says it.

    `reason` is `wish-too-long` ($most characters), `wish-too-many` ($most parts), `wish-only-not`
    (nothing but exclusions), `wish-no-subject` (about what?), `wish-no-source` and `wish-no-dates`
    (filters that make no sense for news to come), `wish-not-tag` (tags cannot be excluded),
    `wish-channel-first` (a channel among the words, or as a link),
    `wish-never` (an excluded $word must stand there), `wish-nothing-said` (signs only), or
    `hours-not-understood`. `values` are the variables of the sentence.
    """

    reason: str
    values: Mapping[str, str | int] = field(default_factory=dict)


def parse_wish(words: str) -> Wish | Trouble:
    """What a person typed behind the command; nothing at all is everything.

    `#LLM #RAG` and `tag:LLM` are articles with any of these tags. Each bare word and each phrase in
    quotes must stand in an article, and no `-word` may, as in a question. What follows `about`,
    `关于`, `關於` is a subject; tags, exclusions and phrases may stand beside it. `all` is
    everything, as in `all -word`. Never raises.
    """
    typed = _clean(words)
    if len(typed) > LONGEST:
        return Trouble("wish-too-long", {"most": LONGEST})
    if not typed or typed.casefold() in _EVERYTHING:
        return Wish()
    tags: list[str] = []
    phrases: list[str] = []
    bare: list[str] = []
    excluded: list[str] = []
    subject: list[str] | None = None
    quoted: list[str] = []  # within the subject
    for part in parts(_LOOSE_TAG.sub(r"\1", typed)):
        if part.kind in _REFUSED:
            return Trouble(_REFUSED[part.kind])
        if part.kind == "tags":
            tags += part.texts
        elif part.kind == "excluded":
            excluded += part.texts
        elif part.kind == "phrase" and subject is None:
            phrases += part.texts
        elif part.kind == "phrase" and subject is not None:
            subject += part.texts
            quoted += part.texts
        else:
            text, found = _without_hashtags(part.texts[0])
            if found is None:
                return Trouble("wish-not-tag")
            tags += found
            if subject is None and not bare and (about := _ABOUT.match(text.lstrip())):
                subject, text = [], text.lstrip()[about.end() :]
            if subject is not None:
                subject.append(text)
            elif loose := _LOOSE_FILTER.search(text):
                return Trouble("wish-no-source" if loose["source"] else "wish-no-dates")
            elif any(map(_CHANNEL.match, words_of := _words(text))):
                return Trouble("wish-channel-first")
            else:
                bare += words_of
    return _wish(tags, phrases, bare, excluded, subject, quoted)


def _wish(
    tags: Sequence[str],
    phrases: Sequence[str],
    bare: Sequence[str],
    excluded: Sequence[str],
    subject: Sequence[str] | None,
    quoted: Sequence[str],
) -> Wish | Trouble:
    """The parts together, if they make sense so."""
    everything = not phrases and len(bare) == 1 and bare[0].casefold() in _EVERYTHING
    about = "" if subject is None else _subject(subject)
    if subject is not None and not about:
        return Trouble("wish-no-subject")
    if quoted and _subject(quoted) != about:  # else the quotes only hold the subject together
        phrases = [*phrases, *quoted]
    wish = Wish(
        tags=_apart(tags, _tag_key),
        phrases=_apart([*phrases, *([] if everything else bare)], _phrase_key),
        excluded=_apart(excluded, _phrase_key),
        about=about,
    )
    if not (wish.tags or wish.phrases or wish.about or everything):
        return Trouble("wish-only-not" if wish.excluded else "wish-nothing-said")
    if len(wish.tags) + len(wish.phrases) + len(wish.excluded) + bool(about) > MOST_PARTS:
        return Trouble("wish-too-many", {"most": MOST_PARTS})
    for word in wish.excluded:
        if any(holds(word, folded(phrase)) for phrase in wish.phrases):
            return Trouble("wish-never", {"word": word})
    return wish


def wants(wish: Wish, article_tags: Iterable[str], texts: Sequence[str]) -> bool:
    """Whether tags and words let an article pass; what it is about is not judged here.

    `texts` are its title and its whole text: each phrase must stand in one of them. Ask all wishes
    of one article before the next: what its texts cost is paid once.
    """
    if wish.tags and not set(map(_tag_key, article_tags)) & set(map(_tag_key, wish.tags)):
        return False
    return all(_stands(phrase, texts) for phrase in wish.phrases) and not any(
        _stands(phrase, texts) for phrase in wish.excluded
    )


def _stands(phrase: str, texts: Sequence[str]) -> bool:
    letters = _letters(phrase)
    for text in texts:
        passage, letters_of_it = _passage(text)
        # A phrase's pattern takes a thousand times longer to make than this look.
        if letters in letters_of_it and holds(phrase, passage):
            return True
    return False


@lru_cache(maxsize=8)
def _passage(text: str) -> tuple[str, str]:
    """A text folded, and that without its spaces and hyphens."""
    passage = folded(text)
    return passage, passage.translate(_JOINTS)


@lru_cache(maxsize=32_768)
def _letters(phrase: str) -> str:
    return folded(phrase).translate(_JOINTS)


@lru_cache(maxsize=32_768)
def _tag_key(tag: str) -> str:
    """What spellings of a tag share, Traditional and Simplified too."""
    return folded(name_key(tag))


def _phrase_key(phrase: str) -> str:
    """What spellings of a phrase share that are found in the same texts."""
    plain = folded(phrase)
    return plain.strip("- ").replace(" ", "-") or plain


def _clean(words: str) -> str:
    """On one line, without what nobody sees and no database takes."""
    seen = (
        " " if kind == "Cc" else char
        for char in words
        if (kind := unicodedata.category(char)) != "Cs" and (kind != "Cf" or char in "\u200c\u200d")
    )
    return " ".join("".join(seen).split())


def _without_hashtags(text: str) -> tuple[str, list[str] | None]:
    """The rest of a text, and its hashtags; None in place of these where one is excluded."""
    runs = list(_HASHTAGS.finditer(text))
    if any(run["minus"] for run in runs):
        return text, None
    names = (name.rstrip(_ENDINGS) for run in runs for name in _HASHTAG.findall(run[0]))
    return _HASHTAGS.sub(" ", text), [name for name in names if any(map(_says, name))]


def _words(text: str) -> list[str]:
    """What stands between white space and commas; signs alone say nothing, pictures do."""
    words = (word.strip(_QUOTES).rstrip(_ENDINGS) for word in _BETWEEN_WORDS.split(text))
    return [word for word in words if any(map(_says, word))]


def _says(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) == "So"


def _subject(pieces: Iterable[str]) -> str:
    """One line, without signs at its ends; empty where they say nothing."""
    line = " ".join(" ".join(pieces).split()).strip(_ENDINGS + " ")
    line = _OF_ARTICLES.sub("", line).strip(_ENDINGS + " ")
    return line if any(map(str.isalnum, line)) else ""


def _apart(names: Iterable[str], key: Callable[[str], str]) -> tuple[str, ...]:
    """Each once, as it was first spelled; what says nothing is left out."""
    first: dict[str, str] = {}
    for name in names:
        if said := key(name):
            first.setdefault(said, name)
    return tuple(first.values())
