"""Which language people and chats chose, as the ledger keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.ledger import Ledger
from bot.ledger.records import ChatFacts
from tests.bot.ledger.world import NOW


def group(ledger: Ledger, chat_id: int = -5, topic: int = 0) -> None:
    facts = ChatFacts(chat_id, "supergroup", "Readers")
    ledger.subscribers.ensure(facts, topic, NOW, zone="UTC", language="en")


def places(ledger: Ledger, chat_id: int) -> list[str]:
    found = [ledger.subscribers.place(chat_id, topic) for topic in (0, 9)]
    return [place.language for place in found if place is not None]


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_the_people_seen_last_come_last(ledger: Ledger) -> None:
    chosen = ledger.languages
    for number in (1, 2, 3):
        ledger.do(chosen.choose(number, "zh-Hans", "en", later(number)))
    assert [*chosen.lately(2)] == [2, 3]
    assert (chosen.of(1), chosen.of(4)) == ("zh-Hans", None)
    ledger.do(chosen.choose(3, None, "en", later(9)))
    assert [*chosen.lately(9)] == [1, 2]


def test_a_chats_is_that_of_all_its_topics(ledger: Ledger) -> None:
    group(ledger)
    group(ledger, topic=9)
    ledger.do(ledger.languages.choose_for_chat(-5, "zh-Hant"))
    assert places(ledger, -5) == ["zh-Hant", "zh-Hant"]
    assert ledger.languages.lately(9) == {-5: "zh-Hant"}
    ledger.do(ledger.languages.choose_for_chat(-5, None))
    assert places(ledger, -5) == ["zh-Hant", "zh-Hant"]
    assert ledger.languages.lately(9) == {}


def test_a_chat_that_moves_takes_it_along_unless_one_was_chosen_there(ledger: Ledger) -> None:
    group(ledger)
    ledger.do(ledger.languages.choose_for_chat(-5, "zh-Hant"))
    ledger.subscribers.move(-5, -6)
    assert ledger.languages.lately(9) == {-6: "zh-Hant"}
    group(ledger, -7)
    ledger.do(ledger.languages.choose_for_chat(-7, "zh-Hans"))
    ledger.subscribers.move(-6, -7)
    assert ledger.languages.lately(9) == {-7: "zh-Hans"}
    assert places(ledger, -7) == ["zh-Hans"]
