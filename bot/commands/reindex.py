"""`archive-bot reindex`: build the index anew."""

from __future__ import annotations

import argparse
import sys

from bot.assembly import opened_archive, owned_index
from bot.progress import shown_progress
from config.settings import Settings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    with (
        opened_archive(settings) as archive,
        shown_progress() as progress,
        owned_index(settings, archive, "archive-bot reindex", progress) as index,
    ):
        if arguments.embed:
            archive.vectors.tidy(keep=[])
        index.follower.rebuild("it was asked for")
        passages = index.follower.passages
    sys.stdout.write(f"{passages} excerpts indexed\n")
    return 0
