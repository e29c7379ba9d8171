"""`python -m tests.pictures [--html] [NAME ...]`: draws the README's pictures anew."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from retrieval.embedding import SentenceEmbedder
from tests.conversations.playing import path_of, play, script_of, studio, transcript
from tests.pictures.drawing import THEMES, Page, page
from tests.pictures.photographing import Photographer, PhotographError
from tests.pictures.scripts import FOLDER, NAMES, ROOT, conversation_of, digest_of
from tests.pictures.stamping import stamped


def main() -> int:
    """0 where all are drawn, 1 where there is nothing to draw them with."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; else all")
    parser.add_argument("--html", action="store_true", help="write the pages, and no pictures")
    chosen = parser.parse_args()
    try:
        photographer = None if chosen.html else Photographer.found()
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, drawn in pages(chosen.names or NAMES):
            for theme in THEMES:
                file = FOLDER / f"{name}-{theme}.png"
                if photographer is None:
                    file = file.with_suffix(".html")
                    file.write_text(drawn.html(theme), "utf-8")
                else:
                    photographer.take(drawn.html(theme), file)
                    file.write_bytes(stamped(file.read_bytes(), digest_of(name)))
                print(f"{file.relative_to(ROOT)}: {file.stat().st_size} bytes")
    except PhotographError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def pages(names: Sequence[str]) -> Iterator[tuple[str, Page]]:
    """Each name, and what a phone shows when the bot has played it; it is written down as well."""
    with tempfile.TemporaryDirectory() as home, studio(Path(home), SentenceEmbedder()) as place:
        for name in names:
            conversation = conversation_of(name)
            script = script_of(conversation)
            played = play(script, place, "polling")
            path_of(conversation).write_text(transcript(script, played), "utf-8")
            yield name, page(script, played.record)


if __name__ == "__main__":
    sys.exit(main())
