"""The log: one line a record on stderr, in UTC, with no secret in it.

record -> RedactingFormatter -> stderr
"""

import logging
import re
import sys
import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO

from config.redaction import redaction

OWN = ("bot", "retrieval", "config")

# Each tells much that only its own developers want; httpx even tells every address, and those of
# Telegram hold the token.
QUIET = (
    "alembic",
    "apscheduler",
    "asyncio",
    "chromadb",
    "hpack",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "huggingface_hub",
    "pydantic_settings",
    "sentence_transformers",
    "telegram.ext.Updater",
    "telegram.ext.ExtBot",
    # Interrupted while it is imported, it tells what its caches held.
    "torch",
    "transformers",
    "urllib3",
)

# The first logs a traceback and the whole of what it got for every unreadable response, then raises
# what its caller already handles; the others warn of every page that holds no article or no date.
MUTED = ("telegram.request.BaseRequest", "trafilatura", "htmldate", "courlan")

# Control characters, line and paragraph ends, and the surrogates that no stream can encode.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_log = logging.getLogger(__name__)


class RedactingFormatter(logging.Formatter):
    """Formats a record on one line, with `***` for secrets; a traceback follows on its own lines.

    The whole text is redacted at the end, so it does not matter whether a secret came with the
    message, an argument or an exception.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redact = redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        try:
            text = super().format(record)
        except Exception as error:
            # A wrong format string. Left alone, logging prints the raw arguments to stderr.
            record = logging.makeLogRecord(
                {**record.__dict__, "msg": f"{record.msg} {record.args!r} ({error})", "args": ()}
            )
            text = super().format(record)
        return self._redact(text)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        # People's questions get logged: a line end in one must not pass for a record of its own.
        line = super().formatMessage(record)
        return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], line)


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Says nothing: the stream is gone, and the default would print the raw arguments."""


def configure_logging(
    level: str = "info", *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Sends all records to `stream` (stderr by default); calling it again replaces that.

    `level` is debug, info, warning or error. At debug only our own packages tell more: what
    libraries tell then is theirs to read. Exceptions that nobody caught go to the log too, since
    Python would print them unredacted.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    handler = _Handler(sys.stderr if stream is None else stream)
    handler.setFormatter(RedactingFormatter(secrets))
    root = logging.getLogger()
    for earlier in [entry for entry in root.handlers if isinstance(entry, _Handler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(max(number, logging.INFO))
    for name in OWN:
        logging.getLogger(name).setLevel(number)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    for name in MUTED:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        _log.info("Interrupted.")
    else:
        _log.critical("Uncaught exception.", exc_info=(kind, error, traceback))


def _uncaught_in_thread(thrown: threading.ExceptHookArgs) -> None:
    if thrown.exc_value is not None and thrown.exc_type is not SystemExit:
        _uncaught(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)
