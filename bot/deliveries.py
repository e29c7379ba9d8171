"""The outbox's due rows -> messages -> Telegram, each chat in its order, until told to stop.

claim chats -> compose -> the courier sends each message -> release the chats

A row advances only when Telegram has answered. What was being sent when the process died, or when
the answer was lost, has an unknown outcome: it is sent once more, marked as maybe a repetition, and
given up, as a dead letter, if nobody knows the second time either.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import timedelta

from bot.admission import Admission
from bot.broadcasting import Bot
from bot.composing import compose
from bot.courier import Clock, Courier, Served, ids_of
from bot.errors import BotError
from bot.ledger import Ledger
from bot.ledger.records import Claim
from bot.ledger.writing import Writer
from bot.pace import Pace
from bot.timing import quiet_until, zone_or_utc
from bot.told import Tell
from retrieval.errors import RetrievalError

logger = logging.getLogger(__name__)

#: How long a chat belongs to this process without a sign of life from it.
LEASE = timedelta(seconds=120)
#: Chats served at once for each message a second: enough that the pace never waits for the ledger.
_CHATS_PER_RATE, _LEAST_CHATS, _MOST_CHATS = 2, 16, 256
#: Seconds between two looks at the outbox when nothing calls for one.
_LOOK = 1.0
#: Seconds for which a chat is put aside where delivering to it failed on our side.
_ASIDE = 60.0
#: Seconds that requests under way get to be answered when the bot stops.
GRACE = 5.0


class Deliverer:
    """Sends what is due. `run` until `stop` is called; `wake` when there is something new.

    `by` names this process among those that share the ledger; `alone` says that there is no other.
    What waits for a chat that is not `served` any more is not sent, now or later.
    """

    def __init__(
        self,
        bot: Bot,
        ledger: Ledger,
        writer: Writer,
        pace: Pace,
        tell: Tell,
        *,
        by: str,
        alone: bool,
        burst: int,
        rate: int,
        clock: Clock,
        served: Served | None = None,
    ) -> None:
        self._served = served or Admission()
        self._ledger = ledger
        self._writer = writer
        self._tell = tell
        self._by = by
        self._alone = alone
        self._burst = burst
        self._clock = clock
        self._chats = min(_MOST_CHATS, max(_LEAST_CHATS, _CHATS_PER_RATE * rate))
        self._serving: dict[int, asyncio.Task[None]] = {}
        self._awake = asyncio.Event()
        self._courier = Courier(
            bot, ledger, writer, pace, self._served, by=by, lease=LEASE, clock=clock
        )

    def wake(self) -> None:
        """Look at the outbox now. From the event loop's thread."""
        self._awake.set()

    async def run(self) -> None:
        """Deliver until `stop`. Survives whatever fails, telling the log."""
        said = ""
        recovered = False
        while not self._courier.stopping:
            self._awake.clear()
            try:
                if not recovered:
                    await self._recover(everything=self._alone)
                    recovered = True
                full = await self._claim()
                said = ""
            except (BotError, RetrievalError) as error:
                full = False
                if str(error) != said:
                    logger.error("deliveries wait: %s", error)
                said = str(error)
            except Exception:  # a loop that ends would stop all deliveries in silence
                full = False
                logger.exception("deliveries failed; they are tried again")
            if not full:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK):
                        await self._awake.wait()
            else:
                await self._awake.wait()

    async def stop(self) -> None:
        """Begin nothing more; requests under way get a few seconds to be answered."""
        self._courier.stopping = True
        self._awake.set()
        for chat_id, task in self._serving.items():
            if chat_id not in self._courier.under_way:
                task.cancel()
        tasks = list(self._serving.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _recover(self, *, everything: bool) -> None:
        left = await asyncio.to_thread(
            self._ledger.outbox.recover, self._clock(), self._by, everything=everything
        )
        if left.again or left.dead:
            logger.warning(
                "%d announcements were being sent when the bot ended: they are sent once more,"
                " marked; %d were so the second time and are given up (archive-bot deliveries)",
                left.again,
                left.dead,
            )

    async def _claim(self) -> bool:
        """Serve chats where something is due; whether there may be more than fit now."""
        if len(self._serving) > self._chats // 2:
            return True
        if self._courier.rests:
            return False
        if not self._alone:
            await self._recover(everything=False)
        free = self._chats - len(self._serving)
        if self._courier.in_doubt:
            free = 0 if self._serving else 1
        claims = await asyncio.to_thread(
            self._ledger.outbox.claim, self._clock(), self._by, LEASE, free, list(self._serving)
        )
        by_chat: dict[int, list[Claim]] = {}
        for claim in claims:
            by_chat.setdefault(claim.place.chat_id, []).append(claim)
        if self._courier.stopping:  # `stop` knows nothing of these
            await asyncio.gather(*map(self._release, by_chat))
            return False
        for chat_id, own in by_chat.items():
            task = asyncio.create_task(self._serve(chat_id, own), name=f"deliver {chat_id}")
            self._serving[chat_id] = task
        return len(self._serving) >= self._chats

    async def _serve(self, chat_id: int, claims: Sequence[Claim]) -> None:
        """Everything due in one chat, in order, until something keeps the chat waiting."""
        try:
            if not await asyncio.to_thread(self._served.serves, chat_id):
                await self._writer.do(self._ledger.outbox.stopping(chat_id))
                return
            for claim in claims:
                if not await self._serve_place(claim):
                    break
        except Exception as error:
            if isinstance(error, (BotError, RetrievalError)):
                self._courier.rest(str(error))
            else:
                logger.exception("chat %d waits: delivering to it failed", chat_id)
            with contextlib.suppress(BotError):  # it may be this chat's, and the others go on
                await self._courier.hold(chat_id, _ASIDE)
        finally:
            # Shielded: a chat that is not given back waits for its lease to end.
            with contextlib.suppress(Exception):
                await asyncio.shield(self._release(chat_id))
            self._serving.pop(chat_id, None)
            if len(self._serving) <= self._chats // 2:
                self._awake.set()

    async def _release(self, chat_id: int) -> None:
        await self._writer.do(self._ledger.outbox.releasing(chat_id, self._by))

    async def _serve_place(self, claim: Claim) -> bool:
        """Whether the chat may go on being served."""
        place, now = claim.place, self._clock()
        quiet = quiet_until(now, zone_or_utc(place.zone), place.quiet_from, place.quiet_to)
        rows = claim.rows
        if rows and quiet is not None:  # they became due before, when the bot was not there
            await self._writer.do(self._ledger.outbox.putting_off(ids_of(rows), quiet))
            rows = ()  # an edit makes no sound
        told = await self._tell([row.article_id for row in (*rows, *claim.edits)])
        gone = [row for row in rows if row.article_id not in told]
        if gone:
            await self._writer.do(self._ledger.outbox.withdrawing(ids_of(gone)))
        rows = tuple(row for row in rows if row.article_id in told)
        courier = self._courier
        for planned in compose(place, rows, burst=self._burst, now=now):
            if courier.stopping or not await courier.deliver(place, planned, told):
                return False
        for row in claim.edits:
            if courier.stopping or not await courier.edit(place, row, told.get(row.article_id)):
                return False
        return True
