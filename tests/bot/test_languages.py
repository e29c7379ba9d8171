"""Choices in memory: bounded, and what does not fit is read where it is needed."""

from __future__ import annotations

from bot.languages import Languages


class Store:
    """Counts what is read of it."""

    def __init__(self, **chosen: str) -> None:
        self.chosen = {int(name[1:]): language for name, language in chosen.items()}
        self.reads: list[int] = []

    def lately(self, limit: int) -> dict[int, str]:
        return dict([*self.chosen.items()][-limit:])

    def of(self, number: int) -> str | None:
        self.reads.append(number)
        return self.chosen.get(number)


async def test_where_all_fit_nothing_is_read() -> None:
    store, languages = Store(_1="en", _2="zh-Hans"), Languages()
    languages.load(store.lately)
    assert [await languages.of(number, store.of) for number in (1, 2, 3)] == ["en", "zh-Hans", None]
    languages.keep(1, None)
    languages.keep(3, "zh-Hant")
    assert [await languages.of(number, store.of) for number in (1, 3)] == [None, "zh-Hant"]
    assert store.reads == []


async def test_what_does_not_fit_is_read_and_held_for_a_while() -> None:
    store, languages = Store(_1="en", _2="zh-Hans", _3="zh-Hant"), Languages(most=2)
    languages.load(store.lately)
    assert [await languages.of(number, store.of) for number in (2, 3)] == ["zh-Hans", "zh-Hant"]
    assert store.reads == []
    for _ in range(2):
        assert await languages.of(1, store.of) == "en"
        assert await languages.of(9, store.of) is None
    assert store.reads == [1, 9]
    assert await languages.of(2, store.of) == "zh-Hans"
    assert store.reads == [1, 9, 2]


async def test_a_chat_takes_its_language_along() -> None:
    store, languages = Store(_1="en", _2="zh-Hans", _3="zh-Hant"), Languages()
    languages.load(store.lately)
    languages.moved(1, 9)
    languages.moved(2, 3)
    assert [await languages.of(number, store.of) for number in (1, 9, 2, 3)] == [
        None,
        "en",
        None,
        "zh-Hant",
    ]
