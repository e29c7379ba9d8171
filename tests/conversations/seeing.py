"""The bot's requests, as the events that people see of them. Pure."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.telegram_html import parse_html
from tests.conversations.chat import Card, Event, Message, Offered, Room, Shown, rows_of

Json = dict[str, Any]

#: Where a chat's number and a topic's lead.
Rooms = Callable[[int, int], Room]
_WRITING = {"sendMessage": False, "editMessageText": True, "editMessageReplyMarkup": True}


def seen(
    calls: Sequence[Json],
    rooms: Rooms,
    said: Mapping[int, str],
    shown: dict[int, Json],
    at: datetime,
) -> list[Event]:
    """What successful requests show, in their order.

    `said` are people's messages by their numbers, `shown` what the bot's look like, in the
    parameters of the request, which is kept up to date here.
    """
    found: list[Event] = []
    for call in calls:
        method, told = call["method"], call["parameters"]
        if call["status"] != 200:
            continue
        if method in _WRITING:
            number = int(call["message_id"])
            shown[number] = shown.get(number, {}) | told
            if _WRITING[method] and "reply_markup" not in told:
                shown[number].pop("reply_markup", None)
            found.append(_message(number, shown[number], _WRITING[method], rooms, said, at))
        elif method == "answerCallbackQuery" and "text" in told:
            found.append(Shown(told["text"], bool(told.get("show_alert"))))
        elif method == "answerInlineQuery":
            found.append(_offered(told))
    return found


def chosen(result: Json, who: str, at: datetime) -> Message:
    """The message that a result of an inline query becomes."""
    content = result["input_message_content"]
    markup = result.get("reply_markup")
    words = _html(content["message_text"], content)
    return Message(Room("any chat"), 0, None, at, words, rows_of(markup), via=who)


def _message(
    number: int, told: Json, edited: bool, rooms: Rooms, said: Mapping[int, str], at: datetime
) -> Message:
    markup = told.get("reply_markup") or {}
    words = _html(told["text"], told)
    replied = told.get("reply_parameters", {}).get("message_id")
    return Message(
        rooms(int(told["chat_id"]), int(told.get("message_thread_id", 0))),
        number,
        None,
        at,
        words,
        rows_of(markup),
        quotes=None if edited else said.get(replied),
        edited=edited,
        silent=bool(told.get("disable_notification")),
        preview=_preview(told, words),
        field=markup.get("input_field_placeholder"),
    )


def _html(words: str, told: Json) -> str:
    return words if told.get("parse_mode") == "HTML" else html.escape(words, quote=False)


def _preview(told: Json, words: str) -> str | None:
    options = told.get("link_preview_options", {})
    if options.get("is_disabled"):
        return None
    links = [entity.url for entity in parse_html(words).entities if entity.url]
    return options.get("url") or next(iter(links), None)


def _offered(told: Json) -> Offered:
    cards = tuple(
        Card(
            each["title"],
            each.get("description", ""),
            _html(each["input_message_content"]["message_text"], each["input_message_content"]),
            rows_of(each.get("reply_markup")),
        )
        for each in told["results"]
    )
    button = told.get("button")
    return Offered(cards, bool(told.get("next_offset")), button and button["text"])
