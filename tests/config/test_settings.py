"""What is loaded, from where, and which place wins."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config.sections import LogSettings
from config.settings import Settings, load_settings
from config.sources import SnapshotsSource

Load = Callable[..., Settings]

TOKEN = "987654321:AAE-secret_0123456789abcdefghijkLMNOP"
PROXY = "socks5://someone:hunter2hunter2@proxy.example:1080"

PLACES: list[dict[str, Any]] = [
    {"search": {"hits": 1}},
    {"env": {"ARCHIVE_BOT_SEARCH__HITS": "2"}},
    {"dotenv": "ARCHIVE_BOT_SEARCH__HITS=3"},
    {"secrets": {"ARCHIVE_BOT_SEARCH__HITS": "4"}},
    {"toml": "[search]\nhits = 5"},
]


@pytest.mark.parametrize("strongest", range(len(PLACES)))
def test_each_place_wins_over_those_below_it(load: Load, strongest: int) -> None:
    given = {name: value for place in PLACES[strongest:] for name, value in place.items()}
    assert load(**given).search.hits == strongest + 1


def test_places_complete_each_other_within_a_section(load: Load) -> None:
    search = load(
        "[search]\nhits = 5\ncandidates = 99\nthreshold = 0.25",
        env={"ARCHIVE_BOT_SEARCH__CANDIDATES": "77"},
        search={"threshold": 0.75},
    ).search
    assert (search.hits, search.candidates, search.threshold) == (5, 77, 0.75)


def test_defaults(load: Load) -> None:
    settings = load()
    assert settings == Settings()
    assert settings.model_dump() == {
        "data_dir": Path("data"),
        "sources": (),
        "telegram": {
            "token": None,
            "base_url": None,
            "proxy": None,
            "webhook_url": None,
            "webhook_listen": "127.0.0.1",
            "webhook_port": 8443,
            "rate": 30,
            "admin_chat": None,
            "admin_language": "en",
        },
        "profile": {"enabled": True, "name": None, "about": None, "description": None},
        "embedding": {"model": "bundled", "batch_size": 16, "threads": None},
        "search": {"hits": 10, "candidates": 50, "threshold": 0.5},
        "reranker": {"model": None, "candidates": 20},
        "index": {"follow_interval": 2.0},
        "gather": {"interval": 900},
        "fetch": {
            "contact": None,
            "proxy": None,
            "pause": 1,
            "timeout": 30,
            "largest": 10,
            "allow_private": False,
            "batch": 50,
        },
        "latest": {"limit": 5},
        "notify": {
            "interval": 1.0,
            "burst": 5,
            "time_zone": "UTC",
            "preview": True,
            "edit_hours": 48,
        },
        "privacy": {"keep_questions": 0},
        "limits": {"person_minute": 10, "person_day": 200, "chat_minute": 30},
        "access": {
            "admins": (),
            "mode": "public",
            "people": (),
            "chats": (),
            "code": None,
            "old_codes": True,
        },
        "log": {"level": "info"},
    }
    assert settings.config_file is None


def test_reads_the_process_when_nothing_is_passed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARCHIVE_BOT_DATA_DIR", "here")
    (tmp_path / "archive-bot.toml").write_text("latest.limit = 7")
    settings = load_settings()
    assert settings.data_dir == tmp_path / "here"
    assert settings.latest.limit == 7
    assert settings.config_file == tmp_path / "archive-bot.toml"


def test_a_mapping_replaces_the_environment(monkeypatch: pytest.MonkeyPatch, load: Load) -> None:
    monkeypatch.setenv("ARCHIVE_BOT_SEARCH__HITS", "wrong")
    assert load(env={}).search.hits == 10


def test_settings_called_directly_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_BOT_SEARCH__HITS", "3")
    assert Settings().search.hits == 10


def test_everything_is_frozen(load: Load) -> None:
    settings = load()
    with pytest.raises(ValidationError, match="frozen"):
        settings.data_dir = Path("elsewhere")  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        settings.search.hits = 3  # type: ignore[misc]


def test_overrides_may_be_values_of_the_models(load: Load) -> None:
    source = SnapshotsSource(kind="snapshots", name="News", folder=Path("pages"))
    settings = load("log.level = 'error'", log=LogSettings(level="debug"), sources=[source])
    assert settings.log.level == "debug"
    assert settings.sources == (source,)


@pytest.mark.parametrize(
    ("given", "read"),
    [("DEBUG", "debug"), (" Warning ", "warning"), ("error", "error")],
)
def test_log_levels_in_any_case(load: Load, given: str, read: str) -> None:
    assert load(env={"ARCHIVE_BOT_LOG__LEVEL": given}).log.level == read


# Names


@pytest.mark.parametrize("name", ["ARCHIVE_BOT_LATEST__LIMIT", "archive_bot_latest__limit"])
@pytest.mark.parametrize("place", ["env", "secrets"])
def test_names_in_either_case(load: Load, place: str, name: str) -> None:
    assert load(**{place: {name: "9"}}).latest.limit == 9


def test_foreign_names_are_ignored(load: Load) -> None:
    settings = load(
        env={"PATH": "/bin", "ARCHIVE": "1"},
        dotenv="POSTGRES_PASSWORD=x\nARCHIVE_BOTANY=1\n\nARCHIVE_BOT_LATEST__LIMIT=8\n",
        secrets={"database-password": b"\xff\xfe\x00", "kubernetes.io/token": "x"},
    )
    assert settings.latest.limit == 8


def test_addresses_of_kubernetes_services_are_ignored(load: Load) -> None:
    """A service named archive-bot, and one named archive-bot-chroma, in the pod's namespace."""
    load(
        env={
            "ARCHIVE_BOT_SERVICE_HOST": "10.0.0.1",
            "ARCHIVE_BOT_SERVICE_PORT": "9000",
            "ARCHIVE_BOT_SERVICE_PORT_METRICS": "9000",
            "ARCHIVE_BOT_PORT": "tcp://10.0.0.1:9000",
            "ARCHIVE_BOT_PORT_9000_TCP": "tcp://10.0.0.1:9000",
            "ARCHIVE_BOT_PORT_9000_TCP_ADDR": "10.0.0.1",
            "ARCHIVE_BOT_CHROMA_SERVICE_HOST": "10.0.0.2",
            "ARCHIVE_BOT_CHROMA_PORT": "udp://10.0.0.2:8000",
        }
    )


