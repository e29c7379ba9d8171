"""/latest: the newest articles, of a tag or a source if one is named, page by page.

words -> listing -> archive -> a page, which its buttons turn in place
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial, reduce

from telegram import Message

from bot.browsing import Browsing
from bot.buttons import NEWEST, TAG
from bot.cards import sentence
from bot.context import Desk, Library
from bot.cutting import shortened
from bot.handlers import Handler, Turns, after_command, on_command
from bot.handlers.places import local_to_press, local_wording
from bot.handlers.presses import Press, Shown, on_button
from bot.handlers.responding import respond
from bot.listings import (
    MOST,
    Asked,
    Listing,
    Name,
    described,
    mark_of,
    near_keyboard,
    newest_in_one,
    newest_page,
    parse_latest,
    shown_tag,
)
from bot.markup import clean
from bot.replies import redraw, reply, show_typing, wording_of
from bot.typing_action import typing
from bot.wording import Wording
from retrieval.archive.tagging import tag_key
from retrieval.filter import name_key

#: Tags and sources that are told where one is not known.
_MOST_NEAR, _MOST_SOURCES = 3, 10
_LONGEST_NAME = 60  # characters of what somebody typed


def handlers(
    library: Library, default: int, desk: Desk | None = None, *, buttons: bool = True
) -> Iterator[Handler]:
    """`default` is how many are shown when nobody says how many.

    Without a desk days are those of UTC.
    """
    latest = _Latest(library.browsing, default, desk, buttons=buttons)
    yield on_command("latest", latest.command)
    yield on_button({NEWEST}, latest.turn, Turns())
    yield on_button({TAG}, latest.of_tag)


class _Latest:
    def __init__(
        self, browsing: Browsing, default: int, desk: Desk | None, *, buttons: bool
    ) -> None:
        self._browsing = browsing
        self._desk = desk
        self._buttons = buttons
        self._default = default

    async def command(self, message: Message) -> None:
        wording = wording_of(message)
        asked = parse_latest(clean(after_command(message)))
        if asked is None:
            said = wording.say("latest-usage", most=MOST, example=self._default)
            await reply(message, sentence(said))
            return
        async with typing(partial(show_typing, message)):
            listing = await self._listing(asked)
            if isinstance(listing, Name):
                await self._say_unknown(message, wording, asked, listing)
                return
            articles = await self._browsing.newest(listing.wanted, listing.size + 1)
        if articles:
            wording = await local_wording(self._desk, message)
            await reply(message, *newest_page(articles, wording, listing, 0))
        elif listing.names:
            said = wording.say("latest-none-of", names=described(listing.names))
            await reply(message, sentence(said))
        else:
            await reply(message, sentence(wording.say("archive-empty")))

    async def turn(self, press: Press) -> Shown | None:
        """Show another page in the message that was pressed."""
        match press.pressed.values:
            case (int(size), int(offset), *marks) if 0 < size <= MOST and offset >= 0:
                names = [await self._named(mark) for mark in marks]
            case _:
                names, size, offset = [None], 0, 0
        known = tuple(name for name in names if name is not None)
        if len(known) < len(names):
            return Shown(press.wording.say("latest-gone"), alert=True)
        listing = Listing(size, known)
        articles = await self._browsing.newest(listing.wanted, size + 1, offset)
        if not articles and offset:  # there are fewer now
            offset = 0
            articles = await self._browsing.newest(listing.wanted, size + 1)
        if not articles:
            return Shown(press.wording.say("latest-gone"), alert=True)
        wording = await local_to_press(self._desk, press)
        page, keyboard = newest_in_one(articles, wording, listing, offset)
        await redraw(press.bot, press.chat.id, press.message_id, page, keyboard)
        return None

    async def of_tag(self, press: Press) -> Shown | None:
        """Show the newest articles of a tag below the message that was pressed."""
        match press.pressed.values:
            case (str(mark),):
                name = await self._named(mark)
            case _:
                name = None
        if name is None:
            return Shown(press.wording.say("latest-gone"), alert=True)
        listing = Listing(self._default, (name,))
        articles = await self._browsing.newest(listing.wanted, listing.size + 1)
        if not articles:
            return Shown(press.wording.say("latest-gone"), alert=True)
        wording = await local_to_press(self._desk, press)
        await respond(press, *newest_page(articles, wording, listing, 0))
        return None

    async def _listing(self, asked: Asked) -> Listing | Name:
        """What was meant; the name that nothing here has, if there is one."""
        names = []
        for each in asked.names:
            known = await self._known(each)
            if known is None:
                return each
            names.append(known)
        for words, size in asked.readings:
            if not words:
                return Listing(size or self._default, tuple(names))
            found = await self._known(Name("tag", words)) or await self._known(
                Name("source", words)
            )
            if found is not None:
                return Listing(size or self._default, (*names, found))
        return Name("tag", asked.readings[-1][0])

    async def _known(self, name: Name) -> Name | None:
        """The same, as the archive spells it."""
        if name.kind == "tag":
            tag = await self._browsing.tag(name.name)
            return None if tag is None else Name("tag", tag.name)
        key = name_key(name.name)
        same = (each for each in await self._browsing.sources() if name_key(each) == key)
        return next((Name("source", each) for each in same), None)

    async def _named(self, mark: object) -> Name | None:
        """What the mark of a button stands for, None where nothing has it any more."""
        if not isinstance(mark, str):
            return None
        if mark.startswith("t"):
            tag = await self._browsing.tag_of_key(mark[1:])
            return None if tag is None else Name("tag", tag.name)
        same = (
            each
            for each in await self._browsing.sources()
            if mark_of("source", tag_key(each)) == mark
        )
        return next((Name("source", each) for each in same), None)

    async def _say_unknown(
        self, message: Message, wording: Wording, asked: Asked, name: Name
    ) -> None:
        """Say that nothing is called so, and what comes near."""
        called = shortened(name.name, _LONGEST_NAME)
        sources = [shortened(each, _LONGEST_NAME) for each in await self._browsing.sources()]
        if name.kind == "source":
            told = wording.say("latest-unknown-source", name=called)
            if sources:
                there = _listed(sources[:_MOST_SOURCES], wording)
                told = f"{told}\n{wording.say('latest-sources', names=there)}"
            await reply(message, sentence(told))
            return
        near = await self._browsing.tags_near(name.name, _MOST_NEAR)
        told = (
            wording.say("latest-unknown-tag", name=called)
            if name in asked.names
            else wording.say("latest-unknown", name=called)
        )
        further = wording.say("latest-near") if near else wording.say("latest-see-tags")
        if near and not self._buttons:
            listed = _listed([shown_tag(tag.name) for tag in near], wording)
            further = f"{further} {listed}"
        await reply(message, sentence(f"{told}\n{further}"), near_keyboard(near))


def _listed(names: Sequence[str], wording: Wording) -> str:
    return reduce(
        lambda before, following: wording.say("words-comma", words=before, next=following), names
    )
