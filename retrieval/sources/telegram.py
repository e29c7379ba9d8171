"""A Telegram channel as Telegram Desktop exports it to JSON: its messages -> drafts.

result.json of one chat   {"name": ..., "type": ..., "id": ..., "messages": [...]}
result.json of all        {"chats": {"list": [a chat, ...]}, "left_chats": ...}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from retrieval.article import Draft
from retrieval.dates import parse_moment
from retrieval.errors import SourceError, UnreadableSource
from retrieval.sources.folders.files import bytes_of, line_after, sound
from retrieval.sources.reading import Fetch, Reading

#: Bytes: some hundred thousand messages. Parsed, it takes several times as much memory.
LARGEST_EXPORT = 512 * 1024 * 1024
#: How many chats an error names.
MOST_NAMED = 20

_HOW = (
    "in Telegram Desktop open the channel, choose `Export chat history` with the format"
    " `Machine-readable JSON`, and set `file` of this source to its result.json"
)
_HTML = "this export is in HTML, for people to read; export again: "
_USER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_TICKS = re.compile(r"`{3,}")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TelegramExportReader:
    """Reads what Telegram Desktop exported of a channel; an article is a message with text.

    `channel` is the channel's public user name, for links that everyone can open; of an export
    of all chats it also chooses one, by its name or id.
    """

    name: str
    file: Path
    channel: str | None = None
    kind: str = "telegram"

    def read(self, fetch: Fetch) -> Reading:
        """Read the export; nothing is fetched.

        Raises `UnreadableSource`, which names the file, and the line where it is known.
        """
        file = self.file
        try:
            file = export_in(self.file)
            chat = chosen(parsed(file), _bare(self.channel))
        except SourceError as error:
            told = SourceError(error.reason, file=error.file or file, line=error.line)
            raise UnreadableSource(self.name, [told]) from error
        return Reading(drafts=tuple(drafts_of(chat, _user_name(self.channel, chat))))


def export_in(path: Path) -> Path:
    """The file of an export: the one given, or that in the folder given."""
    if path.is_dir():
        inside = path / "result.json"
        if not inside.exists() and any(path.glob("messages*.html")):
            raise SourceError(_HTML + _HOW, file=path)
        path = inside
    if not path.is_file():
        raise SourceError(f"there is no such file; {_HOW}", file=path)
    return path


def parsed(file: Path) -> dict[str, Any]:
    """What the export holds. Raises `SourceError` with the line where it is broken."""
    data = bytes_of(file, LARGEST_EXPORT)
    beginning = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<!doctype html", b"<html")):
        raise SourceError(_HTML + _HOW)
    mend = "was the export interrupted? Export the chat again"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = line_after(data[: error.start].decode("utf-8", "ignore"))
        raise SourceError(f"not valid UTF-8; {mend}", line=line) from error
    del data
    if not text.strip():
        raise SourceError(f"the file is empty; {mend}", line=1)
    try:
        export = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(f"broken JSON ({error.msg}); {mend}", line=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise SourceError(
            f"broken JSON (nested too deeply, or a number too long); {mend}"
        ) from error
    if not isinstance(export, dict):
        raise SourceError(f"no export of a chat; {_HOW}")
    return export


def chosen(export: dict[str, Any], channel: str | None) -> dict[str, Any]:
    """The chat that is meant. Raises `SourceError` that lists the names where it is not clear."""
    if isinstance(export.get("messages"), list):
        return export
    chats = list(_chats(export))
    if not chats:
        raise SourceError(f"there are no messages in this file; {_HOW}")
    if channel:
        wanted = channel.casefold()
        named = [chat for chat in chats if wanted in (_id(chat), _name(chat).casefold())]
        if len(named) == 1:
            return named[0]
    channels = [chat for chat in chats if "channel" in str(chat.get("type"))]
    if len(channels) == 1:
        return channels[0]
    names = ", ".join(f"{_name(chat)} ({_id(chat)})" for chat in (channels or chats)[:MOST_NAMED])
    more = len(channels or chats) - MOST_NAMED
    names += f" and {more} more" if more > 0 else ""
    reason = "the export holds many chats; set `channel` of this source to the name or id of one"
    raise SourceError(f"{reason}, or export that one alone: {names}")


def _chats(export: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for group in ("chats", "left_chats"):
        found = export.get(group)
        listed = found.get("list") if isinstance(found, dict) else None
        for chat in listed if isinstance(listed, list) else ():
            if isinstance(chat, dict) and isinstance(chat.get("messages"), list):
                yield chat


def _name(chat: dict[str, Any]) -> str:
    name = chat.get("name")
    return sound(name) if isinstance(name, str) and name else "without a name"


def _id(chat: dict[str, Any]) -> str:
    """The chat's id as in links; bots know channels by the same with -100 before it."""
    return re.sub(r"^-(?:100)?", "", str(chat.get("id", "")))


