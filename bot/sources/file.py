"""The [[sources]] of a TOML file, edited so that its comments and its layout stay.

text -> tables, each with the comments right above it -> one more, or one less -> checked -> file

A comment that stands right above a table belongs to it. tomlkit reads it as the end of the table
before, so tables are put in and taken out as text, and the result is compared with what was
wanted; tomlkit writes the values, and edits sources that are written as one array.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from bot.errors import BotError
from config.errors import SettingsError
from config.settings import load_file

Entry = Mapping[str, Any]

_HEADER = re.compile(r"^[ \t]*\[")
_SOURCES = re.compile(r"""^[ \t]*\[\[[ \t]*["']?sources["']?[ \t]*\]\]""")
_INSIDE_OF_SOURCES = re.compile(r"""^[ \t]*\[+[ \t]*["']?sources["']?[ \t]*\.""")


@dataclass(frozen=True, slots=True)
class _Table:
    """Lines with their ends: the comments above a header, the header, what follows it."""

    header: str
    text: str


def read(file: Path) -> str:
    """The text of the file, its line ends kept; empty where there is none.

    Raises `BotError`.
    """
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{file} cannot be read: {error}") from error


def entry_text(entries: Sequence[Entry]) -> str:
    """The entries as tables of TOML, a blank line between two of them."""
    tables = []
    for entry in entries:
        table = tomlkit.document()
        for name, value in entry.items():
            table.add(name, tomlkit.item(value))
        tables.append(f"[[sources]]\n{tomlkit.dumps(table)}")
    return "\n".join(tables)


def with_entries(text: str, entries: Sequence[Entry]) -> str:
    """The text with these sources after those it has. Raises `BotError` if it cannot be done."""
    wanted = _data(text)
    wanted["sources"] = [*wanted.get("sources", ()), *map(dict, entries)]
    newline = "\r\n" if "\r\n" in text else "\n"
    tables = _tables(text)
    if any(_SOURCES.match(table.header) for table in tables) or "sources" not in _data(text):
        last = max(
            (number for number, table in enumerate(tables) if _is_source(table)),
            default=len(tables) - 1,
        )
        before = "".join(table.text for table in tables[: last + 1])
        after = "".join(table.text for table in tables[last + 1 :])
        parts = [before.rstrip("\r\n")] if before.strip() else []
        parts.append(entry_text(entries).rstrip("\n").replace("\n", newline))
        parts += [after.lstrip("\r\n").rstrip("\r\n")] if after.strip() else []
        edited = (newline * 2).join(parts) + newline
    else:
        document = tomlkit.parse(text)
        array = document["sources"]
        for entry in entries:
            table = tomlkit.inline_table()
            table.update(entry)
            array.append(table)
        edited = tomlkit.dumps(document)
    return _as_wanted(edited, wanted)


def without_entry(text: str, position: int) -> str:
    """The text without the source at this position, counted from 0.

    Raises `BotError` if it cannot be done.
    """
    wanted = _data(text)
    del wanted["sources"][position]
    tables = _tables(text)
    starts = [number for number, table in enumerate(tables) if _SOURCES.match(table.header)]
    if starts:
        if not wanted["sources"]:
            del wanted["sources"]
        end = starts[position] + 1
        while end < len(tables) and _INSIDE_OF_SOURCES.match(tables[end].header):
            end += 1
        edited = "".join(t.text for t in (*tables[: starts[position]], *tables[end:]))
        if end == len(tables) and edited.strip():
            edited = edited.rstrip("\r\n") + ("\r\n" if "\r\n" in text else "\n")
    else:
        document = tomlkit.parse(text)
        del document["sources"][position]
        edited = tomlkit.dumps(document)
    return _as_wanted(edited, wanted)


def write(file: Path, text: str) -> None:
    """Put the text in the place of the file, whole or not at all, once it is sure to load.

    A link is followed, permissions are kept. Raises `BotError`; the file is then as it was.
    """
    target = Path(os.path.realpath(file))
    try:
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with open(handle, "wb") as stream:
                stream.write(text.encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
            load_file(Path(name), str(file))
            os.chmod(name, mode)
            _replace(Path(name), target)
        finally:
            with contextlib.suppress(OSError):  # it is there only where it took no one's place
                os.unlink(name)
    except SettingsError as error:
        raise BotError(f"{file} was left as it is, since it would not load:\n{error}") from error
    except OSError as error:
        raise BotError(f"{file} cannot be written: {error.strerror}") from error


def _replace(new: Path, target: Path) -> None:
    """A file that a container has mounted by itself cannot be replaced, only written anew."""
    try:
        os.replace(new, target)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        content = new.read_bytes()
        with target.open("r+b") as stream:
            stream.write(content)
            stream.truncate()
            stream.flush()
            os.fsync(stream.fileno())


def _tables(text: str) -> list[_Table]:
    """The tables of the text in their order; what stands above the first one has no header.

    A line that begins like a header may stand in a text or an array of several lines: then what
    comes before it is no whole TOML.
    """
    chunks: list[list[str]] = [[]]
    for line in re.split(r"(?<=\n)", text):
        if _HEADER.match(line) and _is_whole("".join(chunks[-1])):
            above = chunks[-1]
            own = len(above)
            while own and above[own - 1].lstrip().startswith("#"):
                own -= 1
            chunks.append([*above[own:], line])
            del above[own:]
        else:
            chunks[-1].append(line)
    return [
        _Table(next((line for line in lines if _HEADER.match(line)), "") if number else "", text_)
        for number, lines in enumerate(chunks)
        if (text_ := "".join(lines)) or number
    ]


def _is_source(table: _Table) -> bool:
    return bool(_SOURCES.match(table.header) or _INSIDE_OF_SOURCES.match(table.header))


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def _data(text: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise BotError(f"the settings file is not valid TOML: {error}") from error
    if not isinstance(data.get("sources", []), list):
        raise BotError("`sources` in the settings file must be a list of [[sources]] tables")
    return data


def _as_wanted(text: str, wanted: Mapping[str, Any]) -> str:
    if not _is_whole(text) or _data(text) != wanted:
        raise BotError(
            "the settings file is written in a way that cannot be edited safely; write its sources"
            " as [[sources]] tables, or edit it by hand"
        )
    return text


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
