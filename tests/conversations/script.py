"""A conversation's script: a text -> who takes part and what they do, one step for each paragraph.

Lines at the margin are the script, indented ones are what the bot did and are left out here:

    # A title
    小明 speaks zh-hans.                      who there is, and where, in the first paragraphs
    小红 looks after the bot.
    读书会 is a group of 小明.                 小明 administers it
    Talk is a forum of Ada with the topics Databases, Networks.
    Reads is a channel of Ada, named reads.
    Settings: limits.person_minute = 3
    The archive is still being read.

    (A paragraph in brackets is for whoever reads this.)
    ## In 读书会                              where the following is said; in private at first
    小明: words                               and, in the next lines, further ones
    小明 replies: words                       to the bot's newest message there
    小明 replies to “words”: words            to its newest that holds these
    小明 edits: words                         what they said last
    小明 presses [ label ]                    of the newest button called so
    小明 types: words                         behind the bot's name, in any chat
    小明 scrolls down                         for more of what that found
    小明 chooses “title”                      of what it found
    小明 opens the link                       to the bot that was shown last
    小明 forwards: words
    小明 sends a sticker
    * 小明 adds the bot
    * 小明 makes the bot an administrator
    * 小明 blocks the bot                     or unblocks it
    * The group becomes a supergroup
    * New in the archive, tagged 安全: text
    * It is 2026-11-26 08:00                  in UTC
    * The archive is read
    * The bot starts again
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


class ScriptError(ValueError):
    """A paragraph that nobody can play."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Place:
    """A group, a forum or a channel, and who administers it."""

    name: str
    kind: str
    owner: str
    topics: tuple[str, ...] = ()
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody does, or that happens: `verb` is a name of `_VERBS`."""

    verb: str
    who: str = ""
    words: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it stands, and what is to be done for it, if anything."""

    source: str
    step: Step | None = None


@dataclass
class Script:
    title: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    caretakers: list[str] = field(default_factory=list)
    still_read: bool = False
    paragraphs: list[Paragraph] = field(default_factory=list)


#: How a step begins; `who` is a name. Sayings come last, for they may hold anything.
_VERBS = {
    "goes": r"## In (?P<words>.+)",
    "adds": r"\* (?P<who>[^\s:]+) adds the bot",
    "promotes": r"\* (?P<who>[^\s:]+) makes the bot an administrator",
    "blocks": r"\* (?P<who>[^\s:]+) blocks the bot",
    "unblocks": r"\* (?P<who>[^\s:]+) unblocks the bot",
    "moves": r"\* The group becomes a supergroup",
    "appears": r"\* New in the archive, tagged (?P<to>\S+): (?P<words>.+)",
    "passes": r"\* It is (?P<words>\d{4}-\d\d-\d\d \d\d:\d\d)",
    "is_read": r"\* The archive is read",
    "restarts": r"\* The bot starts again",
    "presses": r"(?P<who>[^\s:]+) presses \[ (?P<words>.+) \]",
    "replies": r"(?P<who>[^\s:]+) replies(?: to “(?P<to>[^”]+)”)?: (?P<words>.+)",
    "edits": r"(?P<who>[^\s:]+) edits: (?P<words>.+)",
    "types": r"(?P<who>[^\s:]+) types: ?(?P<words>.*)",
    "scrolls": r"(?P<who>[^\s:]+) scrolls down",
    "chooses": r"(?P<who>[^\s:]+) chooses “(?P<words>[^”]+)”",
    "opens": r"(?P<who>[^\s:]+) opens the link",
    "forwards": r"(?P<who>[^\s:]+) forwards: (?P<words>.+)",
    "sends": r"(?P<who>[^\s:]+) sends a (?P<words>sticker|voice message|photo)",
    "says": r"(?P<who>[^\s:]+): (?P<words>.+)",
}
_STEPS = {verb: re.compile(pattern, re.DOTALL) for verb, pattern in _VERBS.items()}
_SPEAKS = re.compile(r"(?P<name>\S+) speaks (?P<language>[\w-]+)\.")
_PLACE = re.compile(
    r"(?P<name>\S+) is a (?P<kind>group|supergroup|forum|channel) of (?P<owner>[^\s,]+)"
    r"(?: with the topics (?P<topics>.+))?(?:, named (?P<username>\w+))?\."
)
_SETTING = re.compile(r"Settings: (?P<section>\w+)\.(?P<name>\w+) = (?P<value>.+)")
_LOOKS_AFTER = re.compile(r"(?P<name>\S+) looks after the bot\.")
_STILL_READ = "The archive is still being read."


def read_script(text: str) -> Script:
    """Raises `ScriptError`, which names the paragraph that nobody can play."""
    script = Script()
    for source in _paragraphs(text):
        if source.startswith("# ") and not script.paragraphs:
            script.title = source.removeprefix("# ")
            script.paragraphs.append(Paragraph(source))
        elif source.startswith("(") or _is_cast(script, source):
            script.paragraphs.append(Paragraph(source))
        else:
            script.paragraphs.append(Paragraph(source, _step(script, source)))
    if not script.title:
        raise ScriptError("a script begins with its title: # ...")
    return script


def moment_of(words: str) -> datetime:
    """The moment that `It is ...` names."""
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def _paragraphs(text: str) -> Iterator[str]:
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line and not line.startswith(" "):
            lines.append(line)
        elif lines:
            yield "\n".join(lines)
            lines = []


def _is_cast(script: Script, source: str) -> bool:
    """Whether a paragraph tells who takes part; the script knows then."""
    told = [_takes_part(script, line) for line in source.split("\n")]
    if any(told) and not all(told):
        raise ScriptError(f"not all of this tells who takes part: {source}")
    return all(told)


def _takes_part(script: Script, line: str) -> bool:
    if found := _SPEAKS.fullmatch(line):
        script.people[found["name"]] = Person(found["name"], found["language"])
    elif found := _PLACE.fullmatch(line):
        topics = tuple((found["topics"] or "").split(", ")) if found["topics"] else ()
        place = Place(found["name"], found["kind"], found["owner"], topics, found["username"])
        script.places[place.name] = place
    elif found := _SETTING.fullmatch(line):
        script.settings.setdefault(found["section"], {})[found["name"]] = found["value"]
    elif found := _LOOKS_AFTER.fullmatch(line):
        script.caretakers.append(found["name"])
    elif line == _STILL_READ:
        script.still_read = True
    else:
        return False
    return True


def _step(script: Script, source: str) -> Step:
    for verb, pattern in _STEPS.items():
        found = pattern.fullmatch(source)
        if found is None:
            continue
        parts = {name: words or "" for name, words in found.groupdict().items()}
        if "who" in parts and parts["who"] not in script.people:
            raise ScriptError(f"nobody is called {parts['who']}: {source}")
        return Step(verb, **parts)
    raise ScriptError(f"nobody can play this: {source}")
