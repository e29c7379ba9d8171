"""What a data folder holds, read from outside: beside a process that lives, or after its death."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.index.home import IndexHome, State
from tests.command import Desk

#: Leads a group of its own, so that whatever it starts is killed with it.
REAL = "import os, sys; os.setpgid(0, 0); from bot.cli import main; sys.exit(main())"
#: The same, but for a model that needs no time to load.
QUICK = "import os; os.setpgid(0, 0); from tests.campaign.quick import main; main()"


@dataclass(frozen=True)
class Committed:
    """What a data folder's archive holds, read from a copy: nothing of it is touched."""

    texts: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, list[str]] = field(default_factory=dict)
    readings: int = 0
    vectors: int = 0
    end: int = 0
    faults: tuple[str, ...] = ()


def committed(data: Path) -> Committed:
    """Read the archive of a process that is dead."""
    file = data / "archive.sqlite3"
    if not file.exists():
        return Committed()
    with tempfile.TemporaryDirectory() as scratch:
        for name in (file.name, f"{file.name}-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(data / name, Path(scratch, name))
        with contextlib.closing(sqlite3.connect(Path(scratch, file.name))) as connection:
            if not _has_tables(connection):
                return Committed()
            return _read(connection)


def _has_tables(connection: sqlite3.Connection) -> bool:
    query = "SELECT count(*) FROM sqlite_master WHERE name IN ('articles', 'sources', 'vectors')"
    return bool(connection.execute(query).fetchone()[0] == 3)


def _read(connection: sqlite3.Connection) -> Committed:
    (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
    faults = [] if sound == "ok" else [f"the database is damaged: {sound}"]
    faults += [
        f"{row} breaks a reference" for row in connection.execute("PRAGMA foreign_key_check")
    ]
    texts: dict[str, str] = {}
    for link, text in connection.execute("SELECT link, text FROM articles"):
        if link in texts:
            faults.append(f"{link} is in the archive twice")
        texts[link] = text
    kinds: dict[str, list[str]] = {link: [] for link in texts}
    log = "SELECT link, kind FROM changes JOIN articles ON articles.id = article_id ORDER BY seq"
    for link, kind in connection.execute(log):
        kinds[link].append(kind)
    one = "SELECT coalesce(max({0}), 0) FROM {1}"
    return Committed(
        texts=texts,
        kinds=kinds,
        readings=connection.execute(one.format("readings", "sources")).fetchone()[0],
        vectors=connection.execute("SELECT count(*) FROM vectors").fetchone()[0],
        end=connection.execute(one.format("seq", "changes")).fetchone()[0],
        faults=tuple(faults),
    )


class Folder:
    """A data folder that gathers one feed, in processes of its own."""

    def __init__(self, folder: Path, address: str, code: str = REAL) -> None:
        self.desk = Desk(folder, folder / "pages")
        self._code = code
        self.data = folder / "data"
        self.index = self.data / "index"
        self.desk.config.write_text(
            f'data_dir = "data"\n[fetch]\nallow_private = true\npause = 0\nlargest = 64\n'
            f'[[sources]]\nkind = "feed"\nname = "blog"\nurl = "{address}"\n',
            encoding="utf-8",
        )

    def gather(self) -> subprocess.Popen[str]:
        return self.desk.start("gather", "--json", code=self._code)

    def readings(self) -> int:
        """How many readings are committed, asked beside a process that lives."""
        file = self.data / "archive.sqlite3"
        try:
            with contextlib.closing(
                sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=0.05)
            ) as connection:
                row = connection.execute("SELECT max(readings) FROM sources").fetchone()
                return int(row[0] or 0)
        except sqlite3.Error:
            return 0

    def unfinished(self) -> frozenset[tuple[str, int]]:
        """The generations beside the one in use, each with when it was touched last."""
        current = IndexHome(self.index).current()
        found = set()
        with contextlib.suppress(FileNotFoundError):
            for path in self.index.iterdir():
                if path.name.isdecimal() and (current is None or path != current.folder):
                    with contextlib.suppress(FileNotFoundError):
                        found.add((path.name, path.stat().st_ctime_ns))
        return frozenset(found)

    def state(self) -> State | None:
        return IndexHome(self.index).peek()

    def is_writing(self) -> bool:
        state = self.state()
        return state is not None and state.writing
