"""`archive-bot source add`: find out what something is, try it, show it, write it down."""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.errors import BotError, UsageError
from bot.sources.assembly import reader_of, web_of
from bot.sources.file import entry_text, read, with_entries, write
from bot.sources.finding import Candidate, addresses, on_disk, on_the_web
from bot.sources.listed import (
    place_of,
    same_place,
    settings_file,
    sources_in,
    warn_of_other_place,
)
from bot.sources.names import apart, host_of, sensible
from bot.sources.output import print_trial
from bot.sources.trying import Trial, remembering, tried
from config.redaction import redaction
from config.settings import Settings
from config.sources import FeedSource, Source, SourceSettings, WebSource, source_kinds
from retrieval.errors import FetchError, SourceError
from retrieval.sources.reading import Fetch, Page, no_fetch

logger = logging.getLogger(__name__)

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class _Found:
    """A source that reads, as it will stand in the file."""

    entry: dict[str, Any]
    trial: Trial


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    file = settings_file(settings)
    search = _Search(settings, arguments, file, sources_in(file))
    found = search.found()
    if found is None:
        tries = "".join(f"\n- {failure}" for failure in search.failures)
        raise BotError(f"nothing was added: {_hidden(arguments.place)} cannot be read{tries}")
    text = entry_text([found.entry])
    sys.stdout.write(f"{_hidden(text)}\n")
    print_trial(found.trial)
    if not arguments.yes and not _agreed(file):
        sys.stdout.write("nothing was written\n")
        return 0
    write(file, with_entries(read(file), [found.entry]))
    sys.stdout.write(f"added to {file}; archive-bot gather takes its articles in\n")
    warn_of_other_place(settings, file)
    return 0


