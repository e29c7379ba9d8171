"""What Telegram makes of a text in HTML parse mode: HTML -> text and entities, or a refusal.

Pure. As strict and as lenient as the server, so that whatever passes here passes there. It knows
the tags of https://core.telegram.org/bots/api#html-style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
# Only these four names are known; all others, such as `&nbsp;`, stay as they are.
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>/"']+)(?:\s*=\s*(?:"(?P<d>[^"]*)"|'(?P<s>[^']*)'|(?P<t>[\w.-]+)(?=[\s>])))?"""
)


class HtmlError(ValueError):
    """Telegram would answer 400; the text is its description."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted stretch; `offset` and `length` count UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as it is shown, and what is formatted in it, in order of appearance."""

    text: str
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class _Opened:
    tag: str
    attributes: dict[str, str]
    offset: int


def parse_html(source: str) -> Parsed:
    """Parse as the server does. Raises `HtmlError`."""
    shown: list[str] = []
    offset = 0
    opened: list[_Opened] = []
    entities: list[Entity] = []
    position = 0
    while position < len(source):
        character = source[position]
        if character == "<" and source[position + 1 : position + 2] == "/":
            position = _close(source, position, opened, entities, offset)
            continue
        if character == "<":
            position, tag, attributes = _open(source, position)
            opened.append(_Opened(tag, attributes, offset))
            continue
        reference = _REFERENCE.match(source, position) if character == "&" else None
        decoded = None if reference is None else _decoded(reference)
        if reference is not None and decoded is not None:
            character = decoded
            position = reference.end()
        else:
            position += 1
        shown.append(character)
        offset += 1 + (character > "\uffff")
    if opened:
        raise HtmlError(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    entities.sort(key=lambda entity: (entity.offset, -entity.length))
    return Parsed("".join(shown), tuple(entities))


def _open(source: str, begin: int) -> tuple[int, str, dict[str, str]]:
    """Position after the start tag at `begin`, its name and attributes."""
    name = re.compile(r"[^\s>]*").match(source, begin + 1)
    assert name is not None
    tag = name.group().lower()
    if name.end() == len(source):
        raise HtmlError(f"Unclosed start tag at byte offset {_byte(source, begin)}")
    if tag not in _TYPES:
        raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {_byte(source, begin)}')
    attributes: dict[str, str] = {}
    position = name.end()
    while True:
        while position < len(source) and source[position].isspace():
            position += 1
        if position == len(source):
            raise HtmlError(f"Unclosed start tag at byte offset {_byte(source, begin)}")
        if source[position] == ">":
            break
        match = _ATTRIBUTE.match(source, position)
        if match is None or source[match.end() : match.end() + 1] not in ("", " ", "\n", ">"):
            raise HtmlError(
                f'Malformed attribute in the tag "{tag}" at byte offset {_byte(source, begin)}'
            )
        value = match["d"] or match["s"] or match["t"] or ""
        attributes[match["name"].lower()] = _REFERENCE.sub(
            lambda found: _decoded(found) or found.group(), value
        )
        position = match.end()
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise HtmlError(
            f'Tag "span" must have class "tg-spoiler" at byte offset {_byte(source, begin)}'
        )
    return position + 1, tag, attributes


def _close(
    source: str, begin: int, opened: list[_Opened], entities: list[Entity], offset: int
) -> int:
    """Position after the end tag at `begin`; its entity is added unless it is empty."""
    if not opened:
        raise HtmlError(f"Unexpected end tag at byte offset {_byte(source, begin)}")
    match = re.compile(r"</([^\s>]*)\s*(>?)").match(source, begin)
    assert match is not None
    if not match[2]:
        raise HtmlError(f"Unclosed end tag at byte offset {_byte(source, begin)}")
    start = opened.pop()
    if match[1] and match[1].lower() != start.tag:
        raise HtmlError(
            f"Unmatched end tag at byte offset {_byte(source, begin)}, "
            f'expected "</{start.tag}>", found "</{match[1]}>"'
        )
    kind = _TYPES[start.tag]
    url = start.attributes.get("href") if kind == "text_link" else None
    if kind == "blockquote" and "expandable" in start.attributes:
        kind = "expandable_blockquote"
    # A link to nowhere stays as its words, without an error.
    if offset > start.offset and (kind != "text_link" or url):
        entities.append(Entity(kind, start.offset, offset - start.offset, url))
    return match.end()


def _decoded(reference: re.Match[str]) -> str | None:
    """The character meant, or None where the reference means none and stays as it is."""
    if reference[3]:
        return _NAMED[reference[3]]
    digits = reference[1] or reference[2]
    number = int(digits, 16 if reference[1] else 10) if len(digits) < 9 else 0
    if number == 0 or number > 0x10FFFF:
        return None
    if 0xD800 <= number <= 0xDFFF:
        raise HtmlError("Text contains invalid Unicode characters after decoding HTML entities")
    return chr(number)


def _byte(source: str, position: int) -> int:
    return len(source[:position].encode("utf-8", "surrogatepass"))
