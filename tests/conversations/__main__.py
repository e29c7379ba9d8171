"""`python -m tests.conversations [--write] [NAME ...]`: compares transcripts, or writes them anew."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from retrieval.embedding import SentenceEmbedder
from tests.conversations.playing import (
    difference,
    names,
    path_of,
    play,
    script_of,
    studio,
    transcript,
)


def main() -> int:
    """0 where all transcripts are as they were."""
    parser = argparse.ArgumentParser(prog="python -m tests.conversations", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as first_contact; else all")
    parser.add_argument("--write", action="store_true", help="write what the bot does now")
    parser.add_argument("--webhook", action="store_true", help="over a webhook, not polling")
    chosen = parser.parse_args()
    differ = False
    with tempfile.TemporaryDirectory() as home, studio(Path(home), SentenceEmbedder()) as place:
        for name in chosen.names or names():
            script = script_of(name)
            played = play(script, place, "webhook" if chosen.webhook else "polling")
            now, before = transcript(script, played), path_of(name).read_text("utf-8")
            differ |= now != before
            sys.stdout.write(difference(name, before, now))
            if chosen.write:
                path_of(name).write_text(now, "utf-8")
    return int(differ and not chosen.write)


if __name__ == "__main__":
    sys.exit(main())
