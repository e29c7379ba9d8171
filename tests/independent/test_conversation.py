"""One conversation from the first word to a notice, as any reader has it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.serving import Webhook
from tests.bot.judging import METHODS, wrong_fields
from tests.bot.messages import Sent
from tests.command import Desk
from tests.conftest import EXAMPLE
from tests.independent.chatting import Chat, secret_added, telemelya, until

TOKEN = "123456:AAtoken-of-the-tests-token-of-the-tests"
PYTHON = os.environ.get("INDEPENDENT_PYTHON", "")
NEW = "Skip lists keep towers of links over a sorted list, so a search takes logarithmic time."

if not PYTHON:
    pytest.skip(
        "telemelya is not installed: `make independent` installs it beside us, and runs this",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with telemelya(Path(PYTHON).absolute(), tmp_path_factory.mktemp("telemelya")) as address:
        yield address


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The example archive, which is looked at every second."""
    folder = tmp_path_factory.mktemp("bot")
    shutil.copytree(EXAMPLE / "pages", folder / "pages")
    desk = Desk(folder, Path("pages"))
    desk.write_config("[index]", "follow_interval = 0.2", "[gather]", "interval = 1")
    return desk


@pytest.fixture(scope="module")
def process(server: str, desk: Desk) -> Iterator[subprocess.Popen[str]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    hook = f"http://127.0.0.1:{port}/telegram"
    secret = Webhook.of(hook, "127.0.0.1", port, TOKEN).secret
    with secret_added(hook, secret) as public:
        process = desk.start(
            "run",
            "--base-url",
            server,
            ARCHIVE_BOT_TELEGRAM__TOKEN=TOKEN,
            ARCHIVE_BOT_TELEGRAM__WEBHOOK_URL=f"{public}/telegram",
            ARCHIVE_BOT_TELEGRAM__WEBHOOK_PORT=str(port),
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def chat(server: str, process: subprocess.Popen[str]) -> Chat:
    chat = Chat(server, TOKEN)

    def reached() -> bool:
        try:
            chat.say("/start")
        except AssertionError:  # no webhook yet
            assert process.poll() is None, "the bot has ended"
            return False
        return True

    until(reached, "the bot never set its webhook")
    return chat


def test_start_says_what_can_be_done(chat: Chat) -> None:
    welcome = chat.wait_for(1)[0]
    assert "/latest" in welcome.text
    assert "/subscribe" in welcome.text


def test_a_question_in_english_is_answered_with_its_passage(chat: Chat) -> None:
    answer = _once_indexed(chat, "Why does my container get throttled at 30% CPU?")
    assert "throttled" in answer.text
    assert answer.links[0].startswith("https://example.org/blog#:~:text=")


def test_a_question_in_chinese_is_answered_in_the_language_chosen_and_paged(chat: Chat) -> None:
    assert "简体中文" in chat.ask("/language 简体中文").text
    answer = chat.ask("KV cache 怎么省显存")
    assert "PagedAttention" in answer.text
    assert "分享" in [each["text"] for each in answer.buttons]
    chat.press(answer, "›")
    further = chat.wait_for(1, "editMessageText")[-1]
    assert further.message_id == answer.message_id
    assert "2/" in further.buttons[1]["text"]
    assert further.links
    assert not {*further.links} & {*answer.links}
    assert chat.recorded("answerCallbackQuery"), "the button still turns"


def test_an_irrelevant_question_is_answered_without_a_link(chat: Chat) -> None:
    """FAILURES 19."""
    refusal = chat.ask("北京烤鸭哪家好吃")
    assert "没有找到相关内容" in refusal.text
    assert refusal.links == []


def test_latest_shows_the_newest_and_a_button_the_next_page(chat: Chat) -> None:
    newest = chat.ask("/latest 3")
    assert len(newest.links) == 3
    edits = len(chat.messages("editMessageText"))
    chat.press(newest, "较早")
    older = chat.wait_for(edits + 1, "editMessageText")[-1]
    assert older.message_id == newest.message_id
    assert len(older.links) == 3
    assert not {*older.links} & {*newest.links}


def test_a_subscriber_hears_of_a_new_article(chat: Chat, desk: Desk) -> None:
    confirmed = chat.ask("/subscribe")
    assert "订阅" in confirmed.text
    count = len(chat.messages())
    page = desk.folder / "pages" / "page-01.txt"
    before = page.read_text(encoding="utf-8")
    page.write_text(
        before.replace("LATEST UPDATES\n", f"LATEST UPDATES\n{NEW}\n"), encoding="utf-8"
    )
    notice = chat.wait_for(count + 1)[-1]
    assert "Skip lists" in notice.text
    assert len(notice.links) == 1


def test_each_request_was_well_formed(chat: Chat) -> None:
    calls = chat.calls()
    assert {"sendMessage", "sendChatAction", "editMessageText"} <= {name for name, _ in calls}
    assert [wrong_fields(told, METHODS[name], name) for name, told in calls] == [[]] * len(calls)


def test_it_misses_the_menus_that_this_server_lacks_and_ends_cleanly(
    process: subprocess.Popen[str],
) -> None:
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert err.count("not all that Telegram shows of the bot could be set") == 1
    assert "Traceback" not in err
    assert TOKEN not in err
    assert "taking posts to http://127.0.0.1:" in err


def _once_indexed(chat: Chat, question: str) -> Sent:
    """The first answer that has links; before, the bot says that it is still preparing."""
    answers: list[Sent] = []

    def answered() -> bool:
        answers.append(chat.ask(question))
        return bool(answers[-1].links)

    until(answered, "the question was never answered")
    return answers[-1]
