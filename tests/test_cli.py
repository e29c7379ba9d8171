"""The commands, with the real model, the real Chroma, tantivy and SQLite."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.command import Desk
from tests.retrieval.shelf import LINES

FIELDS = [
    "article_id",
    "title",
    "link",
    "source",
    "published",
    "tags",
    "excerpt",
    "highlight",
    "score",
]
PAGE = "\n".join(
    ["chrome", "LATEST UPDATES", LINES[0], "数据结构", "2026-03-14", *LINES[1:], "1 2 3", ""]
)


pytestmark = pytest.mark.usefixtures("quiet_again")


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose page is gathered and indexed; copied for each test."""
    folder = tmp_path_factory.mktemp("gathered")
    pages = folder / "pages"
    pages.mkdir()
    (pages / "page.txt").write_text(PAGE, encoding="utf-8")
    desk = Desk(folder, Path("pages"))
    done = desk.run("gather", "--json")
    assert done.status == 0, done.err
    assert done.json == {"new": 4, "changed": 0, "unchanged": 0, "withdrawn": 0, "failed": 0}
    return folder


@pytest.fixture
def desk(gathered: Path, tmp_path: Path) -> Desk:
    shutil.copytree(gathered, tmp_path / "desk")
    return Desk(tmp_path / "desk", Path("pages"))


# --- gather ------------------------------------------------------------------------------------


def test_gathering_again_finds_nothing_new(desk: Desk) -> None:
    done = desk.run("gather", "--json")
    assert done.json == {"new": 0, "changed": 0, "unchanged": 4, "withdrawn": 0, "failed": 0}
    heading, row = desk.run("gather").out.splitlines()
    assert heading.split() == [
        "source", "new", "changed", "unchanged", "withdrawn", "failed", "seconds"
    ]  # fmt: skip
    assert row.split()[:-1] == ["pages", "0", "0", "4", "0", "0"]


def test_an_edited_page_is_followed(desk: Desk) -> None:
    page = desk.folder / "pages" / "page.txt"
    grown = LINES[2] + "它只要求能一个一个地读。"
    page.write_text(PAGE.replace(LINES[2], grown), encoding="utf-8")
    done = desk.run("gather", "--json")
    assert done.json == {"new": 0, "changed": 1, "unchanged": 3, "withdrawn": 0, "failed": 0}
    first = desk.run("ask", "--json", "蓄水池采样").json["hits"][0]
    assert first["excerpt"] == grown


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x00\x01\x02\n\x00", "broken.txt, line 1: binary data"),
        ("chrome\nLATEST UPDATES\n中文".encode("gbk"), "broken.txt, line 3: not valid utf-8"),
        (b"", "broken.txt, line 1: the file is empty"),
        (b"chrome\nsomething\n", "broken.txt, line 2: no line says `LATEST UPDATES`"),
    ],
)
def test_an_unreadable_page_is_named_and_changes_nothing(
    desk: Desk, content: bytes, says: str
) -> None:
    before = desk.run("latest", "--json").json
    (desk.folder / "pages" / "page.txt").write_text(PAGE.replace(LINES[0], "edited"), "utf-8")
    (desk.folder / "pages" / "broken.txt").write_bytes(content)
    done = desk.run("gather", "--json")
    assert done.status == 1
    assert done.json == {"new": 0, "changed": 0, "unchanged": 0, "withdrawn": 0, "failed": 1}
    assert says in done.err
    assert "Traceback" not in done.err
    assert desk.run("latest", "--json").json == before
    assert says in desk.run("status").out


def test_without_sources_gather_says_how_to_list_one(desk: Desk) -> None:
    desk.config.write_text('data_dir = "data"', encoding="utf-8")
    done = desk.run("gather")
    assert done.status == 2
    assert "[[sources]]" in done.err


# --- ask ---------------------------------------------------------------------------------------


