"""`archive-bot run` as an owner runs it: a process, a Bot API server, people who write."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import Desk
from tests.retrieval.shelf import LINES
from tests.telegram_server import TOKEN, TelegramServer, telegram_server


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    with telegram_server() as server:
        yield server


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("run")
    (folder / "pages").mkdir()
    save(folder, *LINES)
    desk = Desk(folder, Path("pages"))
    desk.write_config("[index]", "follow_interval = 0.2", "[gather]", "interval = 1")
    return desk


def save(folder: Path, *lines: str) -> None:
    text = "\n".join(["LATEST UPDATES", *lines, ""])
    (folder / "pages" / "page.txt").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def process(desk: Desk, server: TelegramServer) -> Iterator[subprocess.Popen[str]]:
    """A bot over a data folder that does not exist yet."""
    process = desk.start("run", "--base-url", server.address, ARCHIVE_BOT_TELEGRAM__TOKEN=TOKEN)
    try:
        server.wait_until_polled()
        yield process
    finally:
        process.kill()
        process.communicate()


def test_start_is_answered_before_the_model_is_loaded(
    process: subprocess.Popen[str], server: TelegramServer
) -> None:
    """FAILURES 26: so are the newest articles, and subscriptions."""
    server.say("/start")
    assert "/latest" in server.wait_for(1)[0].text
    server.say("/latest")
    assert "preparing" not in server.wait_for(2)[1].text
    server.say("/subscribe #nothing-has-this-tag")
    assert "Subscribed: #nothing-has-this-tag." in server.wait_for(3)[2].text


def test_a_question_is_answered_as_soon_as_the_index_is_built(
    process: subprocess.Popen[str], server: TelegramServer
) -> None:
    deadline = time.monotonic() + 90
    count = len(server.telegram.sent)
    while time.monotonic() < deadline:
        server.say("may a bloom filter lie?")
        count += 1
        answer = server.wait_for(count)[-1]
        if answer.links:
            break
    assert answer.marked("blockquote") == [LINES[1]]
    assert any(action["action"] == "typing" for action in server.telegram.called("sendChatAction"))


def test_what_is_saved_meanwhile_is_gathered_followed_and_answered(
    process: subprocess.Popen[str], server: TelegramServer, desk: Desk
) -> None:
    new = "跳表用多层链表代替平衡树,查找的期望代价是对数级。"
    save(desk.folder, new, *LINES)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        count = len(server.telegram.sent)
        server.say("跳表 多层链表")
        answer = server.wait_for(count + 1)[-1]
        if new in answer.text:
            return
    pytest.fail("the new article was never found")


def test_a_repeated_update_is_answered_once(
    process: subprocess.Popen[str], server: TelegramServer
) -> None:
    count = len(server.telegram.sent)
    number = server.say("/latest 1")
    server.wait_for(count + 1)
    deadline = time.monotonic() + 30
    while server.telegram.confirmed < number and time.monotonic() < deadline:
        time.sleep(0.02)
    server.telegram.control("repeat")
    server.say("/latest 2")
    texts = [sent.text for sent in server.wait_for(count + 2)[count:]]
    time.sleep(0.5)
    assert len(server.telegram.sent) == count + 2, texts


def test_a_passing_fault_is_tried_again(
    process: subprocess.Popen[str], server: TelegramServer
) -> None:
    count = len(server.telegram.sent)
    server.telegram.fail("sendMessage", "5xx before", "reset before")
    server.say("/start")
    assert "/latest" in server.wait_for(count + 1)[-1].text


def test_the_index_is_the_bots_and_gather_works_beside_it(
    process: subprocess.Popen[str], desk: Desk
) -> None:
    done = desk.run("ask", "bloom filter")
    assert done.status == 1
    assert f"belongs to `archive-bot run` (process {process.pid} on " in done.err
    assert desk.run("gather").status == 0


def test_sigterm_ends_it_cleanly_and_no_request_broke_a_rule(
    process: subprocess.Popen[str], server: TelegramServer
) -> None:
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert time.monotonic() - started < 15
    assert server.telegram.violations == []
    assert "Traceback" not in err
    assert TOKEN not in err
    assert "polling as @test_archive_bot" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_telegram_cannot_be_reached(
    desk: Desk, number: signal.Signals
) -> None:
    process = desk.start(
        "run", "--base-url", "http://127.0.0.1:9", ARCHIVE_BOT_TELEGRAM__TOKEN=TOKEN
    )
    assert process.stderr is not None
    seen = ""
    while "cannot be reached" not in seen:
        line = process.stderr.readline()
        assert line, seen
        seen += line
    process.send_signal(number)
    done = desk.finish(process, timeout=30)
    assert done.status == (130 if number == signal.SIGINT else 0), seen + done.err
    assert TOKEN not in seen + done.err


def test_a_wrong_token_is_one_sentence_and_status_2(desk: Desk, server: TelegramServer) -> None:
    wrong = TOKEN.replace("AA", "BB")
    process = desk.start("run", "--base-url", server.address, ARCHIVE_BOT_TELEGRAM__TOKEN=wrong)
    done = desk.finish(process)
    assert done.status == 2
    assert "Telegram does not know this token" in done.err
    assert wrong not in done.err
    assert "Traceback" not in done.err