@dataclass
class _Search:
    """Looks for a source that reads; `failures` are what was tried and what each said."""

    settings: Settings
    arguments: argparse.Namespace
    file: Path
    known: tuple[Source, ...]
    failures: list[str] = field(default_factory=list)

    def found(self) -> _Found | None:
        """The first that reads. Raises `UsageError` for what can be none or is one already."""
        given, kind = self.arguments.place.strip(), self.arguments.kind
        on_web = kind is None or issubclass(source_kinds()[kind], WebSource)
        off_web = kind is None or not issubclass(source_kinds()[kind], WebSource)
        path, urls = Path(given).expanduser(), addresses(given)
        if off_web and given and not _SCHEME.match(given) and path.exists():
            return self._on_disk(path)
        if on_web and urls:
            return self._on_the_web(urls)
        if given and (urls or path.exists()):
            raise UsageError(f"{_hidden(given)} can be no source of kind {kind}")
        raise UsageError(
            f"{_hidden(given)} is neither an http address nor a file or folder that is here"
        )

    def _on_the_web(self, urls: Iterable[str]) -> _Found | None:
        web = web_of(self.settings, self._probe(next(iter(urls))))
        assert web is not None
        with closing(web):
            fetch = remembering(web)
            for url in urls:
                self._refuse_known(url)
                logger.info("looking at %s", _hidden(url))
                try:
                    page = fetch(url, crawled=False)
                except FetchError as error:
                    self.failures.append(self._hinted(error))
                    logger.info("%s", error)
                else:
                    return self._first(self._candidates(page, url, fetch), fetch)
        return None

    def _on_disk(self, path: Path) -> _Found | None:
        kind = self.arguments.kind
        if self.arguments.follow:
            raise UsageError("--follow is for feeds and listings: what is here is whole already")
        self._refuse_known(path)
        if kind is None:
            return self._first(on_disk(path), no_fetch)
        place = "file" if "file" in source_kinds()[kind].model_fields else "folder"
        return self._first([Candidate(kind, {place: path})], no_fetch)

    def _candidates(self, page: Page, url: str, fetch: Fetch) -> Iterator[Candidate]:
        """What the page may be, and leads to, of the kind that was asked for."""
        kind = self.arguments.kind
        found = (c for c in on_the_web(page, url, fetch) if kind in (None, c.kind))
        if kind is None:
            return found
        return chain(found, [Candidate(kind, {"url": url})])

    def _first(self, candidates: Iterable[Candidate], fetch: Fetch) -> _Found | None:
        tried_already: set[tuple[str, str]] = set()
        for candidate in candidates:
            key = (candidate.kind, candidate.where)
            if key in tried_already:
                continue
            tried_already.add(key)
            place = candidate.fields.get("url") or Path(candidate.where)
            self._refuse_known(place)
            logger.info("trying %s as a source of kind %s", _hidden(str(place)), candidate.kind)
            try:
                trial = self._tried(candidate, fetch)
            except SourceError as error:
                self.failures.append(f"as a {candidate.kind}: {self._hinted(error)}")
            else:
                return _Found(self._entry(candidate), trial)
        return None

    def _tried(self, candidate: Candidate, fetch: Fetch) -> Trial:
        source = _checked(self._values(candidate))
        follows = candidate.kind == "sitemap" or bool(self.arguments.follow)
        trial = tried(reader_of(source), fetch, follows=follows)
        if not trial.articles and not candidate.sure:
            raise SourceError(f"{candidate.where} lists no article")
        return trial

    def _values(self, candidate: Candidate) -> dict[str, Any]:
        values: dict[str, Any] = {"kind": candidate.kind, "name": self._name(candidate)}
        values |= candidate.fields
        if self.arguments.follow and "follow" in source_kinds()[candidate.kind].model_fields:
            values["follow"] = True
        if self.arguments.allow_private and "url" in values:
            values["allow_private"] = True
        return values

    def _entry(self, candidate: Candidate) -> dict[str, Any]:
        """The values as the file will hold them: paths relative to it where they were given so."""
        beside = self.file.parent
        return {
            name: str(value if value.is_absolute() else os.path.relpath(value, beside))
            if isinstance(value, Path)
            else value
            for name, value in self._values(candidate).items()
        }

    def _name(self, candidate: Candidate) -> str:
        taken = [source.name for source in self.known]
        wanted = self.arguments.name
        if wanted is None:
            otherwise = host_of(candidate.where) or Path(candidate.where).resolve().name
            return apart(sensible(candidate.title, otherwise), taken)
        if wanted.strip().casefold() in {name.casefold() for name in taken}:
            raise UsageError(f"--name: there is a source {wanted.strip()!r} already")
        return str(wanted.strip())

    def _probe(self, url: str) -> Source:
        values = {"kind": "feed", "name": "probe", "url": url}
        source = _checked({**values, "allow_private": self.arguments.allow_private})
        assert isinstance(source, FeedSource)
        return source

    def _refuse_known(self, place: str | Path) -> None:
        for source in self.known:
            if same_place(place_of(source), place):
                raise UsageError(
                    f"{_hidden(str(place))} is the source {source.name!r} of {self.file} already"
                )

    def _hinted(self, error: SourceError) -> str:
        from retrieval.web.connecting import Forbidden

        hint = " (here with --allow-private)"
        return f"{error}{hint if isinstance(error.__cause__, Forbidden) else ''}"


def _checked(values: dict[str, Any]) -> Source:
    """Raises `UsageError` naming what cannot stand in the settings."""
    wrong = None
    try:
        adapter: TypeAdapter[Source] = TypeAdapter(SourceSettings)
        return adapter.validate_python(values)
    except ValidationError as error:
        wrong = str(error.errors()[0]["loc"][-1])
    if wrong == "name":
        raise UsageError("--name must be 1 to 64 characters, none of them control characters")
    raise UsageError(f"{_hidden(str(values.get(wrong)))} cannot be the {wrong} of a source")


def _agreed(file: Path) -> bool:
    """Ask, where there is somebody to ask; the end of the input is a no."""
    if not sys.stdin.isatty():
        return True
    sys.stderr.write(f"Add it to {file}? [Y/n] ")
    sys.stderr.flush()
    return sys.stdin.readline().casefold() in ("\n", "y\n", "yes\n", "是\n", "好\n")


def _hidden(text: str) -> str:
    return redaction()(text)
