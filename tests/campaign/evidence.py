"""What is known after a sending campaign: the server's journal, the databases, the command line."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence

from tests.bot.messages import Sent
from tests.campaign.judgement import Attempt, Pair
from tests.campaign.life import Home
from tests.campaign.news import News
from tests.campaign.readers import MOVED, MOVING, Reader
from tests.telegram_server import RemoteTelegram

#: Articles that are there before anybody subscribes: they are no news.
OLD = 10
#: What a notice says that may have come already.
_MARK = "may have"


def place_of(chat_id: int, topic: int) -> tuple[int, int]:
    """A place by the number it had at first."""
    return (MOVING if chat_id == MOVED else chat_id), topic


class Evidence:
    """Reads everything and changes nothing. What came before `begin` is no evidence."""

    def __init__(self, home: Home, telegram: RemoteTelegram, news: News) -> None:
        self._home = home
        self._telegram = telegram
        self._news = news
        self._begin, self._began = 0, 0.0

    def begin(self) -> None:
        """From now on it counts."""
        self._begin, self._began = len(self._telegram.journal), time.time()

    def wished(self, readers: Sequence[Reader], late_from: int) -> dict[tuple[int, int], list[int]]:
        """What each place was to hear; where only the model can tell, what the ledger says.

        `late_from` is the first article for who came late.
        """
        ledger: dict[tuple[int, int], list[int]] = {}
        for chat, topic, link, _ in self._home.rows():
            ledger.setdefault(place_of(chat, topic), []).extend(self._news.numbers(link, ()))
        wished = {}
        for reader in readers:
            if reader.hears is None:
                wished[reader.place] = ledger.get(reader.place, [])
                continue
            first = late_from if reader.kind == "late" else OLD
            wished[reader.place] = [
                item.number for item in self._news.items[first:] if reader.hears(item)
            ]
        return wished

    def attempts(self) -> list[Attempt]:
        """What was sent to bring articles, in the order of its coming."""
        found = []
        for call in self._telegram.journal[self._begin :]:
            if call["method"] != "sendMessage":
                continue
            parameters = call["parameters"]
            text = str(parameters["text"])
            numbers = tuple(self._news.numbers(text, ()))
            if numbers:
                place = place_of(call["chat_id"], parameters.get("message_thread_id", 0))
                arrived = call["message_id"] is not None
                found.append(Attempt(place, numbers, call["fault"], arrived, _MARK in text))
        return found

    def arrived(self) -> list[Pair]:
        """The pairs that people saw, as often as they did."""
        return [(a.place, n) for a in self.attempts() if a.arrived for n in a.numbers]

    def dead(self) -> dict[Pair, int]:
        """The dead letters as the command lists them, with their unknown outcomes."""
        told = json.loads(self._home.say("deliveries", "--failed", "--json"))
        titles = {item.title: item.number for item in self._news.items}
        return {
            (place_of(letter["chat_id"], letter["topic"] or 0), titles[letter["title"]]): letter[
                "unknown_outcomes"
            ]
            for letter in told["failed"]
        }

    def loud(self, chat_id: int) -> list[str]:
        """Notices that made a sound where silence was asked for."""
        return [
            f"a notice was loud for {chat_id}: {sent.text[:40]!r}"
            for sent in self._notices()
            if sent.chat_id == chat_id and not sent.parameters.get("disable_notification")
        ]

    def too_early(self, chat_id: int, morning: float) -> list[str]:
        """Notices that came before the quiet hours were over."""
        return [
            f"a notice came in the quiet hours: {sent.text[:40]!r}"
            for sent in self._notices()
            if sent.chat_id == chat_id and sent.at < morning
        ]

    def _notices(self) -> list[Sent]:
        return [
            sent
            for sent in self._telegram.sent
            if sent.at >= self._began and self._news.numbers(sent.text, sent.links)
        ]

    def old_titles(self, dead: Collection[Pair]) -> list[str]:
        """Notices that do not show their article's last title, of those that the bot knows of.

        Of two it knows the second one; of what it has given up, none. One whose edit Telegram
        refused stays as it was, and so may one that was sent to a group before that became a
        supergroup: there nothing can be edited any more.
        """
        refused = {
            (call["chat_id"], int(call["parameters"]["message_id"]))
            for call in self._telegram.journal
            if call["method"] == "editMessageText" and call["fault"] == "bad markup"
        }
        edited = {(sent.chat_id, sent.message_id): sent for sent in self._telegram.edits}
        last, differences = {}, []
        for sent in self._notices():
            numbers = self._news.numbers(sent.text, sent.links)
            if len(numbers) == 1:
                last[place_of(sent.chat_id, sent.topic), numbers[0]] = sent
        for (place, number), sent in last.items():
            if (place, number) in dead:
                continue
            message = (sent.chat_id, sent.message_id)
            shown = edited.get(message, sent)
            title = self._news.items[number].title
            if title not in shown.text and message not in refused and sent.chat_id != MOVING:
                differences.append(f"{place} reads {shown.text[:60]!r} and not {title!r}")
        return differences
