"""Telegram's limits as arithmetic of moments: what was received -> when the next may begin.

Pure: moments come in as seconds of any steady clock, and nothing waits here. The limits are those
of https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about 30
messages a second overall (paid broadcasts reach 1,000), 1 a second to one chat, and 20 a minute to
one group.

Telegram counts a message when it receives it, and nobody tells us when that is: some time between
the writing of the request and its answer. So what may follow is counted from the latest moment at
which the message can have been received, and begins no sooner than the limit after that.
"""

from __future__ import annotations

import math
from bisect import insort
from heapq import heappop, heappush

#: The windows, in seconds, and the little by which clocks and their rounding may differ.
_EDGE = 0.001
SECOND = 1.0 + _EDGE
MINUTE = 60.0 + _EDGE
IN_A_MINUTE = 20
#: Seconds after which a request counts as received although its answer is still out. Waiting for
#: every answer would cost the time it takes in each second: a tenth of the rate on a slow line.
#: This costs 2 %.
SLACK = 0.02
#: The same, where answers have been quick and this one is not: then the event loop, the network or
#: Telegram stalled, maybe before the request arrived, and time that was saved is spent on waiting.
LATEST = 0.3
#: Seconds that can be saved for this: what all requests of so many seconds can save, and enough
#: for so many that are late at a time.
_SAVING, _LATE_AT_A_TIME = 6.0, 5
#: Whoever looks later than this was kept from looking, and the request perhaps from being written.
_STALL = SLACK / 2
#: Seconds by which those who are late may catch up with an even spacing, beside one message.
_CATCH_UP = 0.1
#: Seconds that the next message to a chat waits for the answer of the one before, at the most.
LONGEST_ANSWER = 30.0

_LONG_AGO = -math.inf
_NEVER = math.inf


class OverallLimit:
    """At most `most` received in any second, to all chats together.

    There are `most` tokens. A request takes one, which is free again a second after the latest
    moment at which it can have been received: so no two requests with the same token arrive within
    a second. Those that are not `ahead` are spaced evenly besides, so that one that is finds a
    token soon: a broadcast that took them all at once would leave none for most of a second.
    """

    def __init__(self, most: int) -> None:
        self._tokens = [_LONG_AGO] * most  # a heap of the moments from which each may be taken
        self._gap = 1.0 / most
        self._catch_up = _CATCH_UP + self._gap
        self._even = _LONG_AGO
        self._under_way: dict[object, tuple[float, float]] = {}  # when begun, its patience
        self._lapses: list[tuple[float, int, object]] = []
        self._expected = 0
        self._most_saved = max(_SAVING * most * SLACK, _LATE_AT_A_TIME * LATEST)
        self._saved = self._most_saved

    def opens(self, now: float, *, ahead: bool) -> float:
        """The moment from which one more may begin, as far as is known; by `now` if at once.

        Infinite where that depends on requests that have taken a token and not begun.
        """
        self._lapse(now)
        if self._tokens:
            moment = self._tokens[0]
        elif self._lapses:
            moment = self._lapses[0][0] + SECOND
        else:
            return _NEVER
        return moment if ahead else max(moment, self._even - self._catch_up)

    def lapses(self, now: float) -> float:
        """When to look again at what is under way, at the latest; infinite if nothing is."""
        self._lapse(now)
        return self._lapses[0][0] if self._lapses else _NEVER

    def take(self, now: float, *, ahead: bool) -> float:
        """Take a token; the moment before which its request may not begin. There must be one."""
        moment = max(now, self.opens(now, ahead=ahead))
        heappop(self._tokens)
        self._even = max(self._even, moment) + self._gap
        return moment

    def give_back(self, moment: float) -> None:
        """A token taken for a request that was never begun, free again from this moment."""
        heappush(self._tokens, moment)
        self._even -= self._gap

    def begin(self, request: object, now: float) -> None:
        """The request that took a token is being written."""
        self._lapse(now)
        patience = LATEST if self._saved >= LATEST - SLACK else SLACK
        self._saved -= patience - SLACK
        self._under_way[request] = (now, patience)
        self._expect(request, now + patience)

    def receive(self, request: object, now: float) -> None:
        """The answer came: the request was received by now."""
        self._lapse(now)
        if request in self._under_way:
            self._count(request, now)

    def _lapse(self, now: float) -> None:
        """Count what has been waited for long enough."""
        while self._lapses and (
            self._lapses[0][0] <= now or self._lapses[0][2] not in self._under_way
        ):
            moment, _, request = heappop(self._lapses)
            if request not in self._under_way:
                continue
            if now - moment > _STALL:
                self._expect(request, now + SLACK)
            else:
                self._count(request, moment)

    def _expect(self, request: object, moment: float) -> None:
        self._expected += 1
        heappush(self._lapses, (moment, self._expected, request))

    def _count(self, request: object, received: float) -> None:
        begun, patience = self._under_way.pop(request)
        self._saved = min(self._saved + patience - (received - begun), self._most_saved)
        heappush(self._tokens, received + SECOND)


class ChatLimit:
    """1 a second to a chat, and 20 a minute where it is a group or channel.

    A message counts when its answer came. `room` is by how many messages one may be ahead of one a
    second: 0 to keep it strictly. `held_until` is the moment until which Telegram wants nothing.
    """

    __slots__ = ("_even", "_minute", "_under_way", "held_until")

    def __init__(self, *, is_group: bool) -> None:
        self.held_until = _LONG_AGO
        self._even = _LONG_AGO
        # When each of the places in a minute becomes free again, sorted.
        self._minute: list[float] | None = [] if is_group else None
        self._under_way: dict[object, float] = {}

    def opens(self, now: float, *, room: int) -> float:
        """The moment from which the next may begin, as far as can be told: sooner if answered."""
        self._lapse(now)
        under_way = len(self._under_way)
        if under_way > room:
            return max(self.held_until, self._next_lapse())
        moment = max(self.held_until, self._even - (room - under_way) * SECOND)
        if self._minute is not None:
            over = under_way + len(self._minute) - IN_A_MINUTE
            if over >= len(self._minute):
                return max(moment, self._next_lapse())
            if over >= 0:
                moment = max(moment, self._minute[over])
        return moment

    def take(self, request: object, now: float) -> None:
        """A request is under way."""
        self._under_way[request] = now

    def give_back(self, request: object) -> None:
        """It was never begun."""
        self._under_way.pop(request, None)

    def receive(self, request: object, now: float) -> None:
        """Its answer came."""
        self._lapse(now)
        if request in self._under_way:
            self._count(request, now)

    def is_idle(self, now: float) -> bool:
        """Whether it is as if nothing had ever been sent."""
        self._lapse(now)
        return not (self._under_way or self._minute) and max(self._even, self.held_until) <= now

    def _next_lapse(self) -> float:
        return next(iter(self._under_way.values())) + LONGEST_ANSWER

    def _lapse(self, now: float) -> None:
        while self._under_way and (moment := self._next_lapse()) <= now:
            self._count(next(iter(self._under_way)), moment)
        if self._minute:
            passed = 0
            while passed < len(self._minute) and self._minute[passed] <= now:
                passed += 1
            del self._minute[:passed]

    def _count(self, request: object, received: float) -> None:
        del self._under_way[request]
        self._even = max(self._even, received) + SECOND
        if self._minute is not None:
            insort(self._minute, received + MINUTE)
