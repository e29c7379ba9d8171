"""The folder an index lives in: who owns it, which generation is current, what that remembers.

    owner.lock, owner.json     held by the one process that has the index open
    current                    the name of the generation in use
    000001/state.json          what the generation was made with, and how far it followed
    000001/vectors/            Chroma
    000001/words/              tantivy

A generation is built completely beside the current one, then `current` is replaced at one stroke.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock

from retrieval.errors import IndexDamaged, IndexingError, IndexOwned
from retrieval.index import tokens

#: Seconds to try for the lock: `owner` holds it for an instant to see whether anyone does.
_GRACE = 0.3
#: Files of the folder itself that are replaced at one stroke.
_REPLACED = ("owner.json", "current")
#: What a generation of another format cannot be read as.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that has the index open."""

    command: str
    pid: int
    host: str
    since: datetime

    def __str__(self) -> str:
        return f"`{self.command}` (process {self.pid} on {self.host}, since {self.since:%F %T} UTC)"


@dataclass(frozen=True, slots=True)
class State:
    """What a generation remembers of itself.

    `cursor` is the last change that it holds; `passages` how many it holds; `writing` that it was
    being written; `files` the sizes of Chroma's files after the last write.
    """

    archive: str
    embedder_id: int
    model: str
    dimension: int
    query_prompt: str
    passage_prompt: str
    cursor: int = 0
    passages: int = 0
    writing: bool = False
    files: tuple[tuple[str, int], ...] = ()
    tokens: str = tokens.VERSION
    format: int = FORMAT


#: What each part of a stored state must be, but for its files.
_KINDS = {
    "archive": str,
    "embedder_id": int,
    "model": str,
    "dimension": int,
    "query_prompt": str,
    "passage_prompt": str,
    "cursor": int,
    "passages": int,
    "writing": bool,
    "tokens": str,
}


class Generation:
    """One built index on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vectors = folder / "vectors"
        self.words = folder / "words"
        self._state = folder / "state.json"

    def load(self) -> State:
        """Read what it remembers. Raises `IndexDamaged`."""
        try:
            raw: dict[str, Any] = dict(json.loads(self._state.read_text(encoding="utf-8")))
            if raw.get("format") != FORMAT:
                raise IndexDamaged("is of another release's format")
            files = tuple((str(name), int(size)) for name, size in raw.pop("files"))
            for name, kind in _KINDS.items():
                if type(raw.get(name)) is not kind:
                    raise TypeError(f"{name} is {raw.get(name)!r}")
            return State(files=files, **raw)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"has lost its state.json ({error})") from error

    def save(self, state: State) -> None:
        """Write what it remembers, at one stroke."""
        _replace(self._state, json.dumps(asdict(state), indent=1))

    def files(self) -> tuple[tuple[str, int], ...]:
        """Names and sizes of Chroma's files, without SQLite's passing ones."""
        return tuple(
            sorted(
                (str(file.relative_to(self.vectors)), file.stat().st_size)
                for file in self.vectors.rglob("*")
                if file.is_file() and not file.name.endswith(("-wal", "-shm", "-journal"))
            )
        )


class IndexHome:
    """The index folder. Reading `owner` and `peek` needs no lock, all else does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Taken while loading in the background, given back by whichever thread stops.
        self._lock = filelock.FileLock(folder / "owner.lock", thread_local=False)
        self._owner, self._current = (folder / name for name in _REPLACED)

    def acquire(self, command: str) -> None:
        """Become the owner, at once or not at all. Raises `IndexOwned`, naming the owner."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=_GRACE, poll_interval=0.05)
            me = Owner(command, os.getpid(), socket.gethostname(), datetime.now(UTC))
            _replace(self._owner, json.dumps({**asdict(me), "since": me.since.isoformat()}))
        except filelock.Timeout as error:
            owner = self._read_owner()
            raise IndexOwned(
                f"the index in {self.folder} belongs to {owner or 'another process'}; one process"
                " at a time may open it. Stop that one first, or ask there: gather, latest and"
                " status work beside it"
            ) from error
        except OSError as error:
            self._lock.release()
            reason = f"the index folder {self.folder} cannot be used: {error}"
            raise IndexingError(reason) from error

    def release(self) -> None:
        """Stop being the owner."""
        if self._lock.is_locked:
            self._owner.unlink(missing_ok=True)
            self._lock.release()

    def owner(self) -> Owner | None:
        """Who has the index open now, if anyone."""
        if not self.folder.is_dir():
            return None
        probe = filelock.FileLock(self.folder / "owner.lock")
        with contextlib.suppress(filelock.Timeout, OSError):
            probe.acquire(timeout=0)
            probe.release()
            return None
        return self._read_owner()

    def _read_owner(self) -> Owner | None:
        try:
            raw = json.loads(self._owner.read_text(encoding="utf-8"))
            return Owner(**{**raw, "since": datetime.fromisoformat(raw["since"])})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def current(self) -> Generation | None:
        """The generation in use, None before the first is built."""
        try:
            name = self._current.read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return None
        generation = Generation(self.folder / name)
        return generation if name.isdecimal() and generation.folder.is_dir() else None

    def peek(self) -> State | None:
        """What the current generation remembers, for those that only look."""
        generation = self.current()
        with contextlib.suppress(IndexDamaged):
            return generation.load() if generation else None
        return None

    def begin(self) -> Generation:
        """A new, empty generation beside the current one; leftovers of earlier tries go."""
        self._sweep()
        numbers = [int(path.name) for path in self.folder.iterdir() if path.name.isdecimal()]
        folder = self.folder / f"{max(numbers, default=0) + 1:06}"
        folder.mkdir(parents=True)
        return Generation(folder)

    def adopt(self, generation: Generation) -> None:
        """Make a completely built generation the current one and delete the others."""
        _replace(self._current, generation.folder.name)
        self._sweep()

    def _sweep(self) -> None:
        current = self.current()
        for path in self.folder.iterdir():
            if path.name.isdecimal() and (current is None or path != current.folder):
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".tmp" and path.name.startswith(_REPLACED):
                path.unlink(missing_ok=True)


def settled(state: State, generation: Generation, *, cursor: int, passages: int) -> State:
    """The state after a write that completed."""
    return replace(state, cursor=cursor, passages=passages, writing=False, files=generation.files())


def _replace(path: Path, text: str) -> None:
    """Write a file so that it holds either the old text or the new, also after a power cut."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with scratch.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
