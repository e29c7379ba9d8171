"""Who is let in, as far as settings and memory tell: no Telegram, no ledger."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.admission import (
    Admission,
    Became,
    ByCode,
    Mode,
    Origin,
    Rules,
    SubscribedBy,
    digest_of,
    is_try,
    origin_of,
)
from bot.deep_links import article_payload, question_payload, remembered_payload
from tests.bot.closed import CODE, INVITED, listed

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
ANN, BOB, GROUP, CHANNEL = 1, 2, -10, -1001
DIGEST = digest_of(CODE)


class Store:
    """Keeps origins as the ledger does, and counts how often it is asked."""

    def __init__(self, kept: dict[int, Origin] | None = None) -> None:
        self.kept = {number: str(origin) for number, origin in (kept or {}).items()}
        self.reads = 0

    def origin(self, number: int) -> str | None:
        self.reads += 1
        return self.kept.get(number)

    def let_in(self, number: int, origin: str, now: datetime) -> None:
        self.kept[number] = origin

    def lately(self, limit: int) -> dict[int, str]:
        return dict([*self.kept.items()][-limit:])


def begun(rules: Rules, store: Store, most: int = 100) -> Admission:
    admission = Admission(rules, store, most)
    admission.load(store.lately)
    return admission


@pytest.mark.parametrize(
    ("mode", "let_in"),
    [
        (Mode.PUBLIC, {ANN, BOB, GROUP, CHANNEL}),
        (Mode.LISTED, {BOB, CHANNEL}),
        (Mode.INVITED, {ANN, BOB, GROUP, CHANNEL}),
    ],
)
def test_a_mode_says_whom_it_lets_in(mode: Mode, let_in: set[int]) -> None:
    code = CODE if mode is Mode.INVITED else None
    store = Store({ANN: ByCode(DIGEST), GROUP: ByCode(DIGEST)})
    admission = begun(Rules(mode, frozenset({BOB, CHANNEL}), code), store)
    assert {each for each in (ANN, BOB, GROUP, CHANNEL) if admission.lets_in(each)} == let_in
    assert admission.lets_in(99) == (mode is Mode.PUBLIC)
    assert admission.is_public == (mode is Mode.PUBLIC)
    assert store.reads == 0


def test_without_rules_everybody_is_let_in() -> None:
    admission = Admission()
    assert admission.lets_in(5)
    assert admission.serves(-5)
    assert not admission.came_by_code(5)


async def test_a_person_or_the_chat_is_enough() -> None:
    admission = begun(listed(ANN, GROUP), Store())
    assert await admission.admits(ANN, -99)
    assert await admission.admits(BOB, GROUP)
    assert await admission.admits(None, GROUP)
    assert not await admission.admits(BOB, -99)
    assert not await admission.admits(BOB, BOB)
    assert not await admission.admits(None, None)


def test_news_goes_where_somebody_who_is_let_in_subscribed_but_nobody_is_let_in_by_that() -> None:
    store = Store({CHANNEL: SubscribedBy(ANN), GROUP: SubscribedBy(BOB), -11: SubscribedBy(3)})
    store.kept[3] = str(ByCode(DIGEST))
    admission = begun(Rules(Mode.INVITED, frozenset({ANN}), CODE), store)
    assert [admission.serves(each) for each in (ANN, BOB, CHANNEL, GROUP, -11)] == [
        True,
        False,
        True,
        False,
        True,
    ]
    assert not admission.lets_in(CHANNEL)
    admission.forget(3)
    assert not admission.serves(-11)
    admission.keep(3, ByCode(DIGEST))  # who comes again has to subscribe again
    assert not admission.serves(-11)


def test_an_earlier_code_counts_as_long_as_the_owner_says_so() -> None:
    store = Store({ANN: ByCode(digest_of("an-earlier-one")), BOB: ByCode(DIGEST)})
    assert begun(INVITED, store).lets_in(ANN)
    strict = begun(Rules(Mode.INVITED, code=CODE, old_codes=False), store)
    assert not strict.lets_in(ANN)
    assert strict.lets_in(BOB)


def test_only_the_very_code_opens() -> None:
    admission = Admission(INVITED)
    assert admission.opens(CODE) == ByCode(DIGEST)
    for wrong in ("", CODE.lower(), f"{CODE} ", CODE[:-1], f"{CODE}1", "邀请码", "\ud800", DIGEST):
        assert admission.opens(wrong) is None
    assert Admission(listed()).opens(CODE) is None
    assert Admission().opens(CODE) is None


def test_the_code_is_shown_nowhere() -> None:
    assert CODE not in f"{INVITED!r} {Admission(INVITED)!r} {DIGEST}"
    assert len(str(ByCode(DIGEST))) <= 64  # what the ledger has room for
    assert digest_of(CODE) != digest_of("open-Sesame_2")


def test_who_would_lose_it_by_being_forgotten() -> None:
    store = Store({ANN: ByCode(DIGEST), BOB: ByCode(DIGEST), CHANNEL: SubscribedBy(ANN)})
    admission = begun(Rules(Mode.INVITED, frozenset({BOB}), CODE), store)
    came = [each for each in (ANN, BOB, CHANNEL, 99) if admission.came_by_code(each)]
    assert came == [ANN]


@given(st.integers(-(2**62), 2**62), st.text("0123456789abcdef", min_size=1))
def test_what_the_ledger_keeps_is_read_again(number: int, digest: str) -> None:
    for origin in (ByCode(digest), Became(number), SubscribedBy(number)):
        assert origin_of(str(origin)) == origin


@given(st.none() | st.text() | st.from_regex(r"(was|by|code):.*"))
def test_what_anybody_else_wrote_lets_nobody_in(kept: str | None) -> None:
    origin = origin_of(kept)
    assert origin is None or str(origin) == kept or isinstance(origin, Became | SubscribedBy)


def test_links_of_ours_are_no_tries() -> None:
    links = [article_payload("a1"), question_payload("how?"), remembered_payload("how?"), "inline"]
    assert not any(is_try(each or "") for each in [*links, ""])
    assert all(is_try(each) for each in (CODE, "wrong", "two words", "A_upper_case", "邀请码"))


def test_a_named_group_is_let_in_under_its_new_number_and_after_a_restart(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Store()
    admission = begun(listed(GROUP), store)
    for _ in range(2):  # both groups tell
        admission.moved(GROUP, -1002, NOW)
    assert admission.lets_in(-1002)
    assert begun(listed(GROUP), store).lets_in(-1002)
    assert not begun(listed(BOB), store).lets_in(-1002)
    assert len(caplog.records) == 1
    assert "-1002: please write that number there" in caplog.text
    assert begun(listed(-1002), store).lets_in(-1002)


def test_a_group_keeps_what_let_it_in_under_its_new_number() -> None:
    admission = begun(INVITED, Store({GROUP: ByCode(DIGEST), -11: SubscribedBy(ANN)}))
    admission.keep(ANN, ByCode(DIGEST))
    admission.moved(GROUP, -1002, NOW)
    admission.moved(-11, -1003, NOW)
    admission.moved(-99, -1004, NOW)
    admission.moved(-11, -1002, NOW)  # which has a reason of its own
    assert admission.lets_in(-1002)
    assert admission.serves(-1003)
    assert not admission.lets_in(-1003)
    assert not admission.lets_in(-1004)


@pytest.mark.parametrize("rules", [INVITED, listed(GROUP)])
def test_who_subscribed_the_supergroup_before_it_was_told_shuts_nobody_out(rules: Rules) -> None:
    store = Store({ANN: ByCode(DIGEST), GROUP: ByCode(DIGEST), -1002: SubscribedBy(ANN)})
    admission = begun(rules, store)
    admission.moved(GROUP, -1002, NOW)
    assert admission.lets_in(-1002)
    del store.kept[GROUP]  # the ledger moves it
    assert begun(rules, store).lets_in(-1002)


def test_a_code_that_counts_no_more_takes_nobodys_place() -> None:
    store = Store({ANN: ByCode(DIGEST), GROUP: ByCode("older"), -1002: SubscribedBy(ANN)})
    admission = begun(replace(INVITED, old_codes=False), store)
    admission.moved(GROUP, -1002, NOW)
    assert admission.serves(-1002)


_changes = st.lists(
    st.tuples(
        st.sampled_from(["code", "forget", "subscribe", "ask"]),
        st.integers(1, 6),
        st.integers(-6, -1),
    ),
    max_size=30,
)


@settings(deadline=None, max_examples=40)
@given(_changes, st.integers(1, 4))
def test_a_small_memory_tells_the_same_as_a_large_one(
    changes: list[tuple[str, int, int]], most: int
) -> None:
    store = Store()
    small, large = begun(INVITED, store, most), begun(INVITED, store)

    def write(number: int, origin: Origin | None) -> None:
        if origin is None:
            for each in [number, *(n for n, o in store.kept.items() if o == f"by:{number}")]:
                store.kept.pop(each, None)
        else:
            store.kept[number] = str(origin)

    for what, person, chat in changes:
        for admission in (small, large):
            match what:
                case "code":
                    write(person, ByCode(DIGEST))
                    admission.keep(person, ByCode(DIGEST))
                case "subscribe":
                    write(chat, SubscribedBy(person))
                    admission.keep(chat, SubscribedBy(person))
                case "forget":
                    write(person, None)
                    admission.forget(person)
        for number in (person, chat):
            assert small.lets_in(number) == large.lets_in(number)
            assert small.serves(number) == large.serves(number)
        assert len(small._known) <= most


def _strangers(count: int) -> Iterator[int]:
    return iter(range(10_000, 10_000 + count))


def test_memory_is_bounded_and_threads_may_ask() -> None:
    store = Store({number: ByCode(DIGEST) for number in range(1, 60)})
    admission = begun(INVITED, store, most=50)
    with ThreadPoolExecutor(4) as threads:
        assert not any(threads.map(admission.serves, _strangers(400)))
        assert all(threads.map(admission.serves, range(1, 60)))
    assert len(admission._known) == 50
    reads = store.reads
    assert all(admission.lets_in(number) for number in (58, 59))
    assert store.reads == reads
