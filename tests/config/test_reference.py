"""The table of settings is complete and names everything so that it can be used."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import config
from config.reference import Row, markdown, rows
from config.settings import Settings
from config.sources import source_kinds

Load = Callable[..., Settings]

ROWS = list(rows())


def all_fields(model: type[BaseModel], above: str = "") -> set[str]:
    """Walks the models by their JSON schema, so not in the way the reference does."""
    schema = model.model_json_schema()

    def walk(part: dict[str, Any], above: str) -> set[str]:
        found = set()
        for name, value in part["properties"].items():
            inner = value.get("$ref") or value.get("allOf", [{}])[0].get("$ref")
            if inner:
                found |= walk(schema["$defs"][inner.rpartition("/")[2]], f"{above}{name}.")
            else:
                found.add(above + name)
        return found

    return walk(schema, above)


def test_every_setting_has_a_row() -> None:
    settings = all_fields(Settings)
    assert "telegram.token" in settings
    assert {row.toml for row in ROWS if row.environment} - {""} == settings


def test_every_field_of_every_kind_of_source_is_told_of_once() -> None:
    kinds = source_kinds()
    told: list[tuple[str, str]] = []
    for row in ROWS:
        if not row.environment:
            name, _, who = row.toml.removeprefix("sources[].").removesuffix(")").partition(" (")
            having = kinds if who == "every kind" else who.split(", ")
            told.extend((kind, name) for kind in having)
    expected = [(kind, name) for kind, model in kinds.items() for name in all_fields(model)]
    assert sorted(told) == sorted(expected)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.environment or row.toml)
def test_a_row_is_worth_reading(row: Row) -> None:
    assert row.default
    assert row.allowed
    assert row.description.endswith(".")
    assert row.description[0].isupper()


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.environment and row.default not in ("none", "/run/secrets")],
    ids=lambda row: row.environment,
)
def test_the_default_may_be_set_under_the_name_of_the_row(load: Load, row: Row) -> None:
    load("", env={row.environment: row.default})


def test_rows_say_what_the_models_say() -> None:
    by_name = {row.toml: row for row in ROWS}
    assert by_name["search.hits"] == Row(
        environment="ARCHIVE_BOT_SEARCH__HITS",
        toml="search.hits",
        default="10",
        allowed="a whole number from 1 to 50",
        description="How many hits an answer has at most.",
    )
    assert by_name["telegram.token"].default == "none"
    assert by_name["sources[].folder (snapshots)"].default == "required"


def test_the_module_prints_the_table() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "config.reference"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(config.__file__).parents[1],
    ).stdout
    assert printed == markdown() + "\n"
    assert {line.count(" | ") for line in printed.splitlines()} == {4}
    assert len(printed.splitlines()) == len(ROWS) + 2
