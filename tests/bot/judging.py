"""Whether a request or a response is what the Bot API knows: values -> what is wrong with them.

The facts in `bot_api.json` are the names, types and obligations of the fields of the official Bot
API; a field it does not know is a mistake of ours.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FACTS: Json = json.loads(Path(__file__).with_name("bot_api.json").read_text())
METHODS: Json = FACTS["methods"]
TYPES: Json = FACTS["types"]

#: Unions by the field that tells which of their types a value is; others go unjudged.
_STATUS = {
    "creator": "ChatMemberOwner",
    "administrator": "ChatMemberAdministrator",
    "member": "ChatMemberMember",
    "restricted": "ChatMemberRestricted",
    "left": "ChatMemberLeft",
    "kicked": "ChatMemberBanned",
}


def wrong(value: Any, kind: str, where: str) -> list[str]:
    """What in `value` is not of the Bot API's type `kind`."""
    if " or " in kind:
        return _wrong_of_any(value, kind, where)
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no array"]
        each = kind.removeprefix("Array of ")
        return [fault for one in value for fault in wrong(one, each, where)]
    if kind in TYPES and isinstance(value, dict):
        kind = _member_of(kind, value)
        return wrong_fields(value, TYPES[kind], f"{where}: {kind}") if TYPES[kind] else []
    return [] if _is(value, kind) else [f"{where}: {value!r} is no {kind}"]


def wrong_fields(values: Json, facts: Json, where: str) -> list[str]:
    """The same for the fields of one object, or the parameters of one method."""
    faults = []
    for name, value in values.items():
        if name in facts:
            faults += wrong(value, facts[name]["type"], f"{where}.{name}")
        else:
            faults.append(f"{where} has no field {name}")
    for name, fact in facts.items():
        if fact["required"] and name not in values:
            faults.append(f"{where} lacks {name}")
    return faults


def _wrong_of_any(value: Any, kind: str, where: str) -> list[str]:
    faults = [wrong(value, each, where) for each in kind.split(" or ")]
    if [] in faults:
        return []
    # A dict is told what the first of the types misses, else nobody could mend it.
    return faults[0] if isinstance(value, dict) else [f"{where}: {value!r} is no {kind}"]


def _member_of(kind: str, value: Json) -> str:
    if kind == "ChatMember":
        return _STATUS.get(str(value.get("status")), "ChatMemberMember")
    if kind == "BotCommandScope":
        named = "".join(map(str.capitalize, str(value.get("type")).split("_")))
        return f"BotCommandScope{named}" if f"BotCommandScope{named}" in TYPES else kind
    if kind == "InlineQueryResult" and value.get("type") == "article":
        return "InlineQueryResultArticle"
    if kind == "InputMessageContent" and "message_text" in value:
        return "InputTextMessageContent"
    if kind == "MaybeInaccessibleMessage":
        return "Message" if value.get("date") else "InaccessibleMessage"
    return kind


def _is(value: Any, kind: str) -> bool:
    match kind:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "String":
            return isinstance(value, str)
        case "Boolean":
            return isinstance(value, bool)
        case "True":
            return value is True
        case _:
            return isinstance(value, dict)
