"""Turns: who is next, whatever happens to those who wait."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.turns import Ranking, Turn, Turns


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.none() | st.sampled_from([0.0, 1.0, 2.5, 7.0])),
        max_size=400,
    )
)
def test_the_first_is_always_the_lowest(changes: list[tuple[int, float | None]]) -> None:
    ranking: Ranking[int] = Ranking()
    ranks: dict[int, float] = {}
    for item, rank in changes:
        if rank is None:
            ranking.drop(item)
            ranks.pop(item, None)
        else:
            ranking.put(item, rank)
            ranks[item] = rank
        found = ranking.first()
        assert len(ranking) == len(ranks)
        assert (found is None) == (not ranks)
        if found is not None:
            assert found[0] == min(ranks.values()) == ranks[found[1]]


def test_a_ranking_does_not_grow_by_what_left_it() -> None:
    ranking: Ranking[int] = Ranking()
    ranking.put(-1, 0.0)
    for item in range(10_000):
        ranking.put(item, 1.0)
        ranking.drop(item)
    assert len(ranking._heap) < 200


def test_chats_are_forgotten_a_minute_later() -> None:
    turns = Turns(burst=1)
    for chat_id in range(1, 10_001):
        turn = turns.join(chat_id, chat_id / 1000, ahead=False, early=False)
        turns.leave(turn, chat_id / 1000)
    assert len(turns) == 10_000
    for now in range(2000):
        turns.chat(-5, 100.0 + now)
    assert len(turns) == 1


def test_a_chat_that_must_wait_for_hours_is_not_forgotten_before() -> None:
    turns = Turns(burst=1)
    turns.chat(7, 0.0).limit.held_until = 43_837.0
    for now in range(0, 43_800, 30):
        turns.chat(-5, float(now))
    assert turns.held_until(7) == 43_837.0
    for now in range(43_800, 44_000, 30):
        turns.chat(-5, float(now))
    assert len(turns) == 1


def test_those_who_left_are_never_next() -> None:
    turns = Turns(burst=1)
    waiting = [turns.join(n % 3 + 1, 0.0, ahead=n % 2 == 0, early=False) for n in range(30)]
    for turn in waiting[::2]:
        turns.leave(turn, 0.0)
    order: list[Turn] = []
    while (turn := turns.first(0.0)) is not None:  # type: ignore[assignment]  # None ends it
        order.append(turn)
        turns.leave(turn, 0.0)
    assert order == waiting[1::2]
