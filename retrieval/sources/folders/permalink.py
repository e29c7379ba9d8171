"""Where a file of a folder is to be read on its site: patterns such as `{year}/{slug}/`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from urllib.parse import quote, urlsplit

from retrieval.errors import SourceError

#: How Hugo and Zola name their pages.
DEFAULT = "{path}/"
NAMES = ("path", "slug", "stem", "year", "month", "day", "title", "section")

_LEGAL = "!$&'()*+,;=:@~"
#: What the generators put before the part of a path that the site shows.
_STRIPPED = ("source/_posts/", "content/", "_posts/")
_DATED = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[-_ ]+(?=.)", re.ASCII)
_JEKYLL_NAME = re.compile(r":([a-z_]+)")
_OF_JEKYLL = {"title": "slug", "slug": "slug", "year": "year", "month": "month", "day": "day"}


@dataclass(frozen=True, slots=True)
class Place:
    """What a pattern may speak of; `path` is relative to the folder, with its ending."""

    path: str
    slug: str | None = None
    title: str | None = None
    published: datetime | None = None

    @property
    def shown_path(self) -> str:
        """The path as the site shows it: without what only the generator needs, and no ending.

        A page in a folder of its own (`post/index.md`) is named by the folder.
        """
        path = self.path
        for prefix in _STRIPPED:
            if path.startswith(prefix):
                path = path.removeprefix(prefix)
                break
        parts = path.rpartition(".")[0].split("/")
        if parts[-1].lower() == "index":
            parts.pop()
        if self.slug and parts:
            parts[-1] = self.slug
        return "/".join(parts)

    @property
    def stem(self) -> str:
        parts = self.path.rpartition(".")[0].split("/")
        return parts[-2] if parts[-1].lower() == "index" and len(parts) > 1 else parts[-1]

    @property
    def dated(self) -> str | None:
        """The date that the name of the file begins with, as Jekyll names its posts."""
        found = _DATED.match(self.stem)
        return found[1] if found else None

    def values(self) -> dict[str, str]:
        """What each name of a pattern stands for; the date's are missing without a date."""
        shown = self.shown_path
        said = {
            "path": shown,
            "slug": self.slug or _DATED.sub("", self.stem, count=1),
            "stem": self.stem,
            "title": slug_of(self.title or self.stem),
            "section": shown.split("/")[0] if "/" in shown else "",
        }
        if self.published:
            at = self.published
            said |= {"year": f"{at:%Y}", "month": f"{at:%m}", "day": f"{at:%d}"}
        return said


def slug_of(title: str) -> str:
    """A title as it stands in addresses: small letters of any script, digits and hyphens."""
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", title).lower()).strip("-")


def checked(pattern: str) -> str:
    """The pattern itself. Raises `SourceError` that lists the names where it holds another."""
    known = ", ".join(f"{{{name}}}" for name in NAMES)
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        reason = f"`permalink` {pattern} is no pattern ({error}); it may hold {known}"
        raise SourceError(reason) from error
    for _, name, form, conversion in parts:
        if name is not None and (name not in NAMES or form or conversion):
            reason = f"`permalink` {pattern} holds {{{name}}}, which is none of {known}"
            raise SourceError(reason)
    if foreign := _JEKYLL_NAME.search(pattern):
        reason = (
            f"`permalink` {pattern} holds {foreign[0]}, as Hexo and Jekyll write it; here it is "
            f"{{{_OF_JEKYLL.get(foreign[1], foreign[1])}}}: the names are {known}"
        )
        raise SourceError(reason)
    return pattern


def is_absolute(address: str) -> bool:
    """Whether this is an http or https address with a host."""
    try:
        parts = urlsplit(address)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def encoded(address: str) -> str:
    """An absolute address with what may not stand in one percent-encoded, its host left alone."""
    host, slash, rest = address.partition("://")[2].partition("/")
    return f"{address.partition('://')[0]}://{host}{slash}{_quoted(rest)}"


def _quoted(written: str) -> str:
    """Percent-encode a part of an address in which some may be percent-encoded already."""
    spared = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", unicodedata.normalize("NFC", written))
    return quote(spared, safe=f"/%?#[]{_LEGAL}")


def beneath(base_url: str, path: str) -> str:
    """The address of a path of the site, whether or not it begins with a slash."""
    return f"{base_url.rstrip('/')}/{path.lstrip('/')}"


def link_by_address(base_url: str | None, address: str, place: Place) -> str | None:
    """What an address or a path in the front matter comes to; None where it cannot be told."""
    if is_absolute(address):
        return encoded(address)
    if base_url is None or "://" in address:
        return None
    named = _JEKYLL_NAME.findall(address)
    if named:
        values = place.values()
        if not all(_OF_JEKYLL.get(name) in values for name in named):
            return None
        address = _JEKYLL_NAME.sub(lambda name: values[_OF_JEKYLL[name[1]]], address)
    return beneath(base_url, _quoted(address))


def link_by_pattern(base_url: str, pattern: str, place: Place) -> str | None:
    """Where the pattern puts the file; None where it asks for the date of an undated article."""
    names = {name for _, name, _, _ in Formatter().parse(pattern) if name}
    values = place.values()
    if not names <= values.keys():
        return None
    path = pattern.format_map({name: values[name] for name in names})
    return beneath(base_url, link_path(re.sub(r"/{2,}", "/", path)))


def link_path(path: str) -> str:
    """A path of files, percent-encoded; names are in the form (NFC) that sites use."""
    return quote(unicodedata.normalize("NFC", path), safe=f"/{_LEGAL}")
