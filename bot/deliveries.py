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
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from telegram import InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.buttons import notice_keyboard
from bot.composing import Planned, Single, compose
from bot.errors import BotError
from bot.ledger import Ledger
from bot.ledger.records import Claim, Delivery, Place
from bot.ledger.writing import Writer
from bot.notices import listing, notice, plain_notice, shown
from bot.outcomes import Barred, Gone, Moved, Outcome, Passing, Refused, Unknown, Wait, outcome_of
from bot.pace import Pace, Slot
from bot.retrying import BROADCAST
from bot.timing import quiet_until, zone_or_utc
from bot.wording import Wording
from retrieval.article import Article
from retrieval.errors import RetrievalError

logger = logging.getLogger(__name__)

Articles = Callable[[Sequence[str]], Awaitable[Mapping[str, Article]]]
Clock = Callable[[], datetime]

#: How long a chat belongs to this process without a sign of life from it.
LEASE = timedelta(seconds=120)
#: Chats served at once for each message a second: enough that the pace never waits for the ledger.
_CHATS_PER_RATE, _LEAST_CHATS, _MOST_CHATS = 2, 16, 256
#: Seconds between two looks at the outbox when nothing calls for one.
_LOOK = 1.0
#: Seconds that requests under way get to be answered when the bot stops.
GRACE = 5.0
#: Pause before what may have arrived is sent once more.
_AGAIN = timedelta(seconds=5)
#: Seconds before the next try while Telegram cannot be reached, and at the most.
_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
#: Seconds that a chat's 429 may hold a place in line; for longer the chat is put back.
_PATIENCE = 5.0
#: Refusals that tell of a topic, not of the message.
_TOPIC_IS_GONE = ("message thread not found", "topic_closed", "topic_deleted", "topic closed")
#: Refusals of an edit after which there is nothing to edit any more.
_NOTHING_TO_EDIT = ("message is not modified", "message to edit not found", "can't be edited")


