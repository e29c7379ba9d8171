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
from bot.cities import USUAL_ZONES, city_of
from bot.courtesies import COURTESIES
from bot.menu import ADMIN, COMMANDS
from bot.notices import STRICTNESS, WEEKDAYS
from bot.typed_settings import parse_setting
from bot.wishes import Trouble, Wish, parse_wish
from bot.wording import CHINESE, ENGLISH, LANGUAGES, TRADITIONAL, Wording, wording_for
from bot.wording.traditional import traditional


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


def composed() -> dict[str, set[str]]:
    """The ids that the code puts together, and their variables."""
    return {
        **{f"menu-{command}": set() for command in (*COMMANDS, ADMIN)},
        **{f"courtesy-{courtesy}": set() for courtesy in COURTESIES},
        **{f"day-{day}": set() for day in WEEKDAYS},
        **{f"city-{city_of(zone)}": set() for zone in USUAL_ZONES},
        **{f"wish-strictness-{name}": {"wish"} for name in STRICTNESS.values()},
        **{f"words-{word}": {"words", "last"} for word in ("and", "or")},
    }


def said_in_the_code() -> dict[str, set[str]]:
    """The ids and variables of all that the package's sources say, or give as a `Trouble`."""
    found = composed()
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
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Trouble":
                names = _strings(*node.args[1:])
                found.update({each: names for each in _strings(node.args[0]) if "-" in each})
    return found


def _strings(*nodes: ast.AST) -> set[str]:
    constants = (each for node in nodes for each in ast.walk(node))
    return {str(each.value) for each in constants if isinstance(each, ast.Constant)}


def test_all_catalogues_have_the_same_sentences() -> None:
    assert {language: set(catalogue(language)) for language in LANGUAGES} == {
        language: set(catalogue(ENGLISH)) for language in LANGUAGES
    }


def test_the_traditional_catalogue_is_made_of_the_simplified_one() -> None:
    folder = resources.files("bot.wording")
    simplified = folder.joinpath(f"{CHINESE}.ftl").read_text("utf-8")
    there = folder.joinpath(f"{TRADITIONAL}.ftl").read_text("utf-8")
    assert there == traditional(simplified), "run: python -m bot.wording.traditional"


def test_traditional_is_what_people_in_taiwan_say() -> None:
    said = {each: Wording(TRADITIONAL).say(each) for each in ("menu-latest", "menu-settings")}
    assert said == {"menu-latest": "查看最新文章", "menu-settings": "推播設定"}
    assert traditional("用户发来的消息、视频和链接。") == "使用者發來的訊息、影片和連結。"
    assert traditional("在群里退订频道") == "在群組裡取消訂閱頻道"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_what_the_code_says_and_no_more(language: str) -> None:
    said = said_in_the_code()
    assert len(said) > 10
    assert catalogue(language) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: str, caplog: pytest.LogCaptureFixture) -> None:
    for sentence, variables in catalogue(language).items():
        said = Wording(language).say(sentence, **dict.fromkeys(variables, 777))
        assert said.strip()
        assert "{" not in said
        assert not set(said) & set("\u2066\u2067\u2068\u2069")
        assert ("777" in said) == bool(variables)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("code", "sample", "language"),
    [
        ("zh", "hello", CHINESE),
        ("zh-hans", "", CHINESE),
        ("ZH-CN", "", CHINESE),
        ("zh-SG", "", CHINESE),
        ("zh-hans-hk", "", CHINESE),
        ("zh-TW", "", TRADITIONAL),
        ("zh-hant", "hello", TRADITIONAL),
        ("zh_HK", "", TRADITIONAL),
        ("zh-mo", "", TRADITIONAL),
        ("zh-Hant-SG", "", TRADITIONAL),
        ("en", "显存不够怎么办", ENGLISH),
        ("fr", "", ENGLISH),
        (None, "显存不够怎么办", CHINESE),
        ("", "Kimi-VL 的结构", CHINESE),
        (None, "顯存不夠怎麼辦", TRADITIONAL),
        (None, "中文", CHINESE),
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


@pytest.mark.parametrize(
    ("language", "typed", "wish"),
    [
        (ENGLISH, "#LLM", Wish(tags=("LLM",))),
        (ENGLISH, '"KV cache" -vLLM', Wish(phrases=("KV cache",), excluded=("vLLM",))),
        (ENGLISH, "about saving memory in training", Wish(about="saving memory in training")),
        (CHINESE, "#LLM", Wish(tags=("LLM",))),
        (CHINESE, '"KV cache" -vLLM', Wish(phrases=("KV cache",), excluded=("vLLM",))),
        (CHINESE, "关于 训练时怎么省显存", Wish(about="训练时怎么省显存")),
        (TRADITIONAL, "關於 訓練時怎麼省顯示記憶體", Wish(about="訓練時怎麼省顯示記憶體")),
    ],
)
def test_subscriptions_that_help_shows_are_understood_so(
    language: str, typed: str, wish: Wish
) -> None:
    dash = "–" if language == ENGLISH else "——"
    assert f"• /subscribe {typed} {dash} " in Wording(language).say("help", most=20)
    assert parse_wish(typed) == wish


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_that_are_shown_are_understood(language: str) -> None:
    lines = Wording(language).say("settings-usage").split("\n")
    examples = [line.removeprefix("/settings ") for line in lines[2:]]
    assert len(examples) > 5
    assert len(examples) == sum("/settings " in line for line in lines[2:])
    for example in examples:
        assert not isinstance(parse_setting(example), Trouble)


def test_importing_reads_no_catalogue() -> None:
    import subprocess
    import sys

    code = "import bot.wording as w; raise SystemExit(w._catalogue.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
