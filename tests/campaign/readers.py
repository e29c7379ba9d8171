"""Who listens while the bot is killed: subscribers of every kind, and what each must hear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.bot.chats import BOT_ID
from tests.campaign.news import TAGS, Item
from tests.telegram_server import TelegramServer

Json = dict[str, Any]

OWNER = 900
FORUM, GROUP, CHANNEL, MOVING, MOVED = -2001, -2002, -2003, -2004, -1002004


@dataclass(frozen=True)
class Reader:
    """A place and its subscription.

    `hears` tells which articles it wishes, None where only the model can tell. `says` are the
    commands that make it, `kind` what is done with it on the way.
    """

    name: str
    chat_id: int
    says: tuple[str, ...]
    hears: Callable[[Item], bool] | None
    type: str = "private"
    topic: int = 0
    kind: str = ""

    @property
    def place(self) -> tuple[int, int]:
        return self.chat_id, self.topic

    @property
    def chat(self) -> Json:
        """The chat as updates name it."""
        name = "first_name" if self.type == "private" else "title"
        facts: Json = {"id": self.chat_id, "type": self.type, name: self.name}
        return facts | ({"is_forum": True} if self.topic else {})

    def subscribe(self, server: TelegramServer) -> None:
        """Say what makes the subscription; of a channel, in a private chat with its owner."""
        fields: Json = {"title": self.name, "is_forum": bool(self.topic)}
        if self.type == "channel":
            fields |= {"username": "campaign_news", "admins": [OWNER, BOT_ID]}
        elif self.type != "private":
            fields["admins"] = [OWNER]
        server.chat(self.chat_id, self.type, **fields)
        for words in self.says:
            if self.type == "channel":
                server.say(words, chat_id=OWNER)
            elif self.type == "private":
                server.say(words, chat=self.chat, person_id=self.chat_id)
            else:
                server.say(words, chat=self.chat, person_id=OWNER, topic=self.topic)


def tagged(tag: str) -> Callable[[Item], bool]:
    return lambda item: item.tag == tag


def readers(*, topics: bool) -> list[Reader]:
    """All of them; those with a topic only where there is a model that understands one."""
    by_tag = [
        Reader(f"tag {tag}", 1001 + n, (f"/subscribe #{tag}",), tagged(tag))
        for n, tag in enumerate(TAGS)
    ]
    words = [
        Reader("phrase", 1101, ('/subscribe "harbor" -quartz',), _harbor),
        Reader("either tag", 1102, (f"/subscribe #{TAGS[1]} #{TAGS[2]}",), _either),
        Reader("tag but not", 1103, (f"/subscribe #{TAGS[0]} -lantern",), _but_not),
        Reader("two wishes", 1104, (f"/subscribe #{TAGS[3]}", '/subscribe "珊瑚"'), _two),
        Reader("late", 1105, ("/subscribe",), lambda _: True, kind="late"),
        Reader(
            "silent",
            1106,
            (f"/subscribe #{TAGS[4]}", "/settings silent on"),
            tagged(TAGS[4]),
            kind="silent",
        ),
        Reader(
            "quiet",
            1107,
            (f"/subscribe #{TAGS[5]}", "/settings quiet {quiet}"),
            tagged(TAGS[5]),
            kind="quiet",
        ),
        Reader(
            "digest",
            1108,
            (f"/subscribe #{TAGS[6]}", "/settings daily 9"),
            tagged(TAGS[6]),
            kind="digest",
        ),
        Reader("blocks", 1109, (f"/subscribe #{TAGS[7]}",), tagged(TAGS[7]), kind="blocks"),
    ]
    shared = [
        Reader("topic 5", FORUM, (f"/subscribe #{TAGS[0]}",), tagged(TAGS[0]), "supergroup", 5),
        Reader("topic 6", FORUM, (f"/subscribe #{TAGS[1]}",), tagged(TAGS[1]), "supergroup", 6),
        Reader("group", GROUP, (f"/subscribe #{TAGS[8]}",), tagged(TAGS[8]), "group"),
        Reader(
            "channel",
            CHANNEL,
            (f"/subscribe @campaign_news #{TAGS[2]}",),
            tagged(TAGS[2]),
            "channel",
        ),
        Reader(
            "moves", MOVING, (f"/subscribe #{TAGS[9]}",), tagged(TAGS[9]), "group", kind="moves"
        ),
    ]
    about = [Reader("about", 1201, ("/subscribe about ships, harbors and the sea",), None)]
    return by_tag + words + shared + (about if topics else [])


def _harbor(item: Item) -> bool:
    return item.says("harbor") and not item.says("quartz")


def _either(item: Item) -> bool:
    return item.tag in TAGS[1:3]


def _but_not(item: Item) -> bool:
    return item.tag == TAGS[0] and not item.says("lantern")


def _two(item: Item) -> bool:
    return item.tag == TAGS[3] or "珊瑚" in item.text
