"""What is no question: kind words for kind words, unless the archive has something on them."""

from __future__ import annotations

import pytest

from bot.application import BotApplication
from bot.courtesies import Courtesy, courtesy_of
from tests.bot.bot_api import FakeTelegram
from tests.bot.fakes import FakeLibrary, answer, hit
from tests.bot.people import Person


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("谢谢", "thanks"),
        ("謝謝！！", "thanks"),
        ("多谢～🙏", "thanks"),
        ("Thank  you very much.", "thanks"),
        ("ＴＨＸ", "thanks"),
        ("你好", "greeting"),
        ("您好，", "greeting"),
        ("Hello!", "greeting"),
        ("在吗？", "greeting"),
        ("好的。", "assent"),
        ("OK 👌", "assent"),
        ("再见", "farewell"),
        ("Good night", "farewell"),
        ("谢谢，那 bcrypt 呢", None),
        ("hello world", None),
        ("早停", None),
        ("对比学习", None),
        ("👍", None),
        ("", None),
        ("谢谢" * 1000, None),
    ],
)
def test_only_words_that_are_nothing_else_are_courtesies(words: str, kind: Courtesy | None) -> None:
    assert courtesy_of(words) == kind


@pytest.mark.parametrize(
    ("language_code", "words", "answered"),
    [
        ("zh-hans", "谢谢", "不客气！"),
        ("zh-hant", "謝謝", "不客氣！"),
        ("en", "Hi!", "Hello! What would you like to know?"),
        ("en", "ok", "Fine!"),
        ("zh-hans", "再见", "再见！"),
    ],
)
async def test_kind_words_are_answered_kindly(
    application: BotApplication,
    telegram: FakeTelegram,
    library: FakeLibrary,
    language_code: str,
    words: str,
    answered: str,
) -> None:
    library.answer = answer(hit(), relevant=False)
    (sent,) = await Person(application, telegram, language_code=language_code).says(words)
    assert sent.text.startswith(answered)
    assert sent.buttons == []


async def test_what_the_archive_knows_goes_before_courtesy(
    person: Person, library: FakeLibrary
) -> None:
    library.answer = answer(hit())
    (sent,) = await person.says("hello")
    assert sent.text.startswith("1. Article 1")
