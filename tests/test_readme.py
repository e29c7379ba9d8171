"""The README is true: its table, commands, files and samples are checked against the code."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from bot.cli import build_parser
from bot.output import answer_fields
from bot.sources.assembly import reader_of
from config.reference import markdown
from config.settings import load_settings
from config.sources import source_kinds
from tests.bot.fakes import answer, hit

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_settings_table_is_the_one_that_the_code_gives() -> None:
    assert markdown().strip() in README, (
        "replace the table by the output of python -m config.reference"
    )


@pytest.mark.parametrize("command", sorted(set(re.findall(r"archive-bot ([a-z]+)\b", README))))
def test_every_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        build_parser().parse_args([command, "--help"])
    assert exit_.value.code == 0
    assert f"archive-bot {command}" in capsys.readouterr().out


def test_every_command_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["--help"])
    commands = re.findall(r"^    ([a-z]+) +\S", capsys.readouterr().out, re.MULTILINE)
    assert len(commands) == 11
    for command in commands:
        assert f"| `archive-bot {command}" in README


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?make ([a-z]+)", README))))
def test_every_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("path", re.findall(r"\]\((?!https?://)([^)#]+)\)", README))
def test_every_link_leads_to_a_file(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_sources_sample_is_understood(tmp_path: Path) -> None:
    (sample,) = blocks("toml")
    file = tmp_path / "archive-bot.toml"
    file.write_text(sample, encoding="utf-8")
    settings = load_settings(file, environ={}, cwd=tmp_path)
    assert [source.kind for source in settings.sources] == ["feed", "listing", "folder"]
    for source in settings.sources:
        assert reader_of(source).name == source.name


def test_every_kind_of_source_is_told_of() -> None:
    for kind in source_kinds():
        assert f"| `{kind}` |" in README


def test_the_json_sample_has_the_fields_that_ask_gives() -> None:
    (sample,) = blocks("json")
    shown = json.loads(sample)
    real = answer_fields(answer(hit()))
    assert list(shown) == list(real)
    assert list(shown["hits"][0]) == list(real["hits"][0])
    assert list(shown["seconds"]) == list(real["seconds"])


def test_every_dependency_is_pinned() -> None:
    """Also what the dependencies need: `constraints.txt` is complete."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    names = {re.split(r"[\[<>=;! ]", line)[0].lower().replace("_", "-") for line in wanted}
    pinned = {
        line.partition("==")[0].lower().replace("_", "-").replace(".", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert {name.replace(".", "-") for name in names} <= pinned
    assert "+" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_what_stands_in_the_example_settings_is_understood() -> None:
    settings = load_settings(ROOT / "examples" / "archive-bot.toml", environ={}, cwd=ROOT)
    assert [source.name for source in settings.sources] == ["example"]
    assert settings.data_dir.resolve() == (ROOT / "data" / "example").resolve()
