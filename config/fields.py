"""A setting as its model declares it: where it stands, how it is named, what it allows.

model -> paths -> names in the environment and in TOML; field -> words for what it allows
"""

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.values import Allowed

PREFIX = "ARCHIVE_BOT_"
DELIMITER = "__"

_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "some text"}

SettingPath: TypeAlias = tuple[str | int, ...]


def section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a field that is a table of settings itself."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def leaves(
    model: type[BaseModel], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Every setting that is no table of others, in the order of its declaration."""
    for name, field in model.model_fields.items():
        section = section_of(field)
        if section is None:
            yield (*above, name), field
        else:
            yield from leaves(section, (*above, name))


def paths(model: type[BaseModel]) -> list[tuple[str, ...]]:
    """The places of all settings and of all sections, without those inside of sources."""
    found = [path for path, _ in leaves(model)]
    return list(dict.fromkeys(path[:n] for path in found for n in range(1, len(path) + 1)))


def environment_name(path: Iterable[str]) -> str:
    return PREFIX + DELIMITER.join(path).upper()


def dotted(path: Iterable[str | int], root: str = "") -> str:
    """`sources[2].folder`, with anything that is no plain name in quotes."""
    for part in path:
        if isinstance(part, int):
            root += f"[{part}]"
        else:
            plain = part if re.fullmatch(r"[\w-]+", part) else json.dumps(part, ensure_ascii=False)
            root += f".{plain}" if root else plain
    return root


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The known dotted name that was probably meant: one spelt alike, or with the same end."""
    names = list(known)
    alike = get_close_matches(given, names, n=1)
    same_end = [name for name in names if name.rpartition(".")[2] == given.rpartition(".")[2]]
    return next(iter(alike or same_end), None)


def is_path(field: FieldInfo) -> bool:
    return Path in _alternatives(field)


def is_plain(field: FieldInfo) -> bool:
    """Whether a wrong value may be repeated to people: neither a secret nor what may hold one."""
    return all(
        kind in _WORDS or kind is Path or get_origin(kind) is Literal
        for kind in _alternatives(field)
    )


def either(choices: Iterable[str]) -> str:
    quoted = [f'"{choice}"' for choice in choices]
    return f"one of {', '.join(quoted)}" if len(quoted) > 1 else quoted[0]


def allowed(field: FieldInfo) -> str:
    """What the field allows, in words that complete "must be ...".

    Raises KeyError for a type it has no words for: such a field needs an `Allowed`.
    """
    for entry in field.metadata:
        if isinstance(entry, Allowed):
            return entry.words
    kinds = _alternatives(field)
    if get_origin(kinds[0]) is Literal:
        return either(get_args(kinds[0]))
    if section_of(field):
        return "a table of settings, or in the environment a JSON object"
    return _WORDS[kinds[0]] + _bounds(field)


def _bounds(field: FieldInfo) -> str:
    least = next((entry.ge for entry in field.metadata if isinstance(entry, Ge)), None)
    most = next((entry.le for entry in field.metadata if isinstance(entry, Le)), None)
    if least is not None and most is not None:
        return f" from {least} to {most}"
    if least is not None:
        return f" of at least {least}"
    return f" of at most {most}" if most is not None else ""


def _alternatives(field: FieldInfo) -> list[Any]:
    kind = field.annotation
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return [kind for kind in kinds if kind is not type(None)]
