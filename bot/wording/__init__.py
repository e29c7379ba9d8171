"""What people read, in their language: language code -> catalogue -> sentence."""

from __future__ import annotations

import logging
import re
from functools import cache
from importlib import resources
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

logger = logging.getLogger(__name__)

ENGLISH = "en"
CHINESE = "zh-Hans"
TRADITIONAL = "zh-Hant"
#: By their codes what those who speak them call them.
NAMES = {ENGLISH: "English", CHINESE: "简体中文", TRADITIONAL: "繁體中文"}
LANGUAGES = tuple(NAMES)

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile("[\u3041-\u30ff]")  # Han characters beside kana are Japanese
#: The scripts and territories of tags in which Chinese is written in Traditional characters.
_IN_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


class Wording:
    """The sentences of one language. The catalogues are read at the first sentence."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, sentence: str, /, **values: str | int) -> str:
        """The sentence named so, with its variables filled in.

        Never raises: what a catalogue lacks is logged and said in English, or not at all.
        """
        for language in (self.language, ENGLISH):
            bundle = _catalogue(language)
            if not bundle.has_message(sentence):
                logger.error("the %s catalogue has no %r", language, sentence)
                continue
            pattern = bundle.get_message(sentence).value
            if pattern is None:
                continue
            said, errors = bundle.format_pattern(pattern, values)
            if errors:
                logger.error("%r in %s: %s", sentence, language, errors)
            return str(said)
        return "…"


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
