"""When the next message may go to Telegram: who waits -> whose turn it is -> a slot.

The limits (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this): about
30 messages a second overall, up to 1,000 for those who pay for broadcasts; 1 a second to one chat;
20 a minute to one group, and we count channels as groups. Past them comes 429, with the seconds to
wait, which may be hours.

python-telegram-bot's own `AIORateLimiter` does not do: it knows no limit for a private chat, it
counts requests when they leave and not when they arrive, it lets nobody go ahead, and one 429 for
one chat stops all requests to all chats for as long as that one was told to wait.

Here replies go ahead of broadcasts, a chat that must wait holds up no other, and an answer of 429
holds its chat alone, unless everybody gets one.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.limits import OverallLimit
from bot.turns import ChatId, Turn, Turns

#: The limit is everybody's when so many different chats in a row meet a 429 within so many seconds.
_CHATS_IN_A_ROW = 3
_ROW_SECONDS = 5.0
#: Seconds before its moment at which the turn of one who has something to do comes, at the most.
_MOST_EARLY = 0.25
#: Weight of the newest in how long such a thing takes; and how much more than that is allowed for.
_NEWEST = 1 / 16
_ALLOWANCE = 1.5
#: Seconds; less could be no progress at all where the clock's numbers are large.
_SHORTEST_SLEEP = 1e-6


class Slot:
    """Leave to write one message to one chat. `waited` seconds were spent in line."""

    def __init__(self, pace: Pace, turn: Turn) -> None:
        self._pace = pace
        self._turn = turn
        self._joined = pace._clock()
        self._granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._not_before = -math.inf
        self._has_begun = False
        self.waited = 0.0

    async def begin(self) -> None:
        """Return when the request may be written, which must happen at once.

        Of use to one who asked for an `early` slot; else it has happened already.
        """
        if self._has_begun:
            return
        pace = self._pace
        if self._turn.early:
            pace._took(pace._clock() - self._joined - self.waited)
        while (wait := self._not_before - pace._clock()) > 0:
            await pace._sleep(max(wait, _SHORTEST_SLEEP))
        self._has_begun = True
        pace._begin(self)


class Pace:
    """Gives out slots so that a server that keeps the limits strictly never answers 429.

    `rate` is the messages a second overall, at least 1; what is over a whole number is left out.
    `burst` replies may go to a chat at once before 1 a second holds there: more than 1 is what
    Telegram tolerates, not what it promises. Lives in one event loop; needs no closing: nothing is
    left running when nobody waits. Raises `ValueError` for a rate or burst below 1.
    """

    def __init__(
        self,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        *,
        burst: int = 1,
    ) -> None:
        if rate < 1 or burst < 1:
            raise ValueError(f"rate {rate:g} and burst {burst} must be at least 1")
        self._clock = clock
        self._sleep = sleep
        self._overall = OverallLimit(int(rate))
        self._turns = Turns(burst)
        self._waiting: dict[Turn, Slot] = {}
        self._held_until = -math.inf
        self._early = 0.0
        self._row: OrderedDict[ChatId, tuple[float, float]] = OrderedDict()
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at = math.inf

    @asynccontextmanager
    async def slot(
        self, chat_id: ChatId, *, ahead: bool, early: bool = False
    ) -> AsyncIterator[Slot]:
        """Wait for the turn to write one message to this chat; the block is the request.

        Telegram has received it when the block ends, or shortly after its begin where the answer
        takes long. An id that is a name (`@channel`) or negative is a group's or channel's.

        `early` is for one who must do something between having the turn and writing the request:
        the turn then comes sooner by about as long as that has taken of late, and the request may
        be written when `await slot.begin()` returns. A block that ends without that has written
        nothing, and its turn goes to another.
        """
        slot = await self._turn(chat_id, ahead=ahead, early=early)
        try:
            if not early:
                await slot.begin()
            yield slot
        finally:
            self._end(slot)

    def wait_chat(self, chat_id: ChatId, seconds: float) -> None:
        """Telegram wants nothing for this chat for so long."""
        now = self._clock()
        chat = self._turns.chat(chat_id, now)
        chat.limit.held_until = max(chat.limit.held_until, now + seconds)
        self._turns.settle(chat, now)
        self._advance()

    def wait_all(self, seconds: float) -> None:
        """Telegram wants nothing at all for so long, replies neither."""
        self._held_until = max(self._held_until, self._clock() + seconds)
        self._advance()

    def waiting(self, chat_id: ChatId) -> float:
        """Seconds for which Telegram told us to wait with this chat, or with all; 0 for none."""
        until = max(self._held_until, self._turns.held_until(chat_id))
        return max(0.0, until - self._clock())

    def met_429(self, chat_id: ChatId, seconds: float) -> bool:
        """A request to this chat was told to wait; whether everything waits now.

        One chat's limit is its own. But when one chat after the other meets one and nothing
        succeeds, it is the bot that is limited: everything waits for the shortest of those times,
        and each chat for its own.
        """
        now = self._clock()
        self._row[chat_id] = (now, seconds)
        self._row.move_to_end(chat_id)
        while next(iter(self._row.values()))[0] < now - _ROW_SECONDS:
            self._row.popitem(last=False)
        self.wait_chat(chat_id, seconds)
        if len(self._row) < _CHATS_IN_A_ROW:
            return False
        self.wait_all(min(told for _, told in self._row.values()))
        return True

    def succeeded(self, chat_id: ChatId) -> None:
        """A message to this chat was accepted: whatever the others met was theirs alone."""
        self._row.clear()

    async def _turn(self, chat_id: ChatId, *, ahead: bool, early: bool) -> Slot:
        turn = self._turns.join(chat_id, self._clock(), ahead=ahead, early=early)
        slot = self._waiting[turn] = Slot(self, turn)
        self._advance()
        try:
            await slot._granted
        except asyncio.CancelledError:
            if self._waiting.pop(turn, None) is not None:
                self._turns.leave(turn, self._clock())
                self._advance()
            elif not slot._granted.cancelled():
                self._end(slot)  # had its turn, and was not told in time
            raise
        return slot

    def _begin(self, slot: Slot) -> None:
        self._overall.begin(slot._turn, self._clock())
        if self._waiting:
            self._set_alarm()

    def _end(self, slot: Slot) -> None:
        now, turn = self._clock(), slot._turn
        if slot._has_begun:
            self._overall.receive(turn, now)
            turn.chat.limit.receive(turn, now)
        else:
            self._overall.give_back(slot._not_before)
            turn.chat.limit.give_back(turn)
        self._turns.settle(turn.chat, now)
        self._advance()

    def _took(self, seconds: float) -> None:
        """What is done between an early turn and its request took so long."""
        allowed = min(_ALLOWANCE * seconds, _MOST_EARLY)
        self._early += _NEWEST * (allowed - self._early)

    def _advance(self) -> None:
        """Let go whoever may go now, and see to it that the next are not forgotten."""
        if not self._waiting:
            self._drop_alarm()
            return
        now = self._clock()
        while self._held_until <= now and (turn := self._turns.first(now)) is not None:
            if self._opens(turn, now) > now:
                break
            slot = self._waiting.pop(turn)
            if slot._granted.done():  # cancelled, and its task has not run since
                self._turns.leave(turn, now)
                continue
            slot._not_before = self._overall.take(now, ahead=turn.ahead)
            slot.waited = now - slot._joined
            turn.chat.limit.take(turn, now)
            self._turns.leave(turn, now)
            slot._granted.set_result(None)
        self._set_alarm()

    def _opens(self, turn: Turn, now: float) -> float:
        opens = self._overall.opens(now, ahead=turn.ahead)
        return opens - self._early if turn.early else opens

    def _next_moment(self) -> float:
        """When something may change by itself."""
        if not self._waiting:
            return math.inf
        now = self._clock()
        if self._held_until > now:
            return self._held_until
        first, opens = self._turns.first(now), self._turns.opens()
        moment = math.inf if first is None else self._opens(first, now)
        return min(moment, self._overall.lapses(now), math.inf if opens is None else opens)

    def _set_alarm(self) -> None:
        moment = self._next_moment()
        if self._alarm is not None and self._alarm_at <= moment < math.inf:
            return  # it rings too early, and is set anew then
        self._drop_alarm()
        if moment < math.inf:
            self._alarm_at = moment
            self._alarm = asyncio.get_running_loop().create_task(self._ring(), name="pace")

    def _drop_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    async def _ring(self) -> None:
        await self._sleep(max(self._alarm_at - self._clock(), _SHORTEST_SLEEP))
        self._alarm = None
        self._advance()
