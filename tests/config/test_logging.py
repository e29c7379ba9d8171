"""What reaches the log, and what must never."""

import io
import logging
import re
import sys
import threading
import time
import warnings
from collections.abc import Iterator

import pytest

from config.logging import OWN, QUIET, RedactingFormatter, configure_logging

TOKEN = "987654321:AAE-secret_0123456789abcdefghijkLMNOP"
PROXY = "socks5://someone:hunter2hunter2@proxy.example:1080"
SECRET = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _logging_is_put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("", *OWN, *QUIET)]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield
    logging.captureWarnings(False)
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.fixture
def _in_shanghai() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    configure_logging("info", secrets=[SECRET, "", TOKEN], stream=stream)
    return stream


@pytest.mark.usefixtures("_in_shanghai")
def test_a_record_is_one_line_in_utc(log: io.StringIO) -> None:
    record = logging.makeLogRecord(
        {"name": "bot.ask", "levelname": "INFO", "msg": "ready", "created": 0.25, "msecs": 250}
    )
    assert RedactingFormatter().format(record) == "1970-01-01T00:00:00.250Z INFO bot.ask: ready"
    logging.getLogger("bot").info("Asked: %s", "新闻 \n2024-01-01 forged\x1b[31m\u2028")
    (line,) = log.getvalue().split("\n")[:-1]
    assert line.endswith("INFO bot: Asked: 新闻 \\n2024-01-01 forged\\x1b[31m\\u2028")


@pytest.mark.parametrize(
    ("message", "arguments", "told"),
    [
        (f"key {SECRET}", (), "key ***"),
        ("key %s", (SECRET,), "key ***"),
        ("key %(key)s", ({"key": SECRET},), "key ***"),
        ("%r", ([SECRET],), "['***']"),
        ("at %s", ("https://host/correct%20horse%20battery%20staple",), "at https://host/***"),
        ("%s", (f"https://api.telegram.org/bot{TOKEN}/getMe",), "org/bot***/getMe"),
        ("%s", ("https://api.telegram.org/bot12345:unknown-token_x/getMe",), "org/bot***/getMe"),
        ("%s", ("https://host/bot12345%3Aunknown-token_x/getMe",), "host/bot***/getMe"),
        ("token 123456789:" + "A" * 35, (), "token ***"),
        ("via %s", (PROXY,), "via socks5://***@proxy.example:1080"),
        ("%d", (SECRET,), "%d ('***',)"),
        ("%s %s", (SECRET,), "%s %s ('***',)"),
        ("at 12:30, http://localhost:8081/bot", (), "at 12:30, http://localhost:8081/bot"),
    ],
)
def test_secrets_in_messages(
    log: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    message: str,
    arguments: tuple[object, ...],
    told: str,
) -> None:
    # pytest's own handlers raise for a wrong format string.
    root = logging.getLogger()
    ours = [entry for entry in root.handlers if isinstance(entry.formatter, RedactingFormatter)]
    monkeypatch.setattr(root, "handlers", ours)
    logging.getLogger("telegram").info(message, *arguments)
    assert told in log.getvalue()
    assert_no_secret(log.getvalue())
    assert capsys.readouterr().err == ""


def test_secrets_in_tracebacks(log: io.StringIO) -> None:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise RuntimeError(f"bot{TOKEN}") from error
    except RuntimeError:
        logging.getLogger("bot").exception("Failed", stack_info=True)
    assert_no_secret(log.getvalue())
    assert "ValueError: ***" in log.getvalue()
    assert "RuntimeError: bot***" in log.getvalue()


def test_a_secret_that_begins_with_another_leaves_no_tail() -> None:
    record = logging.makeLogRecord({"msg": "alpha-beta, alpha"})
    told = RedactingFormatter(["alpha", "alpha-beta"]).format(record)
    assert told.endswith(": ***, ***")


def test_exceptions_that_nobody_caught(log: io.StringIO) -> None:
    error = ValueError(SECRET)
    sys.excepthook(ValueError, error, None)
    assert "CRITICAL config.logging: Uncaught exception.\nValueError: ***" in log.getvalue()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert log.getvalue().endswith("INFO config.logging: Interrupted.\n")


@pytest.mark.parametrize("error", [ValueError(SECRET), SystemExit(SECRET)])
def test_exceptions_that_nobody_caught_in_a_thread(log: io.StringIO, error: Exception) -> None:
    def fail() -> None:
        raise error

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert ("ValueError: ***" in log.getvalue()) is isinstance(error, ValueError)
    assert_no_secret(log.getvalue())


def test_python_warnings_are_logged(log: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        configure_logging("info", secrets=[SECRET], stream=log)
        warnings.warn(f"{SECRET} is old", DeprecationWarning, stacklevel=1)
    (line,) = log.getvalue().splitlines()
    assert re.search(r"WARNING py\.warnings: .*DeprecationWarning: \*\*\* is old", line)


@pytest.mark.parametrize(
    ("level", "own", "others", "quiet"),
    [
        ("debug", "DEBUG", "INFO", "WARNING"),
        ("info", "INFO", "INFO", "WARNING"),
        ("warning", "WARNING", "WARNING", "WARNING"),
        ("error", "ERROR", "ERROR", "ERROR"),
    ],
)
def test_who_is_heard_at_each_level(level: str, own: str, others: str, quiet: str) -> None:
    configure_logging("debug", stream=io.StringIO())
    configure_logging(level, stream=io.StringIO())
    for names, least in ((OWN, own), (["a_library"], others), (QUIET, quiet)):
        for name in names:
            assert logging.getLogger(f"{name}.part").getEffectiveLevel() == getattr(logging, least)


def test_httpx_does_not_tell_addresses(log: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST %s", "https://host/")
    assert log.getvalue() == ""


def test_configuring_again_replaces_the_stream(log: io.StringIO) -> None:
    again = io.StringIO()
    configure_logging("info", stream=again)
    logging.getLogger("bot").info("once")
    assert log.getvalue() == ""
    assert again.getvalue().count("once") == 1


def test_stderr_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", secrets=[SECRET])
    logging.getLogger("bot").info("hello %s", SECRET)
    assert capsys.readouterr().err.endswith("INFO bot: hello ***\n")


def test_a_stream_that_is_gone_tells_nothing(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    log.close()
    logging.getLogger("bot").info("hello %s", SECRET)
    assert capsys.readouterr().err == ""


def assert_no_secret(told: str) -> None:
    for secret in (SECRET, "battery", TOKEN, "AAE-secret", "unknown-token", "hunter2"):
        assert secret not in told
