"""Pages of the newest articles and of tags: typed words -> listing -> one message, its buttons.

Pure. A button names the tag or the source by a mark of its name, for that may be longer than all
that a button can carry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.buttons import NEWEST, TAG, TAGS, button, in_rows
from bot.cards import LONGEST_TAG, article_card, one_line
from bot.cutting import fits, pack, shortened
from bot.markup import Text, bold
from bot.wording import Wording
from retrieval.archive.tagging import tag_key
from retrieval.archive.tags import Tag, TagPage
from retrieval.article import Article
from retrieval.filter import Filter, name_key
from retrieval.search.question import parts

#: Articles that one message lists at most.
MOST = 20
#: Tags and sources together: their marks share the data of a button.
MOST_NAMES = 3
#: Tags on one page of them, and beside each other.
TAGS_ON_A_PAGE, _BESIDE = 20, 2
#: 48 bits: no two of a million names share them.
_MARK = 12
#: No button leads further down.
_DEEPEST = 99_999

#: `5`, and as Chinese readers write it: 五, 5篇, 前十条.
_COUNT = re.compile(
    r"(?:最[新近]的?|前)?(?P<number>\d{1,3}|[一二两兩三四五六七八九十]{1,3})[篇条條个個]?"
)
_ONES = ("", *"一二三四五六七八九")
_TWO = str.maketrans("两兩", "二二")
#: Up to `MOST`, in the order of their value.
_NUMERALS = ("", *_ONES[1:], *(f"十{one}" for one in _ONES), "二十")

Kind = Literal["tag", "source"]


@dataclass(frozen=True, slots=True)
class Name:
    """A tag or a source, by its name."""

    kind: Kind
    name: str

    @property
    def mark(self) -> str:
        """What stands for it in the data of a button."""
        return mark_of(self.kind, tag_key(self.name))


@dataclass(frozen=True, slots=True)
class Listing:
    """`size` of the newest articles that have all of these tags and are of any of these sources."""

    size: int
    names: tuple[Name, ...] = ()

    @property
    def wanted(self) -> Filter:
        return Filter(
            tags=tuple(each.name for each in self.names if each.kind == "tag"),
            sources=tuple(each.name for each in self.names if each.kind == "source"),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed behind the command.

    `readings` are what the words without a mark of their own may mean, likeliest first: a name, and
    how many articles, None where that is not said. They are never empty.
    """

    names: tuple[Name, ...]
    readings: tuple[tuple[str, int | None], ...]


def parse_latest(words: str) -> Asked | None:
    """Understand `10`, `#LLM`, `LLM 10`, `source:Blog`, a source's name; None for anything else."""
    names: list[Name] = []
    bare: list[str] = []
    for part in parts(words):
        match part.kind:
            case "tags":
                names += [Name("tag", tag) for tag in part.texts]
            case "sources":
                names += [Name("source", source) for source in part.texts]
            case "phrase":
                bare += part.texts
            case "words":
                for word in part.texts[0].split():
                    tag = word.strip("#＃") if word.startswith(("#", "＃")) else ""
                    if name_key(tag):
                        names.append(Name("tag", tag if word[-1] not in "#＃" else _sharp(tag)))
                    else:
                        bare.append(word)
            case _:
                return None
    names = list({each.mark: each for each in names}.values())
    readings = [
        (name, number) for name, number in _readings(bare) if number is None or 0 < number <= MOST
    ]
    if not readings or len(names) + any(name for name, _ in readings) > MOST_NAMES:
        return None
    return Asked(tuple(names), tuple(readings))


def _sharp(tag: str) -> str:
    """Chinese sites set `#` behind a tag too; of `#C#` it is a part."""
    return f"{tag}#" if len(tag) == 1 else tag


def _readings(bare: Sequence[str]) -> list[tuple[str, int | None]]:
    whole = " ".join(bare)
    if whole and not any(map(str.isalpha, whole)):  # a number, or meant as one
        number = _count(whole)
        return [] if number is None else [("", number)]
    readings: list[tuple[str, int | None]] = [(whole, None)]
    for word, rest in ((bare[-1:], bare[:-1]), (bare[:1], bare[1:])):
        number = _count(word[0]) if word else None
        if number is not None:
            readings.append((" ".join(rest), number))
    name, number = readings[-1]
    if whole and not name and number is not None and not 0 < number <= MOST:
        return []  # `30篇` names nothing
    return list(dict.fromkeys(readings))


