"""`archive-bot source`: list, try, take out, import and export the sources of the settings."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.assembly import archive_file, opened_archive
from bot.errors import BotError, UsageError
from bot.output import iso, padded, print_json
from bot.sources.assembly import plain_fetch, reader_of
from bot.sources.file import read, with_entries, without_entry, write
from bot.sources.finding import addresses
from bot.sources.listed import (
    named,
    no_such_source,
    place_of,
    same_place,
    settings_file,
    shown_place,
    sources_in,
    warn_of_other_place,
)
from bot.sources.names import apart, host_of, sensible
from bot.sources.opml import LARGEST, ListedFeed, document_of, feeds_of
from bot.sources.output import print_trial, trial_fields
from bot.sources.trying import tried
from config.redaction import redaction
from config.settings import Settings
from config.sources import FeedSource, SitemapSource, Source
from retrieval.errors import SourceError
from retrieval.identity import columns


def list_(settings: Settings, arguments: argparse.Namespace) -> int:
    """Every source of the settings, with what the archive knows of it."""
    rows = [_row(settings, source) for source in settings.sources]
    if archive_file(settings).exists():
        with opened_archive(settings) as archive:
            states = {state.name: state for state in archive.fetches.states()}
        for row in rows:
            if (state := states.get(row["name"])) is not None:
                row |= {
                    "articles": state.articles,
                    "gathered_at": iso(state.gathered_at),
                    "failed_at": iso(state.failed_at),
                    "failure": state.failure,
                }
    if arguments.json:
        print_json({"sources": rows})
    elif not rows:
        sys.stdout.write("No source is listed: archive-bot source add URL adds one.\n")
    else:
        sys.stdout.write(_table(rows))
    return 0


def test(settings: Settings, arguments: argparse.Namespace) -> int:
    """One source read for real; nothing is kept."""
    source = named(settings, arguments.name)
    follows = bool(getattr(source, "follow", isinstance(source, SitemapSource)))
    began, failure, trial = time.monotonic(), None, None
    try:
        with plain_fetch(settings, source) as fetch:
            trial = tried(reader_of(source), fetch, follows=follows)
    except SourceError as error:
        failure = error
    if arguments.json:
        facts: dict[str, Any] = {
            "name": source.name,
            "kind": source.kind,
            "where": shown_place(source),
            "failure": str(failure) if failure else None,
            "seconds": round(time.monotonic() - began, 3),
        }
        print_json(facts | (trial_fields(trial) if trial else {}))
    elif trial is not None:
        sys.stdout.write(f"{source.name}: {source.kind}, {shown_place(source)}\n")
        print_trial(trial)
    if failure is not None:
        raise failure
    return 0


def remove(settings: Settings, arguments: argparse.Namespace) -> int:
    """One source taken out of the file."""
    file = settings_file(settings)
    listed = sources_in(file)
    wanted = arguments.name.strip().casefold()
    position = next((n for n, one in enumerate(listed) if one.name.casefold() == wanted), None)
    if position is None:
        raise UsageError(f"in {file}, {no_such_source(arguments.name, listed)}")
    write(file, without_entry(read(file), position))
    sys.stdout.write(
        f"{listed[position].name} was taken out of {file}; its articles stay in the archive\n"
    )
    warn_of_other_place(settings, file)
    return 0


def import_(settings: Settings, arguments: argparse.Namespace) -> int:
    """The feeds of an OPML document, added to the file without being fetched."""
    file = settings_file(settings)
    listed = list(sources_in(file))
    entries: list[dict[str, Any]] = []
    known = 0
    for feed in feeds_of(_document(arguments.file), arguments.file):
        url = next(iter(addresses(feed.url)), feed.url)
        if any(same_place(place_of(one), url) for one in listed):
            known += 1
            continue
        name = apart(sensible(feed.title, host_of(url)), [one.name for one in listed])
        entry = {"kind": "feed", "name": name, "url": url}
        try:
            listed.append(FeedSource.model_validate(entry))
        except ValidationError:
            hidden = redaction()(feed.url)
            sys.stderr.write(f"archive-bot: {hidden} was left out: it is no http address\n")
            continue
        entries.append(entry)
    if entries:
        write(file, with_entries(read(file), entries))
    sys.stdout.write(f"{_feeds(len(entries))} added to {file}, {known} known already\n")
    warn_of_other_place(settings, file)
    return 0


def export(settings: Settings, arguments: argparse.Namespace) -> int:
    """The feeds of the settings as an OPML document."""
    feeds = [one for one in settings.sources if isinstance(one, FeedSource)]
    document = document_of(ListedFeed(feed.url, feed.name) for feed in feeds)
    if arguments.file in (None, "-"):
        sys.stdout.write(document)
        return 0
    try:
        Path(arguments.file).write_text(document, encoding="utf-8")
    except OSError as error:
        raise BotError(f"{arguments.file} cannot be written: {error.strerror}") from error
    sys.stdout.write(f"{_feeds(len(feeds))} written to {arguments.file}\n")
    return 0


def _feeds(count: int) -> str:
    return "1 feed" if count == 1 else f"{count} feeds"


def _document(name: str) -> bytes:
    if name == "-":
        stream = getattr(sys.stdin, "buffer", None)
        return stream.read(LARGEST + 1) if stream else sys.stdin.read().encode()
    try:
        with open(name, "rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from error


def _row(settings: Settings, source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind,
        "where": shown_place(source),
        "interval": source.interval or settings.gather.interval,
        "articles": None,
        "gathered_at": None,
        "failed_at": None,
        "failure": None,
    }


def _table(rows: list[dict[str, Any]]) -> str:
    wide = {key: max(columns(row[key]) for row in rows) for key in ("name", "kind", "where")}
    lines = []
    for row in rows:
        cells = [padded(row[key], width) for key, width in wide.items()]
        state = "never gathered"
        if row["gathered_at"]:
            articles = row["articles"]
            state = (
                f"{articles} article{'' if articles == 1 else 's'}, gathered {row['gathered_at']}"
            )
        lines.append("  ".join([*cells, f"every {row['interval']:g} s", state]))
        if row["failure"]:
            lines.append(f"    failed {row['failed_at']}: {row['failure']}")
    return "\n".join(lines) + "\n"
