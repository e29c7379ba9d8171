"""One message to one place, and what became of it: planned message -> Telegram -> the ledger.

the pace's turn -> note "sending" -> send -> note the outcome, or rest where nothing can be reached
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.announcements import announcement
from bot.broadcasting import Bot, edit, nothing_to_edit, send, topic_is_gone
from bot.composing import Planned, Single
from bot.errors import LedgerError
from bot.ledger import Ledger, Work
from bot.ledger.records import Delivery, Place
from bot.ledger.writing import Writer
from bot.outcomes import Barred, Gone, Moved, Outcome, Passing, Refused, Unknown, Wait
from bot.pace import Pace, Slot
from bot.resting import LONGEST_PAUSE, PAUSE, Resting
from bot.told import Told

logger = logging.getLogger(__name__)

T = TypeVar("T")
Clock = Callable[[], datetime]

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


class Courier:
    """Sends and edits in chats that belong to the process `by`, which keeps them a `lease` longer.

    Begins nothing once it is `stopping`; `under_way` are the chats whose rows are noted as being
    sent, which nothing may cut off. Raises `LedgerError` where an outcome cannot be noted.
    """

    def __init__(
        self,
        bot: Bot,
        ledger: Ledger,
        writer: Writer,
        pace: Pace,
        served: Served,
        *,
        by: str,
        lease: timedelta,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._ledger = ledger
        self._writer = writer
        self._pace = pace
        self._served = served
        self._by = by
        self._lease = lease
        self._clock = clock
        self._resting = Resting()
        self.stopping = False
        self.under_way: set[int] = set()

    async def deliver(self, place: Place, planned: Planned, told: Mapping[str, Told]) -> bool:
        """Send one message and note what became of it; whether the chat may go on being served."""
        outbox, ids, plain = self._ledger.outbox, ids_of(planned.rows), planned.plain
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
                self.under_way.add(place.chat_id)
                try:
                    begun = outbox.sending(ids, self._clock(), self._by, self._lease)
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
                    self.under_way.discard(place.chat_id)
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
                await self.hold(chat_id, max(seconds, self._pace.waiting(chat_id)))
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
                self.rest(reason, LONGEST_PAUSE)
            case Passing(reason):
                await self._note(outbox.putting_back(ids))
                self.rest(reason)
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

    async def edit(self, place: Place, row: Delivery, told: Told | None) -> bool:
        """Have a notice show what it should; whether the chat may go on being served."""
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
            await self.hold(place.chat_id, seconds)
            yield None
            return
        if self.stopping or self.rests:
            yield None
            return
        async with self._pace.slot(place.chat_id, ahead=False, early=True) as slot:
            yield None if self.stopping else slot

    async def _note(self, work: Work[T]) -> T:
        """Write down what became of a message, also if the ledger cannot be written for a while.

        What is not noted is sent again after a restart, and not before.
        """
        pause = PAUSE
        for _ in range(_TRIES - 1):
            try:
                return await self._writer.do(work)
            except LedgerError as error:
                if self.stopping:
                    raise
                logger.warning("what became of an announcement is noted later: %s", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return await self._writer.do(work)

    async def hold(self, chat_id: int, seconds: float) -> None:
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
            self.rest(reason)

    @property
    def in_doubt(self) -> bool:
        """Whether no answers come: then one message at a time shows whether it is better."""
        return self._resting.in_doubt

    @property
    def rests(self) -> bool:
        """Whether nothing is to be begun."""
        return self._resting.rests(asyncio.get_running_loop().time())

    def rest(self, reason: str, seconds: float | None = None) -> None:
        """Begin nothing for a while: Telegram, the archive or the ledger cannot be reached."""
        seconds = self._resting.begin(asyncio.get_running_loop().time(), seconds)
        if seconds is not None:
            logger.warning("announcements wait for %g s: %s", seconds, reason)


def ids_of(rows: Sequence[Delivery]) -> list[int]:
    """Their numbers."""
    return [row.id for row in rows]
