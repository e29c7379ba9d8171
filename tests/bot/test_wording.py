"""Wording: each catalogue says everything, with the same variables."""

from __future__ import annotations

import ast
import logging
from importlib import resources
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

import bot
from bot.menu import COMMANDS
from bot.wording import CHINESE, ENGLISH, LANGUAGES, Wording, wording_for


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def catalogue(language: str) -> dict[str, set[str]]:
    """Message ids and the variables of each."""
    source = resources.files("bot.wording").joinpath(f"{language}.ftl").read_text("utf-8")
    found: dict[str, set[str]] = {}
    for entry in FluentParser().parse(source).body:
        assert not isinstance(entry, ftl.Junk), f"{language}: {entry.content}"
        if isinstance(entry, ftl.Message):
            assert entry.id.name not in found, f"{language}: {entry.id.name} stands there twice"
            variables = _Variables()
            variables.visit(entry)
            found[entry.id.name] = variables.names
    return found


def said_in_the_code() -> dict[str, set[str]]:
    """The ids and variables of every `say` with a literal id in the package's sources."""
    found: dict[str, set[str]] = {f"menu-{command}": set() for command in COMMANDS}
    for path in Path(bot.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "say"
                and isinstance(node.args[0], ast.Constant)
            ):
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                found.setdefault(str(node.args[0].value), names)
                assert found[str(node.args[0].value)] == names
    return found


def test_all_catalogues_have_the_same_sentences() -> None:
    assert {language: set(catalogue(language)) for language in LANGUAGES} == {
        language: set(catalogue(ENGLISH)) for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_what_the_code_says_and_no_more(language: str) -> None:
    said = said_in_the_code()
    assert len(said) > 10
    assert catalogue(language) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: str, caplog: pytest.LogCaptureFixture) -> None:
    for sentence, variables in catalogue(language).items():
        said = Wording(language).say(sentence, **dict.fromkeys(variables, 3))
        assert said.strip()
        assert "{" not in said
        assert not set(said) & set("\u2066\u2067\u2068\u2069")
        assert ("3" in said) == bool(variables)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("code", "sample", "language"),
    [
        ("zh", "hello", CHINESE),
        ("zh-hans", "", CHINESE),
        ("zh-TW", "", CHINESE),
        ("ZH-CN", "", CHINESE),
        ("en", "显存不够怎么办", ENGLISH),
        ("fr", "", ENGLISH),
        (None, "显存不够怎么办", CHINESE),
        ("", "Kimi-VL 的结构", CHINESE),
        (None, "what is attention", ENGLISH),
        (None, "注意機構とは何ですか", ENGLISH),
        (None, "", ENGLISH),
    ],
)
def test_the_language_is_the_clients_or_else_the_questions(
    code: str | None, sample: str, language: str
) -> None:
    assert wording_for(code, sample).language == language


def test_a_missing_sentence_or_variable_is_logged_and_never_raised(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        assert Wording(CHINESE).say("no-such-sentence") == "…"
        assert "/latest" in Wording(ENGLISH).say("latest-usage")
    assert "no-such-sentence" in caplog.text
    assert "latest-usage" in caplog.text


def test_numbers_agree_in_english() -> None:
    assert Wording(ENGLISH).say("latest-heading", count=1) == "The newest article"
    assert Wording(ENGLISH).say("latest-heading", count=2) == "The newest 2 articles"


def test_importing_reads_no_catalogue() -> None:
    import subprocess
    import sys

    code = "import bot.wording as w; raise SystemExit(w._catalogue.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