def test_a_section_as_json_is_completed_by_single_names(load: Load) -> None:
    env = {
        "ARCHIVE_BOT_SEARCH": '{"hits": 3, "candidates": 30}',
        "ARCHIVE_BOT_SEARCH__HITS": "4",
    }
    search = load(env=env).search
    assert (search.hits, search.candidates) == (4, 30)


# Secrets and empty values


@pytest.mark.parametrize(
    "given",
    [
        {"env": {"ARCHIVE_BOT_TELEGRAM__TOKEN": TOKEN}},
        {"env": {"ARCHIVE_BOT_TELEGRAM": json.dumps({"token": TOKEN})}},
        {"dotenv": f'ARCHIVE_BOT_TELEGRAM__TOKEN="{TOKEN}"\n'},
        {"dotenv": f"\ufeffARCHIVE_BOT_TELEGRAM__TOKEN={TOKEN}\n"},
        {"secrets": {"ARCHIVE_BOT_TELEGRAM__TOKEN": f"{TOKEN}\n"}},
        {"secrets": {"archive_bot_telegram__token": TOKEN}},
        {"toml": f"telegram.token = '{TOKEN}'"},
        {"telegram": {"token": TOKEN}},
    ],
)
def test_the_token_from_every_place(load: Load, given: dict[str, Any]) -> None:
    settings = load(**given)
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == TOKEN


@pytest.mark.parametrize("show", [repr, str, Settings.model_dump, Settings.model_dump_json])
def test_secrets_are_masked(load: Load, show: Callable[[Settings], object]) -> None:
    shown = str(show(load(telegram={"token": TOKEN, "proxy": PROXY})))
    assert TOKEN not in shown
    assert "hunter2" not in shown
    assert "**********" in shown


def test_secret_values_are_all_secrets(load: Load) -> None:
    assert load(telegram={"token": TOKEN, "proxy": PROXY}).secret_values() == (TOKEN, PROXY)
    assert load().secret_values() == ()


