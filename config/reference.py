"""The table of all settings, made from the models, so that it cannot go stale.

`python -m config.reference` prints it as Markdown.
"""

import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from config.fields import allowed, dotted, environment_name, leaves
from config.places import CONFIG, DEFAULT_CONFIG, DEFAULT_SECRETS_DIR, SECRETS_DIR
from config.settings import Settings
from config.sources import source_kinds


@dataclass(frozen=True)
class Row:
    """One setting; a name is empty where the setting cannot be given in that way."""

    environment: str
    toml: str
    default: str
    allowed: str
    description: str


def rows() -> Iterator[Row]:
    """The two names that say where settings stand, every setting, every field of each source."""
    yield Row(CONFIG, "", DEFAULT_CONFIG, "a path", "The TOML file to read settings from.")
    yield Row(
        SECRETS_DIR,
        "",
        str(DEFAULT_SECRETS_DIR),
        "a path",
        "The folder of secrets, each a file that is named like an environment variable.",
    )
    for path, field in leaves(Settings):
        yield _row(environment_name(path), dotted(path), field)
    yield from _source_rows()


def _source_rows() -> Iterator[Row]:
    """What several kinds have alike is told once, with the kinds that have it."""
    kinds = source_kinds()
    shared: dict[tuple[str, Row], list[str]] = {}
    for kind, source in kinds.items():
        for name, field in source.model_fields.items():
            shared.setdefault((name, _row("", "", field)), []).append(kind)
    for (name, row), having in shared.items():
        who = "every kind" if len(having) == len(kinds) > 1 else ", ".join(having)
        yield replace(row, toml=f"sources[].{name} ({who})")


def markdown() -> str:
    """The rows as a Markdown table, without a line end at its end."""
    head = ("Environment", "TOML", "Default", "Allowed", "What it is")
    lines = [head, ("---",) * len(head)]
    for row in rows():
        names = (f"`{name}`" if name else "" for name in (row.environment, row.toml))
        lines.append((*names, *astuple(row)[2:]))
    return "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in lines)


def _row(environment: str, toml: str, field: FieldInfo) -> Row:
    default = "required" if field.is_required() else _default(field.get_default())
    return Row(environment, toml, default, allowed(field), field.description or "")


def _default(value: Any) -> str:
    if value is None or value == ():
        return "none"
    return str(value) if isinstance(value, str | Path) else json.dumps(value)


if __name__ == "__main__":
    print(markdown())  # noqa: T201
