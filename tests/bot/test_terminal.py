"""The terminal: the very same bot, without a token and without a network."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterable

import pytest
from telegram.error import BadRequest

from bot.application import BotApplication, build_application
from bot.keyboard import lines_of
from bot.screen import on_screen
from bot.telegram_html import parse_html
from bot.terminal import TERMINAL_TOKEN, TerminalRequest, converse
from retrieval.errors import IndexNotReady
from tests.bot.bot_api import FakeTelegram
from tests.bot.fakes import FakeLibrary, answer, article, hit
from tests.bot.people import Person


@pytest.fixture
def terminal(library: FakeLibrary) -> BotApplication:
    request = TerminalRequest()
    return build_application(
        library, token=TERMINAL_TOKEN, request=request, get_updates_request=request
    )


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


async def given(lines: Iterable[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def talk(application: BotApplication, *lines: str, **options: bool) -> str:
    out = io.StringIO()
    await converse(application, given(lines), out, language_code="en", **options)
    return out.getvalue()


async def test_a_conversation_as_a_phone_would_show_it(
    terminal: BotApplication, library: FakeLibrary
) -> None:
    library.answer = answer(
        hit(
            article(1, title="大模型显存", tags=("LLM",)),
            "开头。\n梯度检查点。",
            "梯度检查点。",
            more=("又一段。", "再一段。"),
        ),
        hit(article(2, title="No link", link=None)),
    )
    assert await talk(terminal, "怎么省显存", "", "  ", "/latest 1") == (
        "you> 怎么省显存\n"
        "1. 大模型显存 <https://blog.example/1>\n"
        "LLM · 14 Mar 2026\n"
        "│ 开头。\n"
        "│ 梯度检查点。\n"
        "More from this article:\n"
        "│ 又一段。\n"
        "\n"
        "│ 再一段。\n"
        "\n"
        "2. No link\n"
        "14 Mar 2026\n"
        "│ 开头一句。梯度检查点用计算换显存。最后一句。\n"
        "\n"
        "you> /latest 1\n"
        "The newest article\n"
        "\n"
        "1. Article 1 <https://blog.example/1>\n"
        "14 Mar 2026\n"
        "梯度检查点用计算换显存。反向传播时重新计算激活值。\n"
        "\n"
    )
    assert library.questions == ["怎么省显存"]


async def test_colours_only_when_wished(terminal: BotApplication) -> None:
    plain = await talk(terminal, "x")
    assert "\033" not in plain
    coloured = await talk(terminal, "x", colour=True)
    assert "\033[1m梯度检查点用计算换显存。\033[0m" in coloured


async def test_commands_are_commands_and_other_slashes_are_not(
    terminal: BotApplication, library: FakeLibrary
) -> None:
    shown = await talk(
        terminal, "/start", "/ask what", "is /latest a command", "/nope", "http://x/y"
    )
    assert "Hello!" in shown
    assert "I do not know this command" in shown
    assert library.questions == ["what", "is /latest a command", "http://x/y"]


async def test_the_language_is_the_given_one_or_the_questions(
    library: FakeLibrary, terminal: BotApplication
) -> None:
    library.answer = answer(relevant=False)
    out = io.StringIO()
    await converse(terminal, given(["火星", "mars"]), out)
    assert "没有找到" in out.getvalue()
    assert "nothing on this" in out.getvalue()
    out = io.StringIO()
    await converse(terminal, given(["mars"]), out, language_code="zh")
    assert "没有找到" in out.getvalue()


async def test_failures_are_told_and_the_talk_goes_on(
    terminal: BotApplication, library: FakeLibrary
) -> None:
    library.error = IndexNotReady("loading", progress=0.4)
    assert "(40 % done)" in await talk(terminal, "x")
    library.error = ZeroDivisionError()
    assert (await talk(terminal, "x", "/start")).count("you> ") == 2


async def test_each_line_is_answered_before_the_next_is_read(
    terminal: BotApplication, library: FakeLibrary
) -> None:
    out = io.StringIO()
    read: list[tuple[str, int]] = []

    async def lines() -> AsyncIterator[str]:
        for line in ("one", "two", "three"):
            read.append((line, out.getvalue().count("Article 1")))
            yield line

    await converse(terminal, lines(), out)
    assert read == [("one", 0), ("two", 1), ("three", 2)]


async def test_someone_who_types_sees_a_prompt_and_typing_but_no_echo(
    terminal: BotApplication,
) -> None:
    out = Tty()
    await converse(terminal, given(["hello"]), out, language_code="en", interactive=True)
    shown = out.getvalue()
    assert shown.startswith("you> …\r \r1. Article 1")
    assert shown.endswith("\n\nyou> \n")
    assert "hello" not in shown


async def test_typing_is_not_shown_where_nobody_looks(terminal: BotApplication) -> None:
    assert "…" not in await talk(terminal, "hello", interactive=True)


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
async def test_it_ends_with_the_lines_however_they_end(
    terminal: BotApplication, end: type[BaseException]
) -> None:
    async def lines() -> AsyncIterator[str]:
        yield "/start"
        raise end

    out = io.StringIO()
    await converse(terminal, lines(), out, interactive=True)
    assert "Hello!" in out.getvalue()
    assert out.getvalue().endswith("you> \n")


async def test_interrupting_an_answer_ends_the_talk(
    terminal: BotApplication, library: FakeLibrary
) -> None:
    library.gate.clear()
    task = asyncio.create_task(talk(terminal, "x"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    library.gate.set()
    assert "Article 1" in await talk(terminal, "y")  # nothing is left behind


async def test_a_terminal_that_knows_no_chinese_is_no_reason_to_stop(
    terminal: BotApplication,
) -> None:
    buffer = io.BytesIO()
    await converse(terminal, given(["显存"]), io.TextIOWrapper(buffer, encoding="ascii"))
    assert b"1. Article 1 <https://blog.example/1>" in buffer.getvalue()


async def test_it_insists_on_requests_that_stay_in_the_process(
    idle_application: BotApplication,
) -> None:
    with pytest.raises(TypeError, match="TerminalRequest"):
        await converse(idle_application, given([]), io.StringIO())


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("<b>x", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
        ("a < b", 'Can\'t parse entities: unsupported start tag "" at byte offset 2'),
        ("x" * 4097, "Message is too long"),
        ("&amp;" * 7000, "Text is too long"),
        ("<b> </b>", "Message text is empty"),
    ],
)
async def test_it_refuses_what_telegram_refuses(
    terminal: BotApplication, text: str, refusal: str
) -> None:
    async with terminal:
        with pytest.raises(BadRequest) as refused:
            await terminal.bot.send_message(2, text, parse_mode="HTML")
    assert str(refused.value).lower() == refusal.lower()


async def test_what_it_cannot_do_it_says(terminal: BotApplication) -> None:
    async with terminal:
        with pytest.raises(BadRequest, match="A terminal has no use for the method senddice"):
            await terminal.bot.send_dice(2)
        shown = await terminal.bot.edit_message_text("<i>x</i>", 2, 5, parse_mode="HTML")
    assert not isinstance(shown, bool)
    assert (shown.message_id, shown.text) == (5, "x")


async def test_its_responses_are_telegrams_to_the_field() -> None:
    judge = FakeTelegram()
    request = TerminalRequest()
    code, body = await request.do_request("https://x/bot1:t/getMe", "POST")
    assert code == 200
    judge._judge(json.loads(body)["result"], "User", "getMe")
    message = request._send_message({"chat_id": 2, "text": "<b>x</b>", "parse_mode": "HTML"})
    judge._judge(message, "Message", "sendMessage")
    assert judge.violations == []


SCRIPT = ("/start", "/help", "显存", "/ask", "/latest 20", "/latest x", "/nope", "C#<T> & _x_")


async def test_a_phone_and_a_terminal_are_told_the_same(
    terminal: BotApplication, person: Person, library: FakeLibrary
) -> None:
    """One script, through Telegram's requests and through the terminal's."""
    library.answer = answer(*[hit(excerpt="<&> 长 " * 1500) for _ in range(3)])
    by_phone = [sent.parsed for line in SCRIPT for sent in await person.says(line)]
    request = terminal.bot.request
    assert isinstance(request, TerminalRequest)
    shown = await talk(terminal, *SCRIPT)
    for parsed in by_phone:
        assert on_screen(parsed, colour=False) in shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("a<blockquote>b\n\nc</blockquote>d", "a\n│ b\n│\n│ c\nd"),
        ("<blockquote>b</blockquote>\n<blockquote expandable>c</blockquote>", "│ b\n\n│ c"),
        ('<a href="https://x.example/">x <b>y</b></a> z', "x y <https://x.example/> z"),
        ('<blockquote><a href="https://x.example/">x</a></blockquote>', "│ x <https://x.example/>"),
        ("😀<i>中</i><b>!</b>", "😀中!"),
        ("", ""),
    ],
)
def test_the_screen(html: str, shown: str) -> None:
    assert on_screen(parse_html(html), colour=False) == shown


async def test_lines_of_a_file(tmp_path: object) -> None:
    assert [line async for line in lines_of(io.StringIO("一\r\ntwo\n\nlast"))] == [
        "一",
        "two",
        "",
        "last",
    ]


async def test_lines_of_a_pipe_come_as_they_are_written() -> None:
    import os

    reading, writing = os.pipe()
    with open(reading, encoding="utf-8") as stream, open(writing, "wb", buffering=0) as pipe:  # noqa: ASYNC230
        lines = lines_of(stream)
        whole = "显存\n".encode()
        pipe.write(whole[:2])
        asyncio.get_running_loop().call_later(0.05, pipe.write, whole[2:])
        assert await anext(lines) == "显存"
        pipe.write(b"bad \xff byte\r\nno line break")
        pipe.close()
        assert [line async for line in lines] == ["bad \ufffd byte", "no line break"]


async def test_lines_can_be_given_up_while_nobody_types() -> None:
    import os

    reading, writing = os.pipe()
    with open(reading) as stream, open(writing, "wb"):  # noqa: ASYNC230
        lines = lines_of(stream)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(lines), 0.05)
        await lines.aclose()  # type: ignore[attr-defined]