def _count(word: str) -> int | None:
    """The number that somebody wrote, None for anything else."""
    counted = _COUNT.fullmatch(word)
    if counted is None:
        return None
    number = counted["number"].translate(_TWO)
    if number.isdecimal():
        return int(number)
    return _NUMERALS.index(number) if number in _NUMERALS else None


def mark_of(kind: Kind, key: str) -> str:
    return f"{kind[0]}{key[:_MARK]}"


def newest_page(
    articles: Sequence[Article], wording: Wording, listing: Listing, offset: int
) -> tuple[list[Text], InlineKeyboardMarkup | None]:
    """A listing from `offset` on, and buttons to turn its pages.

    `articles` are one more than are shown where there are more. It may take several messages.
    """
    shown = articles[: listing.size]
    further = offset + len(shown) if len(articles) > len(shown) else None
    return pack(_cards(shown, wording, listing, offset)), _turning(
        wording, listing, offset, further
    )


def newest_in_one(
    articles: Sequence[Article], wording: Wording, listing: Listing, offset: int
) -> tuple[Text, InlineKeyboardMarkup | None]:
    """The same in one message, of as many articles as it holds. `articles` must not be empty."""
    count = min(len(articles), listing.size)
    while True:
        whole = pack(_cards(articles[:count], wording, listing, offset))
        if count == 1 or (len(whole) == 1 and fits(whole[0])):
            break
        count -= 1
    further = offset + count if len(articles) > count else None
    return whole[0], _turning(wording, listing, offset, further)


def _cards(
    articles: Sequence[Article], wording: Wording, listing: Listing, offset: int
) -> tuple[Text, ...]:
    numbered = enumerate(articles, offset + 1)
    cards = (article_card(number, each, wording) for number, each in numbered)
    return bold(_heading(len(articles), wording, listing, offset)), *cards


def _heading(count: int, wording: Wording, listing: Listing, offset: int) -> str:
    names = described(listing.names)
    first, last = offset + 1, offset + count
    if offset and names:
        return wording.say("latest-further-of", count=count, first=first, last=last, names=names)
    if offset:
        return wording.say("latest-further", count=count, first=first, last=last)
    if names:
        return wording.say("latest-heading-of", count=count, names=names)
    return wording.say("latest-heading", count=count)


def described(names: Sequence[Name]) -> str:
    """Tags with their mark and sources, in one short line."""
    told = [
        f"#{shown_tag(each.name)}"
        if each.kind == "tag"
        else shortened(one_line(each.name), LONGEST_TAG)
        for each in names
    ]
    return " · ".join(told)


def shown_tag(name: str) -> str:
    """A tag as it is shown: short, on one line."""
    return shortened(one_line(name), LONGEST_TAG).lstrip("#＃ ")


def _turning(
    wording: Wording, listing: Listing, offset: int, further: int | None
) -> InlineKeyboardMarkup | None:
    marks = [each.mark for each in listing.names]
    row = []
    if offset > 0:
        newer = max(0, offset - listing.size)
        row.append(button(wording.say("button-newer"), NEWEST, listing.size, newer, *marks))
    if further is not None and further <= _DEEPEST:
        row.append(button(wording.say("button-older"), NEWEST, listing.size, further, *marks))
    return InlineKeyboardMarkup([row]) if row else None


def tags_keyboard(page: TagPage, wording: Wording, offset: int) -> InlineKeyboardMarkup:
    """A button for each tag of the page, and those that turn it."""
    row = []
    if offset > 0:
        back = max(0, offset - TAGS_ON_A_PAGE)
        row.append(button(wording.say("button-back"), TAGS, back))
    if (further := offset + len(page.tags)) < page.total:
        row.append(button(wording.say("button-next"), TAGS, further))
    rows = _tag_rows(page.tags)
    return InlineKeyboardMarkup([*rows, row] if row else rows)


def near_keyboard(tags: Sequence[Tag]) -> InlineKeyboardMarkup | None:
    """A button for each of a few tags."""
    return InlineKeyboardMarkup(_tag_rows(tags)) if tags else None


def label_of(tag: Tag) -> str:
    """A tag, and how many articles carry it."""
    return f"{shown_tag(tag.name)} · {tag.articles}"


def _tag_rows(tags: Sequence[Tag]) -> list[list[InlineKeyboardButton]]:
    return in_rows(
        [button(label_of(tag), TAG, mark_of("tag", tag.key)) for tag in tags],
        _BESIDE,
    )
