"""`archive-bot gather`: take in what the sources hold, then bring the index up to date."""

from __future__ import annotations

import argparse
import logging
import sys

from bot.assembly import gatherer_of, index_folder, opened_archive, owned_index
from bot.errors import UsageError
from bot.output import print_json
from bot.progress import Shown, shown_progress
from config.settings import Settings
from retrieval.archive.opening import Archive
from retrieval.errors import IndexOwned
from retrieval.gathering import GatherReport
from retrieval.index.home import IndexHome

logger = logging.getLogger(__name__)

#: Owners of the index that follow the archive for as long as they live.
_FOLLOWING = ("archive-bot run", "archive-bot chat")


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    if not settings.sources:
        where = settings.config_file or "archive-bot.toml"
        raise UsageError(
            f"there is no source to gather: list one as [[sources]] in {where}, with kind, name"
            " and what the kind needs (the README shows how), or name another file with --config"
        )
    with opened_archive(settings) as archive, shown_progress() as progress:
        report = gatherer_of(settings, archive, progress).gather()
        _follow(settings, archive, progress)
    for problem in report.failures:
        sys.stderr.write(f"archive-bot: {problem}\n")
    _print(report, as_json=arguments.json)
    return 1 if report.failures else 0


def _follow(settings: Settings, archive: Archive, progress: Shown) -> None:
    """Bring the index up to date, unless it belongs to a process that does so itself."""
    if archive.changes.end() == 0:
        return
    try:
        with owned_index(settings, archive, "archive-bot gather", progress) as (follower, _):
            follower.catch_up(for_search=False)
    except IndexOwned:
        owner = IndexHome(index_folder(settings)).owner()
        if owner is not None and owner.command in _FOLLOWING:
            logger.info("%s has the index open and takes the changes in", owner)
        else:
            logger.info("another command has the index open; the next one takes the changes in")


def _print(report: GatherReport, *, as_json: bool) -> None:
    total = report.total()
    counts = {
        "new": total.new,
        "changed": total.changed,
        "unchanged": total.unchanged,
        "withdrawn": total.withdrawn,
        "failed": len(report.failures),
    }
    if as_json:
        print_json(counts)
        return
    for one in report.sources:
        if one.intake is None:
            sys.stdout.write(f"{one.source}: failed, nothing of it was changed\n")
        else:
            sys.stdout.write(
                f"{one.source}: {one.intake.new} new, {one.intake.changed} changed,"
                f" {one.intake.unchanged} unchanged\n"
            )