def test_ask_json_has_the_promised_fields(desk: Desk) -> None:
    question = "  Does a bloom filter ever miss a member? "
    done = desk.run("ask", "--json", question)
    answer = done.json
    assert list(answer) == ["question", "relevant", "confidence", "hits", "seconds"]
    assert answer["question"] == question
    assert answer["relevant"] is True
    assert 0.5 <= answer["confidence"] <= 1
    assert [list(hit) for hit in answer["hits"]] == [[*FIELDS, "more"]] * 4
    first = answer["hits"][0]
    assert first["excerpt"] == LINES[1]
    assert first["highlight"]
    assert first["highlight"] in first["excerpt"]
    assert first["link"].startswith("https://example.org/blog#:~:text=A%20bloom")
    assert [hit["score"] for hit in answer["hits"]] == sorted(
        (hit["score"] for hit in answer["hits"]), reverse=True
    )
    assert list(answer["seconds"]) == ["embed", "search", "total"]
    assert all(seconds >= 0 for seconds in answer["seconds"].values())


def test_a_refusal_is_an_answer_with_status_0(desk: Desk) -> None:
    """FAILURES 19."""
    done = desk.run("ask", "--json", "北京烤鸭哪家好吃")
    assert (done.status, done.json["relevant"]) == (0, False)
    assert done.json["hits"], "ranked all the same"
    shown = desk.run("ask", "北京烤鸭哪家好吃")
    assert shown.status == 0
    assert shown.out.startswith("The archive has nothing on this.\n")
    assert "https://" not in shown.out


def test_ask_explains_each_hit(desk: Desk) -> None:
    out = desk.run("ask", "--explain", "布隆过滤器 members harmles zzz").out
    first = out.partition("\n2. ")[0]
    assert first.startswith("1. A bloom filter answers")
    for row in ("confidence", "cosine", "coverage", "verbatim", "opening", "lead", "missing"):
        assert f"\n   {row} " in first
    assert "place 1 by meaning" in first
    table = dict(
        line.split(maxsplit=1)
        for line in first.partition("in the passage\n")[2].splitlines()
        if line.strip()
    )
    assert table["members"].endswith("%  itself: member")
    assert "dictionary: bloom filter" in table["过滤器"]
    assert table["zzz"].endswith("-  -")
    assert "harmles" in table


def test_an_excluded_word_needs_no_quotes(desk: Desk) -> None:
    """FAILURES 21: a leading `-` is a search, not an exit; a mistyped option is none."""
    done = desk.run("ask", "--json", "bloom", "filter", "-reservoir")
    assert (done.status, done.json["question"]) == (0, "bloom filter -reservoir")
    assert desk.run("ask", "--json", "-vLLM").json["question"] == "-vLLM"
    assert desk.run("ask", "--explian", "bloom filter").status == 2


def test_a_refusal_is_explained_by_the_nearest_which_are_called_that(desk: Desk) -> None:
    out = desk.run("ask", "--explain", "北京烤鸭哪家好吃").out
    assert out.startswith("The archive has nothing on this.\nThe nearest it has, though not an")
    assert out.count("  not an answer\n") == 3
    assert "  an answer\n" not in out
    assert "https://" not in out
    assert "\n1. " not in out


def test_the_explanation_as_fields_also_of_a_batch(desk: Desk) -> None:
    question = "does a bloom filter lie?"
    whole = desk.run("ask", "--json", "--explain", question).json
    line = json.loads(desk.run("ask", "--batch", "-", "--explain", stdin=question).out)
    for hits in (whole["hits"], line["hits"]):
        assert [list(hit) for hit in hits] == [[*FIELDS, "more", "evidence"]] * 4
        told = hits[0]["evidence"]
        assert told["confidence"] == pytest.approx(whole["confidence"], abs=1e-3)
        assert told["words"][0] | {"weight": 0, "covered": 0} == {
            "word": "bloom", "weight": 0, "covered": 0, "form": "bloom", "origin": "itself"
        }  # fmt: skip
        assert sum(word["weight"] for word in told["words"]) == pytest.approx(1, abs=1e-3)
    plain = json.loads(desk.run("ask", "--batch", "-", stdin=question).out)
    assert "evidence" not in plain["hits"][0]


def test_filters_alone_give_the_newest_and_no_answer(desk: Desk) -> None:
    out = desk.run("ask", "tag:数据结构").out
    assert out.startswith("The newest that match:\n\n1. 环形缓冲区")
    assert "\n2. " not in out
    assert "nothing was asked but filters" in desk.run("ask", "--explain", "tag:数据结构").out
    assert desk.run("ask", "tag:no-such").out == "The archive has nothing on this.\n"
    found = desk.run("ask", "--json", "--explain", "缓冲区 -环形").json["hits"]
    assert LINES[0] not in [hit["excerpt"] for hit in found]


