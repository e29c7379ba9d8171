"""/admin and its buttons: for those who look after the bot, and unknown to everybody else.

command or press -> an admin? -> ledger, office -> a screen, in place where a button asked
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

from telegram import Message

from bot.admin import bulletins, letters, overview, screens, sources
from bot.admin.office import Holdings
from bot.admin.screens import Reader, Screen
from bot.buttons import ADMIN
from bot.context import Desk
from bot.handlers import Handler, Turns, on_command
from bot.handlers.announcing import Announcing
from bot.handlers.looking_after import Admins, may_press
from bot.handlers.places import topic_of, zone_of_reader
from bot.handlers.presses import Press, Shown, on_button
from bot.handlers.responding import respond
from bot.ledger.census import take_census
from bot.ledger.records import State, bulletin_of
from bot.replies import redraw, reply, wording_of

Values = tuple[int | str, ...]
Pressing = Callable[[Press, Values], Awaitable[Shown | None]]

#: Buttons that begin what ends later, in the same message.
_BEGINNING = frozenset({screens.GATHER_ALL, screens.GATHER_ONE})


def handlers(desk: Desk) -> Iterator[Handler]:
    if not desk.admins or not desk.buttons:
        return
    admin = _Admin(desk)
    yield on_command("admin", admin.open, Admins(desk))
    yield from admin.announcing.handlers()
    yield on_button({ADMIN}, admin.press, admin.turns)


class _Admin:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ledger = desk.ledger
        self.turns = Turns()
        self.announcing = Announcing(desk)
        # Messages that tell what will come, and of which sources.
        self._gathering: dict[tuple[int, int], tuple[str, ...]] = {}
        self._pressing: Mapping[str, Pressing] = {
            screens.MAIN: self._main,
            screens.STATISTICS: self._statistics,
            screens.SOURCES: self._sources,
            screens.GATHER: self._gather,
            screens.GATHER_ALL: self._gather_all,
            screens.GATHER_ONE: self._gather_one,
            screens.FAILED: self._failed,
            screens.AGAIN: self._again,
            screens.AGAIN_ALL: self._again_all,
            screens.ANNOUNCE: self._announce,
            screens.WRITE: self.announcing.write,
            screens.SEND: self.announcing.send,
            screens.CANCEL: self.announcing.cancel,
            screens.SPREAD: self.announcing.spread,
        }

    async def open(self, message: Message) -> None:
        """Show where to go."""
        zone = await zone_of_reader(self._desk, message.chat, topic_of(message), message.from_user)
        screen = await self._main_screen(Reader(wording_of(message), zone))
        await reply(message, [screen.said], screen.keyboard)

    async def press(self, press: Press) -> Shown | None:
        """Do what a button says, if who pressed it looks after the bot: its data can be forged."""
        match press.pressed.values:
            case (str(name), *values) if name in self._pressing and may_press(self._desk, press):
                if name not in _BEGINNING:
                    # Whatever was being gathered for this message: it shows something else now.
                    self._gathering.pop((press.chat.id, press.message_id), None)
                return await self._pressing[name](press, tuple(values))
            case _:
                return Shown(press.wording.say("button-old"), alert=True)

    # --- screens ---------------------------------------------------------------------------

    async def _main(self, press: Press, _: Values) -> Shown | None:
        return await self._show(press, await self._main_screen(await self._reader(press)))

    async def _main_screen(self, reader: Reader) -> Screen:
        counts = await asyncio.to_thread(self._ledger.outbox.counts)
        office, failing = self._desk.office, 0
        if office is not None:
            failing = sum(each.failure is not None for each in await office.sources())
        dead = counts[State.DEAD.value]
        holdings = await self._holdings()
        return overview.main_screen(holdings, failing, dead, reader, self._desk.clock())

    async def _statistics(self, press: Press, _: Values) -> Shown | None:
        census = await asyncio.to_thread(take_census, self._ledger.database, self._desk.clock())
        screen = overview.statistics_screen(
            await self._holdings(), census, await self._reader(press)
        )
        return await self._show(press, screen)

    async def _sources(self, press: Press, values: Values) -> Shown | None:
        office = self._desk.office
        states = [] if office is None else await office.sources()
        reader = await self._reader(press)
        return await self._show(press, sources.sources_screen(states, _page(values), reader))

    async def _holdings(self) -> Holdings | None:
        office = self._desk.office
        return None if office is None else await office.holdings()

    # --- gathering -------------------------------------------------------------------------

    async def _gather(self, press: Press, values: Values) -> Shown | None:
        office, reader = self._desk.office, await self._reader(press)
        names = office.names if office is not None and office.gathers else ()
        under_way = () if office is None else office.under_way
        screen = sources.gather_screen(names, under_way, _page(values), reader)
        return await self._show(press, screen)

    async def _gather_all(self, press: Press, _: Values) -> Shown | None:
        return await self._begin(
            press, () if self._desk.office is None else self._desk.office.names
        )

    async def _gather_one(self, press: Press, values: Values) -> Shown | None:
        office = self._desk.office
        names = () if office is None else office.names
        wanted = [name for name in names if values == (sources.mark_of(name),)]
        if not wanted:
            return Shown(press.wording.say("button-old"), alert=True)
        return await self._begin(press, wanted)

    async def _begin(self, press: Press, names: Sequence[str]) -> Shown | None:
        """Say that it is being gathered, and what came when it has."""
        office, reader = self._desk.office, await self._reader(press)
        if office is None or not office.gathers:
            return await self._show(press, sources.gather_screen((), (), 0, reader))
        where, mark = (press.chat.id, press.message_id), (*names,)
        if self._gathering.get(where) == mark:  # pressed twice
            return None
        await self._show(press, sources.gathering_screen(names, reader))
        self._gathering[where] = mark

        async def gather() -> None:
            try:
                reports = await office.gather(names)
            finally:
                still = self._gathering.get(where) is mark
                if still:
                    del self._gathering[where]
            screen = sources.gathered_screen(names, reports, reader)
            if still:
                await self._show(press, screen)
            else:  # somebody looks at something else there
                await respond(press, [screen.said], screen.keyboard, desk=self._desk)

        office.begin(gather())
        return None

    # --- what was given up -----------------------------------------------------------------

    async def _failed(self, press: Press, values: Values) -> Shown | None:
        reader = await self._reader(press)
        outbox, size = self._ledger.outbox, letters.LETTERS_ON_A_PAGE
        count = (await asyncio.to_thread(outbox.counts))[State.DEAD.value]
        page = min(_page(values), screens.pages_of(count, size) - 1)
        dead = await asyncio.to_thread(outbox.dead_letters, size, page * size)
        titles = await self._titles([each.delivery.article_id for each in dead])
        return await self._show(press, letters.failed_screen(dead, titles, count, page, reader))

    async def _again(self, press: Press, values: Values) -> Shown | None:
        match values:
            case (int(number), int(page)):
                revived = await self._revive([number])
            case _:
                return Shown(press.wording.say("button-old"), alert=True)
        await self._failed(press, (page,))
        if not revived:
            return Shown(press.wording.say("admin-again-none"))
        return Shown(press.wording.say("admin-again"))

    async def _again_all(self, press: Press, _: Values) -> Shown | None:
        revived = await self._revive(None)
        await self._failed(press, (0,))
        if not revived:
            return Shown(press.wording.say("admin-again-none"))
        return Shown(press.wording.say("admin-again-all", count=revived))

    async def _revive(self, ids: Sequence[int] | None) -> int:
        return await asyncio.to_thread(self._ledger.outbox.revive, ids, self._desk.clock())

    async def _titles(self, told: Sequence[str]) -> dict[str, str]:
        """By what is told its title, or its first words; of those that are (still) there."""
        found = {}
        numbers = {name: number for name in told if (number := bulletin_of(name)) is not None}
        there = await asyncio.to_thread(self._ledger.bulletins.by_id, [*numbers.values()])
        for name in dict.fromkeys(told):
            if name in numbers:
                if numbers[name] in there:
                    found[name] = bulletins.opening_of(there[numbers[name]])
            elif (article := await self._desk.library.article(name)) is not None:
                found[name] = article.title
        return found

    # --- to all ----------------------------------------------------------------------------

    async def _announce(self, press: Press, _: Values) -> Shown | None:
        kept = self._ledger.bulletins
        told = await asyncio.to_thread(kept.told, bulletins.BULLETINS_SHOWN)
        spread = await asyncio.to_thread(kept.spread, [each.id for each in told])
        places = await asyncio.to_thread(kept.reach, self._desk.admission.serves)
        reader = await self._reader(press)
        return await self._show(press, bulletins.announce_screen(told, spread, places, reader))

    async def _reader(self, press: Press) -> Reader:
        topic = 0 if press.message is None else topic_of(press.message)
        zone = await zone_of_reader(self._desk, press.chat, topic, press.person)
        return Reader(press.wording, zone)

    async def _show(self, press: Press, screen: Screen) -> Shown | None:
        """Nothing is shown over the chat."""
        where = (press.chat.id, press.message_id)
        await redraw(press.bot, *where, screen.said, screen.keyboard)
        return None


def _page(values: Values) -> int:
    match values:
        case (int(page), *_) if page > 0:
            return page
        case _:
            return 0
