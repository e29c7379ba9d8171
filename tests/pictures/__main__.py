"""`python -m tests.pictures [--html] [NAME ...]`: draws the README's pictures anew."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from retrieval.embedding import SentenceEmbedder
from tests.conversations.playing import play, studio
from tests.pictures.drawing import THEMES, Page, page
from tests.pictures.photographing import Photographer, PhotographError
from tests.pictures.scripts import FOLDER, ROOT, names, script_of


def main() -> int:
    """0 where all are drawn, 1 where there is nothing to draw them with."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as asking; else all")
    parser.add_argument("--html", action="store_true", help="write the pages, and no pictures")
    chosen = parser.parse_args()
    try:
        photographer = None if chosen.html else Photographer.found()
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, drawn in pages(chosen.names or names()):
            for theme in THEMES:
                file = FOLDER / f"{name}-{theme}.png"
                if photographer is None:
                    file = file.with_suffix(".html")
                    file.write_text(drawn.html(theme), "utf-8")
                else:
                    photographer.take(drawn.html(theme), file)
                print(f"{file.relative_to(ROOT)}: {file.stat().st_size} bytes")
    except PhotographError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def pages(chosen: list[str]) -> Iterator[tuple[str, Page]]:
    """Each conversation's name, and what a phone shows of it when the bot has played it."""
    with tempfile.TemporaryDirectory() as home, studio(Path(home), SentenceEmbedder()) as place:
        for name in chosen:
            script = script_of(name)
            yield name, page(script, play(script, place, "polling").record)


if __name__ == "__main__":
    sys.exit(main())
