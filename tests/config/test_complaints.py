"""What people read when a setting is wrong: whole sentences, in the words they used."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Complaint = Callable[..., str]

TOKEN = "987654321:AAE-secret_0123456789abcdefghijkLMNOP"
PROXY = "socks5://someone:hunter2hunter2@proxy.example:1080"

NEWS = '[[sources]]\nkind = "snapshots"\nname = "News"\nfolder = "a"\n'
FEED = '[[sources]]\nkind = "feed"\nname = "Blog"\nurl = "https://example.org/feed"\n'
LISTING = FEED.replace('"feed"', '"listing"')
KINDS = 'one of "feed", "listing", "sitemap", "folder", "telegram", "snapshots"'
TOO_MANY = "but must be a whole number from 1 to 50."


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"env": {"ARCHIVE_BOT_SEARCH__HITS": "500"}}, 'ARCHIVE_BOT_SEARCH__HITS is "500", '),
        ({"dotenv": "ARCHIVE_BOT_SEARCH__HITS=x"}, 'ARCHIVE_BOT_SEARCH__HITS in .env is "x", '),
        (
            {"secrets": {"archive_bot_search__hits": "0\n"}},
            'ARCHIVE_BOT_SEARCH__HITS in TMP/run/secrets is "0", ',
        ),
        ({"toml": "search.hits = 0"}, "search.hits in archive-bot.toml is 0, "),
        ({"toml": "search.hits = true"}, "search.hits in archive-bot.toml is true, "),
        ({"toml": "search.hits = 1.5"}, "search.hits in archive-bot.toml is 1.5, "),
        ({"toml": "search.hits = ''"}, 'search.hits in archive-bot.toml is "", '),
        (
            {"toml": "search.hits = 1979-05-27"},
            'search.hits in archive-bot.toml is "1979-05-27", ',
        ),
        ({"search": {"hits": None}}, "search.hits is null, "),
        ({"env": {"ARCHIVE_BOT_SEARCH": '{"hits": 51}'}}, "ARCHIVE_BOT_SEARCH.hits is 51, "),
    ],
)
def test_a_wrong_value_is_named_as_it_was_given(
    complaint: Complaint, given: dict[str, Any], sentence: str
) -> None:
    assert complaint(**given) == sentence + TOO_MANY


@pytest.mark.parametrize(
    ("toml", "given", "allowed"),
    [
        ("embedding.batch_size = 1025", "1025", "a whole number from 1 to 1024"),
        ("embedding.threads = 0", "0", "a whole number from 1 to 256"),
        ("embedding.model = ' '", '" "', "some text"),
        ("search.candidates = 9", "9", "a whole number from 10 to 1000"),
        ("search.threshold = 1.01", "1.01", "a number from 0 to 1"),
        ("search.threshold = nan", "NaN", "a number from 0 to 1"),
        ("search.threshold = true", "true", "a number from 0 to 1"),
        ("index.follow_interval = 0.01", "0.01", "a number from 0.1 to 3600"),
        ("gather.interval = 0.5", "0.5", "a number of at least 1"),
        ("gather.interval = inf", "Infinity", "a number of at least 1"),
        ("telegram.admin_chat = 'me'", '"me"', "a whole number"),
        ("telegram.admin_language = 'zh'", '"zh"', 'one of "en", "zh-Hans", "zh-Hant"'),
        ("profile.name = '" + "n" * 65 + "'", '"' + "n" * 65 + '"', "up to 64 characters"),
        ("fetch.pause = -1", "-1", "a number from 0 to 600"),
        ("fetch.timeout = 0.5", "0.5", "a number from 1 to 600"),
        ("fetch.largest = 0", "0", "a whole number from 1 to 512"),
        ("fetch.allow_private = 'maybe'", '"maybe"', "true or false"),
        ("fetch.batch = 0", "0", "a whole number from 1 to 10000"),
        (
            "fetch.contact = 'a (b)'",
            '"a (b)"',
            "up to 200 characters of plain ASCII, none of them a bracket or a backslash",
        ),
        (
            "fetch.contact = '博主'",
            '"博主"',
            "up to 200 characters of plain ASCII, none of them a bracket or a backslash",
        ),
        ("latest.limit = 21", "21", "a whole number from 1 to 20"),
        ("log.level = 'LOUD'", '"LOUD"', 'one of "debug", "info", "warning", "error"'),
        ("log.level = 3", "3", 'one of "debug", "info", "warning", "error"'),
        ("data_dir = ''", '""', "a path"),
        ("data_dir = 7", "7", "a path"),
        ("data_dir = '~nobody-of-that-name/x'", '"~nobody-of-that-name/x"', "a path"),
        ("sources = 'x'", None, "a list of [[sources]] tables, or in the environment a JSON list"),
        ("search = 5", None, "a table of settings, or in the environment a JSON object"),
        ("search.hits = [3]", None, "a whole number from 1 to 50"),
        ("sources = [5]", None, "a table with a kind and a name"),
    ],
)
def test_each_setting_says_what_it_allows(
    complaint: Complaint, toml: str, given: str | None, allowed: str
) -> None:
    name = "sources[0]" if "[5]" in toml else toml.partition(" ")[0]
    said = complaint(toml)
    if given is None:
        allowed += " of objects" if allowed.endswith("list") else ""
        assert said == f"{name} in archive-bot.toml is wrong: the value given is not {allowed}."
    else:
        assert said == f"{name} in archive-bot.toml is {given}, but must be {allowed}."


@pytest.mark.parametrize(
    "code",
    ["hunter2", "hunter2 hunter2", "hunter2+hunter2", "邀请码hunter2", "a_hunter2", "h" * 65],
)
def test_a_code_that_fits_no_link_is_not_repeated(complaint: Complaint, code: str) -> None:
    said = complaint(env={"ARCHIVE_BOT_ACCESS__MODE": "invited", "ARCHIVE_BOT_ACCESS__CODE": code})
    assert said == (
        "ARCHIVE_BOT_ACCESS__CODE is wrong: the value given is not 8 to 64 characters of"
        " A-Z a-z 0-9 _ -, not beginning like `a_`."
    )


def test_a_code_and_its_mode_go_together(complaint: Complaint) -> None:
    needed = complaint("access.mode = 'invited'")
    assert needed == 'access.code in archive-bot.toml is missing: access.mode is "invited".'
    secrets = {"ARCHIVE_BOT_ACCESS__CODE": "hunter2-hunter2"}
    for toml in ("", "access.mode = 'listed'"):
        assert complaint(toml, secrets=secrets) == (
            'ARCHIVE_BOT_ACCESS__CODE in TMP/run/secrets is set, so access.mode must be "invited".'
        )


def test_a_wrong_mode_is_complained_of_alone(complaint: Complaint) -> None:
    said = complaint("access.mode = 'closed'\naccess.code = 'hunter2-hunter2'")
    assert said == (
        'access.mode in archive-bot.toml is "closed", but must be one of "public", "listed",'
        ' "invited".'
    )


@pytest.mark.parametrize(
    "given",
    [
        "ftp://host",
        "host:8081",
        "https://",
        "https://host:port",
        "https://ho st",
        "https://host\t.example",
        "https://host/?a=1",
        "https://host/#a",
        "https://[::1",
        "https://host:0",
    ],
)
def test_base_url(complaint: Complaint, given: str) -> None:
    said = complaint(env={"ARCHIVE_BOT_TELEGRAM__BASE_URL": given})
    assert said == (
        f"ARCHIVE_BOT_TELEGRAM__BASE_URL is {json.dumps(given)}, but must be "
        "an address such as https://host, http://host:8081 or https://host/path."
    )


def test_a_number_that_python_refuses_to_read(complaint: Complaint) -> None:
    said = complaint(f"search.hits = {'9' * 5000}")
    assert said.startswith("archive-bot.toml is not valid TOML: Exceeds the limit")


def test_long_values_are_cut(complaint: Complaint) -> None:
    said = complaint(env={"ARCHIVE_BOT_LOG__LEVEL": "x" * 500})
    assert said.startswith(f'ARCHIVE_BOT_LOG__LEVEL is "{"x" * 80}...", but must be one of')


def test_line_ends_in_values_do_not_make_lines(complaint: Complaint) -> None:
    assert complaint(env={"ARCHIVE_BOT_LOG__LEVEL": "a\nb"}).count("\n") == 0
    assert complaint('"a\\nb" = 1').count("\n") == 0


# Secrets

NOT_A_TOKEN = "is wrong: the value given is not of the form 123456:ABC..."
NOT_A_PROXY = (
    "is wrong: the value given is not of the form "
    "socks5://user:password@host:1080 (or socks5h://, http://, https://)."
)
NOT_A_SECTION = (
    "is wrong: the value given is not a table of settings, or in the environment a JSON object."
)
BAD_TOKEN = f"bot{TOKEN}"
BAD_PROXY = PROXY.replace("socks5", "socks4")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"env": {"ARCHIVE_BOT_TELEGRAM__TOKEN": BAD_TOKEN}},
            f"ARCHIVE_BOT_TELEGRAM__TOKEN {NOT_A_TOKEN}",
        ),
        (
            {"env": {"ARCHIVE_BOT_TELEGRAM__TOKEN": f"{TOKEN} {TOKEN}"}},
            f"ARCHIVE_BOT_TELEGRAM__TOKEN {NOT_A_TOKEN}",
        ),
        (
            {"dotenv": f"ARCHIVE_BOT_TELEGRAM__TOKEN={BAD_TOKEN}"},
            f"ARCHIVE_BOT_TELEGRAM__TOKEN in .env {NOT_A_TOKEN}",
        ),
        (
            {"secrets": {"ARCHIVE_BOT_TELEGRAM__TOKEN": BAD_TOKEN}},
            f"ARCHIVE_BOT_TELEGRAM__TOKEN in TMP/run/secrets {NOT_A_TOKEN}",
        ),
        (
            {"toml": f"telegram.token = '{BAD_TOKEN}'"},
            f"telegram.token in archive-bot.toml {NOT_A_TOKEN}",
        ),
        (
            {"toml": f"telegram.token = ['{TOKEN}']"},
            f"telegram.token in archive-bot.toml {NOT_A_TOKEN}",
        ),
        ({"toml": "telegram.token = 12"}, f"telegram.token in archive-bot.toml {NOT_A_TOKEN}"),
        ({"telegram": {"token": BAD_TOKEN}}, f"telegram.token {NOT_A_TOKEN}"),
        (
            {"env": {"ARCHIVE_BOT_TELEGRAM": json.dumps({"token": BAD_TOKEN})}},
            f"ARCHIVE_BOT_TELEGRAM.token {NOT_A_TOKEN}",
        ),
        # Not JSON, in each place that is read as JSON
        ({"env": {"ARCHIVE_BOT_TELEGRAM": TOKEN}}, f"ARCHIVE_BOT_TELEGRAM {NOT_A_SECTION}"),
        (
            {"dotenv": f"ARCHIVE_BOT_TELEGRAM='{{\"token\": {TOKEN}'"},
            f"ARCHIVE_BOT_TELEGRAM in .env {NOT_A_SECTION}",
        ),
        (
            {"secrets": {"ARCHIVE_BOT_TELEGRAM": f'{{"token": "{TOKEN}"'}},
            f"ARCHIVE_BOT_TELEGRAM in TMP/run/secrets {NOT_A_SECTION}",
        ),
        ({"toml": f"telegram = '{TOKEN}'"}, f"telegram in archive-bot.toml {NOT_A_SECTION}"),
        (
            {"env": {"ARCHIVE_BOT_SOURCES": TOKEN}},
            "ARCHIVE_BOT_SOURCES is wrong: the value given is not a list of [[sources]] tables, "
            "or in the environment a JSON list of objects.",
        ),
        (
            {"env": {"ARCHIVE_BOT_TELEGRAM__PROXY": BAD_PROXY}},
            f"ARCHIVE_BOT_TELEGRAM__PROXY {NOT_A_PROXY}",
        ),
        (
            {"toml": f"telegram.proxy = '{PROXY}/path'"},
            f"telegram.proxy in archive-bot.toml {NOT_A_PROXY}",
        ),
        (
            {"env": {"ARCHIVE_BOT_FETCH__PROXY": BAD_PROXY}},
            f"ARCHIVE_BOT_FETCH__PROXY {NOT_A_PROXY}",
        ),
        (
            {"toml": f"{FEED}proxy = '{BAD_PROXY}'"},
            f"sources[0].proxy in archive-bot.toml {NOT_A_PROXY}",
        ),
        (
            {"toml": FEED.replace("https://", "htps://someone:hunter2hunter2@")},
            'sources[0].url in archive-bot.toml is "htps://***@example.org/feed", but must be '
            "an address that starts with http:// or https://.",
        ),
        # Under a name that is no setting
        (
            {"env": {"ARCHIVE_BOT_TELEGRAM__TOKN": TOKEN}},
            "ARCHIVE_BOT_TELEGRAM__TOKN is not a setting; "
            "did you mean ARCHIVE_BOT_TELEGRAM__TOKEN?",
        ),
        (
            {"env": {"ARCHIVE_BOT_TELEGRAM": json.dumps({"tokn": TOKEN})}},
            "ARCHIVE_BOT_TELEGRAM.tokn is not a setting; did you mean telegram.token?",
        ),
        # In files that cannot be read as what they are
        (
            {"toml": f"[telegram]\ntoken = {TOKEN}"},
            "archive-bot.toml is not valid TOML: "
            "Expected newline or end of document after a statement (at line 2, column 18).",
        ),
        (
            {"toml": f"[telegram]\ntoken = '{TOKEN}'\n# caf".encode() + b"\xe9\n"},
            "archive-bot.toml is not UTF-8 text, as line 3 shows.",
        ),
        (
            {"toml": "[telegram]".encode("utf-8-sig")},
            "archive-bot.toml begins with a byte order mark; save it as UTF-8 without one.",
        ),
        (
            {"dotenv": f"ARCHIVE_BOT_TELEGRAM__TOKEN={TOKEN}".encode() + b"\xff"},
            ".env is not UTF-8 text.",
        ),
        (
            {"secrets": {"ARCHIVE_BOT_TELEGRAM__TOKEN": TOKEN.encode() + b"\xff"}},
            "ARCHIVE_BOT_TELEGRAM__TOKEN in TMP/run/secrets is not UTF-8 text.",
        ),
        # In an address that is not secret itself
        (
            {"telegram": {"base_url": "https://u:hunter2hunter2@host"}},
            'telegram.base_url is "https://***@host", but must be '
            "an address such as https://host, http://host:8081 or https://host/path.",
        ),
        (
            {"telegram": {"base_url": f"htps://host/bot{TOKEN}"}},
            'telegram.base_url is "htps://host/bot***", but must be '
            "an address such as https://host, http://host:8081 or https://host/path.",
        ),
    ],
)
def test_secrets_are_never_repeated(
    complaint: Complaint, given: dict[str, Any], sentence: str
) -> None:
    """The `complaint` fixture also looks through the exception and what it leads to."""
    assert complaint(**given) == sentence


# Unknown names


@pytest.mark.parametrize("place", ["env", "dotenv", "secrets"])
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ARCHIVE_BOT_TELEGRAM__TOKN", "; did you mean ARCHIVE_BOT_TELEGRAM__TOKEN?"),
        ("ARCHIVE_BOT_TELEGRAM_TOKEN", "; did you mean ARCHIVE_BOT_TELEGRAM__TOKEN?"),
        ("ARCHIVE_BOT_TOKEN", "; did you mean ARCHIVE_BOT_TELEGRAM__TOKEN?"),
        ("ARCHIVE_BOT_SERACH__HITS", "; did you mean ARCHIVE_BOT_SEARCH__HITS?"),
        ("archive_bot_sources__0__name", "; did you mean ARCHIVE_BOT_SOURCES?"),
        ("ARCHIVE_BOT_DATADIR", "; did you mean ARCHIVE_BOT_DATA_DIR?"),
        ("ARCHIVE_BOT_HEALTH_PORT", "."),
        ("ARCHIVE_BOT_XYZZY", "."),
        ("ARCHIVE_BOT_", "."),
    ],
)
def test_unknown_names_with_our_prefix(
    complaint: Complaint, place: str, name: str, hint: str
) -> None:
    given: dict[str, Any] = {
        "env": {name: "1"},
        "dotenv": f"{name}=1",
        "secrets": {name: "1"},
    }
    where = {"env": "", "dotenv": " in .env", "secrets": " in TMP/run/secrets"}[place]
    said = complaint(**{place: given[place]})
    assert said == f"{name.upper()}{where} is not a setting{hint}"


@pytest.mark.parametrize("value", ["", "{}"])
def test_an_unknown_name_is_one_whatever_its_value(complaint: Complaint, value: str) -> None:
    assert "is not a setting" in complaint(env={"ARCHIVE_BOT_XYZZY": value})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "ARCHIVE_BOT_CONFIG_FILE",
            "ARCHIVE_BOT_CONFIG_FILE is not a setting; did you mean ARCHIVE_BOT_CONFIG?",
        ),
        (
            "ARCHIVE_BOT_SECRET_DIR",
            "ARCHIVE_BOT_SECRET_DIR is not a setting; did you mean ARCHIVE_BOT_SECRETS_DIR?",
        ),
    ],
)
def test_hints_know_the_names_of_places(complaint: Complaint, name: str, said: str) -> None:
    assert complaint(env={name: "x"}) == said


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("search.hitz = 1", "search.hitz in {} is not a setting; did you mean search.hits?"),
        ("[serach]\nhits = 1", "serach in {} is not a setting; did you mean search?"),
        ("hits = 1", "hits in {} is not a setting; did you mean search.hits?"),
        ("config_file = 'x'", "config_file in {} is not a setting."),
        ("[[source]]\nkind = 'x'", "source in {} is not a setting; did you mean sources?"),
        ('"two words" = 1', '"two words" in {} is not a setting.'),
        (
            f"{NEWS}foldr = 'x'",
            "sources[0].foldr in {} is not a setting; did you mean sources[0].folder?",
        ),
    ],
)
def test_unknown_names_in_the_file(complaint: Complaint, toml: str, said: str) -> None:
    assert complaint(toml) == said.format("archive-bot.toml")


def test_unknown_overrides(complaint: Complaint) -> None:
    said = complaint(serach={"hits": 1}, config_file=Path("x"))
    assert said == ("serach is not a setting; did you mean search?\nconfig_file is not a setting.")


# Sources


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (
            NEWS.replace("snapshots", "radio"),
            f'sources[0].kind in {{}} is "radio", but must be {KINDS}.',
        ),
        (
            NEWS + "[[sources]]\nname = 'x'",
            f"sources[1].kind in {{}} is missing; it must be {KINDS}.",
        ),
        (
            NEWS.replace('folder = "a"\n', ""),
            "sources[0].folder in {} is missing; it must be a path.",
        ),
        (
            NEWS + NEWS.replace("News", "nEWS"),
            'sources[1].name in {} is "nEWS", but must be another name than that of sources[0], '
            "whatever the case.",
        ),
        (
            NEWS.replace("News", " "),
            'sources[0].name in {} is " ", but must be 1 to 64 characters, '
            "none of them control characters.",
        ),
        (
            NEWS.replace("News", "x" * 65),
            f'sources[0].name in {{}} is "{"x" * 65}", but must be 1 to 64 characters, '
            "none of them control characters.",
        ),
        (
            NEWS.replace("News", "a\\u0007b"),
            'sources[0].name in {} is "a\\u0007b", but must be 1 to 64 characters, '
            "none of them control characters.",
        ),
        (
            f"{NEWS}encoding = 'base64'",
            'sources[0].encoding in {} is "base64", but must be a text encoding that Python knows, '
            "such as utf-8.",
        ),
        (
            f"{NEWS}page_url = 'ftp://x'",
            'sources[0].page_url in {} is "ftp://x", but must be an address that starts with '
            "http:// or https://.",
        ),
        (
            FEED.replace("url", "ulr"),
            "sources[0].url in {0} is missing; it must be an address that starts with http:// or "
            "https://.\n"
            "sources[0].ulr in {0} is not a setting; did you mean sources[0].url?",
        ),
        (
            f"{FEED}card = '.post'",
            'sources[0].card in {} is not a setting of a source of kind "feed", only of "listing".',
        ),
        (
            f"{NEWS}url = 'https://example.org'",
            'sources[0].url in {} is not a setting of a source of kind "snapshots", '
            'only of "feed", "listing", "sitemap".',
        ),
        (f"{NEWS}colour = 'red'", "sources[0].colour in {} is not a setting."),
        (
            f"{NEWS}{FEED}pages = 101",
            "sources[1].pages in {} is 101, but must be a whole number from 1 to 100.",
        ),
        (
            f"{NEWS}interval = 0",
            "sources[0].interval in {} is 0, but must be a number of at least 1.",
        ),
        (
            f"{NEWS}interval = true",
            "sources[0].interval in {} is true, but must be a number of at least 1.",
        ),
        (
            f"{FEED}allow_private = 3",
            "sources[0].allow_private in {} is 3, but must be true or false.",
        ),
        (
            f"{FEED}encoding = 'klingon'",
            'sources[0].encoding in {} is "klingon", but must be a text encoding that Python '
            "knows, such as utf-8.",
        ),
        (
            f"{LISTING}page_pattern = '/page/2'",
            'sources[0].page_pattern in {} is "/page/2", but must be an address with {{page}} '
            "where the number of the page stands.",
        ),
        (
            f"{LISTING}filters = 'tag=a'",
            "sources[0].filters in {} is wrong: the value given is not a list of texts, such as "
            '["a", "b"].',
        ),
        (
            f"{LISTING}filters = ['tag=a', 3]",
            "sources[0].filters in {} is wrong: the value given is not a list of texts, such as "
            '["a", "b"].',
        ),
        (
            f"{LISTING}filters = ['']",
            "sources[0].filters in {} is wrong: the value given is not a list of texts, such as "
            '["a", "b"].',
        ),
        (
            NEWS + FEED.replace("Blog", "news"),
            'sources[1].name in {} is "news", but must be another name than that of sources[0], '
            "whatever the case.",
        ),
        (f"{NEWS}heading = ''", 'sources[0].heading in {} is "", but must be some text.'),
    ],
)
def test_sources(complaint: Complaint, toml: str, said: str) -> None:
    assert complaint(toml) == said.format("archive-bot.toml")


def test_every_repeated_name_is_told(complaint: Complaint) -> None:
    assert [line.partition(" ")[0] for line in complaint(NEWS * 3).splitlines()] == [
        "sources[1].name",
        "sources[2].name",
    ]


def test_sources_given_as_json(complaint: Complaint) -> None:
    source = {"kind": "snapshots", "name": "News"}
    said = complaint(env={"ARCHIVE_BOT_SOURCES": json.dumps([source])})
    assert said == "ARCHIVE_BOT_SOURCES[0].folder is missing; it must be a path."


# Files and folders


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"config": Path("no.toml")}, "--config names no.toml, but there is no such file."),
        (
            {"env": {"ARCHIVE_BOT_CONFIG": "/no/such.toml"}},
            "ARCHIVE_BOT_CONFIG names /no/such.toml, but there is no such file.",
        ),
        (
            {"dotenv": "ARCHIVE_BOT_CONFIG=no.toml"},
            "ARCHIVE_BOT_CONFIG in .env names no.toml, but there is no such file.",
        ),
        (
            {"config": Path("~nobody-of-that-name/x")},
            "--config names ~nobody-of-that-name/x, but there is no such file.",
        ),
        (
            {"env": {"ARCHIVE_BOT_SECRETS_DIR": "no"}},
            "ARCHIVE_BOT_SECRETS_DIR names no, but it is no folder.",
        ),
        ({"secrets": {"ARCHIVE_BOT_CONFIG": "x"}}, None),
    ],
)
def test_places_that_were_named(
    complaint: Complaint, given: dict[str, Any], said: str | None
) -> None:
    if said is None:
        said = "ARCHIVE_BOT_CONFIG in TMP/run/secrets is not a setting."
    assert complaint(**given) == said


def test_a_file_that_is_a_folder(complaint: Complaint, tmp_path: Path) -> None:
    (tmp_path / "archive-bot.toml").mkdir()
    assert complaint() == "archive-bot.toml is a folder, but must be a file."


def test_a_secret_that_is_a_folder(complaint: Complaint, tmp_path: Path) -> None:
    (tmp_path / "run" / "secrets" / "ARCHIVE_BOT_TELEGRAM__TOKEN").mkdir(parents=True)
    assert complaint() == (
        "ARCHIVE_BOT_TELEGRAM__TOKEN in TMP/run/secrets cannot be read: Is a directory."
    )


def test_a_named_file_is_called_as_it_was_named(complaint: Complaint, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "a.toml").write_text("latest.limit = 0")
    assert complaint(config=Path("etc/a.toml")) == (
        "latest.limit in etc/a.toml is 0, but must be a whole number from 1 to 20."
    )


def test_everything_wrong_is_told_at_once(complaint: Complaint) -> None:
    said = complaint(
        "data_dir = 7\nlatest.limit = 0",
        env={"ARCHIVE_BOT_XYZZY": "1", "ARCHIVE_BOT_SEARCH__HITS": "x"},
        dotenv="ARCHIVE_BOT_LOG__LEVL=info",
    )
    assert said.splitlines() == [
        "ARCHIVE_BOT_XYZZY is not a setting.",
        "ARCHIVE_BOT_LOG__LEVL in .env is not a setting; did you mean ARCHIVE_BOT_LOG__LEVEL?",
        "data_dir in archive-bot.toml is 7, but must be a path.",
        'ARCHIVE_BOT_SEARCH__HITS is "x", but must be a whole number from 1 to 50.',
        "latest.limit in archive-bot.toml is 0, but must be a whole number from 1 to 20.",
    ]
