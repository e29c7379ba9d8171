"""Scripts in this folder, played: a name -> the transcript that comes of it, to be compared."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterator
from pathlib import Path

from retrieval.embedding import Embedder
from tests.conversations.drawing import SILENCE, drawn
from tests.conversations.script import Script, read_script
from tests.conversations.stage import Played, play
from tests.conversations.studio import Studio
from tests.telegram_server import telegram_server

__all__ = [
    "FOLDER",
    "Studio",
    "difference",
    "names",
    "path_of",
    "play",
    "script_of",
    "studio",
    "transcript",
]

FOLDER = Path(__file__).parent
#: Steps of people, after which it is worth saying that the bot did nothing.
_SPEAKING = frozenset(
    "says replies edits forwards sends presses opens types scrolls chooses adds promotes".split()
)


def names() -> list[str]:
    """The conversations that there are."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.txt"


def script_of(name: str) -> Script:
    """Raises `ScriptError`."""
    return read_script(path_of(name).read_text("utf-8"))


@contextlib.contextmanager
def studio(home: Path, embedder: Embedder) -> Iterator[Studio]:
    """`home` is an empty folder."""
    with telegram_server() as server:
        made = Studio(home, embedder, server)
        try:
            yield made
        finally:
            made.close()


def transcript(script: Script, played: Played) -> str:
    """The script with what the bot did woven in."""
    pieces = []
    for paragraph, events, room in zip(
        script.paragraphs, played.by_paragraph, played.rooms, strict=True
    ):
        pieces.append(paragraph.source)
        lines = drawn(events, room)
        if not lines and paragraph.step is not None and paragraph.step.verb in _SPEAKING:
            lines = [SILENCE]
        if lines:
            pieces.append("\n".join(lines))
    return "\n\n".join(pieces) + "\n"


def difference(name: str, written: str, said: str) -> str:
    """The lines that are no longer as they were written; empty where all are."""
    before, now = written.splitlines(True), said.splitlines(True)
    return "".join(difflib.unified_diff(before, now, f"{name}.txt", f"{name}.txt, now"))
