"""The outbox's due rows -> messages -> Telegram, each chat in its order, until told to stop.

claim chats -> compose -> the pace's turn -> note "sending" -> send -> note the outcome

A row advances only when Telegram has answered. What was being sent when the process died, or when
the answer was lost, has an unknown outcome: it is sent once more, marked as maybe a repetition, and
given up, as a dead letter, if nobody knows the second time either.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.admission import Admission
from bot.announcements import announcement
from bot.broadcasting import Bot, edit, nothing_to_edit, send, topic_is_gone
from bot.composing import Planned, Single, compose
from bot.errors import BotError, LedgerError
from bot.ledger import Ledger, Work
from bot.ledger.records import Claim, Delivery, Place
from bot.ledger.writing import Writer
from bot.outcomes import Barred, Gone, Moved, Outcome, Passing, Refused, Unknown, Wait
from bot.pace import Pace, Slot
from bot.resting import LONGEST_PAUSE, PAUSE, Resting
from bot.timing import quiet_until, zone_or_utc
from bot.told import Tell, Told
from retrieval.errors import RetrievalError

logger = logging.getLogger(__name__)

T = TypeVar("T")
Clock = Callable[[], datetime]

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
#: Pause before what may have arrived is sent once more, and before an edit is.
_AGAIN, _EDIT_AGAIN = timedelta(seconds=5), timedelta(minutes=1)
#: Tries to note an outcome, some minutes long: after that a restart takes it for unknown.
_TRIES = 20
#: Seconds that a chat's 429 may hold a place in line; for longer the chat is put back.
_PATIENCE = 5.0


class Served(Protocol):
    """Which chats are sent anything: `bot.admission.Admission`. Called in threads."""

    def serves(self, chat_id: int) -> bool: ...

    def moved(self, old: int, new: int, now: datetime) -> None: ...


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
        self._bot = bot
        self._ledger = ledger
        self._writer = writer
        self._pace = pace
        self._tell = tell
        self._by = by
        self._alone = alone
        self._burst = burst
        self._clock = clock
        self._chats = min(_MOST_CHATS, max(_LEAST_CHATS, _CHATS_PER_RATE * rate))
        self._serving: dict[int, asyncio.Task[None]] = {}
        self._under_way: set[int] = set()  # chats whose rows are noted as being sent
        self._awake = asyncio.Event()
        self._stopping = False
        self._resting = Resting()

    def wake(self) -> None:
        """Look at the outbox now. From the event loop's thread."""
        self._awake.set()

    async def run(self) -> None:
        """Deliver until `stop`. Survives whatever fails, telling the log."""
        said = ""
        recovered = False
        while not self._stopping:
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
            except Exception:
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
        self._stopping = True
        self._awake.set()
        for chat_id, task in self._serving.items():
            if chat_id not in self._under_way:
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
        if self._rests:
            return False
        if not self._alone:
            await self._recover(everything=False)
        free = self._chats - len(self._serving)
        if self._resting.in_doubt:
            free = 0 if self._serving else 1
        claims = await asyncio.to_thread(
            self._ledger.outbox.claim, self._clock(), self._by, LEASE, free, list(self._serving)
        )
        by_chat: dict[int, list[Claim]] = {}
        for claim in claims:
            by_chat.setdefault(claim.place.chat_id, []).append(claim)
        if self._stopping:  # `stop` knows nothing of these
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
                self._rest(str(error))
            else:
                logger.exception("chat %d waits: delivering to it failed", chat_id)
            with contextlib.suppress(BotError):  # it may be this chat's, and the others go on
                await self._hold(chat_id, _ASIDE)
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
            await self._writer.do(self._ledger.outbox.putting_off(_ids(rows), quiet))
            rows = ()  # an edit makes no sound
        told = await self._tell([row.article_id for row in (*rows, *claim.edits)])
        gone = [row for row in rows if row.article_id not in told]
        if gone:
            await self._writer.do(self._ledger.outbox.withdrawing(_ids(gone)))
        rows = tuple(row for row in rows if row.article_id in told)
        for planned in compose(place, rows, burst=self._burst, now=now):
            if self._stopping or not await self._deliver(place, planned, told):
                return False
        for row in claim.edits:
            if self._stopping or not await self._edit(place, row, told.get(row.article_id)):
                return False
        return True

    async def _deliver(self, place: Place, planned: Planned, told: Mapping[str, Told]) -> bool:
        """Send one message and note what became of it; whether the chat may go on being served."""
        outbox, ids, plain = self._ledger.outbox, _ids(planned.rows), planned.plain
        while True:
            try:
                message = announcement(place, planned, told, plain=plain)
            except Exception as error:  # what comes after it goes on
                logger.exception("chat %d: an announcement cannot be put into words", place.chat_id)
                await self._note(outbox.dying(ids, repr(error)))
                return True
            async with self._turn(place) as slot:
                if slot is None:
                    return False
                # From here to the outcome nothing may cut us off: see `stop`.
                self._under_way.add(place.chat_id)
                try:
                    begun = outbox.sending(ids, self._clock(), self._by, LEASE)
                    if not await self._writer.do(begun):
                        return False  # unsubscribed just now, or the chat is another's
                    await slot.begin()
                    outcome, message_id = await send(self._bot, place, message)
                    if outcome is None:
                        self._succeeded(place.chat_id)
                        number, looks = message_id if message.looks else None, message.looks
                        await self._note(outbox.sent(ids, number, looks, self._clock()))
                        return True
                    if plain or topic_is_gone(outcome) or not isinstance(outcome, Refused):
                        return await self._met(place, ids, outcome)
                    await self._note(outbox.plainly(ids))
                finally:
                    self._under_way.discard(place.chat_id)
            plain = True
            logger.error(
                "Telegram refused the looks of %s for chat %d (%s); it is sent as plain text",
                ", ".join(row.article_id for row in planned.rows),
                place.chat_id,
                outcome.reason,
            )

    async def _met(self, place: Place, ids: Sequence[int], outcome: Outcome) -> bool:
        """Note an outcome other than sent; whether the chat may go on being served."""
        outbox, now = self._ledger.outbox, self._clock()
        chat_id = place.chat_id
        if not isinstance(outcome, (Barred, Passing, Unknown)):
            self._resting.answered()
        match outcome:
            case Wait(seconds):
                await self._note(outbox.putting_back(ids))
                everything = self._pace.met_429(chat_id, seconds)
                logger.info(
                    "Telegram asks %s to wait for %g s",
                    "everything" if everything else f"chat {chat_id}",
                    seconds,
                )
                await self._hold(chat_id, max(seconds, self._pace.waiting(chat_id)))
            case Moved(new):
                await self._note(outbox.putting_back(ids))
                await asyncio.to_thread(self._served.moved, chat_id, new, now)
                await asyncio.to_thread(self._ledger.subscribers.move, chat_id, new)
                logger.info("chat %d is now %d", chat_id, new)
            case Gone(reason):
                await self._note(outbox.putting_back(ids))
                await asyncio.to_thread(self._ledger.subscribers.asleep, chat_id, reason, now)
                logger.info("chat %d hears nothing: %s", chat_id, reason)
            case Refused(reason) if topic_is_gone(outcome):
                await self._note(outbox.putting_back(ids))
                await asyncio.to_thread(
                    self._ledger.subscribers.asleep, chat_id, reason, now, place.topic
                )
                return True
            case Refused(reason):
                await self._note(outbox.dying(ids, reason))
                logger.error("chat %d: given up: %s (archive-bot deliveries)", chat_id, reason)
                return True
            case Barred(reason):
                await self._note(outbox.putting_back(ids))
                self._rest(reason, LONGEST_PAUSE)
            case Passing(reason):
                await self._note(outbox.putting_back(ids))
                self._rest(reason)
            case Unknown(reason):
                dead = await self._note(outbox.unknowing(ids, now, now + _AGAIN, reason))
                if dead:
                    logger.error(
                        "chat %d: given up, for nobody knows the second time either whether it"
                        " arrived: %s (archive-bot deliveries)",
                        chat_id,
                        reason,
                    )
                else:
                    logger.warning("chat %d: may not have arrived: %s", chat_id, reason)
                self._doubt(reason)
        return False

    async def _edit(self, place: Place, row: Delivery, told: Told | None) -> bool:
        if told is None or row.message_id is None:
            await self._writer.do(self._ledger.outbox.edited(row.id, row.shown))
            return True
        message = announcement(place, Single(row), {row.article_id: told})
        async with self._turn(place) as slot:
            if slot is None or not await asyncio.to_thread(self._ledger.outbox.has, row.id):
                return False
            await slot.begin()
            outcome = await edit(self._bot, place, row.message_id, message)
        if outcome is None or isinstance(outcome, Refused):  # or there is nothing to edit
            if outcome and not nothing_to_edit(outcome):
                logger.warning("chat %d: a notice stays as it was: %s", place.chat_id, outcome)
            self._succeeded(place.chat_id)
            await self._note(self._ledger.outbox.edited(row.id, message.looks))
            return True
        if isinstance(outcome, Unknown):  # whether it arrived or not, the next one does no harm
            until = self._clock() + _EDIT_AGAIN
            await self._note(self._ledger.outbox.editing_later(row.id, until))
            self._doubt(outcome.reason)
            return False
        return await self._met(place, [], outcome)

    @contextlib.asynccontextmanager
    async def _turn(self, place: Place) -> AsyncIterator[Slot | None]:
        """The chat's turn, or None where it would have to wait for too long."""
        if (seconds := self._pace.waiting(place.chat_id)) > _PATIENCE:
            # Told to a reply, or to everything: else it would be claimed again, and at once.
            await self._hold(place.chat_id, seconds)
            yield None
            return
        if self._stopping or self._rests:
            yield None
            return
        async with self._pace.slot(place.chat_id, ahead=False, early=True) as slot:
            yield None if self._stopping else slot

    async def _note(self, work: Work[T]) -> T:
        """Write down what became of a message, also if the ledger cannot be written for a while.

        What is not noted is sent again after a restart, and not before.
        """
        pause = PAUSE
        for _ in range(_TRIES - 1):
            try:
                return await self._writer.do(work)
            except LedgerError as error:
                if self._stopping:
                    raise
                logger.warning("what became of an announcement is noted later: %s", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return await self._writer.do(work)

    async def _hold(self, chat_id: int, seconds: float) -> None:
        """Claim the chat no more for so long."""
        until = self._clock() + timedelta(seconds=seconds)
        await self._writer.do(self._ledger.outbox.holding(chat_id, until))

    def _succeeded(self, chat_id: int) -> None:
        self._pace.succeeded(chat_id)
        self._resting.succeeded()

    def _doubt(self, reason: str) -> None:
        """An answer was lost. Where none comes any more, sending on would give up everything."""
        self._resting.doubted()
        if self._resting.in_doubt:
            self._rest(reason)

    @property
    def _rests(self) -> bool:
        return self._resting.rests(asyncio.get_running_loop().time())

    def _rest(self, reason: str, seconds: float | None = None) -> None:
        """Begin nothing for a while: Telegram, the archive or the ledger cannot be reached."""
        seconds = self._resting.begin(asyncio.get_running_loop().time(), seconds)
        if seconds is not None:
            logger.warning("announcements wait for %g s: %s", seconds, reason)


def _ids(rows: Iterable[Delivery]) -> list[int]:
    return [row.id for row in rows]
