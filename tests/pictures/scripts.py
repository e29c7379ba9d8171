"""The conversations that are drawn, and where their pictures stand."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from tests.conversations.playing import path_of

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "pictures"
#: In the README's order.
NAMES = ("asking", "hearing", "sharing")


def conversation_of(name: str) -> str:
    """The name of its script among `tests.conversations`, which are tests themselves."""
    return f"picture_{name}"


def digest_of(name: str) -> str:
    """Of the conversation as it is written down: a picture keeps that of the one it shows."""
    return sha256(path_of(conversation_of(name)).read_bytes()).hexdigest()
