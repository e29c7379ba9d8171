"""What Telegram takes as results of an inline query, and what becomes of one that is chosen."""

from __future__ import annotations

import re
from typing import Any

from tests.bot.chats import Chat, Refusal
from tests.bot.messages import Call, Sent, check_markup, written

Json = dict[str, Any]

MOST_RESULTS = 50


def check_results(call: Call) -> None:
    """Raises `Refusal` for an answer that Telegram does not take.

    https://core.telegram.org/bots/api#answerinlinequery
    """
    results = call.parameters["results"]
    if len(results) > MOST_RESULTS:
        raise Refusal(400, "Bad Request: RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if len({*ids}) < len(ids):
        raise Refusal(400, "Bad Request: RESULT_ID_DUPLICATE")
    for result in results:
        if not 1 <= len(result["id"].encode()) <= 64:
            raise Refusal(400, "Bad Request: RESULT_ID_INVALID")
        if not result["title"].strip():
            raise Refusal(400, "Bad Request: ARTICLE_TITLE_EMPTY")
        chosen(result, call)
    if len(call.parameters.get("next_offset", "").encode()) > 64:
        raise Refusal(400, "Bad Request: NEXT_OFFSET_INVALID")
    button = call.parameters.get("button")
    if button is not None:
        if not button["text"].strip():
            raise Refusal(400, "Bad Request: BUTTON_TEXT_INVALID")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", button.get("start_parameter", "")):
            raise Refusal(400, "Bad Request: START_PARAM_INVALID")


def chosen(result: Json, call: Call) -> Sent:
    """The message that a chosen result becomes. Raises `Refusal` where it cannot become one."""
    content = result["input_message_content"]
    markup = result.get("reply_markup")
    check_markup(markup)
    parameters = {"text": content["message_text"], "parse_mode": content.get("parse_mode")}
    if markup is not None:
        parameters["reply_markup"] = markup
    return written(Call("chosen", parameters, call.at), Chat(50, "private"), 1)
