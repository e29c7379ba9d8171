"""The bot as it is started, killed and started again over one folder; what its databases hold."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.campaign.stock import REAL
from tests.command import ROOT
from tests.telegram_server import TOKEN


class Home:
    """A folder with the bot's settings and data, and the processes that use it."""

    def __init__(self, folder: Path, telegram: str, config: str, code: str = REAL) -> None:
        folder = folder.absolute()
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log.txt"
        self._telegram = telegram
        self._code = code
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "archive-bot.toml").write_text(f'data_dir = "data"\n{config}', encoding="utf-8")

    def start(self) -> None:
        """Start the bot; what it logs is added to the log of those before it."""
        with self.log.open("ab") as log:
            self._process = self._run("run", "--base-url", self._telegram, out=log.fileno())

    @property
    def lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL, to it and whatever it has started."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self, seconds: float = 30) -> int | None:
        """SIGTERM; the status it ends with, None if it does not."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def say(self, *arguments: str) -> str:
        """Run another command beside it, or after it; what it prints."""
        process = self._run(*arguments, out=subprocess.PIPE)
        try:
            out, _ = process.communicate(timeout=120)
        finally:
            process.kill()
        assert process.returncode == 0, (arguments, out)
        return out.decode()

    def _run(self, *arguments: str, out: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", self._code, "--config", "archive-bot.toml", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "ARCHIVE_BOT_TELEGRAM__TOKEN": TOKEN},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL if out == subprocess.PIPE else out,
            process_group=0,  # from its very beginning: it may be killed at once
        )

    def articles(self) -> int:
        """How many the archive holds, asked beside a process that lives."""
        return self._count("archive.sqlite3", "articles")

    def subscriptions(self) -> int:
        """How many the ledger holds, asked in the same way."""
        return self._count("ledger.sqlite3", "ledger_subscriptions")

    def asleep(self) -> list[tuple[int, str]]:
        """The chats that the bot takes for gone, with their kinds."""
        query = "SELECT DISTINCT chat_id, kind FROM ledger_places WHERE asleep IS NOT NULL"
        with self._opened("ledger.sqlite3") as ledger:
            return [(int(chat), str(kind)) for chat, kind in ledger.execute(query)]

    def states(self) -> dict[str, int]:
        """How many deliveries there are in each state, and how far behind the notifier is.

        `edits` are notices that are to be edited yet, where they can be.
        """
        with self._opened("archive.sqlite3") as archive:
            (end,) = archive.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()
        with self._opened("ledger.sqlite3") as ledger:
            found = dict(
                ledger.execute("SELECT state, count(*) FROM ledger_deliveries GROUP BY state")
            )
            (least,) = ledger.execute("SELECT min(cursor) FROM ledger_cursors").fetchone()
            (edits,) = ledger.execute(
                "SELECT count(*) FROM ledger_deliveries JOIN ledger_places"
                " ON ledger_places.id = place_id"
                " WHERE edit_at IS NOT NULL AND asleep IS NULL AND NOT paused"
            ).fetchone()
        return {**found, "edits": edits, "behind": end - (least or 0)}

    def unsent(self) -> list[tuple[object, ...]]:
        """What is not sent yet, by place: chat, topic, state, how many, when due, what holds it."""
        with self._opened("ledger.sqlite3") as ledger:
            return ledger.execute(
                "SELECT chat_id, topic, state, count(*), min(due_at), asleep, quiet_from, rhythm"
                " FROM ledger_deliveries JOIN ledger_places ON ledger_places.id = place_id"
                " WHERE state IN ('waiting', 'sending') GROUP BY place_id, state"
            ).fetchall()

    def rows(self) -> list[tuple[int, int, str, str]]:
        """Chat, topic, link and state of every delivery; read from a process that is dead."""
        with self._copied() as ledger:
            return ledger.execute(
                "SELECT chat_id, topic, link, state FROM ledger_deliveries"
                " JOIN ledger_places ON ledger_places.id = place_id"
                " JOIN archive.articles ON archive.articles.id = article_id"
                " ORDER BY ledger_deliveries.id"
            ).fetchall()

    def _count(self, name: str, table: str) -> int:
        try:
            with self._opened(name) as connection:
                return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        except sqlite3.Error:  # not there yet
            return 0

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[sqlite3.Connection]:
        address = f"{(self.data / name).as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
            yield connection

    @contextlib.contextmanager
    def _copied(self) -> Iterator[sqlite3.Connection]:
        """The ledger, with the archive beside it, as death left them: nothing of them is touched."""
        with tempfile.TemporaryDirectory() as scratch:
            for name in ("archive.sqlite3", "ledger.sqlite3"):
                for file in (name, f"{name}-wal"):
                    with contextlib.suppress(FileNotFoundError):
                        shutil.copyfile(self.data / file, Path(scratch, file))
            with contextlib.closing(sqlite3.connect(Path(scratch, "ledger.sqlite3"))) as ledger:
                archive = str(Path(scratch, "archive.sqlite3"))
                ledger.execute("ATTACH DATABASE ? AS archive", (archive,))
                yield ledger