def test_the_proxy_of_each_source_is_a_secret(load: Load) -> None:
    feed = {"kind": "feed", "name": "A", "url": "https://a.example/", "proxy": PROXY}
    settings = load(fetch={"proxy": f"{PROXY}1"}, sources=[feed, {**feed, "name": "B"}])
    assert settings.secret_values() == (PROXY, PROXY, f"{PROXY}1")
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    "given",
    [
        {"secrets": {"ARCHIVE_BOT_ACCESS__CODE": "hunter2-hunter2\n"}},
        {"env": {"ARCHIVE_BOT_ACCESS__CODE": "hunter2-hunter2"}},
        {"access": {"mode": "invited", "code": "hunter2-hunter2"}},
    ],
)
def test_the_invitation_code_is_a_secret_from_every_place(
    load: Load, given: dict[str, Any]
) -> None:
    settings = load("access.mode = 'Invited'\naccess.people = [1]", **given)
    assert (settings.access.mode, settings.access.people) == ("invited", (1,))
    assert settings.secret_values() == ("hunter2-hunter2",)
    assert "hunter2" not in f"{settings!r} {settings.model_dump_json()}"


def test_people_and_chats_are_numbers(load: Load) -> None:
    env = {
        "ARCHIVE_BOT_ACCESS__MODE": "listed",
        "ARCHIVE_BOT_ACCESS__PEOPLE": "[1, 2]",
        "ARCHIVE_BOT_ACCESS__CHATS": "[-1001234567890]",
        "ARCHIVE_BOT_ACCESS__CODE": "",
    }
    access = load(env=env).access
    assert (access.people, access.chats, access.code) == ((1, 2), (-1001234567890,), None)


@pytest.mark.parametrize("chat", ["-1001234567890", "42"])
def test_the_admin_chat_may_be_a_group(load: Load, chat: str) -> None:
    env = {
        "ARCHIVE_BOT_TELEGRAM__ADMIN_CHAT": chat,
        "ARCHIVE_BOT_TELEGRAM__ADMIN_LANGUAGE": "zh-Hans",
    }
    telegram = load(env=env).telegram
    assert (telegram.admin_chat, telegram.admin_language) == (int(chat), "zh-Hans")


@pytest.mark.parametrize(
    "contact", ["https://example.org/about-the-bot", "me@example.org", "Me <me@example.org>"]
)
def test_contacts(load: Load, contact: str) -> None:
    assert load(fetch={"contact": f" {contact} "}).fetch.contact == contact


@pytest.mark.parametrize("name", ["token", "proxy", "base_url"])
@pytest.mark.parametrize("empty", ["", "  "])
def test_empty_means_unset(load: Load, name: str, empty: str) -> None:
    assert getattr(load(f"telegram.{name} = '{empty}'").telegram, name) is None


@pytest.mark.parametrize(
    "empty",
    [
        {"env": {"ARCHIVE_BOT_SEARCH__HITS": ""}},
        {"dotenv": "ARCHIVE_BOT_SEARCH__HITS="},
        {"dotenv": "ARCHIVE_BOT_SEARCH__HITS"},
        {"secrets": {"ARCHIVE_BOT_SEARCH__HITS": "\n"}},
        {"env": {"ARCHIVE_BOT_CONFIG": "", "ARCHIVE_BOT_SECRETS_DIR": "", "ARCHIVE_BOT_LOG": ""}},
    ],
)
def test_an_empty_name_leaves_it_to_the_next_place(load: Load, empty: dict[str, Any]) -> None:
    assert load("search.hits = 5", **empty).search.hits == 5


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://localhost:8081/", "http://localhost:8081"),
        ("https://example.org/telegram/bot//", "https://example.org/telegram/bot"),
        ("https://[::1]:8081", "https://[::1]:8081"),
    ],
)
def test_base_url_loses_its_last_slash(load: Load, given: str, kept: str) -> None:
    assert load(env={"ARCHIVE_BOT_TELEGRAM__BASE_URL": given}).telegram.base_url == kept


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
def test_proxies(load: Load, scheme: str) -> None:
    proxy = load(telegram={"proxy": f"{scheme}://u:p@host:1080"}).telegram.proxy
    assert proxy is not None
    assert proxy.get_secret_value() == f"{scheme}://u:p@host:1080"


# Files and folders


