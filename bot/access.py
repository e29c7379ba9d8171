"""Who may ask, and how much: person, chat, moment -> yes, or not before. Touches nothing else."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

_MINUTE, _DAY = 60.0, 86_400.0
#: Questions that whoever had to wait can ask again at once: one sentence for each would be many.
_AGAIN = 3
#: Seconds after which whoever still has to wait is told so once more.
_REMIND = 600.0
#: People and chats whose questions are counted; beyond them whoever asked longest ago begins anew.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` at once, and `most` in `seconds` again and again. Needs `most` >= 1."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: it held so many tokens at the moment `at`."""

    tokens: float
    at: float

    def held(self, rate: Rate, now: float) -> float:
        """Tokens that it holds now."""
        grown = max(0.0, now - self.at) * rate.most / rate.seconds
        return min(float(rate.most), self.tokens + grown)

    def taken(self, rate: Rate, now: float) -> Bucket:
        """One token less."""
        return Bucket(self.held(rate, now) - 1, now)

    def wait(self, rate: Rate, now: float, tokens: int) -> float:
        """Seconds until it holds so many, or all that it can."""
        lacking = min(tokens, rate.most) - self.held(rate, now)
        return max(0.0, lacking * rate.seconds / rate.most)


@dataclass(frozen=True, slots=True)
class Wait:
    """Too much: not before so many whole seconds. `said` where that was told not long ago."""

    seconds: int
    said: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """Questions of a person in a minute and in a day, and of all in one chat; 0 is no limit."""

    person_minute: int = 0
    person_day: int = 0
    chat_minute: int = 0


@dataclass(frozen=True, slots=True)
class _Counted:
    buckets: tuple[Bucket, ...]
    silent_until: float = -math.inf
    told_at: float = -math.inf


class Sparing:
    """Something that whoever it is may have so often, and no more. Moments as for `Limiter`."""

    def __init__(self, rate: Rate, most_counted: int = MOST_COUNTED) -> None:
        self._rate = rate
        self._most_counted = most_counted
        self._counted: OrderedDict[Hashable, Bucket] = OrderedDict()

    def take(self, who: Hashable, now: float) -> bool:
        """Take it once, if there is any."""
        known = self._counted.get(who) or Bucket(self._rate.most, now)
        may = known.held(self._rate, now) >= 1
        self._counted[who] = known.taken(self._rate, now) if may else known
        self._counted.move_to_end(who)
        if len(self._counted) > self._most_counted:
            self._counted.popitem(last=False)
        return may

    def forget(self, who: Hashable) -> None:
        """From now on it is as if they had taken none."""
        self._counted.pop(who, None)

    def __len__(self) -> int:
        return len(self._counted)


class Limiter:
    """Counts questions. What a person asks too much costs the others in the chat nothing.

    Moments are seconds of a clock that only ever grows.
    """

    def __init__(self, limits: Limits, most_counted: int = MOST_COUNTED) -> None:
        self._person = _rates((limits.person_minute, _MINUTE), (limits.person_day, _DAY))
        self._chat = _rates((limits.chat_minute, _MINUTE))
        self._most_counted = most_counted
        self._counted: OrderedDict[Hashable, _Counted] = OrderedDict()

    def ask(self, person_id: int, chat_id: int, now: float) -> Wait | None:
        """Count a question, unless it is too much: then when there may be another."""
        wanted = [(("person", person_id), self._person), (("chat", chat_id), self._chat)]
        for who, rates in wanted:
            if (wait := self._refused(who, rates, now)) is not None:
                return wait
        for who, rates in wanted:
            if rates:
                known = self._of(who, rates, now)
                pairs = zip(known.buckets, rates, strict=True)
                self._keep(who, _Counted(tuple(own.taken(rate, now) for own, rate in pairs)))
        return None

    def __len__(self) -> int:
        return len(self._counted)

    def _refused(self, who: Hashable, rates: Sequence[Rate], now: float) -> Wait | None:
        known = self._of(who, rates, now)
        if now < known.silent_until:
            said = now - known.told_at < _REMIND
            self._keep(who, known if said else replace(known, told_at=now))
            return Wait(math.ceil(known.silent_until - now), said)
        pairs = [*zip(known.buckets, rates, strict=True)]
        if all(own.held(rate, now) >= 1 for own, rate in pairs):
            return None
        seconds = math.ceil(max(own.wait(rate, now, _AGAIN) for own, rate in pairs))
        self._keep(who, _Counted(known.buckets, now + seconds, now))
        return Wait(seconds, said=False)

    def _of(self, who: Hashable, rates: Sequence[Rate], now: float) -> _Counted:
        known = self._counted.get(who)
        return known or _Counted(tuple(Bucket(rate.most, now) for rate in rates))

    def _keep(self, who: Hashable, counted: _Counted) -> None:
        self._counted[who] = counted
        self._counted.move_to_end(who)
        if len(self._counted) > self._most_counted:
            self._counted.popitem(last=False)


def _rates(*wanted: tuple[int, float]) -> tuple[Rate, ...]:
    return tuple(Rate(most, seconds) for most, seconds in wanted if most > 0)
