"""What Telegram shows of the bot itself: its name, its descriptions, its menus of commands.

what the owner wants, catalogues -> entries -> those that are not as they were set last -> Telegram

A note in the ledger tells what was set last, so a restart sends nothing. Descriptions that the
owner wrote through @BotFather stay, unless the settings have other words.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from telegram import Bot
from telegram.error import TelegramError

from bot.errors import LedgerError
from bot.ledger.notes import Notes
from bot.menu import CODES, Menu, menus, scope_of
from bot.outcomes import Passing, Unknown, outcome_of
from bot.wording import Wording

logger = logging.getLogger(__name__)

PATIENCE = 300.0  # seconds for all of it; what is left is tried at the next start

# https://core.telegram.org/bots/api#setmyname, #setmyshortdescription and #setmydescription
LONGEST_NAME = 64
LONGEST_ABOUT = 120
LONGEST_DESCRIPTION = 512

What = Literal["name", "about", "description"]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the owner wants to be shown; without words of theirs the catalogues have some.

    Without a `name` that stays as @BotFather has it. `owners` are the chats whose menu has /admin.
    """

    name: str | None = None
    about: str | None = None
    description: str | None = None
    owners: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the profile for a language of `bot.menu.CODES`; none are those for everybody."""

    what: What
    code: str
    words: str


Entry = Said | Menu


def entries(profile: Profile) -> Iterator[Entry]:
    """All that is to be shown, each once."""
    if profile.name is not None:
        yield Said("name", "", profile.name)
    for code, language in CODES.items():
        wording = Wording(language)
        yield Said("about", code, _own(profile.about, code, wording.say("profile-about")))
        described = wording.say("profile-description")
        yield Said("description", code, _own(profile.description, code, described))
    yield from menus(profile.owners)


def _own(words: str | None, code: str, otherwise: str) -> str:
    """The owner's words are for everybody: no language has any of its own besides them."""
    if words is None:
        return otherwise
    return "" if code else words


def key_of(entry: Entry) -> str:
    """What it is, such as `about`, `menu:groups:zh` or `menu:50`."""
    match entry:
        case Said(what, code):
            parts = [what, code]
        case Menu(audience, code):
            parts = ["menu", str(audience), code]
    return ":".join(filter(None, parts))


def digest_of(entry: Entry) -> str:
    """16 characters that are others where it says something else."""
    return _digest(entry.words if isinstance(entry, Said) else entry.commands)


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


@contextlib.asynccontextmanager
async def showing(bot: Bot, notes: Notes, profile: Profile) -> AsyncIterator[None]:
    """Sets it beside the block, which waits for nothing of it. The bot must be initialized."""
    task = asyncio.create_task(show(bot, notes, profile), name="profile")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def show(bot: Bot, notes: Notes, profile: Profile, patience: float = PATIENCE) -> None:
    """Set what is not as it was set last. Never raises: what fails is logged in one line."""
    name = f"profile:{bot.id}"
    try:
        last = _read(await asyncio.to_thread(notes.read, name))
        wanted = {key_of(entry): entry for entry in entries(profile)}
        wanted |= {key: gone for key in last if key not in wanted and (gone := _gone(key))}
        shown = {key: last[key] for key in wanted if key in last}
        changed = [each for key, each in wanted.items() if shown.get(key) != digest_of(each)]
        failed = await _set_all(bot, profile, changed, shown, patience)
        if shown != last:
            await asyncio.to_thread(notes.write, name, json.dumps(shown))
    except LedgerError as error:
        logger.error("what Telegram shows of the bot is not kept up to date: %s", error)
        return
    if failed:
        logger.warning(
            "not all that Telegram shows of the bot could be set, which is tried again at the next"
            " start: %s",
            "; ".join(failed),
        )


def _read(note: str | None) -> Mapping[str, str]:
    """By their keys the digests of what was set last."""
    try:
        told = json.loads(note or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _gone(key: str) -> Menu | None:
    """What takes a chat's own menu away: nobody there looks after the bot any more."""
    what, _, rest = key.partition(":")
    audience, _, code = rest.partition(":")
    chat_id = audience.removeprefix("-").isdecimal() and int(audience)
    return Menu(chat_id, code, ()) if what == "menu" and chat_id else None


async def _set_all(
    bot: Bot, profile: Profile, changed: Sequence[Entry], shown: dict[str, str], patience: float
) -> list[str]:
    """Tell in `shown` what was set; what was not, and why."""
    failed: list[str] = []
    waiting = [*changed]
    handmade = Handmade(bot, profile, dict(shown))
    try:
        async with asyncio.timeout(patience):
            while waiting:
                entry = waiting[0]
                try:
                    if not (isinstance(entry, Said) and await handmade.has(entry)):
                        await _set(bot, entry)
                except TelegramError as error:
                    failed.append(f"{key_of(entry)} ({error.message})")
                    if isinstance(outcome_of(error), Passing | Unknown):
                        return failed + [key_of(each) for each in waiting[1:]]
                else:
                    _tell(shown, entry)
                waiting.pop(0)
    except TimeoutError:
        failed += [f"{key_of(each)} (it took too long)" for each in waiting]
    return failed


class Handmade:
    """Whether descriptions are the owner's own, written through @BotFather.

    They are where everybody is shown words that are neither what was set last nor what is to be
    set now; then those in other languages are left alone, too.
    """

    def __init__(self, bot: Bot, profile: Profile, last: Mapping[str, str]) -> None:
        self._bot = bot
        self._own = {
            "name": profile.name,
            "about": profile.about,
            "description": profile.description,
        }
        self._last = last
        self._known: dict[What, bool] = {}

    async def has(self, entry: Said) -> bool:
        """Raises `TelegramError`."""
        if self._own[entry.what] is not None:
            return False  # the settings were asked for, too, and later
        if entry.what not in self._known:
            words = await self._shown(entry.what)
            ours = {self._last.get(entry.what), digest_of(entry)}
            self._known[entry.what] = bool(words) and _digest(words) not in ours
            if self._known[entry.what]:
                logger.info(
                    "the bot's %s is not ours and stays as @BotFather has it; what stands at"
                    " profile.%s in the settings would replace it",
                    entry.what,
                    entry.what,
                )
        return self._known[entry.what]

    async def _shown(self, what: What) -> str:
        if what == "about":
            return (await self._bot.get_my_short_description()).short_description
        return (await self._bot.get_my_description()).description


def _tell(shown: dict[str, str], entry: Entry) -> None:
    if isinstance(entry, Menu) and not entry.commands:
        del shown[key_of(entry)]
    else:
        shown[key_of(entry)] = digest_of(entry)


async def _set(bot: Bot, entry: Entry) -> None:
    code = entry.code or None
    match entry:
        case Said("name", words=words):
            await bot.set_my_name(words, code)
        case Said("about", words=words):
            await bot.set_my_short_description(words, code)
        case Said("description", words=words):
            await bot.set_my_description(words, code)
        case Menu(audience, commands=()):
            await bot.delete_my_commands(scope_of(audience), code)
        case Menu(audience):
            await bot.set_my_commands(entry.listed, scope_of(audience), code)
