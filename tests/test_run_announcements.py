"""New articles announced by `archive-bot run` as an owner runs it, killed and started again."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.bot.messages import Sent
from tests.command import Desk
from tests.telegram_server import TOKEN, TelegramServer, telegram_server

OLD = "布隆过滤器可能误报,但绝不会漏报。"
FIRST = "梯度检查点用重算换显存,训练大模型时激活值不必全部保存。"
SECOND = "Sourdough bread rises slowly because wild yeast needs its time."
THIRD = "混合精度训练把激活值和梯度放进十六位,显存占用几乎减半。"
ADA, BOB, GROUP = 77, 78, -500
EVE = 79  # looks after the bot
FORUM = {"id": GROUP, "type": "supergroup", "title": "Readers", "is_forum": True}
TOPIC = 6


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    with telegram_server() as server:
        server.chat(GROUP, "supergroup", title="Readers", is_forum=True, admins=[ADA])
        yield server


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("announcements")
    (folder / "pages").mkdir()
    save(folder, OLD)
    desk = Desk(folder, Path("pages"))
    desk.write_config(
        "[index]",
        "follow_interval = 0.2",
        "[gather]",
        "interval = 1",
        "[notify]",
        "interval = 0.2",
        "[access]",
        f"admins = [{EVE}]",
    )
    return desk


def save(folder: Path, *lines: str) -> None:
    text = "\n".join(["LATEST UPDATES", *lines, ""])
    (folder / "pages" / "page.txt").write_text(text, encoding="utf-8")


class Bot:
    """The process, which a test may kill and start again."""

    def __init__(self, desk: Desk, server: TelegramServer) -> None:
        self.desk = desk
        self.server = server
        self.start()

    def start(self) -> None:
        self.process = self.desk.start(
            "run", "--base-url", self.server.address, ARCHIVE_BOT_TELEGRAM__TOKEN=TOKEN
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def bot(desk: Desk, server: TelegramServer) -> Iterator[Bot]:
    bot = Bot(desk, server)
    server.wait_until_polled()
    yield bot
    bot.kill()


def heard(server: TelegramServer, chat_id: int, words: str) -> list[Sent]:
    """The messages in a chat that hold these words."""
    return [sent for sent in server.telegram.sent if sent.chat_id == chat_id and words in sent.text]


def edited(server: TelegramServer, words: str) -> list[Sent]:
    """The messages that held these words once they were edited."""
    return [sent for sent in server.telegram.edits if words in sent.text]


def until(condition: Callable[[], object], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert condition()


def test_subscribing_sends_one_confirmation_and_nothing_old(
    bot: Bot, server: TelegramServer
) -> None:
    """FAILURES 7"""
    server.say("/subscribe", chat_id=ADA)
    server.say("/subscribe about saving GPU memory in training", chat_id=BOB)
    server.say("/subscribe", chat=FORUM, chat_id=GROUP, person_id=ADA, topic=TOPIC)
    for chat_id in (ADA, BOB, GROUP):
        until(partial(heard, server, chat_id, "Subscribed"))
    assert len(server.telegram.sent) == 3


def test_a_new_article_reaches_whoever_wishes_it_once(
    bot: Bot, server: TelegramServer, desk: Desk
) -> None:
    save(desk.folder, SECOND, FIRST, OLD)
    until(lambda: heard(server, ADA, "Sourdough") and heard(server, GROUP, "Sourdough"))
    until(lambda: heard(server, BOB, "梯度检查点"))
    for chat_id in (ADA, GROUP):
        assert len(heard(server, chat_id, "梯度检查点")) == 1
        assert len(heard(server, chat_id, "Sourdough")) == 1
    (in_topic, *_) = heard(server, GROUP, "Sourdough")
    assert in_topic.parameters["message_thread_id"] == TOPIC
    assert not heard(server, BOB, "Sourdough"), "that is not what Bob asked for"


def test_killed_and_started_again_it_repeats_nothing_and_goes_on(
    bot: Bot, server: TelegramServer, desk: Desk
) -> None:
    """FAILURES 1"""
    bot.kill()
    before = len(server.telegram.sent)
    save(desk.folder, THIRD, SECOND, FIRST, OLD)
    bot.start()
    for chat_id in (ADA, BOB, GROUP):
        until(partial(heard, server, chat_id, "混合精度"))
    assert len(server.telegram.sent) == before + 3


def test_what_telegram_shows_of_the_bot_was_set_once(bot: Bot, server: TelegramServer) -> None:
    described = server.telegram.called("setMyDescription")
    assert [each.get("language_code") for each in described] == [None, "zh"]
    assert len(server.telegram.called("setMyCommands")) == 8


def test_buttons_of_before_the_restart_still_work(bot: Bot, server: TelegramServer) -> None:
    """FAILURES 27"""
    (notice,) = heard(server, BOB, "梯度检查点")
    server.press(notice, "More like this")
    until(lambda: heard(server, BOB, "混合精度")[1:])
    server.press(notice, "Stop these")
    until(lambda: heard(server, BOB, "Stopped: about “saving GPU memory in training”"))
    server.say("/unsubscribe", chat_id=BOB)
    until(lambda: heard(server, BOB, "nothing to remove"))
    assert len(server.telegram.called("answerCallbackQuery")) == 2


def test_an_admin_has_sources_gathered_at_once(bot: Bot, server: TelegramServer) -> None:
    server.say("/admin", chat_id=EVE)
    until(partial(heard, server, EVE, "Looking after me"))
    (shown,) = heard(server, EVE, "Looking after me")
    for label, words in (
        ("Statistics", "4 articles"),
        ("Back", "All is well."),
        ("Gather now", "What shall I gather now?"),
        ("All sources", "New: 0, changed: 0."),
    ):
        server.press(shown, label)
        until(partial(edited, server, words))
        shown = edited(server, words)[-1]


def test_what_an_admin_tells_all_is_confirmed_after_a_restart_and_comes_once(
    bot: Bot, server: TelegramServer
) -> None:
    said = "I will be away tonight"
    server.say(f"/announce {said}", chat_id=EVE)
    until(partial(heard, server, EVE, said))
    (draft,) = heard(server, EVE, said)
    bot.kill()
    bot.start()
    for _ in range(2):
        server.press(draft, "Send to 2 places")
    for chat_id in (ADA, GROUP):
        until(partial(heard, server, chat_id, said))
        assert len(heard(server, chat_id, said)) == 1
    assert not heard(server, BOB, said), "Bob has unsubscribed"


def test_how_it_fares_is_told_beside_it(bot: Bot, server: TelegramServer, desk: Desk) -> None:
    counts: dict[str, int] = {}

    def noted() -> bool:  # what has arrived is noted a moment later
        counts.update(desk.run("deliveries", "--json").json["counts"])
        return counts["sent"] == 10

    until(noted)
    assert counts["waiting"] == counts["sending"] == counts["dead"] == 0
    assert desk.run("deliveries", "--failed").out == "Nothing was given up.\n"
    assert desk.run("deliveries", "--retry", "x").status == 2
    assert "0 will be sent again" in desk.run("deliveries", "--retry", "all").out
    status = desk.run("status")
    assert "3 places" in status.out
    assert "10 sent" in status.out
    assert server.telegram.violations == []


def test_a_gather_from_cron_beside_it_is_announced_too(
    bot: Bot, server: TelegramServer, desk: Desk
) -> None:
    fourth = "Raft elects a leader before it replicates a log entry."
    save(desk.folder, fourth, THIRD, SECOND, FIRST, OLD)
    assert desk.run("gather").status in (0, 1)  # or the bot was quicker; either way:
    until(lambda: heard(server, ADA, "Raft"))
    time.sleep(1)
    assert len(heard(server, ADA, "Raft")) == 1


def test_it_stops_within_seconds(bot: Bot) -> None:
    bot.process.terminate()
    try:
        bot.process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        pytest.fail("it did not stop")
    assert bot.process.returncode == 0
