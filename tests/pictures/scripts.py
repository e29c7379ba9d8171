"""The conversations that are drawn, and where their pictures stand."""

from __future__ import annotations

from pathlib import Path

from tests.conversations.script import Script, read_script

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "pictures"
_SCRIPTS = Path(__file__).parent


def names() -> list[str]:
    """In the README's order."""
    return ["asking", "hearing", "sharing"]


def script_of(name: str) -> Script:
    """Raises `tests.conversations.script.ScriptError`."""
    return read_script((_SCRIPTS / f"{name}.txt").read_text("utf-8"))
