"""What arrived, held against what was wished: pairs, attempts, kills -> differences. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.telegram.faults import LOST_REPLY

#: An article, by its number, for a place.
Pair = tuple[tuple[int, int], int]

#: Times that a pair may come at all.
MOST = 2


@dataclass(frozen=True)
class Attempt:
    """A request that was to bring these articles to a place.

    `fault` is what it met; `arrived` tells whether people saw it, whatever the bot was told;
    `marked` whether it says that it may have come already.
    """

    place: tuple[int, int]
    numbers: tuple[int, ...]
    fault: str | None
    arrived: bool
    marked: bool


@dataclass
class Verdict:
    """What came of it all; it went well where there are no `differences`."""

    pairs: int = 0
    arrived: int = 0
    twice: int = 0
    lost_replies: int = 0
    cut: int = 0
    dead: int = 0
    differences: list[str] = field(default_factory=list)


def judge(
    wished: Mapping[tuple[int, int], Sequence[int]],
    attempts: Sequence[Attempt],
    cut: Collection[Pair],
    dead: Mapping[Pair, int],
    names: Mapping[tuple[int, int], str],
    in_order: Collection[tuple[int, int]],
) -> Verdict:
    """Each pair once; twice only where the bot could not know; never is too few but for the dead.

    `wished` are the articles of each place, oldest first; `cut` the pairs that were being sent when
    the bot was killed; `dead` the dead letters, each with how many outcomes were unknown; in the
    places `in_order` they must come in their order.
    """
    verdict = Verdict(pairs=sum(map(len, wished.values())), cut=len(cut), dead=len(dead))
    arrivals: Counter[Pair] = Counter()
    first: dict[tuple[int, int], list[int]] = defaultdict(list)
    unsure: set[Pair] = set(cut)
    for attempt in attempts:
        pairs = [(attempt.place, number) for number in attempt.numbers]
        if not attempt.arrived:
            continue
        for pair in pairs:
            if not arrivals[pair]:
                first[attempt.place].append(pair[1])
            elif pair not in unsure:
                verdict.differences.append(f"{_named(pair, names)} came twice for no reason")
            elif not attempt.marked:
                verdict.differences.append(f"{_named(pair, names)} came again without a word of it")
            arrivals[pair] += 1
        if attempt.fault in LOST_REPLY:
            unsure.update(pairs)
            verdict.lost_replies += len(pairs)
    _compare(wished, arrivals, dead, names, verdict)
    for place in in_order:
        if first[place] != sorted(first[place]):
            verdict.differences.append(f"{names[place]}: out of order: {_turned(first[place])}")
    verdict.arrived = len(arrivals)
    verdict.twice = sum(count > 1 for count in arrivals.values())
    return verdict


def _compare(
    wished: Mapping[tuple[int, int], Sequence[int]],
    arrivals: Mapping[Pair, int],
    dead: Mapping[Pair, int],
    names: Mapping[tuple[int, int], str],
    verdict: Verdict,
) -> None:
    differ = verdict.differences.append
    expected = {(place, number) for place, numbers in wished.items() for number in numbers}
    for pair in sorted(expected - arrivals.keys() - dead.keys()):
        differ(f"{_named(pair, names)} never came")
    for pair in sorted((arrivals.keys() | dead.keys()) - expected):
        differ(f"{_named(pair, names)} was not wished for")
    for pair, count in arrivals.items():
        if count > MOST:
            differ(f"{_named(pair, names)} came {count} times")
    for pair, unknown in dead.items():
        if unknown < MOST:
            differ(f"{_named(pair, names)} was given up after {unknown} unknown outcomes")


def _named(pair: Pair, names: Mapping[tuple[int, int], str]) -> str:
    return f"article {pair[1]} for {names.get(pair[0], pair[0])}"


def _turned(numbers: Sequence[int]) -> str:
    pairs = pairwise(numbers)
    return ", ".join(f"{later} before {earlier}" for later, earlier in pairs if later > earlier)