def _bare(channel: str | None) -> str | None:
    """A user name without what people write before it: @, or the address of Telegram."""
    if channel is None:
        return None
    bare = re.sub(r"^(?:https?://)?(?:www\.)?t\.me/(?:s/)?", "", channel.strip())
    bare = bare.strip("/").removeprefix("@")
    return re.sub(r"^-100(?=\d+$)", "", bare) or None


def _user_name(channel: str | None, chat: dict[str, Any]) -> str | None:
    """The user name for links, unless `channel` is no such name or the chat is not public."""
    bare = _bare(channel)
    private = str(chat.get("type", "")).startswith("private_")
    return bare if bare and not private and _USER_NAME.fullmatch(bare) else None


def drafts_of(chat: dict[str, Any], user_name: str | None) -> list[Draft]:
    """The chat's messages that have text, newest first, each once."""
    number = _id(chat)
    linked = re.search("channel|supergroup", str(chat.get("type"))) and number.isdecimal()
    start = f"https://t.me/{user_name}" if user_name else f"https://t.me/c/{number}"
    drafts: dict[int, Draft] = {}
    for message in chat["messages"]:
        if not isinstance(message, dict) or message.get("type") != "message":
            continue
        key = message.get("id")
        text = _message_text(message)
        if not isinstance(key, int) or not text:
            continue
        drafts[key] = Draft(
            text=text,
            link=f"{start}/{key}" if user_name or linked else None,
            published=_moment(message, "date"),
            updated=_moment(message, "edited"),
            tags=_hashtags(message),
            guid=f"{number}/{key}",
        )
    newest = sorted(
        drafts.items(), key=lambda each: (each[1].published or _EARLIEST, each[0]), reverse=True
    )
    return [draft for _, draft in newest]


def _message_text(message: dict[str, Any]) -> str:
    parts = [_said(message.get("text_entities") or message.get("text"))]
    poll = message.get("poll")
    if isinstance(poll, dict):
        parts.append(_said(poll.get("question")))
        parts.append("\n".join(f"- {option}" for option in _options(poll.get("answers"))))
    tasks = message.get("todo_list")
    if isinstance(tasks, dict):
        parts.append(_said(tasks.get("title")))
        parts.append("\n".join(f"- {option}" for option in _options(tasks.get("answers"))))
    return "\n".join(part for part in parts if part)


def _options(answers: Any) -> Iterator[str]:
    for answer in answers if isinstance(answers, list) else ():
        if isinstance(answer, dict) and (said := _said(answer.get("text"))):
            yield said


def _entities(text: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The parts of a text: of what type, which text, and what else is told of it."""
    for part in text if isinstance(text, list) else [text]:
        if isinstance(part, str):
            yield "plain", sound(part), {}
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            yield str(part.get("type")), sound(part["text"]), part


def _said(text: Any) -> str:
    """A text in the form that `Draft.text` has: code between fences, the rest plain."""
    said = ""
    for kind, part, told in _entities(text):
        if kind == "pre":
            ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(part)), default=2))
            language = told.get("language")
            name = language if isinstance(language, str) and re.fullmatch(r"\S*", language) else ""
            above = "" if not said or said.endswith("\n") else "\n"
            said += f"{above}{ticks}{name}\n{part.strip(chr(10))}\n{ticks}\n"
        elif said.endswith("```\n"):
            said += part.removeprefix("\n")
        else:
            said += part
    return said.strip()


def _hashtags(message: dict[str, Any]) -> tuple[str, ...]:
    """The tags without their #, and without the channel that one may be tied to (#tag@channel)."""
    once: dict[str, str] = {}
    for text in (message.get("text_entities"), message.get("text")):
        for kind, part, _ in _entities(text):
            tag = part.strip().lstrip("#＃").split("@")[0]
            if kind == "hashtag" and tag:
                once.setdefault(tag.casefold(), tag)
    return tuple(once.values())


def _moment(message: dict[str, Any], name: str) -> datetime | None:
    """The moment in seconds since 1970, else as written, which is the exporter's own time."""
    seconds = message.get(f"{name}_unixtime")
    if isinstance(seconds, str | int) and re.fullmatch(r"[0-9]{1,12}", str(seconds)):
        try:
            at = datetime.fromtimestamp(int(seconds), UTC)
        except (ValueError, OverflowError, OSError):
            return None
        return at if at.year > 1970 else None  # never edited, in old exports
    written = message.get(name)
    if not isinstance(written, str) or written.startswith("1970"):
        return None
    return parse_moment(written)
