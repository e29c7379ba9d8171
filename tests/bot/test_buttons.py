"""Buttons: what they carry, and that what they carry is understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot import buttons
from bot.buttons import (
    PAGES,
    SET,
    Pressed,
    change_of,
    notice_keyboard,
    pack,
    settings_keyboard,
    strictness_keyboard,
    subscriptions_keyboard,
    unpack,
    zone_keyboard,
)
from bot.cities import USUAL_ZONES
from bot.ledger.records import Place, Rhythm, Subscription
from bot.notices import ON_A_PAGE
from bot.wishes import Wish
from bot.wording import CHINESE, ENGLISH, LANGUAGES, Wording

LARGEST = 2**53  # chat ids have at most 52 bits, and so has anything that the ledger counts
PLACE = Place(LARGEST, -100123, 0, "supergroup", "Readers", ENGLISH, "Asia/Shanghai")
wording = Wording(ENGLISH)

numbers = st.integers(-(10**18) + 1, 10**18 - 1)
ascii_words = st.from_regex(r"[A-Za-z0-9_/+.-]{1,20}", fullmatch=True)
kinds = st.from_regex(r"[a-z]{1,16}", fullmatch=True)


def pressed(keyboard: InlineKeyboardMarkup | None) -> Iterator[tuple[str, Pressed]]:
    """The labels of a keyboard, and what is understood of each."""
    assert keyboard is not None
    assert all(keyboard.inline_keyboard), "a row without buttons"
    for button in (button for row in keyboard.inline_keyboard for button in row):
        assert isinstance(button.callback_data, str)
        assert 1 <= len(button.callback_data.encode()) <= 64
        understood = unpack(button.callback_data)
        assert understood is not None
        yield button.text, understood


def labels(keyboard: InlineKeyboardMarkup | None) -> list[str]:
    return [label for label, _ in pressed(keyboard)]


@settings(deadline=None)
@given(kinds, st.lists(st.one_of(numbers, ascii_words), max_size=2))
def test_what_is_packed_is_unpacked(kind: str, values: list[int | str]) -> None:
    assert unpack(pack(kind, *values)) == Pressed(kind, tuple(values))


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), st.from_regex(r"1:[a-z]+(:=?[0-9A-Za-z-]*)*")))
def test_any_text_is_unpacked_to_something_that_packs_to_it_or_to_nothing(data: str) -> None:
    understood = unpack(data)
    assert understood is None or pack(understood.kind, *understood.values) == data


@pytest.mark.parametrize(
    "data",
    [
        None,
        7,
        b"1:ask:=a1",
        "",
        "1",
        "1:",
        "2:ask:=a1",
        "0:ask:=a1",
        "1:ASK:=a1",
        "1:ask:a1",
        "1:ask:",
        "1:ask:=",
        "1:ask:01",
        "1:ask:-0",
        "1:ask:\u0663",
        "1:ask:=\u4e2d",
        "1:ask:1\n",
        "1:ask:" + "1" * 60,
    ],
)
def test_what_was_never_packed_is_nothing(data: object) -> None:
    """FAILURES 27"""
    assert unpack(data) is None


@settings(deadline=None)
@given(st.one_of(st.binary(), st.none(), st.integers(), st.floats(), st.lists(st.text())))
def test_unpacking_never_raises(data: object) -> None:
    """FAILURES 27"""
    assert unpack(data) is None


def test_an_id_of_digits_stays_a_word() -> None:
    assert unpack(pack("ask", "012345678901")) == Pressed("ask", ("012345678901",))


@pytest.mark.parametrize("values", [("中",), ("a b",), ("",), ("a:b",), ("x" * 64,), (10**19,)])
def test_what_does_not_fit_is_refused(values: tuple[int | str, ...]) -> None:
    with pytest.raises(ValueError, match="cannot be the data of a button"):
        pack("ask", *values)


def test_a_notice_can_be_asked_about_and_stopped_but_not_by_a_channels_readers() -> None:
    below = dict(pressed(notice_keyboard("012345678901", wording)))
    assert below == {
        "Ask about this": Pressed("ask", ("012345678901",)),
        "More like this": Pressed("like", ("012345678901",)),
        "Stop these": Pressed("stop", ("012345678901",)),
    }
    assert notice_keyboard("a1", wording, channel=True) is None


def subscriptions(count: int) -> list[Subscription]:
    return [
        Subscription(LARGEST - number, PLACE.id, Wish(tags=(f"tag {number} " + "😀" * 90,)), 0)
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, ON_A_PAGE, ON_A_PAGE + 1, 3 * ON_A_PAGE + 2])
def test_every_subscription_can_be_removed_from_some_page(count: int) -> None:
    """Turning the pages as a person would."""
    own = subscriptions(count)
    found, page, turned = [], 0, 0
    keyboard = subscriptions_keyboard(own, wording)
    while keyboard is not None and turned <= count:
        buttons_there = dict(pressed(keyboard))
        found += [each.values[0] for each in buttons_there.values() if each.kind == "remove"]
        forth = buttons_there.get("Next »")
        keyboard = None
        if forth is not None:
            assert forth == Pressed("list", (PLACE.id, page + 1))
            page, turned = page + 1, turned + 1
            keyboard = subscriptions_keyboard(own, wording, page)
            back = dict(pressed(keyboard))["« Back"]
            assert back == Pressed("list", (PLACE.id, page - 1))
    assert found == [one.id for one in own]


def test_a_page_that_is_no_more_is_the_last() -> None:
    own = subscriptions(ON_A_PAGE + 1)
    assert subscriptions_keyboard(own, wording, 99) == subscriptions_keyboard(own, wording, 1)
    assert subscriptions_keyboard(own, wording, -1) == subscriptions_keyboard(own, wording, 0)


@pytest.mark.parametrize(
    ("strictness", "offered"),
    [
        (-2, {"Stricter": -1}),
        (0, {"Looser": -1, "Stricter": 1}),
        (2, {"Looser": 1}),
    ],
)
def test_stricter_and_looser_end_somewhere(strictness: int, offered: dict[str, int]) -> None:
    one = Subscription(7, 1, Wish(about="扩散模型", strictness=strictness), 0)
    there = dict(pressed(strictness_keyboard(one, wording)))
    assert there.pop("Remove") == Pressed("remove", (7,))
    assert there == {label: Pressed("strict", (7, wanted)) for label, wanted in offered.items()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [*PAGES, "no-such-page"])
def test_every_button_of_the_settings_leads_to_a_page_or_makes_a_change(
    page: str, language: str
) -> None:
    for rhythm in Rhythm:
        place = replace(PLACE, rhythm=rhythm, quiet_from=1320, quiet_to=420)
        for label, press in pressed(settings_keyboard(place, Wording(language), page)):
            assert label != "…"
            assert press.values[0] == PLACE.id
            if press.kind == "page":
                assert press.values[1] in PAGES
                continue
            change = change_of(press)
            assert change
            after = replace(place, **change)
            shown = labels(settings_keyboard(after, Wording(language), page))
            assert label.startswith("✓") or label not in shown, "nothing to be seen of it"


def test_every_setting_can_be_reached_and_set() -> None:
    weekly = replace(PLACE, rhythm=Rhythm.WEEKLY)
    main = [press for _, press in pressed(settings_keyboard(weekly, wording))]
    assert {each.values[1] for each in main if each.kind == "page"} == {*PAGES} - {"main"}
    changes = [
        change_of(press) or {}
        for page in PAGES
        for _, press in pressed(settings_keyboard(weekly, wording, page))
        if press.kind == SET
    ]
    assert {change["rhythm"] for change in changes if "rhythm" in change} == {*Rhythm}
    assert {change["hour"] for change in changes if "hour" in change} == {*range(24)}
    assert {change["weekday"] for change in changes if "weekday" in change} == {*range(7)}
    assert {change["zone"] for change in changes if "zone" in change} == {*USUAL_ZONES}
    assert {(22 * 60, 7 * 60), (None, None)} <= {
        (change["quiet_from"], change["quiet_to"]) for change in changes if "quiet_to" in change
    }
    for switch in ("silent", "preview", "paused"):
        assert [change[switch] for change in changes if switch in change] == [
            not getattr(weekly, switch)
        ]


def test_only_a_digest_has_an_hour_and_only_a_weekly_one_a_day() -> None:
    there = {
        rhythm: set(labels(settings_keyboard(replace(PLACE, rhythm=rhythm), wording)))
        for rhythm in Rhythm
    }
    assert not {"Hour", "Day"} & there[Rhythm.AT_ONCE]
    assert there[Rhythm.DAILY] & {"Hour", "Day"} == {"Hour"}
    assert {"Hour", "Day"} <= there[Rhythm.WEEKLY]


def test_hours_stand_in_rows_of_six() -> None:
    rows = settings_keyboard(PLACE, wording, "hour").inline_keyboard
    assert [len(row) for row in rows] == [6, 6, 6, 6, 1]


@pytest.mark.parametrize(
    "values",
    [
        (),
        (1,),
        (1, "hour"),
        (1, "hour", 24),
        (1, "hour", -1),
        (1, "hour", "nine"),
        (1, "weekday", 7),
        (1, "rhythm", "hourly"),
        (1, "rhythm", "AT_ONCE_"),
        (1, "quiet", 60),
        (1, "quiet", 60, 60),
        (1, "quiet", 0, 1440),
        (1, "zone", 999),
        (1, "zone", "Nowhere/Land"),
        (1, "zone", "../../etc/passwd"),
        (1, "zone", "Asia"),
        (1, "silent", 2),
        (1, "id", 1),
        ("1", "hour", 9),
    ],
)
def test_a_forged_change_changes_nothing(values: tuple[int | str, ...]) -> None:
    assert change_of(Pressed(SET, values)) is None
    assert change_of(Pressed("page", (1, "hour", 9))) is None


def test_zones_found_by_name_can_be_chosen() -> None:
    """The longest name there is fits into the data of a button."""
    found = [*sorted(available_timezones(), key=len)[-3:], "Europe/Lisbon", "Asia/Tokyo"]
    offered = list(pressed(zone_keyboard(PLACE, Wording(CHINESE), found)))[:-1]
    assert [(change_of(press) or {})["zone"] for _, press in offered] == found
    assert [label for label, _ in offered][-2:] == ["Europe/Lisbon", "东京"]


def test_zones_in_chats_keep_their_places() -> None:
    """Buttons in chats name them by number: append, and lengthen this, but never change it."""
    assert USUAL_ZONES[:6] == (
        "UTC",
        "Asia/Shanghai",
        "Asia/Hong_Kong",
        "Asia/Taipei",
        "Asia/Singapore",
        "Asia/Tokyo",
    )
    assert USUAL_ZONES[17] == "Australia/Sydney"
    assert len(set(USUAL_ZONES)) == len(USUAL_ZONES)
    assert set(USUAL_ZONES) <= available_timezones()


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_short(language: str) -> None:
    said = Wording(language)
    for keyboard in (
        notice_keyboard("a1", said),
        subscriptions_keyboard(subscriptions(3), said),
        *(settings_keyboard(PLACE, said, page) for page in PAGES),
    ):
        assert all(0 < len(label) <= buttons.LONGEST_LABEL + 1 for label in labels(keyboard))