@pytest.mark.parametrize(
    ("named", "file"),
    [
        ({"config": Path("etc/a.toml")}, "etc/a.toml"),
        ({"env": {"ARCHIVE_BOT_CONFIG": "etc/a.toml"}}, "etc/a.toml"),
        ({"dotenv": "ARCHIVE_BOT_CONFIG=etc/a.toml"}, "etc/a.toml"),
        ({"config": Path("b.toml"), "env": {"ARCHIVE_BOT_CONFIG": "etc/a.toml"}}, "b.toml"),
        (
            {"env": {"ARCHIVE_BOT_CONFIG": "b.toml"}, "dotenv": "ARCHIVE_BOT_CONFIG=etc/a.toml"},
            "b.toml",
        ),
        ({}, "archive-bot.toml"),
    ],
)
def test_which_toml_file_is_read(
    load: Load, tmp_path: Path, named: dict[str, Any], file: str
) -> None:
    (tmp_path / "etc").mkdir()
    for limit, name in enumerate(["etc/a.toml", "b.toml"], start=2):
        (tmp_path / name).write_text(f"latest.limit = {limit}")
    settings = load("latest.limit = 1", **named)
    assert settings.config_file == tmp_path / file
    assert settings.latest.limit == {"etc/a.toml": 2, "b.toml": 3}.get(file, 1)


@pytest.mark.parametrize("place", ["env", "dotenv"])
def test_a_named_secrets_folder_replaces_the_usual_one(
    load: Load, tmp_path: Path, place: str
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "ARCHIVE_BOT_LATEST__LIMIT").write_text("6\n")
    named = {"env": {"ARCHIVE_BOT_SECRETS_DIR": "mine"}, "dotenv": "ARCHIVE_BOT_SECRETS_DIR=mine"}
    settings = load(secrets={"ARCHIVE_BOT_SEARCH__HITS": "4"}, **{place: named[place]})
    assert (settings.latest.limit, settings.search.hits) == (6, 10)


def test_a_secret_may_be_a_link_as_kubernetes_mounts_it(load: Load, tmp_path: Path) -> None:
    folder = tmp_path / "run" / "secrets"
    (folder / "..2024").mkdir(parents=True)
    (folder / "..2024" / "ARCHIVE_BOT_LATEST__LIMIT").write_text("6")
    (folder / "..data").symlink_to("..2024")
    (folder / "ARCHIVE_BOT_LATEST__LIMIT").symlink_to("..data/ARCHIVE_BOT_LATEST__LIMIT")
    assert load().latest.limit == 6


SOURCE = {"kind": "snapshots", "name": "News", "folder": "pages"}


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        ({"env": {"ARCHIVE_BOT_CONFIG": "etc/a.toml"}}, "etc/{}"),
        ({"env": {"ARCHIVE_BOT_DATA_DIR": "x", "ARCHIVE_BOT_SOURCES": json.dumps([SOURCE])}}, "{}"),
        ({"dotenv": f"ARCHIVE_BOT_DATA_DIR=x\nARCHIVE_BOT_SOURCES='{json.dumps([SOURCE])}'"}, "{}"),
        ({"data_dir": Path("x"), "sources": [SOURCE]}, "{}"),
    ],
)
def test_where_relative_paths_start(
    load: Load, tmp_path: Path, given: dict[str, Any], folder: str
) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "a.toml").write_text(
        'data_dir = "x"\n[[sources]]\nkind = "snapshots"\nname = "News"\nfolder = "pages"\n'
    )
    settings = load(**given)
    assert settings.data_dir == tmp_path / folder.format("x")
    (source,) = settings.sources
    assert isinstance(source, SnapshotsSource)
    assert source.folder == tmp_path / folder.format("pages")


@pytest.mark.parametrize("given", [{"toml": "data_dir = '~/x'"}, {"data_dir": "~/x"}])
def test_home_is_expanded(
    load: Load, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]
) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert load(**given).data_dir == Path("/home/someone/x")


def test_absolute_paths_stay(load: Load) -> None:
    assert load("data_dir = '/srv/archive'").data_dir == Path("/srv/archive")


def test_the_usual_secrets_folder_may_be_closed_to_us(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by `chmod`, which does not keep root out."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert load(secrets={"ARCHIVE_BOT_LATEST__LIMIT": "6"}).latest.limit == 5
