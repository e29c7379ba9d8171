"""Many listings, one order: every pair that a listing shows stands so, unless dates say otherwise."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.ordering import merge_listings

unhurried = settings(deadline=None)

Dates = dict[str, datetime | None]


def day(number: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)


def wanted(
    listings: Sequence[Sequence[str]], dates: Mapping[str, datetime | None]
) -> set[tuple[str, str]]:
    """Every pair, newer first, that the dates or, where they are silent, some listing shows."""
    pairs = set()
    dated = {key for listing in listings for key in listing if dates.get(key) is not None}
    for one, other in combinations(sorted(dated), 2):
        if dates[one] != dates[other]:
            pairs.add((one, other) if dates[one] > dates[other] else (other, one))  # type: ignore[operator]
    for listing in listings:
        for above, below in combinations(dict.fromkeys(listing), 2):
            if not {above, below} <= dated or dates[above] == dates[below]:
                pairs.add((above, below))
    return pairs


def shown(order: Sequence[str]) -> set[tuple[str, str]]:
    return set(combinations(order, 2))


def implied(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs and all that follows from them."""
    keys = {key for pair in pairs for key in pair}
    whole = set(pairs)
    for middle in keys:
        above = [one for one in keys if (one, middle) in whole]
        whole |= {(one, other) for one in above for other in keys if (middle, other) in whole}
    return whole


@st.composite
def archives(draw: st.DrawFn) -> tuple[list[str], list[list[str]], Dates]:
    """A true order, pages of it as they may be saved, and dates that some articles carry."""
    order = [f"a{number}" for number in range(draw(st.integers(1, 14)))]
    moment, dates = 30, {}
    for key in order:
        moment -= draw(st.sampled_from([0, 0, 1, 2]))  # several on one day
        dates[key] = day(moment) if draw(st.booleans()) else None
    page = st.lists(st.sampled_from(order), unique=True, min_size=1).map(
        lambda keys: sorted(keys, key=order.index)
    )
    pages = draw(st.lists(page, min_size=1, max_size=6))
    return order, pages, dates


@given(archives(), st.randoms(use_true_random=False))
@unhurried
def test_consistent_pages_keep_every_pair_whatever_order_they_are_read_in(
    archive: tuple[list[str], list[list[str]], Dates], shuffling: random.Random
) -> None:
    _, pages, dates = archive
    shuffling.shuffle(pages)
    merged = merge_listings(pages, dates)
    assert sorted(merged) == sorted({key for page in pages for key in page})
    assert wanted(pages, dates) <= shown(merged)


@given(st.data())
@unhurried
def test_a_site_that_is_not_sorted_by_date_is_sorted_by_it(data: st.DataObject) -> None:
    """All dated, at random: dates decide, equal dates stand as the page has them."""
    keys = [f"a{number}" for number in range(data.draw(st.integers(1, 12)))]
    dates: Dates = {key: day(data.draw(st.integers(0, 3))) for key in keys}
    merged = merge_listings([keys], dates)
    assert merged == sorted(keys, key=lambda key: dates[key] or day(0), reverse=True)


@st.composite
def contradictions(draw: st.DrawFn) -> tuple[list[list[str]], Dates]:
    keys = [f"a{number}" for number in range(draw(st.integers(1, 9)))]
    listing = st.lists(st.sampled_from(keys), min_size=1, max_size=9)
    listings = draw(st.lists(listing, min_size=1, max_size=5))
    dates = {key: draw(st.one_of(st.none(), st.integers(0, 4).map(day))) for key in keys}
    return listings, dates


@given(contradictions())
@unhurried
def test_contradictory_pages_lose_no_article_and_obey_the_dates(
    case: tuple[list[list[str]], Dates],
) -> None:
    listings, dates = case
    merged = merge_listings(listings, dates)
    assert sorted(merged) == sorted({key for listing in listings for key in listing})
    moments = [dates[key] for key in merged if dates[key] is not None]
    assert moments == sorted(moments, reverse=True)  # type: ignore[type-var]


@given(contradictions())
@unhurried
def test_a_contradiction_disturbs_only_the_articles_it_is_about(
    case: tuple[list[list[str]], Dates],
) -> None:
    """A pair that no chain of other pairs contradicts stands, whatever else is contradicted."""
    listings, dates = case
    pairs = wanted(listings, dates)
    contradicted = {(below, above) for above, below in implied(pairs)}
    assert pairs - contradicted <= shown(merge_listings(listings, dates))


def test_an_unrelated_old_page_read_first_stays_below_a_contradiction() -> None:
    dates: Dates = {"a": day(1), "b": day(2)}
    old, new = ["o1", "o2"], ["a", "u", "b", "o1"]
    merged = merge_listings([old, new], dates)
    assert merged[3:] == ["o1", "o2"]
    assert merged.index("b") < merged.index("a")


@pytest.mark.parametrize(
    ("listings", "order"),
    [
        ([], []),
        ([[]], []),
        ([["a"], ["b"]], ["a", "b"]),
        ([["b", "c"], ["a", "b"]], ["a", "b", "c"]),
        ([["a", "b"], ["b", "a"]], ["a", "b"]),
        ([["a", "a", "b", "a"]], ["a", "b"]),
        ([["x", "a", "b", "c"], ["a", "b", "c", "x"]], ["x", "a", "b", "c"]),
    ],
)
def test_undated_pages(listings: list[list[str]], order: list[str]) -> None:
    assert merge_listings(listings, {}) == order


def test_an_undated_article_holds_its_place_between_dated_ones_of_other_pages() -> None:
    dates: Dates = {"new": day(9), "mid": day(5), "old": day(1)}
    listings = [["new", "u", "old"], ["mid", "v"], ["new", "mid", "u"]]
    merged = merge_listings(listings, dates)
    assert [key for key in merged if key != "v"] == ["new", "mid", "u", "old"]
    assert merged.index("v") > merged.index("mid")


def test_one_day_read_in_two_time_zones_is_one_moment() -> None:
    china = day(3).astimezone(tz=None)
    assert merge_listings([["a", "b"], ["b", "c"]], {"a": china, "b": day(3), "c": china}) == [
        "a",
        "b",
        "c",
    ]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("dated", [False, True])
def test_large_archives_merge_soon(dated: bool) -> None:
    """Also where one page was saved sorted the other way round: one contradiction a pair."""
    order = [f"a{number}" for number in range(5000)]
    pages = [order[start : start + 12] for start in range(0, 5000, 10)]
    dates: Dates = {key: day(-number // 3) for number, key in enumerate(order) if number % 2}
    started = time.process_time()
    assert merge_listings(pages[::-1], dates if dated else {}) == order
    merged = merge_listings([order, order[::-1]], dates if dated else {})
    assert len(merged) == 5000
    assert time.process_time() - started < 5