def test_the_help_of_ask_tells_of_filters(desk: Desk) -> None:
    shown = desk.run("ask", "--help").out
    for word in ("tag:NAME", "source:NAME", "after:", "before:", '"a phrase"', "-word"):
        assert word in shown


def test_a_batch_gives_one_object_a_line(desk: Desk, tmp_path: Path) -> None:
    questions = ["环形缓冲区写满了怎么办", "", "  ", "what is write-ahead logging?"]
    file = tmp_path / "questions.txt"
    file.write_text("\n".join(questions), encoding="utf-8")
    for done in (
        desk.run("ask", "--batch", str(file)),
        desk.run("ask", "--batch", "-", stdin="\n".join(questions)),
    ):
        answers = [json.loads(line) for line in done.out.splitlines()]
        assert [answer["question"] for answer in answers] == [questions[0], questions[3]]
        assert [answer["hits"][0]["excerpt"] for answer in answers] == [LINES[0], LINES[3]]


def test_an_answer_for_a_person(desk: Desk) -> None:
    out = desk.run("ask", "环形缓冲区").out
    assert out.startswith("1. 环形缓冲区用一个定长数组首尾相接")
    assert "2026-03-14 · 数据结构 · pages" in out
    assert "https://example.org/blog#:~:text=" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask"], "give a question"),
        (["ask", "  "], "give a question"),
        (["ask", "--batch", "missing.txt"], "--batch: missing.txt cannot be read"),
        (["ask", "--batch", "-", "and a question"], "not both"),
        (["latest", "--limit", "0"], "'0' is not a whole number from 1 to 10000"),
        (["latest", "--limit", "many"], "'many' is not a whole number"),
        (["sing"], "invalid choice: 'sing'"),
        ([], "required: COMMAND"),
        (["run"], "ARCHIVE_BOT_TELEGRAM__TOKEN"),
        (["run", "--base-url", "nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_is_status_2_and_one_sentence(
    desk: Desk, arguments: list[str], says: str
) -> None:
    done = desk.run(*arguments)
    assert done.status == 2
    assert says in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_config_works_before_and_after_the_command(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('data_dir = "elsewhere"', encoding="utf-8")
    assert desk.run("latest", "--config", str(other), "--json").json == {"articles": []}
    assert desk.run("latest", "--json").json["articles"]


def test_a_missing_config_and_a_wrong_setting_are_status_2(desk: Desk) -> None:
    done = desk.run("status", "--config", "nowhere.toml")
    assert (done.status, "nowhere.toml" in done.err) == (2, True)
    desk.write_config("[search]", "hits = 0")
    done = desk.run("status")
    assert done.status == 2
    assert "search.hits" in done.err


def test_version_and_help(desk: Desk) -> None:
    assert desk.run("--version").out.startswith("archive-bot 0.")
    top = desk.run("--help").out
    for command in ("gather", "ask", "latest", "status", "reindex", "doctor", "chat", "run"):
        assert f"    {command}" in top
        done = desk.run(command, "--help")
        assert done.status == 0
        assert "--config FILE" in done.out


# --- latest, status, reindex, doctor -----------------------------------------------------------


def test_latest_json(desk: Desk) -> None:
    articles = desk.run("latest", "--json", "--limit", "2").json["articles"]
    assert [list(article) for article in articles] == [FIELDS] * 2
    assert [article["excerpt"] for article in articles] == list(LINES[:2])
    assert datetime.fromisoformat(articles[0]["published"]).date() == date(2026, 3, 14)
    assert articles[0]["tags"] == ["数据结构"]
    assert articles[1]["published"] is None
    assert all(article["highlight"] is article["score"] is None for article in articles)


def test_status_tells_all_but_the_secrets(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_BOT_TELEGRAM__TOKEN", "123456:AAsecretsecretsecretsecretsecret")
    monkeypatch.setenv("ARCHIVE_BOT_TELEGRAM__PROXY", "socks5://me:hunter2@127.0.0.1:1080")
    monkeypatch.setenv("ARCHIVE_BOT_ACCESS", '{"mode": "invited", "code": "SesameOpen"}')
    monkeypatch.setenv("ARCHIVE_BOT_ACCESS__PEOPLE", "[1, 2]")
    text, facts = desk.run("status").out, desk.run("status", "--json").json
    assert facts["archive"]["articles"] == 4
    assert facts["index"] | {"folder": ""} == {
        "folder": "",
        "model": "bundled",
        "excerpts": 4,
        "changes_behind": 0,
        "owner": None,
    }
    assert facts["sources"][0]["failure"] is None
    assert "up to date" in text
    assert "token set, proxy set" in text
    assert "access    invited: 2 people\n" in text
    assert (facts["access"]["mode"], facts["access"]["people"]) == ("invited", 2)
    for secret in ("AAsecret", "hunter2", "SesameOpen"):
        assert secret not in text + json.dumps(facts)


def test_reindex(desk: Desk) -> None:
    for arguments in (["reindex"], ["reindex", "--embed"]):
        done = desk.run(*arguments)
        assert (done.status, done.out) == (0, "4 excerpts indexed\n")
        assert desk.run("ask", "--json", "bloom filter").json["hits"][0]["excerpt"] == LINES[1]


def test_doctor(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    done = desk.run("doctor")
    assert done.status == 0, done.out
    assert "ok    archive: 4 articles, 4 excerpts" in done.out
    assert "ok    embedding model: bundled answers with 384 dimensions" in done.out
    assert "ok    access: public: everybody may use the bot" in done.out
    monkeypatch.setenv("ARCHIVE_BOT_ACCESS__PEOPLE", "[1, 2]")
    monkeypatch.setenv("ARCHIVE_BOT_EMBEDDING__MODEL", "./nowhere")
    monkeypatch.setenv("ARCHIVE_BOT_TELEGRAM__TOKEN", "123456:AAsecretsecretsecretsecretsecret")
    monkeypatch.setenv("ARCHIVE_BOT_TELEGRAM__BASE_URL", "http://127.0.0.1:9")
    done = desk.run("doctor")
    assert done.status == 1
    assert "FAIL  embedding model: the embedding model './nowhere' cannot be loaded" in done.out
    assert "FAIL  telegram: " in done.out
    assert "FAIL  access: access.people or access.chats is set" in done.out
    assert "AAsecret" not in done.out + done.err


def test_a_reranker_has_the_last_word(
    desk: Desk, cross_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sees nothing but marks."""
    page = desk.folder / "pages" / "page.txt"
    page.write_text(PAGE.replace(LINES[3], LINES[3] + " §"), encoding="utf-8")
    desk.run("gather")
    question = "may a bloom filter lie? §"
    assert desk.run("ask", "--json", question).json["hits"][0]["excerpt"] == LINES[1]
    monkeypatch.setenv("ARCHIVE_BOT_RERANKER__MODEL", str(cross_encoder))
    first, *others = desk.run("ask", "--json", "--explain", question).json["hits"]
    assert first["excerpt"] == LINES[3] + " §"
    assert first["evidence"]["reranked"] > 0.9
    assert all(0 <= hit["evidence"]["reranked"] < 0.1 for hit in others)
    assert re.search(r"\n   reranker +0\.9", desk.run("ask", "--explain", question).out)
    monkeypatch.setenv("ARCHIVE_BOT_RERANKER__CANDIDATES", "2")
    read = [
        hit["evidence"]["reranked"]
        for hit in desk.run("ask", "--json", "--explain", "bloom filter").json["hits"]
    ]
    assert [score is None for score in read] == [False, False, True, True]
    assert f"ok    reranker: {cross_encoder} scores passages" in desk.run("doctor").out


def test_without_its_reranker_the_bot_answers_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ok    reranker: none set" in desk.run("doctor").out
    monkeypatch.setenv("ARCHIVE_BOT_RERANKER__MODEL", "./nowhere")
    done = desk.run("ask", "--json", "may a bloom filter lie?")
    assert (done.status, done.json["hits"][0]["excerpt"]) == (0, LINES[1])
    assert "without the reranker: the reranking model './nowhere' cannot be loaded" in done.err
    done = desk.run("doctor")
    assert done.status == 1
    assert "FAIL  reranker: the reranking model './nowhere' cannot be loaded" in done.out
    done = desk.finish(desk.start("chat", LANG="C.UTF-8"), "may a bloom filter lie?\n")
    assert LINES[1][:40] in done.out
    assert "answering without the reranker: the reranking model './nowhere'" in done.err


def test_an_archive_file_that_is_none_is_status_1(desk: Desk) -> None:
    archive = desk.folder / "data" / "archive.sqlite3"
    assert archive.exists()
    for file in archive.parent.glob("archive.sqlite3*"):
        file.unlink()
    archive.write_bytes(b"not a database, but long enough to look at" * 100)
    done = desk.run("latest")
    assert done.status == 1
    assert "archive.sqlite3 cannot be opened: file is not a database" in done.err


# --- processes ---------------------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from retrieval.index.home import IndexHome
home = IndexHome(Path(sys.argv[3]))
home.acquire("archive-bot run")
print("held", flush=True)
time.sleep(120)
"""


def test_beside_another_owner(desk: Desk) -> None:
    """What needs the index is refused at once, naming the owner; what does not, works."""
    owner = desk.start(str(desk.folder / "data" / "index"), code=HOLD)
    try:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        for command in (["ask", "bloom filter"], ["reindex"], ["chat"]):
            started = time.monotonic()
            done = desk.run(*command)
            assert time.monotonic() - started < 30
            assert done.status == 1
            assert f"belongs to `archive-bot run` (process {owner.pid} on " in done.err
        page = desk.folder / "pages" / "page.txt"
        page.write_text(PAGE.replace(LINES[0], "跳表是多层链表。\n" + LINES[0]), encoding="utf-8")
        done = desk.run("gather", "--json")
        assert (done.status, done.json["new"]) == (0, 1)
        assert desk.run("latest", "--json").json["articles"][0]["excerpt"] == "跳表是多层链表。"
        status = desk.run("status", "--json").json["index"]
        assert status["changes_behind"] == 1
        assert f"process {owner.pid}" in status["owner"]
    finally:
        owner.kill()
        owner.communicate()
    assert desk.run("ask", "--json", "跳表").json["hits"][0]["excerpt"] == "跳表是多层链表。"


NO_NETWORK = """
import socket, sys
def refuse(self, address, *rest):
    if self.family != socket.AF_UNIX:
        sys.exit(f"reached out to {address}")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = lambda *address, **_: sys.exit(f"looked up {address}")
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_nothing_is_downloaded(desk: Desk) -> None:
    """FAILURES 25: a fresh data folder, gathered and asked with every connection refused."""
    shutil.rmtree(desk.folder / "data")
    done = desk.finish(desk.start("gather", code=NO_NETWORK))
    assert done.status == 0, done.err
    done = desk.finish(desk.start("ask", "--json", "bloom filter", code=NO_NETWORK))
    assert done.json["hits"][0]["excerpt"] == LINES[1], done.err


def test_ctrl_c_is_status_130_and_keeps_what_was_done(desk: Desk) -> None:
    shutil.rmtree(desk.folder / "data")
    process = desk.start("gather")
    archive = desk.folder / "data" / "archive.sqlite3"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not _articles(archive):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    done = desk.finish(process)
    assert done.status == 130, done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert desk.run("gather", "--json").json["unchanged"] == 4
    assert desk.run("ask", "--json", "bloom filter").json["hits"][0]["excerpt"] == LINES[1]


def _articles(archive: Path) -> int:
    if not archive.exists():
        return 0
    connection = sqlite3.connect(archive)
    try:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_a_closed_pipe_is_no_traceback(desk: Desk) -> None:
    process = desk.start("latest", "--json")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.wait(60)
    process.stderr.close()
    assert process.stdin is not None
    process.stdin.close()
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


def test_results_survive_a_terminal_of_another_encoding(desk: Desk) -> None:
    done = desk.finish(desk.start("latest", "--json", PYTHONIOENCODING="ascii", LC_ALL="C"))
    assert done.status == 0, done.err
    assert os.linesep in done.out


# --- chat --------------------------------------------------------------------------------------


def test_chat_shows_what_a_phone_would(desk: Desk) -> None:
    done = desk.finish(
        desk.start("chat", LANG="C.UTF-8", LC_ALL="C.UTF-8"),
        "/start\nmay a bloom filter lie?\n/latest 2\n北京烤鸭哪家好吃\n",
    )
    assert done.status == 0, done.err
    start, ask, latest, refusal = done.out.split("you> ")[1:]
    assert "/latest" in start
    assert LINES[1][:40] in ask
    assert "<https://example.org/blog#:~:text=A%20bloom" in ask
    assert latest.index("环形缓冲区") < latest.index("A bloom filter")
    assert "https://" not in refusal
    assert "<b>" not in done.out
