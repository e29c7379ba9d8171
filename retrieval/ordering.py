"""One order out of many listings, keeping each listing's own order and the dates."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Edge = tuple[int, int]
Dates = Sequence[datetime | None]


def merge_listings(
    listings: Sequence[Sequence[Key]], dates: Mapping[Key, datetime | None]
) -> list[Key]:
    """Merge listings, each newest first, into one order, newest first.

    Two dated keys stand by their dates. Any other pair that some listing shows stands as that
    listing shows it. Where that cannot all be had (an undated key between two that their dates
    swap, or two listings that contradict each other), dates win, then earlier listings. Keys that
    nothing relates stand in the order of the listings given.

    Pure. Time and space are linear in the length of the listings, but for a heap: a topological
    order (Kahn 1962) over a graph that holds, instead of all pairs, only those that imply the rest.
    """
    keys = list(dict.fromkeys(key for listing in listings for key in listing))
    number = {key: position for position, key in enumerate(keys)}
    moments = [dates.get(key) for key in keys]
    firm, gates = _date_edges(moments)
    soft = [
        edge
        for listing in listings
        for edge in _listing_edges([number[key] for key in dict.fromkeys(listing)], moments)
    ]
    return [keys[node] for node in _topological(len(keys), gates, firm, soft)]


def _date_edges(moments: Dates) -> tuple[list[Edge], int]:
    """Edges that put later dates first, and how many gates they use.

    A gate is a node of its own between two dates, numbered from `len(moments)`: with it, two
    dates of n and m keys need n + m edges instead of n x m.
    """
    nodes_of: dict[datetime, list[int]] = {}
    for node, moment in enumerate(moments):
        if moment is not None:
            nodes_of.setdefault(moment, []).append(node)
    edges: list[Edge] = []
    gate = len(moments)
    for later, earlier in pairwise(sorted(nodes_of, reverse=True)):
        edges.extend((node, gate) for node in nodes_of[later])
        edges.extend((gate, node) for node in nodes_of[earlier])
        gate += 1
    return edges, gate - len(moments)


def _listing_edges(listing: Sequence[int], moments: Dates) -> Iterator[Edge]:
    """Edges that imply every pair of one listing but those of different dates.

    Nodes of one date, and the undated, form chains. An undated node also follows the oldest dated
    one above it and precedes the newest dated one below it: the date edges imply the others.
    """
    last_of: dict[datetime | None, int] = {}
    for node in listing:
        if moments[node] in last_of:
            yield last_of[moments[node]], node
        last_of[moments[node]] = node

    oldest: tuple[datetime, int] | None = None
    for node in listing:
        moment = moments[node]
        if moment is not None:
            if oldest is None or moment <= oldest[0]:
                oldest = (moment, node)
        elif oldest is not None:
            yield oldest[1], node

    newest: tuple[datetime, int] | None = None
    for node in reversed(listing):
        moment = moments[node]
        if moment is not None:
            if newest is None or moment >= newest[0]:
                newest = (moment, node)
        elif newest is not None:
            yield node, newest[1]


def _topological(
    nodes: int, gates: int, firm: Sequence[Edge], soft: Sequence[Edge]
) -> Iterator[int]:
    """Kahn's algorithm over `nodes` nodes, lowest number first, and the gates, which go at once.

    Where soft edges make a cycle, the lowest node whose firm edges are met goes next: firm edges
    alone never make one.
    """
    total = nodes + gates
    after: list[list[tuple[int, bool]]] = [[] for _ in range(total)]
    firm_before = [0] * total
    soft_before = [0] * total
    for earlier, later in firm:
        after[earlier].append((later, True))
        firm_before[later] += 1
    for earlier, later in soft:
        after[earlier].append((later, False))
        soft_before[later] += 1

    def urgency(node: int) -> int:
        return node if node < nodes else -1

    free: list[tuple[int, int]] = []
    unfirm: list[tuple[int, int]] = []

    def admit(node: int) -> None:
        if not firm_before[node]:
            heapq.heappush(unfirm, (urgency(node), node))
            if not soft_before[node]:
                heapq.heappush(free, (urgency(node), node))

    for node in range(total):
        admit(node)
    done = [False] * total
    while free or unfirm:
        _, node = heapq.heappop(free or unfirm)
        if done[node]:
            continue
        done[node] = True
        if node < nodes:
            yield node
        for later, is_firm in after[node]:
            (firm_before if is_firm else soft_before)[later] -= 1
            if not done[later]:
                admit(later)
