"""Messages of every kind that the Bot API knows: its facts -> strategies that draw values of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.bot.hostile import HOSTILE
from tests.bot.judging import TYPES

Json = dict[str, Any]

#: The unions whose types the facts do not tell apart, each with what tells them apart.
_UNIONS: dict[str, dict[str, str]] = {
    "MessageOrigin": {
        "user": "MessageOriginUser",
        "hidden_user": "MessageOriginHiddenUser",
        "chat": "MessageOriginChat",
        "channel": "MessageOriginChannel",
    },
    "PaidMedia": {
        "preview": "PaidMediaPreview",
        "photo": "PaidMediaPhoto",
        "video": "PaidMediaVideo",
    },
    "ReactionType": {"emoji": "ReactionTypeEmoji", "paid": "ReactionTypePaid"},
}
#: Types without any field.
_EMPTY = {
    "CallbackGame",
    "ForumTopicClosed",
    "ForumTopicReopened",
    "GeneralForumTopicHidden",
    "GeneralForumTopicUnhidden",
    "VideoChatStarted",
}
_ENTITIES = "mention hashtag bot_command url bold pre text_link text_mention brand_new".split()
_CHATS = ["private", "group", "supergroup", "channel"]
_SAID = [
    "",
    " ",
    "\n",
    "\u200b\u2060",
    "/",
    "/ask",
    "/ask what?",
    "/ask@test_archive_bot what?",
    "/ask@another_bot what?",
    "/nope",
    "/help",
    "/latest 2",
    "@test_archive_bot",
    "what is it, @test_archive_bot?",
    "显存不够怎么办",
    "😀" * 5_000,
    *(each for each in HOSTILE if "\ud800" not in each),
]
said = st.one_of(st.sampled_from(_SAID), st.text(st.characters(exclude_categories=["Cs"])))
_number = st.one_of(st.integers(-3, 40), st.integers(-(2**40), 2**40))


@cache
def drawable(kind: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a value of this type can be drawn: not where it needs a union nobody told of."""
    if " or " in kind:
        return any(drawable(each, seen) for each in kind.split(" or "))
    kind = kind.removeprefix("Array of ").removeprefix("Array of ")
    if kind not in TYPES or kind in _EMPTY or kind in _UNIONS or kind in seen:
        return True
    if kind == "MaybeInaccessibleMessage":
        return True
    facts = TYPES[kind]
    needed = [fact["type"] for fact in facts.values() if fact["required"]]
    return bool(facts) and all(drawable(each, seen | {kind}) for each in needed)


@st.composite
def values(draw: st.DrawFn, kind: str, deep: int) -> Any:
    """A value of one of the Bot API's types, at most `deep` objects within each other if it can."""
    if " or " in kind:
        kind = draw(st.sampled_from([each for each in kind.split(" or ") if drawable(each)]))
    if kind.startswith("Array of "):
        each = kind.removeprefix("Array of ")
        return [draw(values(each, deep)) for _ in range(draw(st.integers(0, 2)))]
    match kind:
        case "Integer":
            return draw(_number)
        case "Float":
            return draw(st.floats(-90, 90))
        case "String":
            return draw(said)
        case "Boolean":
            return draw(st.booleans())
        case "True":
            return True
        case "MaybeInaccessibleMessage":
            return draw(objects("Message", deep))
        case "MessageEntity":
            return {**draw(objects(kind, deep)), "type": draw(st.sampled_from(_ENTITIES))}
        case "Chat":
            return {**draw(objects(kind, deep)), "type": draw(st.sampled_from(_CHATS))}
        case _ if kind in _UNIONS:
            name = draw(st.sampled_from([*_UNIONS[kind]]))
            return {**draw(objects(_UNIONS[kind][name], deep)), "type": name}
        case _:
            return draw(objects(kind, deep))


@st.composite
def objects(draw: st.DrawFn, kind: str, deep: int, *often: str) -> Json:
    """An object with the fields that it needs, and a few others, rather those named."""
    facts = TYPES[kind]
    found = {
        name: _moment(draw) if _is_moment(name) else draw(values(fact["type"], deep - 1))
        for name, fact in facts.items()
        if fact["required"]
    }
    others = [name for name in facts if name not in found and drawable(facts[name]["type"])]
    if deep <= 0 or not others:
        return found
    likely = st.sampled_from([each for each in often if each in others] or others)
    for name in draw(st.sets(st.one_of(likely, st.sampled_from(others)), max_size=5)):
        found[name] = (
            _moment(draw) if _is_moment(name) else draw(values(facts[name]["type"], deep - 1))
        )
    return found


def _is_moment(name: str) -> bool:
    return name.endswith(("date", "unix_time", "_until"))


def _moment(draw: st.DrawFn) -> int:
    return draw(st.integers(1_400_000_000, 2_000_000_000))
