"""The sources of the settings: which file lists them, where each is, whether two are the same."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.errors import UsageError
from config.places import DEFAULT_CONFIG
from config.redaction import redaction
from config.settings import Settings, load_file
from config.sources import Source, WebSource
from retrieval.addresses import canonical


def settings_file(settings: Settings) -> Path:
    """The TOML file in use, or the one that will be, which is not there yet."""
    return settings.config_file or Path.cwd() / DEFAULT_CONFIG


def sources_in(file: Path) -> tuple[Source, ...]:
    """The sources that the file itself lists, whatever else gives the settings theirs.

    Raises `SettingsError`.
    """
    return load_file(file, str(file)).sources if file.exists() else ()


def place_of(source: Source) -> str | Path:
    """The address, the folder or the file that a source is read from."""
    if isinstance(source, WebSource):
        return source.url
    place = getattr(source, "folder", None) or getattr(source, "file", None)
    assert isinstance(place, Path)
    return place


def shown_place(source: Source) -> str:
    """The same for people to read, without the password that an address may hold."""
    return redaction()(str(place_of(source)))


def same_place(one: str | Path, other: str | Path) -> bool:
    """Whether two places are the same, however they are written."""
    if isinstance(one, Path) or isinstance(other, Path):
        return isinstance(one, type(other)) and os.path.realpath(one) == os.path.realpath(other)
    return one == other or (canonical(one) or one) == (canonical(other) or other)


def named(settings: Settings, name: str) -> Source:
    """The source of this name, whatever the case. Raises `UsageError` where there is none."""
    for source in settings.sources:
        if source.name.casefold() == name.strip().casefold():
            return source
    raise UsageError(no_such_source(name, settings.sources))


def no_such_source(name: str, sources: tuple[Source, ...]) -> str:
    """Says that there is none of this name, and which there are."""
    names = ", ".join(source.name for source in sources) or "none is listed"
    return (
        f"there is no source {name!r}; there are: {names}"
        if sources
        else (f"there is no source {name!r}: {names}")
    )


def warn_of_other_place(settings: Settings, file: Path) -> None:
    """Say it where the settings take their sources from elsewhere than the file."""
    if settings.sources_elsewhere is not None:
        sys.stderr.write(
            f"archive-bot: the sources in use are those of {settings.sources_elsewhere}; what"
            f" {file} lists counts only where that is not set\n"
        )
