"""The command line as a person uses it: in this process, or as one of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.cli import main

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Desk:
    """A folder with archive-bot.toml in it, and commands that use it."""

    folder: Path
    pages: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write_config()

    @property
    def config(self) -> Path:
        return self.folder / "archive-bot.toml"

    def write_config(self, *more: str) -> None:
        lines = [
            'data_dir = "data"',
            *more,
            "[[sources]]",
            'kind = "snapshots"',
            'name = "pages"',
            f"folder = {str(self.pages)!r}",
            'page_url = "https://example.org/blog"',
        ]
        self.config.write_text("\n".join(lines), encoding="utf-8")

    def run(self, *arguments: str, stdin: str = "") -> Done:
        """In this process: the models' libraries are imported once."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), _stdin(stdin):
            try:
                status = main(["--config", str(self.config), *arguments])
            except SystemExit as exit_:
                status = int(exit_.code or 0)
        return Done(status, out.getvalue(), err.getvalue())

    def start(
        self, *arguments: str, code: str | None = None, **environ: str
    ) -> subprocess.Popen[str]:
        """As a process of its own; `code` is run instead of the command, with its arguments."""
        program = ["-m", "bot"] if code is None else ["-c", code]
        return subprocess.Popen(
            [sys.executable, *program, "--config", str(self.config), *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # A shell that runs the tests in the background lets its children ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def finish(self, process: subprocess.Popen[str], stdin: str = "", timeout: float = 240) -> Done:
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        finally:
            process.kill()
        return Done(process.returncode, out, err)


@contextmanager
def _stdin(text: str) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
