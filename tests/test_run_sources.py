"""`archive-bot run` with sources on the web: gathered meanwhile, and its owner told of outages."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.command import Desk
from tests.retrieval.feeds_made import post, rss
from tests.telegram_server import TOKEN, TelegramServer, telegram_server
from tests.web_server import Answer, Request, Site, web_server

FEED = "application/rss+xml"
ADMIN = -1001234
#: The very bot, but that it looks every half second whether there is an outage to tell of.
OFTEN = "import sys, bot.outages, bot.cli; bot.outages.PAUSE = 0.5; sys.exit(bot.cli.main())"


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    with telegram_server() as server:
        yield server


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with web_server() as site:
        site.put("/blog.xml", rss([post(2), post(1)]), media_type=FEED)
        yield site


@pytest.fixture(scope="module")
def ailing() -> Iterator[Site]:
    """Another host: one host is asked for one thing at a time."""
    with web_server() as site:
        site.fail("/ailing.xml", 500)
        yield site


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, site: Site, ailing: Site) -> Desk:
    folder = tmp_path_factory.mktemp("run-sources")
    desk = Desk(folder, Path("pages"))
    desk.config.write_text(
        'data_dir = "data"\n'
        "[telegram]\n"
        f"admin_chat = {ADMIN}\n"
        "[index]\n"
        "follow_interval = 0.2\n"
        "[gather]\n"
        "interval = 1\n"
        "[fetch]\n"
        "pause = 0\n"
        "allow_private = true\n"
        f'[[sources]]\nkind = "feed"\nname = "blog"\nurl = "{site.address}/blog.xml"\n'
        f'[[sources]]\nkind = "feed"\nname = "<ailing>"\nurl = "{ailing.address}/ailing.xml"\n'
    )
    return desk


@pytest.fixture(scope="module")
def process(desk: Desk, server: TelegramServer) -> Iterator[subprocess.Popen[str]]:
    process = desk.start(
        "run", "--base-url", server.address, code=OFTEN, ARCHIVE_BOT_TELEGRAM__TOKEN=TOKEN
    )
    try:
        server.wait_until_polled()
        yield process
    finally:
        process.kill()
        process.communicate()


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def told(server: TelegramServer) -> list[str]:
    """What the admin chat was told so far."""
    return [sent.text for sent in server.telegram.sent if sent.chat_id == ADMIN]


def answer(server: TelegramServer, question: str) -> str:
    asked = len(server.telegram.sent) - len(told(server))
    server.say(question)
    until(lambda: len(server.telegram.sent) - len(told(server)) > asked, 90)
    return [sent.text for sent in server.telegram.sent if sent.chat_id != ADMIN][-1]


def test_a_post_published_meanwhile_is_found(
    process: subprocess.Popen[str], server: TelegramServer, site: Site
) -> None:
    question = "跳表 期望代价 对数级"
    new = post(4, title="跳表", text="跳表用多层链表代替平衡树,查找的期望代价是对数级。")
    until(lambda: post(1).title in answer(server, str(post(1).text)), 120)  # type: ignore[operator]
    assert "跳表用多层链表" not in answer(server, question)
    site.put("/blog.xml", rss([new, post(2), post(1)]), media_type=FEED)
    until(lambda: "跳表用多层链表" in answer(server, question))
    assert [request.status for request in site.requested("/blog.xml")].count(200) == 2


def test_the_owner_hears_of_a_day_of_failure_once_and_of_its_end_once(
    process: subprocess.Popen[str], server: TelegramServer, desk: Desk, ailing: Site
) -> None:
    until(lambda: len(ailing.requests) >= 2)
    time.sleep(1.5)
    assert told(server) == [], "it has failed for seconds only"
    two_days_ago = (datetime.now(UTC) - timedelta(days=2)).replace(tzinfo=None)
    with contextlib.closing(sqlite3.connect(desk.folder / "data" / "archive.sqlite3")) as archive:
        archive.execute(
            # Tried again soon: each failure in a row doubles the pause.
            "UPDATE sources SET failing_since = ?, failures = 0 WHERE name = '<ailing>'",
            (two_days_ago.isoformat(" "),),
        )
        archive.commit()
    until(lambda: bool(told(server)))
    assert told(server)[0].startswith(
        f"The source “<ailing>” cannot be read since {two_days_ago:%F}"
    )
    failed = len(ailing.requests)
    until(lambda: len(ailing.requests) > failed)
    time.sleep(1.5)
    assert len(told(server)) == 1
    ailing.put("/ailing.xml", rss([post(9)]), media_type=FEED)
    until(lambda: len(told(server)) > 1)
    time.sleep(1.5)
    assert told(server)[1:] == ["The source “<ailing>” can be read again."]


def test_sigterm_ends_it_although_a_server_does_not_answer(
    process: subprocess.Popen[str], server: TelegramServer, site: Site
) -> None:
    answers = threading.Event()
    asked = threading.Event()

    def hang(_: Request) -> Answer:
        asked.set()
        answers.wait(100)
        return Answer("", status=503)

    site.handle("/blog.xml", hang)
    assert asked.wait(60)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert not answers.is_set()
    answers.set()
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert server.telegram.violations == []
    about = [line for line in err.splitlines() if "source <ailing>" in line]
    assert ["500" in line for line in about] == [True, False], "one failure, one recovery"
    assert "can be read again" in about[1]
