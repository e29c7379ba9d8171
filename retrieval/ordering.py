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
    swap, or two listings that contradict each other), dates win, then earlier listings, and every
    pair outside such a circle still stands. Keys that nothing relates stand in the order of the
    listings given.

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
    """Kahn's algorithm over knots of cycles, lowest number first; gates are passed unseen."""
    total = nodes + gates
    after: list[list[int]] = [[] for _ in range(total)]
    for earlier, later in (*firm, *soft):
        after[earlier].append(later)
    knot_of = _knots(after)
    members: list[list[int]] = [[] for _ in range(total)]
    for node, knot in enumerate(knot_of):
        members[knot].append(node)
    firm_after: list[list[int]] = [[] for _ in range(total)]
    for earlier, later in firm:
        if knot_of[earlier] == knot_of[later]:
            firm_after[earlier].append(later)
    before = [0] * total
    for earlier in range(total):
        for later in after[earlier]:
            before[knot_of[later]] += knot_of[later] != knot_of[earlier]

    def urgency(knot: int) -> tuple[int, int]:
        lowest = members[knot][0]
        return (lowest if lowest < nodes else -1), knot

    ready = [urgency(knot) for knot in set(knot_of) if not before[knot]]
    heapq.heapify(ready)
    while ready:
        _, knot = heapq.heappop(ready)
        yield from (node for node in _untied(members[knot], after, firm_after) if node < nodes)
        for node in members[knot]:
            for later in after[node]:
                before[knot_of[later]] -= knot_of[later] != knot
                if knot_of[later] != knot and not before[knot_of[later]]:
                    heapq.heappush(ready, urgency(knot_of[later]))


def _untied(
    members: Sequence[int], after: Sequence[Sequence[int]], firm_after: Sequence[Sequence[int]]
) -> Iterator[int]:
    """One knot in an order: where nothing is free, the lowest node whose firm edges are met goes.

    Firm edges alone never make a cycle.
    """
    firm_before = dict.fromkeys(members, 0)
    all_before = dict.fromkeys(members, 0)
    for node in members:
        for later in firm_after[node]:
            firm_before[later] += 1
        for later in after[node]:
            if later in all_before:
                all_before[later] += 1
    free = [node for node in members if not all_before[node]]
    tied = [node for node in members if not firm_before[node]]
    done: set[int] = set()
    while free or tied:
        node = heapq.heappop(free or tied)
        if node in done:
            continue
        done.add(node)
        yield node
        for later in firm_after[node]:
            firm_before[later] -= 1
            if not firm_before[later]:
                heapq.heappush(tied, later)
        for later in after[node]:
            if later in all_before:
                all_before[later] -= 1
                if not all_before[later]:
                    heapq.heappush(free, later)


def _knots(after: Sequence[Sequence[int]]) -> list[int]:
    """For each node the knot it is in: nodes that each follow, by some path, from each other.

    Tarjan's strongly connected components (1972), with a stack of our own in place of recursion.
    """
    total = len(after)
    knot = [-1] * total
    met = [-1] * total
    lowest = [0] * total
    waiting: list[int] = []
    knots = clock = 0
    for root in range(total):
        if met[root] >= 0:
            continue
        path = [(root, iter(after[root]))]
        met[root] = lowest[root] = clock
        clock += 1
        waiting.append(root)
        while path:
            node, following = path[-1]
            for later in following:
                if met[later] < 0:
                    met[later] = lowest[later] = clock
                    clock += 1
                    waiting.append(later)
                    path.append((later, iter(after[later])))
                    break
                if knot[later] < 0:
                    lowest[node] = min(lowest[node], met[later])
            else:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[node])
                if lowest[node] == met[node]:
                    while knot[node] < 0:
                        knot[waiting.pop()] = knots
                    knots += 1
    return knot
