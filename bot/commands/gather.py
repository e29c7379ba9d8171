"""`archive-bot gather`: take in what the sources hold, then bring the index up to date."""

from __future__ import annotations

import argparse
import logging
import sys

from bot.assembly import index_folder, opened_archive, owned_index
from bot.errors import UsageError
from bot.output import padded, print_json
from bot.progress import Shown, shown_progress
from bot.sources.assembly import gatherer_of
from config.settings import Settings
from retrieval.archive.intaking import IntakeReport
from retrieval.archive.opening import Archive
from retrieval.errors import IndexOwned
from retrieval.gathering import GatherReport
from retrieval.identity import columns
from retrieval.index.home import IndexHome

logger = logging.getLogger(__name__)

_COUNTED = ("new", "changed", "unchanged", "withdrawn", "failed")

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
        with gatherer_of(settings, archive, progress) as gatherer:
            report = gatherer.gather(force=arguments.force)
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
        with owned_index(settings, archive, "archive-bot gather", progress) as index:
            index.follower.catch_up(for_search=False)
    except IndexOwned:
        owner = IndexHome(index_folder(settings)).owner()
        if owner is not None and owner.command in _FOLLOWING:
            logger.info("%s has the index open and takes the changes in", owner)
        else:
            logger.info("another command has the index open; the next one takes the changes in")


def _print(report: GatherReport, *, as_json: bool) -> None:
    total = report.total()
    numbers = (total.new, total.changed, total.unchanged, total.withdrawn, len(report.failures))
    counts = dict(zip(_COUNTED, numbers, strict=True))
    if as_json:
        print_json(counts)
        return
    sys.stdout.write(_table(report))
    for one in report.sources:
        if one.failure is not None:
            sys.stdout.write(f"{one.source}: failed, nothing of it was changed\n")
        elif one.waits_until is not None:
            sys.stdout.write(
                f"{one.source}: its server asked to be left alone until"
                f" {one.waits_until:%Y-%m-%d %H:%M} UTC (--force asks all the same)\n"
            )
        elif one.cut is not None:
            sys.stdout.write(f"{one.source}: {one.cut}\n")


def _table(report: GatherReport) -> str:
    """One row a source, and their sum where there are several."""
    rows: list[tuple[str, ...]] = [("source", *_COUNTED, "seconds")]
    for one in report.sources:
        failed = len(GatherReport((one,)).failures)
        rows.append((one.source, *_counts(one.intake, failed), f"{one.seconds:.1f}"))
    if len(report.sources) > 1:
        counts = _counts(report.total(), len(report.failures))
        longest = max(one.seconds for one in report.sources)
        rows.append(("all", *counts, f"{longest:.1f}"))
    widths = [max(columns(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for first, *rest in rows:
        cells = [padded(first, widths[0])]
        cells.extend(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        lines.append("  ".join(cells) + "\n")
    return "".join(lines)


def _counts(intake: IntakeReport | None, failed: int) -> tuple[str, ...]:
    taken = intake or IntakeReport(0, 0, 0)
    counts = (taken.new, taken.changed, taken.unchanged, taken.withdrawn, failed)
    return tuple(str(count) for count in counts)
