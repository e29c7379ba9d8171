"""What people read, in their language: language code -> catalogue -> sentence."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib import resources
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

from bot.cutting import shortened

logger = logging.getLogger(__name__)

ENGLISH = "en"
CHINESE = "zh-Hans"
TRADITIONAL = "zh-Hant"
#: By their codes what those who speak them call them.
NAMES = {ENGLISH: "English", CHINESE: "简体中文", TRADITIONAL: "繁體中文"}
LANGUAGES = tuple(NAMES)
#: Whose days are written so; of the English ones those that nobody takes for others.
_LOCALES = {ENGLISH: "en_GB", CHINESE: "zh_Hans", TRADITIONAL: "zh_Hant"}

#: Characters of a variable: `fluent.runtime` fills in nothing where one has more than 2500.
_LONGEST = 1000

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile("[\u3041-\u30ff]")  # Han characters beside kana are Japanese
#: The scripts and territories of tags in which Chinese is written in Traditional characters.
_IN_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


class Wording:
    """The sentences of one language, and how its days are written, those of `zone`.

    The catalogues are read at the first sentence.
    """

    def __init__(self, language: str, zone: tzinfo = UTC) -> None:
        self.language = language
        self._zone = zone

    def in_zone(self, zone: tzinfo) -> Wording:
        """The same for who lives there."""
        return Wording(self.language, zone)

    def say(self, sentence: str, /, **values: str | int) -> str:
        """The sentence named so, with its variables filled in; of a very long one its beginning.

        Never raises: what a catalogue lacks is logged and said in English, or not at all.
        """
        told = {
            name: shortened(value, _LONGEST) if isinstance(value, str) else value
            for name, value in values.items()
        }
        for language in (self.language, ENGLISH):
            bundle = _catalogue(language)
            if not bundle.has_message(sentence):
                logger.error("the %s catalogue has no %r", language, sentence)
                continue
            pattern = bundle.get_message(sentence).value
            if pattern is None:
                continue
            said, errors = bundle.format_pattern(pattern, told)
            if errors:
                logger.error("%r in %s: %s", sentence, language, errors)
            return str(said)
        return "…"

    def day(self, moment: datetime, zone: tzinfo | None = None) -> str:
        """The day of a moment, in `zone` if another is meant: `14 Mar 2026`, `2026年3月14日`."""
        from babel.dates import format_date

        try:
            day = moment.astimezone(zone or self._zone).date()
        except OverflowError:  # the calendar's first or last day
            day = moment.date()
        return str(format_date(day, "medium", locale=_LOCALES[self.language]))


def wording_for(language_code: str | None, sample: str = "") -> Wording:
    """The wording for an IETF language tag as Telegram gives it.

    Where a client tells none, `sample` (something the person wrote) decides.
    """
    if language_code:
        first, *rest = language_code.lower().replace("_", "-").split("-")
        if first != "zh":
            return Wording(ENGLISH)
        # The script says more than the territory: zh-hans-hk.
        traditional = "hans" not in rest and not _IN_TRADITIONAL.isdisjoint(rest)
        return Wording(TRADITIONAL if traditional else CHINESE)
    if _HAN.search(sample) is None or _KANA.search(sample) is not None:
        return Wording(ENGLISH)
    return Wording(CHINESE if _simplified(sample) == sample else TRADITIONAL)


def _simplified(words: str) -> str:
    return str(_to_simplified().convert(words))


@cache
def _to_simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@cache
def _catalogue(language: str) -> FluentBundle:
    source = resources.files(__name__).joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    # Isolation marks would show as boxes in some clients, and no variable here runs right to left.
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(source))
    return bundle