class Deliverer:
    """Sends what is due. `run` until `stop` is called; `wake` when there is something new.

    `by` names this process among those that share the ledger; `alone` says that there is no other.
    """

    def __init__(
        self,
        bot: ExtBot[Any],
        ledger: Ledger,
        writer: Writer,
        pace: Pace,
        articles: Articles,
        *,
        by: str,
        alone: bool,
        burst: int,
        rate: int,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._ledger = ledger
        self._writer = writer
        self._pace = pace
        self._articles = articles
        self._by = by
        self._alone = alone
        self._burst = burst
        self._clock = clock
        self._chats = min(_MOST_CHATS, max(_LEAST_CHATS, _CHATS_PER_RATE * rate))
        self._serving: dict[int, asyncio.Task[None]] = {}
        self._under_way: set[int] = set()  # chats whose rows are noted as being sent
        self._awake = asyncio.Event()
        self._stopping = False
        self._resting_until = 0.0
        self._pause = _PAUSE

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
        loop = asyncio.get_running_loop()
        if loop.time() < self._resting_until or len(self._serving) > self._chats // 2:
            return len(self._serving) > self._chats // 2
        if not self._alone:
            await self._recover(everything=False)
        free = self._chats - len(self._serving)
        claims = await asyncio.to_thread(
            self._ledger.outbox.claim, self._clock(), self._by, LEASE, free, list(self._serving)
        )
        by_chat: dict[int, list[Claim]] = {}
        for claim in claims:
            by_chat.setdefault(claim.place.chat_id, []).append(claim)
        for chat_id, own in by_chat.items():
            task = asyncio.create_task(self._serve(chat_id, own), name=f"deliver {chat_id}")
            self._serving[chat_id] = task
        return len(claims) >= free

    async def _serve(self, chat_id: int, claims: Sequence[Claim]) -> None:
        """Everything due in one chat, in order, until something keeps the chat waiting."""
        try:
            for claim in claims:
                if not await self._serve_place(claim):
                    break
        except (BotError, RetrievalError) as error:
            logger.error("chat %d waits: %s", chat_id, error)
        except Exception:
            logger.exception("chat %d waits: delivering to it failed", chat_id)
        finally:
            # Shielded: a chat that is not given back waits for its lease to end.
            with contextlib.suppress(Exception):
                await asyncio.shield(
                    self._writer.do(self._ledger.outbox.releasing(chat_id, self._by))
                )
            self._serving.pop(chat_id, None)
            if len(self._serving) <= self._chats // 2:
                self._awake.set()

    async def _serve_place(self, claim: Claim) -> bool:
        """Whether the chat may go on being served."""
        place, now = claim.place, self._clock()
        quiet = quiet_until(now, zone_or_utc(place.zone), place.quiet_from, place.quiet_to)
        if quiet is not None:  # they became due before, when the bot was not there
            await self._writer.do(self._ledger.outbox.putting_off(_ids(claim.rows), quiet))
            return True
        wanted = [row.article_id for row in (*claim.rows, *claim.edits)]
        articles = await self._articles(wanted)
        gone = [row for row in claim.rows if row.article_id not in articles]
        if gone:
            await self._writer.do(self._ledger.outbox.withdrawing(_ids(gone)))
        rows = [row for row in claim.rows if row.article_id in articles]
        for planned in compose(place, rows, burst=self._burst, now=now):
            if self._stopping or not await self._deliver(place, planned, articles):
                return False
        for row in claim.edits:
            if self._stopping or not await self._edit(place, row, articles.get(row.article_id)):
                return False
        return True

    async def _deliver(
        self, place: Place, planned: Planned, articles: Mapping[str, Article]
    ) -> bool:
        """Send one message and note what became of it; whether the chat may go on being served."""
        ids, plain = _ids(planned.rows), planned.plain
        while True:
            async with self._turn(place) as slot:
                if slot is None:
                    return False
                # From here to the outcome nothing may cut us off: see `stop`.
                self._under_way.add(place.chat_id)
                try:
                    if not await self._writer.do(
                        self._ledger.outbox.sending(ids, self._clock(), self._by, LEASE)
                    ):
                        return False  # unsubscribed just now, or the chat is another's
                    await slot.begin()
                    outcome, message_id = await self._send(place, planned, articles, plain=plain)
                    if outcome is None:
                        await self._arrived(place, planned, articles, message_id)
                        return True
                    if plain or _topic_is_gone(place, outcome) or not isinstance(outcome, Refused):
                        return await self._met(place, ids, outcome)
                    await self._writer.do(self._ledger.outbox.plainly(ids))
                finally:
                    self._under_way.discard(place.chat_id)
            plain = True
            logger.error(
                "Telegram refused the looks of %s for chat %d (%s); it is sent as plain text",
                ", ".join(row.article_id for row in planned.rows),
                place.chat_id,
                outcome.reason,
            )

    async def _arrived(
        self,
        place: Place,
        planned: Planned,
        articles: Mapping[str, Article],
        message_id: int | None,
    ) -> None:
        ids = _ids(planned.rows)
        looks = None
        if isinstance(planned, Single):
            looks = shown(articles[planned.row.article_id])
        number = message_id if looks else None
        await self._writer.do(self._ledger.outbox.sent(ids, number, looks, self._clock()))
        self._pace.succeeded(place.chat_id)
        self._pause = _PAUSE

    async def _send(
        self,
        place: Place,
        planned: Planned,
        articles: Mapping[str, Article],
        *,
        plain: bool,
    ) -> tuple[Outcome | None, int | None]:
        """What became of it, None for sent; and the number of the message."""
        words, keyboard = self._composed(place, planned, articles, plain=plain)
        try:
            message = await self._bot.send_message(
                place.chat_id,
                words,
                parse_mode=None if plain else ParseMode.HTML,
                message_thread_id=place.topic or None,
                disable_notification=place.silent,
                link_preview_options=_preview(place, planned),
                reply_markup=keyboard,
                rate_limit_args=BROADCAST,
            )
        except TelegramError as error:
            return outcome_of(error), None
        return None, message.message_id

    def _composed(
        self,
        place: Place,
        planned: Planned,
        articles: Mapping[str, Article],
        *,
        plain: bool = False,
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        """The message's source, HTML unless `plain`, and what stands below it."""
        wording, zone = Wording(place.language), zone_or_utc(place.zone)
        channel, again = place.kind == "channel", planned.again
        if isinstance(planned, Single):
            article = articles[planned.row.article_id]
            keyboard = notice_keyboard(article.id, wording, channel=channel)
            if plain:
                return plain_notice(article, wording, zone, again=again), keyboard
            return notice(article, wording, zone, again=again).html, keyboard
        best = [(articles[row.article_id], row.score) for row in planned.rows]
        text = listing(best, wording, zone, kind=planned.kind, again=again, channel=channel)
        return text.plain if plain else text.html, None

    async def _met(self, place: Place, ids: Sequence[int], outcome: Outcome) -> bool:
        """Note an outcome other than sent; whether the chat may go on being served."""
        outbox, now = self._ledger.outbox, self._clock()
        chat_id = place.chat_id
        match outcome:
            case Wait(seconds):
                await self._writer.do(outbox.putting_back(ids))
                everything = self._pace.met_429(chat_id, seconds)
                logger.info(
                    "Telegram asks %s to wait for %g s",
                    "everything" if everything else f"chat {chat_id}",
                    seconds,
                )
                if not everything:
                    until = now + timedelta(seconds=seconds)
                    await asyncio.to_thread(outbox.wait_chat, chat_id, until)
            case Moved(new):
                await self._writer.do(outbox.putting_back(ids))
                await asyncio.to_thread(self._ledger.subscribers.move, chat_id, new)
                logger.info("chat %d is now %d", chat_id, new)
            case Gone(reason):
                await self._writer.do(outbox.putting_back(ids))
                await asyncio.to_thread(self._ledger.subscribers.asleep, chat_id, reason, now)
                logger.info("chat %d hears nothing: %s", chat_id, reason)
            case Refused(reason) if _topic_is_gone(place, outcome):
                await self._writer.do(outbox.putting_back(ids))
                await asyncio.to_thread(
                    self._ledger.subscribers.asleep, chat_id, reason, now, place.topic
                )
                return True
            case Refused(reason):
                await self._writer.do(outbox.dying(ids, reason))
                logger.error("chat %d: given up: %s (archive-bot deliveries)", chat_id, reason)
                return True
            case Barred(reason):
                await self._writer.do(outbox.putting_back(ids))
                self._rest(_LONGEST_PAUSE, reason)
            case Passing(reason):
                await self._writer.do(outbox.putting_back(ids))
                self._rest(self._pause, reason)
                self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            case Unknown(reason):
                dead = await self._writer.do(outbox.unknowing(ids, now, now + _AGAIN, reason))
                if dead:
                    logger.error(
                        "chat %d: given up, for nobody knows the second time either whether it"
                        " arrived: %s (archive-bot deliveries)",
                        chat_id,
                        reason,
                    )
                else:
                    logger.warning("chat %d: may not have arrived: %s", chat_id, reason)
        return False

    async def _edit(self, place: Place, row: Delivery, article: Article | None) -> bool:
        if article is None or row.message_id is None:
            await self._writer.do(self._ledger.outbox.edited(row.id, row.shown))
            return True
        looks = shown(article)
        words, keyboard = self._composed(place, Single(row), {article.id: article})
        async with self._turn(place) as slot:
            if slot is None:
                return False
            await slot.begin()
            outcome: Outcome | None = None
            try:
                await self._bot.edit_message_text(
                    words,
                    place.chat_id,
                    row.message_id,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=_preview(place, Single(row)),
                    reply_markup=keyboard,
                    rate_limit_args=BROADCAST,
                )
            except TelegramError as error:
                outcome = outcome_of(error)
        if outcome is None or isinstance(outcome, Refused):  # or there is nothing to edit
            if outcome and not any(sign in outcome.reason.lower() for sign in _NOTHING_TO_EDIT):
                logger.warning("chat %d: a notice stays as it was: %s", place.chat_id, outcome)
            await self._writer.do(self._ledger.outbox.edited(row.id, looks))
            return True
        if isinstance(outcome, Unknown):  # whether it arrived or not, the next one does no harm
            self._rest(self._pause, outcome.reason)
            return False
        return await self._met(place, [], outcome)

    @contextlib.asynccontextmanager
    async def _turn(self, place: Place) -> AsyncIterator[Slot | None]:
        """The chat's turn, or None where it would have to wait for too long."""
        if self._stopping or self._pace.waiting(place.chat_id) > _PATIENCE:
            yield None
            return
        async with self._pace.slot(place.chat_id, ahead=False, early=True) as slot:
            yield None if self._stopping else slot

    def _rest(self, seconds: float, reason: str) -> None:
        """Leave Telegram alone for a while: it cannot be reached, or wants nothing from us."""
        now = asyncio.get_running_loop().time()
        if now >= self._resting_until:
            logger.warning("announcements wait for %g s: %s", seconds, reason)
        self._resting_until = max(self._resting_until, now + seconds)


def _topic_is_gone(place: Place, outcome: Outcome) -> bool:
    if not isinstance(outcome, Refused) or not place.topic:
        return False
    return any(sign in outcome.reason.lower() for sign in _TOPIC_IS_GONE)


def _ids(rows: Iterable[Delivery]) -> list[int]:
    return [row.id for row in rows]


def _preview(place: Place, planned: Planned) -> LinkPreviewOptions:
    return LinkPreviewOptions(is_disabled=not place.preview or not isinstance(planned, Single))
