"""Where a value came from: the values of each place are kept apart until all are merged.

a place -> its own source of pydantic-settings -> paths made absolute -> Origin
"""

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_settings import BaseSettings, TomlConfigSettingsSource

from config.errors import SettingsError
from config.fields import SettingPath, dotted, environment_name, is_path, section_of
from config.sources import source_kinds


@dataclass(frozen=True)
class Origin:
    """One place settings were read from, with the values and the names given there.

    `names` are environment variables in capitals, with their text; they are empty where names
    are dotted ones. `unknown` are sentences about names given there that are no settings.
    """

    values: Mapping[str, Any] = field(repr=False)
    place: str = ""
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    unknown: tuple[str, ...] = ()

    def at(self, path: SettingPath) -> Any:
        """The value as it was given here. Raises LookupError where none was."""
        value: Any = self.values
        for part in path:
            holder: Any = Mapping if isinstance(part, str) else (list, tuple)
            if not isinstance(value, holder):
                raise LookupError(part)
            value = value[part]
        return value

    def holds(self, path: SettingPath) -> bool:
        try:
            self.at(path)
        except LookupError:
            return False
        return True

    def name(self, path: SettingPath) -> str:
        """How the person named what stands at this path, and where."""
        named = dotted(path)
        for length in range(len(path), 0, -1):
            variable = environment_name(str(part) for part in path[:length])
            if variable in self.names:
                named = dotted(path[length:], root=variable)
                break
        return f"{named} in {self.place}" if self.place else named


def from_overrides(model: type[BaseSettings], values: Mapping[str, Any], cwd: Path) -> Origin:
    return Origin(anchored(values, model, cwd))


def from_toml(model: type[BaseSettings], file: Path, place: str) -> Origin:
    """Reads the file; `place` is what to call it. Raises SettingsError if it cannot be read."""
    try:
        source = TomlConfigSettingsSource(model, toml_file=file)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = f"is not UTF-8 text, as line {line} shows"
    except ValueError as error:  # TOMLDecodeError is one; a number of 5000 digits raises another
        problem = f"is not valid TOML: {error}"
        if file.read_bytes().startswith(codecs.BOM_UTF8):
            problem = "begins with a byte order mark; save it as UTF-8 without one"
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    else:
        return Origin(anchored(source(), model, file.parent), place)
    # Outside of the handlers: those exceptions hold the file's text, and would be chained.
    raise SettingsError(f"{place} {problem}.")


def anchored(values: Mapping[str, Any], model: type[BaseModel], folder: Path) -> dict[str, Any]:
    """The same values with relative paths made to start at `folder`; wrong values stay."""
    found = dict(values)
    for name in found.keys() & model.model_fields.keys():
        declared, value = model.model_fields[name], found[name]
        section = section_of(declared)
        if section and isinstance(value, Mapping):
            found[name] = anchored(value, section, folder)
        elif name == "sources" and isinstance(value, list | tuple):
            found[name] = [_anchored_source(item, folder) for item in value]
        elif is_path(declared) and isinstance(value, str | os.PathLike):
            found[name] = _anchored_path(os.fspath(value), folder)
    return found


def _anchored_source(item: Any, folder: Path) -> Any:
    kind = item.get("kind") if isinstance(item, Mapping) else None
    model = source_kinds().get(kind) if isinstance(kind, str) else None
    return anchored(item, model, folder) if model else item


def _anchored_path(value: str, folder: Path) -> str:
    return value if value == "" or value.startswith("~") else str(folder / value)
