"""What is wrong with the settings, in sentences for the person who set them.

ValidationError -> its entries, each with the origin that gave the value -> sentences

Pure: nothing is read here. A value is only repeated where it cannot be a secret.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from config.fields import SettingPath, allowed, dotted, either, is_plain, nearest, paths, section_of
from config.origins import Origin
from config.redaction import redaction
from config.sources import Source, source_kinds

_LONGEST_SHOWN = 80
_WRONG_KIND = {"union_tag_not_found", "union_tag_invalid"}


def complaints(
    error: ValidationError, origins: Sequence[Origin], model: type[BaseModel]
) -> Iterator[str]:
    """One sentence for each entry of the error; the origins come strongest first."""
    for entry in error.errors(include_url=False):
        yield _complaint(entry, origins, model)


def _complaint(entry: ErrorDetails, origins: Sequence[Origin], model: type[BaseModel]) -> str:
    path, scope, field = _declaration(entry, model)
    origin = _given_by(path, origins)
    name = origin.name(path)
    if entry["type"] == "extra_forbidden":
        return f"{name} is not a setting{_hint(path, scope, model)}"
    if entry["type"] == "at_odds":  # with another setting
        return f"{name} {entry['msg']}."
    must = _allowed(entry, field)
    if entry["type"] in {"missing", "union_tag_not_found"}:
        return f"{name} is missing; it must be {must}."
    value = origin.at(path) if origin.holds(path) else entry["input"]
    if _may_be_repeated(entry, field, value):
        return f"{name} is {_shown(value)}, but must be {must}."
    sentence = f"{name} is wrong: the value given is not {must}"
    return sentence if sentence.endswith("...") else f"{sentence}."


def _hint(path: SettingPath, scope: type[BaseModel], model: type[BaseModel]) -> str:
    """What may have been meant by a name that is no setting where it stands."""
    last = str(path[-1])
    having = [kind for kind, source in source_kinds().items() if last in source.model_fields]
    if issubclass(scope, Source) and having:
        words = scope.model_fields["kind"].annotation
        kinds = ", ".join(either([kind]) for kind in having)
        return f" of a source of kind {either(get_args(words))}, only of {kinds}."
    if len(path) == 1 and (bare := [each for each in paths(model) if each[-1] == last]):
        return f"; did you mean {dotted(bare[0])}?"  # a setting without its section
    if sibling := nearest(last, scope.model_fields):
        return f"; did you mean {dotted((*path[:-1], sibling))}?"
    meant = nearest(dotted(path), map(dotted, paths(model)))
    return f"; did you mean {meant}?" if meant else "."


def _declaration(
    entry: ErrorDetails, model: type[BaseModel]
) -> tuple[SettingPath, type[BaseModel], FieldInfo | None]:
    """The path, the table it ends in, and its field if there is one.

    In the sources pydantic puts the kind between a position and a field; a person never wrote
    that, so the path leaves it out. A list of texts is one setting: the path ends at its name.
    """
    path: list[str | int] = []
    scope, in_list = model, False
    field: FieldInfo | None = None
    for part in entry["loc"]:
        if isinstance(part, int) and path != ["sources"]:
            break
        if in_list:
            scope, in_list = source_kinds()[str(part)], False
            continue
        path.append(part)
        if isinstance(part, str):
            field = scope.model_fields.get(part)
            scope = (field and section_of(field)) or scope
        else:
            field, in_list = None, True
    return (*path, "kind") if entry["type"] in _WRONG_KIND else tuple(path), scope, field


def _given_by(path: SettingPath, origins: Sequence[Origin]) -> Origin:
    """Who gave the value; for one that is missing, who gave the table that lacks it."""
    starts = (path[:length] for length in range(len(path), 0, -1))
    given = (origin for start in starts for origin in origins if origin.holds(start))
    return next(given, Origin({}))


def _allowed(entry: ErrorDetails, field: FieldInfo | None) -> str:
    if entry["type"] in _WRONG_KIND:
        return either(source_kinds())
    if entry["type"] == "repeated_name":
        return entry["msg"]
    return allowed(field) if field else "a table with a kind and a name"


def _may_be_repeated(entry: ErrorDetails, field: FieldInfo | None, value: Any) -> bool:
    scalar = not isinstance(value, dict | list | tuple)
    return scalar and (entry["type"] in _WRONG_KIND or (field is not None and is_plain(field)))


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    text = redaction()(str(value))
    cut = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    return json.dumps(cut, ensure_ascii=False)
