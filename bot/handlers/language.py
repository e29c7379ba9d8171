"""/language and its buttons, and the language in which everything else is answered.

update -> what was chosen by its author, or for their group -> every answer's wording
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from telegram import Chat, Message, Update, User
from telegram.constants import ChatType
from telegram.ext import ContextTypes, TypeHandler

from bot.buttons import CLIENTS_OWN, LANGUAGE, language_keyboard
from bot.cards import sentence
from bot.context import Desk
from bot.errors import LedgerError
from bot.handlers import Handler, Turns, on_command
from bot.handlers.places import Denied, ensured, place_of_press, target_of
from bot.handlers.presses import Press, Shown, on_button, wording_of_press
from bot.languages import speak
from bot.ledger.records import Place
from bot.notices import channel_of
from bot.replies import redraw, reply, wording_of
from bot.wording import CHINESE, ENGLISH, NAMES, TRADITIONAL, Wording, wording_for

logger = logging.getLogger(__name__)

_TYPED = {
    **dict.fromkeys("english en 英文 英语 英語".split(), ENGLISH),
    **dict.fromkeys(
        "简体中文 簡體中文 简体 簡體 中文 chinese zh zh-hans zh-cn simplified".split(), CHINESE
    ),
    **dict.fromkeys(
        "繁體中文 繁体中文 繁體 繁体 正體中文 正體 zh-hant zh-tw zh-hk traditional".split(),
        TRADITIONAL,
    ),
    **dict.fromkeys("auto automatic client app default 自动 自動".split(), None),
}


def speaking(desk: Desk | None) -> Handler:
    """To stand in a group before all that answer: each update is answered as was chosen."""

    async def remember(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        speak(None)
        if desk is not None:
            await _speak(desk, update.effective_chat, update.effective_user)

    return TypeHandler(Update, remember)


def handlers(desk: Desk) -> Iterator[Handler]:
    choosing = _Choosing(desk)
    yield on_command("language", choosing.command)
    yield on_button({LANGUAGE}, choosing.press, Turns())


class _Choosing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def command(self, message: Message) -> None:
        """Choose what the words say; without any, show what there is."""
        person = message.from_user
        target = await target_of(message)
        if isinstance(target, Denied) or person is None:
            said = target.said if isinstance(target, Denied) else ""
            await reply(message, sentence(said))
            return
        place = None
        if target.chat.kind != ChatType.PRIVATE:
            place = await ensured(self._desk, target, message)
        wording, typed = wording_of(message), target.words.casefold()
        if not typed or typed not in _TYPED or (_TYPED[typed] is None and not _has_own(place)):
            said = _asked(place, wording)
            if typed:
                said = f"{wording.say('language-unknown')}\n\n{said}"
        else:
            await self._choose(place, person, _TYPED[typed])
            await _speak(self._desk, message.chat, person)
            wording = wording_of(message)
            said = _chosen(place, _TYPED[typed], wording)
        keyboard = language_keyboard(*await self._buttons(place, person, wording))
        await reply(message, sentence(said), keyboard)

    async def press(self, press: Press) -> Shown | None:
        """Choose what the button says, and show that in the new language."""
        match press.pressed.values:
            case (int(place_id), str(value)) if value in NAMES or value == CLIENTS_OWN:
                language = None if value == CLIENTS_OWN else value
            case _:
                return Shown(press.wording.say("button-old"), alert=True)
        place = None
        if place_id:
            found = await place_of_press(self._desk, press, place_id)
            if isinstance(found, Denied):
                return Shown(found.said, alert=True)
            place = None if found.is_private else found
        elif press.chat.type != ChatType.PRIVATE:
            return Shown(press.wording.say("button-old"), alert=True)
        if language is None and not _has_own(place):
            return Shown(press.wording.say("button-old"), alert=True)
        await self._choose(place, press.person, language)
        await _speak(self._desk, press.chat, press.person)
        wording = wording_of_press(press.query)
        (said,) = sentence(_chosen(place, language, wording))
        keyboard = language_keyboard(*await self._buttons(place, press.person, wording))
        await redraw(press.bot, press.chat.id, press.message_id, said, keyboard)
        return Shown(wording.say("setting-saved"))

    async def _choose(self, place: Place | None, person: User, language: str | None) -> None:
        languages = self._desk.ledger.languages
        if place is None:
            number, otherwise = person.id, wording_for(person.language_code).language
            work = languages.choose(number, language, otherwise, self._desk.clock())
        else:
            number = place.chat_id
            work = languages.choose_for_chat(number, language)
        await self._desk.writer.do(work)
        self._desk.languages.keep(number, language)

    async def _buttons(
        self, place: Place | None, person: User, wording: Wording
    ) -> tuple[int, str | None, str | None]:
        number = person.id if place is None else place.chat_id
        chosen = await self._desk.languages.of(number, self._desk.ledger.languages.of)
        if place is None:
            return 0, chosen, wording.say("button-language-client")
        if not _has_own(place):
            return place.id, chosen or place.language, None
        return place.id, chosen, wording.say("button-language-each")


async def _speak(desk: Desk, chat: Chat | None, person: User | None) -> None:
    """From here on in the language chosen for this chat, else by this person, else in none."""
    numbers = [] if chat is None or chat.type == ChatType.PRIVATE else [chat.id]
    if person is not None:
        numbers.append(person.id)
    language = None
    try:
        for number in numbers:
            language = language or await desk.languages.of(number, desk.ledger.languages.of)
    except LedgerError as error:  # in their client's language, then
        logger.error("nobody knows which language was chosen: %s", error)
    speak(language)


def _has_own(place: Place | None) -> bool:
    """Whether there is somebody to be answered in the language of their own client."""
    return place is None or place.kind != ChatType.CHANNEL


def _asked(place: Place | None, wording: Wording) -> str:
    if place is None:
        return wording.say("language-which")
    if _has_own(place):
        return wording.say("language-which-group")
    return wording.say("language-which-channel", channel=channel_of(place))


def _chosen(place: Place | None, language: str | None, wording: Wording) -> str:
    if language is None:
        return wording.say("language-client") if place is None else wording.say("language-each")
    name = NAMES[language]
    if place is None:
        return wording.say("language-chosen", language=name)
    if _has_own(place):
        return wording.say("language-chosen-group", language=name)
    return wording.say("language-chosen-channel", language=name, channel=channel_of(place))
